// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace sealpost::wording {

//! An Error's code and its sentences. {subject} and {detail} stand for the Error's own.
struct ErrorRow {
    std::string_view code;
    const char *what;
    const char *next;
};

[[nodiscard]] std::span<const ErrorRow> errorTable();

} // namespace sealpost::wording
