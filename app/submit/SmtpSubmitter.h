// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Deadline.h"
#include "base/SecretBytes.h"
#include "base/Units.h"
#include "mail/Account.h"
#include "net/DnsResolver.h"
#include "submit/SubmitOutcome.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::submit {

//! One message for one server.
struct Submission {
    std::string envelopeFrom; //!< addr-spec, A-label domain
    std::vector<std::string> recipients;
    base::ByteSource *message = nullptr; //!< CRLF; read once
    ByteCount size = 0;                  //!< of the message
    //! Called after all content is written and before the last dot; an error ends the dialogue
    //! there, and nothing counts as handed over.
    std::function<Result<void>()> beforeLastDot;
};

//! Submits: what the executor needs, and what tests put in its place.
class Submitter {
public:
    Submitter() = default;
    Submitter(const Submitter &) = delete;
    Submitter &operator=(const Submitter &) = delete;
    virtual ~Submitter() = default;
    //! `password` is not used where the account has no user name. Never throws, never an Error:
    //! what failed is in the outcome. Where a recipient of several is refused, the message goes to
    //! the others and the outcome says so.
    [[nodiscard]] virtual SubmitOutcome submit(const mail::Account &account,
                                               const base::SecretBytes &password,
                                               const Submission &submission, Deadline deadline,
                                               std::stop_token stop) = 0;
    //! Everything up to AUTH, then QUIT: the outcome's delivery is NotSent and `error` is empty
    //! where all of it went well.
    [[nodiscard]] virtual SubmitOutcome test(const mail::Account &account,
                                             const base::SecretBytes &password, Deadline deadline,
                                             std::stop_token stop) = 0;
};

//! Over SmtpSession: TLS 1.2 or later before anything else, certificate and name verified; there
//! is no way to switch that off. AUTH PLAIN only under that TLS.
//!
//! Errors in the outcome, each with the stage that it happened in ("submit.resolve",
//! "submit.connect", "submit.tls", "submit.greeting", "submit.ehlo", "submit.starttls",
//! "submit.auth", "submit.mail", "submit.rcpt", "submit.data", "submit.content", "submit.reply"):
//! - FixInput "submit.host-unknown", "submit.auth-failed", "submit.too-large" (detail: both sizes),
//!   "submit.recipients-refused" (all of them), "submit.smtputf8" (an address is not ASCII);
//! - AskAdmin "submit.host-bogus" (DNSSEC), "submit.starttls-missing", "submit.starttls-refused",
//!   "submit.auth-missing" (no PLAIN; detail: what is offered), "submit.refused" (any other 5xx),
//!   "smtp.injected", and TlsEngine's: "tls.certificate" (the outcome's tls says what was wrong);
//! - Retry "submit.resolve", "submit.auth-temporary", "submit.deferred" (any other 4xx),
//!   "net.…", "smtp.hung-up", "smtp.garbage", "smtp.endless", "tls.closed";
//! - those of the message's source and of beforeLastDot, as they are.
//! Delivery: a Retry before the last dot is Deferred (a stop NotSent); a 5xx to MAIL, RCPT, DATA or
//! the message is Refused; a 5xx before that, and FixInput and AskAdmin of ours, NotSent; anything
//! but a clear reply after the last dot Uncertain.
class SmtpSubmitter final : public Submitter {
public:
    SmtpSubmitter(std::shared_ptr<net::DnsResolver> resolver, std::optional<std::string> caFile);
    [[nodiscard]] SubmitOutcome submit(const mail::Account &account,
                                       const base::SecretBytes &password,
                                       const Submission &submission, Deadline deadline,
                                       std::stop_token stop) override;
    [[nodiscard]] SubmitOutcome test(const mail::Account &account,
                                     const base::SecretBytes &password, Deadline deadline,
                                     std::stop_token stop) override;

private:
    std::shared_ptr<net::DnsResolver> m_resolver;
    std::optional<std::string> m_caFile;
};

} // namespace sealpost::submit
