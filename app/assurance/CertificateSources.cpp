// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CertificateSources.h"

#include "net/HttpsClient.h"
#include "net/LdapClient.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <algorithm>

namespace sealpost::assurance {

namespace {

constexpr int kMostFiles = 10'000;
constexpr qint64 kMostFileBytes = 1024 * 1024;
constexpr ByteCount kMostBundleBytes = 32 * base::kMiB;

class Search {
public:
    Search(const CertificateSources &sources, const mail::Address &address, Deadline deadline,
           const std::stop_token &stop)
        : m_sources(sources), m_spec(address.spec()), m_deadline(deadline), m_stop(stop) {}

    void directory(const std::string &place) {
        const auto found = net::ldapCertificates({place, m_spec, m_sources.caFile},
                                                 m_deadline.within(m_sources.patience), m_stop);
        if (!found) {
            trouble(place, found.error());
            return;
        }
        for (const auto &der : *found) {
            take(SourceKind::Directory, place, der);
        }
    }

    void bundle(const std::string &place) {
        if (!place.starts_with("https://")) {
            const auto read = eachCertificateFile(
                place, [&](const std::string &bytes) { take(SourceKind::Bundle, place, bytes); });
            if (!read) {
                trouble(place, read.error());
            }
            return;
        }
        net::HttpRequest request;
        request.url = place;
        request.limit = kMostBundleBytes;
        request.caFile = m_sources.caFile;
        const auto bytes = net::httpGet(request, m_deadline.within(m_sources.patience), m_stop);
        if (bytes) {
            take(SourceKind::Bundle, place, *bytes);
        } else {
            trouble(place, bytes.error());
        }
    }

    [[nodiscard]] FoundCertificates result() { return std::move(m_result); }

private:
    void take(SourceKind kind, const std::string &place, const std::string &bytes) {
        for (auto &one : crypto::pickCertificates(bytes, m_spec)) {
            const bool known =
                std::any_of(m_result.found.begin(), m_result.found.end(), [&](const auto &other) {
                    return other.certificate.fingerprint == one.fingerprint;
                });
            if (!known) {
                m_result.found.push_back({kind, place, std::move(one)});
            }
        }
    }
    void trouble(const std::string &place, const Error &error) {
        m_result.troubles.push_back({place, error});
    }

    const CertificateSources &m_sources;
    std::string m_spec;
    Deadline m_deadline;
    const std::stop_token &m_stop;
    FoundCertificates m_result;
};

} // namespace

Result<void> eachCertificateFile(const std::string &folder,
                                 const std::function<void(const std::string &bytes)> &take) {
    const QDir dir(QString::fromStdString(folder));
    if (!dir.exists() || !dir.isReadable()) {
        return fail("bundle.folder", "certs.find", Reaction::AskAdmin, {}, folder);
    }
    const QStringList kinds = {QStringLiteral("*.pem"), QStringLiteral("*.cer"),
                               QStringLiteral("*.crt"), QStringLiteral("*.der"),
                               QStringLiteral("*.p7b"), QStringLiteral("*.p7c")};
    QDirIterator files(dir.path(), kinds, QDir::Files | QDir::Readable);
    for (int count = 0; files.hasNext() && count < kMostFiles; ++count) {
        QFile file(files.next());
        if (file.size() <= kMostFileBytes && file.open(QIODevice::ReadOnly)) {
            take(file.readAll().toStdString());
        }
    }
    return {};
}

FoundCertificates findCertificates(const CertificateSources &sources, const mail::Address &address,
                                   Deadline deadline, const std::stop_token &stop) {
    Search search(sources, address, deadline, stop);
    for (const auto &place : sources.bundles) {
        search.bundle(place);
    }
    for (const auto &place : sources.directories) {
        search.directory(place);
    }
    return search.result();
}

} // namespace sealpost::assurance
