// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "cli/Output.h"
#include "runtime/Runtime.h"

#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

namespace sealpost::cli {

//! What a command works with. One thread, but for output and stop.
struct Context {
    Context(std::istream &input, Output &words, runtime::RuntimeOptions settings)
        : in(input), output(words), options(std::move(settings)) {}

    std::istream &in;
    Output &output;
    runtime::RuntimeOptions options;
    bool inputIsTerminal = false;
    std::function<std::optional<SecretBytes>(std::string_view prompt)> askSecret; //!< may be empty
    std::stop_token stop;

    //! Opens it at the first call.
    [[nodiscard]] Result<std::shared_ptr<runtime::Runtime>> runtime();

    //! The first line of a file, of standard input for "-", or, where `file` is empty, what a
    //! person types at `prompt`. The exit code where there is none; it has been reported then.
    [[nodiscard]] tl::expected<SecretBytes, ExitCode>
    secret(const std::string &file, const std::string &option, std::string_view prompt);

private:
    std::shared_ptr<runtime::Runtime> m_runtime;
};

//! All of a stream, or none where it is longer than `limit`.
[[nodiscard]] std::optional<std::string> readAll(std::istream &in, ByteCount limit);

} // namespace sealpost::cli
