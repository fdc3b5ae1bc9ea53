// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/XmlTokens.h"

#include "scan/TextDecoder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kLongestEntity = 12;

constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
    {{"amp"sv, '&'}, {"lt"sv, '<'}, {"gt"sv, '>'}, {"quot"sv, '"'}, {"apos"sv, '\''}}};

//! "amp" or "#x41"; false where it is none.
bool appendEntity(std::string_view entity, std::string &into) {
    if (entity.starts_with('#')) {
        const bool hex = entity.size() > 1 && (entity[1] == 'x' || entity[1] == 'X');
        const auto digits = entity.substr(hex ? 2 : 1);
        unsigned code = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
        if (error != std::errc() || end != digits.data() + digits.size()) {
            return false;
        }
        appendUtf8(code, into);
        return true;
    }
    const auto *found = std::find_if(kEntities.begin(), kEntities.end(),
                                     [&](const auto &known) { return known.first == entity; });
    if (found == kEntities.end()) {
        return false;
    }
    into += found->second;
    return true;
}

std::string withoutEntities(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto at = std::min(text.find('&'), text.size());
        out += text.substr(0, at);
        text.remove_prefix(at);
        if (text.empty()) {
            break;
        }
        const auto end = text.substr(0, kLongestEntity).find(';');
        if (end != std::string_view::npos && appendEntity(text.substr(1, end - 1), out)) {
            text.remove_prefix(end + 1);
        } else {
            out += '&';
            text.remove_prefix(1);
        }
    }
    return out;
}

struct RawAttribute {
    std::string_view name;
    std::string_view value;
};

//! The next one, from the front; false where there is none.
bool takeAttribute(std::string_view &rest, RawAttribute &into) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) {
        return false;
    }
    into.name = rest.substr(0, rest.substr(0, equals).find_last_not_of(kSpace) + 1);
    rest.remove_prefix(equals + 1);
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    if (rest.empty() || (rest.front() != '"' && rest.front() != '\'')) {
        return false;
    }
    const auto end = rest.find(rest.front(), 1);
    if (end == std::string_view::npos) {
        return false;
    }
    into.value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
    return true;
}

} // namespace

bool XmlTokens::next() {
    while (!m_rest.empty()) {
        if (m_rest.front() != '<') {
            const auto end = std::min(m_rest.find('<'), m_rest.size());
            takeText(m_rest.substr(0, end), false);
            m_rest.remove_prefix(end);
            return true;
        }
        if (readMarkup()) {
            return true;
        }
    }
    return false;
}

void XmlTokens::takeText(std::string_view text, bool literal) {
    m_kind = Kind::Text;
    m_text = text;
    m_literal = literal;
}

//! False where there is nothing to tell of: a comment, a declaration.
bool XmlTokens::readMarkup() {
    constexpr auto kCdata = "<![CDATA["sv;
    const auto upTo = [&](std::string_view end) {
        const auto at = m_rest.find(end);
        const auto inside = m_rest.substr(0, at);
        m_rest.remove_prefix(at == std::string_view::npos ? m_rest.size() : at + end.size());
        return inside;
    };
    if (m_rest.starts_with(kCdata)) {
        takeText(upTo("]]>"sv).substr(kCdata.size()), true);
        return true;
    }
    if (m_rest.starts_with("<!--"sv)) {
        // What was commented out is still there to be read.
        m_rest.remove_prefix(4);
        takeText(upTo("-->"sv), true);
        return true;
    }
    auto tag = upTo(">"sv).substr(1);
    if (tag.starts_with('?') || tag.starts_with('!')) {
        return false;
    }
    m_kind = Kind::Start;
    if (tag.starts_with('/')) {
        m_kind = Kind::End;
        tag.remove_prefix(1);
    } else if (tag.ends_with('/')) {
        m_kind = Kind::Empty;
        tag.remove_suffix(1);
    }
    const auto end = std::min(tag.find_first_of(kSpace), tag.size());
    m_name = tag.substr(0, end);
    m_attributes = tag.substr(end);
    return true;
}

std::string_view XmlTokens::localName() const {
    const auto colon = m_name.find(':');
    return colon == std::string_view::npos ? m_name : m_name.substr(colon + 1);
}

std::string XmlTokens::attribute(std::string_view name) const {
    auto rest = m_attributes;
    RawAttribute one;
    while (takeAttribute(rest, one)) {
        if (one.name == name) {
            return withoutEntities(one.value);
        }
    }
    return {};
}

std::vector<XmlAttribute> XmlTokens::attributes() const {
    std::vector<XmlAttribute> all;
    auto rest = m_attributes;
    RawAttribute one;
    while (takeAttribute(rest, one)) {
        all.push_back({one.name, withoutEntities(one.value)});
    }
    return all;
}

std::string XmlTokens::text() const {
    return m_literal ? std::string(m_text) : withoutEntities(m_text);
}

bool XmlTokens::isIndentation() const {
    return m_text.find_first_not_of(kSpace) == std::string_view::npos &&
           m_text.find('\n') != std::string_view::npos;
}

} // namespace sealpost::scan
