// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Verdict.h"

#include "assurance/PolicyStanding.h"

#include <algorithm>
#include <map>

namespace sealpost::assurance {

namespace {
//! Whether it is not known what DANE demands of an MX: a question that somebody made fail. MTA-STS
//! can stand in where nobody answered, but not where the answer was forged.
bool isDaneDoubtful(const MxReport &mx, const MtaStsReport &mtaSts) {
    return mx.dane.status == Evidence::Bogus ||
           (mx.dane.status == Evidence::TempFailure && !isCovered(mx, mtaSts));
}

bool canTakeMail(const MxReport &mx) {
    return mx.outcome != ProbeOutcome::NoAddress && mx.outcome != ProbeOutcome::PrivateAddress;
}
} // namespace

Verdict verdictOf(const std::vector<MxReport> &mx, const MtaStsReport &mtaSts,
                  const policy::TlsMinimum &minimum) {
    std::map<MxStanding, int> count;
    for (const auto &one : mx) {
        ++count[standingOf(one, mtaSts, minimum)];
    }
    const auto has = [&](MxStanding standing) { return count.contains(standing); };
    const auto any = [&](const auto &is) { return std::any_of(mx.begin(), mx.end(), is); };
    if (has(MxStanding::Violates)) {
        return {Assurance::Violated, false};
    }
    if (has(MxStanding::Without)) {
        return {Assurance::None, false};
    }
    if (has(MxStanding::Weak)) {
        return {Assurance::Weak, false};
    }
    if (has(MxStanding::Unclear) ||
        any([&](const MxReport &one) { return isDaneDoubtful(one, mtaSts); })) {
        return {};
    }
    const bool allCovered = !any([&](const MxReport &one) { return !isCovered(one, mtaSts); });
    if (has(MxStanding::Good) || has(MxStanding::Fulfils)) {
        return {allCovered ? Assurance::Enforced : Assurance::Verified, true};
    }
    return {allCovered && any(canTakeMail) ? Assurance::Published : Assurance::Unknown, false};
}

} // namespace sealpost::assurance
