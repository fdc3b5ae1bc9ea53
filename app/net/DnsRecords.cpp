// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DnsResolver.h"

#include "base/IpAddress.h"
#include "base/Text.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace sealpost::net {

namespace {
constexpr std::size_t kLongestLabel = 63;
constexpr std::size_t kLongestName = 255;

bool isHostCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

//! An uncompressed name in wire form (RFC 1035 §3.1) that fills `wire` to its end; "" is the root.
//! None where it is cut short, or where a label holds what no host name does: such a name would
//! mean something else once written with dots.
std::optional<std::string> hostFromWire(std::string_view wire) {
    if (wire.size() > kLongestName) {
        return std::nullopt;
    }
    std::string host;
    while (!wire.empty()) {
        const std::size_t length = static_cast<unsigned char>(wire.front());
        wire.remove_prefix(1);
        if (length == 0) {
            return wire.empty() ? std::optional(host) : std::nullopt;
        }
        if (length > kLongestLabel || length > wire.size()) {
            return std::nullopt;
        }
        const auto label = base::asciiLower(wire.substr(0, length));
        if (!std::all_of(label.begin(), label.end(), isHostCharacter)) {
            return std::nullopt;
        }
        host += (host.empty() ? "" : ".") + label;
        wire.remove_prefix(length);
    }
    return std::nullopt;
}

std::uint16_t numberAt(std::string_view rdata, std::size_t at) {
    const auto high = static_cast<unsigned char>(rdata[at]);
    const auto low = static_cast<unsigned char>(rdata[at + 1]);
    return static_cast<std::uint16_t>(high << 8U | low);
}

void addNumber(std::string &rdata, std::uint16_t number) {
    rdata += static_cast<char>(number >> 8U);
    rdata += static_cast<char>(number & 0xFFU);
}

void addHost(std::string &rdata, const std::string &host) {
    if (!host.empty()) {
        for (const auto &label : base::split(host, '.')) {
            rdata += static_cast<char>(label.size());
            rdata += label;
        }
    }
    rdata += '\0';
}

std::optional<MxRecord> mxFromWire(std::string_view rdata) {
    constexpr std::size_t kPreferenceSize = 2;
    if (rdata.size() <= kPreferenceSize) {
        return std::nullopt;
    }
    auto host = hostFromWire(rdata.substr(kPreferenceSize));
    if (!host) {
        return std::nullopt;
    }
    return MxRecord{numberAt(rdata, 0), std::move(*host)};
}

std::optional<SrvRecord> srvFromWire(std::string_view rdata) {
    constexpr std::size_t kNumbersSize = 6;
    auto host =
        rdata.size() > kNumbersSize ? hostFromWire(rdata.substr(kNumbersSize)) : std::nullopt;
    if (!host) {
        return std::nullopt;
    }
    return SrvRecord{numberAt(rdata, 0), numberAt(rdata, 2), Port{numberAt(rdata, 4)},
                     std::move(*host)};
}
} // namespace

Evidence DnsAnswer::evidence() const {
    switch (outcome) {
    case DnsOutcome::Records:
        return Evidence::Proven;
    case DnsOutcome::NoData:
    case DnsOutcome::NxDomain:
        return Evidence::ProvenAbsent;
    case DnsOutcome::Bogus:
        return Evidence::Bogus;
    case DnsOutcome::TempFailure:
        return Evidence::TempFailure;
    }
    return Evidence::NotChecked;
}

std::vector<MxRecord> mxRecords(const DnsAnswer &answer) {
    std::vector<MxRecord> records;
    for (const auto &rdata : answer.rdata) {
        if (auto record = mxFromWire(rdata)) {
            records.push_back(std::move(*record));
        }
    }
    std::stable_sort(records.begin(), records.end(),
                     [](const auto &a, const auto &b) { return a.preference < b.preference; });
    return records;
}

std::vector<DnsAnswer> DnsResolver::queryAll(const std::vector<DnsQuestion> &questions,
                                             Deadline deadline, const std::stop_token &stop) {
    std::vector<DnsAnswer> answers;
    answers.reserve(questions.size());
    for (const auto &question : questions) {
        answers.push_back(query(question.name, question.type, deadline, stop));
    }
    return answers;
}

void DnsResolver::expect(const std::string & /*zone*/,
                         const std::vector<DnsQuestion> & /*questions*/) {}

std::vector<std::string> addressRecords(const DnsAnswer &answer) {
    std::vector<std::string> addresses;
    for (const auto &rdata : answer.rdata) {
        if (auto literal = base::ipLiteralFromOctets(rdata)) {
            addresses.push_back(std::move(*literal));
        }
    }
    return addresses;
}

std::vector<SrvRecord> srvRecords(const DnsAnswer &answer) {
    std::vector<SrvRecord> records;
    for (const auto &rdata : answer.rdata) {
        if (auto record = srvFromWire(rdata)) {
            records.push_back(std::move(*record));
        }
    }
    std::stable_sort(records.begin(), records.end(), [](const auto &a, const auto &b) {
        return a.priority != b.priority ? a.priority < b.priority : a.weight > b.weight;
    });
    return records;
}

std::string encodeMx(const MxRecord &record) {
    std::string rdata;
    addNumber(rdata, record.preference);
    addHost(rdata, record.host);
    return rdata;
}

std::string encodeSrv(const SrvRecord &record) {
    std::string rdata;
    addNumber(rdata, record.priority);
    addNumber(rdata, record.weight);
    addNumber(rdata, static_cast<std::uint16_t>(record.port));
    addHost(rdata, record.host);
    return rdata;
}

std::string encodeAddress(const std::string &address) {
    return base::octetsFromIpLiteral(address).value_or(std::string());
}

} // namespace sealpost::net
