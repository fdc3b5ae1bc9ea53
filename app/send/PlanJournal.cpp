// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/PlanJournal.h"

#include "base/Text.h"

#include <algorithm>
#include <vector>

namespace sealpost::send {

std::map<std::string, std::string> planFacts(const SendPlan &plan) {
    std::vector<std::string> routes;
    std::vector<std::string> reasons;
    for (const auto &one : plan.decision.recipients) {
        routes.push_back(one.address.spec() + "=" + std::string(base::toString(one.route)));
        for (const auto &reason : one.reasons) {
            reasons.emplace_back(routing::specOf(reason.id).name);
        }
    }
    std::sort(reasons.begin(), reasons.end());
    reasons.erase(std::unique(reasons.begin(), reasons.end()), reasons.end());
    return {{"plan", plan.digest},
            {"account", plan.account.name},
            {"class", std::string(policy::toString(plan.decision.messageClass))},
            {"classification", std::string(base::toString(plan.marking.classification))},
            {"routes", base::join(routes, ", ")},
            {"reasons", base::join(reasons, ", ")},
            {"findings", std::to_string(plan.findings.size())}};
}

Result<void> journalBlocked(const SendPlan &plan, store::AuditJournal &journal) {
    return journal.append("plan.blocked", planFacts(plan));
}

} // namespace sealpost::send
