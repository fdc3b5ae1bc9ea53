// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/IpAddress.h"

#include <array>

#ifdef _WIN32
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#include <sys/socket.h>
#endif

namespace sealpost::base {

namespace {
constexpr std::size_t kIpv4Size = 4;
constexpr std::size_t kIpv6Size = 16;
constexpr std::size_t kLongestLiteral = 64;
} // namespace

std::optional<std::string> octetsFromIpLiteral(std::string_view literal) {
    if (literal.size() >= kLongestLiteral || literal.find('\0') != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string text(literal);
    std::string octets(kIpv6Size, '\0');
    if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
        octets.resize(kIpv4Size);
        return octets;
    }
    if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) {
        return octets;
    }
    return std::nullopt;
}

std::optional<std::string> ipLiteralFromOctets(std::string_view octets) {
    if (octets.size() != kIpv4Size && octets.size() != kIpv6Size) {
        return std::nullopt;
    }
    const int family = octets.size() == kIpv4Size ? AF_INET : AF_INET6;
    std::array<char, kLongestLiteral> text{};
    if (inet_ntop(family, octets.data(), text.data(), text.size()) == nullptr) {
        return std::nullopt;
    }
    return std::string(text.data());
}

} // namespace sealpost::base
