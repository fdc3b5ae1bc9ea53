// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/ValueReaders.h"

#include "base/EditDistance.h"
#include "base/IpNetwork.h"
#include "base/Text.h"

#include <algorithm>
#include <iterator>

namespace sealpost::policy {

namespace {

using Kind = TomlValue::Kind;

constexpr std::string_view kWrongType = "policy.wrong-type";
constexpr std::string_view kBadValue = "policy.bad-value";
constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestHeaderField = 78; // one line (RFC 5322 §2.1.1)

std::string_view lastPart(std::string_view dotted) {
    const auto dot = dotted.rfind('.');
    return dot == std::string_view::npos ? dotted : dotted.substr(dot + 1);
}

//! What stands between keys in other people's files.
std::string withHyphens(std::string_view word) {
    auto lower = base::asciiLower(word);
    std::replace(lower.begin(), lower.end(), '_', '-');
    return lower;
}

bool isLabel(std::string_view label) {
    const auto isInner = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    };
    return !label.empty() && label.size() <= kLongestLabel && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), isInner);
}

bool isHostName(std::string_view name) {
    const auto labels = base::split(name, '.');
    return name.size() <= kLongestName && std::all_of(labels.begin(), labels.end(), isLabel);
}

} // namespace

void Reading::problem(const SourcePosition &position, std::string_view code, std::string allowed,
                      std::string meant) const {
    problems.push_back({position, key, std::string(code), std::move(meant), std::move(allowed)});
}

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
    const auto wanted = withHyphens(word);
    if (auto best = base::nearest(wanted, candidates); !best.empty()) {
        return best;
    }
    const auto sameName = [&](const std::string &candidate) {
        return lastPart(candidate) == lastPart(wanted);
    };
    const auto found = std::find_if(candidates.begin(), candidates.end(), sameName);
    return found == candidates.end() ? std::string() : *found;
}

std::optional<bool> readBoolean(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::Boolean) {
        reading.problem(value.position, kWrongType, "true, false");
        return std::nullopt;
    }
    return value.boolean;
}

std::optional<std::int64_t> readInteger(const TomlValue &value, IntegerRange range,
                                        const Reading &reading) {
    const auto allowed = std::to_string(range.least) + " to " + std::to_string(range.most);
    if (value.kind != Kind::Integer) {
        reading.problem(value.position, kWrongType, "a whole number, " + allowed);
        return std::nullopt;
    }
    if (value.integer < range.least || value.integer > range.most) {
        reading.problem(value.position, kBadValue, allowed);
        return std::nullopt;
    }
    return value.integer;
}

std::optional<std::string> readWord(const TomlValue &value, std::span<const std::string> words,
                                    const Reading &reading) {
    const auto allowed = base::join(words, ", ");
    if (value.kind != Kind::String) {
        reading.problem(value.position, kWrongType, allowed);
        return std::nullopt;
    }
    if (std::find(words.begin(), words.end(), value.text) == words.end()) {
        reading.problem(value.position, kBadValue, allowed, nearest(value.text, words));
        return std::nullopt;
    }
    return value.text;
}

std::optional<std::vector<std::string>>
readWords(const TomlValue &value, std::span<const std::string> words, const Reading &reading) {
    if (value.kind != Kind::Array) {
        reading.problem(value.position, kWrongType, "a list of " + base::join(words, ", "));
        return std::nullopt;
    }
    std::vector<std::string> read;
    const auto before = reading.problems.size();
    for (const auto &item : value.items) {
        auto word = readWord(item, words, reading);
        if (!word) {
            continue;
        }
        if (std::find(read.begin(), read.end(), *word) != read.end()) {
            reading.problem(item.position, kBadValue, "each word once");
            continue;
        }
        read.push_back(std::move(*word));
    }
    return reading.problems.size() == before ? std::optional(std::move(read)) : std::nullopt;
}

std::optional<std::string> readText(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::String) {
        reading.problem(value.position, kWrongType, "a text in quotes");
        return std::nullopt;
    }
    if (base::trimmed(value.text).empty() || base::hasControlCharacters(value.text)) {
        reading.problem(value.position, kBadValue, "one line of text, not empty");
        return std::nullopt;
    }
    return value.text;
}

