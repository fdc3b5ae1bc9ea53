// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::assurance {

enum class MtaStsMode {
    None,    //!< the domain has given its policy up (RFC 8461 §8.3)
    Testing, //!< failures are to be reported, and mail is to be delivered all the same
    Enforce, //!< mail must not go where the policy does not hold
};

[[nodiscard]] constexpr std::string_view toString(MtaStsMode mode) {
    switch (mode) {
    case MtaStsMode::None:
        return "none";
    case MtaStsMode::Testing:
        return "testing";
    case MtaStsMode::Enforce:
        return "enforce";
    }
    return "none";
}

//! A domain's policy file (RFC 8461 §3.2).
struct MtaStsPolicy {
    MtaStsMode mode = MtaStsMode::None;
    std::chrono::seconds maxAge{0};
    std::vector<std::string> mx; //!< lower case: a host, or "*." and a domain

    //! Whether `host` (an A-label, lower case) is one of `mx` (RFC 8461 §4.1).
    [[nodiscard]] bool allows(std::string_view host) const;
};

//! The longest time for which a policy is kept: what RFC 8461 §3.2 gives as the most.
inline constexpr std::chrono::seconds kLongestMaxAge{31'557'600};

//! The policy's id out of the texts at `_mta-sts.<domain>`. Errors, FixInput, with why as detail:
//! "mta-sts.absent" (no text is a record of MTA-STS), "mta-sts.several", "mta-sts.record".
[[nodiscard]] Result<std::string> mtaStsId(std::span<const std::string> texts);

//! Lines end in LF or CRLF. FixInput "mta-sts.policy": the detail names the line or the key.
[[nodiscard]] Result<MtaStsPolicy> parseMtaStsPolicy(std::string_view file);

//! Where SMTP TLS reports go (RFC 8460 §3), out of the texts at `_smtp._tls.<domain>`. Errors,
//! FixInput: "tls-rpt.absent", "tls-rpt.several", "tls-rpt.record".
[[nodiscard]] Result<std::vector<std::string>> tlsReportUris(std::span<const std::string> texts);

} // namespace sealpost::assurance
