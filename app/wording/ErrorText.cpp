// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/ErrorTable.h"
#include "wording/StatusTable.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <algorithm>
#include <optional>

namespace sealpost::wording {

namespace {

const char *nextFor(Reaction reaction) {
    switch (reaction) {
    case Reaction::Retry:
        return "Try again in a little while.";
    case Reaction::FixInput:
        return "Check what you entered and try again.";
    case Reaction::AskAdmin:
        return "Ask your helpdesk, and read this code to them.";
    case Reaction::Bug:
        return "This is a fault in Sealpost. Please tell your helpdesk, and read this code to "
               "them.";
    }
    return "";
}

//! A detail that is a time, 2026-12-05T23:59:59Z, as people write it; any other as it is.
QString detailText(const Error &error) {
    if (error.logSafeDetail.empty()) {
        return tr("no detail");
    }
    const auto time = base::fromIso8601(error.logSafeDetail);
    return time == Time{} ? toQString(error.logSafeDetail) : timeText(time);
}

QString filled(const char *sentence, const Error &error) {
    auto out = tr(sentence);
    if (error.logSafeDetail.empty()) {
        out.remove(QLatin1String(" ({detail})"));
    }
    if (error.subject.empty()) {
        out.remove(QLatin1String(" ({subject})"));
    }
    out.replace(QLatin1String("{subject}"),
                error.subject.empty() ? tr("it") : toQString(error.subject));
    out.replace(QLatin1String("{detail}"), detailText(error));
    return out;
}

//! What a server's own code adds to an error that stands for its refusal (RFC 3463).
std::optional<ErrorText> fromServersCode(const Error &error) {
    if (error.code != "submit.refused" && error.code != "submit.deferred" &&
        error.code != "submit.recipients-refused") {
        return std::nullopt;
    }
    const auto row = statusRow(error.logSafeDetail);
    if (!row) {
        return std::nullopt;
    }
    const auto what = tr(row->what) + QStringLiteral(" (%1)").arg(toQString(error.logSafeDetail));
    return ErrorText{what,
                     tr(error.reaction == Reaction::Retry ? nextFor(Reaction::Retry) : row->next),
                     toQString(error.code)};
}

} // namespace

ErrorText text(const Error &error) {
    if (auto words = fromServersCode(error)) {
        return std::move(*words);
    }
    const auto table = errorTable();
    const auto row = std::find_if(table.begin(), table.end(),
                                  [&](const ErrorRow &one) { return one.code == error.code; });
    const auto code = toQString(error.code);
    if (row != table.end()) {
        return {filled(row->what, error),
                filled(row->next != nullptr ? row->next : nextFor(error.reaction), error), code};
    }
    auto what = tr("This could not be done.");
    if (!error.subject.empty()) {
        what = tr("This could not be done with %1.").arg(toQString(error.subject));
    }
    if (!error.logSafeDetail.empty()) {
        what += QLatin1Char(' ') + tr("Detail: %1.").arg(toQString(error.logSafeDetail));
    }
    return {what, tr(nextFor(error.reaction)), code};
}

ErrorText text(const submit::SubmitOutcome &outcome) {
    auto words = text(outcome.error.value_or(Error{}));
    if (outcome.delivery == submit::Delivery::Uncertain) {
        words.next = tr("Ask the recipient whether it came before you send it again.");
    }
    return words;
}

std::optional<ErrorText> text(const submit::RecipientResult &recipient) {
    if (recipient.delivery != submit::Delivery::Refused &&
        recipient.delivery != submit::Delivery::Deferred) {
        return std::nullopt;
    }
    const auto row = statusRow(recipient.reply);
    if (!row) {
        return std::nullopt;
    }
    const bool later = recipient.delivery == submit::Delivery::Deferred;
    return ErrorText{tr(row->what), tr(later ? nextFor(Reaction::Retry) : row->next), {}};
}

} // namespace sealpost::wording