std::optional<std::string> readParagraph(const TomlValue &value, const Reading &reading) {
    constexpr std::string_view kAllowed = "plain text without HTML, not empty";
    if (value.kind != Kind::String) {
        reading.problem(value.position, kWrongType, std::string(kAllowed));
        return std::nullopt;
    }
    std::string plain;
    std::copy_if(value.text.begin(), value.text.end(), std::back_inserter(plain),
                 [](char c) { return c != '\n' && c != '\r'; });
    bool isHtml = false;
    for (auto at = plain.find('<'); at + 1 < plain.size() && at != std::string::npos;
         at = plain.find('<', at + 1)) {
        const auto next = base::asciiLower(plain.substr(at + 1, 1)).front();
        isHtml = isHtml || (next >= 'a' && next <= 'z') || next == '/' || next == '!';
    }
    if (isHtml || base::trimmed(plain).empty() || base::hasControlCharacters(plain)) {
        reading.problem(value.position, kBadValue, std::string(kAllowed));
        return std::nullopt;
    }
    return value.text;
}

std::optional<std::string> readGuid(const TomlValue &value, const Reading &reading) {
    constexpr std::string_view kAllowed = "a GUID, 01234567-89ab-cdef-0123-456789abcdef, or \"\"";
    constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    const auto guid = base::asciiLower(value.text);
    const bool good =
        guid.empty() ||
        std::equal(guid.begin(), guid.end(), kShape.begin(), kShape.end(), [](char c, char shape) {
            const bool isHex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
            return shape == 'x' ? isHex : c == '-';
        });
    if (value.kind != Kind::String || !good) {
        reading.problem(value.position, value.kind == Kind::String ? kBadValue : kWrongType,
                        std::string(kAllowed));
        return std::nullopt;
    }
    return guid;
}

std::optional<std::string> readHeaderField(const TomlValue &value, const Reading &reading) {
    const auto text = readText(value, reading);
    if (!text) {
        return std::nullopt;
    }
    const auto colon = std::min(text->find(':'), text->size());
    const auto name = std::string_view(*text).substr(0, colon);
    const auto content =
        base::trimmed(std::string_view(*text).substr(std::min(colon + 1, text->size())));
    const auto isNameCharacter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-';
    };
    const bool plain =
        std::all_of(text->begin(), text->end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!plain || content.empty() || text->size() > kLongestHeaderField || name.size() < 3 ||
        !base::equalsIgnoringCase(name.substr(0, 2), "X-") ||
        !std::all_of(name.begin(), name.end(), isNameCharacter)) {
        reading.problem(value.position, kBadValue,
                        "a header field of your own, \"X-Name: value\", in ASCII, or \"\"");
        return std::nullopt;
    }
    return std::string(name) + ": " + std::string(content);
}

std::optional<std::string> readDomain(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::String) {
        reading.problem(value.position, kWrongType, "a domain name in quotes");
        return std::nullopt;
    }
    auto name = base::asciiLower(value.text);
    if (name.ends_with('.')) {
        name.pop_back();
    }
    if (isHostName(name)) {
        return name;
    }
    std::string meant;
    for (const std::string_view prefix : {"*.", ".", "@"}) {
        if (name.starts_with(prefix) && isHostName(name.substr(prefix.size()))) {
            meant = name.substr(prefix.size());
        }
    }
    reading.problem(value.position, kBadValue,
                    "a domain name, which covers all under it; letters beyond ASCII as xn--…",
                    meant);
    return std::nullopt;
}

std::optional<std::vector<std::string>> readTexts(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::Array) {
        reading.problem(value.position, kWrongType, "a list of texts");
        return std::nullopt;
    }
    std::vector<std::string> texts;
    const auto before = reading.problems.size();
    for (const auto &item : value.items) {
        if (auto text = readText(item, reading)) {
            texts.push_back(std::move(*text));
        }
    }
    return reading.problems.size() == before ? std::optional(std::move(texts)) : std::nullopt;
}

std::optional<std::set<std::string>> readDomains(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::Array) {
        reading.problem(value.position, kWrongType, "a list of domain names");
        return std::nullopt;
    }
    std::set<std::string> domains;
    const auto before = reading.problems.size();
    for (const auto &item : value.items) {
        if (auto domain = readDomain(item, reading)) {
            domains.insert(std::move(*domain));
        }
    }
    return reading.problems.size() == before ? std::optional(std::move(domains)) : std::nullopt;
}

std::optional<std::string> readObjectIdentifier(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::String) {
        reading.problem(value.position, kWrongType, "an object identifier in quotes");
        return std::nullopt;
    }
    const auto arcs = base::split(value.text, '.');
    constexpr std::size_t kMostDigits = 9;
    const bool good = arcs.size() >= 3 && arcs.front().size() == 1 && arcs.front() <= "2" &&
                      std::all_of(arcs.begin(), arcs.end(), [](const std::string &arc) {
                          return !arc.empty() && arc.size() <= kMostDigits &&
                                 arc.find_first_not_of("0123456789") == std::string::npos;
                      });
    if (!good && !value.text.empty()) {
        reading.problem(value.position, kBadValue, "an object identifier, 1.2.826.…");
        return std::nullopt;
    }
    return value.text;
}

