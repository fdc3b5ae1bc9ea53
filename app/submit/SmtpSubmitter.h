// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "mail/Account.h"
#include "net/DnsResolver.h"
#include "submit/Credentials.h"
#include "submit/ServerLogin.h"
#include "submit/Submission.h"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::submit {

//! Submits: what the executor needs, and what tests put in its place.
class Submitter {
public:
    Submitter() = default;
    Submitter(const Submitter &) = delete;
    Submitter &operator=(const Submitter &) = delete;
    virtual ~Submitter() = default;
    //! All in one session, one outcome for each. The secret is not used where the account has no
    //! user name. Never throws, never an Error: what failed is in the outcomes. Where a recipient
    //! of several is refused, the message goes to the others and the outcome says so.
    [[nodiscard]] virtual std::vector<SubmitOutcome>
    submit(const mail::Account &account, const Credentials &credentials,
           std::span<const Submission> submissions, Deadline deadline, std::stop_token stop) = 0;
    //! Everything up to AUTH, then QUIT: the outcome's delivery is NotSent and `error` is empty
    //! where all of it went well.
    [[nodiscard]] virtual SubmitOutcome test(const mail::Account &account,
                                             const Credentials &credentials, Deadline deadline,
                                             std::stop_token stop) = 0;
};

struct SubmitterConfig {
    std::shared_ptr<net::DnsResolver> resolver;
    ServerTrust trust; //!< of servers that have none of their own
    //! By domain, A-label in lower case; each covers what is under it, the longest one counts.
    std::map<std::string, ServerTrust> hosts;
};

//! Over SmtpSession: TLS 1.2 or later before anything else, certificate and name verified; there
//! is no way to switch that off. AUTH only under that TLS, with the strongest mechanism that server
//! and account have.
//!
//! Errors in the outcome, each with the stage that it happened in ("submit.resolve",
//! "submit.connect", "submit.tls", "submit.greeting", "submit.ehlo", "submit.starttls",
//! "submit.auth", "submit.mail", "submit.rcpt", "submit.data", "submit.content", "submit.reply"):
//! - FixInput "submit.host-unknown", "submit.auth-failed", "submit.too-large" (detail: both sizes),
//!   "submit.recipients-refused" (all of them), "submit.smtputf8" (an address is not ASCII);
//! - AskAdmin "submit.host-bogus" (DNSSEC), "submit.starttls-missing", "submit.starttls-refused",
//!   "submit.auth-missing" (detail: what is offered), "submit.refused" (any other 5xx),
//!   "submit.requiretls-missing", "submit.dane-missing" (no TLSA record that DNSSEC proves),
//!   "smtp.injected", SaslClient's, and TlsEngine's: "tls.certificate" (the outcome's tls says what
//!   was wrong);
//! - Retry "submit.resolve", "submit.auth-temporary", "submit.deferred" (any other 4xx),
//!   "net.…", "smtp.hung-up", "smtp.garbage", "smtp.endless", "tls.closed";
//! - connectByProxy()'s, where the way is by the system's proxy;
//! - those of the message's source and of beforeLastDot, as they are.
//! Delivery: a Retry before the last dot is Deferred (a stop NotSent); a 5xx to MAIL, RCPT, DATA or
//! the message is Refused; a 5xx before that, and FixInput and AskAdmin of ours, NotSent; anything
//! but a clear reply after the last dot Uncertain.
class SmtpSubmitter final : public Submitter {
public:
    explicit SmtpSubmitter(SubmitterConfig config) : m_config(std::move(config)) {}
    [[nodiscard]] std::vector<SubmitOutcome> submit(const mail::Account &account,
                                                    const Credentials &credentials,
                                                    std::span<const Submission> submissions,
                                                    Deadline deadline,
                                                    std::stop_token stop) override;
    [[nodiscard]] SubmitOutcome test(const mail::Account &account, const Credentials &credentials,
                                     Deadline deadline, std::stop_token stop) override;

private:
    [[nodiscard]] const ServerTrust &trustFor(const mail::Account &account) const;
    SubmitterConfig m_config;
};

} // namespace sealpost::submit
