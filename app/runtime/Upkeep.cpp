// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/Upkeep.h"

#include "runtime/JournalUpkeep.h"

namespace sealpost::runtime {

namespace {

//! How many messages and drafts went.
struct Removed {
    std::int64_t messages = 0;
    std::int64_t drafts = 0;
};

Result<Removed> remove(Runtime &runtime, const policy::RetentionPolicy &rules) {
    Removed removed;
    const auto now = runtime.clock()->now();
    if (rules.sent.count() > 0) {
        const auto outbox = runtime.outbox();
        auto gone = outbox ? (*outbox)->removeSettled(now - rules.sent) : fail(outbox.error());
        if (!gone) {
            return fail(gone.error());
        }
        removed.messages = *gone;
    }
    if (rules.drafts.count() > 0) {
        const auto drafts = runtime.drafts();
        auto gone = drafts ? (*drafts)->removeUntouched(now - rules.drafts) : fail(drafts.error());
        if (!gone) {
            return fail(gone.error());
        }
        removed.drafts = *gone;
    }
    return removed;
}

} // namespace

Result<void> applyRetention(Runtime &runtime) {
    const auto effective = runtime.effectivePolicy();
    if (!effective) {
        return fail(effective.error());
    }
    const auto removed = remove(runtime, effective->policy.retention);
    if (!removed) {
        return fail(removed.error());
    }
    if (removed->messages + removed->drafts == 0) {
        return {};
    }
    const auto journal = runtime.journal();
    auto noted = journal ? (*journal)->append("store.retention",
                                              {{"messages", std::to_string(removed->messages)},
                                               {"drafts", std::to_string(removed->drafts)}})
                         : fail(journal.error());
    const auto opened = runtime.database();
    return noted && opened ? (*opened)->settle() : noted;
}

Result<void> keepUp(Runtime &runtime, Deadline deadline, const std::stop_token &stop) {
    auto kept = applyRetention(runtime);
    const auto done = signJournal(runtime, SignWhen::Due, deadline, stop);
    return !kept || done ? kept : fail(done.error());
}

} // namespace sealpost::runtime
