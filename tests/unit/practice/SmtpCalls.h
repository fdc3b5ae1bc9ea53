// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "crypto/SaslClient.h"
#include "net/SmtpSession.h"

#include <functional>
#include <string>
#include <string_view>

//! SmtpSession one command at a time: each call waits for its reply.
namespace sealpost::practice::testing {

inline Result<net::SmtpReply> signIn(net::SmtpSession &session, const std::string &user,
                                     std::string_view password) {
    const auto client = crypto::SaslClient::start("PLAIN", {user, "smtp.practice.example", 465, {}},
                                                  SecretBytes(password));
    return client ? session.authenticate(**client) : fail(client.error());
}

inline Result<net::SmtpReply> replyTo(net::SmtpSession &session, Result<void> said) {
    return said ? session.nextReply() : fail(said.error());
}

inline Result<net::SmtpReply> mailFrom(net::SmtpSession &session, std::string_view addressSpec,
                                       std::string_view parameters = {}) {
    return replyTo(session, session.mailFrom(addressSpec, parameters));
}

inline Result<net::SmtpReply> rcptTo(net::SmtpSession &session, std::string_view addressSpec) {
    return replyTo(session, session.rcptTo(addressSpec));
}

inline Result<net::SmtpReply> data(net::SmtpSession &session) {
    return replyTo(session, session.data());
}

inline Result<net::SmtpReply> content(
    net::SmtpSession &session, std::string_view message,
    const std::function<Result<void>()> &beforeTheEnd = [] { return Result<void>(); }) {
    base::ViewSource source(message);
    return session.content(source, net::ContentFraming::Dots, message.size(), beforeTheEnd);
}

} // namespace sealpost::practice::testing
