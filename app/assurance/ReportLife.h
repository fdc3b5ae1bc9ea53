// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "policy/Policy.h"

#include <chrono>
#include <optional>

namespace sealpost::assurance {

//! How long what a report stands on says that it is good for.
struct LifeHints {
    std::optional<std::chrono::seconds> dnsTtl;       //!< the least of the answers used
    std::optional<std::chrono::seconds> policyMaxAge; //!< what is left of an MTA-STS policy's

    //! Each the lesser of both.
    void shortenTo(const LifeHints &other);
};

//! When a report is to be made anew: at most the policy's lifetime, the TTL and max_age later; what
//! failed or looks tampered with after minutes; Unknown after one. Never under a minute.
[[nodiscard]] Time expiryOf(const DomainReport &report, const LifeHints &hints,
                            const policy::Policy &policy);

} // namespace sealpost::assurance
