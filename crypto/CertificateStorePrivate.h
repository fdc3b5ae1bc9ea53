// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateAssessor.h"
#include "crypto/CertificateStore.h"
#include "crypto/CrlCache.h"
#include "crypto/GnupgHome.h"
#include "crypto/Keybox.h"
#include "crypto/RevocationSource.h"

#include <memory>
#include <string_view>

namespace sealpost::crypto {

//! What CertificateStore and SmimeEngine share.
struct CertificateStore::Private {
    Private(CertificateStoreConfig settings, GnupgHome gnupgHome);

    //! The passphrase of the keys in gpg-agent, as the keychain has it; FixInput "keychain.locked"
    //! where it has none: for a locked keyring answers so.
    [[nodiscard]] Result<SecretBytes> keyPassphrase() const;
    //! What opens one key: nothing, where it is on a card, whose PIN the person types elsewhere.
    [[nodiscard]] Result<SecretBytes> passphraseOf(std::string_view keygrip) const;
    //! keyPassphrase() for an import, where none may exist yet: made only where no key would be
    //! lost.
    [[nodiscard]] Result<SecretBytes> keyPassphraseForImport() const;

    [[nodiscard]] CertificateAssessor assessor(const std::shared_ptr<const KeyboxContent> &content);
    //! By a full fingerprint or a prefix of one. CertificateStore::show's errors.
    [[nodiscard]] static Result<const StoredCertificate *> find(const KeyboxContent &content,
                                                                std::string_view fingerprint);
    //! Puts certificates into gpgsm and describes them.
    [[nodiscard]] Result<ImportSummary> addCertificates(std::span<const X509Ptr> certificates,
                                                        Deadline deadline);

    CertificateStoreConfig config;
    GnupgHome home;
    Keybox keybox;
    CrlCache crls;
    RevocationSource revocation;
};

} // namespace sealpost::crypto