std::optional<std::string> readUrl(const TomlValue &value, const Reading &reading) {
    constexpr std::string_view kAllowed = "an address in quotes that begins with https://, or \"\"";
    if (value.kind != Kind::String) {
        reading.problem(value.position, kWrongType, std::string(kAllowed));
        return std::nullopt;
    }
    const auto &url = value.text;
    const auto isPlain = [](char c) { return c > ' ' && c < 0x7F; };
    const bool good =
        url.empty() || (url.starts_with("https://") && url.size() > 8 && url[8] != '/' &&
                        std::all_of(url.begin(), url.end(), isPlain));
    if (!good) {
        reading.problem(value.position, kBadValue, std::string(kAllowed));
        return std::nullopt;
    }
    return url;
}

std::optional<std::set<std::string>> readFingerprints(const TomlValue &value,
                                                      const Reading &reading) {
    constexpr std::string_view kAllowed = "a list of SHA-256 fingerprints, 64 hexadecimal digits";
    constexpr std::size_t kDigits = 64;
    if (value.kind != Kind::Array) {
        reading.problem(value.position, kWrongType, std::string(kAllowed));
        return std::nullopt;
    }
    std::set<std::string> fingerprints;
    const auto before = reading.problems.size();
    for (const auto &item : value.items) {
        auto digits = base::asciiLower(item.text);
        digits.erase(std::remove(digits.begin(), digits.end(), ':'), digits.end());
        if (item.kind != Kind::String || digits.size() != kDigits ||
            digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
            reading.problem(item.position, item.kind == Kind::String ? kBadValue : kWrongType,
                            std::string(kAllowed));
            continue;
        }
        fingerprints.insert(std::move(digits));
    }
    return reading.problems.size() == before ? std::optional(std::move(fingerprints))
                                             : std::nullopt;
}

std::optional<std::set<std::string>> readNetworks(const TomlValue &value, const Reading &reading) {
    constexpr std::string_view kAllowed =
        "networks such as \"10.53.0.0/24\", with no bits behind the prefix";
    if (value.kind != Kind::Array) {
        reading.problem(value.position, kWrongType, std::string(kAllowed));
        return std::nullopt;
    }
    std::set<std::string> networks;
    const auto before = reading.problems.size();
    for (const auto &item : value.items) {
        const auto network =
            item.kind == Kind::String ? base::IpNetwork::parse(item.text) : std::nullopt;
        if (network) {
            networks.insert(network->text());
        } else {
            reading.problem(item.position, item.kind == Kind::String ? kBadValue : kWrongType,
                            std::string(kAllowed));
        }
    }
    return reading.problems.size() == before ? std::optional(std::move(networks)) : std::nullopt;
}

std::optional<Time> readMoment(const TomlValue &value, const Reading &reading) {
    if (value.kind != Kind::Moment) {
        reading.problem(value.position, kWrongType,
                        "a date without quotes, 2027-03-31, or a time with its offset, "
                        "2027-03-31T12:00:00Z");
        return std::nullopt;
    }
    return value.moment;
}

std::optional<std::vector<const TomlValue *>>
readFields(const TomlValue &entry, std::span<const std::string> fields, const Reading &reading) {
    const auto allowed = base::join(fields, ", ");
    if (entry.kind != Kind::Table) {
        reading.problem(entry.position, kWrongType, "a table with " + allowed);
        return std::nullopt;
    }
    std::vector<const TomlValue *> found(fields.size(), nullptr);
    const auto before = reading.problems.size();
    for (const auto &member : entry.members) {
        const auto field = std::find(fields.begin(), fields.end(), member.key);
        if (field == fields.end()) {
            const Reading at{reading.key + "." + member.key, reading.problems};
            at.problem(member.position, "policy.unknown-key", allowed, nearest(member.key, fields));
            continue;
        }
        found[static_cast<std::size_t>(field - fields.begin())] = &member.value;
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (found[i] == nullptr) {
            const Reading at{reading.key + "." + fields[i], reading.problems};
            at.problem(entry.position, "policy.missing-field", "all of " + allowed);
        }
    }
    return reading.problems.size() == before ? std::optional(std::move(found)) : std::nullopt;
}

} // namespace sealpost::policy
