// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/PolicyStanding.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace sealpost::assurance {

namespace {
using crypto::PeerProblem;

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

bool isVouchedForByDane(const MxReport &mx) {
    return mx.dane.match == DaneMatch::EndEntity || mx.dane.match == DaneMatch::Anchor;
}

bool remainsUnderDane(PeerProblem problem, DaneMatch match) {
    switch (problem) {
    case PeerProblem::Expired:
    case PeerProblem::NotYetValid:
    case PeerProblem::SelfSigned:
    case PeerProblem::UntrustedRoot:
    case PeerProblem::IncompleteChain:
    case PeerProblem::NameMismatch:
    case PeerProblem::WrongPurpose:
    case PeerProblem::Other:
        return false;
    case PeerProblem::WeakSignature:
        //= RFC 7672 §3.1.1: with DANE-EE nobody's signature counts.
        return match == DaneMatch::Anchor;
    case PeerProblem::WeakKey:
    case PeerProblem::Revoked:
    case PeerProblem::OldProtocol:
    case PeerProblem::WeakCipher:
    case PeerProblem::DaneMismatch:
        return true;
    }
    return true;
}

//! By whichever authority vouches for it.
bool meetsMinimum(const MxReport &mx, const policy::TlsMinimum &minimum) {
    const bool authenticated =
        isVouchedForByDane(mx) || (mx.tls->chainValid && mx.tls->nameMatches);
    return authenticated && problemsThatCount(mx).empty() &&
           versionNumber(mx.tls->version) >= minimum.version;
}

bool hasMode(const MtaStsReport &mtaSts, MtaStsMode mode) {
    return mtaSts.status == Evidence::Proven && mtaSts.policy && mtaSts.policy->mode == mode;
}

bool hasUsableTlsa(const MxReport &mx) {
    return mx.dane.status == Evidence::Proven && mx.dane.usable > 0;
}

//! Encryption at the least: TLSA records that can't be used ask for it all the same (RFC 7672
//! §2.2).
bool demandsTls(const MxReport &mx, const MtaStsReport &mtaSts) {
    return mx.dane.status == Evidence::Proven || isCovered(mx, mtaSts);
}

MxStanding standingUnderTls(const MxReport &mx, const MtaStsReport &mtaSts,
                            const policy::TlsMinimum &minimum) {
    if (!mx.tls) {
        return isCovered(mx, mtaSts) ? MxStanding::Unclear : MxStanding::Weak;
    }
    if (hasUsableTlsa(mx)) {
        switch (mx.dane.match) {
        case DaneMatch::EndEntity:
        case DaneMatch::Anchor:
            return meetsMinimum(mx, minimum) ? MxStanding::Fulfils : MxStanding::Weak;
        case DaneMatch::Mismatch:
            return MxStanding::Violates;
        case DaneMatch::NotCompared:
        case DaneMatch::Unusable:
            return MxStanding::Unclear;
        }
    }
    const bool good = meetsMinimum(mx, minimum);
    if (!isCovered(mx, mtaSts)) {
        return good ? MxStanding::Good : MxStanding::Weak;
    }
    //= RFC 8461 §4.2: a valid certificate with the name of the MX that the policy allows.
    if (!mx.tls->chainValid || !mx.tls->nameMatches) {
        return MxStanding::Violates;
    }
    return good ? MxStanding::Fulfils : MxStanding::Weak;
}

//! Whether TLS is not offered, or taken out of the dialogue on its way.
bool lacksStartTls(ProbeOutcome outcome) {
    return outcome == ProbeOutcome::NoStartTls || outcome == ProbeOutcome::StartTlsRefused ||
           outcome == ProbeOutcome::Mangled || outcome == ProbeOutcome::Injected;
}

EvidenceItem mtaStsItem(const MxReport &mx, const MtaStsPolicy &policy) {
    const auto what = "mta-sts:" + mx.host;
    if (!policy.allows(mx.host)) {
        return {what, Evidence::ProvenAbsent, "no mx of the policy allows it"};
    }
    if (mx.outcome != ProbeOutcome::Encrypted || !mx.tls) {
        return {what, lacksStartTls(mx.outcome) ? Evidence::ProvenAbsent : Evidence::NotChecked,
                "allowed; " + std::string(toString(mx.outcome))};
    }
    const bool authenticated = mx.tls->chainValid && mx.tls->nameMatches;
    return {what, authenticated ? Evidence::Proven : Evidence::ProvenAbsent,
            authenticated ? "allowed, certificate valid and matching"
                          : "allowed, but its certificate is not valid for it"};
}
} // namespace

