// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Text.h"
#include "crypto/CmsReader.h"
#include "crypto/SealedBox.h"
#include "crypto/SmimeEngine.h"

#include <string>

//! Signing without keys: a "signature" is the signer's name and the content's digest.
namespace sealpost::runtime::testing {

class FakeSealer final : public crypto::MessageSealer {
public:
    [[nodiscard]] Result<std::string> signDetached(const crypto::ContentWriter &content,
                                                   const crypto::SigningOrder &order,
                                                   Deadline /*deadline*/) override {
        class Sink final : public base::ByteSink {
        public:
            std::string all;
            [[nodiscard]] Result<void> write(std::string_view bytes) override {
                all += bytes;
                return {};
            }
        } sink;
        if (auto written = content(sink); !written) {
            return fail(written.error());
        }
        ++signatures;
        return order.fingerprint + ":" + base::toHex(crypto::sha256(sink.all));
    }
    [[nodiscard]] Result<void> signOpaque(const crypto::ContentWriter & /*content*/,
                                          const crypto::SigningOrder & /*order*/,
                                          Deadline /*deadline*/,
                                          base::ByteSink & /*out*/) override {
        return fail("test", "test", Reaction::Bug);
    }
    [[nodiscard]] Result<SmimeDigest> digestFor(const std::string & /*fingerprint*/,
                                                SmimeDigest wanted) override {
        return wanted;
    }
    [[nodiscard]] Result<ContentCipher>
    cipherFor(std::span<const std::string> /*fingerprints*/) override {
        return fail("test", "test", Reaction::Bug);
    }
    [[nodiscard]] Result<void> encrypt(const crypto::ContentWriter & /*content*/,
                                       const crypto::EncryptionOrder & /*order*/,
                                       base::ByteSink & /*out*/) override {
        return fail("test", "test", Reaction::Bug);
    }
    int signatures = 0;
};

class FakeReader final : public crypto::CmsReader {
public:
    crypto::CertificateState state = crypto::CertificateState::Usable;
    std::string address = "ana@justice.example";
    Time notAfter = base::fromIso8601("2027-01-01T00:00:00Z");

    [[nodiscard]] crypto::CmsKind kindOf(std::string_view /*cms*/) override {
        return crypto::CmsKind::SignedData;
    }
    [[nodiscard]] Result<crypto::DecryptedContent> decrypt(std::string_view /*cms*/,
                                                           Deadline /*deadline*/) override {
        return fail("test", "test", Reaction::Bug);
    }
    [[nodiscard]] Result<std::string> uncompress(std::string_view /*cms*/) override {
        return fail("cms.unreadable", "fake", Reaction::FixInput);
    }
    [[nodiscard]] Result<crypto::SignedContent> verify(std::string_view cms,
                                                       std::optional<std::string_view> outside,
                                                       Deadline /*deadline*/,
                                                       std::stop_token /*stop*/) override {
        const auto colon = cms.find(':');
        if (!outside || colon == std::string_view::npos) {
            return fail("cms.unreadable", "test", Reaction::FixInput);
        }
        crypto::SignatureFacts facts;
        const bool fits = cms.substr(colon + 1) == base::toHex(crypto::sha256(*outside));
        facts.math = fits ? crypto::SignatureMath::Good : crypto::SignatureMath::Changed;
        facts.signer.fingerprint = cms.substr(0, colon);
        facts.signer.addresses = {address};
        facts.signer.state = state;
        facts.signer.notAfter = notAfter;
        facts.signingTime = base::fromIso8601("2026-11-23T14:02:00Z");
        return crypto::SignedContent{{facts}, {}};
    }
};

} // namespace sealpost::runtime::testing
