// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Deadline.h"
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
};

struct ProbeResult {
    MxReport mx;
    std::vector<EvidenceItem> evidence; //!< "address:HOST", "starttls:HOST", "certificate:HOST"
};

//! Speaks to one MX: greeting, EHLO, STARTTLS, handshake, EHLO, QUIT. It sends nothing of a
//! person's, so a certificate that falls short is recorded and not refused. Any thread.
[[nodiscard]] ProbeResult probeMx(net::DnsResolver &resolver, const net::MxRecord &record,
                                  const ProbeConfig &config, Deadline deadline,
                                  std::stop_token stop);

//! The first part of it alone, where policy forbids the rest: its addresses.
[[nodiscard]] ProbeResult resolveMx(net::DnsResolver &resolver, const net::MxRecord &record,
                                    Deadline deadline, std::stop_token stop);

} // namespace sealpost::assurance
