// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateReader.h"
#include "crypto/CertificateStorePrivate.h"

#include <set>

namespace sealpost::crypto {

Result<CertificateStore::Refresh>
CertificateStore::refreshRevocation(std::span<const std::string> fingerprints,
                                    std::chrono::seconds ahead, Deadline deadline,
                                    const std::stop_token &stop) {
    constexpr std::size_t kMostLists = 64;
    const auto content = d->keybox.content(deadline);
    if (!content) {
        return fail(content.error());
    }
    const auto judge = d->assessor(*content);
    std::set<std::string> seen;
    Refresh done;
    const auto look = [&](const std::string &url, X509 *issuer) {
        const bool more = seen.size() < kMostLists && !deadline.passed() && !stop.stop_requested();
        if (!more || !seen.insert(url).second) {
            return;
        }
        const auto outcome = d->crls.refresh(url, issuer, ahead, deadline, stop);
        ++done.lists;
        done.fetched += outcome == CrlCache::Refreshed::Fetched ? 1 : 0;
        done.failed += outcome == CrlCache::Refreshed::Failed ? 1 : 0;
    };
    for (const auto &fingerprint : fingerprints) {
        const auto *certificate = (*content)->exactly(fingerprint);
        if (certificate == nullptr) {
            continue;
        }
        const auto verdict = judge.verify(*certificate);
        if (verdict.state != CertificateState::Usable) {
            continue;
        }
        for (std::size_t i = 0; i + 1 < verdict.chain.size(); ++i) {
            for (const auto &url : crlUrls(verdict.chain[i].get())) {
                look(url, verdict.chain[i + 1].get());
            }
        }
    }
    return done;
}

} // namespace sealpost::crypto
