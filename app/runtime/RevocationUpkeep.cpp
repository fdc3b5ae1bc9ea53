// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/RevocationUpkeep.h"

#include "runtime/Runtime.h"
#include "store/UsedRecipients.h"

#include <algorithm>

namespace sealpost::runtime {
namespace {

constexpr std::size_t kMostCertificates = 500;
constexpr std::chrono::hours kAhead{3};

bool matters(const crypto::CertificateInfo &one, crypto::CertificateStore &store,
             store::UsedRecipients &used) {
    return one.isOwn() || std::ranges::any_of(one.addresses, [&](const std::string &spec) {
               const auto address = mail::Address::parse(spec);
               return store.pinnedFor(spec) == one.fingerprint ||
                      (address && used.contains(*address).value_or(false));
           });
}

} // namespace

Result<crypto::CertificateStore::Refresh> refreshRevocation(Runtime &runtime, Deadline deadline,
                                                            const std::stop_token &stop) {
    const auto store = runtime.certificates();
    const auto database = runtime.database();
    if (!store || !database) {
        return fail(!store ? store.error() : database.error());
    }
    auto all = (*store)->list(deadline, stop);
    if (!all) {
        return fail(all.error());
    }
    // One's own first: without them nothing goes out.
    std::ranges::stable_partition(*all, &crypto::CertificateInfo::isOwn);
    store::UsedRecipients used(*database);
    std::vector<std::string> wanted;
    for (const auto &one : *all) {
        if (wanted.size() < kMostCertificates && !stop.stop_requested() &&
            matters(one, **store, used)) {
            wanted.push_back(one.fingerprint);
        }
    }
    return (*store)->refreshRevocation(wanted, kAhead, deadline, stop);
}

} // namespace sealpost::runtime
