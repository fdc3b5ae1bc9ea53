// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RichText.h"

#include "scan/PackagedFile.h"
#include "scan/TextDecoder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kDeepest = 4096; //!< groups; what is deeper is read as if it were there
constexpr std::size_t kMostObjects = 10'000;
constexpr int kLargestNumber = 1 << 30;

enum class Into {
    Text,  //!< what is shown
    Aside, //!< a part that is not
    Bytes, //!< hexadecimal digits: a picture, an object
};

//! What braces keep apart.
struct Group {
    Into into = Into::Text;
    int unicodeSkip = 1;     //!< characters behind \u for those who can't read it
    bool hidden = false;     //!< RTF that stands for HTML that is there too
    bool startsHere = false; //!< it is a part of its own
};

struct Word {
    std::string_view name;
    std::optional<int> number;
};

bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

int hexDigit(char c) {
    if (isDigit(c)) {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

//! Parts that are not shown in their place, but for those behind \*.
constexpr std::array kAside = {
    "fonttbl"sv,  "colortbl"sv, "stylesheet"sv, "info"sv,    "header"sv,  "headerl"sv,
    "headerr"sv,  "headerf"sv,  "footer"sv,     "footerl"sv, "footerr"sv, "footerf"sv,
    "footnote"sv, "filetbl"sv,  "xe"sv,         "tc"sv,      "title"sv,   "subject"sv,
    "author"sv,   "operator"sv, "keywords"sv,   "comment"sv, "doccomm"sv, "company"sv,
    "manager"sv,  "category"sv, "hlinkbase"sv};

constexpr std::array kBreaks = {"par"sv, "line"sv, "row"sv, "sect"sv, "page"sv, "column"sv};

struct Letter {
    std::string_view name;
    unsigned code;
};
constexpr std::array kLetters = {Letter{"lquote", 0x2018},    Letter{"rquote", 0x2019},
                                 Letter{"ldblquote", 0x201C}, Letter{"rdblquote", 0x201D},
                                 Letter{"endash", 0x2013},    Letter{"emdash", 0x2014},
                                 Letter{"bullet", 0x2022}};

class Reading {
public:
    explicit Reading(std::string_view bytes) : m_left(bytes) {}

    RichText run() {
        while (!m_left.empty()) {
            const char c = m_left.front();
            m_left.remove_prefix(1);
            switch (c) {
            case '{':
                open();
                break;
            case '}':
                close();
                break;
            case '\\':
                control();
                break;
            case '\r':
            case '\n':
                break;
            default:
                character(static_cast<unsigned char>(c));
            }
        }
        while (m_groups.size() > 1) { // those that nothing closed
            close();
        }
        return std::move(m_result);
    }

private:
    Group &group() { return m_groups.back(); }

    void open() {
        m_skip = 0;
        m_star = false;
        if (m_groups.size() >= kDeepest) {
            ++m_deeper;
            return;
        }
        m_groups.push_back(group());
        group().startsHere = false;
    }

    void close() {
        m_skip = 0;
        m_star = false;
        if (m_deeper > 0) {
            --m_deeper;
        } else if (m_groups.size() > 1) {
            const auto ended = group();
            m_groups.pop_back();
            end(ended);
        }
    }

    //! A part of its own is over.
    void end(const Group &ended) {
        if (!ended.startsHere) {
            return;
        }
        endLineAside();
        if (ended.into == Into::Bytes && !m_bytes.empty()) {
            auto inside = embeddedIn(m_bytes);
            addObject(inside ? std::move(*inside) : std::move(m_bytes));
            m_bytes.clear();
        }
        m_half = -1;
    }

    void addObject(std::string bytes) {
        m_result.tooMany = m_result.objects.size() >= kMostObjects;
        if (!m_result.tooMany) {
            m_result.objects.push_back(std::move(bytes));
        }
    }

    void endLineAside() {
        if (!m_result.aside.empty() && m_result.aside.back() != '\n') {
            m_result.aside += '\n';
        }
    }

    void startPart(Into into) {
        endLineAside();
        group().into = into;
        group().startsHere = true;
        m_half = -1;
    }

    void control() {
        if (m_left.empty()) {
            return;
        }
        if (isLetter(m_left.front())) {
            word(takeWord());
            return;
        }
        const char symbol = m_left.front();
        m_left.remove_prefix(1);
        switch (symbol) {
        case '\'':
            encoded();
            break;
        case '*':
            m_star = true;
            break;
        case '\r':
        case '\n':
            put('\n');
            break;
        case '~':
            put(' ');
            break;
        case '_':
            put('-');
            break;
        case '-': // where a word may be broken
            break;
        default:
            character(static_cast<unsigned char>(symbol));
        }
    }

    Word takeWord() {
        std::size_t length = 0;
        while (length < m_left.size() && isLetter(m_left[length])) {
            ++length;
        }
        Word word{m_left.substr(0, length), std::nullopt};
        m_left.remove_prefix(length);
        const bool negative = m_left.size() > 1 && m_left[0] == '-' && isDigit(m_left[1]);
        m_left.remove_prefix(negative ? 1 : 0);
        if (!m_left.empty() && isDigit(m_left.front())) {
            int number = 0;
            while (!m_left.empty() && isDigit(m_left.front())) {
                number = number < kLargestNumber / 10 ? number * 10 + (m_left.front() - '0')
                                                      : kLargestNumber;
                m_left.remove_prefix(1);
            }
            word.number = negative ? -number : number;
        }
        if (m_left.starts_with(' ')) {
            m_left.remove_prefix(1); // it only ends the word
        }
        return word;
    }

    void word(const Word &word) {
        const bool starred = std::exchange(m_star, false);
        const auto number = word.number.value_or(1);
        if (word.name == "bin") {
            binary(static_cast<std::size_t>(std::max(number, 0)));
        } else if (word.name == "u") {
            unicode(number);
        } else if (word.name == "uc") {
            group().unicodeSkip = std::clamp(number, 0, 16);
        } else if (word.name == "fromhtml") {
            m_result.isHtml = true;
        } else if (word.name == "htmlrtf") {
            group().hidden = m_result.isHtml && number != 0;
        } else if (word.name == "pict" || word.name == "objdata" || word.name == "datafield") {
            startPart(Into::Bytes);
        } else if (starred && word.name == "htmltag") {
            group().into = Into::Text;
            group().hidden = false;
        } else if (starred && word.name == "shppict") {
            return; // a picture follows
        } else if (starred || isOneOf(word.name, kAside)) {
            startPart(Into::Aside);
        } else {
            letter(word.name);
        }
    }

    template <std::size_t N>
    static bool isOneOf(std::string_view name, const std::array<std::string_view, N> &names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    void letter(std::string_view name) {
        if (isOneOf(name, kBreaks)) {
            put('\n');
        } else if (name == "tab" || name == "cell" || name == "nestcell") {
            put('\t');
        } else if (const auto *const known =
                       std::find_if(kLetters.begin(), kLetters.end(),
                                    [&](const Letter &one) { return one.name == name; });
                   known != kLetters.end()) {
            put(known->code);
        }
    }

    //! \'e9: a byte in the text's code page, for which Western Europe's stands here.
    void encoded() {
        const int high = m_left.size() > 1 ? hexDigit(m_left[0]) : -1;
        const int low = m_left.size() > 1 ? hexDigit(m_left[1]) : -1;
        if (high >= 0 && low >= 0) {
            m_left.remove_prefix(2);
            character(static_cast<unsigned>(high * 16 + low));
        }
    }

    //! Negative from 32768 on; two halves of a pair are two words.
    void unicode(int number) {
        const auto unit = static_cast<unsigned>(number) & 0xFFFFU;
        if (unit >= 0xD800 && unit < 0xDC00) {
            m_highSurrogate = unit;
        } else if (unit >= 0xDC00 && unit < 0xE000) {
            if (m_highSurrogate != 0) {
                put(0x10000 + ((m_highSurrogate - 0xD800) << 10U) + (unit - 0xDC00));
            }
            m_highSurrogate = 0;
        } else {
            put(unit);
        }
        m_skip = group().unicodeSkip;
    }

    void binary(std::size_t length) {
        const auto bytes = m_left.substr(0, length);
        m_left.remove_prefix(bytes.size());
        if (group().into == Into::Bytes) {
            m_bytes += bytes;
        } else {
            addObject(std::string(bytes));
        }
    }

    void character(unsigned byte) {
        if (m_skip > 0) {
            --m_skip; // it stands for the character before
            return;
        }
        if (group().into == Into::Bytes) {
            digit(hexDigit(static_cast<char>(byte)));
        } else {
            put(fromWindows1252(byte));
        }
    }

    void digit(int value) {
        if (value < 0) {
            return;
        }
        if (m_half < 0) {
            m_half = value;
        } else {
            m_bytes += static_cast<char>(m_half * 16 + value);
            m_half = -1;
        }
    }

    void put(unsigned code) {
        if (group().into != Into::Bytes) {
            const bool shown = group().into == Into::Text && !group().hidden;
            appendUtf8(code, shown ? m_result.text : m_result.aside);
        }
    }

    std::string_view m_left;
    std::vector<Group> m_groups = {Group{}};
    std::size_t m_deeper = 0; //!< groups that are open beyond those
    int m_skip = 0;
    bool m_star = false; //!< the next word begins a part that old readers pass over
    int m_half = -1;     //!< the first of two hexadecimal digits
    unsigned m_highSurrogate = 0;
    std::string m_bytes;
    RichText m_result;
};

} // namespace

bool looksLikeRichText(std::string_view bytes) {
    return bytes.starts_with("{\\rtf"sv);
}

RichText readRichText(std::string_view bytes) {
    return Reading(bytes).run();
}

} // namespace sealpost::scan
