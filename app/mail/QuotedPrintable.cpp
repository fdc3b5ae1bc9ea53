// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/QuotedPrintable.h"

#include <algorithm>

namespace sealpost::mail {

namespace {

constexpr std::size_t kMaxLine = 76;

bool isSpace(char c) {
    return c == ' ' || c == '\t';
}
bool isPrintable(char c) {
    return (c >= '!' && c <= '~') || isSpace(c);
}

//! Some relays prefix ">" to "From " (mboxrd), and a lone "." ends DATA.
bool isTouchedInTransit(std::string_view line) {
    return line.starts_with("From ") || line.starts_with('.');
}

template <class Visit> void forEachLine(std::string_view crlfText, Visit visit) {
    while (!crlfText.empty()) {
        const auto end = crlfText.find("\r\n");
        visit(crlfText.substr(0, end));
        crlfText.remove_prefix(end == std::string_view::npos ? crlfText.size() : end + 2);
    }
}

void appendEncodedLine(std::string &out, std::string_view line) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool last = i + 1 == line.size();
        //= RFC 2045 §6.7 (3) (no space or tab at the end of a line)
        const bool literal = isPrintable(c) && c != '=' && !(isSpace(c) && last) &&
                             !(i == 0 && isTouchedInTransit(line));
        const std::size_t width = literal ? 1 : 3;
        // One column is kept for the soft line break, which stands behind everything but the last.
        if (column + width > kMaxLine - 1) {
            out += "=\r\n";
            column = 0;
        }
        if (literal) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '=';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
        column += width;
    }
    out += "\r\n";
}

} // namespace

std::string withCrlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32 + 2);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' || text[i] == '\n') {
            out += "\r\n";
            i += text.substr(i, 2) == "\r\n" ? 1 : 0;
        } else {
            out += text[i];
        }
    }
    if (!out.ends_with('\n')) {
        out += "\r\n";
    }
    return out;
}

bool isPlainEnough(std::string_view crlfText) {
    bool plain = true;
    forEachLine(crlfText, [&](std::string_view line) {
        plain = plain && line.size() <= kMaxLine && !isTouchedInTransit(line) &&
                (line.empty() || !isSpace(line.back())) &&
                std::all_of(line.begin(), line.end(), isPrintable);
    });
    return plain;
}

std::string quotedPrintable(std::string_view crlfText) {
    std::string out;
    out.reserve(crlfText.size() + crlfText.size() / 4);
    forEachLine(crlfText, [&](std::string_view line) { appendEncodedLine(out, line); });
    return out;
}

} // namespace sealpost::mail
