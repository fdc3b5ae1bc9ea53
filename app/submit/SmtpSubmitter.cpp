// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/SmtpSubmitter.h"

#include "base/Text.h"
#include "net/HostLookup.h"
#include "net/SmtpSession.h"
#include "net/TcpStream.h"
#include "submit/QueueId.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace sealpost::submit {

namespace {
using namespace std::chrono_literals;
using mail::SubmissionTls;
using net::SmtpReply;

constexpr auto kConnectTime = 30s;
//! RFC 5321 §4.1.3; a desktop's own name or address is nobody's business.
constexpr std::string_view kClientName = "[127.0.0.1]";
constexpr int kAuthenticated = 235;
constexpr int kStartInput = 354;

//! How a step ended the whole.
struct Failure {
    Error error;
    Delivery delivery = Delivery::NotSent;
    std::string reply; //!< the server's words, where it has said any
};
template <class T> using Step = tl::expected<T, Failure>;

auto give(Failure failure) {
    return tl::unexpected<Failure>(std::move(failure));
}

//! What of a reply may be logged: its text can name a recipient.
std::string codesOf(const SmtpReply &reply) {
    return std::to_string(reply.code) + (reply.enhanced.empty() ? "" : " " + reply.enhanced);
}

//! No reply, or none that is SMTP, before anything was handed over.
Failure broken(Error error, std::string_view stage) {
    error.stage = stage;
    const bool passing = error.reaction == Reaction::Retry && error.code != "net.stopped";
    return {std::move(error), passing ? Delivery::Deferred : Delivery::NotSent, {}};
}

//! A reply that is not the one hoped for.
Failure negative(const SmtpReply &reply, std::string_view stage, Delivery onRefusal) {
    Error error{"smtp.garbage", std::string(stage), Reaction::Retry, codesOf(reply), {}};
    auto delivery = Delivery::Deferred;
    if (reply.transientNegative()) {
        error.code = "submit.deferred";
    } else if (reply.permanentNegative()) {
        error.code = "submit.refused";
        error.reaction = Reaction::AskAdmin;
        delivery = onRefusal;
    }
    return {std::move(error), delivery, reply.text()};
}

Failure refused(std::string_view code, std::string_view stage, Reaction reaction,
                std::string detail = {}) {
    const auto delivery = reaction == Reaction::Retry ? Delivery::Deferred : Delivery::NotSent;
    return {Error{std::string(code), std::string(stage), reaction, std::move(detail), {}},
            delivery,
            {}};
}

//! The reply where its first digit is 2, else why it is not.
Step<SmtpReply> wantSuccess(Result<SmtpReply> reply, std::string_view stage, Delivery onRefusal) {
    if (!reply) {
        return give(broken(std::move(reply.error()), stage));
    }
    if (reply->code / 100 != 2) {
        return give(negative(*reply, stage, onRefusal));
    }
    return std::move(*reply);
}

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 128; });
}

//! One submission from the first packet to QUIT.
class Conversation {
public:
    Conversation(net::DnsResolver &resolver, const std::optional<std::string> &caFile,
                 const mail::Account &account, Deadline deadline, std::stop_token stop)
        : m_resolver(resolver), m_account(account), m_deadline(deadline), m_stop(std::move(stop)) {
        m_tls.host = account.host;
        m_tls.caFile = caFile;
        m_outcome.server =
            account.host + ":" + std::to_string(static_cast<std::uint16_t>(account.port));
    }

    //! Everything up to and with AUTH.
    Step<void> open(const base::SecretBytes &password);
    //! The message.
    Step<void> send(const Submission &submission);
    void expectRecipients(const std::vector<std::string> &recipients);
    //! Ends the dialogue and gives what came out.
    SubmitOutcome finish(const Step<void> &step);

private:
    Step<void> connect();
    Step<void> greeting();
    Step<void> ehlo();
    Step<void> startTls();
    Step<void> authenticate(const base::SecretBytes &password);
    Step<void> checkSize(const Submission &submission) const;
    Step<void> mailFrom(const Submission &submission);
    Step<void> recipients();
    Step<void> content(const Submission &submission);
    //! For every recipient about whom nothing else has been said.
    void settle(Delivery delivery, const std::string &reply);

