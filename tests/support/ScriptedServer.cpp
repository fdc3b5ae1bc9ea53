// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/ScriptedServer.h"

#include "net/TlsStream.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sealpost::test {

namespace {
using namespace std::chrono_literals;
constexpr auto kPatience = 10s;
constexpr auto kDripPause = 10ms;

//! Cuts what is written into single bytes.
class ByteByByte final : public net::ByteStream {
public:
    explicit ByteByByte(std::unique_ptr<net::ByteStream> below) : m_below(std::move(below)) {}
    Result<std::size_t> read(std::span<char> into, Deadline deadline,
                             std::stop_token stop) override {
        return m_below->read(into, deadline, std::move(stop));
    }
    Result<void> write(std::string_view bytes, Deadline deadline, std::stop_token stop) override {
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            if (auto written = m_below->write(bytes.substr(i, 1), deadline, stop); !written) {
                return written;
            }
        }
        return {};
    }
    void close() override { m_below->close(); }

private:
    std::unique_ptr<net::ByteStream> m_below;
};
} // namespace

namespace {
//! Counts the turns of a conversation, below TLS.
class TurnCounter final : public net::ByteStream {
public:
    TurnCounter(std::unique_ptr<net::ByteStream> below, std::atomic<int> &turns)
        : m_below(std::move(below)), m_turns(turns) {}
    Result<std::size_t> read(std::span<char> into, Deadline deadline,
                             std::stop_token stop) override {
        auto count = m_below->read(into, deadline, std::move(stop));
        if (count && *count > 0 && std::exchange(m_written, false)) {
            ++m_turns;
        }
        return count;
    }
    Result<void> write(std::string_view bytes, Deadline deadline, std::stop_token stop) override {
        m_written = true;
        return m_below->write(bytes, deadline, std::move(stop));
    }
    void close() override { m_below->close(); }

private:
    std::unique_ptr<net::ByteStream> m_below;
    std::atomic<int> &m_turns;
    bool m_written = false;
};
} // namespace

//! The dialogue with one client.
class ScriptedServer::Play {
public:
    Play(ScriptedServer &server, std::unique_ptr<net::ByteStream> stream, std::stop_token stop)
        : m_server(server),
          m_stream(std::make_unique<TurnCounter>(std::move(stream), server.m_turns)),
          m_stop(std::move(stop)) {
        if (m_server.m_config.pacing == Pacing::ByByte) {
            m_stream = std::make_unique<ByteByByte>(std::move(m_stream));
        }
    }

    void all() {
        for (const auto &step : m_server.m_config.dialogue.steps) {
            if (step.kind != Step::Kind::Send) {
                flush();
            }
            if (!play(step)) {
                break;
            }
        }
        flush();
        if (m_stream) {
            m_stream->close();
        }
    }

private:
    //! Whether the dialogue goes on.
    bool play(const Step &step) {
        switch (step.kind) {
        case Step::Kind::Send:
            m_unsent += step.text;
            if (m_server.m_config.pacing != Pacing::Whole) {
                flush();
            }
            return true;
        case Step::Kind::Expect:
            return expect(step.text);
        case Step::Kind::AnyBytes:
            return anyBytes();
        case Step::Kind::ExpectEnd:
            return expectEnd();
        case Step::Kind::Message:
            return message();
        case Step::Kind::Chunk:
            return chunk();
        case Step::Kind::Tls:
            return tls();
        case Step::Kind::Close:
            return false;
        case Step::Kind::Hang:
            while (readLine()) {
            }
            return false;
        case Step::Kind::SendAlways:
            while (m_stream->write(step.text, deadline(), m_stop)) {
            }
            return false;
        case Step::Kind::Drip:
            while (drip(step.text)) {
            }
            return false;
        }
        return false;
    }

