// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Module.h"

#include "base/ProgramFolder.h"

#include <QLibrary>
#include <filesystem>
#include <system_error>

namespace sealpost::base {

namespace {

namespace fs = std::filesystem;

#ifdef Q_OS_WIN
constexpr auto kSuffix = ".dll";
#else
constexpr auto kSuffix = ".so";
#endif

fs::path fileOf(const std::string &name) {
    const auto folder = programFolder();
    std::error_code ignored;
    for (const auto &place : {folder, folder / ".." / "lib" / "sealpost"}) {
        if (auto file = place / (name + kSuffix); !folder.empty() && fs::exists(file, ignored)) {
            return file;
        }
    }
    return {};
}

tl::unexpected<Error> incomplete(const std::string &name, std::string_view detail) {
    return fail("app.incomplete", "app.module", Reaction::AskAdmin,
                name + ": " + std::string(detail), name);
}

} // namespace

Result<const void *> loadModule(const std::string &name) {
    const auto file = fileOf(name);
    if (file.empty()) {
        return incomplete(name, "missing");
    }
    QLibrary library(QString::fromStdU16String(file.u16string())); // its destructor does not unload
    const auto entry = reinterpret_cast<ModuleEntry>(library.resolve(kModuleEntry));
    if (entry == nullptr) {
        return incomplete(name, "does not load");
    }
    const auto *table = entry(SEALPOST_VERSION);
    if (table == nullptr) {
        return incomplete(name, "of another version");
    }
    return table;
}

} // namespace sealpost::base
