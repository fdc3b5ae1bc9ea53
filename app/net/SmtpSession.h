// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/SecretBytes.h"
#include "crypto/TlsEngine.h"
#include "net/ByteStream.h"
#include "net/SmtpReplyParser.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sealpost::net {

//! What a server offered in its EHLO reply: keyword in upper case → parameters.
using SmtpCapabilities = std::map<std::string, std::string>;

//! One SMTP dialogue (RFC 5321), of the probe and of the submitter alike. One thread.
//! Every call returns the server's reply whatever its code, or an Error where there is none:
//! ByteStream's, "smtp.garbage", "smtp.endless", and Retry "smtp.hung-up" (with the stage).
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
    //! AUTH PLAIN with an initial response (RFC 4616, RFC 4954). Bug "smtp.auth-without-tls" where
    //! the stream is not under TLS: nothing is sent.
    [[nodiscard]] Result<SmtpReply> authPlain(std::string_view userName,
                                              const base::SecretBytes &password);
    //! `parameters` starts with a space where there are any: " SIZE=1024".
    [[nodiscard]] Result<SmtpReply> mailFrom(std::string_view addressSpec,
                                             std::string_view parameters);
    [[nodiscard]] Result<SmtpReply> rcptTo(std::string_view addressSpec);
    [[nodiscard]] Result<SmtpReply> data();
    //! The message (CRLF; dots are stuffed here), then the last dot. `beforeLastDot` is called when
    //! all content has been written and the last dot has not: the point after which an answer that
    //! does not come leaves the outcome uncertain. Where it fails, nothing more is sent.
    [[nodiscard]] Result<SmtpReply> content(base::ByteSource &message,
                                            const std::function<Result<void>()> &beforeLastDot);
    [[nodiscard]] Result<SmtpReply> rset();
    //! QUIT, its reply where one comes in time, and the end of the stream. Never an error.
    void quit();

    [[nodiscard]] bool underTls() const;
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
