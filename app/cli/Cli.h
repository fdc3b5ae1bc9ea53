// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"
#include "runtime/Runtime.h"

#include <QStringList>
#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string_view>

namespace sealpost::cli {

//! What main() knows of the person at the keyboard; the default is nobody.
struct Interaction {
    bool inputIsTerminal = false;
    bool errorIsTerminal = false;
    //! Asks without echo; empty: secrets come from files or standard input alone.
    std::function<std::optional<base::SecretBytes>(std::string_view prompt)> askSecret;
    std::stop_token stop;
};

//! The whole of sealpost-cli: `args` without the program's name. Returns the exit code; no
//! exception leaves it. `options` are what the environment says; the command line's own come on
//! top. Needs a QCoreApplication.
[[nodiscard]] int run(const QStringList &args, std::istream &in, std::ostream &out,
                      std::ostream &err, runtime::RuntimeOptions options,
                      const Interaction &interaction = {});

} // namespace sealpost::cli
