// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/AddressOrder.h"
#include "net/SocketPosix.h"
#include "net/TcpStream.h"

#include <algorithm>
#include <cerrno>
#include <poll.h>

namespace sealpost::net {

namespace {
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::string_view kStage = "net.connect";
//= RFC 8305 §5, §8: the Connection Attempt Delay SHOULD be 250 ms.
constexpr auto kAttemptDelay = 250ms;

//! Which of two failures says more: an answer, then a silence, then no way there at all.
int weight(const Error &error) {
    return error.code == "net.refused" ? 2 : error.code == "net.deadline" ? 1 : 0;
}

//! Connections that are tried at the same time; the first that stands wins.
class Race {
public:
    Race(std::vector<std::string> addresses, Port port)
        : m_addresses(std::move(addresses)), m_port(port) {}

    Result<std::unique_ptr<ByteStream>> run(Deadline deadline, const std::stop_token &stop) {
        for (;;) {
            startWhatIsDue();
            if (m_winner) {
                return std::move(m_winner);
            }
            if (m_running.empty()) {
                return fail(std::move(m_error));
            }
            if (stop.stop_requested()) {
                return fail("net.stopped", kStage, Reaction::Retry);
            }
            if (deadline.remaining() == 0ms) {
                note({"net.deadline",
                      std::string(kStage),
                      Reaction::Retry,
                      {},
                      endpoint(m_running.front().address, m_port)});
                return fail(std::move(m_error));
            }
            settle(deadline);
        }
    }

private:
    struct Attempt {
        Socket socket;
        std::string address;
    };

    //! The next address, where nothing is tried at present or the last has had its head start.
    void startWhatIsDue() {
        while (!m_winner && m_next < m_addresses.size() &&
               (m_running.empty() || SteadyClock::now() >= m_nextStart)) {
            start(m_addresses[m_next++]);
        }
    }

    void start(const std::string &literal) {
        const auto address = socketAddress(literal, m_port);
        if (!address) {
            return noteFailure(EAFNOSUPPORT, literal);
        }
        auto socket = newSocket(*address);
        if (!socket.open()) {
            return noteFailure(errno, literal);
        }
        if (::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address->storage),
                      address->size) == 0) {
            m_winner = streamOver(std::move(socket));
        } else if (errno == EINPROGRESS) {
            m_running.push_back({std::move(socket), literal});
            m_nextStart = SteadyClock::now() + kAttemptDelay;
        } else {
            noteFailure(errno, literal);
        }
    }

    //! Waits until something happens, and sees which attempts have ended.
    void settle(Deadline deadline) {
        std::vector<pollfd> entries;
        for (const auto &attempt : m_running) {
            entries.push_back({attempt.socket.get(), POLLOUT, 0});
        }
        auto slice = std::min<std::chrono::milliseconds>(deadline.remaining(), kStopInterval);
        if (m_next < m_addresses.size()) {
            const auto due =
                std::chrono::ceil<std::chrono::milliseconds>(m_nextStart - SteadyClock::now());
            slice = std::clamp<std::chrono::milliseconds>(due, 0ms, slice);
        }
        if (::poll(entries.data(), entries.size(), static_cast<int>(slice.count())) <= 0) {
            return;
        }
        for (auto i = entries.size(); i-- > 0 && !m_winner;) {
            if (entries[i].revents != 0) {
                end(static_cast<std::ptrdiff_t>(i));
            }
        }
    }

    void end(std::ptrdiff_t index) {
        const auto attempt = m_running.begin() + index;
        int error = 0;
        socklen_t size = sizeof error;
        if (::getsockopt(attempt->socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
            error = errno;
        }
        if (error == 0) {
            m_winner = streamOver(std::move(attempt->socket));
            return;
        }
        noteFailure(error, attempt->address);
        m_running.erase(attempt);
        // Whoever comes next need not wait for one that has failed.
        m_nextStart = SteadyClock::now();
    }

    void noteFailure(int error, const std::string &literal) {
        note({error == ECONNREFUSED ? "net.refused" : "net.unreachable", std::string(kStage),
              Reaction::Retry, words(error), endpoint(literal, m_port)});
    }

    void note(Error error) {
        if (weight(error) >= weight(m_error)) {
            m_error = std::move(error);
        }
    }

    std::vector<std::string> m_addresses;
    Port m_port;
    std::size_t m_next = 0;
    SteadyClock::time_point m_nextStart{};
    std::vector<Attempt> m_running;
    std::unique_ptr<ByteStream> m_winner;
    Error m_error{"net.unreachable", std::string(kStage), Reaction::Retry, "no address", {}};
};
} // namespace

Result<std::unique_ptr<ByteStream>> connectTcp(const std::vector<std::string> &addresses, Port port,
                                               Deadline deadline, const std::stop_token &stop) {
    return Race(interleaved(addresses), port).run(deadline, stop);
}

} // namespace sealpost::net
