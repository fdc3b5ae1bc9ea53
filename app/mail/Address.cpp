// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Address.h"

#include "base/Text.h"
#include "mail/Utf8.h"

#include <algorithm>
#include <optional>

namespace sealpost::mail {

namespace {

constexpr std::string_view kStage = "address";
constexpr std::size_t kMaxSpec = 254;
constexpr std::size_t kMaxLocalPart = 64;
constexpr std::size_t kMaxDisplayName = 255;

tl::unexpected<Error> refuse(std::string_view code, std::string_view text,
                             std::string_view detail = {}) {
    return fail(code, kStage, Reaction::FixInput, detail, printable(text));
}

//! Calls `visit(index)` for each byte outside quoted strings; false where a quote stays open.
template <class Visit> bool forEachUnquoted(std::string_view text, Visit visit) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted) {
            visit(i);
        }
    }
    return !quoted;
}

struct Marks {
    std::size_t open = std::string_view::npos;  //!< the only '<' outside quotes
    std::size_t close = std::string_view::npos; //!< the only '>' outside quotes
    std::size_t at = std::string_view::npos;    //!< the last '@' outside quotes
    int opens = 0;
    int closes = 0;
    bool balanced = true;
};

Marks marksOf(std::string_view text) {
    Marks marks;
    marks.balanced = forEachUnquoted(text, [&](std::size_t i) {
        if (text[i] == '<') {
            marks.open = i;
            ++marks.opens;
        } else if (text[i] == '>') {
            marks.close = i;
            ++marks.closes;
        } else if (text[i] == '@') {
            marks.at = i;
        }
    });
    return marks;
}

//! Takes the quotes and their escapes away, wherever they stand.
std::string unquoted(std::string_view text) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') {
            quoted = !quoted;
        } else {
            if (quoted && text[i] == '\\' && i + 1 < text.size()) {
                ++i;
            }
            out += text[i];
        }
    }
    return out;
}

//= RFC 5322 §3.2.3 (atext, with UTF-8 as in RFC 6531 §3.3)
bool isAtext(char c) {
    const auto byte = static_cast<unsigned char>(c);
    constexpr std::string_view kSigns = "!#$%&'*+-/=?^_`{|}~";
    return byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || kSigns.find(c) != std::string_view::npos;
}

bool isDotAtom(std::string_view text) {
    const auto atoms = base::split(text, '.');
    return std::all_of(atoms.begin(), atoms.end(), [](const std::string &atom) {
        return !atom.empty() && std::all_of(atom.begin(), atom.end(), isAtext);
    });
}

std::optional<std::string> parseLocalPart(std::string_view text) {
    if (isDotAtom(text)) {
        return std::string(text);
    }
    if (text.size() < 2 || text.front() != '"' || text.back() != '"') {
        return std::nullopt;
    }
    bool inside = false;
    forEachUnquoted(text, [&](std::size_t) { inside = true; });
    auto content = unquoted(text);
    if (inside || content.empty()) {
        return std::nullopt;
    }
    return content;
}

std::string quotedString(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out + '"';
}

std::string localPartForWire(const std::string &localPart) {
    return isDotAtom(localPart) ? localPart : quotedString(localPart);
}

} // namespace

Result<Address> Address::parse(std::string_view text) {
    // A line break must never get as far as a header or an SMTP command.
    if (!isUtf8(text) || base::hasControlCharacters(text) || hasFormatCharacters(text)) {
        return refuse("address.control-character", text);
    }
    const auto whole = base::trimmed(text);
    if (whole.empty()) {
        return refuse("address.empty", text);
    }
    const auto marks = marksOf(whole);
    if (!marks.balanced) {
        return refuse("address.unbalanced-quote", text);
    }
    const bool angle = marks.opens > 0 || marks.closes > 0;
    if (angle && (marks.opens != 1 || marks.closes != 1 || marks.close != whole.size() - 1 ||
                  marks.open > marks.close)) {
        return refuse("address.unbalanced-bracket", text);
    }

    Address address;
    auto spec = whole;
    if (angle) {
        address.m_displayName = base::trimmed(unquoted(base::trimmed(whole.substr(0, marks.open))));
        spec = base::trimmed(whole.substr(marks.open + 1, marks.close - marks.open - 1));
    }
    if (address.m_displayName.size() > kMaxDisplayName) {
        return refuse("address.too-long", text, "display name");
    }
    const auto at = marksOf(spec).at;
    if (at == std::string_view::npos) {
        return refuse("address.no-at", text);
    }
    const auto localPart = parseLocalPart(spec.substr(0, at));
    if (!localPart) {
        return refuse("address.bad-local-part", text);
    }
    const auto domainText = spec.substr(at + 1);
    auto domain = toALabelDomain(domainText);
    if (!domain) {
        return refuse("address.bad-domain", text, domain.error().code);
    }
    // "jo@court": a name of one label is a slip of the pen far more often than a host.
    if (domain->find('.') == std::string::npos || domainText != base::trimmed(domainText)) {
        return refuse("address.bad-domain", text, "domain.single-label");
    }
    address.m_localPart = *localPart;
    address.m_domain = std::move(*domain);
    //= RFC 5321 §4.5.3.1 (64 octets of local part; 256 of path with its brackets)
    if (localPartForWire(address.m_localPart).size() > kMaxLocalPart ||
        address.spec().size() > kMaxSpec) {
        return refuse("address.too-long", text);
    }
    return address;
}

Result<std::vector<Address>> Address::parseList(std::string_view text) {
    std::vector<std::size_t> cuts;
    const bool balanced = forEachUnquoted(text, [&](std::size_t i) {
        if (text[i] == ',' || text[i] == ';') {
            cuts.push_back(i);
        }
    });
    if (!balanced) {
        return refuse("address.unbalanced-quote", text);
    }
    cuts.push_back(text.size());

    std::vector<Address> addresses;
    std::size_t from = 0;
    for (const auto cut : cuts) {
        const auto part = text.substr(from, cut - from);
        from = cut + 1;
        if (part.find_first_not_of(' ') == std::string_view::npos) {
            continue;
        }
        auto address = parse(part);
        if (!address) {
            return tl::unexpected(address.error());
        }
        addresses.push_back(std::move(*address));
    }
    return addresses;
}

std::string Address::domainForDisplay() const {
    return toULabelDomain(m_domain);
}

std::string Address::spec() const {
    return empty() ? std::string() : localPartForWire(m_localPart) + '@' + m_domain;
}

Address Address::withoutName() const {
    auto plain = *this;
    plain.m_displayName.clear();
    return plain;
}

std::string Address::shortName() const {
    if (!m_displayName.empty() || empty()) {
        return m_displayName;
    }
    return localPartForWire(m_localPart) + '@' + domainForDisplay();
}

std::string Address::forDisplay() const {
    if (m_displayName.empty() || empty()) {
        return shortName();
    }
    constexpr std::string_view kSpecials = "()<>[]:;@\\,\"";
    const bool needsQuotes = m_displayName.find_first_of(kSpecials) != std::string::npos;
    return (needsQuotes ? quotedString(m_displayName) : m_displayName) + " <" +
           localPartForWire(m_localPart) + '@' + domainForDisplay() + '>';
}

} // namespace sealpost::mail
