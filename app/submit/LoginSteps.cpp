// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/LoginSteps.h"

namespace sealpost::submit {

namespace {

//! The step at which an error's stage lies; empty for one before any of them.
std::string_view stepOf(std::string_view stage) {
    struct Row {
        std::string_view stage;
        std::string_view step;
    };
    constexpr Row kRows[] = {{"submit.resolve", "dns"},   {"submit.connect", "tcp"},
                             {"submit.starttls", "tls"},  {"submit.tls", "tls"},
                             {"submit.greeting", "smtp"}, {"submit.ehlo", "smtp"},
                             {"submit.auth", "auth"}};
    for (const auto &row : kRows) {
        if (row.stage == stage) {
            return row.step;
        }
    }
    return {};
}

} // namespace

std::vector<LoginStep> loginSteps(const SubmitOutcome &outcome) {
    std::vector<LoginStep> steps = {{"dns"}, {"tcp"}, {"tls"}, {"smtp"}, {"auth"}};
    const auto failed = outcome.error ? stepOf(outcome.error->stage) : std::string_view();
    const bool nothingTried = outcome.error && failed.empty();
    // A proxy looks the name up, and nobody here has.
    const bool byProxy = outcome.error && outcome.error->code.starts_with("proxy.");
    bool past = nothingTried;
    for (auto &step : steps) {
        if (step.name == failed) {
            step.state = StepState::Failed;
            past = true;
            continue;
        }
        // With STARTTLS the greeting comes before TLS: what is known of TLS says which it was.
        const bool tlsStands = step.name == "tls" && outcome.tls.has_value();
        const bool tlsMissing = step.name == "tls" && !outcome.tls && failed == "smtp";
        const bool notAsked = step.name == "dns" && byProxy;
        step.state = (past && !tlsStands) || tlsMissing || notAsked ? StepState::NotReached
                                                                    : StepState::Done;
    }
    return steps;
}

} // namespace sealpost::submit
