// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/StartTlsProbe.h"

#include "base/Text.h"
#include "net/HostLookup.h"
#include "net/SmtpSession.h"
#include "net/TcpStream.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sealpost::assurance {

namespace {
using namespace std::chrono_literals;

//! Port 25 is often dropped without a word: a person who is typing does not wait for minutes.
constexpr auto kConnectTime = 8s;
//! Servers that delay their greeting to tell spammers apart do so for some seconds.
constexpr auto kDialogueTime = 20s;

Evidence evidenceOf(net::DnsOutcome outcome) {
    net::DnsAnswer answer;
    answer.outcome = outcome;
    return answer.evidence();
}

//! What it means that no reply came, or none that is SMTP, before the handshake. A time-out says
//! nothing of TLS.
ProbeOutcome outcomeOf(const Error &error, const net::SmtpSession &session) {
    if (error.code == "smtp.garbage") {
        return ProbeOutcome::Garbage;
    }
    if (error.code == "smtp.endless") {
        return ProbeOutcome::Endless;
    }
    if (error.code == "smtp.hung-up" || error.code == "net.broken") {
        return ProbeOutcome::HungUp;
    }
    return session.replyHasBegun() ? ProbeOutcome::Tarpit : ProbeOutcome::Silent;
}

//! What it means that STARTTLS or its handshake broke.
ProbeOutcome handshakeOutcomeOf(const Error &error, const net::SmtpSession &session) {
    if (error.code == "smtp.injected") {
        return ProbeOutcome::Injected;
    }
    if (error.code == "tls.alert") {
        return ProbeOutcome::TlsAlert;
    }
    // A server that has nothing in common with us often just hangs up in the handshake.
    if (error.code.starts_with("tls.") || error.code == "net.broken") {
        return ProbeOutcome::HandshakeFailed;
    }
    return outcomeOf(error, session);
}

//! Firewalls that inspect SMTP overwrite a greeting, but for some of its digits, with asterisks.
bool isMaskedGreeting(const net::SmtpReply &greeting) {
    constexpr std::ptrdiff_t kFewest = 4;
    const auto text = base::join(greeting.lines, "");
    const auto asterisks = std::count(text.begin(), text.end(), '*');
    const auto spaces = std::count(text.begin(), text.end(), ' ');
    return asterisks >= kFewest &&
           2 * asterisks >= static_cast<std::ptrdiff_t>(text.size()) - spaces;
}

//! They write "XXXXXXXA" over a keyword of STARTTLS's eight letters, and "X" over shorter ones.
bool isMaskedKeyword(const std::string &keyword) {
    constexpr std::size_t kFewest = 4;
    const auto end = keyword.find_first_not_of('X');
    return keyword.size() >= kFewest && (end == std::string::npos || end + 1 == keyword.size());
}

bool hasMaskedKeyword(const net::SmtpCapabilities &capabilities) {
    return std::any_of(capabilities.begin(), capabilities.end(),
                       [](const auto &one) { return isMaskedKeyword(one.first); });
}

Evidence starttlsEvidence(ProbeOutcome outcome) {
    switch (outcome) {
    case ProbeOutcome::Encrypted:
        return Evidence::Proven;
    case ProbeOutcome::NoStartTls:
    case ProbeOutcome::StartTlsRefused:
    case ProbeOutcome::HandshakeFailed:
    case ProbeOutcome::TlsAlert:
        return Evidence::ProvenAbsent;
    case ProbeOutcome::Injected:
        return Evidence::Bogus;
    case ProbeOutcome::NotProbed:
    case ProbeOutcome::PortBlocked:
    case ProbeOutcome::PrivateAddress:
        return Evidence::NotChecked;
    case ProbeOutcome::NoAddress:
    case ProbeOutcome::Unreachable:
    case ProbeOutcome::TempRejected:
    case ProbeOutcome::Rejected:
    case ProbeOutcome::Silent:
    case ProbeOutcome::Tarpit:
    case ProbeOutcome::HungUp:
    case ProbeOutcome::Garbage:
    case ProbeOutcome::Endless:
    case ProbeOutcome::Mangled:
        return Evidence::TempFailure;
    }
    return Evidence::NotChecked;
}

std::string problemWords(const crypto::TlsPeerInfo &tls) {
    std::vector<std::string> words;
    for (const auto problem : tls.problems) {
        words.emplace_back(toString(problem));
    }
    return base::join(words, ", ");
}

//! One dialogue; fills in outcome, detail, tls and requireTls.
class Probe {
public:
    Probe(MxReport &mx, const std::string &serverName, const ProbeConfig &config, Deadline deadline,
          std::stop_token stop)
        : m_mx(mx), m_serverName(serverName), m_config(config), m_deadline(deadline),
          m_stop(std::move(stop)) {}

