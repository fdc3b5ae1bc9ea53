// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/CertificateSources.h"
#include "assurance/SmimeaLookup.h"
#include "crypto/CertificateChoice.h"
#include "crypto/ChainReport.h"
#include "mail/Address.h"

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::runtime {

class Runtime;

//! A certificate for an address, and where it was found.
struct FoundCandidate {
    assurance::SourceKind source = assurance::SourceKind::KeyRing;
    std::string place;          //!< the directory or bundle that it is from
    crypto::ChainReport report; //!< with at least one link
    std::string bytes;          //!< of one that is not in the key ring, with its authorities
    bool confirmed = false;     //!< an SMIMEA record names it, or an authority above it

    [[nodiscard]] const crypto::CertificateInfo &info() const { return report.links.front().info; }
    [[nodiscard]] bool kept() const { return bytes.empty(); }
    [[nodiscard]] bool faultless() const { return report.faults.empty(); }
};

//! What there is for an address, everywhere.
struct CertificateSearch {
    std::vector<FoundCandidate> candidates; //!< the one that counts first, then the least faulty
    //! Of those in the key ring the one that messages are encrypted to now, and why; empty where
    //! there is none.
    std::string counts;
    crypto::CertificateChoice why;
    bool pinned = false;                            //!< a person has chosen one for this address
    std::vector<assurance::SourceTrouble> troubles; //!< sources that gave no answer
    assurance::SmimeaAnswer dns;
};

//! Asks the key ring, DNS (SMIMEA), the operating system's store, and the directories and bundles
//! that policy names, each within its own time; nothing is imported or trusted. Errors:
//! CertificateStore's and Runtime's; Retry "certificate.search-stopped" where `stop` was asked for.
[[nodiscard]] Result<CertificateSearch> searchCertificates(Runtime &runtime,
                                                           const mail::Address &address,
                                                           Deadline deadline,
                                                           const std::stop_token &stop);

} // namespace sealpost::runtime
