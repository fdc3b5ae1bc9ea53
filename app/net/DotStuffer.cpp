// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DotStuffer.h"

namespace sealpost::net {

namespace {
constexpr std::size_t kLongestLine = 998;

auto refuse(std::string_view code) {
    return fail(code, "smtp.content", Reaction::Bug);
}
} // namespace

Result<std::string> DotStuffer::add(std::string_view piece) {
    std::string out;
    out.reserve(piece.size() + piece.size() / 64);
    for (const char c : piece) {
        //= RFC 5321 §2.3.8: CR and LF go out as CRLF and in no other way. A lone one is how
        // one message is made to look like two ("SMTP smuggling").
        if (m_afterCr != (c == '\n')) {
            return refuse("smtp.bare-newline");
        }
        if (c == '\n') {
            m_afterCr = false;
            m_column = 0;
        } else if (c == '\r') {
            m_afterCr = true;
        } else if (c == '\0' || static_cast<unsigned char>(c) > 127) {
            //= RFC 5321 §2.4: no octets above 127 unless 8BITMIME was agreed, which we never ask.
            return refuse("smtp.not-7bit");
        } else {
            //= RFC 5321 §4.5.2: a line that starts with a period gets another one before it.
            if (c == '.' && m_column == 0) {
                out += '.';
            }
            //= RFC 5321 §4.5.3.1.6: 1000 octets with CRLF, the stuffed period not counted.
            if (++m_column > kLongestLine) {
                return refuse("smtp.line-too-long");
            }
        }
        out += c;
    }
    return out;
}

Result<std::string> DotStuffer::finish() const {
    if (m_afterCr) {
        return refuse("smtp.bare-newline");
    }
    return m_column == 0 ? ".\r\n" : "\r\n.\r\n";
}

} // namespace sealpost::net
