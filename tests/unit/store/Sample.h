// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "StoreFixture.h"
#include "store/AccountStore.h"
#include "store/DraftStore.h"
#include "store/OutboxChunks.h"
#include "store/ReportCache.h"

//! A store with something in each of its tables, and whether all of it is still there.
namespace sealpost::store::testing {

inline constexpr std::int64_t kAcceptedId = 1;
inline constexpr std::int64_t kQueuedId = 2;
inline constexpr std::int64_t kCommittingId = 3;
inline const std::size_t kSampleSize = kChunkSize + 1000;

inline void fillSample(const Store &store) {
    auto outbox = store.outbox();
    auto journal = store.journal();
    DraftStore drafts(store.database());
    AccountStore accounts(store.database());
    mail::Account account;
    account.name = "work";
    account.address = mail::Address::parse("ana@justice.example").value();
    mail::Draft draft;
    draft.id = "sample";
    draft.body = content(6000);
    bool good = true;
    for (const auto id : {kAcceptedId, kQueuedId, kCommittingId}) {
        const auto added = addMessage(outbox, content(id == kQueuedId ? kSampleSize : 300));
        good = good && added && *added == id;
    }
    good = good && outbox.setState(kAcceptedId, OutboxState::Submitting) &&
           outbox.setState(kAcceptedId, OutboxState::Committing) &&
           outbox.finish(kAcceptedId, {OutboxState::Accepted, "{}", {}}) &&
           outbox.setState(kCommittingId, OutboxState::Submitting) &&
           outbox.setState(kCommittingId, OutboxState::Committing) && drafts.save(draft) &&
           accounts.add(account);
    for (int i = 0; i < 5; ++i) {
        good = good && journal.append("sample", {{"number", std::to_string(i)}});
    }
    ReportCache(store.database()).put("key", "value", store.clock()->now() + std::chrono::hours(9));
    if (!good) {
        qFatal("the sample store can't be filled");
    }
}

//! "ok", the code of an error, or what is wrong though no error was given.
inline std::string checkOutbox(const Store &store) {
    const auto outbox = store.outbox();
    const std::pair<std::int64_t, OutboxState> expected[] = {
        {kAcceptedId, OutboxState::Accepted},
        {kQueuedId, OutboxState::Queued},
        {kCommittingId, OutboxState::Committing}};
    for (const auto &[id, state] : expected) {
        const auto entry = outbox.entry(id);
        if (!entry) {
            return entry.error().code;
        }
        if (entry->state != state || entry->recipients != someEntry().recipients) {
            return "entry is another";
        }
        const auto message = readMessage(outbox, id);
        if (!message) {
            return message.error().code;
        }
        if (*message != content(id == kQueuedId ? kSampleSize : 300)) {
            return "message is another";
        }
    }
    return codeOf(outbox.list());
}

inline std::string checkRest(const Store &store) {
    const auto drafts = DraftStore(store.database()).list();
    if (!drafts) {
        return drafts.error().code;
    }
    bool found = false;
    for (const auto &draft : *drafts) {
        found = found || (draft.id == "sample" && draft.body == content(6000));
    }
    if (!found) {
        return "draft is another";
    }
    const auto account = AccountStore(store.database()).find("work");
    if (!account) {
        return account.error().code;
    }
    const auto cached = ReportCache(store.database()).get("key", store.clock()->now());
    return cached.value_or("value") == "value" ? "ok" : "cached value is another";
}

inline std::string checkJournal(const Store &store) {
    const auto verdict = store.journal().verify();
    if (!verdict) {
        return verdict.error().code;
    }
    if (!verdict->intact) {
        return verdict->what;
    }
    return verdict->lines >= 5 ? "ok" : "lines are missing";
}

} // namespace sealpost::store::testing