std::vector<PeerProblem> problemsThatCount(const MxReport &mx) {
    std::vector<PeerProblem> problems;
    if (mx.tls) {
        std::copy_if(mx.tls->problems.begin(), mx.tls->problems.end(), std::back_inserter(problems),
                     [&](PeerProblem problem) {
                         return !isVouchedForByDane(mx) || remainsUnderDane(problem, mx.dane.match);
                     });
    }
    return problems;
}

bool isCovered(const MxReport &mx, const MtaStsReport &mtaSts) {
    return hasUsableTlsa(mx) ||
           (hasMode(mtaSts, MtaStsMode::Enforce) && mtaSts.policy->allows(mx.host));
}

MxStanding standingOf(const MxReport &mx, const MtaStsReport &mtaSts,
                      const policy::TlsMinimum &minimum) {
    //= RFC 8461 §4.1: mail must not go to an MX that a policy in force does not allow.
    if (hasMode(mtaSts, MtaStsMode::Enforce) && !isCovered(mx, mtaSts)) {
        return MxStanding::Violates;
    }
    switch (mx.outcome) {
    case ProbeOutcome::Encrypted:
        return standingUnderTls(mx, mtaSts, minimum);
    case ProbeOutcome::NoStartTls:
    case ProbeOutcome::StartTlsRefused:
    case ProbeOutcome::HandshakeFailed:
    case ProbeOutcome::TlsAlert:
        return demandsTls(mx, mtaSts) ? MxStanding::Violates : MxStanding::Without;
    case ProbeOutcome::Injected:
    case ProbeOutcome::Mangled:
        return demandsTls(mx, mtaSts) ? MxStanding::Violates : MxStanding::Unclear;
    case ProbeOutcome::Garbage:
    case ProbeOutcome::Endless:
        return MxStanding::Unclear;
    case ProbeOutcome::Rejected:
        // A host that talks to known senders alone says nothing against what it publishes.
        return isCovered(mx, mtaSts) ? MxStanding::Nothing : MxStanding::Unclear;
    case ProbeOutcome::NotProbed:
    case ProbeOutcome::NoAddress:
    case ProbeOutcome::PrivateAddress:
    case ProbeOutcome::PortBlocked:
    case ProbeOutcome::Unreachable:
    case ProbeOutcome::TempRejected:
    case ProbeOutcome::Silent:
    case ProbeOutcome::Tarpit:
    case ProbeOutcome::HungUp:
        return MxStanding::Nothing;
    }
    return MxStanding::Nothing;
}

std::vector<EvidenceItem> standingEvidence(const std::vector<MxReport> &mx,
                                           const MtaStsReport &mtaSts) {
    const bool hasPolicy =
        hasMode(mtaSts, MtaStsMode::Enforce) || hasMode(mtaSts, MtaStsMode::Testing);
    std::vector<EvidenceItem> items;
    for (const auto &one : mx) {
        if (hasPolicy) {
            items.push_back(mtaStsItem(one, *mtaSts.policy));
        }
        const bool byDane = one.dane.status == Evidence::Proven;
        const bool byMtaSts = hasPolicy && mtaSts.policy->allows(one.host);
        if (lacksStartTls(one.outcome) && (byDane || byMtaSts)) {
            items.push_back({"tampering:" + one.host, Evidence::Bogus,
                             std::string(toString(one.outcome)) + ", but " +
                                 (byDane ? "DANE" : "MTA-STS") + " promises TLS"});
        }
    }
    return items;
}

} // namespace sealpost::assurance
