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
//! Errors in the outcome: AskAdmin "submit.starttls-missing", "submit.auth-missing", FixInput
//! "submit.auth-failed", Retry "submit.greeting", … with the stage that they happened in.
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
