// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "policy/Policy.h"

#include <vector>

namespace sealpost::assurance {

//! What the dialogues with a domain's MX come to. Pure.
struct Verdict {
    Assurance assurance = Assurance::Unknown; //!< Verified, Weak, None or Unknown
    bool minimumMet = false;
};

//! The weakest MX that answers decides: one without TLS makes it None, one whose TLS falls short
//! Weak. Those that can't be reached, are silent or slow, hang up or reject for now are not
//! counted beside one that answers; one that answers with garbage, an injection or a refusal, or
//! that is mangled on the way, keeps the domain from Verified.
[[nodiscard]] Verdict verdictOf(const std::vector<MxReport> &mx, const policy::TlsMinimum &minimum);

} // namespace sealpost::assurance
