// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/NetworkFingerprint.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <ifaddrs.h>
#include <memory>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <set>
#include <sstream>
#include <sys/socket.h>
#include <vector>

namespace sealpost::net {

namespace {

std::vector<std::vector<std::string>> rowsOf(const char *file) {
    std::ifstream in(file);
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words(line);
        auto &row = rows.emplace_back();
        for (std::string word; words >> word;) {
            row.push_back(std::move(word));
        }
    }
    return rows;
}

//! Linux's tables of routes; other systems have none of these files, and are told by address alone.
void addGateways(std::set<std::string> &facts) {
    for (const auto &row : rowsOf("/proc/net/route")) {
        if (row.size() > 2 && row[1] == "00000000") {
            facts.insert("gateway " + row[0] + " " + row[2]);
        }
    }
    for (const auto &row : rowsOf("/proc/net/ipv6_route")) {
        const bool isDefault = row.size() > 9 && row[1] == "00" && row[9] != "lo";
        if (isDefault && row[0].find_first_not_of('0') == std::string::npos) {
            facts.insert("gateway " + row[9] + " " + row[4]);
        }
    }
}

std::string literalOf(const sockaddr &address) {
    const socklen_t size =
        address.sa_family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::array<char, NI_MAXHOST> text{};
    const auto failed =
        getnameinfo(&address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
    return failed == 0 ? std::string(text.data()) : std::string();
}

//! IPv6 by its first 64 bits: the rest changes by itself (RFC 8981).
std::string networkOf(const sockaddr &address) {
    if (address.sa_family == AF_INET) {
        return literalOf(address);
    }
    sockaddr_in6 prefix{};
    std::copy_n(reinterpret_cast<const char *>(&address), sizeof(prefix),
                reinterpret_cast<char *>(&prefix));
    std::fill(std::begin(prefix.sin6_addr.s6_addr) + 8, std::end(prefix.sin6_addr.s6_addr), 0);
    return IN6_IS_ADDR_LINKLOCAL(&prefix.sin6_addr)
               ? std::string()
               : literalOf(reinterpret_cast<const sockaddr &>(prefix));
}

void addOwnAddresses(std::set<std::string> &facts) {
    ifaddrs *list = nullptr;
    if (getifaddrs(&list) != 0) {
        return;
    }
    const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owner(list, &freeifaddrs);
    for (const auto *one = list; one != nullptr; one = one->ifa_next) {
        const bool up = (one->ifa_flags & IFF_UP) != 0 && (one->ifa_flags & IFF_LOOPBACK) == 0;
        if (!up || one->ifa_addr == nullptr ||
            (one->ifa_addr->sa_family != AF_INET && one->ifa_addr->sa_family != AF_INET6)) {
            continue;
        }
        if (const auto network = networkOf(*one->ifa_addr); !network.empty()) {
            facts.insert("address " + std::string(one->ifa_name) + " " + network);
        }
    }
}
} // namespace

std::string networkFingerprint() {
    std::set<std::string> facts;
    addGateways(facts);
    addOwnAddresses(facts);
    crypto::Sha256 hash;
    for (const auto &fact : facts) {
        hash.add(fact + "\n");
    }
    return base::toHex(hash.finish());
}

} // namespace sealpost::net
