// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/MessagePipeline.h"

#include "base/Text.h"
#include "net/ContentCheck.h"
#include "submit/MailParameters.h"
#include "submit/QueueId.h"

#include <algorithm>
#include <utility>

namespace sealpost::submit {

namespace {

using net::ContentFraming;
using net::SmtpReply;

//! Messages on the wire without a reply: enough to fill the line, few enough that not many are
//! uncertain where it breaks.
constexpr std::size_t kWindow = 16;
constexpr ByteCount kSmall = 64 * base::kKiB;
constexpr int kStartInput = 354;
constexpr int kClosing = 421;
constexpr std::string_view kContentStage = "submit.content";
constexpr std::string_view kReplyStage = "submit.reply";

//! What the others get that were still to come when the session ended by this.
Failure forTheOthers(const Failure &failure) {
    auto others = broken(failure.error, failure.error.stage);
    others.reply = failure.reply;
    return others;
}

bool isNonsense(const Failure &failure) {
    return failure.error.code == "smtp.garbage";
}

//! A relay that many customers share, behind a name of their own, shows the relay's certificate.
Step<void> mayGoThrough(const Submission &submission, const std::vector<std::string> &names) {
    for (const auto &relay : submission.notThrough) {
        const auto isRelays = [&](const std::string &name) {
            const auto host = name.starts_with("*.") ? name.substr(2) : name;
            return base::isSameOrSubdomain(base::asciiLower(host), relay);
        };
        if (std::any_of(names.begin(), names.end(), isRelays)) {
            return give(refused("submit.shared-relay", "submit.mail", Reaction::AskAdmin, relay));
        }
    }
    return {};
}

} // namespace

std::vector<SubmitOutcome> MessagePipeline::run(std::span<const Submission> submissions) {
    m_submissions = submissions;
    for (const auto &submission : submissions) {
        m_outcomes.push_back(m_blank);
        for (const auto &recipient : submission.recipients) {
            m_outcomes.back().recipients.push_back({recipient, Delivery::NotSent, {}});
        }
    }
    for (std::size_t i = 0; i < submissions.size(); ++i) {
        sendOne(i);
    }
    if (!m_flights.empty()) {
        m_session.queueQuit();
    }
    settleAll();
    return std::move(m_outcomes);
}

void MessagePipeline::sendOne(std::size_t index) {
    const auto &submission = m_submissions[index];
    if (auto good = fits(submission, m_session.capabilities()); !good) {
        return end(index, std::move(good.error()));
    }
    const auto &peer = m_session.peer();
    if (auto may = mayGoThrough(submission, peer ? peer->names : std::vector<std::string>());
        !may) {
        return end(index, std::move(may.error()));
    }
    const bool small = submission.size <= kSmall && offers("PIPELINING") && offers("CHUNKING");
    const std::size_t room = small ? kWindow - 1 : 0;
    while (m_flights.size() > room) {
        settleOldest();
    }
    if (m_over) {
        return end(index, *m_over);
    }
    if (small) {
        sendSmall(index);
    } else {
        sendWaiting(index);
    }
}

//! The whole of it, looked at before a word of it is said.
Step<std::string> MessagePipeline::readSmall(const Submission &submission) const {
    const auto stop = [](Error error) { return give(broken(std::move(error), kContentStage)); };
    auto source = submission.open();
    if (!source) {
        return stop(std::move(source.error()));
    }
    std::string message(submission.size + 1, '\0');
    std::size_t size = 0;
    while (size < message.size()) {
        const auto count = (*source)->read(std::span(message).subspan(size));
        if (!count) {
            return stop(count.error());
        }
        if (*count == 0) {
            break;
        }
        size += *count;
    }
    if (size != submission.size) {
        return stop({"smtp.size-differs", {}, Reaction::Bug, {}, {}});
    }
    message.resize(size);
    net::ContentCheck check;
    auto good = check.add(message);
    if (good) {
        good = check.finish();
    }
    if (good && submission.beforeLastDot) {
        good = submission.beforeLastDot();
    }
    return good ? Step<std::string>(std::move(message)) : stop(std::move(good.error()));
}

void MessagePipeline::sendSmall(std::size_t index) {
    const auto &submission = m_submissions[index];
    auto message = readSmall(submission);
    if (!message) {
        return end(index, std::move(message.error()));
    }
    const auto afterReset = queueEnvelope(submission);
    auto queued = afterReset ? m_session.chunk(*message) : Result<void>(fail(afterReset.error()));
    if (!queued) {
        return end(index, broken(std::move(queued.error()), "submit.mail"));
    }
    m_flights.push_back({index, *afterReset});
}

//! Whether RSET stands before it. What an earlier transaction left open must not mix with this one
//! (RFC 5321 §4.1.4), and RSET costs no round trip here.
Result<bool> MessagePipeline::queueEnvelope(const Submission &submission) {
    const bool afterReset = std::exchange(m_used, true);
    auto queued = afterReset ? m_session.rset() : Result<void>();
    const auto &offered = m_session.capabilities();
    if (queued) {
        queued = m_session.mailFrom(submission.envelopeFrom, mailParameters(submission, offered));
    }
    for (std::size_t i = 0; queued && i < submission.recipients.size(); ++i) {
        const auto &recipient = submission.recipients[i];
        queued = m_session.rcptTo(recipient, rcptParameters(submission, recipient, offered));
    }
    return queued ? Result<bool>(afterReset) : fail(queued.error());
}

void MessagePipeline::settleAll() {
    while (!m_flights.empty()) {
        settleOldest();
    }
}

void MessagePipeline::settleOldest() {
    const auto flight = m_flights.front();
    m_flights.pop_front();
    auto step = envelopeReplies(flight);
    // Also where nobody is left: the reply to the message is on account and comes.
    auto reply = m_session.nextReply();
    if (step) {
        return contentReply(flight.index, std::move(reply), Handover::Done);
    }
    auto failure = std::move(step.error());
    if (failure.reply.empty() || isNonsense(failure)) {
        // The message was out, and nobody can say what became of it.
        return contentReply(flight.index, fail(std::move(failure.error)), Handover::Done);
    }
    end(flight.index, std::move(failure));
}

//! One that waits for its recipients' replies before any of it is handed over.
void MessagePipeline::sendWaiting(std::size_t index) {
    const auto &submission = m_submissions[index];
    auto source = submission.open();
    if (!source) {
        return end(index, broken(std::move(source.error()), kContentStage));
    }
    const bool grouped = offers("PIPELINING");
    const bool chunked = offers("CHUNKING");
    Step<void> step;
    if (grouped) {
        const auto afterReset = queueEnvelope(submission);
        auto queued = afterReset && !chunked ? m_session.data() : Result<void>();
        if (!afterReset || !queued) {
            return end(index,
                       broken(afterReset ? queued.error() : afterReset.error(), "submit.mail"));
        }
        step = envelopeReplies({index, *afterReset});
        if (!step && !chunked && !step.error().reply.empty()) {
            giveUpData();
        }
    } else {
        step = envelopeOneByOne(index);
    }
    if (step && !chunked) {
        if (!grouped) {
            (void)m_session.data(); // where it fails, so does its reply
        }
        step = dataReply();
    }
    if (!step) {
        return end(index, std::move(step.error()));
    }
    auto handover = Handover::NotYet;
    auto reply = m_session.content(
        **source, chunked ? ContentFraming::Chunk : ContentFraming::Dots, submission.size, [&] {
            auto agreed = submission.beforeLastDot ? submission.beforeLastDot() : Result<void>();
            handover = agreed ? Handover::Done : Handover::NotYet;
            return agreed;
        });
    contentReply(index, std::move(reply), handover);
}

Step<void> MessagePipeline::envelopeOneByOne(std::size_t index) {
    const auto &submission = m_submissions[index];
    const auto &offered = m_session.capabilities();
    if (std::exchange(m_used, true)) {
        (void)m_session.rset();
        if (auto step = resetReply(); !step) {
            return step;
        }
    }
    (void)m_session.mailFrom(submission.envelopeFrom, mailParameters(submission, offered));
    if (auto step = mailReply(); !step) {
        return step;
    }
    for (auto &recipient : m_outcomes[index].recipients) {
        const auto &spec = recipient.addressSpec;
        (void)m_session.rcptTo(spec, rcptParameters(submission, spec, offered));
        if (auto step = recipientReply(recipient); !step) {
            return step;
        }
    }
    return anybodyLeft(index);
}

//! Reads all that is on account for the envelope, whatever the first of it says.
Step<void> MessagePipeline::envelopeReplies(const Flight &flight) {
    Step<void> first;
    const auto take = [&first](Step<void> step) {
        if (first && !step) {
            first = std::move(step);
        }
    };
    if (flight.afterReset) {
        take(resetReply());
    }
    take(mailReply());
    for (auto &recipient : m_outcomes[flight.index].recipients) {
        const bool refusedBefore = !first;
        auto step = recipientReply(recipient);
        if (refusedBefore) {
            // What it says of a recipient without a sender says nothing of the recipient.
            recipient.delivery = Delivery::NotSent;
            recipient.reply.clear();
        } else {
            take(std::move(step));
        }
    }
    if (first) {
        first = anybodyLeft(flight.index);
    }
    return first;
}

Step<SmtpReply> MessagePipeline::success(std::string_view stage) {
    auto reply = m_session.nextReply();
    if (reply && reply->code == kClosing) {
        m_closing = true;
    }
    return wantSuccess(std::move(reply), stage, Delivery::Refused);
}

Step<void> MessagePipeline::resetReply() {
    auto reply = success("submit.mail");
    // A server that can't reset says so again to MAIL.
    const bool said = reply || (!reply.error().reply.empty() && !isNonsense(reply.error()));
    return said ? Step<void>() : give(std::move(reply.error()));
}

Step<void> MessagePipeline::mailReply() {
    auto reply = success("submit.mail");
    return reply ? Step<void>() : give(std::move(reply.error()));
}

//! An error only where the dialogue can't go on.
Step<void> MessagePipeline::recipientReply(RecipientResult &recipient) {
    auto reply = success("submit.rcpt");
    if (reply) {
        recipient.reply = reply->text();
        return {};
    }
    auto &failure = reply.error();
    if (failure.reply.empty() || isNonsense(failure)) {
        return give(std::move(failure));
    }
    recipient.delivery = failure.delivery;
    recipient.reply = failure.reply;
    return {};
}

Step<void> MessagePipeline::anybodyLeft(std::size_t index) const {
    const auto &recipients = m_outcomes[index].recipients;
    const auto has = [&](Delivery delivery) {
        return std::any_of(recipients.begin(), recipients.end(),
                           [&](const auto &one) { return one.delivery == delivery; });
    };
    if (has(Delivery::NotSent)) {
        return {};
    }
    const bool later = has(Delivery::Deferred);
    // "550 5.1.1": what may be logged of the first one's reply.
    net::SmtpReplyParser parser;
    parser.feed(recipients.front().reply + "\r\n");
    const auto first = parser.next();
    auto none = refused(later ? "submit.deferred" : "submit.recipients-refused", "submit.rcpt",
                        later ? Reaction::Retry : Reaction::FixInput,
                        first && *first ? codesOf(**first) : std::string());
    none.delivery = later ? Delivery::Deferred : Delivery::Refused;
    none.reply = recipients.front().reply;
    return give(std::move(none));
}

Step<void> MessagePipeline::dataReply() {
    constexpr std::string_view kStage = "submit.data";
    auto reply = m_session.nextReply();
    if (!reply) {
        return give(broken(std::move(reply.error()), kStage));
    }
    m_closing = m_closing || reply->code == kClosing;
    return reply->code == kStartInput ? Step<void>()
                                      : give(negative(*reply, kStage, Delivery::Refused));
}

//= RFC 2920 §3.1: a server that says 354 although it took no recipient gets a dot alone.
void MessagePipeline::giveUpData() {
    if (const auto reply = m_session.nextReply(); reply && reply->code == kStartInput) {
        base::ViewSource nothing("");
        (void)m_session.content(nothing, ContentFraming::Dots, 0, {});
    }
}

void MessagePipeline::contentReply(std::size_t index, Result<SmtpReply> reply, Handover handover) {
    const bool out = handover == Handover::Done;
    if (!reply) {
        if (!out || m_closing) {
            // 421: the server has said that it takes nothing more (RFC 5321 §3.8).
            return end(index, broken(std::move(reply.error()), out ? kReplyStage : kContentStage));
        }
        // The last of it may have arrived, and the message with it.
        reply.error().stage = kReplyStage;
        return end(index, {std::move(reply.error()), Delivery::Uncertain, {}});
    }
    m_closing = m_closing || reply->code == kClosing;
    if (reply->code / 100 != 2) {
        auto failure = negative(*reply, out ? kReplyStage : kContentStage, Delivery::Refused);
        if (out && isNonsense(failure)) {
            failure.delivery = Delivery::Uncertain;
        }
        return end(index, std::move(failure));
    }
    auto &outcome = m_outcomes[index];
    outcome.reply = reply->text();
    outcome.queueId = queueIdFrom(outcome.reply);
    outcome.delivery = Delivery::Accepted;
    for (auto &recipient : outcome.recipients) {
        if (recipient.delivery == Delivery::NotSent) {
            recipient.delivery = Delivery::Accepted;
        }
    }
    finish(index);
}

void MessagePipeline::end(std::size_t index, Failure failure) {
    if (isNonsense(failure)) {
        // Which reply answers which command is anybody's guess from here on.
        m_session.quit();
    }
    if (!m_over && (m_closing || !m_session.isOpen())) {
        m_over = forTheOthers(failure);
    }
    conclude(m_outcomes[index], std::move(failure));
    finish(index);
}

void MessagePipeline::finish(std::size_t index) {
    if (m_submissions[index].finished) {
        m_submissions[index].finished(m_outcomes[index]);
    }
}

} // namespace sealpost::submit
