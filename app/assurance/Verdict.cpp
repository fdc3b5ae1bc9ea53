// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Verdict.h"

#include <string_view>

namespace sealpost::assurance {

namespace {
//! 12 for "TLSv1.2"; 0 for what has no such name.
int versionNumber(std::string_view version) {
    constexpr std::string_view kPrefix = "TLSv1";
    if (!version.starts_with(kPrefix)) {
        return 0;
    }
    version.remove_prefix(kPrefix.size());
    if (version.empty()) {
        return 10;
    }
    const bool wellFormed =
        version.size() == 2 && version[0] == '.' && version[1] >= '0' && version[1] <= '9';
    return wellFormed ? 10 + (version[1] - '0') : 0;
}

bool meetsMinimum(const MxReport &mx, const policy::TlsMinimum &minimum) {
    return mx.tls && mx.tls->problems.empty() && mx.tls->chainValid && mx.tls->nameMatches &&
           versionNumber(mx.tls->version) >= minimum.version;
}
} // namespace

Verdict verdictOf(const std::vector<MxReport> &mx, const policy::TlsMinimum &minimum) {
    int good = 0;
    int weak = 0;
    int without = 0;
    int unclear = 0;
    Verdict verdict;
    for (const auto &one : mx) {
        switch (one.outcome) {
        case ProbeOutcome::Encrypted:
            ++(meetsMinimum(one, minimum) ? good : weak);
            break;
        case ProbeOutcome::NoStartTls:
        case ProbeOutcome::StartTlsRefused:
        case ProbeOutcome::HandshakeFailed:
        case ProbeOutcome::TlsAlert:
            ++without;
            break;
        case ProbeOutcome::Injected:
        case ProbeOutcome::Garbage:
        case ProbeOutcome::Endless:
        case ProbeOutcome::Mangled:
        case ProbeOutcome::Rejected:
            ++unclear;
            break;
        case ProbeOutcome::NotProbed:
        case ProbeOutcome::NoAddress:
        case ProbeOutcome::PrivateAddress:
        case ProbeOutcome::PortBlocked:
        case ProbeOutcome::Unreachable:
        case ProbeOutcome::TempRejected:
        case ProbeOutcome::Silent:
        case ProbeOutcome::Tarpit:
        case ProbeOutcome::HungUp:
            break;
        }
    }
    if (without > 0) {
        verdict.assurance = Assurance::None;
    } else if (weak > 0) {
        verdict.assurance = Assurance::Weak;
    } else if (good > 0 && unclear == 0) {
        verdict.assurance = Assurance::Verified;
        verdict.minimumMet = true;
    }
    return verdict;
}

} // namespace sealpost::assurance
