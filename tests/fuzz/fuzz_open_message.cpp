// SPDX-License-Identifier: GPL-3.0-or-later
// Received messages through all layers: what a CMS message contains is what stands behind its first
// byte, which says of what kind it is.
#include "base/Text.h"
#include "receive/MessageOpener.h"

#include <cstdint>
#include <cstdlib>

using namespace sealpost;
using namespace sealpost::crypto;

namespace {

class PlainReader final : public CmsReader {
public:
    CmsKind kindOf(std::string_view cms) override {
        switch (cms.empty() ? '\0' : cms.front()) {
        case 'S':
            return CmsKind::SignedData;
        case 'E':
            return CmsKind::EnvelopedData;
        case 'A':
            return CmsKind::AuthEnvelopedData;
        case 'C':
            return CmsKind::CompressedData;
        default:
            return CmsKind::Other;
        }
    }
    Result<DecryptedContent> decrypt(std::string_view cms, Deadline /*deadline*/) override {
        return DecryptedContent{SecretBytes(cms.substr(1)),
                                cms.front() == 'A' ? Integrity::Proven : Integrity::Unknown, "aes",
                                "f"};
    }
    Result<std::string> uncompress(std::string_view cms) override {
        return std::string(cms.substr(1));
    }
    Result<SignedContent> verify(std::string_view cms, std::optional<std::string_view> outside,
                                 Deadline /*deadline*/, std::stop_token /*stop*/) override {
        SignatureFacts facts;
        facts.math = SignatureMath::Good;
        facts.signer.addresses = {"a@b.test"};
        facts.signer.state = CertificateState::Usable;
        return SignedContent{{facts}, outside ? std::string() : std::string(cms.substr(1))};
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const receive::MessageOpener opener(std::make_shared<PlainReader>());
    const auto opened = opener.open({reinterpret_cast<const char *>(data), size},
                                    Deadline::after(std::chrono::seconds(5)), {});
    if (!opened) {
        return 0;
    }
    // Only the signer's own address is ever proven.
    if (opened->sender == receive::SenderVerdict::Verified &&
        base::asciiLower(opened->headers.from.address) != "a@b.test") {
        std::abort();
    }
    // What was decrypted without authentication, and is not signed inside, is not shown.
    if (opened->shown() && !opened->layers.empty() &&
        opened->layers.back().kind == receive::Layer::Kind::Encrypted &&
        opened->layers.back().integrity == Integrity::Unknown) {
        std::abort();
    }
    return 0;
}
