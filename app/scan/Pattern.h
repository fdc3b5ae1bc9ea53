// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: one PCRE2 pattern with limits.
#pragma once

#include "base/Result.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sealpost::scan {

struct Span {
    std::size_t from = 0;
    std::size_t to = 0;
    friend bool operator==(const Span &, const Span &) = default;
};

struct PatternMatch {
    Span whole;
    Span secret; //!< the group asked for
};

enum class PatternOutcome { Match, NoMatch, LimitReached };

enum class PatternCompilation {
    Now,        //!< to know of each mistake
    OnFirstUse, //!< for those that tests have tried: most rules never see a candidate
};

enum class SubjectEnd {
    OfText,
    Cut, //!< the text goes on: no end of line for `$`
};

//! UTF-8; bytes that are none match nothing. What is used often becomes machine code. Any thread.
class Pattern {
public:
    //! AskAdmin "scan.rules" with PCRE2's message and the offset.
    [[nodiscard]] static Result<Pattern> compile(const std::string &regex, int group,
                                                 PatternCompilation when = PatternCompilation::Now);
    Pattern(Pattern &&other) noexcept;
    Pattern &operator=(Pattern &&other) noexcept;
    ~Pattern();

    //! The first match that starts in [from, lastStart].
    [[nodiscard]] PatternOutcome find(std::string_view text, std::size_t from,
                                      std::size_t lastStart, PatternMatch &match,
                                      SubjectEnd end = SubjectEnd::OfText) const;
    //! How many groups it captures; 0 before it is compiled.
    [[nodiscard]] int groups() const;
    [[nodiscard]] bool contains(std::string_view text) const;

private:
    struct Private;
    explicit Pattern(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::scan
