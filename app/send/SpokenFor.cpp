// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/SpokenFor.h"

#include <set>

namespace sealpost::send {

void takeOutSpokenFor(mail::Draft &draft, std::span<const store::OutboxEntry> entries) {
    std::set<std::string> spokenFor;
    for (const auto &entry : entries) {
        // What is being written is never sent.
        if (!draft.id.empty() && entry.draftId == draft.id &&
            entry.state != store::OutboxState::Writing) {
            const auto more = entry.spokenFor();
            spokenFor.insert(more.begin(), more.end());
        }
    }
    for (auto *list : {&draft.to, &draft.cc, &draft.bcc}) {
        std::erase_if(*list,
                      [&](const auto &address) { return spokenFor.contains(address.spec()); });
    }
}

} // namespace sealpost::send
