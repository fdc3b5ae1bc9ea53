// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Core.h"

#include "base/Module.h"

namespace sealpost::ui {

Result<std::unique_ptr<ComposeService>> loadCore(const CoreOptions &options) {
    const auto core = base::moduleTable<CoreModule>("sealpost-core");
    if (!core) {
        return fail(core.error());
    }
    return (*core)->make(options);
}

} // namespace sealpost::ui
