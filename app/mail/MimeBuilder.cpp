// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeBuilder.h"

#include "base/SecretBytes.h"
#include "base/Text.h"
#include "mail/Base64.h"
#include "mail/HeaderText.h"
#include "mail/MimeModule.h"
#include "mail/QuotedPrintable.h"

#include <algorithm>
#include <memory>

namespace sealpost::mail {

namespace {

constexpr std::size_t kRandomBytes = 16;

std::string randomHex() {
    return base::toHex(base::SecretBytes::random(kRandomBytes).view());
}

//! `prefix` stands in front of each field's name.
std::string fields(const MessageHeaders &headers, const std::string &prefix = {}) {
    std::string extra;
    for (const auto &field : headers.extra) {
        const auto colon = std::min(field.find(':'), field.size());
        if (!base::hasControlCharacters(field)) {
            extra += foldedField(
                prefix + field.substr(0, colon),
                base::trimmed(std::string_view(field).substr(std::min(colon + 1, field.size()))));
        }
    }
    return addressField(prefix + "From", std::span(&headers.from, 1)) +
           addressField(prefix + "To", headers.to) + addressField(prefix + "Cc", headers.cc) +
           textField(prefix + "Subject", headers.subject) + prefix + dateField(headers.date) +
           prefix + "Message-ID: <" + headers.messageId + ">\r\n" + extra;
}

//! What stands in front of the entity's Content-Type.
std::string protectedFields(const EntityOptions &options) {
    const auto &headers = options.headers;
    switch (options.protection) {
    case HeaderProtection::None:
        return {};
    case HeaderProtection::Clear:
        return fields(headers);
    case HeaderProtection::Cipher:
        //= RFC 9788 §2.2 (one HP-Outer for each field of the outer section)
        return fields(outerHeaders(headers, options.hiding), "HP-Outer: ") + fields(headers);
    }
    return {};
}

std::string displayed(const std::vector<Address> &addresses) {
    std::vector<std::string> texts;
    texts.reserve(addresses.size());
    for (const auto &address : addresses) {
        texts.push_back(address.forDisplay());
    }
    return base::join(texts, ", ");
}

bool anyName(const std::vector<Address> &addresses) {
    return std::any_of(addresses.begin(), addresses.end(),
                       [](const Address &address) { return !address.displayName().empty(); });
}

//! The fields that the outer header does not show as they are, and an empty line.
//= RFC 9788 §2.1.2 (the Legacy Display Element)
std::string legacyElement(const EntityOptions &options) {
    const auto &headers = options.headers;
    if (options.hiding == HeaderHiding::None) {
        return {};
    }
    std::string element = "Subject: " + headers.subject + "\n";
    if (options.hiding == HeaderHiding::Shy) {
        if (!headers.from.displayName().empty()) {
            element += "From: " + headers.from.forDisplay() + "\n";
        }
        if (anyName(headers.to)) {
            element += "To: " + displayed(headers.to) + "\n";
        }
        if (anyName(headers.cc)) {
            element += "Cc: " + displayed(headers.cc) + "\n";
        }
    }
    return element + "\n";
}

Parameters protectionParameter(HeaderProtection protection) {
    switch (protection) {
    case HeaderProtection::None:
        return {};
    case HeaderProtection::Clear:
        return {{"hp", "clear"}};
    case HeaderProtection::Cipher:
        return {{"hp", "cipher"}};
    }
    return {};
}

std::string textPart(std::string_view text, const EntityOptions &options, const Parameters &extra) {
    Parameters parameters = {{"charset", "utf-8"}};
    std::string content;
    if (options.protection == HeaderProtection::Cipher &&
        options.legacy == LegacyDisplay::Present) {
        content = withCrlf(legacyElement(options));
    }
    if (content.size() > 2) {                              // more than a line's end
        parameters.emplace_back("hp-legacy-display", "1"); // so that others can leave it out
    } else {
        content.clear();
    }
    parameters.insert(parameters.end(), extra.begin(), extra.end());
    content += withCrlf(text);
    const bool plain = isPlainEnough(content);
    return parameterField("Content-Type", "text/plain", parameters) +
           (plain ? "Content-Transfer-Encoding: 7bit\r\n\r\n"
                  : "Content-Transfer-Encoding: quoted-printable\r\n\r\n") +
           (plain ? content : quotedPrintable(content));
}

//= RFC 2046 §5.2.1, §5.1 (message/rfc822 and multipart must not be base64)
std::string safeMediaType(const std::string &mediaType) {
    const auto isToken = [](char c) {
        return c > ' ' && c < 0x7F &&
               std::string_view("()<>@,;:\\\"[]?=").find(c) == std::string_view::npos;
    };
    const bool usable = std::count(mediaType.begin(), mediaType.end(), '/') == 1 &&
                        std::all_of(mediaType.begin(), mediaType.end(), isToken) &&
                        mediaType.front() != '/' && mediaType.back() != '/' &&
                        !mediaType.starts_with("message/") && !mediaType.starts_with("multipart/");
    return usable ? mediaType : "application/octet-stream";
}

std::string attachmentHeader(const AttachmentPart &attachment) {
    return parameterField("Content-Type", safeMediaType(attachment.mediaType),
                          {{"name", attachment.name}}) +
           "Content-Transfer-Encoding: base64\r\n" +
           parameterField("Content-Disposition", "attachment", {{"filename", attachment.name}}) +
           "\r\n";
}

//! Header and text; base64 is canonical by construction and need not be read again.
bool isCanonical(std::string_view bytes) {
    constexpr std::size_t kMaxLine = 998;
    while (!bytes.empty()) {
        const auto end = bytes.find("\r\n");
        const auto line = bytes.substr(0, end);
        const bool clean = end != std::string_view::npos && line.size() <= kMaxLine &&
                           std::all_of(line.begin(), line.end(),
                                       [](char c) { return c == '\t' || (c >= ' ' && c < 0x7F); });
        if (!clean) {
            return false;
        }
        bytes.remove_prefix(end + 2);
    }
    return true;
}

tl::unexpected<Error> notCanonical(std::string_view what) {
    return fail("mime.not-canonical", "mime.build", Reaction::Bug, what);
}

std::string_view smimeTypeOf(Pkcs7Kind kind) {
    switch (kind) {
    case Pkcs7Kind::EnvelopedData:
        return "enveloped-data";
    case Pkcs7Kind::AuthEnvelopedData:
        return "authEnveloped-data";
    case Pkcs7Kind::SignedData:
        return "signed-data";
    }
    return "enveloped-data";
}

std::vector<Address> withoutNames(std::vector<Address> addresses) {
    std::transform(addresses.begin(), addresses.end(), addresses.begin(),
                   [](const Address &address) { return address.withoutName(); });
    return addresses;
}

} // namespace

MessageHeaders outerHeaders(const MessageHeaders &headers, HeaderHiding hiding) {
    auto outer = headers;
    switch (hiding) {
    case HeaderHiding::None:
        break;
    case HeaderHiding::Shy:
        //= RFC 9788 §3.2.2 (hcp_shy)
        outer.from = outer.from.withoutName();
        outer.to = withoutNames(std::move(outer.to));
        outer.cc = withoutNames(std::move(outer.cc));
        [[fallthrough]];
    case HeaderHiding::Baseline:
        //= RFC 9788 §3.2.1 (hcp_baseline)
        outer.subject = kObscuredSubject;
        break;
    }
    return outer;
}

std::string newBoundary() {
    return "=_" + randomHex(); // RFC 2045 §6.7
}

AttachmentPart partOf(LoadedAttachment attachment) {
    auto content = std::make_shared<const std::string>(std::move(attachment.content));
    return {std::move(attachment.name), std::move(attachment.mediaType),
            [content](base::ByteSink &out) { return out.write(*content); }};
}

Result<Entity> Entity::build(std::string_view text, std::vector<AttachmentPart> attachments,
                             const EntityOptions &options) {
    if (auto ready = needMime(); !ready) {
        return fail(ready.error());
    }
    const auto front = protectedFields(options);
    const auto hp = protectionParameter(options.protection);
    const bool single = attachments.empty();
    const auto body = textPart(text, options, single ? hp : Parameters{});
    if (!isCanonical(front) || !isCanonical(body)) {
        return notCanonical("header or text");
    }
    Entity entity;
    if (single) {
        entity.m_front = front + body;
        return entity;
    }
    const auto boundary = options.boundary();
    Parameters parameters = {{"boundary", boundary}};
    parameters.insert(parameters.end(), hp.begin(), hp.end());
    const auto between = "\r\n--" + boundary + "\r\n";
    entity.m_front =
        front + parameterField("Content-Type", "multipart/mixed", parameters) + between + body;
    for (auto &attachment : attachments) {
        auto header = attachmentHeader(attachment);
        if (!isCanonical(header)) {
            return notCanonical("attachment header");
        }
        entity.m_parts.push_back({between + header, std::move(attachment)});
    }
    entity.m_end = "\r\n--" + boundary + "--\r\n";
    return entity;
}

Result<void> Entity::writeTo(base::ByteSink &out) const {
    auto written = out.write(m_front);
    for (const auto &part : m_parts) {
        if (!written || !(written = out.write(part.header))) {
            return written;
        }
        Base64Sink base64(out);
        if (!(written = part.content.write(base64)) || !(written = base64.finish())) {
            return written;
        }
    }
    return written && !m_end.empty() ? out.write(m_end) : written;
}

std::string headerBlock(const MessageHeaders &headers) {
    return fields(headers) + "MIME-Version: 1.0\r\n";
}

std::string micalgOf(SmimeDigest digest) {
    return base::asciiLower(toString(digest));
}

SignedFrame multipartSignedFrame(std::string_view signatureDer, SmimeDigest digest,
                                 const std::string &boundary) {
    SignedFrame frame;
    frame.before = parameterField("Content-Type", "multipart/signed",
                                  {{"protocol", "application/pkcs7-signature"},
                                   {"micalg", micalgOf(digest)},
                                   {"boundary", boundary}}) +
                   "\r\nThis is a signed message in MIME format.\r\n--" + boundary + "\r\n";
    //= RFC 2046 §5.1.1 (the CRLF in front of a boundary belongs to the boundary)
    frame.after = "\r\n--" + boundary +
                  "\r\n"
                  "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\n"
                  "Content-Transfer-Encoding: base64\r\n"
                  "Content-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\n";
    appendBase64(frame.after, signatureDer);
    frame.after += "\r\n--" + boundary + "--\r\n";
    return frame;
}

std::string pkcs7MimeHeader(Pkcs7Kind kind) {
    return "Content-Type: application/pkcs7-mime; smime-type=" + std::string(smimeTypeOf(kind)) +
           ";\r\n\tname=\"smime.p7m\"\r\n"
           "Content-Transfer-Encoding: base64\r\n"
           "Content-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n";
}

std::string newMessageId(std::string_view domain) {
    return randomHex() + '@' + std::string(domain);
}

} // namespace sealpost::mail
