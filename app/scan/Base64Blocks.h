// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: base64 inside texts.
#pragma once

#include <string>
#include <string_view>

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
    [[nodiscard]] std::size_t endOfLines(std::size_t from, std::size_t to) const;

    std::string_view m_text;
    std::size_t m_at = 0;
};

} // namespace sealpost::scan