    //! Whether the client is still there.
    bool drip(std::string_view text) {
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (m_stop.stop_requested() ||
                !m_stream->write(text.substr(i, 1), deadline(), m_stop)) {
                return false;
            }
            std::this_thread::sleep_for(kDripPause);
        }
        return true;
    }

    static Deadline deadline() { return Deadline::after(kPatience); }

    void flush() {
        if (m_stream && !m_unsent.empty()) {
            // A client that has gone is seen by the next step that reads.
            (void)m_stream->write(m_unsent, deadline(), m_stop);
        }
        m_unsent.clear();
    }

    std::optional<std::string> readLine() {
        for (;;) {
            if (const auto end = m_buffer.find('\n'); end != std::string::npos) {
                auto line = m_buffer.substr(0, end + 1);
                m_buffer.erase(0, end + 1);
                if (!line.ends_with("\r\n")) {
                    mismatch("a line without CRLF: " + line);
                }
                line.resize(line.size() - std::min<std::size_t>(line.size(), 2));
                const std::lock_guard lock(m_server.m_mutex);
                m_server.m_received.push_back(line);
                return line;
            }
            if (!readMore()) {
                return std::nullopt;
            }
        }
    }

    bool readMore() {
        std::array<char, 4096> bytes{};
        const auto count = m_stream->read(bytes, deadline(), m_stop);
        if (!count || *count == 0) {
            return false;
        }
        m_buffer.append(bytes.data(), *count);
        return true;
    }

    bool expect(const std::string &start) {
        const auto line = readLine();
        if (!line || !line->starts_with(start)) {
            mismatch("expected " + start + ", got " + line.value_or("the end"));
            return false;
        }
        return true;
    }

    bool anyBytes() {
        std::array<char, 4096> bytes{};
        const auto count = m_stream->read(bytes, deadline(), m_stop);
        return count && *count > 0;
    }

    bool expectEnd() {
        if (const auto line = readLine()) {
            mismatch("expected the end, got " + *line);
        }
        return false;
    }

    bool message() {
        for (;;) {
            const auto line = readLine();
            if (!line) {
                mismatch("the end within the message");
                return false;
            }
            const std::lock_guard lock(m_server.m_mutex);
            m_server.m_message += *line + "\r\n";
            if (*line == ".") {
                return true;
            }
        }
    }

    //! "BDAT n LAST" and its n octets, whatever stands in them.
    bool chunk() {
        const auto line = readLine();
        if (!line || !line->starts_with("BDAT ") || !line->ends_with(" LAST")) {
            mismatch("expected BDAT, got " + line.value_or("the end"));
            return false;
        }
        const auto size = static_cast<std::size_t>(std::stoul(line->substr(5)));
        while (m_buffer.size() < size) {
            if (!readMore()) {
                mismatch("the end within the chunk");
                return false;
            }
        }
        const std::lock_guard lock(m_server.m_mutex);
        m_server.m_message += m_buffer.substr(0, size);
        m_buffer.erase(0, size);
        return true;
    }

    //! A client that refuses the certificate ends the dialogue, which is no mismatch.
    bool tls() {
        if (!m_server.m_config.tls) {
            mismatch("TLS without an identity");
            return false;
        }
        auto engine = crypto::TlsEngine::server(*m_server.m_config.tls);
        if (!engine) {
            mismatch("TLS: " + engine.error().code);
            return false;
        }
        auto stream =
            net::TlsStream::handshake(std::move(m_stream), std::move(*engine), deadline(), m_stop);
        if (!stream) {
            return false;
        }
        m_stream = std::move(*stream);
        return true;
    }

    void mismatch(std::string what) {
        const std::lock_guard lock(m_server.m_mutex);
        m_server.m_mismatches.push_back(std::move(what));
    }

    ScriptedServer &m_server;
    std::unique_ptr<net::ByteStream> m_stream; //!< null after a failed handshake
    std::stop_token m_stop;
    std::string m_unsent;
    std::string m_buffer;
};

ScriptedServer::ScriptedServer(ScriptedServerConfig config) : m_config(std::move(config)) {
    auto listener = net::TcpListener::listen(m_config.address, m_config.port);
    if (!listener) {
        throw std::runtime_error(listener.error().code + " " + listener.error().logSafeDetail);
    }
    m_listener = std::move(*listener);
    m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
}

ScriptedServer::~ScriptedServer() = default;

void ScriptedServer::run(const std::stop_token &stop) {
    while (!stop.stop_requested()) {
        auto stream = m_listener->accept(Deadline::after(kPatience), stop);
        if (!stream) {
            continue;
        }
        {
            const std::lock_guard lock(m_mutex);
            ++m_connections;
        }
        Play(*this, std::move(*stream), stop).all();
        const std::lock_guard lock(m_mutex);
        ++m_finished;
        m_ended.notify_all();
    }
}

bool ScriptedServer::waitForEnd(int count) {
    std::unique_lock lock(m_mutex);
    return m_ended.wait_for(lock, kPatience, [&] { return m_finished >= count; });
}

std::vector<std::string> ScriptedServer::received() const {
    const std::lock_guard lock(m_mutex);
    return m_received;
}

bool ScriptedServer::hasReceived(std::string_view start) const {
    const std::lock_guard lock(m_mutex);
    return std::any_of(m_received.begin(), m_received.end(),
                       [&](const auto &line) { return line.starts_with(start); });
}

std::string ScriptedServer::message() const {
    const std::lock_guard lock(m_mutex);
    return m_message;
}

std::vector<std::string> ScriptedServer::mismatches() const {
    const std::lock_guard lock(m_mutex);
    return m_mismatches;
}

int ScriptedServer::connections() const {
    const std::lock_guard lock(m_mutex);
    return m_connections;
}

} // namespace sealpost::test
