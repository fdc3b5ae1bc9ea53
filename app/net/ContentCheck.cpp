// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ContentCheck.h"

#include <cstdint>
#include <cstring>

namespace sealpost::net {

namespace {
constexpr std::size_t kLongestLine = 998;

auto refuse(std::string_view code) {
    return fail(code, "smtp.content", Reaction::Bug);
}

//! Neither NUL nor above 127; eight octets at a time.
bool isSevenBit(std::string_view text) {
    constexpr std::uint64_t kOnes = 0x0101010101010101U;
    constexpr std::uint64_t kHigh = 0x8080808080808080U;
    std::uint64_t bad = 0;
    for (; text.size() >= sizeof bad; text.remove_prefix(sizeof bad)) {
        std::uint64_t word = 0;
        std::memcpy(&word, text.data(), sizeof word);
        bad |= word | (word - kOnes); // an octet of 0 borrows
    }
    for (const char c : text) {
        bad |= static_cast<std::uint64_t>(c == '\0' || static_cast<unsigned char>(c) > 127) << 7U;
    }
    return (bad & kHigh) == 0;
}
} // namespace

Result<void> ContentCheck::add(std::string_view piece) {
    //= RFC 5321 §2.3.8: CR and LF go out as CRLF and in no other way. A lone one is how one
    // message is made to look like two ("SMTP smuggling").
    if (m_afterCr && !piece.empty()) {
        if (piece.front() != '\n') {
            return refuse("smtp.bare-newline");
        }
        piece.remove_prefix(1);
        m_afterCr = false;
        m_column = 0;
    }
    while (!piece.empty()) {
        const auto end = piece.find('\n');
        const bool complete = end != std::string_view::npos;
        auto line = piece.substr(0, end);
        piece.remove_prefix(complete ? end + 1 : piece.size());
        const bool cr = line.ends_with('\r');
        if (cr) {
            line.remove_suffix(1);
        }
        if ((complete && !cr) || line.find('\r') != std::string_view::npos) {
            return refuse("smtp.bare-newline");
        }
        //= RFC 5321 §2.4: no octets above 127 unless 8BITMIME was agreed, which we never ask.
        if (!isSevenBit(line)) {
            return refuse("smtp.not-7bit");
        }
        //= RFC 5321 §4.5.3.1.6: 1000 octets with CRLF, a stuffed period not counted.
        m_column += line.size();
        if (m_column > kLongestLine) {
            return refuse("smtp.line-too-long");
        }
        m_afterCr = cr && !complete;
        if (complete) {
            m_column = 0;
        }
    }
    return {};
}

Result<void> ContentCheck::finish() const {
    return m_afterCr ? Result<void>(refuse("smtp.bare-newline")) : Result<void>();
}

} // namespace sealpost::net
