// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Core.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QLibrary>

namespace sealpost::ui {

namespace {

#ifdef Q_OS_WIN
constexpr auto kFileName = "sealpost-core.dll";
#else
constexpr auto kFileName = "sealpost-core.so";
#endif

//! Of the places where it can lie, the first where it does; never the system's search path.
QString coreFile() {
    const auto folder = QCoreApplication::applicationDirPath();
    for (const auto *place : {"/%1", "/../lib/sealpost/%1"}) {
        const auto file = folder + QString::fromLatin1(place).arg(QLatin1String(kFileName));
        if (QFileInfo::exists(file)) {
            return file;
        }
    }
    return {};
}

tl::unexpected<Error> incomplete(std::string_view detail) {
    return fail("app.incomplete", "app.core", Reaction::AskAdmin, std::string(detail));
}

} // namespace

Result<std::unique_ptr<ComposeService>> loadCore(const CoreOptions &options) {
    const auto file = coreFile();
    if (file.isEmpty()) {
        return incomplete("no core library");
    }
    QLibrary library(file); // stays loaded: its destructor does not unload
    const auto make = reinterpret_cast<MakeService>(library.resolve(kMakeServiceName));
    if (make == nullptr) {
        return incomplete("the core library does not load");
    }
    std::unique_ptr<ComposeService> service(make(SEALPOST_VERSION, options));
    if (!service) {
        return incomplete("the core library is of another version");
    }
    return service;
}

} // namespace sealpost::ui
