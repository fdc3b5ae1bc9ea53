// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TcpStream.h"

#include "net/SocketPosix.h"

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <utility>

namespace sealpost::net {

namespace {
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
            const int error = errno;
            confirmAtOnce();
            if (auto waited = again(error, POLLIN, deadline, stop, "net.read"); !waited) {
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
    //! A server that gathers small writes (Nagle) holds back its reply behind the session tickets
    //! of TLS 1.3 until those are acknowledged, which the system may put off by 40 ms. The option
    //! does not last, so it is set whenever we wait.
    void confirmAtOnce() const {
#ifdef TCP_QUICKACK
        const int on = 1;
        ::setsockopt(m_socket.get(), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#endif
    }

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

//! Replies and commands are short, and each waits for the other: no gathering of small writes.
void sendAtOnce(const Socket &socket) {
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

} // namespace

std::unique_ptr<ByteStream> streamOver(Socket socket) {
    sendAtOnce(socket);
    return std::make_unique<SocketStream>(std::move(socket));
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
            return streamOver(std::move(socket));
        }
        // A peer that has gone again before it was accepted is no reason to stop listening.
        if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
            return fail("net.broken", "net.accept", Reaction::Retry, words(errno));
        }
    }
}

} // namespace sealpost::net
