// SPDX-License-Identifier: GPL-3.0-or-later
// The core library's one entry.
#include "ui/Core.h"
#include "ui/RuntimeComposeService.h"

#include <QtGlobal>
#include <string_view>

using namespace sealpost;

static_assert(std::string_view(ui::kMakeServiceName) == "sealpostMakeService");

extern "C" Q_DECL_EXPORT ui::ComposeService *sealpostMakeService(const char *version,
                                                                 const ui::CoreOptions &options) {
    if (std::string_view(version) != SEALPOST_VERSION) {
        return nullptr;
    }
    auto wanted = runtime::RuntimeOptions::fromEnvironment();
    wanted.mode =
        options.mode == ui::StartMode::Practice ? runtime::Mode::Practice : runtime::Mode::Real;
    wanted.profile = options.profile;
    wanted.policyFile = options.policyFile;
    return new ui::RuntimeComposeService(std::move(wanted));
}
