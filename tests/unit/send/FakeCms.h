// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CmsReader.h"

#include <QByteArray>
#include <string>

namespace sealpost::send::testing {

//! "Decrypts" what starts with "SEALED:", and can't decrypt what starts with "OTHERS:".
class FakeCms final : public crypto::CmsReader {
public:
    [[nodiscard]] crypto::CmsKind kindOf(std::string_view cms) override {
        return cms.starts_with("SEALED:") || cms.starts_with("OTHERS:")
                   ? crypto::CmsKind::AuthEnvelopedData
                   : crypto::CmsKind::Other;
    }
    [[nodiscard]] Result<crypto::DecryptedContent> decrypt(std::string_view cms,
                                                           Deadline /*deadline*/) override {
        if (!cms.starts_with("SEALED:")) {
            return fail("cms.no-key", "fake", Reaction::FixInput);
        }
        crypto::DecryptedContent content;
        content.content = SecretBytes(cms.substr(7));
        content.integrity = crypto::Integrity::Proven;
        content.cipher = "aes-256-gcm";
        return content;
    }
    [[nodiscard]] Result<std::string> uncompress(std::string_view /*cms*/) override {
        return fail("cms.unreadable", "fake", Reaction::FixInput);
    }
    [[nodiscard]] Result<crypto::SignedContent> verify(std::string_view /*cms*/,
                                                       std::optional<std::string_view> /*outside*/,
                                                       Deadline /*deadline*/,
                                                       std::stop_token /*stop*/) override {
        return fail("cms.unreadable", "fake", Reaction::FixInput);
    }
};

//! A message whose content is sealed: "SEALED:…" for us, "OTHERS:…" for others.
[[nodiscard]] inline std::string sealedMessage(const std::string &seal, const std::string &inner) {
    return "From: Alex <alex@council.example>\r\nTo: sam@justice.example\r\nSubject: [...]\r\n"
           "Date: Mon, 23 Nov 2026 14:02:00 +0000\r\nMIME-Version: 1.0\r\n"
           "Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           QByteArray::fromStdString(seal + inner).toBase64().toStdString() + "\r\n";
}

} // namespace sealpost::send::testing
