// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DotStuffer.h"

namespace sealpost::net {

Result<std::string> DotStuffer::add(std::string_view piece) {
    if (auto good = m_check.add(piece); !good) {
        return tl::unexpected(std::move(good.error()));
    }
    std::string out;
    out.reserve(piece.size() + piece.size() / 64);
    while (!piece.empty()) {
        //= RFC 5321 §4.5.2: a line that starts with a period gets another one before it.
        if (m_atLineStart && piece.front() == '.') {
            out += '.';
        }
        const auto end = piece.find('\n');
        m_atLineStart = end != std::string_view::npos;
        const auto line = piece.substr(0, m_atLineStart ? end + 1 : piece.size());
        out += line;
        piece.remove_prefix(line.size());
    }
    return out;
}

Result<std::string> DotStuffer::finish() const {
    if (auto good = m_check.finish(); !good) {
        return tl::unexpected(std::move(good.error()));
    }
    return m_atLineStart ? ".\r\n" : "\r\n.\r\n";
}

} // namespace sealpost::net
