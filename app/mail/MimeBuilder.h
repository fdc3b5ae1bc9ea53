// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Clock.h"
#include "base/Result.h"
#include "base/SmimeChoice.h"
#include "mail/Draft.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! The header fields that stand outside the protection, and (the true ones) inside it.
struct MessageHeaders {
    Address from;
    std::vector<Address> to;
    std::vector<Address> cc; //!< there is no Bcc field, in any layer
    std::string subject;     //!< UTF-8, one line
    Time date{};
    std::string messageId;            //!< without angle brackets
    std::vector<std::string> extra{}; //!< more fields, each "Name: value" in ASCII, one line
};

//! What stands in an encrypted message's outer Subject (RFC 9788 §3.2.1, hcp_baseline).
inline constexpr std::string_view kObscuredSubject = "[...]";

//! The fields that an encrypted message shows to everyone. Dates are UTC as they are.
[[nodiscard]] MessageHeaders outerHeaders(const MessageHeaders &headers, HeaderHiding hiding);

//! Whether an entity carries protected header fields (RFC 9788 §2.1.1).
enum class HeaderProtection {
    None,
    Clear,  //!< hp="clear": signed only, the outer fields are the same
    Cipher, //!< hp="cipher": encrypted, with HP-Outer fields for what stands outside
};

//! Whether the text starts with the hidden fields (RFC 9788 §2.1.2), because readers that don't
//! know RFC 9788 show only what stands outside.
enum class LegacyDisplay { Absent, Present };

//! Where boundaries come from; tests put in something that repeats itself.
using BoundarySource = std::function<std::string()>;
//! "=_" and 128 random bits: "=_" occurs in no quoted-printable and in no base64 text.
[[nodiscard]] std::string newBoundary();

//! An attachment whose bytes are written when they are wanted, the same each time.
struct AttachmentPart {
    std::string name;
    std::string mediaType;
    std::function<Result<void>(base::ByteSink &)> write;
};
[[nodiscard]] AttachmentPart partOf(LoadedAttachment attachment);

struct EntityOptions {
    HeaderProtection protection = HeaderProtection::None;
    MessageHeaders headers = {};                   //!< the true ones; unused with None
    HeaderHiding hiding = HeaderHiding::Baseline;  //!< used with Cipher alone
    LegacyDisplay legacy = LegacyDisplay::Present; //!< the same
    BoundarySource boundary = newBoundary;
};

//! Text and attachments as one MIME entity in canonical form: CRLF, 7-bit, lines of at most 76
//! characters, so that no relay re-encodes what is signed. Immutable; of an attachment it holds no
//! more than its part does.
class Entity {
public:
    //! Bug "mime.not-canonical" where the result would not be canonical; AskAdmin "app.incomplete".
    [[nodiscard]] static Result<Entity> build(std::string_view text,
                                              std::vector<AttachmentPart> attachments,
                                              const EntityOptions &options);
    //! The same bytes each time. The sink's errors and the attachments'.
    [[nodiscard]] Result<void> writeTo(base::ByteSink &out) const;

private:
    struct Part {
        std::string header; //!< with the boundary in front of it
        AttachmentPart content;
    };
    std::string m_front;
    std::vector<Part> m_parts;
    std::string m_end;
};

//! The outer fields, CRLF, each folded and encoded (RFC 2047, RFC 5322 §2.2.3), ending with
//! "MIME-Version: 1.0"; no empty line after them.
[[nodiscard]] std::string headerBlock(const MessageHeaders &headers);

//! "sha-256" (RFC 8551 §3.5.3.2).
[[nodiscard]] std::string micalgOf(SmimeDigest digest);

//! What goes before and after an entity to make it multipart/signed (RFC 8551 §3.5.3), so that the
//! entity need not be copied. `signatureDer` is the detached CMS SignedData.
struct SignedFrame {
    std::string before;
    std::string after;
};
[[nodiscard]] SignedFrame multipartSignedFrame(std::string_view signatureDer, SmimeDigest digest,
                                               const std::string &boundary);

//! The kinds of application/pkcs7-mime (RFC 8551 §3.2.2).
enum class Pkcs7Kind { EnvelopedData, AuthEnvelopedData, SignedData };
//! The fields of such a part, CRLF, with the empty line at their end: base64 follows.
[[nodiscard]] std::string pkcs7MimeHeader(Pkcs7Kind kind);

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
