// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/HeaderText.h"

#include "base/Text.h"
#include "mail/MimeModule.h"

#include <algorithm>
#include <array>

namespace sealpost::mail {

namespace {

constexpr std::string_view kEnd = "\r\n";

//! Control characters as spaces: drafts with them are refused earlier, this is the last fence.
std::string oneLine(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return out;
}

constexpr std::size_t kMaxLine = 76; // RFC 2047 §2, for lines with encoded-words
constexpr std::size_t kMaxWord = 70;

//! "Name:" and its tokens, each after one space or a fold.
std::string folded(std::string_view name, std::span<const std::string> tokens) {
    std::string out = std::string(name) + ':';
    auto column = out.size();
    for (const auto &token : tokens) {
        const bool fits = column + 1 + token.size() <= kMaxLine;
        out += fits ? " " : "\r\n ";
        column = (fits ? column : 0) + 1 + token.size();
        out += token;
    }
    return out += kEnd;
}

//! Whether text can stand in a field as it is: ASCII in short words, each behind one space, and
//! nothing that a reader would take for an encoded-word.
bool isPlain(std::string_view text) {
    const auto words = base::split(text, ' ');
    const bool wellParted = std::all_of(words.begin(), words.end(), [](const std::string &word) {
        return !word.empty() && word.size() <= kMaxWord;
    });
    return wellParted && text.find("=?") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F; });
}

//! One character of UTF-8 in the Q encoding, in the form that is safe in a phrase too.
//= RFC 2047 §4.2, §5 (3)
std::string qEncoded(std::string_view character) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    const auto first = static_cast<unsigned char>(character.front());
    if ((first >= '0' && first <= '9') || (first >= 'A' && first <= 'Z') ||
        (first >= 'a' && first <= 'z')) {
        return std::string(character);
    }
    if (first == ' ') {
        return "_";
    }
    std::string out;
    for (const char c : character) {
        const auto byte = static_cast<unsigned char>(c);
        out += {'=', kHex[byte >> 4U], kHex[byte & 15U]};
    }
    return out;
}

//! Encoded-words, each of whole characters and at most 70 long. Own code, because GMime 3.2's
//! encoder makes longer ones and passes on a typed "=?…?=" as it stands; Q and not B, because its
//! decoder loses what follows a word with base64 padding.
std::vector<std::string> encodedWords(std::string_view text) {
    constexpr std::string_view kStart = "=?utf-8?Q?";
    constexpr std::string_view kStop = "?=";
    std::vector<std::string> words;
    while (!text.empty()) {
        std::size_t size = 1;
        while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
            ++size;
        }
        const auto encoded = qEncoded(text.substr(0, size));
        text.remove_prefix(size);
        if (words.empty() || words.back().size() + encoded.size() + kStop.size() > kMaxWord) {
            words.emplace_back(kStart);
        }
        words.back() += encoded;
    }
    for (auto &word : words) {
        word += kStop;
    }
    return words;
}

//! A display name as tokens (RFC 5322 §3.2.5, a phrase).
std::vector<std::string> phrase(const std::string &name) {
    constexpr std::string_view kSpecials = "()<>[]:;@\\,.\"";
    if (!isPlain(name) || name.size() > kMaxWord) {
        return encodedWords(name);
    }
    if (name.find_first_of(kSpecials) == std::string::npos) {
        return base::split(name, ' ');
    }
    std::string quoted = "\"";
    for (const char c : name) {
        quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    return {quoted + '"'};
}

} // namespace

std::string textField(std::string_view name, std::string_view value) {
    const auto line = oneLine(value);
    return folded(name, isPlain(line) ? base::split(line, ' ') : encodedWords(line));
}

std::string foldedField(std::string_view name, std::string_view value) {
    return folded(name, base::split(oneLine(value), ' '));
}

std::string addressField(std::string_view name, std::span<const Address> addresses) {
    std::vector<std::string> tokens;
    for (const auto &address : addresses) {
        if (!tokens.empty()) {
            tokens.back() += ',';
        }
        const auto words = phrase(oneLine(address.displayName()));
        tokens.insert(tokens.end(), words.begin(), words.end());
        tokens.push_back(words.empty() ? address.spec() : '<' + address.spec() + '>');
    }
    return tokens.empty() ? std::string() : folded(name, tokens);
}

std::string parameterField(std::string_view name, std::string_view value,
                           const Parameters &parameters) {
    auto clean = parameters;
    for (auto &[key, text] : clean) {
        text = oneLine(text);
    }
    auto field = mime().parameterField(std::string(name) + ": " + oneLine(value), clean);
    while (!field.empty() && (field.back() == '\n' || field.back() == '\r')) {
        field.pop_back();
    }
    return field += kEnd;
}

std::string decodedText(std::string_view raw) {
    std::string out;
    while (!raw.empty()) {
        const auto padded = raw.find("=?=");
        const auto end = padded == std::string_view::npos ? raw.size() : padded + 3;
        out += mime().decodedWords(std::string(raw.substr(0, end)));
        raw.remove_prefix(end);
        // Space between two encoded-words is not part of the text (RFC 2047 §6.2).
        const auto next = raw.find_first_not_of(" \t\r\n");
        if (next != std::string_view::npos && raw.substr(next).starts_with("=?")) {
            raw.remove_prefix(next);
        }
    }
    return out;
}

std::string dateField(Time time) {
    constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::weekday weekday(day);
    const auto clock = base::toIso8601(time).substr(11, 8);
    return std::string("Date: ") + kDays.at(weekday.c_encoding()) + ", " +
           std::to_string(static_cast<unsigned>(date.day())) + ' ' +
           kMonths.at(static_cast<unsigned>(date.month()) - 1) + ' ' +
           std::to_string(static_cast<int>(date.year())) + ' ' + clock + " +0000\r\n";
}

} // namespace sealpost::mail
