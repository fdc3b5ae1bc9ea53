// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/OutboxActs.h"

#include "runtime/Upkeep.h"
#include "store/DraftJson.h"

#include <algorithm>
#include <chrono>

namespace sealpost::runtime {

namespace {

using store::OutboxState;

constexpr std::string_view kStage = "outbox";
constexpr std::chrono::minutes kSendTime{15};
constexpr std::chrono::seconds kUpkeepTime{30};

//! An entry, and the right to change it.
struct Held {
    std::unique_ptr<QLockFile> lock;
    std::shared_ptr<store::Outbox> outbox;
    store::OutboxEntry entry;
};

Result<Held> hold(Runtime &runtime, std::int64_t id) {
    auto outbox = runtime.outbox();
    if (!outbox) {
        return fail(outbox.error());
    }
    auto lock = runtime.profile().lockSending(kSendingPatience);
    if (!lock) {
        return fail(lock.error());
    }
    auto entry = (*outbox)->entry(id);
    if (!entry) {
        return fail(entry.error());
    }
    return Held{std::move(*lock), std::move(*outbox), std::move(*entry)};
}

Result<void> note(Runtime &runtime, std::string_view event, const store::OutboxEntry &entry,
                  OutboxState state) {
    const auto journal = runtime.journal();
    return journal ? (*journal)->append(event, {{"outbox", std::to_string(entry.id)},
                                                {"message-id", entry.messageId},
                                                {"before", std::string(toString(entry.state))},
                                                {"state", std::string(toString(state))}})
                   : fail(journal.error());
}

//! Those for whom it has not ended, and of a message that has ended those who were refused.
std::vector<std::string> notReached(const store::OutboxEntry &entry) {
    auto specs = entry.waiting();
    if (entry.state == OutboxState::Failed) {
        specs.insert(specs.end(), entry.refused.begin(), entry.refused.end());
    }
    std::vector<std::string> written;
    for (std::size_t i = 0; i < entry.recipients.size() && i < entry.writtenAs.size(); ++i) {
        if (std::find(specs.begin(), specs.end(), entry.recipients[i]) != specs.end()) {
            written.push_back(entry.writtenAs[i]);
        }
    }
    return written;
}

Result<std::string> storeDraft(Runtime &runtime, const mail::Draft &draft) {
    const auto drafts = runtime.drafts();
    return drafts ? (*drafts)->save(draft) : fail(drafts.error());
}

} // namespace

Result<void> resolveEntry(Runtime &runtime, std::int64_t id, Ended how) {
    const auto held = hold(runtime, id);
    if (!held) {
        return fail(held.error());
    }
    if (held->entry.state != OutboxState::Uncertain) {
        return fail("outbox.not-uncertain", kStage, Reaction::FixInput,
                    toString(held->entry.state));
    }
    const auto state = how == Ended::Arrived ? OutboxState::Accepted : OutboxState::Queued;
    auto set = held->outbox->setState(id, state);
    return set ? note(runtime, "outbox.resolved", held->entry, state) : set;
}

Result<void> discardEntry(Runtime &runtime, std::int64_t id) {
    const auto held = hold(runtime, id);
    if (!held) {
        return fail(held.error());
    }
    auto removed = held->outbox->remove(id);
    return removed ? note(runtime, "outbox.discarded", held->entry, held->entry.state) : removed;
}

bool mayBeTakenBack(const store::OutboxEntry &entry) {
    const bool stands = entry.state == OutboxState::Queued ||
                        entry.state == OutboxState::Deferred || entry.state == OutboxState::Failed;
    return stands && !entry.draftJson.empty() && !notReached(entry).empty();
}

Result<mail::Draft> takeBackEntry(Runtime &runtime, std::int64_t id) {
    const auto held = hold(runtime, id);
    if (!held) {
        return fail(held.error());
    }
    if (!mayBeTakenBack(held->entry)) {
        return fail("outbox.not-returnable", kStage, Reaction::FixInput,
                    toString(held->entry.state));
    }
    auto draft = store::draftFromJson(held->entry.draftJson);
    if (!draft) {
        return draft;
    }
    const auto wanted = notReached(held->entry);
    for (auto *list : {&draft->to, &draft->cc, &draft->bcc}) {
        std::erase_if(*list, [&](const auto &address) {
            return std::find(wanted.begin(), wanted.end(), address.spec()) == wanted.end();
        });
    }
    draft->id.clear(); // its old draft may be there still, with those who were refused
    // First the draft: were the program to end now, the outbox would keep it from going twice.
    const auto kept = storeDraft(runtime, *draft);
    if (!kept) {
        return fail(kept.error());
    }
    draft->id = *kept;
    if (auto removed = held->outbox->remove(id); !removed) {
        return fail(removed.error());
    }
    const auto noted = note(runtime, "outbox.taken-back", held->entry, held->entry.state);
    return noted ? draft : fail(noted.error());
}

Result<void> tryAgainFor(Runtime &runtime, const std::string &account) {
    const auto outbox = runtime.outbox();
    const auto waiting = outbox ? (*outbox)->open() : fail(outbox.error());
    if (!waiting) {
        return fail(waiting.error());
    }
    for (const auto &entry : *waiting) {
        const bool stands = entry.state == OutboxState::Deferred && entry.nextTry == Time{};
        if (!stands || entry.account != account) {
            continue;
        }
        auto due = (*outbox)->postpone(entry.id, entry.lastError, runtime.clock()->now());
        if (!due) {
            return due;
        }
    }
    return {};
}

Result<send::Receipt> retryEntry(Runtime &runtime, std::int64_t id, const std::stop_token &stop) {
    const auto executor = runtime.executor();
    const auto accounts = executor ? runtime.accounts() : fail(executor.error());
    if (!accounts) {
        return fail(accounts.error());
    }
    const auto held = hold(runtime, id);
    if (!held) {
        return fail(held.error());
    }
    const auto account = (*accounts)->find(held->entry.account);
    if (!account) {
        return fail(account.error());
    }
    auto receipt = (*executor)->submitQueued(id, *account, Deadline::after(kSendTime), stop);
    (void)keepUp(runtime, Deadline::after(kUpkeepTime), stop);
    return receipt;
}

Result<send::DueOutcome> sendDue(Runtime &runtime, send::DueFor due, const std::stop_token &stop) {
    const auto executor = runtime.executor();
    const auto accounts = executor ? runtime.accounts() : fail(executor.error());
    const auto known = accounts ? (*accounts)->list() : fail(accounts.error());
    if (!known) {
        return fail(known.error());
    }
    const auto lock = runtime.profile().lockSending();
    if (!lock) {
        return fail(lock.error());
    }
    auto outcome = (*executor)->submitDue(*known, due, Deadline::after(kSendTime), stop);
    (void)keepUp(runtime, Deadline::after(kUpkeepTime), stop);
    return outcome;
}

} // namespace sealpost::runtime
