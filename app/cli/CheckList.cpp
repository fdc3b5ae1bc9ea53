// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CheckList.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "mail/Utf8.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sealpost::cli {

namespace {

//! No domain or address is longer, whatever its encoding.
constexpr std::size_t kLongestLine = 2000;
constexpr std::size_t kFirstSlots = 1024;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr std::string_view kUtf16Marks[] = {"\xff\xfe", "\xfe\xff"};

std::uint64_t hashOf(std::string_view text) {
    crypto::Sha256 hash;
    hash.add(text);
    const auto digest = hash.finish();
    std::uint64_t value = 0;
    std::memcpy(&value, digest.data(), sizeof(value));
    return value == 0 ? 1 : value;
}

//! Without what follows a # that stands at the begin or after a blank: an address may have one.
std::string_view withoutComment(std::string_view line) {
    for (std::size_t at = line.find('#'); at != std::string_view::npos;
         at = line.find('#', at + 1)) {
        if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') {
            return line.substr(0, at);
        }
    }
    return line;
}
} // namespace

Result<CheckItem> checkItemFrom(std::string_view text) {
    if (text.find('@') == std::string_view::npos) {
        auto domain = mail::toALabelDomain(text);
        if (!domain) {
            return tl::unexpected(domain.error());
        }
        return CheckItem{std::move(*domain), std::nullopt};
    }
    auto address = mail::Address::parse(text);
    if (!address) {
        return tl::unexpected(address.error());
    }
    return CheckItem{address->domain(), std::move(*address)};
}

SeenTexts::SeenTexts() : m_slots(kFirstSlots, 0) {}

std::size_t SeenTexts::placeOf(std::uint64_t hash) const {
    auto place = static_cast<std::size_t>(hash) & (m_slots.size() - 1);
    while (m_slots[place] != 0 && m_slots[place] != hash) {
        place = (place + 1) & (m_slots.size() - 1);
    }
    return place;
}

void SeenTexts::grow() {
    const auto old = std::exchange(m_slots, std::vector<std::uint64_t>(m_slots.size() * 2, 0));
    for (const auto hash : old) {
        if (hash != 0) {
            m_slots[placeOf(hash)] = hash;
        }
    }
}

bool SeenTexts::add(std::string_view text) {
    const auto hash = hashOf(text);
    auto &slot = m_slots[placeOf(hash)];
    if (slot == hash) {
        return false;
    }
    slot = hash;
    if (++m_count * 4 > m_slots.size() * 3) {
        grow();
    }
    return true;
}

CheckSource::CheckSource(std::vector<CheckItem> named, std::istream *list,
                         std::function<void(const BadLine &)> onBadLine)
    : m_named(std::move(named)), m_list(list), m_onBadLine(std::move(onBadLine)) {}

std::optional<CheckItem> CheckSource::next() {
    const std::lock_guard lock(m_mutex);
    while (m_nextNamed < m_named.size()) {
        auto &item = m_named[m_nextNamed++];
        if (isNew(item)) {
            return std::move(item);
        }
    }
    if (m_list == nullptr) {
        return std::nullopt;
    }
    std::string line;
    while (true) {
        switch (readLine(line)) {
        case Line::End:
            return std::nullopt;
        case Line::TooLong:
            ++m_badLines;
            m_onBadLine(
                {m_line,
                 Error{
                     "address.too-long", "check", Reaction::FixInput, {}, mail::printable(line)}});
            break;
        case Line::Read:
            if (auto item = itemOf(line); item && isNew(*item)) {
                return item;
            }
            break;
        }
    }
}

bool CheckSource::isNew(const CheckItem &item) {
    const bool fresh = m_seen.add(item.address ? item.address->spec() : item.domain);
    m_duplicates += fresh ? 0 : 1;
    return fresh;
}

CheckSource::Line CheckSource::readLine(std::string &line) {
    line.clear();
    if (m_ended) {
        return Line::End;
    }
    ++m_line;
    auto *buffer = m_list->rdbuf();
    bool tooLong = false;
    bool any = false;
    for (auto one = buffer->sbumpc(); one != std::char_traits<char>::eof();
         one = buffer->sbumpc()) {
        any = true;
        if (one == '\n') {
            return tooLong ? Line::TooLong : Line::Read;
        }
        tooLong = tooLong || line.size() == kLongestLine;
        if (!tooLong) {
            line += static_cast<char>(one);
        }
    }
    m_list->setstate(std::ios::eofbit);
    return !any ? Line::End : tooLong ? Line::TooLong : Line::Read;
}

std::optional<CheckItem> CheckSource::itemOf(const std::string &line) {
    std::string_view text = line;
    if (m_line == 1 && std::ranges::any_of(kUtf16Marks, [&](std::string_view mark) {
            return text.starts_with(mark);
        })) {
        // Each of its lines would be refused for a NUL: said once, it can be mended.
        m_ended = true;
        ++m_badLines;
        m_onBadLine({m_line, Error{"input.not-utf8", "check", Reaction::FixInput, {}, {}}});
        return std::nullopt;
    }
    if (m_line == 1 && text.starts_with(kByteOrderMark)) {
        text.remove_prefix(kByteOrderMark.size());
    }
    text = base::trimmed(withoutComment(text));
    if (text.empty()) {
        return std::nullopt;
    }
    auto item = checkItemFrom(text);
    if (!item) {
        ++m_badLines;
        m_onBadLine({m_line, item.error()});
        return std::nullopt;
    }
    return std::move(*item);
}

std::int64_t CheckSource::badLines() const {
    const std::lock_guard lock(m_mutex);
    return m_badLines;
}

std::int64_t CheckSource::duplicates() const {
    const std::lock_guard lock(m_mutex);
    return m_duplicates;
}

} // namespace sealpost::cli
