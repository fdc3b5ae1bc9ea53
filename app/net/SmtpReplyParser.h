// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::net {

//! A whole reply (RFC 5321 §4.2). Lines are without the code, UTF-8 or made printable.
struct SmtpReply {
    int code = 0;
    std::string enhanced; //!< "5.7.1" (RFC 3463) where the first line starts with one
    std::vector<std::string> lines;

    [[nodiscard]] bool positive() const { return code >= 200 && code < 400; }
    [[nodiscard]] bool transientNegative() const { return code >= 400 && code < 500; }
    [[nodiscard]] bool permanentNegative() const { return code >= 500; }
    //! One line: "550 5.7.1 no such user", at most 512 bytes.
    [[nodiscard]] std::string text() const;
};

//! Bytes of a server into replies, in any pieces; lines end in CRLF or LF. Bounded: a line of over
//! 2,048 bytes, over 128 lines or over 64 KiB in a reply is an error.
class SmtpReplyParser {
public:
    void feed(std::string_view bytes);
    //! A complete reply, or none yet. Retry "smtp.garbage" (logSafeDetail: what is wrong with it)
    //! or "smtp.endless".
    [[nodiscard]] Result<std::optional<SmtpReply>> next();
    //! Whether bytes are left that no reply took: after 220 to STARTTLS, an injection.
    [[nodiscard]] bool hasPending() const { return !m_buffer.empty(); }
    //! Whether a reply has begun that is not complete.
    [[nodiscard]] bool hasBegun() const { return !m_buffer.empty() || !m_partial.lines.empty(); }
    void discardPending();

private:
    //! Whether it was the reply's last line.
    [[nodiscard]] Result<bool> takeLine(std::string_view line);

    std::string m_buffer;
    SmtpReply m_partial;
    std::size_t m_partialBytes = 0;
};

} // namespace sealpost::net
