// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <filesystem>
#include <string>
#include <string_view>

namespace sealpost::cli {

[[nodiscard]] QString toQString(std::string_view utf8);
[[nodiscard]] QString pathText(const std::filesystem::path &path);
//! An argument, UTF-8, as a path.
[[nodiscard]] std::filesystem::path toPath(const std::string &utf8);

//! Text that can't drive a terminal: control characters but the line feed, and those that turn the
//! direction of writing, become U+FFFD.
[[nodiscard]] QString printable(const QString &text);

} // namespace sealpost::cli
