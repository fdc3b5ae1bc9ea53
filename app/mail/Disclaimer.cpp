// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Disclaimer.h"

#include "base/Text.h"

#include <algorithm>
#include <array>
#include <vector>

namespace sealpost::mail {

namespace {

//! Words with one space between, without quote marks at the start of lines.
std::string normal(std::string_view text) {
    std::string words;
    bool lineStart = true;
    bool gap = false;
    for (const char c : text) {
        if (c == '\n') {
            lineStart = true;
        }
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || (lineStart && c == '>')) {
            gap = !words.empty();
            continue;
        }
        lineStart = false;
        if (gap) {
            words += ' ';
        }
        gap = false;
        words += c;
    }
    return words;
}

//! What stands between the fields of a text.
std::vector<std::string> fixedParts(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = text.find('}', open);
        auto part = normal(text.substr(0, open));
        if (!part.empty()) {
            parts.push_back(std::move(part));
        }
        if (open == std::string_view::npos || close == std::string_view::npos) {
            break;
        }
        text.remove_prefix(close + 1);
    }
    return parts;
}

struct Line {
    std::size_t start;
    std::string_view text; //!< trimmed
};

std::vector<Line> linesOf(std::string_view body) {
    std::vector<Line> lines;
    for (std::size_t start = 0; start < body.size();) {
        const auto newline = std::min(body.find('\n', start), body.size());
        lines.push_back({start, base::trimmed(body.substr(start, newline - start))});
        start = newline + 1;
    }
    return lines;
}

//! "-----Original Message-----" and its like, after which all is somebody else's.
bool opensOriginal(std::string_view line) {
    const auto words = base::asciiLower(line);
    constexpr std::array<std::string_view, 3> kTitles = {"original message", "forwarded message",
                                                         "forwarded by"};
    return words.starts_with("---") && std::any_of(kTitles.begin(), kTitles.end(), [&](auto title) {
               return words.find(title) != std::string::npos;
           });
}

//! "On 3 May, Jo Bloggs wrote:"
bool isAttribution(std::string_view line) {
    return line.ends_with(':') && line.size() > 1 && line.size() < 200;
}

} // namespace

std::string filledIn(std::string_view text, const std::map<std::string, std::string> &fields) {
    std::string filled;
    while (!text.empty()) {
        const auto open = text.find('{');
        const auto close = text.find('}', open);
        filled += text.substr(0, open);
        if (open == std::string_view::npos) {
            break;
        }
        const auto name = std::string(
            text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1));
        const auto known = close == std::string_view::npos ? fields.end() : fields.find(name);
        if (known == fields.end()) {
            filled += '{';
            text.remove_prefix(open + 1);
            continue;
        }
        filled += known->second;
        text.remove_prefix(close + 1);
    }
    return filled;
}

bool hasDisclaimer(std::string_view body, std::string_view text) {
    const auto words = normal(body);
    const auto parts = fixedParts(text);
    std::size_t from = 0;
    for (const auto &part : parts) {
        const auto at = words.find(part, from);
        if (at == std::string::npos) {
            return false;
        }
        from = at + part.size();
    }
    return !parts.empty();
}

std::size_t endOfOwnText(std::string_view body) {
    const auto lines = linesOf(body);
    for (const auto &line : lines) {
        if (opensOriginal(line.text)) {
            return line.start;
        }
    }
    auto quoted = lines.size();
    for (auto i = lines.size(); i-- > 0;) {
        if (lines[i].text.starts_with('>')) {
            quoted = i;
        } else if (!lines[i].text.empty()) {
            break;
        }
    }
    if (quoted == lines.size()) {
        return body.size();
    }
    if (quoted > 0 && isAttribution(lines[quoted - 1].text)) {
        --quoted;
    } else if (quoted > 1 && lines[quoted - 1].text.empty() &&
               isAttribution(lines[quoted - 2].text)) {
        quoted -= 2;
    }
    return lines[quoted].start;
}

std::string withDisclaimer(std::string_view body, std::string_view text, std::string_view filled) {
    if (hasDisclaimer(body, text)) {
        return std::string(body);
    }
    const auto end = endOfOwnText(body);
    auto own = body.substr(0, end);
    while (!own.empty() && (own.back() == '\n' || own.back() == '\r' || own.back() == ' ')) {
        own.remove_suffix(1);
    }
    std::string whole(own);
    whole += own.empty() ? "" : "\n\n";
    whole += base::trimmed(filled);
    whole += '\n';
    if (end < body.size()) {
        whole += '\n';
        whole += body.substr(end);
    }
    return whole;
}

} // namespace sealpost::mail
