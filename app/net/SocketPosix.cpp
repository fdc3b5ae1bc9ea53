// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SocketPosix.h"

#include "base/IpAddress.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <system_error>

namespace sealpost::net {

using namespace std::chrono_literals;

std::string words(int error) {
    return std::generic_category().message(error);
}

Result<void> waitFor(int descriptor, short events, Deadline deadline, const std::stop_token &stop,
                     std::string_view stage) {
    for (;;) {
        if (stop.stop_requested()) {
            return fail("net.stopped", stage, Reaction::Retry);
        }
        const auto left = deadline.remaining();
        pollfd entry{descriptor, events, 0};
        const auto slice = std::min<std::chrono::milliseconds>(left, kStopInterval);
        const int ready = ::poll(&entry, 1, static_cast<int>(slice.count()));
        if (ready > 0) {
            return {};
        }
        if (ready < 0 && errno != EINTR) {
            return fail("net.broken", stage, Reaction::Retry, words(errno));
        }
        if (left == 0ms) {
            return fail("net.deadline", stage, Reaction::Retry);
        }
    }
}

std::optional<SocketAddress> socketAddress(const std::string &literal, Port port) {
    const auto octets = base::octetsFromIpLiteral(literal);
    if (!octets) {
        return std::nullopt;
    }
    SocketAddress address;
    const auto networkPort = htons(static_cast<std::uint16_t>(port));
    if (octets->size() == sizeof(in_addr)) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = networkPort;
        std::memcpy(&in.sin_addr, octets->data(), octets->size());
        std::memcpy(&address.storage, &in, sizeof in);
        address.size = sizeof in;
    } else {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = networkPort;
        std::memcpy(&in.sin6_addr, octets->data(), octets->size());
        std::memcpy(&address.storage, &in, sizeof in);
        address.size = sizeof in;
    }
    return address;
}

Socket newSocket(const SocketAddress &address) {
    return Socket(
        ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
}

std::string endpoint(const std::string &literal, Port port) {
    const auto number = std::to_string(static_cast<std::uint16_t>(port));
    const bool isIpv6 = literal.find(':') != std::string::npos;
    return isIpv6 ? "[" + literal + "]:" + number : literal + ":" + number;
}

} // namespace sealpost::net
