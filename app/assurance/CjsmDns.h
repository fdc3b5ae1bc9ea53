// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Deadline.h"
#include "net/DnsResolver.h"

#include <stop_token>
#include <string>

namespace sealpost::assurance {

struct CjsmDnsAnswer {
    CjsmStatus status = CjsmStatus::NotChecked; //!< Dns, NotFound, Unknown
    EvidenceItem evidence;                      //!< "cjsm-dns"
};

//! Whether "<domain>.cjsm.net" has an MX that is its own: a random name beside it must have none,
//! else a wildcard answers for everybody and the answer says nothing. `domain` is an A-label
//! outside cjsm.net.
[[nodiscard]] CjsmDnsAnswer lookUpCjsm(net::DnsResolver &resolver, const std::string &domain,
                                       Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::assurance
