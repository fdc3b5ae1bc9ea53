// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "submit/SmtpSubmitter.h"
#include "support/FakeResolver.h"
#include "support/ScriptedServer.h"
#include "support/TestIdentities.h"

#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::submit::testing {
using namespace std::chrono_literals;
using test::Dialogue;
using test::Pacing;
using test::ScriptedServer;

inline constexpr auto kHost = "smtp.example";
inline constexpr std::string_view kMessage = "Subject: x\r\n\r\n.dot\r\nlast\r\n";

inline submit::SubmitterConfig config(std::shared_ptr<net::DnsResolver> dns) {
    submit::SubmitterConfig made;
    made.resolver = std::move(dns);
    made.trust.caFile = test::testCa().rootFile();
    return made;
}

inline submit::Credentials secret(std::string_view text = "secret") {
    return submit::Credentials(base::SecretBytes(text));
}

//! From sam to r1, kMessage, or the bytes given; these must outlive it.
inline submit::Submission submissionOf(std::string_view bytes = kMessage) {
    submit::Submission submission;
    submission.envelopeFrom = "sam@sender.example";
    submission.recipients = {"r1@court.example"};
    submission.open = [bytes]() -> Result<std::unique_ptr<base::ByteSource>> {
        return std::make_unique<base::ViewSource>(bytes);
    };
    submission.size = bytes.size();
    return submission;
}

inline mail::Account localAccount(Port port,
                                  mail::SubmissionTls tls = mail::SubmissionTls::StartTls) {
    mail::Account account;
    account.host = "localhost";
    account.port = port;
    account.tls = tls;
    account.userName = "sam";
    return account;
}

//! How a submission in a test differs from the usual one.
struct Setup {
    Dialogue dialogue;
    Pacing pacing = Pacing::Whole;
    test::ServerFault fault = test::ServerFault::None;
    std::chrono::milliseconds deadline = 60s;
    std::stop_token stop;
    std::function<Result<void>()> beforeLastDot;
};

//! The server that plays the dialogue, and what came out of submitting to it.
class Run {
public:
    explicit Run(const Setup &setup)
        : server({setup.dialogue, setup.pacing, test::serverTls(kHost, setup.fault)}) {
        const auto dns = std::make_shared<test::FakeResolver>();
        dns->addAddresses(kHost, {"127.0.0.1"});
        submit::SmtpSubmitter submitter(config(dns));
        submit::Submission submission = submissionOf();
        submission.recipients.clear();
        const int recipients = std::stoi(setup.dialogue.property("recipients", "1"));
        for (int i = 1; i <= recipients; ++i) {
            submission.recipients.push_back("r" + std::to_string(i) + "@court.example");
        }
        submission.beforeLastDot = [this, &setup]() -> Result<void> {
            ++committed;
            return setup.beforeLastDot ? setup.beforeLastDot() : Result<void>();
        };
        submission.finished = [this](const submit::SubmitOutcome &one) {
            finished.push_back(one.delivery);
        };
        askFor(submission, setup.dialogue);
        const std::vector<submit::Submission> all(
            static_cast<std::size_t>(std::stoi(setup.dialogue.property("messages", "1"))),
            submission);
        outcomes = submitter.submit(account(setup.dialogue), secret(), all,
                                    Deadline::after(setup.deadline), setup.stop);
        outcome = outcomes.front();
    }

    static void askFor(submit::Submission &submission, const Dialogue &dialogue) {
        const auto requireTls = dialogue.property("requiretls", "");
        submission.requireTls = requireTls == "always"    ? submit::RequireTls::Always
                                : requireTls == "offered" ? submit::RequireTls::WhereOffered
                                                          : submit::RequireTls::No;
        if (dialogue.property("dsn", "") == "yes") {
            submission.dsn = submit::DsnRequest{};
            submission.dsn->envelopeId = "plan+1";
        }
        if (const auto relay = dialogue.property("not-through", ""); !relay.empty()) {
            submission.notThrough = {relay};
        }
        if (const auto within = dialogue.property("deliver-within", ""); !within.empty()) {
            submission.deliverWithin = std::chrono::seconds(std::stoi(within));
        }
    }

    [[nodiscard]] mail::Account account(const Dialogue &dialogue) const {
        mail::Account account;
        account.host = kHost;
        account.port = server.port();
        account.tls = dialogue.property("mode", "starttls") == "implicit"
                          ? mail::SubmissionTls::Implicit
                          : mail::SubmissionTls::StartTls;
        const auto user = dialogue.property("user", "sam");
        account.userName = user == "-" ? "" : user;
        account.signIn = dialogue.property("sign-in", "password") == "oauth"
                             ? mail::SignIn::OAuth
                             : mail::SignIn::Password;
        return account;
    }

    [[nodiscard]] std::string errorCode() const {
        return outcome.error ? outcome.error->code : "-";
    }

    ScriptedServer server;
    submit::SubmitOutcome outcome; //!< of the first message
    std::vector<submit::SubmitOutcome> outcomes;
    std::vector<Delivery> finished; //!< in the order of the calls
    int committed = 0;
};

} // namespace sealpost::submit::testing
