// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/IpNetwork.h"

#include "base/IpAddress.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <utility>

namespace sealpost::base {

namespace {
constexpr std::size_t kBitsInOctet = 8;
constexpr std::size_t kIpv4Size = 4;
constexpr std::size_t kIpv6Size = 16;

//! RFC 6890 and its registries as of 2024: what is not globally reachable, but documentation.
constexpr std::array kPrivate = {
    "0.0.0.0/8",      // this network (RFC 791 §3.2)
    "10.0.0.0/8",     // private (RFC 1918)
    "100.64.0.0/10",  // shared address space (RFC 6598)
    "127.0.0.0/8",    // loopback (RFC 1122 §3.2.1.3)
    "169.254.0.0/16", // link-local (RFC 3927)
    "172.16.0.0/12",  // private (RFC 1918)
    "192.0.0.0/24",   // protocol assignments (RFC 6890 §2.1)
    "192.168.0.0/16", // private (RFC 1918)
    "198.18.0.0/15",  // benchmarking (RFC 2544)
    "224.0.0.0/4",    // multicast (RFC 5771)
    "240.0.0.0/4",    // reserved, and limited broadcast (RFC 1112 §4)
    "::/96",          // unspecified, loopback, and IPv4-compatible (RFC 4291 §2.5)
    "64:ff9b:1::/48", // local-use translation (RFC 8215)
    "100::/64",       // discard-only (RFC 6666)
    "fc00::/7",       // unique local (RFC 4193)
    "fe80::/10",      // link-local (RFC 4291 §2.5.6)
    "fec0::/10",      // site-local, deprecated (RFC 3879)
    "ff00::/8",       // multicast (RFC 4291 §2.7)
};

//! IPv6 prefixes behind which an IPv4 address stands.
constexpr std::string_view kMapped{"\0\0\0\0\0\0\0\0\0\0\xff\xff", 12};
constexpr std::string_view kNat64{"\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12};
constexpr std::string_view kSixToFour{"\x20\x02", 2};

std::string unmapped(const std::string &octets) {
    return octets.size() == kIpv6Size && octets.starts_with(kMapped) ? octets.substr(kMapped.size())
                                                                     : octets;
}

//! The IPv4 address that an IPv6 one leads to; else the address itself.
std::string destination(std::string octets) {
    if (octets.size() == kIpv6Size) {
        for (const auto prefix : {kMapped, kNat64, kSixToFour}) {
            if (octets.starts_with(prefix)) {
                return octets.substr(prefix.size(), kIpv4Size);
            }
        }
    }
    return octets;
}

bool bit(std::string_view octets, std::size_t number) {
    const auto octet = static_cast<unsigned char>(octets[number / kBitsInOctet]);
    return (octet >> (kBitsInOctet - 1 - number % kBitsInOctet) & 1U) != 0;
}

std::vector<IpNetwork> privateNetworks() {
    std::vector<IpNetwork> networks;
    networks.reserve(std::size(kPrivate));
    for (const auto *text : kPrivate) {
        networks.push_back(*IpNetwork::parse(text));
    }
    return networks;
}
} // namespace

IpNetwork::IpNetwork(std::string octets, std::size_t bits)
    : m_octets(std::move(octets)), m_bits(bits) {}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
    const auto slash = text.find('/');
    auto octets = octetsFromIpLiteral(text.substr(0, slash));
    if (!octets) {
        return std::nullopt;
    }
    const auto most = octets->size() * kBitsInOctet;
    auto bits = most;
    if (slash != std::string_view::npos) {
        const auto number = text.substr(slash + 1);
        const auto [end, error] =
            std::from_chars(number.data(), number.data() + number.size(), bits);
        if (error != std::errc() || end != number.data() + number.size() || bits > most) {
            return std::nullopt;
        }
    }
    for (auto i = bits; i < most; ++i) {
        if (bit(*octets, i)) {
            return std::nullopt;
        }
    }
    return IpNetwork(std::move(*octets), bits);
}

bool IpNetwork::contains(std::string_view literal) const {
    auto octets = octetsFromIpLiteral(literal);
    if (!octets) {
        return false;
    }
    *octets = unmapped(std::move(*octets));
    if (octets->size() != m_octets.size()) {
        return false;
    }
    for (std::size_t i = 0; i < m_bits; ++i) {
        if (bit(*octets, i) != bit(m_octets, i)) {
            return false;
        }
    }
    return true;
}

std::string IpNetwork::text() const {
    return ipLiteralFromOctets(m_octets).value_or("") + "/" + std::to_string(m_bits);
}

bool isPrivateAddress(std::string_view literal) {
    static const auto kNetworks = privateNetworks();
    auto octets = octetsFromIpLiteral(literal);
    if (!octets) {
        return true;
    }
    const auto target = ipLiteralFromOctets(destination(std::move(*octets)));
    return !target || isWithin(kNetworks, *target);
}

std::vector<IpNetwork> parseNetworks(const std::set<std::string> &texts) {
    std::vector<IpNetwork> networks;
    for (const auto &text : texts) {
        if (auto network = IpNetwork::parse(text)) {
            networks.push_back(std::move(*network));
        }
    }
    return networks;
}

bool isWithin(const std::vector<IpNetwork> &networks, std::string_view literal) {
    return std::any_of(networks.begin(), networks.end(),
                       [&](const auto &network) { return network.contains(literal); });
}

} // namespace sealpost::base
