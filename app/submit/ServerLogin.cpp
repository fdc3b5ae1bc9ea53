// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/ServerLogin.h"

#include "base/Text.h"
#include "net/HostLookup.h"
#include "net/ProxyConnect.h"
#include "net/TcpStream.h"
#include "net/TlsaRecord.h"

#include <chrono>
#include <utility>

namespace sealpost::submit {

namespace {
using namespace std::chrono_literals;
using mail::SubmissionTls;

constexpr auto kConnectTime = 30s;
//! RFC 5321 §4.1.3; a desktop's own name or address is nobody's business.
constexpr std::string_view kClientName = "[127.0.0.1]";
constexpr int kAuthenticated = 235;

crypto::SaslProof proofOf(mail::SignIn signIn) {
    switch (signIn) {
    case mail::SignIn::Password:
        return crypto::SaslProof::Password;
    case mail::SignIn::OAuth:
        return crypto::SaslProof::AccessToken;
    case mail::SignIn::Certificate:
        return crypto::SaslProof::Certificate;
    }
    return crypto::SaslProof::Password;
}
} // namespace

ServerLogin::ServerLogin(net::DnsResolver &resolver, const ServerTrust &trust,
                         const mail::Account &account, Deadline deadline, std::stop_token stop)
    : m_resolver(resolver), m_trust(trust), m_account(account), m_deadline(deadline),
      m_stop(std::move(stop)) {
    m_tls.host = account.host;
    m_tls.caFile = trust.caFile;
    m_tls.minimumVersion = trust.minimumTls;
}

Step<void> ServerLogin::open(const Credentials &credentials) {
    m_tls.certificate = credentials.certificate;
    if (m_trust.dane) {
        if (auto done = findTlsa(); !done) {
            return done;
        }
    }
    if (auto done = connect(); !done) {
        return done;
    }
    if (m_account.tls == SubmissionTls::Implicit) {
        //= RFC 8314 §3.3: TLS from the first byte.
        if (auto done = m_session->implicitTls(m_tls); !done) {
            return give(broken(std::move(done.error()), "submit.tls"));
        }
    }
    if (auto done = greeting(); !done) {
        return done;
    }
    if (auto done = ehlo(); !done) {
        return done;
    }
    if (m_account.tls == SubmissionTls::StartTls) {
        if (auto done = startTls(); !done) {
            return done;
        }
        //= RFC 3207 §4.2: EHLO again; what was offered in the clear counts for nothing.
        if (auto done = ehlo(); !done) {
            return done;
        }
    }
    return authenticate(credentials);
}

//= RFC 7672 §2.2: only what DNSSEC proves counts. Policy asks for it, so nothing else will do.
Step<void> ServerLogin::findTlsa() {
    constexpr std::string_view kStage = "submit.resolve";
    const auto name = "_" + std::to_string(static_cast<std::uint16_t>(m_account.port)) + "._tcp." +
                      m_account.host;
    const auto answer = m_resolver.query(name, net::DnsType::Tlsa, m_deadline, m_stop);
    if (answer.outcome == net::DnsOutcome::TempFailure) {
        return give(refused("submit.resolve", kStage, Reaction::Retry, answer.detail));
    }
    if (answer.outcome == net::DnsOutcome::Bogus) {
        return give(refused("submit.host-bogus", kStage, Reaction::AskAdmin, answer.detail));
    }
    if (answer.security == net::DnsSecurity::Secure) {
        for (auto &record : net::tlsaRecords(answer)) {
            if (crypto::faultOf(record) == crypto::TlsaFault::None) {
                m_tls.tlsa.push_back(std::move(record));
            }
        }
    }
    return m_tls.tlsa.empty()
               ? Step<void>(give(refused("submit.dane-missing", kStage, Reaction::AskAdmin)))
               : Step<void>();
}

Step<void> ServerLogin::connect() {
    std::unique_ptr<net::ByteStream> stream;
    if (m_trust.way == net::NetworkWay::SystemProxy) {
        auto tunnel = net::connectByProxy(m_account.host, m_account.port,
                                          m_deadline.within(kConnectTime), m_stop);
        if (!tunnel) {
            return give(broken(std::move(tunnel.error()), "submit.connect"));
        }
        stream = std::move(*tunnel);
    }
    if (!stream) {
        auto direct = connectDirectly();
        if (!direct) {
            return give(std::move(direct.error()));
        }
        stream = std::move(*direct);
    }
    m_session = std::make_unique<net::SmtpSession>(std::move(stream));
    m_session->setDeadline(m_deadline, m_stop);
    return {};
}

Step<std::unique_ptr<net::ByteStream>> ServerLogin::connectDirectly() {
    const auto found = net::lookUpHost(m_resolver, m_account.host, m_deadline, m_stop);
    constexpr std::string_view kStage = "submit.resolve";
    switch (found.outcome) {
    case net::DnsOutcome::Records:
        break;
    case net::DnsOutcome::NoData:
    case net::DnsOutcome::NxDomain:
        return give(refused("submit.host-unknown", kStage, Reaction::FixInput));
    case net::DnsOutcome::Bogus:
        return give(refused("submit.host-bogus", kStage, Reaction::AskAdmin, found.detail));
    case net::DnsOutcome::TempFailure:
        return give(refused("submit.resolve", kStage, Reaction::Retry, found.detail));
    }
    auto stream =
        net::connectTcp(found.addresses, m_account.port, m_deadline.within(kConnectTime), m_stop);
    if (!stream) {
        return give(broken(std::move(stream.error()), "submit.connect"));
    }
    return std::move(*stream);
}

Step<void> ServerLogin::greeting() {
    const auto reply = wantSuccess(m_session->readGreeting(), "submit.greeting", Delivery::NotSent);
    return reply ? Step<void>() : give(reply.error());
}

Step<void> ServerLogin::ehlo() {
    const auto reply = wantSuccess(m_session->ehlo(kClientName), "submit.ehlo", Delivery::NotSent);
    return reply ? Step<void>() : give(reply.error());
}

Step<void> ServerLogin::startTls() {
    constexpr std::string_view kStage = "submit.starttls";
    if (!m_session->capabilities().contains("STARTTLS")) {
        return give(refused("submit.starttls-missing", kStage, Reaction::AskAdmin));
    }
    auto reply = m_session->startTls(m_tls);
    if (!reply) {
        const bool isTls = reply.error().code.starts_with("tls.");
        return give(broken(std::move(reply.error()), isTls ? "submit.tls" : kStage));
    }
    if (!m_session->underTls()) {
        auto failure = negative(*reply, kStage, Delivery::NotSent);
        if (reply->permanentNegative()) {
            failure.error.code = "submit.starttls-refused";
        }
        return give(std::move(failure));
    }
    return {};
}

//! A token that the server does not take any more is renewed once, in the same session.
Step<void> ServerLogin::authenticate(const Credentials &credentials) {
    auto step = authenticateOnce(credentials.secret);
    if (step || step.error().error.code != "submit.auth-failed" || !credentials.renew) {
        return step;
    }
    auto renewed = credentials.renew();
    if (!renewed) {
        return give(broken(std::move(renewed.error()), "submit.auth"));
    }
    return authenticateOnce(*renewed);
}

Step<void> ServerLogin::authenticateOnce(const base::SecretBytes &secret) {
    constexpr std::string_view kStage = "submit.auth";
    if (m_account.userName.empty() && m_account.signIn != mail::SignIn::Certificate) {
        return {};
    }
    const auto &capabilities = m_session->capabilities();
    const auto offered = capabilities.find("AUTH");
    const auto mechanisms = offered == capabilities.end()
                                ? std::vector<std::string>()
                                : base::split(base::asciiUpper(offered->second), ' ');
    const crypto::SaslIdentity identity{m_account.userName, m_account.host,
                                        static_cast<int>(m_account.port),
                                        m_session->channelBinding()};
    const auto chosen = crypto::strongestMechanism(mechanisms, proofOf(m_account.signIn),
                                                   !identity.binding.empty());
    if (chosen.empty()) {
        // A certificate may have said enough in the handshake already: then MAIL will tell.
        return m_account.signIn == mail::SignIn::Certificate
                   ? Step<void>()
                   : give(refused("submit.auth-missing", kStage, Reaction::AskAdmin,
                                  base::join(mechanisms, " ")));
    }
    auto client = crypto::SaslClient::start(chosen, identity, secret);
    if (!client) {
        return give(broken(std::move(client.error()), kStage));
    }
    auto reply = m_session->authenticate(**client);
    if (!reply) {
        return give(broken(std::move(reply.error()), kStage));
    }
    if (reply->code == kAuthenticated) {
        m_mechanism = chosen;
        return {};
    }
    auto failure = negative(*reply, kStage, Delivery::NotSent);
    if (reply->transientNegative()) {
        failure.error.code = "submit.auth-temporary";
    } else if (reply->permanentNegative()) {
        failure.error.code = "submit.auth-failed";
        failure.error.reaction = Reaction::FixInput;
    }
    return give(std::move(failure));
}

} // namespace sealpost::submit
