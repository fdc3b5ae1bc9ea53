// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Units.h"
#include "crypto/SaslClient.h"
#include "crypto/TlsEngine.h"
#include "net/ByteStream.h"
#include "net/SmtpReplyParser.h"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sealpost::net {

//! What a server offered in its EHLO reply: keyword in upper case → parameters.
using SmtpCapabilities = std::map<std::string, std::string>;

//! Whether an addr-spec (RFC 5321 §4.1.2) can stand in angle brackets without ending them.
[[nodiscard]] bool isPath(std::string_view addressSpec);

//! How a message stands on the wire.
enum class ContentFraming {
    Dots,  //!< after DATA: dots stuffed, a dot alone at the end (RFC 5321 §4.5.2)
    Chunk, //!< as one BDAT … LAST (RFC 3030)
};

//! One SMTP dialogue (RFC 5321), of the probe and of the submitter alike. One thread.
//! Every call that returns a reply returns the server's, whatever its code, or an Error where there
//! is none: ByteStream's, "smtp.garbage", "smtp.endless", and Retry "smtp.hung-up" (with the
//! stage).
//!
//! mailFrom(), rcptTo(), data(), rset() and chunk() don't wait: each leaves one reply on account,
//! which nextReply() gives in their order. Several may be on account only where capabilities() has
//! PIPELINING (RFC 2920), and nothing may follow data() before its reply. What they say is written
//! by the next call that reads.
class SmtpSession {
public:
    //! Over a connected stream; nothing is sent or read yet.
    explicit SmtpSession(std::unique_ptr<ByteStream> stream);
    ~SmtpSession();
    SmtpSession(const SmtpSession &) = delete;
    SmtpSession &operator=(const SmtpSession &) = delete;

    //! The same deadline and stop hold for all later calls until set again.
    void setDeadline(Deadline deadline, std::stop_token stop);

    [[nodiscard]] Result<SmtpReply> readGreeting();
    //! On success capabilities() are those of this reply; those from before are gone.
    [[nodiscard]] Result<SmtpReply> ehlo(std::string_view clientName);
    //! STARTTLS (RFC 3207). Where the reply is 220 the handshake follows, with `config`; what was
    //! buffered before it is thrown away in both directions and the capabilities are forgotten.
    //! AskAdmin "smtp.injected": bytes came after 220 before TLS: the session is over.
    //! TlsEngine's errors; after one, peer() says what was seen.
    [[nodiscard]] Result<SmtpReply> startTls(const crypto::TlsClientConfig &config);
    //! TLS from the first byte, before the greeting.
    [[nodiscard]] Result<void> implicitTls(const crypto::TlsClientConfig &config);
    //! AUTH (RFC 4954), with an initial response where the mechanism has one. Bug
    //! "smtp.auth-without-tls" where the stream is not under TLS: nothing is sent. SaslClient's
    //! errors, after which the exchange has been cancelled; "sasl.server-proof" also where the
    //! server says yes before it has proved itself.
    [[nodiscard]] Result<SmtpReply> authenticate(crypto::SaslClient &client);

    //! `parameters` starts with a space where there are any: " SIZE=1024". Bug "smtp.argument"
    //! where one of them would break out of the line: nothing is sent.
    [[nodiscard]] Result<void> mailFrom(std::string_view addressSpec, std::string_view parameters);
    [[nodiscard]] Result<void> rcptTo(std::string_view addressSpec,
                                      std::string_view parameters = {});
    [[nodiscard]] Result<void> data();
    [[nodiscard]] Result<void> rset();
    //! A whole message as one BDAT … LAST. ContentCheck's errors: nothing of it is sent.
    [[nodiscard]] Result<void> chunk(std::string_view message);
    //! Of the oldest command without one. Where the line has broken, those replies that came before
    //! are still given, and then the error. Bug "smtp.no-command".
    [[nodiscard]] Result<SmtpReply> nextReply();
    //! Replies on account.
    [[nodiscard]] std::size_t awaited() const;

    //! A message of `size` octets (CRLF), in pieces: after data(), or as a chunk; with no reply on
    //! account. `beforeTheEnd` is called when all but the last piece has been written: the point
    //! after which an answer that does not come leaves the outcome uncertain. Where it fails, and
    //! where the message has another size or ContentCheck refuses it, nothing more is sent.
    [[nodiscard]] Result<SmtpReply> content(base::ByteSource &message, ContentFraming framing,
                                            ByteCount size,
                                            const std::function<Result<void>()> &beforeTheEnd);
    //! QUIT behind the commands on account, so that it costs no round trip of its own; after it
    //! there is nothing but nextReply() and quit().
    void queueQuit();
    //! QUIT and the end of the stream. Never an error, and nobody waits for the goodbye.
    void quit();

    //! Whether the dialogue can go on.
    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] bool underTls() const;
    //! Empty where not under TLS.
    [[nodiscard]] crypto::ChannelBinding channelBinding() const;
    //! Whether the server has begun a reply that has not come to its end: what tells one that drips
    //! its words from one that is silent.
    [[nodiscard]] bool replyHasBegun() const;
    [[nodiscard]] const SmtpCapabilities &capabilities() const;
    //! Empty before a handshake.
    [[nodiscard]] const std::optional<crypto::TlsPeerInfo> &peer() const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::net
