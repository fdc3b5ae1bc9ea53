// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Marking.h"

#include "base/Text.h"
#include "mail/Disclaimer.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace sealpost::mail {

namespace {

constexpr std::size_t kLongestMarking = 120;

//! Dashes as hyphens, so that a word processor's marking reads like a typed one.
std::string withHyphens(std::string_view text) {
    constexpr std::array<std::string_view, 4> kDashes = {"\u2010", "\u2011", "\u2013", "\u2014"};
    std::string plain(text);
    for (const auto dash : kDashes) {
        for (auto at = plain.find(dash); at != std::string::npos; at = plain.find(dash, at)) {
            plain.replace(at, dash.size(), "-");
        }
    }
    return plain;
}

struct Split {
    Classification classification;
    std::string_view rest;
};

//! The classification that the text begins with, the longest first.
std::optional<Split> classificationAt(std::string_view text) {
    using enum Classification;
    constexpr std::array<std::pair<std::string_view, Classification>, 8> kWritten = {{
        {"OFFICIAL-SENSITIVE", OfficialSensitive},
        {"OFFICIAL SENSITIVE", OfficialSensitive},
        {"OFFICIAL - SENSITIVE", OfficialSensitive},
        {"OFFICIAL_SENSITIVE", OfficialSensitive},
        {"TOP SECRET", TopSecret},
        {"TOP-SECRET", TopSecret},
        {"OFFICIAL", Official},
        {"SECRET", Secret},
    }};
    for (const auto &[written, classification] : kWritten) {
        const auto rest = text.substr(std::min(written.size(), text.size()));
        const bool ends =
            rest.empty() || std::string_view(" -:,").find(rest.front()) != std::string_view::npos;
        if (ends && base::equalsIgnoringCase(text.substr(0, written.size()), written)) {
            return Split{classification, rest};
        }
    }
    return std::nullopt;
}

//! "- RECIPIENTS ONLY - COMMERCIAL" into its parts.
void readSuffix(std::string_view suffix, Marking &marking) {
    std::vector<std::string> parts;
    std::string current;
    const auto flush = [&] {
        if (const auto part = base::trimmed(current); !part.empty()) {
            parts.emplace_back(part);
        }
        current.clear();
    };
    for (std::size_t i = 0; i < suffix.size(); ++i) {
        // A hyphen within a word parts nothing.
        const bool ends = suffix[i] == ',' || suffix[i] == ':' ||
                          (suffix[i] == '-' && (i == 0 || suffix[i - 1] == ' ' ||
                                                i + 1 == suffix.size() || suffix[i + 1] == ' '));
        if (ends) {
            flush();
        } else {
            current += suffix[i];
        }
    }
    flush();
    if (!parts.empty()) {
        marking.handling = base::asciiUpper(parts.front());
    }
    if (parts.size() > 1) {
        const std::vector<std::string> more(parts.begin() + 1, parts.end());
        marking.descriptor = base::asciiUpper(base::join(more, " - "));
    }
}

bool isUpper(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

struct Leading {
    std::optional<Marking> marking;
    std::string_view rest;
};

//! A marking in brackets at the start: "[OFFICIAL-SENSITIVE] …".
Leading bracketed(std::string_view text) {
    const auto end = text.find(']');
    if (!text.starts_with('[') || end == std::string_view::npos || end > kLongestMarking) {
        return {std::nullopt, text};
    }
    return {markingFrom(text.substr(1, end - 1)), base::trimmed(text.substr(end + 1))};
}

//! One without, "OFFICIAL-SENSITIVE: …" or "OFFICIAL - …": in capitals, and parted from what
//! follows, since "OFFICIAL" is a word of its own.
Leading unbracketed(std::string_view text) {
    const auto colon = text.find(':');
    if (colon <= kLongestMarking && isUpper(text.substr(0, colon))) {
        if (const auto marking = markingFrom(text.substr(0, colon))) {
            return {marking, base::trimmed(text.substr(colon + 1))};
        }
    }
    const auto split = classificationAt(text);
    if (!split || !isUpper(text.substr(0, text.size() - split->rest.size()))) {
        return {std::nullopt, text};
    }
    const Marking plain{split->classification, {}, {}};
    if (split->rest.empty()) {
        return {plain, split->rest};
    }
    if (split->rest.starts_with(" - ") || split->rest.starts_with("- ")) {
        return {plain, base::trimmed(split->rest.substr(split->rest.find('-') + 1))};
    }
    return {std::nullopt, text};
}

//! "Re: ", "Fwd: ", "AW: ": the length of one with the spaces after it; 0 where there is none.
std::size_t replyPrefix(std::string_view text) {
    constexpr std::array<std::string_view, 8> kWords = {"re", "fw", "fwd",  "aw",
                                                        "wg", "sv", "antw", "tr"};
    const auto colon = text.find(':');
    if (colon > 8) { // nor where there is none
        return 0;
    }
    const auto named = text.substr(0, colon);
    const auto word = base::asciiLower(named.substr(0, std::min(named.find('['), named.size())));
    if (std::find(kWords.begin(), kWords.end(), word) == kWords.end()) {
        return 0;
    }
    const auto after = text.find_first_not_of(' ', colon + 1);
    return after == std::string_view::npos ? text.size() : after;
}

struct ReadSubject {
    std::optional<Marking> marking; //!< the highest of all that stand there
    std::vector<Marking> all;
    std::string prefixes; //!< "Re: "
    std::string rest;
};

ReadSubject readSubject(std::string_view subject) {
    ReadSubject read;
    auto left = base::trimmed(subject);
    while (!left.empty()) {
        auto leading = bracketed(left);
        if (!leading.marking) {
            leading = unbracketed(left);
        }
        if (leading.marking) {
            read.marking = read.marking ? higher(*read.marking, leading.marking) : leading.marking;
            read.all.push_back(*leading.marking);
            left = leading.rest;
            continue;
        }
        const auto prefix = replyPrefix(left);
        if (prefix == 0) {
            break;
        }
        read.prefixes += std::string(base::trimmed(left.substr(0, prefix))) + ' ';
        left = left.substr(prefix);
    }
    if (!read.marking) {
        return {std::nullopt, {}, {}, std::string(subject)};
    }
    read.rest = left;
    return read;
}

struct FirstLine {
    std::size_t start = 0; //!< of its text
    std::size_t end = 0;   //!< behind its line break
    std::string_view text;
};

FirstLine firstLine(std::string_view body) {
    FirstLine line;
    line.start = std::min(body.find_first_not_of(" \t\r\n"), body.size());
    const auto newline = body.find('\n', line.start);
    line.end = newline == std::string_view::npos ? body.size() : newline + 1;
    line.text = base::trimmed(body.substr(line.start, line.end - line.start));
    return line;
}

//! A line that is a marking alone. A sentence may begin with the word; a line in capitals, or in
//! brackets, may not.
std::optional<Marking> markingOfLine(std::string_view text) {
    const bool inBrackets = text.starts_with('[') && text.ends_with(']');
    if (inBrackets) {
        text = text.substr(1, text.size() - 2);
    }
    return isUpper(text) || inBrackets ? markingFrom(text) : std::nullopt;
}

//! What a marking that is there says beside its classification and the new one does not.
std::vector<std::string> wordsBeyond(const Marking &there, const Marking &marking) {
    std::vector<std::string> words;
    for (const auto &word : {there.handling, there.descriptor}) {
        if (!word.empty() && word != marking.handling && word != marking.descriptor) {
            words.push_back(word);
        }
    }
    return words;
}

} // namespace

std::string toText(const Marking &marking) {
    std::string text(base::toString(marking.classification));
    for (const auto *part : {&marking.handling, &marking.descriptor}) {
        if (!part->empty()) {
            text += " - " + *part;
        }
    }
    return text;
}

std::optional<Marking> markingFrom(std::string_view text) {
    const auto plain = withHyphens(base::trimmed(text));
    const auto split = classificationAt(plain);
    if (!split || plain.size() > kLongestMarking) {
        return std::nullopt;
    }
    Marking marking{split->classification, {}, {}};
    readSuffix(split->rest, marking);
    return marking;
}

std::optional<Marking> markingOfSubject(std::string_view subject) {
    return readSubject(subject).marking;
}

std::optional<Marking> markingOfBody(std::string_view body) {
    return markingOfLine(firstLine(body).text);
}

std::optional<Marking> markingOfQuoted(std::string_view body) {
    constexpr std::string_view kSubject = "subject:";
    std::optional<Marking> highest;
    const auto own = endOfOwnText(body);
    for (std::size_t start = 0; start < body.size();) {
        const auto newline = std::min(body.find('\n', start), body.size());
        auto line = base::trimmed(body.substr(start, newline - start));
        const bool isQuoted = start >= own || line.starts_with('>');
        start = newline + 1;
        if (!isQuoted) {
            continue;
        }
        line.remove_prefix(std::min(line.find_first_not_of("> \t"), line.size()));
        const bool isSubject = base::equalsIgnoringCase(line.substr(0, kSubject.size()), kSubject);
        const auto marking =
            isSubject ? markingOfSubject(line.substr(kSubject.size())) : markingOfLine(line);
        if (marking) {
            highest = highest ? higher(*highest, marking) : marking;
        }
    }
    return highest;
}

Marking higher(const Marking &first, const std::optional<Marking> &second) {
    if (!second) {
        return first;
    }
    const bool firstLeads = first.classification >= second->classification;
    auto both = firstLeads ? first : *second;
    const auto &other = firstLeads ? *second : first;
    if (both.handling.empty() && other.handling != both.descriptor) {
        both.handling = other.handling;
    }
    if (both.descriptor.empty() && other.descriptor != both.handling) {
        both.descriptor = other.descriptor;
    }
    return both;
}

std::string markedSubject(std::string_view subject, const Marking &marking) {
    const auto read = readSubject(subject);
    auto marked = "[" + toText(marking) + "] " + read.prefixes;
    for (const auto &there : read.all) {
        for (const auto &word : wordsBeyond(there, marking)) {
            marked += "[" + word + "] ";
        }
    }
    return marked + read.rest;
}

std::string markedBody(std::string_view body, const Marking &marking) {
    auto rest = body;
    const auto there = markingOfBody(body);
    if (there && wordsBeyond(*there, marking).empty()) {
        rest = body.substr(firstLine(body).end);
        // The empty line that followed it follows again.
        if (rest.starts_with("\r\n")) {
            rest.remove_prefix(2);
        } else if (rest.starts_with('\n')) {
            rest.remove_prefix(1);
        }
    }
    return toText(marking) + "\n\n" + std::string(rest);
}

} // namespace sealpost::mail
