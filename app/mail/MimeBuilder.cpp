// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeBuilder.h"

#include "base/SecretBytes.h"
#include "base/Text.h"
#include "mail/Base64.h"
#include "mail/HeaderText.h"
#include "mail/QuotedPrintable.h"

#include <algorithm>

namespace sealpost::mail {

namespace {

constexpr std::size_t kRandomBytes = 16;

std::string randomHex() {
    return base::toHex(base::SecretBytes::random(kRandomBytes).view());
}

//! "=_" occurs in no quoted-printable and in no base64 text (RFC 2045 §6.7).
std::string newBoundary() {
    return "=_" + randomHex();
}

//! `prefix` stands in front of each field's name.
std::string fields(const MessageHeaders &headers, std::string_view subject,
                   const std::string &prefix = {}) {
    return addressField(prefix + "From", std::span(&headers.from, 1)) +
           addressField(prefix + "To", headers.to) + addressField(prefix + "Cc", headers.cc) +
           textField(prefix + "Subject", subject) + prefix + dateField(headers.date) + prefix +
           "Message-ID: <" + headers.messageId + ">\r\n";
}

//! What stands in front of the entity's Content-Type.
std::string protectedFields(HeaderProtection protection, const MessageHeaders &headers) {
    switch (protection) {
    case HeaderProtection::None:
        return {};
    case HeaderProtection::Clear:
        return fields(headers, headers.subject);
    case HeaderProtection::Cipher:
        //= RFC 9788 §2.2 (one HP-Outer for each field of the outer section)
        return fields(headers, kObscuredSubject, "HP-Outer: ") + fields(headers, headers.subject);
    }
    return {};
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

std::string textPart(std::string_view text, HeaderProtection protection,
                     const MessageHeaders &headers, const Parameters &extra) {
    Parameters parameters = {{"charset", "utf-8"}};
    std::string content;
    if (protection == HeaderProtection::Cipher) {
        // A reader that does not know RFC 9788 shows only the obscured outer Subject.
        //= RFC 9788 §2.1.2 (the Legacy Display Element, marked so that others can hide it)
        parameters.emplace_back("hp-legacy-display", "1");
        content = withCrlf("Subject: " + headers.subject + "\n\n");
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

std::string attachmentHeader(const LoadedAttachment &attachment) {
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

Result<std::string> notCanonical(std::string_view what) {
    return fail("mime.not-canonical", "mime.build", Reaction::Bug, what);
}

} // namespace

Result<std::string> buildEntity(std::string_view text,
                                const std::vector<LoadedAttachment> &attachments,
                                HeaderProtection protection,
                                const MessageHeaders &protectedHeaders) {
    const auto front = protectedFields(protection, protectedHeaders);
    const auto hp = protectionParameter(protection);
    const bool single = attachments.empty();
    const auto body = textPart(text, protection, protectedHeaders, single ? hp : Parameters{});
    if (!isCanonical(front) || !isCanonical(body)) {
        return notCanonical("header or text");
    }
    if (single) {
        return front + body;
    }

    const auto boundary = newBoundary();
    Parameters parameters = {{"boundary", boundary}};
    parameters.insert(parameters.end(), hp.begin(), hp.end());
    const auto top = front + parameterField("Content-Type", "multipart/mixed", parameters);
    const auto between = "\r\n--" + boundary + "\r\n";

    std::vector<std::string> partHeaders;
    auto size = top.size() + body.size() + 2 * between.size();
    for (const auto &attachment : attachments) {
        partHeaders.push_back(attachmentHeader(attachment));
        if (!isCanonical(partHeaders.back())) {
            return notCanonical("attachment header");
        }
        size += partHeaders.back().size() + base64Size(attachment.content.size()) + between.size();
    }

    std::string entity;
    entity.reserve(size + 2);
    entity += top + between + body;
    for (std::size_t i = 0; i < attachments.size(); ++i) {
        entity += between + partHeaders[i];
        appendBase64(entity, attachments[i].content);
    }
    return entity += "\r\n--" + boundary + "--\r\n";
}

std::string headerBlock(const MessageHeaders &headers) {
    return fields(headers, headers.subject) + "MIME-Version: 1.0\r\n";
}

SignedFrame multipartSignedFrame(std::string_view entity, std::string_view signatureDer,
                                 std::string_view micalg) {
    auto boundary = newBoundary();
    while (entity.find(boundary) != std::string_view::npos) {
        boundary = newBoundary();
    }
    SignedFrame frame;
    frame.before = parameterField("Content-Type", "multipart/signed",
                                  {{"protocol", "application/pkcs7-signature"},
                                   {"micalg", std::string(micalg)},
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

std::string envelopedDataHeader() {
    return "Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n"
           "\tname=\"smime.p7m\"\r\n"
           "Content-Transfer-Encoding: base64\r\n"
           "Content-Disposition: attachment; filename=\"smime.p7m\"\r\n\r\n";
}

std::string newMessageId(std::string_view domain) {
    return randomHex() + '@' + std::string(domain);
}

} // namespace sealpost::mail
