// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace sealpost::wording {

//! What an enhanced status code says to a person, whichever its class: the class says whether it
//! is for now (4) or for good (5).
struct StatusRow {
    std::string_view code; //!< subject and detail: "1.1" of "5.1.1" (RFC 3463 §3)
    const char *what;      //!< a sentence
    const char *next;      //!< where it is for good
};

//! Every code that IANA's registry of enhanced status codes has that a server may say to a sender.
[[nodiscard]] std::span<const StatusRow> statusTable();

//! The row of "550 5.1.1", "5.1.1" or anything that has such a code as its first or second word; of
//! its subject in general where the detail is not known; none where there is no code.
[[nodiscard]] std::optional<StatusRow> statusRow(std::string_view codes);

} // namespace sealpost::wording
