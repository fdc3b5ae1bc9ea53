// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Planning.h"

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
    return (*planner)->plan(message.draft, message.account, Deadline::after(kPlanTime),
                            context.stop);
}

} // namespace sealpost::cli