    void run() {
        auto stream =
            net::connectTcp(m_mx.addresses, m_config.port, m_deadline.within(kConnectTime), m_stop);
        if (!stream) {
            return conclude(ProbeOutcome::Unreachable, stream.error());
        }
        net::SmtpSession session(std::move(*stream));
        session.setDeadline(m_deadline.within(kDialogueTime), m_stop);
        if (const auto greeting = session.readGreeting(); accepted(greeting, session)) {
            m_isMasked = isMaskedGreeting(*greeting);
            if (accepted(session.ehlo(m_config.clientName), session)) {
                encrypt(session);
            }
        }
        session.quit();
    }

private:
    void conclude(ProbeOutcome outcome, const Error &error) {
        m_mx.outcome = outcome;
        m_mx.detail = error.stage + ": " + error.code;
        if (!error.logSafeDetail.empty()) {
            m_mx.detail += " (" + error.logSafeDetail + ")";
        }
    }

    void conclude(ProbeOutcome outcome, const net::SmtpReply &reply) {
        m_mx.outcome = outcome;
        m_mx.detail = reply.text();
    }

    //! Whether the dialogue goes on after a greeting or EHLO.
    bool accepted(const Result<net::SmtpReply> &reply, const net::SmtpSession &session) {
        if (!reply) {
            conclude(outcomeOf(reply.error(), session), reply.error());
        } else if (reply->code / 100 == 2) {
            return true;
        } else if (m_isMasked && reply->permanentNegative()) {
            // The firewall has no EHLO; the server behind it may.
            conclude(ProbeOutcome::Mangled, *reply);
        } else if (reply->transientNegative()) {
            conclude(ProbeOutcome::TempRejected, *reply);
        } else if (reply->permanentNegative()) {
            conclude(ProbeOutcome::Rejected, *reply);
        } else {
            conclude(ProbeOutcome::Garbage, *reply);
        }
        return false;
    }

    void encrypt(net::SmtpSession &session) {
        if (!session.capabilities().contains("STARTTLS")) {
            const bool mangled = m_isMasked || hasMaskedKeyword(session.capabilities());
            m_mx.outcome = mangled ? ProbeOutcome::Mangled : ProbeOutcome::NoStartTls;
            return;
        }
        crypto::TlsClientConfig tls;
        tls.host = m_mx.host;
        tls.serverName = m_serverName;
        tls.check = crypto::PeerCheck::Record;
        tls.minimumVersion = m_config.minimum.version;
        tls.minimumRsaBits = m_config.minimum.rsaBits;
        tls.minimumEcBits = m_config.minimum.ecBits;
        tls.caFile = m_config.caFile;
        tls.now = m_config.now;
        const auto reply = session.startTls(tls);
        m_mx.tls = session.peer();
        if (!reply) {
            return conclude(handshakeOutcomeOf(reply.error(), session), reply.error());
        }
        if (!session.underTls()) {
            //= RFC 3207 §4: 454 is "not available due to temporary reason", which is no absence.
            return conclude(reply->transientNegative() ? ProbeOutcome::TempRejected
                                                       : ProbeOutcome::StartTlsRefused,
                            *reply);
        }
        m_mx.outcome = ProbeOutcome::Encrypted;
        const auto again = session.ehlo(m_config.clientName);
        if (!again) {
            m_mx.detail = again.error().stage + ": " + again.error().code + " under TLS";
        } else if (again->code / 100 != 2) {
            m_mx.detail = again->text();
        }
        for (const auto &[keyword, parameters] : session.capabilities()) {
            auto &line = m_mx.capabilities.emplace_back(keyword);
            if (!parameters.empty()) {
                line.append(" ").append(parameters);
            }
        }
        m_mx.requireTls = session.capabilities().contains("REQUIRETLS");
    }

