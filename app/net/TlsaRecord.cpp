// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TlsaRecord.h"

#include <utility>

namespace sealpost::net {

std::optional<crypto::TlsaRecord> tlsaFromWire(std::string_view rdata) {
    constexpr std::size_t kHead = 3;
    //= RFC 6698 §2.1: usage, selector, matching type, and what to match, which can't be empty.
    if (rdata.size() <= kHead) {
        return std::nullopt;
    }
    crypto::TlsaRecord record;
    record.usage = static_cast<std::uint8_t>(rdata[0]);
    record.selector = static_cast<std::uint8_t>(rdata[1]);
    record.matchingType = static_cast<std::uint8_t>(rdata[2]);
    record.data = rdata.substr(kHead);
    return record;
}

std::string encodeTlsa(const crypto::TlsaRecord &record) {
    std::string rdata;
    rdata += static_cast<char>(record.usage);
    rdata += static_cast<char>(record.selector);
    rdata += static_cast<char>(record.matchingType);
    return rdata + record.data;
}

std::vector<crypto::TlsaRecord> tlsaRecords(const DnsAnswer &answer) {
    std::vector<crypto::TlsaRecord> records;
    for (const auto &rdata : answer.rdata) {
        if (auto record = tlsaFromWire(rdata)) {
            records.push_back(std::move(*record));
        }
    }
    return records;
}

} // namespace sealpost::net
