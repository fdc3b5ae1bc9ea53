// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TcpStream.h"

#include "net/IpAddress.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;

//! How long a wait goes on before it looks at the stop token again.
constexpr auto kStopInterval = 50ms;
//! One address's share of the time while others are left to try.
constexpr auto kLongestShare = 5s;

//! Owns a file descriptor.
class Socket {
public:
    explicit Socket(int descriptor) : m_descriptor(descriptor) {}
    ~Socket() { close(); }
    Socket(const Socket &) = delete;
    Socket &operator=(const Socket &) = delete;
    Socket(Socket &&other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}
    Socket &operator=(Socket &&) = delete;

    [[nodiscard]] int get() const { return m_descriptor; }
    [[nodiscard]] bool open() const { return m_descriptor >= 0; }
    void close() {
        if (open()) {
            ::close(std::exchange(m_descriptor, -1));
        }
    }

private:
    int m_descriptor;
};

std::string words(int error) {
    return std::generic_category().message(error);
}

//! Until the socket is ready for `events`, or has failed (which the next call on it tells).
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

class SocketStream final : public ByteStream {
public:
    explicit SocketStream(Socket socket) : m_socket(std::move(socket)) {}

    Result<std::size_t> read(std::span<char> into, Deadline deadline,
                             std::stop_token stop) override {
        for (;;) {
            if (!m_socket.open()) {
                return fail("net.broken", "net.read", Reaction::Retry, "closed");
            }
            const auto count = ::recv(m_socket.get(), into.data(), into.size(), MSG_DONTWAIT);
            if (count >= 0) {
                return static_cast<std::size_t>(count);
            }
            if (auto waited = again(errno, POLLIN, deadline, stop, "net.read"); !waited) {
                return tl::unexpected(std::move(waited.error()));
            }
        }
    }

    Result<void> write(std::string_view bytes, Deadline deadline, std::stop_token stop) override {
        while (!bytes.empty()) {
            if (!m_socket.open()) {
                return fail("net.broken", "net.write", Reaction::Retry, "closed");
            }
            // MSG_NOSIGNAL: a peer that has gone is an error to report, not a SIGPIPE.
            const auto count =
                ::send(m_socket.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (count >= 0) {
                bytes.remove_prefix(static_cast<std::size_t>(count));
                continue;
            }
            if (auto waited = again(errno, POLLOUT, deadline, stop, "net.write"); !waited) {
                return waited;
            }
        }
        return {};
    }

    void close() override { m_socket.close(); }

private:
    //! After a call that would have blocked: waits. Any other error ends the stream.
    Result<void> again(int error, short events, Deadline deadline, const std::stop_token &stop,
                       std::string_view stage) {
        if (error == EINTR) {
            return {};
        }
        if (error != EAGAIN) {
            return fail("net.broken", stage, Reaction::Retry, words(error));
        }
        return waitFor(m_socket.get(), events, deadline, stop, stage);
    }

    Socket m_socket;
};

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

std::optional<SocketAddress> socketAddress(const std::string &literal, Port port) {
    const auto octets = octetsFromIpLiteral(literal);
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

//! Replies and commands are short, and each waits for the other: no gathering of small writes.
void sendAtOnce(const Socket &socket) {
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string endpoint(const std::string &literal, Port port) {
    const auto number = std::to_string(static_cast<std::uint16_t>(port));
    const bool isIpv6 = literal.find(':') != std::string::npos;
    return isIpv6 ? "[" + literal + "]:" + number : literal + ":" + number;
}

Result<std::unique_ptr<ByteStream>> connectOne(const std::string &literal, Port port,
                                               Deadline deadline, const std::stop_token &stop) {
    constexpr std::string_view kStage = "net.connect";
    const auto failed = [&](int error) {
        return fail(error == ECONNREFUSED ? "net.refused" : "net.unreachable", kStage,
                    Reaction::Retry, words(error), endpoint(literal, port));
    };
    const auto address = socketAddress(literal, port);
    if (!address) {
        return failed(EAFNOSUPPORT);
    }
    auto socket = newSocket(*address);
    if (!socket.open()) {
        return failed(errno);
    }
    if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address->storage),
                  address->size) != 0) {
        if (errno != EINPROGRESS) {
            return failed(errno);
        }
        if (auto ready = waitFor(socket.get(), POLLOUT, deadline, stop, kStage); !ready) {
            ready.error().subject = endpoint(literal, port);
            return tl::unexpected(std::move(ready.error()));
        }
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            return failed(errno);
        }
        if (error != 0) {
            return failed(error);
        }
    }
    sendAtOnce(socket);
    return std::make_unique<SocketStream>(std::move(socket));
}

} // namespace

Result<std::unique_ptr<ByteStream>> connectTcp(const std::vector<std::string> &addresses, Port port,
                                               Deadline deadline, const std::stop_token &stop) {
    Error last{"net.unreachable", "net.connect", Reaction::Retry, "no address", {}};
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        // The last may use all that is left; the others leave something to those after them.
        const auto left = addresses.size() - i;
        const auto share =
            left == 1
                ? deadline.remaining()
                : std::min<std::chrono::milliseconds>(deadline.remaining() / left, kLongestShare);
        auto stream = connectOne(addresses[i], port, deadline.within(share), stop);
        if (stream) {
            return stream;
        }
        last = std::move(stream.error());
        if (last.code == "net.stopped" || deadline.passed()) {
            break;
        }
    }
    return fail(std::move(last));
}

struct TcpListener::Private {
    Socket socket;
    Port port{};
};

TcpListener::TcpListener(std::unique_ptr<Private> priv) : d(std::move(priv)) {}
TcpListener::~TcpListener() = default;

Result<std::unique_ptr<TcpListener>> TcpListener::listen(const std::string &address, Port port) {
    const auto failed = [&](int error) {
        return fail("net.listen", "net.listen", Reaction::AskAdmin, words(error),
                    endpoint(address, port));
    };
    auto target = socketAddress(address, port);
    if (!target) {
        return failed(EAFNOSUPPORT);
    }
    auto socket = newSocket(*target);
    if (!socket.open()) {
        return failed(errno);
    }
    const int on = 1;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto *raw = reinterpret_cast<sockaddr *>(&target->storage);
    if (::bind(socket.get(), raw, target->size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0 ||
        ::getsockname(socket.get(), raw, &target->size) != 0) {
        return failed(errno);
    }
    // sin_port and sin6_port lie at the same place.
    sockaddr_in bound{};
    std::memcpy(&bound, &target->storage, sizeof bound);
    return std::unique_ptr<TcpListener>(new TcpListener(
        std::make_unique<Private>(Private{std::move(socket), Port{ntohs(bound.sin_port)}})));
}

Port TcpListener::port() const {
    return d->port;
}

Result<std::unique_ptr<ByteStream>> TcpListener::accept(Deadline deadline,
                                                        const std::stop_token &stop) {
    for (;;) {
        if (auto ready = waitFor(d->socket.get(), POLLIN, deadline, stop, "net.accept"); !ready) {
            return tl::unexpected(std::move(ready.error()));
        }
        Socket socket(::accept4(d->socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (socket.open()) {
            sendAtOnce(socket);
            return std::make_unique<SocketStream>(std::move(socket));
        }
        // A peer that has gone again before it was accepted is no reason to stop listening.
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            return fail("net.broken", "net.accept", Reaction::Retry, words(errno));
        }
    }
}

} // namespace sealpost::net
