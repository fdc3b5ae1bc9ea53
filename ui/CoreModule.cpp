// SPDX-License-Identifier: GPL-3.0-or-later
// The window's module: all that is below it.
#include "base/ModuleEntry.h"
#include "ui/Core.h"
#include "ui/RuntimeComposeService.h"

#include <utility>

namespace sealpost::ui {

namespace {

std::unique_ptr<ComposeService> make(const CoreOptions &options) {
    auto wanted = runtime::RuntimeOptions::fromEnvironment();
    wanted.mode =
        options.mode == StartMode::Practice ? runtime::Mode::Practice : runtime::Mode::Real;
    wanted.profile = options.profile;
    wanted.policyFile = options.policyFile;
    return std::make_unique<RuntimeComposeService>(std::move(wanted));
}

constexpr CoreModule kTable{make};

} // namespace

} // namespace sealpost::ui

SEALPOST_MODULE(sealpost::ui::kTable)
