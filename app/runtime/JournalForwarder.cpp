// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/JournalForwarder.h"

#include "net/HostLookup.h"
#include "net/TcpStream.h"
#include "net/TlsStream.h"
#include "store/JournalForms.h"

#include <charconv>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kStage = "syslog";
constexpr std::chrono::seconds kFinishTime{20};
constexpr std::string_view kForwarded = "journal-forwarded";

//! "HOST:PORT" of who got lines, a space, and the last line's number.
std::string markOf(const SyslogServer &server) {
    return server.host + ':' + std::to_string(static_cast<std::uint16_t>(server.port)) + ' ';
}

std::int64_t lastOf(const std::optional<std::string> &kept, const std::string &mark) {
    std::int64_t last = 0;
    if (kept && kept->starts_with(mark)) {
        (void)std::from_chars(kept->data() + mark.size(), kept->data() + kept->size(), last);
    }
    return last;
}

//! A fault of the way to the server, told apart from the same of a mail server: an administrator
//! mends it, and no message depends on it.
tl::unexpected<Error> ofTheServer(const Error &error, const SyslogServer &server) {
    if (error.code == "tls.certificate") {
        return fail("syslog.certificate", kStage, Reaction::AskAdmin, error.logSafeDetail,
                    server.host);
    }
    if (error.code.starts_with("tls.") && error.code != "tls.ca-file") {
        return fail("syslog.encryption", kStage, Reaction::AskAdmin,
                    error.code + (error.logSafeDetail.empty() ? "" : " ") + error.logSafeDetail,
                    server.host);
    }
    if (error.code.starts_with("net.") && error.code != "net.stopped") {
        auto mark = markOf(server);
        mark.pop_back();
        return fail("syslog.unreachable", kStage, Reaction::Retry, error.code, mark);
    }
    return fail(error);
}

Result<std::unique_ptr<net::TlsStream>> connect(net::DnsResolver &resolver,
                                                const SyslogServer &server, Deadline deadline,
                                                const std::stop_token &stop) {
    const auto found = net::lookUpHost(resolver, server.host, deadline, stop);
    if (found.addresses.empty()) {
        const bool unknown =
            found.outcome == net::DnsOutcome::NxDomain || found.outcome == net::DnsOutcome::NoData;
        return unknown ? fail("syslog.host-unknown", kStage, Reaction::FixInput, {}, server.host)
                       : fail("syslog.resolve", kStage, Reaction::Retry, found.detail, server.host);
    }
    crypto::TlsClientConfig config;
    config.host = server.host;
    config.caFile = server.caFile;
    auto engine = crypto::TlsEngine::client(config);
    if (!engine) {
        return ofTheServer(engine.error(), server);
    }
    auto stream = net::connectTcp(found.addresses, server.port, deadline, stop);
    if (!stream) {
        return ofTheServer(stream.error(), server);
    }
    auto secured =
        net::TlsStream::handshake(std::move(*stream), std::move(*engine), deadline, stop);
    return secured ? std::move(secured) : ofTheServer(secured.error(), server);
}

} // namespace

JournalForwarder::JournalForwarder(std::shared_ptr<store::AuditJournal> journal,
                                   store::SealedFacts facts,
                                   std::shared_ptr<net::DnsResolver> resolver)
    : m_journal(std::move(journal)), m_facts(std::move(facts)), m_resolver(std::move(resolver)) {}

Result<std::int64_t> JournalForwarder::forward(const SyslogServer &server, const std::string &self,
                                               Deadline deadline, const std::stop_token &stop) {
    const auto kept = m_facts.read(kForwarded);
    if (!kept) {
        return fail(kept.error());
    }
    const auto lines = m_journal->list();
    if (!lines) {
        return fail(lines.error());
    }
    const auto mark = markOf(server);
    const auto last = lastOf(*kept, mark);
    std::string bytes;
    std::int64_t count = 0;
    for (const auto &line : *lines) {
        if (line.sequence > last) {
            bytes += store::framed(store::toSyslog(line, self));
            ++count;
        }
    }
    if (count == 0) {
        return count;
    }
    const auto stream = connect(*m_resolver, server, deadline, stop);
    if (!stream) {
        return fail(stream.error());
    }
    if (auto written = (*stream)->write(bytes, deadline, stop); !written) {
        return ofTheServer(written.error(), server);
    }
    //= RFC 5425 §4.4: the session ends with close_notify.
    if (auto ended = (*stream)->finish(deadline.within(kFinishTime), stop); !ended) {
        return ofTheServer(ended.error(), server);
    }
    const auto reached = std::to_string(lines->back().sequence);
    if (auto noted = m_facts.write({{std::string(kForwarded), mark + reached}}); !noted) {
        return fail(noted.error());
    }
    return count;
}

} // namespace sealpost::runtime
