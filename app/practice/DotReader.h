// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sealpost::practice {

//! Takes the content of DATA apart, in any pieces: undoes the stuffing of dots and finds the end
//! (RFC 5321 §4.5.2). Only CRLF . CRLF ends it; a CR or LF that stands alone is noted.
class DotReader {
public:
    //! How many of the bytes belong to the content; the content's plain form is added to `out`.
    [[nodiscard]] std::size_t feed(std::string_view bytes, std::string &out);
    [[nodiscard]] bool done() const { return m_state == State::Done; }
    [[nodiscard]] bool sawBareNewline() const { return m_bare; }

private:
    enum class State { LineStart, Text, Cr, Dot, DotCr, Done };
    void step(char c, std::string &out);
    void text(char c, std::string &out);

    State m_state = State::LineStart;
    bool m_bare = false;
};

} // namespace sealpost::practice
