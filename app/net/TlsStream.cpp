// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/TlsStream.h"

#include <array>
#include <utility>

namespace sealpost::net {

namespace {
using crypto::TlsEngine;

constexpr std::size_t kWireChunk = 16384;

//! Content types of the first record that a peer may send (RFC 8446 §5.1): alert, handshake.
bool startsLikeTls(std::string_view wire) {
    return wire[0] == '\x15' || wire[0] == '\x16';
}

Result<void> flush(TlsEngine &engine, ByteStream &below, Deadline deadline,
                   const std::stop_token &stop) {
    const auto output = engine.takeOutput();
    return output.empty() ? Result<void>() : below.write(output, deadline, stop);
}

//! Takes what the wire has into the engine; false at its end.
Result<bool> fill(TlsEngine &engine, ByteStream &below, Deadline deadline,
                  const std::stop_token &stop, std::string *seen = nullptr) {
    std::array<char, kWireChunk> wire{};
    const auto count = below.read(wire, deadline, stop);
    if (!count) {
        return tl::unexpected(count.error());
    }
    if (*count == 0) {
        engine.feedEnd();
        return false;
    }
    const std::string_view bytes(wire.data(), *count);
    if (seen != nullptr) {
        seen->append(bytes.substr(0, 1));
    }
    engine.feed(bytes);
    return true;
}

Result<void> shakeHands(TlsEngine &engine, ByteStream &below, Deadline deadline,
                        const std::stop_token &stop) {
    std::string seen;
    for (;;) {
        const auto progress = engine.handshake();
        // Also after a failure: the alert tells the peer why.
        auto flushed = flush(engine, below, deadline, stop);
        if (!progress) {
            return tl::unexpected(progress.error());
        }
        if (*progress == TlsEngine::Progress::Closed) {
            return fail("tls.closed", "tls.handshake", Reaction::Retry);
        }
        if (!flushed) {
            return flushed;
        }
        if (*progress == TlsEngine::Progress::Done) {
            return {};
        }
        const auto more = fill(engine, below, deadline, stop, &seen);
        if (!more) {
            return tl::unexpected(more.error());
        }
        if (!seen.empty() && !startsLikeTls(seen)) {
            return fail("tls.not-tls", "tls.handshake", Reaction::AskAdmin);
        }
    }
}
} // namespace

TlsStream::TlsStream(std::unique_ptr<ByteStream> below, std::unique_ptr<TlsEngine> engine)
    : m_below(std::move(below)), m_engine(std::move(engine)) {}

TlsStream::~TlsStream() = default;

Result<std::unique_ptr<TlsStream>> TlsStream::handshake(std::unique_ptr<ByteStream> below,
                                                        std::unique_ptr<TlsEngine> engine,
                                                        Deadline deadline,
                                                        const std::stop_token &stop,
                                                        crypto::TlsPeerInfo *peerOnFailure) {
    auto done = shakeHands(*engine, *below, deadline, stop);
    if (!done) {
        if (peerOnFailure != nullptr) {
            *peerOnFailure = engine->peer();
        }
        below->close();
        return tl::unexpected(std::move(done.error()));
    }
    return std::unique_ptr<TlsStream>(new TlsStream(std::move(below), std::move(engine)));
}

Result<std::size_t> TlsStream::read(std::span<char> into, Deadline deadline, std::stop_token stop) {
    for (;;) {
        auto count = m_engine->read(into);
        if (!count || *count > 0) {
            return count;
        }
        if (m_engine->closed()) {
            return 0;
        }
        // Reading can make TLS answer (key update).
        if (auto flushed = flush(*m_engine, *m_below, deadline, stop); !flushed) {
            return tl::unexpected(std::move(flushed.error()));
        }
        if (auto more = fill(*m_engine, *m_below, deadline, stop); !more) {
            return tl::unexpected(std::move(more.error()));
        }
    }
}

Result<void> TlsStream::write(std::string_view bytes, Deadline deadline, std::stop_token stop) {
    if (auto taken = m_engine->write(bytes); !taken) {
        return taken;
    }
    return flush(*m_engine, *m_below, deadline, stop);
}

void TlsStream::close() {
    using namespace std::chrono_literals;
    m_engine->close();
    // close_notify is a courtesy here: SMTP frames its own replies, so nobody waits for it.
    (void)flush(*m_engine, *m_below, Deadline::after(200ms), {});
    m_below->close();
}

Result<void> TlsStream::finish(Deadline deadline, const std::stop_token &stop) {
    m_engine->close();
    auto done = flush(*m_engine, *m_below, deadline, stop);
    std::array<char, kWireChunk> wire{};
    for (std::size_t got = 1; done && got > 0;) {
        // Unread bytes (session tickets, say) would make the system reset the connection, and the
        // peer lose what it has not read yet.
        const auto count = m_below->read(wire, deadline, stop);
        done = count ? Result<void>() : fail(count.error());
        got = count.value_or(0);
    }
    m_below->close();
    return done;
}

const crypto::TlsPeerInfo &TlsStream::peer() const {
    return m_engine->peer();
}

crypto::ChannelBinding TlsStream::channelBinding() const {
    return m_engine->channelBinding();
}

} // namespace sealpost::net
