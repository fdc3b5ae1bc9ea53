// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Deadline.h"
#include "crypto/CertificateStore.h"
#include "crypto/OpenSslTypes.h"

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::crypto {

//! A revocation list, or why there is none.
struct CrlAnswer {
    CrlPtr crl;
    std::string problem; //!< CertificateInfo::detail; empty where there is a list
};

//! Certificate revocation lists by URL (RFC 5280 §5), on disc and in memory: fetched anew after a
//! day, good until their next update. What fails to arrive is not asked for again for a minute.
//! Only a list that its issuer has signed is kept. Any thread. Private to this room.
class CrlCache {
public:
    CrlCache(std::filesystem::path folder, UrlFetcher fetch, std::shared_ptr<const Clock> clock);

    [[nodiscard]] CrlAnswer get(const std::string &url, X509 *issuer, Deadline deadline,
                                const std::stop_token &stop);

    //! Fetches a list before it is needed: where there is none that is good, where it is a day old,
    //! or where less than `ahead` is left of it (at most a quarter of its time, so that short-lived
    //! ones are not fetched for ever). Nothing: it is fresh, or it failed a minute ago.
    enum class Refreshed { Fresh, Fetched, Failed };
    [[nodiscard]] Refreshed refresh(const std::string &url, X509 *issuer,
                                    std::chrono::seconds ahead, Deadline deadline,
                                    const std::stop_token &stop);

private:
    struct Entry {
        CrlPtr crl; //!< null where nothing good was ever got
        Time fetched{};
        Time failed{};
        std::string problem;
    };
    [[nodiscard]] Entry known(const std::string &url, X509 *issuer) const;
    [[nodiscard]] Entry fetchAnew(Entry before, const std::string &url, X509 *issuer,
                                  Deadline deadline, const std::stop_token &stop);
    [[nodiscard]] bool usable(const Entry &entry) const;
    [[nodiscard]] bool justFailed(const Entry &entry) const;
    [[nodiscard]] bool dueAt(const Entry &entry, Time when) const;
    [[nodiscard]] std::filesystem::path fileOf(const std::string &url) const;
    void keep(const std::string &url, const std::string &bytes, Time fetched) const;

    std::filesystem::path m_folder;
    UrlFetcher m_fetch;
    std::shared_ptr<const Clock> m_clock;
    mutable std::mutex m_mutex;
    std::map<std::string, Entry> m_entries;
};

} // namespace sealpost::crypto
