// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsReader.h"

#include "crypto/CertificateStorePrivate.h"
#include "crypto/CmsDecrypter.h"
#include "crypto/CmsUncompresser.h"
#include "crypto/CmsVerifier.h"

#include <openssl/err.h>
#include <openssl/objects.h>

namespace sealpost::crypto {
namespace {

CmsPtr parse(std::string_view cms) {
    const auto bio = readerOf(cms);
    CmsPtr message(bio ? d2i_CMS_bio(bio.get(), nullptr) : nullptr);
    ERR_clear_error();
    return message;
}

CmsKind kindOfMessage(const CMS_ContentInfo *message) {
    if (message == nullptr) {
        return CmsKind::Unreadable;
    }
    switch (OBJ_obj2nid(CMS_get0_type(message))) {
    case NID_pkcs7_signed:
        return CmsKind::SignedData;
    case NID_pkcs7_enveloped:
        return CmsKind::EnvelopedData;
    case NID_id_smime_ct_authEnvelopedData:
        return CmsKind::AuthEnvelopedData;
    case NID_id_smime_ct_compressedData:
        return CmsKind::CompressedData;
    default:
        return CmsKind::Other;
    }
}

class OpenSslReader final : public CmsReader {
public:
    explicit OpenSslReader(std::shared_ptr<CertificateStore> store) : m_store(std::move(store)) {}

    CmsKind kindOf(std::string_view cms) override { return kindOfMessage(parse(cms).get()); }

    Result<DecryptedContent> decrypt(std::string_view cms, Deadline deadline) override {
        const auto message = parse(cms);
        const auto kind = kindOfMessage(message.get());
        if (kind != CmsKind::EnvelopedData && kind != CmsKind::AuthEnvelopedData) {
            return fail("cms.unreadable", "open.decrypt", Reaction::FixInput);
        }
        return decryptCms(message.get(), m_store->internals(), deadline);
    }

    Result<std::string> uncompress(std::string_view cms) override {
        const auto message = parse(cms);
        if (kindOfMessage(message.get()) != CmsKind::CompressedData) {
            return fail("cms.unreadable", "open.uncompress", Reaction::FixInput);
        }
        return uncompressCms(message.get());
    }

    Result<SignedContent> verify(std::string_view cms, std::optional<std::string_view> outside,
                                 Deadline deadline, std::stop_token stop) override {
        const auto message = parse(cms);
        if (kindOfMessage(message.get()) != CmsKind::SignedData) {
            return fail("cms.unreadable", "open.verify", Reaction::FixInput);
        }
        return verifyCms(message.get(), outside, m_store->internals(), deadline, stop);
    }

private:
    std::shared_ptr<CertificateStore> m_store;
};

} // namespace

std::unique_ptr<CmsReader> newCmsReader(std::shared_ptr<CertificateStore> store) {
    return std::make_unique<OpenSslReader>(std::move(store));
}

} // namespace sealpost::crypto
