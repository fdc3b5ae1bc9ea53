// SPDX-License-Identifier: GPL-3.0-or-later
// For the one file of a module that exports its table.
#pragma once

#include "base/Module.h"

#include <QtGlobal>
#include <string_view>

static_assert(std::string_view(sealpost::base::kModuleEntry) == "sealpostModule");

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): a function with a C name, in no namespace
#define SEALPOST_MODULE(table)                                                                     \
    extern "C" Q_DECL_EXPORT const void *sealpostModule(const char *version) {                     \
        return std::string_view(version) == SEALPOST_VERSION ? &(table) : nullptr;                 \
    }
