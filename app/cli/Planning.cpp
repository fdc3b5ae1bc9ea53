// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Planning.h"

#include "send/Dismissals.h"

#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kPlanTime{3};

} // namespace

Result<std::shared_ptr<const send::SendPlan>> makePlan(Context &context,
                                                       const MessageOptions::Message &message) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return tl::unexpected(runtime.error());
    }
    const auto planner = (*runtime)->planner();
    if (!planner) {
        return tl::unexpected(planner.error());
    }
    const auto deadline = Deadline::after(kPlanTime);
    auto draft = message.draft;
    if (!message.dismissed.empty()) {
        const auto contents = (*planner)->inspect(draft, deadline, context.stop);
        if (!contents) {
            return tl::unexpected(contents.error());
        }
        auto dismissals = send::dismissalsFor(message.dismissed, contents->findings);
        if (!dismissals) {
            return tl::unexpected(dismissals.error());
        }
        draft.dismissals = std::move(*dismissals);
    }
    return (*planner)->plan(draft, message.account, deadline, context.stop);
}

} // namespace sealpost::cli
