// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/archive/TarNotes.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace sealpost::scan::libarchive {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kBlock = 512;

std::optional<std::size_t> numberIn(std::string_view text, int base) {
    std::size_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number, base);
    return read.ec == std::errc() ? std::optional(number) : std::nullopt;
}

//! Records "LENGTH KEY=VALUE\n", whose length counts itself.
void addNotes(std::string_view records, std::vector<std::string_view> &notes) {
    while (!records.empty()) {
        const auto length = numberIn(records, 10);
        if (!length || *length < 2 || *length > records.size()) {
            return;
        }
        const auto record = records.substr(0, *length - 1);
        const auto space = record.find(' ');
        const auto equals = record.find('=', std::min(space, record.size()));
        if (equals != std::string_view::npos) {
            const auto key = record.substr(space + 1, equals - space - 1);
            if (key == "comment"sv || key.find("xattr.user."sv) != std::string_view::npos) {
                notes.push_back(record.substr(equals + 1));
            }
        }
        records.remove_prefix(*length);
    }
}

} // namespace

std::vector<std::string_view> tarNotesIn(std::string_view headers) {
    constexpr std::size_t kType = 156;
    std::vector<std::string_view> notes;
    while (headers.size() > kBlock) {
        const char type = headers[kType];
        const auto size = numberIn(headers.substr(124, 12), 8);
        headers.remove_prefix(kBlock);
        if (!size || *size > headers.size()) {
            break;
        }
        if (type == 'x' || type == 'g') {
            addNotes(headers.substr(0, *size), notes);
        }
        headers.remove_prefix(std::min((*size + kBlock - 1) / kBlock * kBlock, headers.size()));
    }
    return notes;
}

} // namespace sealpost::scan::libarchive
