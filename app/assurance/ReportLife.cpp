// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/ReportLife.h"

#include <algorithm>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;
using Life = std::optional<std::chrono::seconds>;

constexpr std::chrono::seconds kShortest = 1min;
constexpr std::chrono::seconds kAfterFailure = 5min;

Life lesser(const Life &one, const Life &other) {
    return one && other ? std::min(one, other) : one ? one : other;
}

bool somethingFailed(const DomainReport &report) {
    return std::any_of(report.evidence.begin(), report.evidence.end(), [](const auto &item) {
        return item.outcome == Evidence::TempFailure || item.outcome == Evidence::Bogus;
    });
}

std::chrono::seconds lifeOf(const DomainReport &report, std::chrono::seconds most) {
    switch (report.assurance) {
    case Assurance::Unknown:
        return kShortest;
    case Assurance::Violated:
        return std::min(most, kAfterFailure);
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Verified:
    case Assurance::Registered:
    case Assurance::Weak:
    case Assurance::None:
    case Assurance::Undeliverable:
        return somethingFailed(report) ? std::min(most, kAfterFailure) : most;
    }
    return kShortest;
}
} // namespace

void LifeHints::shortenTo(const LifeHints &other) {
    dnsTtl = lesser(dnsTtl, other.dnsTtl);
    policyMaxAge = lesser(policyMaxAge, other.policyMaxAge);
}

Time expiryOf(const DomainReport &report, const LifeHints &hints, const policy::Policy &policy) {
    std::chrono::seconds life = lifeOf(report, policy.reportLifetime);
    for (const auto &hint : {hints.dnsTtl, hints.policyMaxAge}) {
        life = std::min(life, hint.value_or(life));
    }
    return report.checkedAt + std::max(life, kShortest);
}

} // namespace sealpost::assurance
