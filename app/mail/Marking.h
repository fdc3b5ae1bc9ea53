// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Classification.h"

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::mail {

//! A classification as it is written: with a handling instruction and a descriptor, both optional.
struct Marking {
    Classification classification = Classification::Official;
    std::string handling;   //!< "RECIPIENTS ONLY"
    std::string descriptor; //!< "COMMERCIAL"
    friend bool operator==(const Marking &, const Marking &) = default;
};

//! "OFFICIAL-SENSITIVE - RECIPIENTS ONLY - COMMERCIAL".
[[nodiscard]] std::string toText(const Marking &marking);

//! A whole text as a marking: "[OFFICIAL SENSITIVE – COMMERCIAL]". Hyphens and dashes of any length
//! part it, case does not matter within brackets. What follows the classification is taken as
//! handling instruction and descriptor, whatever it says.
[[nodiscard]] std::optional<Marking> markingFrom(std::string_view text);

//! The marking at the start of a subject, be it behind "Re:" and "Fwd:"; none where there is none.
[[nodiscard]] std::optional<Marking> markingOfSubject(std::string_view subject);
//! The marking that is the text's first line with anything on it.
[[nodiscard]] std::optional<Marking> markingOfBody(std::string_view body);

//! The highest marking of what is quoted or forwarded in the body (see endOfOwnText()): of lines
//! that are a marking alone, behind quote marks or not, and of "Subject:" lines.
[[nodiscard]] std::optional<Marking> markingOfQuoted(std::string_view body);

//! The higher of two, of two alike the first, completed from the other by what it lacks.
[[nodiscard]] Marking higher(const Marking &first, const std::optional<Marking> &second);

//! "[OFFICIAL-SENSITIVE] Re: Minutes": in the place of one that is there, always in front. Applied
//! again, nothing changes. What the old one says beside its classification stays, in brackets.
[[nodiscard]] std::string markedSubject(std::string_view subject, const Marking &marking);
//! The marking as first line, in the place of one that says no more, and an empty line.
[[nodiscard]] std::string markedBody(std::string_view body, const Marking &marking);

} // namespace sealpost::mail
