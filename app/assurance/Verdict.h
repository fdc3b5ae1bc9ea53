// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "policy/Policy.h"

#include <vector>

namespace sealpost::assurance {

//! What the dialogues with a domain's MX, and what it publishes, come to. Pure.
struct Verdict {
    //! Enforced, Published, Verified, Weak, None, Violated or Unknown.
    Assurance assurance = Assurance::Unknown;
    bool minimumMet = false;
};

//! The weakest MX that answers decides: one that breaks what the domain publishes makes it
//! Violated, one without TLS None, one whose TLS falls short Weak. Those that can't be reached, are
//! silent or slow, hang up or reject for now are not counted beside one that answers; one that
//! answers with garbage or an injection, that is mangled on the way, or whose TLSA records can't be
//! had, keeps the domain from all that is better. Enforced and Published need every MX covered by
//! what is published (isCovered()), the dead ones as well: else mail could be driven to one that
//! is not.
[[nodiscard]] Verdict verdictOf(const std::vector<MxReport> &mx, const MtaStsReport &mtaSts,
                                const policy::TlsMinimum &minimum);

} // namespace sealpost::assurance
