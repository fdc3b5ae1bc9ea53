// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Units.h"
#include "net/DnsResolver.h"
#include "store/AuditJournal.h"
#include "store/SealedFacts.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::runtime {

//! Where syslog goes, over TLS alone (RFC 5425).
struct SyslogServer {
    std::string host; //!< A-label or IP literal
    Port port{6514};
    std::optional<std::string> caFile; //!< PEM; none: the system's authorities
};

//! Sends the journal's lines to a syslog server, each once: syslog gives no receipt, so what was
//! written to a session that ended well counts as taken.
class JournalForwarder {
public:
    JournalForwarder(std::shared_ptr<store::AuditJournal> journal, store::SealedFacts facts,
                     std::shared_ptr<net::DnsResolver> resolver);
    //! How many lines went out: those that this server has not got yet. `self` is this computer's
    //! name. Retry "syslog.resolve", "syslog.unreachable", FixInput "syslog.host-unknown",
    //! AskAdmin "syslog.certificate", "syslog.encryption", "tls.ca-file"; "net.stopped".
    [[nodiscard]] Result<std::int64_t> forward(const SyslogServer &server, const std::string &self,
                                               Deadline deadline, const std::stop_token &stop);

private:
    std::shared_ptr<store::AuditJournal> m_journal;
    store::SealedFacts m_facts;
    std::shared_ptr<net::DnsResolver> m_resolver;
};

} // namespace sealpost::runtime
