// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/TlsEngine.h"
#include "net/ByteStream.h"

#include <memory>

namespace sealpost::net {

//! TLS over another stream. Errors of the handshake: TlsEngine's, the stream's, and AskAdmin
//! "tls.not-tls": what the peer sent first is no TLS record.
class TlsStream final : public ByteStream {
public:
    //! Takes the stream over; it is closed where the handshake fails. `peerOnFailure`, where given,
    //! receives what is known of a peer whose certificate was refused.
    [[nodiscard]] static Result<std::unique_ptr<TlsStream>>
    handshake(std::unique_ptr<ByteStream> below, std::unique_ptr<crypto::TlsEngine> engine,
              Deadline deadline, const std::stop_token &stop,
              crypto::TlsPeerInfo *peerOnFailure = nullptr);
    ~TlsStream() override;

    [[nodiscard]] Result<std::size_t> read(std::span<char> into, Deadline deadline,
                                           std::stop_token stop) override;
    [[nodiscard]] Result<void> write(std::string_view bytes, Deadline deadline,
                                     std::stop_token stop) override;
    void close() override;
    //! close_notify, then waits for the peer to end the session too: everything written has reached
    //! it when this returns well. What it still says is passed over.
    [[nodiscard]] Result<void> finish(Deadline deadline, const std::stop_token &stop);
    [[nodiscard]] const crypto::TlsPeerInfo &peer() const;
    [[nodiscard]] crypto::ChannelBinding channelBinding() const;

private:
    TlsStream(std::unique_ptr<ByteStream> below, std::unique_ptr<crypto::TlsEngine> engine);
    std::unique_ptr<ByteStream> m_below;
    std::unique_ptr<crypto::TlsEngine> m_engine;
};

} // namespace sealpost::net
