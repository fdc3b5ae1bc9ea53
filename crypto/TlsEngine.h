// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/ChannelBinding.h"
#include "crypto/ClientCertificate.h"
#include "crypto/DaneVerifier.h"
#include "crypto/TlsPeerInfo.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! What a client does where the peer's certificate or version falls short.
enum class PeerCheck {
    Enforce, //!< the handshake fails: submission, HTTPS
    Record,  //!< the handshake goes on and the faults are in TlsPeerInfo: only for probes, which
             //!< send nothing of a person's
};

struct TlsClientConfig {
    std::string host;         //!< A-label: the name that the certificate must match, and SNI
    std::string serverName{}; //!< A-label: SNI where it is another name; empty: the host
    PeerCheck check = PeerCheck::Enforce;
    int minimumVersion = 12; //!< 12 or 13; with Record, 10 and up is let through and recorded
    int minimumRsaBits = 2048;
    int minimumEcBits = 256;
    std::optional<std::string> caFile; //!< PEM roots instead of the system's
    Time now{};                        //!< for dates in tests; the epoch: the present
    //! Names that TlsPeerInfo::matchedNames tells of besides the host: RFC 7672 §3.2.2 lets a
    //! certificate under DANE-TA be for the next-hop domain. They don't satisfy Enforce.
    std::vector<std::string> furtherNames;
    //! Where there are any, one of these must vouch for the peer (RFC 7672 §3), and no public
    //! authority counts; they must come from an answer that DNSSEC proves.
    std::vector<TlsaRecord> tlsa;
    //! Shown where the server asks for one; null: none is.
    std::shared_ptr<const ClientCertificate> certificate;
};

enum class ServerStrength {
    Modern,         //!< TLS 1.2 and up, keys and signatures of today
    LegacyForTests, //!< any version, weak keys and signatures: what a poor server would do
};

struct TlsServerConfig {
    std::string certificateChainPem; //!< end entity first
    std::string privateKeyPem;       //!< of practice mode and tests alone
    int minimumVersion = 12;         //!< 10 to 13; below 12 only with LegacyForTests
    int maximumVersion = 13;
    ServerStrength strength = ServerStrength::Modern;
    std::string ocspResponse; //!< DER, stapled where a client asks; empty: none
    std::string clientCaPem;  //!< clients must show a certificate of this authority; empty: none
};

//! TLS without sockets: bytes of the wire go in and out, so it runs over any stream and a test can
//! feed it one byte at a time. One connection, one thread.
class TlsEngine {
public:
    //! AskAdmin "tls.ca-file" where the roots can't be read, "tls.host" where the host is neither a
    //! host name nor an IP literal, "tls.client-certificate" where what is to be shown can't be
    //! read or does not belong together.
    [[nodiscard]] static Result<std::unique_ptr<TlsEngine>> client(const TlsClientConfig &config);
    //! Bug "tls.server-certificate" where chain and key can't be read or don't match.
    [[nodiscard]] static Result<std::unique_ptr<TlsEngine>> server(const TlsServerConfig &config);
    ~TlsEngine();
    TlsEngine(const TlsEngine &) = delete;
    TlsEngine &operator=(const TlsEngine &) = delete;

    enum class Progress { NeedsInput, Done, Closed };

    //! Bytes from the wire.
    void feed(std::string_view wireBytes);
    //! The wire has ended.
    void feedEnd();
    //! Bytes for the wire, after each other call; empties the buffer.
    [[nodiscard]] std::string takeOutput();

    //! Goes on with the handshake. AskAdmin "tls.certificate" (logSafeDetail: the problems' words,
    //! with commas; "revoked" also by a stapled OCSP response), "tls.alert" (with the alert's
    //! name), "tls.version" or "tls.handshake"; Retry "tls.closed". After an error takeOutput() has
    //! the alert for the peer; the error stays.
    [[nodiscard]] Result<Progress> handshake();
    //! Decrypted bytes into `into`; 0 where more input is needed, or where closed() is true. A wire
    //! that ends without close_notify reads as an end: whoever needs a whole reply checks for it.
    //! Retry "tls.broken" (a damaged record or an alert), Bug "tls.state" before the handshake.
    [[nodiscard]] Result<std::size_t> read(std::span<char> into);
    //! Errors as for read().
    [[nodiscard]] Result<void> write(std::string_view plainBytes);
    //! Sends close_notify; nothing can be written any more.
    void close();
    //! The peer has sent close_notify, or the wire has ended.
    [[nodiscard]] bool closed() const;

    //! After the handshake, and after one that failed on the certificate.
    [[nodiscard]] const TlsPeerInfo &peer() const;
    //! Of an open connection; empty where it has none that is safe to use.
    [[nodiscard]] ChannelBinding channelBinding() const;

private:
    struct Private;
    explicit TlsEngine(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::crypto
