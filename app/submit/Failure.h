// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "net/SmtpReplyParser.h"
#include "submit/SubmitOutcome.h"

#include <string>
#include <string_view>

namespace sealpost::submit {

//! How a step ended the whole.
struct Failure {
    Error error;
    Delivery delivery = Delivery::NotSent;
    std::string reply; //!< the server's words, where it has said any
};
template <class T> using Step = tl::expected<T, Failure>;

[[nodiscard]] inline tl::unexpected<Failure> give(Failure failure) {
    return tl::unexpected<Failure>(std::move(failure));
}

//! What of a reply may be logged, its codes: its text can name a recipient.
[[nodiscard]] std::string codesOf(const net::SmtpReply &reply);

//! No reply, or none that is SMTP, before anything was handed over.
[[nodiscard]] Failure broken(Error error, std::string_view stage);

//! A reply that is not the one hoped for; a 5xx makes it `onRefusal`.
[[nodiscard]] Failure negative(const net::SmtpReply &reply, std::string_view stage,
                               Delivery onRefusal);

//! Refused by us.
[[nodiscard]] Failure refused(std::string_view code, std::string_view stage, Reaction reaction,
                              std::string detail = {});

//! The reply where its first digit is 2, else why it is not.
[[nodiscard]] Step<net::SmtpReply> wantSuccess(Result<net::SmtpReply> reply, std::string_view stage,
                                               Delivery onRefusal);

//! Writes it into the outcome, for the message and for every recipient of whom nothing else has
//! been said.
void conclude(SubmitOutcome &outcome, Failure failure);

} // namespace sealpost::submit
