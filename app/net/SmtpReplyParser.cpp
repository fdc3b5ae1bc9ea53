// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SmtpReplyParser.h"

#include "base/Text.h"

#include <QUtf8StringView>
#include <utility>

namespace sealpost::net {

namespace {
constexpr std::size_t kLongestLine = 2048;
constexpr std::size_t kMostLines = 128;
constexpr std::size_t kLongestReply = 65536;
constexpr std::size_t kLongestText = 512;
constexpr std::size_t kCodeSize = 3;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

//! A server's words may be shown and logged: no control character gets through.
std::string printable(std::string_view line) {
    const QUtf8StringView utf8(line.data(), static_cast<qsizetype>(line.size()));
    std::string text(line);
    for (auto &c : text) {
        if (c == '\t') {
            c = ' ';
        }
    }
    if (utf8.isValidUtf8() && !base::hasControlCharacters(text)) {
        return text;
    }
    for (auto &c : text) {
        if (c < ' ' || c > '~') {
            c = '?';
        }
    }
    return text;
}

//! "5.7.1" where the text starts with such a code (RFC 3463 §2) and a space or its end follows.
std::string enhancedCode(std::string_view text) {
    const auto code = text.substr(0, text.find(' '));
    const auto parts = base::split(code, '.');
    if (parts.size() != 3 || (parts[0] != "2" && parts[0] != "4" && parts[0] != "5")) {
        return {};
    }
    for (const auto &part : parts) {
        if (part.empty() || part.size() > 3 ||
            part.find_first_not_of("0123456789") != std::string::npos) {
            return {};
        }
    }
    return std::string(code);
}

auto garbage(std::string_view what) {
    return fail("smtp.garbage", "smtp.reply", Reaction::Retry, what);
}

auto endless(std::string_view what) {
    return fail("smtp.endless", "smtp.reply", Reaction::Retry, what);
}
} // namespace

std::string SmtpReply::text() const {
    auto text = std::to_string(code);
    for (const auto &line : lines) {
        text += ' ' + line;
    }
    if (text.size() > kLongestText) {
        auto cut = kLongestText - 3;
        // Not within a character: continuation bytes of UTF-8 are 10xxxxxx.
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) {
            --cut;
        }
        text.resize(cut);
        text += "…";
    }
    return text;
}

void SmtpReplyParser::feed(std::string_view bytes) {
    m_buffer += bytes;
}

Result<std::optional<SmtpReply>> SmtpReplyParser::next() {
    for (;;) {
        const auto end = m_buffer.find('\n');
        // Servers that end a line with LF alone exist; nothing turns on it in a reply.
        if ((end == std::string::npos ? m_buffer.size() : end) > kLongestLine) {
            return endless("line");
        }
        if (end == std::string::npos) {
            return std::nullopt;
        }
        auto line = m_buffer.substr(0, end);
        m_buffer.erase(0, end + 1);
        if (line.ends_with('\r')) {
            line.pop_back();
        }
        m_partialBytes += line.size();
        auto last = takeLine(line);
        if (!last) {
            return tl::unexpected(std::move(last.error()));
        }
        if (*last) {
            m_partialBytes = 0;
            m_partial.enhanced = enhancedCode(m_partial.lines.front());
            return std::exchange(m_partial, {});
        }
    }
}

Result<bool> SmtpReplyParser::takeLine(std::string_view line) {
    //= RFC 5321 §4.2: three digits, of which the first says success or failure.
    if (line.size() < kCodeSize || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) ||
        !isDigit(line[2])) {
        return garbage("no reply code");
    }
    const char separator = line.size() > kCodeSize ? line[kCodeSize] : ' ';
    if (separator != ' ' && separator != '-') {
        return garbage("no space or hyphen after the reply code");
    }
    const int code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
    //= RFC 5321 §4.2.1: every line of a reply has the same code.
    if (!m_partial.lines.empty() && code != m_partial.code) {
        return garbage("lines of one reply with different codes");
    }
    if (m_partial.lines.size() == kMostLines || m_partialBytes > kLongestReply) {
        return endless("reply");
    }
    m_partial.code = code;
    m_partial.lines.push_back(line.size() > kCodeSize ? printable(line.substr(kCodeSize + 1))
                                                      : std::string());
    return separator == ' ';
}

void SmtpReplyParser::discardPending() {
    m_buffer.clear();
    m_partial = {};
    m_partialBytes = 0;
}

} // namespace sealpost::net
