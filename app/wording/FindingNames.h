// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to wording, and to its test.
#pragma once

#include <span>
#include <string_view>

namespace sealpost::wording {

//! What a kind of finding is called, without an article, and what to do about it.
struct FindingWords {
    std::string_view id; //!< of a rule in resources/rules, or of a file's kind
    const char *name;
    const char *nextStep;
};

[[nodiscard]] std::span<const FindingWords> findingWords();
//! None for an organisation's own rules.
[[nodiscard]] const FindingWords *wordsOfKind(std::string_view id);

} // namespace sealpost::wording
