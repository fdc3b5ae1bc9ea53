// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "crypto/Pinentry.h"

#include <array>
#include <cstdlib>
#include <unistd.h>

namespace sealpost::crypto {
namespace {

//! Standard input may be the message, and standard output a file.
std::string terminalName() {
    for (const int descriptor : {STDIN_FILENO, STDERR_FILENO, STDOUT_FILENO}) {
        std::array<char, 256> name{};
        if (isatty(descriptor) == 1 && ttyname_r(descriptor, name.data(), name.size()) == 0) {
            return name.data();
        }
    }
    return {};
}

} // namespace

std::vector<std::string> pinentryOptions() {
    struct Passed {
        const char *option;
        const char *variable;
    };
    constexpr std::array kPassed = {
        Passed{"display=", "DISPLAY"},
        Passed{"xauthority=", "XAUTHORITY"},
        Passed{"ttytype=", "TERM"},
        Passed{"putenv=WAYLAND_DISPLAY=", "WAYLAND_DISPLAY"},
        Passed{"putenv=XDG_RUNTIME_DIR=", "XDG_RUNTIME_DIR"},
        Passed{"putenv=DBUS_SESSION_BUS_ADDRESS=", "DBUS_SESSION_BUS_ADDRESS"}};
    std::vector<std::string> options{"pinentry-mode=ask"};
    for (const auto &[option, variable] : kPassed) {
        const auto *value = std::getenv(variable); // NOLINT(concurrency-mt-unsafe)
        if (value != nullptr && *value != '\0' && !base::hasControlCharacters(value)) {
            options.push_back(std::string(option) + value);
        }
    }
    if (const auto terminal = terminalName(); !terminal.empty()) {
        options.push_back("ttyname=" + terminal);
    }
    return options;
}

} // namespace sealpost::crypto
