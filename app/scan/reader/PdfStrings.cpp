// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/PdfStrings.h"

#include <QByteArrayView>
#include <QString>
#include <QStringDecoder>
#include <algorithm>
#include <array>
#include <charconv>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr auto kSpace = "\0\t\n\f\r "sv;
constexpr auto kEndOfWord = "\0\t\n\f\r ()<>[]{}/%"sv;

int hexDigit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

//! Empty for what is no text: digests, certificates, numbers of glyphs.
std::string readable(const std::string &bytes) {
    const QByteArrayView view(bytes.data(), static_cast<qsizetype>(bytes.size()));
    const auto decoded = [&](QStringDecoder::Encoding encoding) {
        const QString text = QStringDecoder(encoding)(view);
        return text.toStdString();
    };
    if (bytes.starts_with("\xFE\xFF"sv) || (bytes.size() > 3 && bytes[0] == '\0')) {
        return decoded(QStringDecoder::Utf16BE);
    }
    if (bytes.starts_with("\xFF\xFE"sv)) {
        return decoded(QStringDecoder::Utf16LE);
    }
    const bool isBinary = std::any_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r';
    });
    if (isBinary) {
        return {};
    }
    return view.isValidUtf8() ? bytes : decoded(QStringDecoder::Latin1);
}

//= ISO 32000-1, 7.2 and 7.3 (the syntax's words and strings)
class Words {
public:
    enum class Kind { String, Name, Open, Close, Other };

    explicit Words(std::string_view syntax) : m_rest(syntax) {}

    bool next() {
        while (!m_rest.empty()) {
            m_rest.remove_prefix(std::min(m_rest.find_first_not_of(kSpace), m_rest.size()));
            if (m_rest.starts_with('%')) {
                m_rest.remove_prefix(std::min(m_rest.find_first_of("\r\n"), m_rest.size()));
            } else if (!m_rest.empty()) {
                read();
                return true;
            }
        }
        return false;
    }
    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] const std::string &text() const { return m_text; }

private:
    void read() {
        const char first = m_rest.front();
        m_rest.remove_prefix(1);
        m_text.clear();
        if (first == '(') {
            m_kind = Kind::String;
            readLiteral();
        } else if (first == '<' && !m_rest.starts_with('<')) {
            m_kind = Kind::String;
            readHex();
        } else if (first == '/') {
            m_kind = Kind::Name;
            takeWord();
        } else if (first == '[' || first == ']') {
            m_kind = first == '[' ? Kind::Open : Kind::Close;
        } else {
            m_kind = Kind::Other;
            m_text = first;
            if (first == '<') {
                m_rest.remove_prefix(1); // a dictionary begins
            } else if (kEndOfWord.find(first) == std::string_view::npos) {
                takeWord();
            }
        }
    }

    void takeWord() {
        const auto end = std::min(m_rest.find_first_of(kEndOfWord), m_rest.size());
        m_text += m_rest.substr(0, end);
        m_rest.remove_prefix(end);
    }

    void readLiteral() {
        std::size_t at = 0;
        for (int open = 1; at < m_rest.size(); ++at) {
            const char c = m_rest[at];
            open += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (open == 0) {
                break;
            }
            if (c == '\\') {
                readEscape(at);
            } else {
                m_text += c;
            }
        }
        m_rest.remove_prefix(std::min(at + 1, m_rest.size()));
    }

    //! `at`: of the backslash, then of the last character that belongs to it.
    void readEscape(std::size_t &at) {
        constexpr auto kLetters = "nrtbf"sv;
        constexpr auto kMeant = "\n\r\t\b\f"sv;
        const char c = ++at < m_rest.size() ? m_rest[at] : '\0';
        if (c >= '0' && c <= '7') {
            unsigned code = 0;
            const auto end = std::min(at + 3, m_rest.size());
            std::size_t digit = at;
            for (; digit < end && m_rest[digit] >= '0' && m_rest[digit] <= '7'; ++digit) {
                code = code * 8 + static_cast<unsigned>(m_rest[digit] - '0');
            }
            m_text += static_cast<char>(code & 0xFFU);
            at = digit - 1;
        } else if (const auto letter = kLetters.find(c); letter != std::string_view::npos) {
            m_text += kMeant[letter];
        } else if (c == '\r') {
            at += at + 1 < m_rest.size() && m_rest[at + 1] == '\n' ? 1 : 0;
        } else if (c != '\n') {
            m_text += c;
        }
    }

    void readHex() {
        const auto end = std::min(m_rest.find('>'), m_rest.size());
        int high = -1;
        for (const char c : m_rest.substr(0, end)) {
            const int digit = hexDigit(c);
            if (digit >= 0 && high >= 0) {
                m_text += static_cast<char>(high * 16 + digit);
                high = -1;
            } else if (digit >= 0) {
                high = digit;
            }
        }
        if (high >= 0) {
            m_text += static_cast<char>(high * 16);
        }
        m_rest.remove_prefix(std::min(end + 1, m_rest.size()));
    }

    std::string_view m_rest;
    Kind m_kind = Kind::Other;
    std::string m_text;
};

//! A gap between two strings that is one between words, in thousandths of the type's size.
bool isGap(const std::string &number) {
    constexpr int kLeast = 150;
    int value = 0;
    const auto parsed = std::from_chars(number.data(), number.data() + number.size(), value);
    return parsed.ec == std::errc() && value <= -kLeast;
}

bool endsLine(const std::string &word) {
    constexpr std::array kOperators = {"Td"sv, "TD"sv, "T*"sv, "Tm"sv, "ET"sv, "'"sv, "\""sv};
    return std::find(kOperators.begin(), kOperators.end(), word) != kOperators.end();
}

} // namespace

std::string stringsOfObjects(std::string_view syntax) {
    std::string text;
    std::string key;
    std::string field;
    std::string value;
    const auto endField = [&] {
        if (!field.empty() && !value.empty()) {
            text += field + ": " + value + '\n';
        }
        field.clear();
        value.clear();
    };
    Words words(syntax);
    while (words.next()) {
        if (words.kind() == Words::Kind::Name) {
            key = words.text();
        } else if (words.kind() == Words::Kind::String) {
            auto string = readable(words.text());
            if (string.empty()) {
                continue;
            }
            ((text += key) += ": " + string) += '\n';
            if (key == "T") {
                field = std::move(string);
            } else if (key == "V") {
                value = std::move(string);
            }
        } else if (words.text() == "endobj" || words.text() == "obj") {
            endField();
            key.clear();
        }
        if (!field.empty() && !value.empty()) {
            endField();
        }
    }
    return text;
}

std::string stringsOfDrawing(std::string_view syntax) {
    std::string text;
    bool inArray = false;
    Words words(syntax);
    while (words.next()) {
        switch (words.kind()) {
        case Words::Kind::String:
            text += readable(words.text());
            break;
        case Words::Kind::Open:
        case Words::Kind::Close:
            inArray = words.kind() == Words::Kind::Open;
            break;
        case Words::Kind::Other:
            if (inArray && isGap(words.text())) {
                text += ' ';
            } else if (endsLine(words.text()) && !text.empty() && text.back() != '\n') {
                text += '\n';
            }
            break;
        case Words::Kind::Name:
            break;
        }
    }
    return text;
}

} // namespace sealpost::scan
