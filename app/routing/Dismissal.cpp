// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/Dismissal.h"

#include <algorithm>
#include <iterator>

namespace sealpost::routing {

bool mayDismiss(const scan::Finding &finding, const policy::Policy &policy) {
    return finding.minimumClassification <= Classification::OfficialSensitive &&
           policy.scan.dismissible.contains(std::string(scan::toString(finding.category)));
}

bool isDismissed(const scan::Finding &finding, const policy::Policy &policy) {
    return !finding.dismissedBecause.empty() && mayDismiss(finding, policy);
}

std::vector<scan::Finding> standing(const std::vector<scan::Finding> &findings,
                                    const policy::Policy &policy) {
    std::vector<scan::Finding> left;
    std::copy_if(findings.begin(), findings.end(), std::back_inserter(left),
                 [&](const scan::Finding &finding) { return !isDismissed(finding, policy); });
    return left;
}

} // namespace sealpost::routing
