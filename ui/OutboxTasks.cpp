// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/OutboxTasks.h"

#include "runtime/OutboxActs.h"
#include "runtime/SentCopies.h"

#include <algorithm>
#include <chrono>

namespace sealpost::ui {
namespace {

using store::OutboxState;

constexpr int kNewest = 100;
constexpr std::chrono::seconds kCopyTime{120};

//! Nothing for a person to see, or to be done: a look that costs no lock.
bool anythingToTry(const std::vector<store::OutboxEntry> &open) {
    return std::any_of(open.begin(), open.end(), [](const auto &entry) {
        return entry.state == OutboxState::Queued || entry.state == OutboxState::Deferred;
    });
}

void countReceipts(DueSummary &summary, const send::DueOutcome &outcome) {
    for (const auto &receipt : outcome.receipts) {
        summary.sent += receipt.outcome.delivery == submit::Delivery::Accepted ? 1 : 0;
        summary.refused += receipt.outcome.delivery == submit::Delivery::Refused ? 1 : 0;
    }
    summary.refused += outcome.givenUp;
    for (const auto &[id, error] : outcome.notTried) {
        if (error.reaction != Reaction::Retry) {
            summary.needsAPerson += 1;
        }
    }
}

Result<OutboxDone> done(const Result<void> &result) {
    return result ? Result<OutboxDone>(OutboxDone{}) : fail(result.error());
}

} // namespace

Result<std::vector<store::OutboxEntry>> listOutbox(runtime::Runtime &runtime) {
    const auto outbox = runtime.outbox();
    auto newest = outbox ? (*outbox)->page(std::nullopt, kNewest) : fail(outbox.error());
    auto open = newest ? (*outbox)->open() : fail(newest.error());
    if (!open) {
        return fail(open.error());
    }
    const auto oldest = newest->empty() ? 0 : newest->back().id;
    for (auto entry = open->rbegin(); entry != open->rend(); ++entry) {
        if (entry->id < oldest) {
            newest->push_back(std::move(*entry));
        }
    }
    return newest;
}

Result<OutboxDone> actOnEntry(runtime::Runtime &runtime, std::int64_t id, OutboxAct act,
                              const std::stop_token &stop) {
    switch (act) {
    case OutboxAct::Arrived:
        return done(runtime::resolveEntry(runtime, id, runtime::Ended::Arrived));
    case OutboxAct::NotArrived:
        return done(runtime::resolveEntry(runtime, id, runtime::Ended::NotArrived));
    case OutboxAct::Discard:
        return done(runtime::discardEntry(runtime, id));
    case OutboxAct::TakeBack: {
        auto draft = runtime::takeBackEntry(runtime, id);
        return draft ? Result<OutboxDone>(OutboxDone{std::move(*draft), {}}) : fail(draft.error());
    }
    case OutboxAct::TryAgain:
        break;
    }
    auto receipt = runtime::retryEntry(runtime, id, stop);
    return receipt ? Result<OutboxDone>(OutboxDone{{}, std::move(*receipt)})
                   : fail(receipt.error());
}

Result<DueSummary> sendDueNow(runtime::Runtime &runtime, send::DueFor due,
                              const std::stop_token &stop) {
    const auto outbox = runtime.outbox();
    const auto before = outbox ? (*outbox)->open() : fail(outbox.error());
    if (!before) {
        return fail(before.error());
    }
    DueSummary summary;
    if (anythingToTry(*before)) {
        const auto outcome = runtime::sendDue(runtime, due, stop);
        if (!outcome) {
            return fail(outcome.error());
        }
        countReceipts(summary, *outcome);
    }
    const auto copied = runtime::copySent(runtime, Deadline::after(kCopyTime), stop);
    if (!copied && copied.error().code != "profile.busy") {
        summary.copyProblem = copied.error();
    }
    const auto after = (*outbox)->open();
    if (!after) {
        return fail(after.error());
    }
    for (const auto &entry : *after) {
        (entry.state == OutboxState::Uncertain ? summary.uncertain : summary.waiting) += 1;
    }
    return summary;
}

} // namespace sealpost::ui
