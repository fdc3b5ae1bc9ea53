// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/ForwardingCheck.h"

#include "base/Text.h"
#include "mail/SieveRedirects.h"
#include "net/HostLookup.h"
#include "net/TcpStream.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kStage = "forwarding-check";

Result<std::unique_ptr<net::ManageSieveSession>> connect(const ForwardingParts &parts,
                                                         const SieveServer &server,
                                                         Deadline deadline,
                                                         const std::stop_token &stop) {
    const auto found = net::lookUpHost(parts.resolver, server.host, deadline, stop);
    if (found.addresses.empty()) {
        const bool passing = found.outcome == net::DnsOutcome::TempFailure;
        return fail(passing ? "submit.host-temporary" : "submit.host-unknown", kStage,
                    passing ? Reaction::Retry : Reaction::FixInput, found.detail, server.host);
    }
    auto stream = net::connectTcp(found.addresses, server.port, deadline, stop);
    if (!stream) {
        return fail(stream.error());
    }
    auto session = net::ManageSieveSession::open(std::move(*stream), deadline, stop);
    if (!session) {
        return session;
    }
    crypto::TlsClientConfig tls;
    tls.host = server.host;
    tls.caFile = parts.caFile;
    tls.minimumVersion = parts.policy.submission.minimumVersion;
    if (auto secured = (*session)->startTls(tls); !secured) {
        return fail(secured.error());
    }
    return session;
}

//! The organisation's, or the mailbox's own where policy does not name the organisation.
bool isOwn(const policy::Policy &policy, const std::string &home, const std::string &domain) {
    const auto &internal = policy.internalDomains;
    if (internal.empty()) {
        return domain == home;
    }
    return std::any_of(internal.begin(), internal.end(), [&](const std::string &own) {
        return base::isSameOrSubdomain(domain, own);
    });
}

//! The least that OFFICIAL mail needs.
bool suffices(const policy::Policy &policy, Assurance assurance) {
    const auto row = policy.decision.find(policy::MessageClass::Official);
    return row != policy.decision.end() && row->second.tlsSuffices.contains(assurance);
}

//! Reads scripts, each once, and judges their redirects.
class Examination {
public:
    //! `home`: the mailbox's own domain.
    Examination(const ForwardingParts &parts, net::ManageSieveSession &session, std::string home,
                Deadline deadline, std::stop_token stop)
        : m_parts(parts), m_session(session), m_home(std::move(home)), m_deadline(deadline),
          m_stop(std::move(stop)) {}

    Result<void> read(const std::string &name) {
        std::vector<std::string> waiting{name};
        while (!waiting.empty()) {
            const auto script = waiting.back();
            waiting.pop_back();
            if (!m_read.insert(script).second) {
                continue;
            }
            const auto text = m_session.getScript(script);
            if (!text && text.error().code != "sieve.refused") {
                return fail(text.error());
            }
            if (!text) {
                // A global script of the server, or one that is gone: nobody can say what it does.
                rules.push_back({script, 0, {}, Assurance::Unknown, ForwardingProblem::Unknown});
                continue;
            }
            const auto reading = mail::readSieve(*text);
            for (const auto &redirect : reading.redirects) {
                rules.push_back(judged(script, redirect));
            }
            if (!reading.understood) {
                rules.push_back({script, 0, {}, Assurance::Unknown, ForwardingProblem::Unknown});
            }
            waiting.insert(waiting.end(), reading.includes.begin(), reading.includes.end());
        }
        return {};
    }

    std::vector<ForwardingRule> rules;

private:
    ForwardingRule judged(const std::string &script, const mail::SieveRedirect &redirect) {
        ForwardingRule rule{script, redirect.line, redirect.address, Assurance::Unknown,
                            ForwardingProblem::Unknown};
        const auto address = mail::Address::parse(redirect.address);
        if (redirect.computed || !address) {
            return rule;
        }
        if (!isOwn(m_parts.policy, m_home, address->domain())) {
            rule.problem = ForwardingProblem::Outside;
            return rule;
        }
        rule.assurance =
            m_parts.reports
                .assess(address->domain(), assurance::Freshness::Cached, m_deadline, m_stop)
                .assurance;
        rule.problem = suffices(m_parts.policy, rule.assurance) ? ForwardingProblem::None
                                                                : ForwardingProblem::Weaker;
        return rule;
    }

    const ForwardingParts &m_parts;
    net::ManageSieveSession &m_session;
    std::string m_home;
    Deadline m_deadline;
    std::stop_token m_stop;
    std::set<std::string> m_read;
};

} // namespace

bool ForwardingReport::hasProblem() const {
    return std::any_of(rules.begin(), rules.end(), [](const ForwardingRule &rule) {
        return rule.problem != ForwardingProblem::None;
    });
}

std::optional<SieveServer> sieveServerFrom(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto host = text.substr(0, colon);
    SieveServer server{base::asciiLower(host)};
    const bool good = !host.empty() && host.find_first_of(" /@[]") == std::string_view::npos &&
                      host.find(':') == std::string_view::npos;
    if (!good) {
        return std::nullopt;
    }
    if (colon != std::string_view::npos) {
        std::uint16_t port = 0;
        const auto digits = text.substr(colon + 1);
        const auto *end = digits.data() + digits.size();
        const auto [after, error] = std::from_chars(digits.data(), end, port);
        if (error != std::errc() || after != end || port == 0) {
            return std::nullopt;
        }
        server.port = Port{port};
    }
    return server;
}

Result<ForwardingReport> checkForwarding(const ForwardingParts &parts, const SieveServer &server,
                                         const mail::Account &account, const SecretBytes &password,
                                         Deadline deadline, const std::stop_token &stop) {
    ForwardingReport report;
    report.server = server.host + ":" + std::to_string(static_cast<std::uint16_t>(server.port));
    const auto located = [&](Error error) {
        if (error.subject.empty()) {
            error.subject = report.server;
        }
        return fail(std::move(error));
    };
    const auto session = connect(parts, server, deadline, stop);
    if (!session) {
        return located(session.error());
    }
    if (auto known = (*session)->authenticate(account.userName, password); !known) {
        return located(known.error());
    }
    auto scripts = (*session)->listScripts();
    if (!scripts) {
        return located(scripts.error());
    }
    report.scripts = std::move(*scripts);
    Examination examination(parts, **session, account.address.domain(), deadline, stop);
    for (const auto &script : report.scripts) {
        if (!script.active) {
            continue;
        }
        if (auto read = examination.read(script.name); !read) {
            return located(read.error());
        }
    }
    (*session)->logOut();
    report.rules = std::move(examination.rules);
    return report;
}

} // namespace sealpost::runtime
