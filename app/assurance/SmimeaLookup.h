// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Evidence.h"
#include "crypto/DaneVerifier.h"
#include "mail/Address.h"
#include "net/DnsResolver.h"

#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::assurance {

//! What DNS says of an address's certificates (RFC 8162). Records count only where DNSSEC proves
//! them: then `evidence` is Proven. Without DNSSEC it is NotChecked and there are no records.
struct SmimeaAnswer {
    Evidence evidence = Evidence::NotChecked;
    std::string name;                        //!< that was asked for
    std::vector<crypto::TlsaRecord> records; //!< usages 0 to 3, as they stand
    std::string detail;                      //!< log-safe: why there is no answer
};

//! "c93f…._smimecert.example.org": the local part's SHA-256, cut to 28 bytes (RFC 8162 §3).
[[nodiscard]] std::string smimeaName(const mail::Address &address);

[[nodiscard]] SmimeaAnswer lookupSmimea(net::DnsResolver &resolver, const mail::Address &address,
                                        Deadline deadline, std::stop_token stop);

//! The whole certificates (DER) among the records: selector 0, matching type 0.
[[nodiscard]] std::vector<std::string>
certificatesIn(const std::vector<crypto::TlsaRecord> &records);

} // namespace sealpost::assurance
