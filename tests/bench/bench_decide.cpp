// SPDX-License-Identifier: GPL-3.0-or-later
// CPU time of one decision: 500 recipients and 1,000 findings. With a list of exceptions and
// partners such as an organisation has.
#include "unit/routing/Evidence.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

using namespace sealpost;
using namespace sealpost::routing;
using namespace sealpost::routing::testing;

namespace {

constexpr int kRecipients = 500;
constexpr int kFindings = 1000;
constexpr int kEntries = 200;
constexpr int kRuns = 51;

std::vector<RecipientEvidence> manyRecipients() {
    std::vector<RecipientEvidence> all;
    for (int i = 0; i < kRecipients; ++i) {
        const auto assurance =
            base::kAllAssurances.at(static_cast<std::size_t>(i) % base::kAllAssurances.size());
        all.push_back(recipient(
            "person" + std::to_string(i) + "@firm" + std::to_string(i) + ".council.gov.uk",
            assurance, i % 3 == 0 ? CertificateState::None : CertificateState::Usable));
        if (i % 4 == 0) {
            all.back().acquaintance = Acquaintance::FirstTime;
        }
    }
    return all;
}

policy::Policy largePolicy() {
    auto policy = defaultPolicy();
    for (int i = 0; i < kEntries; ++i) {
        policy.partnerDomains.insert("partner" + std::to_string(i) + ".example");
        policy.exceptions.push_back({"old" + std::to_string(i) + ".gov.uk", "r", "a", "CHG", kNow});
    }
    return policy;
}

double milliseconds(std::clock_t from, std::clock_t to) {
    return 1000.0 * static_cast<double>(to - from) / CLOCKS_PER_SEC;
}

} // namespace

int main() {
    auto facts = message(Classification::OfficialSensitive);
    for (int i = 0; i < kFindings; ++i) {
        facts.findings.push_back(finding("nhs-number", scan::Category::PersonalData));
    }
    const auto people = manyRecipients();
    const auto policy = largePolicy();
    const auto from = account();
    std::vector<double> times;
    std::size_t blocked = 0;
    for (int run = 0; run < kRuns; ++run) {
        const auto started = std::clock();
        const auto decision = decide(facts, people, from, policy, kNow);
        times.push_back(milliseconds(started, std::clock()));
        blocked = static_cast<std::size_t>(
            std::count_if(decision.recipients.begin(), decision.recipients.end(),
                          [](const auto &one) { return one.route == RouteKind::Blocked; }));
    }
    std::sort(times.begin(), times.end());
    std::printf(
        "%d recipients, %d findings: %.2f ms of CPU (median of %d; most %.2f), %zu blocked\n",
        kRecipients, kFindings, times[kRuns / 2], kRuns, times.back(), blocked);
    return 0;
}
