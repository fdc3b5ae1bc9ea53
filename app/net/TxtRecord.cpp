// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TxtRecord.h"

#include <algorithm>
#include <utility>

namespace sealpost::net {

std::optional<std::string> txtFromWire(std::string_view rdata) {
    if (rdata.empty()) {
        return std::nullopt;
    }
    std::string text;
    while (!rdata.empty()) {
        const std::size_t length = static_cast<unsigned char>(rdata.front());
        rdata.remove_prefix(1);
        if (length > rdata.size()) {
            return std::nullopt;
        }
        text += rdata.substr(0, length);
        rdata.remove_prefix(length);
    }
    return text;
}

std::string encodeTxt(std::string_view text) {
    constexpr std::size_t kLongest = 255;
    std::string rdata;
    do {
        const auto piece = text.substr(0, std::min(text.size(), kLongest));
        rdata += static_cast<char>(piece.size());
        rdata += piece;
        text.remove_prefix(piece.size());
    } while (!text.empty());
    return rdata;
}

std::vector<std::string> txtRecords(const DnsAnswer &answer) {
    std::vector<std::string> texts;
    for (const auto &rdata : answer.rdata) {
        if (auto text = txtFromWire(rdata)) {
            texts.push_back(std::move(*text));
        }
    }
    return texts;
}

} // namespace sealpost::net
