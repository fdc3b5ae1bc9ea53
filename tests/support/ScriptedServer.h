// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"
#include "crypto/TlsEngine.h"
#include "net/TcpStream.h"
#include "support/Dialogue.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sealpost::test {

//! How a server's bytes are cut: each cut is a write of its own on the wire.
enum class Pacing { Whole, ByLine, ByByte };

inline constexpr std::array kAllPacings = {Pacing::Whole, Pacing::ByLine, Pacing::ByByte};

[[nodiscard]] constexpr std::string_view toString(Pacing pacing) {
    switch (pacing) {
    case Pacing::Whole:
        return "whole";
    case Pacing::ByLine:
        return "line by line";
    case Pacing::ByByte:
        return "byte by byte";
    }
    return "whole";
}

struct ScriptedServerConfig {
    Dialogue dialogue;
    Pacing pacing = Pacing::Whole;
    std::optional<crypto::TlsServerConfig> tls; //!< for the step TLS
    std::string address = "127.0.0.1";
    Port port{0}; //!< 0: the system's choice
};

//! A server on loopback that plays one dialogue with each client, one after the other, and keeps
//! what they said.
class ScriptedServer {
public:
    //! Throws std::runtime_error where it can't listen.
    explicit ScriptedServer(ScriptedServerConfig config);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer &) = delete;
    ScriptedServer &operator=(const ScriptedServer &) = delete;

    [[nodiscard]] Port port() const { return m_listener->port(); }
    //! Until `count` dialogues have ended; false where that takes over ten seconds.
    [[nodiscard]] bool waitForEnd(int count = 1);
    //! Every line from clients, without CRLF.
    [[nodiscard]] std::vector<std::string> received() const;
    //! Whether any line starts so.
    [[nodiscard]] bool hasReceived(std::string_view start) const;
    //! What MESSAGE took, dots still stuffed, the last one included.
    [[nodiscard]] std::string message() const;
    //! What the client did otherwise than the script expects.
    [[nodiscard]] std::vector<std::string> mismatches() const;
    [[nodiscard]] int connections() const;
    //! How often a client's bytes came after something of the server's: each is a round trip that
    //! the client waited for, its answer to the greeting the first.
    [[nodiscard]] int turns() const { return m_turns; }

private:
    class Play;
    void run(const std::stop_token &stop);

    ScriptedServerConfig m_config;
    std::unique_ptr<net::TcpListener> m_listener;
    mutable std::mutex m_mutex;
    std::condition_variable m_ended;
    std::vector<std::string> m_received;
    std::vector<std::string> m_mismatches;
    std::string m_message;
    int m_connections = 0;
    int m_finished = 0;
    std::atomic<int> m_turns = 0;
    std::jthread m_thread; //!< last: ends before what it uses
};

} // namespace sealpost::test
