// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/Failure.h"

#include <utility>

namespace sealpost::submit {

std::string codesOf(const net::SmtpReply &reply) {
    return std::to_string(reply.code) + (reply.enhanced.empty() ? "" : " " + reply.enhanced);
}

Failure broken(Error error, std::string_view stage) {
    error.stage = stage;
    const bool passing = error.reaction == Reaction::Retry && error.code != "net.stopped";
    return {std::move(error), passing ? Delivery::Deferred : Delivery::NotSent, {}};
}

Failure negative(const net::SmtpReply &reply, std::string_view stage, Delivery onRefusal) {
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
                std::string detail) {
    const auto delivery = reaction == Reaction::Retry ? Delivery::Deferred : Delivery::NotSent;
    return {Error{std::string(code), std::string(stage), reaction, std::move(detail), {}},
            delivery,
            {}};
}

Step<net::SmtpReply> wantSuccess(Result<net::SmtpReply> reply, std::string_view stage,
                                 Delivery onRefusal) {
    if (!reply) {
        return give(broken(std::move(reply.error()), stage));
    }
    if (reply->code / 100 != 2) {
        return give(negative(*reply, stage, onRefusal));
    }
    return std::move(*reply);
}

void conclude(SubmitOutcome &outcome, Failure failure) {
    for (auto &recipient : outcome.recipients) {
        if (recipient.delivery == Delivery::NotSent) {
            recipient.delivery = failure.delivery;
            if (!failure.reply.empty()) {
                recipient.reply = failure.reply;
            }
        }
    }
    if (failure.error.subject.empty()) {
        failure.error.subject = outcome.server;
    }
    outcome.delivery = failure.delivery;
    outcome.reply = std::move(failure.reply);
    outcome.error = std::move(failure.error);
}

} // namespace sealpost::submit
