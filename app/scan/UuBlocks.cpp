// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/UuBlocks.h"

#include <algorithm>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kMostFiles = 1'000;
constexpr auto kBinHex = "(This file must be converted with BinHex"sv;

std::string_view takeLine(std::string_view &rest) {
    const auto end = std::min(rest.find('\n'), rest.size());
    auto line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) {
        line.remove_suffix(1);
    }
    return line;
}

unsigned sixBits(char c) {
    return (static_cast<unsigned char>(c) - 0x20U) & 0x3FU;
}

//! The name in "begin 644 name"; empty where the line is none.
std::string_view nameIn(std::string_view line) {
    constexpr auto kBegin = "begin "sv;
    constexpr auto kDigits = "01234567"sv;
    if (!line.starts_with(kBegin)) {
        return {};
    }
    line.remove_prefix(kBegin.size());
    const auto space = line.find(' ');
    const bool isMode = (space == 3 || space == 4) &&
                        line.substr(0, space).find_first_not_of(kDigits) == std::string_view::npos;
    return isMode ? line.substr(space + 1) : std::string_view();
}

//! False at the line that is none of the file's.
bool appendLine(std::string_view line, std::string &into) {
    if (line.empty() || line.front() < ' ' || line.front() > '`') {
        return false;
    }
    const auto size = sixBits(line.front());
    line.remove_prefix(1);
    const auto before = into.size();
    while (into.size() - before < size && !line.empty()) {
        const auto at = [&](std::size_t i) { return i < line.size() ? sixBits(line[i]) : 0U; };
        const auto bits = at(0) << 18U | at(1) << 12U | at(2) << 6U | at(3);
        for (const unsigned shift : {16U, 8U, 0U}) {
            into += static_cast<char>(bits >> shift & 0xFFU);
        }
        line.remove_prefix(std::min<std::size_t>(4, line.size()));
    }
    into.resize(std::min(into.size(), before + size));
    return size > 0;
}

} // namespace

bool startsOldEncoding(std::string_view text) {
    constexpr std::size_t kStart = 1024;
    if (text.starts_with("BEGIN:VC"sv)) {
        return true;
    }
    const auto start = text.substr(0, kStart);
    for (std::size_t at = 0; at < start.size();) { // by lines: five searches cost more
        const auto line = start.substr(at);
        if (line.starts_with("begin "sv) || line.starts_with("=ybegin "sv) ||
            line.starts_with(kBinHex)) {
            return true;
        }
        const auto end = line.find('\n');
        at = end == std::string_view::npos ? start.size() : at + end + 1;
    }
    return false;
}

UuBlocks uuBlocksIn(std::string_view text) {
    UuBlocks blocks;
    blocks.unread = text.starts_with("=ybegin "sv) || text.find("\n=ybegin "sv) != text.npos ||
                    text.find(kBinHex) != text.npos;
    auto rest = text;
    while (!rest.empty() && blocks.files.size() < kMostFiles) {
        if (!rest.starts_with("begin "sv)) {
            const auto next = rest.find("\nbegin "sv);
            rest.remove_prefix(std::min(next, rest.size() - 1) + 1);
        }
        const auto name = nameIn(takeLine(rest));
        if (name.empty()) {
            continue;
        }
        UuFile file{std::string(name), {}};
        while (!rest.empty() && appendLine(takeLine(rest), file.content)) {
        }
        if (!file.content.empty()) {
            blocks.files.push_back(std::move(file));
        }
    }
    return blocks;
}

} // namespace sealpost::scan
