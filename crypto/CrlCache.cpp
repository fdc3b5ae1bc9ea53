// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CrlCache.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "crypto/X509Facts.h"

#include <QFile>
#include <QSaveFile>
#include <algorithm>
#include <chrono>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <system_error>

namespace sealpost::crypto {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::chrono::hours kFetchAfter{24};
constexpr std::chrono::minutes kRetryAfter{1};
constexpr std::chrono::milliseconds kFetchTime{15'000};

CrlPtr parse(std::string_view bytes) {
    const auto bio = readerOf(bytes);
    CrlPtr crl;
    if (bio && bytes.starts_with("-----BEGIN")) {
        crl.reset(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
    } else if (bio) {
        crl.reset(d2i_X509_CRL_bio(bio.get(), nullptr));
    }
    ERR_clear_error();
    return crl;
}

CrlPtr shared(X509_CRL *crl) {
    if (crl != nullptr) {
        X509_CRL_up_ref(crl);
    }
    return CrlPtr(crl);
}

bool isSignedBy(X509_CRL *crl, X509 *issuer) {
    const bool good = X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(issuer)) == 0 &&
                      X509_CRL_verify(crl, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return good;
}

Time writtenAt(const fs::path &file) {
    std::error_code error;
    const auto time = fs::last_write_time(file, error);
    return error ? Time{}
                 : std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time));
}

} // namespace

CrlCache::CrlCache(fs::path folder, UrlFetcher fetch, std::shared_ptr<const Clock> clock)
    : m_folder(std::move(folder)), m_fetch(std::move(fetch)), m_clock(std::move(clock)) {}

fs::path CrlCache::fileOf(const std::string &url) const {
    return m_folder / (base::toHex(sha256(url)) + ".crl");
}

bool CrlCache::usable(const Entry &entry) const {
    if (!entry.crl) {
        return false;
    }
    const auto *next = X509_CRL_get0_nextUpdate(entry.crl.get());
    // A list that promises no next update is taken for a day.
    const auto until = next != nullptr ? x509::timeOf(next) : entry.fetched + kFetchAfter;
    return m_clock->now() < until;
}

CrlCache::Entry CrlCache::known(const std::string &url, X509 *issuer) const {
    {
        const std::lock_guard lock(m_mutex);
        const auto at = m_entries.find(url);
        if (at != m_entries.end()) {
            const auto &entry = at->second;
            return {shared(entry.crl.get()), entry.fetched, entry.failed, entry.problem};
        }
    }
    Entry entry;
    QFile file(QString::fromStdString(fileOf(url).string()));
    if (file.open(QIODevice::ReadOnly)) {
        entry.crl = parse(file.readAll().toStdString());
        entry.fetched = writtenAt(fileOf(url));
    }
    if (entry.crl && !isSignedBy(entry.crl.get(), issuer)) {
        entry.crl.reset();
    }
    return entry;
}

void CrlCache::keep(const std::string &url, const std::string &bytes, Time fetched) const {
    // A list that can't be kept is fetched again by the next process: no error.
    std::error_code error;
    fs::create_directories(m_folder, error);
    const auto path = fileOf(url);
    QSaveFile file(QString::fromStdString(path.string()));
    if (file.open(QIODevice::WriteOnly) &&
        file.write(bytes.data(), static_cast<qint64>(bytes.size())) >= 0 && file.commit()) {
        fs::last_write_time(path, std::chrono::file_clock::from_sys(fetched), error);
    }
}

CrlCache::Entry CrlCache::fetchAnew(Entry before, const std::string &url, X509 *issuer,
                                    Deadline deadline, const std::stop_token &stop) {
    const auto now = m_clock->now();
    if (!m_fetch || stop.stop_requested() || deadline.passed()) {
        before.problem = "crl-not-fetched: " + url;
        return before;
    }
    const auto bytes = m_fetch(url, deadline.within(kFetchTime), stop);
    before.failed = now;
    if (!bytes) {
        before.problem = "crl-unreachable: " + url;
        return before;
    }
    auto crl = parse(*bytes);
    if (!crl) {
        before.problem = "crl-unreadable: " + url;
        return before;
    }
    if (!isSignedBy(crl.get(), issuer)) {
        before.problem = "crl-signature: " + url;
        return before;
    }
    Entry fresh{std::move(crl), now, {}, {}};
    if (!usable(fresh)) {
        fresh.failed = now;
        fresh.problem = "crl-out-of-date: " + url;
        return fresh;
    }
    keep(url, *bytes, now);
    return fresh;
}

bool CrlCache::justFailed(const Entry &entry) const {
    return entry.failed != Time{} && m_clock->now() - entry.failed < kRetryAfter;
}

//! Whether it will be too old to be used without being asked for again.
bool CrlCache::dueAt(const Entry &entry, Time when) const {
    const auto *next = X509_CRL_get0_nextUpdate(entry.crl.get());
    return when - entry.fetched >= kFetchAfter || (next != nullptr && when >= x509::timeOf(next));
}

CrlCache::Refreshed CrlCache::refresh(const std::string &url, X509 *issuer,
                                      std::chrono::seconds ahead, Deadline deadline,
                                      const std::stop_token &stop) {
    auto entry = known(url, issuer);
    if (usable(entry)) {
        const auto *next = X509_CRL_get0_nextUpdate(entry.crl.get());
        const auto made = x509::timeOf(X509_CRL_get0_lastUpdate(entry.crl.get()));
        if (next != nullptr) {
            ahead = std::min(ahead, (x509::timeOf(next) - made) / 4);
        }
        if (!dueAt(entry, m_clock->now() + ahead)) {
            return Refreshed::Fresh;
        }
    }
    if (justFailed(entry)) {
        return Refreshed::Failed;
    }
    entry = fetchAnew(std::move(entry), url, issuer, deadline, stop);
    const auto outcome = entry.problem.empty() ? Refreshed::Fetched : Refreshed::Failed;
    const std::lock_guard lock(m_mutex);
    m_entries.insert_or_assign(url, std::move(entry));
    return outcome;
}

CrlAnswer CrlCache::get(const std::string &url, X509 *issuer, Deadline deadline,
                        const std::stop_token &stop) {
    auto entry = known(url, issuer);
    const auto now = m_clock->now();
    const auto age = now - entry.fetched;
    const bool fresh = usable(entry) && age >= 0s && age < kFetchAfter;
    if (!fresh && !justFailed(entry)) {
        entry = fetchAnew(std::move(entry), url, issuer, deadline, stop);
    }
    CrlAnswer answer;
    if (usable(entry)) {
        answer.crl = shared(entry.crl.get());
    } else {
        answer.problem = entry.problem.empty() ? "crl-out-of-date: " + url : entry.problem;
    }
    const std::lock_guard lock(m_mutex);
    m_entries.insert_or_assign(url, std::move(entry));
    return answer;
}

} // namespace sealpost::crypto
