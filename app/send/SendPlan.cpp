// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/SendPlan.h"

#include "base/Text.h"
#include "send/Dismissals.h"

#include <algorithm>

namespace sealpost::send {

bool SendPlan::blocked() const {
    return std::any_of(decision.recipients.begin(), decision.recipients.end(),
                       [](const auto &one) { return one.route == RouteKind::Blocked; });
}

std::vector<routing::Owed> stillOwed(const SendPlan &plan, const Approvals &approvals) {
    const bool justified = base::trimmed(approvals.justification).size() >= mail::kShortestReason &&
                           !repeatsAny(approvals.justification, plan.findings);
    std::vector<routing::Owed> open;
    for (const auto &owed : plan.owed) {
        switch (owed.kind) {
        case routing::OwedKind::Confirmation:
            if (!approvals.confirmed.contains(owed.id)) {
                open.push_back(owed);
            }
            break;
        case routing::OwedKind::Justification:
            if (!justified) {
                open.push_back(owed);
            }
            break;
        }
    }
    return open;
}

} // namespace sealpost::send
