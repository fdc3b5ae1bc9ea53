// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Deadline.h"
#include "base/IpNetwork.h"
#include "base/Units.h"
#include "net/DnsResolver.h"
#include "policy/Policy.h"

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::assurance {

struct ProbeConfig {
    policy::TlsMinimum minimum;
    std::optional<std::string> caFile; //!< PEM roots instead of the system's
    Port port = base::kSmtpPort;
    std::string clientName; //!< EHLO's argument
    Time now{};             //!< for the certificate's dates
    //! Private addresses are left out but for those in here.
    std::vector<base::IpNetwork> privateNetworks;
};

//! Whom to speak to.
struct ProbeTarget {
    net::MxRecord record;
    std::string serverName{}; //!< A-label for SNI where it is not the host's; empty: the host's
};

struct ProbeResult {
    MxReport mx;
    //! "address:HOST", "alias:HOST" (of an MX that is a CNAME), "private:HOST" (of addresses that
    //! were left out), "starttls:HOST", "certificate:HOST"
    std::vector<EvidenceItem> evidence;
};

//! Speaks to one MX: greeting, EHLO, STARTTLS, handshake, EHLO, QUIT. It sends nothing of a
//! person's, so a certificate that falls short is recorded and not refused. Any thread.
[[nodiscard]] ProbeResult probeMx(net::DnsResolver &resolver, const ProbeTarget &target,
                                  const ProbeConfig &config, Deadline deadline,
                                  std::stop_token stop);

//! The first part of it alone, where policy forbids the rest: its addresses. NotProbed where there
//! are any to connect to; else NoAddress, PrivateAddress (which it then names), or Unreachable
//! where they could not be found out.
[[nodiscard]] ProbeResult resolveMx(net::DnsResolver &resolver, const net::MxRecord &record,
                                    const std::vector<base::IpNetwork> &privateNetworks,
                                    Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::assurance