    MxReport &m_mx;
    const std::string &m_serverName;
    const ProbeConfig &m_config;
    Deadline m_deadline;
    std::stop_token m_stop;
    bool m_isMasked = false; //!< the greeting
};

void addTlsEvidence(ProbeResult &result) {
    const auto &mx = result.mx;
    auto detail = mx.detail.empty() ? std::string(toString(mx.outcome)) : mx.detail;
    if (mx.outcome == ProbeOutcome::Encrypted && mx.tls) {
        detail = mx.tls->version + " " + mx.tls->cipher;
    }
    result.evidence.push_back(
        {"starttls:" + mx.host, starttlsEvidence(mx.outcome), std::move(detail)});
    if (!mx.tls) {
        result.evidence.push_back({"certificate:" + mx.host, Evidence::NotChecked, {}});
        return;
    }
    const bool good = mx.tls->problems.empty();
    result.evidence.push_back({"certificate:" + mx.host,
                               good ? Evidence::Proven : Evidence::ProvenAbsent,
                               good ? "valid and matching" : problemWords(*mx.tls)});
}

//! Why there is nothing to connect to.
ProbeOutcome outcomeWithoutAddress(net::DnsOutcome outcome) {
    switch (outcome) {
    case net::DnsOutcome::Records:
        return ProbeOutcome::PrivateAddress;
    case net::DnsOutcome::NoData:
    case net::DnsOutcome::NxDomain:
        return ProbeOutcome::NoAddress;
    case net::DnsOutcome::Bogus:
    case net::DnsOutcome::TempFailure:
        return ProbeOutcome::Unreachable;
    }
    return ProbeOutcome::Unreachable;
}
} // namespace

ProbeResult resolveMx(net::DnsResolver &resolver, const net::MxRecord &record,
                      const std::vector<base::IpNetwork> &privateNetworks, Deadline deadline,
                      const std::stop_token &stop) {
    ProbeResult result;
    auto &mx = result.mx;
    mx.host = record.host;
    mx.preference = record.preference;
    const auto found = net::lookUpHost(resolver, record.host, deadline, stop);
    std::vector<std::string> leftOut;
    for (const auto &address : found.addresses) {
        const bool usable =
            !base::isPrivateAddress(address) || base::isWithin(privateNetworks, address);
        (usable ? mx.addresses : leftOut).push_back(address);
    }
    auto detail = found.addresses.empty() ? found.detail : base::join(found.addresses, ", ");
    result.evidence.push_back(
        {"address:" + record.host, evidenceOf(found.outcome), std::move(detail)});
    if (found.canonicalName != record.host) {
        //= RFC 2181 §10.3: an MX must not name a CNAME; senders follow it all the same.
        result.evidence.push_back({"alias:" + record.host, Evidence::Proven, found.canonicalName});
    }
    if (!leftOut.empty()) {
        result.evidence.push_back(
            {"private:" + record.host, Evidence::Proven, base::join(leftOut, ", ")});
    }
    if (mx.addresses.empty()) {
        mx.outcome = outcomeWithoutAddress(found.outcome);
        mx.detail = std::string(toString(mx.outcome));
        mx.addresses = std::move(leftOut); // to be named, never to be connected to
    }
    return result;
}

ProbeResult probeMx(net::DnsResolver &resolver, const ProbeTarget &target,
                    const ProbeConfig &config, Deadline deadline, std::stop_token stop) {
    auto result = resolveMx(resolver, target.record, config.privateNetworks, deadline, stop);
    if (result.mx.outcome == ProbeOutcome::NotProbed) {
        Probe(result.mx, target.serverName, config, deadline, std::move(stop)).run();
    }
    addTlsEvidence(result);
    return result;
}

} // namespace sealpost::assurance
