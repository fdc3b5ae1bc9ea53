// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Deadline.h"
#include "base/Result.h"
#include "crypto/CertificateInfo.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sealpost::crypto {

class CertificateStore;

//! Signs and encrypts: what the executor needs of the engine, and what tests put in its place.
class MessageSealer {
public:
    MessageSealer() = default;
    MessageSealer(const MessageSealer &) = delete;
    MessageSealer &operator=(const MessageSealer &) = delete;
    virtual ~MessageSealer() = default;
    //! Detached CMS SignedData (RFC 5652 §5, RFC 8551) over the entity, SHA-256, with the signer's
    //! chain but its root; DER. `fingerprint` is CertificateInfo::fingerprint.
    //! FixInput "smime.no-key" or "certificate.not-found"; "keychain.…"; Retry "gnupg.…";
    //! AskAdmin "smime.sign".
    [[nodiscard]] virtual Result<std::string>
    signDetached(std::string_view entity, std::string_view fingerprint, Deadline deadline) = 0;
    //! CMS EnvelopedData (RFC 5652 §6), AES-256-CBC, of the pieces one after the other, to every
    //! certificate named; streams BER into `out`, in memory it needs no copy of the message.
    //! One bad recipient fails the whole: nobody is left out silently. FixInput
    //! "certificate.not-found" with the fingerprint as subject; AskAdmin "smime.encrypt"; the
    //! sink's own errors.
    [[nodiscard]] virtual Result<void> encrypt(std::span<const std::string_view> pieces,
                                               std::span<const std::string> fingerprints,
                                               base::ByteSink &out) = 0;
};

//! OpenSSL's CMS, the private keys in gpg-agent (docs/adr/0004). Any thread.
class SmimeEngine final : public MessageSealer {
public:
    explicit SmimeEngine(std::shared_ptr<CertificateStore> store);
    ~SmimeEngine() override;
    [[nodiscard]] Result<std::string>
    signDetached(std::string_view entity, std::string_view fingerprint, Deadline deadline) override;
    [[nodiscard]] Result<void> encrypt(std::span<const std::string_view> pieces,
                                       std::span<const std::string> fingerprints,
                                       base::ByteSink &out) override;

private:
    std::shared_ptr<CertificateStore> m_store;
};

} // namespace sealpost::crypto
