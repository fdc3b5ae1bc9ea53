// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"

#include <optional>
#include <vector>

namespace sealpost::assurance {

//! Whether each MX that encrypts does so with the latest version of TLS, 1.3; none where no MX
//! does. A grade beside the verdict: TLS 1.2 fulfils the minimum unless the policy asks for more.
[[nodiscard]] inline std::optional<bool> usesLatestTls(const std::vector<MxReport> &mx) {
    std::optional<bool> latest;
    for (const auto &one : mx) {
        if (one.outcome == ProbeOutcome::Encrypted && one.tls) {
            latest = latest.value_or(true) && one.tls->version == "TLSv1.3";
        }
    }
    return latest;
}

} // namespace sealpost::assurance
