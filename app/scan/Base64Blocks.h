// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: base64 inside texts.
#pragma once

#include "scan/WordBits.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! A block of base64 (RFC 4648 §4 and §5), over several lines or in one.
struct Base64Block {
    std::size_t from = 0;
    std::string decoded;
};

//! The blocks of a text, one after the other.
class Base64Blocks {
public:
    explicit Base64Blocks(std::string_view text) : m_text(text) {}

    //! The next block that may hold something to read: not the body of a PEM object, whose rules
    //! read it as it stands, nor what decodes to noise. False at the end.
    bool next(Base64Block &block);

private:
    static constexpr unsigned kShortest = 32; //!< characters; shorter ones are words and numbers

    struct Run {
        std::size_t from = 0;
        std::size_t to = 0;
    };

    bool nextRun(Run &run);
    void readRuns();
    [[nodiscard]] std::size_t endOfLines(std::size_t from, std::size_t to) const;

    std::string_view m_text;
    std::size_t m_at = 0;   //!< nothing before it is looked at again
    std::size_t m_read = 0; //!< up to where runs were searched for
    LongRuns<kShortest> m_search;
    std::vector<Run> m_runs; //!< of the part read last
    std::size_t m_taken = 0; //!< of them
};

} // namespace sealpost::scan
