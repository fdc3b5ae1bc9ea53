// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Clock.h"
#include "base/Result.h"
#include "mail/Draft.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! The header fields that stand outside the protection, and (with the true subject) inside it.
struct MessageHeaders {
    Address from;
    std::vector<Address> to;
    std::vector<Address> cc; //!< there is no Bcc field, in any layer
    std::string subject;     //!< UTF-8, one line
    Time date{};
    std::string messageId; //!< without angle brackets
};

//! What stands in an encrypted message's outer Subject (RFC 9788 §3.2.1, hcp_baseline).
inline constexpr std::string_view kObscuredSubject = "[...]";

//! Whether an entity carries protected header fields (RFC 9788 §2.1.1).
enum class HeaderProtection {
    None,
    Clear,  //!< hp="clear": signed only, the outer fields are the same
    Cipher, //!< hp="cipher": encrypted, the outer Subject is obscured, HP-Outer fields inside
};

//! Text and attachments as one MIME entity in canonical form: CRLF, 7-bit, lines of at most 76
//! characters, so that no relay re-encodes what is signed. `protectedHeaders` is used unless
//! `protection` is None. `text` replaces the draft's body (a marking or disclaimer added). With
//! Cipher the text starts with a Legacy Display Element "Subject: …" (RFC 9788 §2.1.2), because
//! readers that do not know RFC 9788 show only the obscured Subject.
//! Bug "mime.…" where the result would not be canonical.
[[nodiscard]] Result<std::string> buildEntity(std::string_view text,
                                              const std::vector<LoadedAttachment> &attachments,
                                              HeaderProtection protection,
                                              const MessageHeaders &protectedHeaders);

//! The outer fields, CRLF, each folded and encoded (RFC 2047, RFC 5322 §2.2.3), ending with
//! "MIME-Version: 1.0"; no empty line after them.
[[nodiscard]] std::string headerBlock(const MessageHeaders &headers);

//! What goes before and after an entity to make it multipart/signed (RFC 8551 §3.5.3), so that the
//! entity need not be copied. `signatureDer` is the detached CMS SignedData.
struct SignedFrame {
    std::string before;
    std::string after;
};
[[nodiscard]] SignedFrame multipartSignedFrame(std::string_view entity,
                                               std::string_view signatureDer,
                                               std::string_view micalg);

//! The fields of an enveloped message (RFC 8551 §3.3), CRLF, with the empty line at their end:
//! base64 follows.
[[nodiscard]] std::string envelopedDataHeader();

//! Base64 with CRLF and lines of 76 characters, streaming into another sink.
class Base64Sink final : public base::ByteSink {
public:
    explicit Base64Sink(base::ByteSink &out) : m_out(out) {}
    [[nodiscard]] Result<void> write(std::string_view bytes) override;
    //! Writes the rest with its padding; once, at the end.
    [[nodiscard]] Result<void> finish();

private:
    base::ByteSink &m_out;
    std::string m_pending;
};

//! A Message-ID without brackets: 128 random bits at the sender's domain.
[[nodiscard]] std::string newMessageId(std::string_view domain);

} // namespace sealpost::mail
