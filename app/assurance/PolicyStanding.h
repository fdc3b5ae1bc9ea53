// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "policy/Policy.h"

#include <vector>

namespace sealpost::assurance {

//! How one MX stands to what its domain publishes, and to the policy's minimum.
enum class MxStanding {
    Nothing,  //!< it says nothing of TLS: not asked, out of reach, not now
    Unclear,  //!< it answers, but in a way that proves nothing and excuses nothing
    Without,  //!< no TLS, and nobody has promised any
    Weak,     //!< TLS that falls short
    Good,     //!< TLS as it should be, and nobody has promised any
    Fulfils,  //!< TLS as it should be, and as published
    Violates, //!< not as published
};

//! Whether mail to this MX must be encrypted and authenticated by what the domain publishes: usable
//! TLSA records, or a policy in mode enforce that allows the host.
[[nodiscard]] bool isCovered(const MxReport &mx, const MtaStsReport &mtaSts);

//! The faults of its TLS that count: where TLSA records vouch for the server, those of the path,
//! the names and the dates are what DANE itself has judged.
[[nodiscard]] std::vector<crypto::PeerProblem> problemsThatCount(const MxReport &mx);

//! DANE goes before MTA-STS: who fulfils its TLSA records needs no other authority, and who does
//! not is not saved by one (RFC 8461 §2).
[[nodiscard]] MxStanding standingOf(const MxReport &mx, const MtaStsReport &mtaSts,
                                    const policy::TlsMinimum &minimum);

//! Of each MX: "mta-sts:HOST", whether it is as the policy says, in whatever mode but none; and
//! "tampering:HOST", Bogus, where TLS is promised and taken out of the dialogue.
[[nodiscard]] std::vector<EvidenceItem> standingEvidence(const std::vector<MxReport> &mx,
                                                         const MtaStsReport &mtaSts);

} // namespace sealpost::assurance
