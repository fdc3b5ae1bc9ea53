// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/TcpStream.h"
#include "practice/PracticeSession.h"

#include <memory>
#include <string>
#include <thread>

namespace sealpost::practice {

//! A loopback SMTP server inside the program: a thread that accepts, and one for each of a bounded
//! number of sessions.
class PracticeServer {
public:
    //! Port 0: the system's choice. AskAdmin "net.listen".
    [[nodiscard]] static Result<std::unique_ptr<PracticeServer>>
    start(PracticeServerConfig config, const std::string &address, Port port);
    ~PracticeServer(); //!< ends all sessions
    PracticeServer(const PracticeServer &) = delete;
    PracticeServer &operator=(const PracticeServer &) = delete;

    [[nodiscard]] Port port() const;
    //! Ends it without waiting, so that several servers end at once.
    void requestStop() { m_acceptor.request_stop(); }

private:
    PracticeServer(PracticeServerConfig config, std::unique_ptr<net::TcpListener> listener);
    void acceptAll(const std::stop_token &stop);

    PracticeServerConfig m_config;
    std::unique_ptr<net::TcpListener> m_listener;
    std::jthread m_acceptor; // last: it uses all the others
};

} // namespace sealpost::practice
