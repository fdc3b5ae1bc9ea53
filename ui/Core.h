// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "ui/ComposeService.h"

#include <filesystem>
#include <memory>
#include <optional>

//! The window's programs hold no more than the window. What is below it, and the forty libraries
//! that that needs, is in a library of its own which is loaded once the window is on the screen
//! (docs/adr/0008).
namespace sealpost::ui {

enum class StartMode { Real, Practice };

struct CoreOptions {
    StartMode mode = StartMode::Real;
    std::optional<std::filesystem::path> profile;
    std::optional<std::filesystem::path> policyFile;
};

//! What the module "sealpost-core" offers.
struct CoreModule {
    std::unique_ptr<ComposeService> (*make)(const CoreOptions &options);
};

//! Loads the core and makes its service. AskAdmin "app.incomplete".
[[nodiscard]] Result<std::unique_ptr<ComposeService>> loadCore(const CoreOptions &options);

} // namespace sealpost::ui
