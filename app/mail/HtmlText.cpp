// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/HtmlText.h"

#include "base/Text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace sealpost::mail {

namespace {

constexpr std::array<std::string_view, 17> kBlocks = {"p",  "br", "div",   "tr",  "li",        "h1",
                                                      "h2", "h3", "h4",    "h5",  "h6",        "ul",
                                                      "ol", "hr", "table", "pre", "blockquote"};

void appendUtf8(std::string &out, unsigned long code) {
    constexpr unsigned long kReplacement = 0xFFFD;
    const bool usable = code >= 0x20 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) &&
                        (code < 0x7F || code > 0x9F) && (code < 0x200B || code > 0x200F) &&
                        (code < 0x202A || code > 0x202E) && (code < 0x2060 || code > 0x2069);
    if (!usable) {
        code = code == '\n' || code == '\t' ? ' ' : kReplacement;
    }
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xC0 | code >> 6U);
        out += static_cast<char>(0x80 | (code & 0x3FU));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xE0 | code >> 12U);
        out += static_cast<char>(0x80 | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80 | (code & 0x3FU));
    } else {
        out += static_cast<char>(0xF0 | code >> 18U);
        out += static_cast<char>(0x80 | (code >> 12U & 0x3FU));
        out += static_cast<char>(0x80 | (code >> 6U & 0x3FU));
        out += static_cast<char>(0x80 | (code & 0x3FU));
    }
}

//! The character that "&…;" stands for.
std::optional<unsigned long> entityCode(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, unsigned long>, 8> kNamed = {
        {{"amp", '&'},
         {"lt", '<'},
         {"gt", '>'},
         {"quot", '"'},
         {"apos", '\''},
         {"nbsp", ' '},
         {"pound", 0xA3},
         {"euro", 0x20AC}}};
    for (const auto &[known, code] : kNamed) {
        if (known == name) {
            return code;
        }
    }
    if (!name.starts_with('#')) {
        return std::nullopt;
    }
    name.remove_prefix(1);
    const bool hex = name.starts_with('x') || name.starts_with('X');
    name.remove_prefix(hex ? 1 : 0);
    unsigned long code = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
    return read.ec == std::errc() && read.ptr == name.data() + name.size() ? std::optional(code)
                                                                           : std::nullopt;
}

//! Reads from front to back, once.
class Stripper {
public:
    explicit Stripper(std::string_view html) : m_rest(html) {}

    std::string run() {
        while (!m_rest.empty()) {
            if (m_rest.front() == '<') {
                tag();
            } else if (m_rest.front() == '&') {
                entity();
            } else {
                character();
            }
        }
        return std::move(m_out);
    }

private:
    void character() {
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (!space) {
            m_out += c;
        } else if (!m_out.empty() && m_out.back() != ' ' && m_out.back() != '\n') {
            m_out += ' ';
        }
    }
    void entity() {
        constexpr std::size_t kLongest = 10;
        const auto end = m_rest.substr(0, kLongest).find(';');
        const auto code =
            end == std::string_view::npos ? std::nullopt : entityCode(m_rest.substr(1, end - 1));
        if (code) {
            appendUtf8(m_out, *code);
            m_rest.remove_prefix(end + 1);
        } else {
            character();
        }
    }
    //! Past the first `end`; to the end of all where there is none.
    void skipPast(std::string_view end) {
        const auto at = m_rest.find(end);
        m_rest.remove_prefix(at == std::string_view::npos ? m_rest.size() : at + end.size());
    }
    //! The end of a tag, which is not a '>' in quotes.
    std::size_t tagEnd() const {
        char quote = '\0';
        for (std::size_t i = 1; i < m_rest.size(); ++i) {
            const char c = m_rest[i];
            if (quote != '\0') {
                quote = c == quote ? '\0' : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '>') {
                return i;
            }
        }
        return std::string_view::npos;
    }
    void tag() {
        if (m_rest.starts_with("<!--")) {
            skipPast("-->");
            return;
        }
        const auto end = tagEnd();
        if (end == std::string_view::npos) {
            m_rest = {}; // an unclosed tag: no browser shows what follows
            return;
        }
        const auto inside = m_rest.substr(1, end - 1);
        m_rest.remove_prefix(end + 1);
        const bool closing = inside.starts_with('/');
        const auto word = inside.substr(closing ? 1 : 0);
        const auto name = base::asciiLower(
            word.substr(0, std::min(word.find_first_of(" \t\r\n/>"), word.size())));
        if (!closing && (name == "script" || name == "style" || name == "head")) {
            skipElement(name);
        } else if (std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end() &&
                   !m_out.empty() && m_out.back() != '\n') {
            m_out += '\n';
        } else if (name == "a" && !closing) {
            m_target = hrefOf(inside);
        } else if (name == "a" && !m_target.empty()) {
            m_out += " <" + m_target + ">";
            m_target.clear();
        }
    }
    void skipElement(const std::string &name) {
        for (;;) {
            skipPast("</");
            if (m_rest.empty() || base::equalsIgnoringCase(m_rest.substr(0, name.size()), name)) {
                skipPast(">");
                return;
            }
        }
    }
    static std::string hrefOf(std::string_view inside) {
        const auto lower = base::asciiLower(inside);
        const auto at = lower.find("href=");
        if (at == std::string::npos) {
            return {};
        }
        auto value = inside.substr(at + 5);
        const char quote =
            !value.empty() && (value.front() == '"' || value.front() == '\'') ? value.front() : ' ';
        value.remove_prefix(quote == ' ' ? 0 : 1);
        std::string target;
        for (const char c : value.substr(0, value.find(quote))) {
            if (static_cast<unsigned char>(c) > ' ' && c != 0x7F) {
                target += c;
            }
        }
        return target;
    }

    std::string_view m_rest;
    std::string m_out;
    std::string m_target;
};

} // namespace

std::string htmlAsText(std::string_view html) {
    return Stripper(html).run();
}

} // namespace sealpost::mail
