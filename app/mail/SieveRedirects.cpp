// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/SieveRedirects.h"

#include "base/Text.h"

#include <optional>

namespace sealpost::mail {

namespace {

struct Token {
    enum class Kind { Word, Tag, Text, Sign };
    Kind kind = Kind::Sign;
    std::string text;
    std::uint32_t line = 0;
};

bool isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

//! RFC 5228 §2.3 to §2.4: comments, words, tags, quoted and multi-line strings.
class Lexer {
public:
    explicit Lexer(std::string_view script) : m_script(script) {}

    //! None at the end, or where `broken()`.
    std::optional<Token> next() {
        skipSpace();
        if (m_at >= m_script.size() || m_broken) {
            return std::nullopt;
        }
        Token token;
        token.line = m_line;
        const char c = m_script[m_at];
        if (c == '"') {
            token.kind = Token::Kind::Text;
            token.text = quoted();
        } else if (isWordCharacter(c) || c == ':') {
            token.kind = c == ':' ? Token::Kind::Tag : Token::Kind::Word;
            token.text = word();
            if (token.text == "text" && m_at < m_script.size() && m_script[m_at] == ':') {
                token.kind = Token::Kind::Text;
                token.text = multiLine();
            }
        } else {
            token.text = take();
        }
        return m_broken ? std::nullopt : std::optional(token);
    }
    [[nodiscard]] bool broken() const { return m_broken; }

private:
    char take() {
        const char c = m_script[m_at++];
        m_line += c == '\n' ? 1 : 0;
        return c;
    }

    void skipSpace() {
        while (m_at < m_script.size()) {
            const char c = m_script[m_at];
            if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
                take();
            } else if (c == '#') {
                skipTo("\n");
            } else if (m_script.substr(m_at, 2) == "/*") {
                skipTo("*/");
            } else {
                return;
            }
        }
    }

    void skipTo(std::string_view end) {
        const auto found = m_script.find(end, m_at);
        m_broken = m_broken || (found == std::string_view::npos && end != "\n");
        const auto stop = found == std::string_view::npos ? m_script.size() : found + end.size();
        while (m_at < stop) {
            take();
        }
    }

    std::string word() {
        std::string text(1, take());
        while (m_at < m_script.size() && isWordCharacter(m_script[m_at])) {
            text += take();
        }
        return base::asciiLower(text);
    }

    std::string quoted() {
        std::string text;
        take();
        while (m_at < m_script.size()) {
            char c = take();
            if (c == '"') {
                return text;
            }
            if (c == '\\' && m_at < m_script.size()) {
                c = take();
            }
            text += c;
        }
        m_broken = true;
        return text;
    }

    //! "text:" to a line with a dot alone; dots at the start of lines are doubled.
    std::string multiLine() {
        skipTo("\n");
        std::string text;
        while (m_at < m_script.size()) {
            const auto newline = std::min(m_script.find('\n', m_at), m_script.size());
            auto line = m_script.substr(m_at, newline - m_at);
            while (m_at < m_script.size() && m_at <= newline) {
                take();
            }
            if (base::trimmed(line) == ".") {
                return text;
            }
            if (line.starts_with("..")) {
                line.remove_prefix(1);
            }
            text += std::string(line) + "\n";
        }
        m_broken = true;
        return text;
    }

    std::string_view m_script;
    std::size_t m_at = 0;
    std::uint32_t m_line = 1;
    bool m_broken = false;
};

//! A command's arguments up to its ";" or "{": the last text is the address or the script.
std::optional<Token> lastText(Lexer &lexer) {
    std::optional<Token> last;
    while (const auto token = lexer.next()) {
        if (token->kind == Token::Kind::Text) {
            last = token;
        } else if (token->kind == Token::Kind::Sign && (token->text == ";" || token->text == "{")) {
            break;
        }
    }
    return last;
}

} // namespace

SieveReading readSieve(std::string_view script) {
    SieveReading reading;
    Lexer lexer(script);
    while (const auto token = lexer.next()) {
        if (token->kind != Token::Kind::Word) {
            continue;
        }
        if (token->text == "redirect") {
            const auto address = lastText(lexer);
            const auto text = address ? std::string(base::trimmed(address->text)) : std::string();
            reading.redirects.push_back(
                {text, token->line, !address || text.find("${") != std::string::npos});
        } else if (token->text == "include") {
            const auto name = lastText(lexer);
            if (name) {
                reading.includes.push_back(name->text);
            }
        }
    }
    reading.understood = !lexer.broken();
    return reading;
}

} // namespace sealpost::mail
