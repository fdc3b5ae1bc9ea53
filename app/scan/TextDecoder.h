// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: bytes to the text that rules read.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

//! Appends a character; nothing for a number that is none.
void appendUtf8(unsigned code, std::string &into);

//! Spaces that don't break, or have a width of their own, and hyphens that don't break become plain
//! ones, each character one: `943\u00A0476\u00A05919` is a number with spaces. Empty where the
//! text has none of them, as most have.
[[nodiscard]] std::string plainlySpaced(std::string_view text);

//! The character that a byte is in Windows-1252.
[[nodiscard]] unsigned fromWindows1252(unsigned byte);

//! UTF-16 and UTF-32 (with a byte order mark, or plainly without) becomes UTF-8, and so does text
//! in Windows-1252, which includes ISO 8859-1: what has no zeros and is not UTF-8. Other bytes are
//! passed through, without the mark of UTF-8: so is what is large and has more bytes above 127 than
//! below, which is no Western text. All else is plainlySpaced().
class DecodedText {
public:
    explicit DecodedText(std::string_view bytes);
    DecodedText(const DecodedText &) = delete;
    DecodedText &operator=(const DecodedText &) = delete;

    [[nodiscard]] std::string_view view() const { return m_view; }
    //! Whether a mark alone says that it is UTF-16 or UTF-32: no space, no line end speaks for it,
    //! and the bytes may be another text.
    [[nodiscard]] bool isDoubtful() const { return m_doubtful; }
    //! Whether lines mean something.
    [[nodiscard]] bool hasLines() const { return m_hasLines; }

private:
    void spacePlainly();

    std::string m_converted;
    std::string_view m_view;
    bool m_hasLines = true;
    bool m_doubtful = false;
};

//! What a program has to read: six characters or more of printable ASCII in a row, with what goes
//! on behind them in UTF-8, parted by zeros.
[[nodiscard]] std::string textInProgram(std::string_view bytes);

//! The text in UTF-16 that stands in other bytes, each piece a line.
[[nodiscard]] std::string wideText(std::string_view bytes);

} // namespace sealpost::scan
