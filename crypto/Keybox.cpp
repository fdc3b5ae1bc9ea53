// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Keybox.h"

#include "crypto/CertificateReader.h"
#include "crypto/GpgmeSession.h"
#include "crypto/KeySexp.h"

#include <algorithm>
#include <gpgme++/data.h>
#include <gpgme++/importresult.h>
#include <system_error>

namespace sealpost::crypto {

Keybox::Stamp Keybox::stamp() const {
    Stamp now;
    std::error_code error;
    now.size = std::filesystem::file_size(m_home.file("pubring.kbx"), error);
    if (error) {
        return {};
    }
    now.changed = std::filesystem::last_write_time(m_home.file("pubring.kbx"), error);
    return now;
}

Result<std::shared_ptr<const KeyboxContent>> Keybox::content(Deadline deadline) {
    const std::lock_guard lock(m_mutex);
    const auto now = stamp(); // before reading: what changes meanwhile is read next time
    if (m_content && now == m_stamp) {
        return m_content;
    }
    auto loaded = load(deadline);
    if (loaded) {
        m_content = *loaded;
        m_stamp = now;
    }
    return loaded;
}

Result<std::shared_ptr<const KeyboxContent>> Keybox::load(Deadline deadline) const {
    auto content = std::make_shared<KeyboxContent>();
    if (stamp() == Stamp{}) {
        return content;
    }
    auto session = GpgmeSession::gpgsm(m_home, deadline);
    if (!session) {
        return fail(session.error());
    }
    (*session)->context().setArmor(true); // gpgsm can't export more than one without
    GpgME::Data data;
    const auto error =
        (*session)->context().exportPublicKeys(static_cast<const char *>(nullptr), data);
    if (auto done = (*session)->check(error, "export of certificates"); !done) {
        return fail(done.error());
    }
    auto parsed = parseCertificates(data.toString());
    if (!parsed) {
        return content; // a keybox without certificates
    }
    for (auto &x509 : *parsed) {
        auto info = readCertificate(x509.get());
        auto keygrip = sexp::keygrip(X509_get0_pubkey(x509.get()));
        const bool authority = isAuthority(x509.get());
        if (authority) {
            content->authorities.push_back(x509.get());
        }
        content->certificates.push_back(
            {std::move(x509), std::move(info), std::move(keygrip), authority});
    }
    return content;
}

Result<int> Keybox::import(std::span<const X509Ptr> certificates, Deadline deadline) {
    std::string pem;
    for (const auto &certificate : certificates) {
        pem += toPem(certificate.get());
    }
    auto session = GpgmeSession::gpgsm(m_home, deadline);
    if (!session) {
        return fail(session.error());
    }
    constexpr bool kNoCopy = false;
    const GpgME::Data data(pem.data(), pem.size(), kNoCopy);
    const auto result = (*session)->context().importKeys(data);
    if (auto done = (*session)->check(result.error(), "import of certificates"); !done) {
        return fail(done.error());
    }
    const auto now = content(deadline);
    if (!now) {
        return fail(now.error());
    }
    for (const auto &certificate : certificates) {
        const auto isThere = [&certificate](const StoredCertificate &stored) {
            return X509_cmp(stored.x509.get(), certificate.get()) == 0;
        };
        if (std::ranges::none_of((*now)->certificates, isThere)) {
            return fail("certificate.refused", "import", Reaction::FixInput,
                        "gpgsm does not take it", readCertificate(certificate.get()).subject);
        }
    }
    return result.numImported();
}

} // namespace sealpost::crypto
