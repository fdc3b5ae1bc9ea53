// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Keybox.h"

#include "crypto/CertificateReader.h"
#include "crypto/GnupgTool.h"

#include <QFile>
#include <system_error>

namespace sealpost::crypto {
namespace {

//! gpgsm's status lines tell a certificate that it will not have from one that it could not store.
tl::unexpected<Error> notTaken(const std::string &status, const X509 *certificate) {
    constexpr auto kNotStored = "IMPORT_PROBLEM 4";
    if (status.find("IMPORT_PROBLEM") == std::string::npos ||
        status.find(kNotStored) != std::string::npos) {
        return fail("gnupg.failed", "import", Reaction::Retry, "gpgsm --import");
    }
    return fail("certificate.refused", "import", Reaction::FixInput, "gpgsm does not take it",
                readCertificate(certificate).subject);
}

} // namespace

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
    if (stamp() == Stamp{}) {
        return std::make_shared<KeyboxContent>();
    }
    QFile file(QString::fromStdString(m_home.file("pubring.kbx").string()));
    auto bytes = file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
    const auto slices = certificatesInKeybox(bytes);
    return slices ? std::make_shared<KeyboxContent>(std::move(bytes), *slices) : exported(deadline);
}

//! For a file of another form than the one that is known here.
Result<std::shared_ptr<const KeyboxContent>> Keybox::exported(Deadline deadline) const {
    // Not through GpgME: it forks with the environment's lock and the allocator in the child, which
    // deadlocks where another thread had them, and can't be cancelled while gpgsm starts.
    const auto answer = runGnupgTool("gpgsm", m_home.folder(),
                                     {"--batch", "--no-tty", "--armor", "--export"}, {}, deadline);
    if (!answer) {
        return fail(answer.error());
    }
    if (answer->exitCode != 0) {
        return fail("gnupg.failed", "certificates", Reaction::Retry, "gpgsm --export");
    }
    auto parsed = parseCertificates(answer->out);
    return parsed ? std::make_shared<KeyboxContent>(std::move(*parsed))
                  : std::make_shared<KeyboxContent>(); // a keybox without certificates
}

Result<int> Keybox::import(std::span<const X509Ptr> certificates, Deadline deadline) {
    std::string pem;
    for (const auto &certificate : certificates) {
        pem += toPem(certificate.get());
    }
    const auto before = content(deadline);
    if (!before) {
        return fail(before.error());
    }
    const auto answer =
        runGnupgTool("gpgsm", m_home.folder(),
                     {"--batch", "--no-tty", "--status-fd", "1", "--import"}, pem, deadline);
    if (!answer) {
        return fail(answer.error());
    }
    const auto now = content(deadline);
    if (!now) {
        return fail(now.error());
    }
    int added = 0;
    for (const auto &certificate : certificates) {
        if ((*now)->same(certificate.get()) == nullptr) {
            return notTaken(answer->out, certificate.get());
        }
        added += (*before)->same(certificate.get()) != nullptr ? 0 : 1;
    }
    return added;
}

} // namespace sealpost::crypto
