// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeServer.h"

#include <atomic>
#include <chrono>
#include <list>
#include <utility>

namespace sealpost::practice {

namespace {

constexpr std::size_t kSessionLimit = 32;
constexpr std::chrono::hours kAcceptTurn{1};
constexpr std::chrono::milliseconds kAfterTrouble{100};
constexpr std::chrono::seconds kRefusalTime{1};

struct RunningSession {
    std::atomic<bool> over = false;
    std::jthread thread; // last: it uses `over`
};

} // namespace

PracticeServer::PracticeServer(PracticeServerConfig config,
                               std::unique_ptr<net::TcpListener> listener)
    : m_config(std::move(config)), m_listener(std::move(listener)),
      m_acceptor([this](const std::stop_token &stop) { acceptAll(stop); }) {}

PracticeServer::~PracticeServer() = default;

Result<std::unique_ptr<PracticeServer>>
PracticeServer::start(PracticeServerConfig config, const std::string &address, Port port) {
    auto listener = net::TcpListener::listen(address, port);
    if (!listener) {
        return tl::unexpected(listener.error());
    }
    return std::unique_ptr<PracticeServer>(
        new PracticeServer(std::move(config), std::move(*listener)));
}

Port PracticeServer::port() const {
    return m_listener->port();
}

void PracticeServer::acceptAll(const std::stop_token &stop) {
    std::list<RunningSession> sessions; // at the end each is told to stop, and waited for
    while (!stop.stop_requested()) {
        auto stream = m_listener->accept(Deadline::after(kAcceptTurn), stop);
        sessions.remove_if([](const RunningSession &session) { return session.over.load(); });
        if (!stream) {
            if (!stop.stop_requested() && stream.error().code != "net.deadline") {
                std::this_thread::sleep_for(kAfterTrouble); // such as no file descriptor left
            }
            continue;
        }
        if (sessions.size() >= kSessionLimit) {
            (void)(*stream)->write("421 4.7.0 Too many connections\r\n",
                                   Deadline::after(kRefusalTime), stop);
            (*stream)->close();
            continue;
        }
        auto &session = sessions.emplace_back();
        session.thread = std::jthread(
            [this, &session, connection = std::move(*stream)](const std::stop_token &end) mutable {
                PracticeSession(m_config, std::move(connection), end).run();
                session.over = true;
            });
    }
    for (auto &session : sessions) {
        session.thread.request_stop();
    }
}

} // namespace sealpost::practice
