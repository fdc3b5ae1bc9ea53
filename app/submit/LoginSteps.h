// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "submit/SubmitOutcome.h"

#include <string_view>
#include <vector>

namespace sealpost::submit {

enum class StepState { Done, Failed, NotReached };

//! One step on the way to a server that takes mail: "dns", "tcp", "tls", "smtp" (greeting and EHLO)
//! or "auth".
struct LoginStep {
    std::string_view name;
    StepState state = StepState::NotReached;
};

[[nodiscard]] constexpr std::string_view toString(StepState state) {
    switch (state) {
    case StepState::Done:
        return "done";
    case StepState::Failed:
        return "failed";
    case StepState::NotReached:
        return "not-reached";
    }
    return "not-reached";
}

//! How far a Submitter::test() came; none of its steps is Failed where it ended well.
[[nodiscard]] std::vector<LoginStep> loginSteps(const SubmitOutcome &outcome);

} // namespace sealpost::submit