    net::DnsResolver &m_resolver;
    const mail::Account &m_account;
    Deadline m_deadline;
    std::stop_token m_stop;
    crypto::TlsClientConfig m_tls; //!< PeerCheck::Enforce and TLS 1.2, its defaults
    std::unique_ptr<net::SmtpSession> m_session;
    SubmitOutcome m_outcome;
};

Step<void> Conversation::open(const base::SecretBytes &password) {
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
    return authenticate(password);
}

Step<void> Conversation::connect() {
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
    m_session = std::make_unique<net::SmtpSession>(std::move(*stream));
    m_session->setDeadline(m_deadline, m_stop);
    return {};
}

Step<void> Conversation::greeting() {
    const auto reply = wantSuccess(m_session->readGreeting(), "submit.greeting", Delivery::NotSent);
    return reply ? Step<void>() : give(reply.error());
}

Step<void> Conversation::ehlo() {
    const auto reply = wantSuccess(m_session->ehlo(kClientName), "submit.ehlo", Delivery::NotSent);
    return reply ? Step<void>() : give(reply.error());
}

Step<void> Conversation::startTls() {
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

Step<void> Conversation::authenticate(const base::SecretBytes &password) {
    constexpr std::string_view kStage = "submit.auth";
    if (m_account.userName.empty()) {
        return {};
    }
    const auto &capabilities = m_session->capabilities();
    const auto offered = capabilities.find("AUTH");
    const auto mechanisms = offered == capabilities.end()
                                ? std::vector<std::string>()
                                : base::split(base::asciiUpper(offered->second), ' ');
    if (std::find(mechanisms.begin(), mechanisms.end(), "PLAIN") == mechanisms.end()) {
        return give(refused("submit.auth-missing", kStage, Reaction::AskAdmin,
                            base::join(mechanisms, " ")));
    }
    auto reply = m_session->authPlain(m_account.userName, password);
    if (!reply) {
        return give(broken(std::move(reply.error()), kStage));
    }
    if (reply->code == kAuthenticated) {
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

void Conversation::expectRecipients(const std::vector<std::string> &recipients) {
    for (const auto &recipient : recipients) {
        m_outcome.recipients.push_back({recipient, Delivery::NotSent, {}});
    }
}

Step<void> Conversation::send(const Submission &submission) {
    if (auto done = checkSize(submission); !done) {
        return done;
    }
    if (auto done = mailFrom(submission); !done) {
        return done;
    }
    if (auto done = recipients(); !done) {
        return done;
    }
    auto reply = m_session->data();
    if (!reply) {
        return give(broken(std::move(reply.error()), "submit.data"));
    }
    if (reply->code != kStartInput) {
        return give(negative(*reply, "submit.data", Delivery::Refused));
    }
    return content(submission);
}

//= RFC 1870 §6.1: a message known to be too big is not sent to be refused.
Step<void> Conversation::checkSize(const Submission &submission) const {
    const auto offered = m_session->capabilities().find("SIZE");
    if (offered == m_session->capabilities().end()) {
        return {};
    }
    ByteCount limit = 0;
    const auto &text = offered->second;
    std::from_chars(text.data(), text.data() + text.size(), limit);
    // 0, or no number: no fixed limit.
    if (limit == 0 || submission.size <= limit) {
        return {};
    }
    return give(
        refused("submit.too-large", "submit.mail", Reaction::FixInput,
                "message " + std::to_string(submission.size) + ", limit " + std::to_string(limit)));
}

Step<void> Conversation::mailFrom(const Submission &submission) {
    constexpr std::string_view kStage = "submit.mail";
    //= RFC 6531 §3.1: no such address goes to a server without SMTPUTF8, which we do not speak.
    const bool ascii = isAscii(submission.envelopeFrom) &&
                       std::all_of(submission.recipients.begin(), submission.recipients.end(),
                                   [](const auto &spec) { return isAscii(spec); });
    if (!ascii) {
        return give(refused("submit.smtputf8", kStage, Reaction::FixInput));
    }
    const auto parameters = m_session->capabilities().contains("SIZE")
                                ? " SIZE=" + std::to_string(submission.size)
                                : std::string();
    const auto reply = wantSuccess(m_session->mailFrom(submission.envelopeFrom, parameters), kStage,
                                   Delivery::Refused);
    return reply ? Step<void>() : give(reply.error());
}

Step<void> Conversation::recipients() {
    constexpr std::string_view kStage = "submit.rcpt";
    bool anyAccepted = false;
    bool anyDeferred = false;
    std::string firstCodes;
    for (auto &recipient : m_outcome.recipients) {
        auto reply =
            wantSuccess(m_session->rcptTo(recipient.addressSpec), kStage, Delivery::Refused);
        if (reply) {
            recipient.reply = reply->text();
            anyAccepted = true;
            continue;
        }
        auto &failure = reply.error();
        if (failure.reply.empty()) {
            return give(std::move(failure));
        }
        recipient.delivery = failure.delivery;
        recipient.reply = failure.reply;
        anyDeferred = anyDeferred || failure.delivery == Delivery::Deferred;
        if (firstCodes.empty()) {
            firstCodes = failure.error.logSafeDetail;
        }
    }
    if (anyAccepted) {
        return {};
    }
    (void)m_session->rset();
    Failure none = refused(anyDeferred ? "submit.deferred" : "submit.recipients-refused", kStage,
                           anyDeferred ? Reaction::Retry : Reaction::FixInput, firstCodes);
    none.delivery = anyDeferred ? Delivery::Deferred : Delivery::Refused;
    return give(std::move(none));
}

Step<void> Conversation::content(const Submission &submission) {
    constexpr std::string_view kReplyStage = "submit.reply";
    bool handedOver = false;
    auto reply = m_session->content(*submission.message, [&]() -> Result<void> {
        auto agreed = submission.beforeLastDot ? submission.beforeLastDot() : Result<void>();
        handedOver = agreed.has_value();
        return agreed;
    });
    if (!reply) {
        if (!handedOver) {
            return give(broken(std::move(reply.error()), "submit.content"));
        }
        // The dot may have arrived, and the message with it.
        reply.error().stage = kReplyStage;
        return give({std::move(reply.error()), Delivery::Uncertain, {}});
    }
    m_outcome.reply = reply->text();
    if (reply->code / 100 == 2) {
        m_outcome.queueId = queueIdFrom(m_outcome.reply);
        m_outcome.delivery = Delivery::Accepted;
        settle(Delivery::Accepted, {});
        return {};
    }
    auto failure = negative(*reply, handedOver ? kReplyStage : "submit.content", Delivery::Refused);
    if (handedOver && failure.error.code == "smtp.garbage") {
        failure.delivery = Delivery::Uncertain;
    }
    return give(std::move(failure));
}

void Conversation::settle(Delivery delivery, const std::string &reply) {
    for (auto &recipient : m_outcome.recipients) {
        if (recipient.delivery == Delivery::NotSent) {
            recipient.delivery = delivery;
            if (!reply.empty()) {
                recipient.reply = reply;
            }
        }
    }
}

SubmitOutcome Conversation::finish(const Step<void> &step) {
    if (m_session) {
        m_outcome.tls = m_session->peer();
        m_session->quit();
    }
    if (!step) {
        const auto &failure = step.error();
        m_outcome.delivery = failure.delivery;
        m_outcome.error = failure.error;
        if (m_outcome.error->subject.empty()) {
            m_outcome.error->subject = m_outcome.server;
        }
        if (m_outcome.reply.empty()) {
            m_outcome.reply = failure.reply;
        }
        settle(failure.delivery, failure.reply);
    }
    return std::move(m_outcome);
}

} // namespace

SmtpSubmitter::SmtpSubmitter(std::shared_ptr<net::DnsResolver> resolver,
                             std::optional<std::string> caFile)
    : m_resolver(std::move(resolver)), m_caFile(std::move(caFile)) {}

SubmitOutcome SmtpSubmitter::submit(const mail::Account &account, const base::SecretBytes &password,
                                    const Submission &submission, Deadline deadline,
                                    std::stop_token stop) {
    Conversation conversation(*m_resolver, m_caFile, account, deadline, std::move(stop));
    conversation.expectRecipients(submission.recipients);
    auto step = conversation.open(password);
    if (step) {
        step = conversation.send(submission);
    }
    return conversation.finish(step);
}

SubmitOutcome SmtpSubmitter::test(const mail::Account &account, const base::SecretBytes &password,
                                  Deadline deadline, std::stop_token stop) {
    Conversation conversation(*m_resolver, m_caFile, account, deadline, std::move(stop));
    auto outcome = conversation.finish(conversation.open(password));
    outcome.delivery = Delivery::NotSent;
    return outcome;
}

} // namespace sealpost::submit
