// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/ExitCode.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sealpost::cli {

namespace {

//! Codes of what was typed wrongly, whatever else is the case.
constexpr std::array<std::string_view, 3> kUsagePrefixes = {"address.", "domain.", "draft."};

bool isUsage(std::string_view code) {
    return std::any_of(kUsagePrefixes.begin(), kUsagePrefixes.end(),
                       [code](std::string_view prefix) { return code.starts_with(prefix); });
}

ExitCode exitCodeOf(submit::Delivery delivery, const std::optional<Error> &error) {
    switch (delivery) {
    case submit::Delivery::Accepted:
        return ExitCode::Done;
    case submit::Delivery::Deferred:
        return ExitCode::Temporary;
    case submit::Delivery::Refused:
        return ExitCode::Permanent;
    case submit::Delivery::Uncertain:
        return ExitCode::Uncertain;
    case submit::Delivery::NotSent:
        return error ? exitCodeFor(*error) : ExitCode::Temporary;
    }
    return ExitCode::Internal;
}

ExitCode exitCodeOf(const submit::SubmitOutcome &outcome) {
    auto code = exitCodeOf(outcome.delivery, outcome.error);
    for (const auto &recipient : outcome.recipients) {
        // What kept the whole message back says more than "not sent" of each recipient.
        if (recipient.delivery != submit::Delivery::NotSent ||
            outcome.delivery == submit::Delivery::Accepted) {
            code = worse(code, exitCodeOf(recipient.delivery, std::nullopt));
        }
    }
    return code;
}

} // namespace

ExitCode exitCodeFor(const Error &error) {
    if (error.code == "plan.owed") {
        return ExitCode::Owed;
    }
    if (error.code == "plan.blocked") {
        return ExitCode::Refused;
    }
    if (error.code == "plan.expired" || error.code == "plan.changed") {
        return ExitCode::Temporary; // the same command makes a new plan
    }
    if (isUsage(error.code)) {
        return ExitCode::Usage;
    }
    switch (error.reaction) {
    case Reaction::Retry:
        return ExitCode::Temporary;
    case Reaction::FixInput:
    case Reaction::AskAdmin:
        return ExitCode::Permanent;
    case Reaction::Bug:
        return ExitCode::Internal;
    }
    return ExitCode::Internal;
}

ExitCode exitCodeFor(const std::vector<send::Receipt> &receipts) {
    auto code = ExitCode::Done;
    for (const auto &receipt : receipts) {
        code = worse(code, exitCodeOf(receipt.outcome));
    }
    return code;
}

ExitCode worse(ExitCode a, ExitCode b) {
    return std::max(a, b);
}

} // namespace sealpost::cli
