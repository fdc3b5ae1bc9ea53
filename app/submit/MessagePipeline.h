// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/SmtpSession.h"
#include "submit/Failure.h"
#include "submit/Submission.h"

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sealpost::submit {

//! The messages of one session, after AUTH, in the fewest round trips that the server allows:
//! - with PIPELINING and CHUNKING, small messages go out one behind the other, several of them
//!   before the first reply is waited for;
//! - a large message is kept back until the server has taken one of its recipients;
//! - without PIPELINING each command waits for its reply; without CHUNKING there is DATA.
//! Every outcome is settled by what the server said and by how far the message had got: one that
//! was handed over and has no clear answer is Uncertain. Keeps references: used within one call.
class MessagePipeline {
public:
    //! `blank` is what every outcome starts from: server and TLS.
    MessagePipeline(net::SmtpSession &session, SubmitOutcome blank)
        : m_session(session), m_blank(std::move(blank)) {}

    //! One outcome for each, in their order; Submission::finished has been called for each.
    [[nodiscard]] std::vector<SubmitOutcome> run(std::span<const Submission> submissions);

private:
    //! One whose commands have been queued, the message among them.
    struct Flight {
        std::size_t index = 0;
        bool afterReset = false;
    };
    enum class Handover { NotYet, Done };

    void sendOne(std::size_t index);
    void sendSmall(std::size_t index);
    void sendWaiting(std::size_t index);
    void settleOldest();
    void settleAll();

    [[nodiscard]] Step<std::string> readSmall(const Submission &submission) const;
    [[nodiscard]] Result<bool> queueEnvelope(const Submission &submission);
    [[nodiscard]] Step<void> envelopeOneByOne(std::size_t index);
    [[nodiscard]] Step<void> envelopeReplies(const Flight &flight);
    [[nodiscard]] Step<void> resetReply();
    [[nodiscard]] Step<void> mailReply();
    [[nodiscard]] Step<void> recipientReply(RecipientResult &recipient);
    [[nodiscard]] Step<void> anybodyLeft(std::size_t index) const;
    [[nodiscard]] Step<void> dataReply();
    void giveUpData();
    void contentReply(std::size_t index, Result<net::SmtpReply> reply, Handover handover);

    [[nodiscard]] Step<net::SmtpReply> success(std::string_view stage);
    [[nodiscard]] bool offers(const char *keyword) const {
        return m_session.capabilities().contains(keyword);
    }
    void end(std::size_t index, Failure failure);
    void finish(std::size_t index);

    net::SmtpSession &m_session;
    SubmitOutcome m_blank;
    std::span<const Submission> m_submissions;
    std::vector<SubmitOutcome> m_outcomes;
    std::deque<Flight> m_flights;
    std::optional<Failure> m_over; //!< why the session takes no further message
    bool m_used = false;           //!< a transaction has begun, so that the next wants RSET
    bool m_closing = false;        //!< the server has said 421
};

} // namespace sealpost::submit
