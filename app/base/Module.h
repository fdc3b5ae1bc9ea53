// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <string>

namespace sealpost::base {

//! The name of the one function that a module of ours exports: it takes the caller's version and
//! gives the module's table of functions, or null where it is of another version.
inline constexpr const char *kModuleEntry = "sealpostModule";
using ModuleEntry = const void *(*)(const char *version);

//! Loads a library of ours (docs/adr/0012), "sealpost-mime", and gives its table. It lies beside
//! the program or in ../lib/sealpost, never on the system's search path, and stays loaded. AskAdmin
//! "app.incomplete" with the name as subject where it is missing, does not load or is of another
//! version. Any thread.
[[nodiscard]] Result<const void *> loadModule(const std::string &name);

//! The table of a module; its type is declared by the header that module and caller share.
template <class Table> [[nodiscard]] Result<const Table *> moduleTable(const std::string &name) {
    return loadModule(name).transform(
        [](const void *table) { return static_cast<const Table *>(table); });
}

} // namespace sealpost::base
