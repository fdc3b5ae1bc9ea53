// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainAssessor.h"
#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "mail/Account.h"
#include "net/DnsResolver.h"
#include "net/ManageSieveSession.h"
#include "policy/Policy.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::runtime {

//! What is wrong with a rule that sends mail on (Guide 9).
enum class ForwardingProblem {
    None,
    Outside, //!< to a domain that is not the organisation's own
    Weaker,  //!< to one of its own whose TLS does not suffice for OFFICIAL mail
    Unknown, //!< where to is only known when it acts, or can't be read
};

[[nodiscard]] constexpr std::string_view toString(ForwardingProblem problem) {
    switch (problem) {
    case ForwardingProblem::None:
        return "none";
    case ForwardingProblem::Outside:
        return "outside";
    case ForwardingProblem::Weaker:
        return "weaker";
    case ForwardingProblem::Unknown:
        return "unknown";
    }
    return "unknown";
}

struct ForwardingRule {
    std::string script;
    std::uint32_t line = 0;
    std::string address;                      //!< as written; empty where the script can't be read
    Assurance assurance = Assurance::Unknown; //!< of its domain, where that was asked about
    ForwardingProblem problem = ForwardingProblem::None;
};

struct ForwardingReport {
    std::string server; //!< "host:port"
    std::vector<net::SieveScriptName> scripts;
    std::vector<ForwardingRule> rules; //!< of the active script and of those that it takes in
    [[nodiscard]] bool hasProblem() const;
};

struct SieveServer {
    std::string host; //!< A-label or IP literal
    Port port = Port{4190};
};

//! "host" or "host:port"; none where it is neither.
[[nodiscard]] std::optional<SieveServer> sieveServerFrom(std::string_view text);

struct ForwardingParts {
    net::DnsResolver &resolver;
    assurance::ReportSource &reports;
    const policy::Policy &policy;
    std::optional<std::string> caFile;
};

//! Reads the mailbox's rules from its server, over TLS alone, and judges where they send mail. It
//! changes nothing. ManageSieveSession's errors, connectTcp()'s, and FixInput
//! "submit.host-unknown".
[[nodiscard]] Result<ForwardingReport>
checkForwarding(const ForwardingParts &parts, const SieveServer &server,
                const mail::Account &account, const SecretBytes &password, Deadline deadline,
                const std::stop_token &stop);

} // namespace sealpost::runtime
