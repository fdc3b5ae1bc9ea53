// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/EnvelopeShape.h"

#include "base/Text.h"
#include "crypto/DerElement.h"

#include <algorithm>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

namespace sealpost::crypto {
namespace {

std::string algorithmName(std::string_view encryptedContentInfo) {
    (void)takeElement(encryptedContentInfo); // the content's type
    const auto algorithm = takeElement(encryptedContentInfo).content;
    const auto *at = reinterpret_cast<const unsigned char *>(algorithm.data());
    const OpenSslPtr<ASN1_OBJECT, ASN1_OBJECT_free> object(
        d2i_ASN1_OBJECT(nullptr, &at, static_cast<long>(algorithm.size())));
    const int nid = object ? OBJ_obj2nid(object.get()) : NID_undef;
    return nid != NID_undef ? base::asciiLower(OBJ_nid2ln(nid)) : std::string("unknown");
}

} // namespace

EnvelopeShape shapeOf(CMS_ContentInfo *message) {
    unsigned char *bytes = nullptr;
    const int size = i2d_CMS_ContentInfo(message, &bytes); // BER comes out as DER
    const OpenSslPtr<unsigned char, [](unsigned char *p) { OPENSSL_free(p); }> owner(bytes);
    std::string_view der(reinterpret_cast<const char *>(bytes),
                         static_cast<std::size_t>(std::max(size, 0)));
    auto contentInfo = takeElement(der).content;
    (void)takeElement(contentInfo); // the content type
    auto tagged = takeElement(contentInfo).content;
    auto enveloped = takeElement(tagged).content;
    EnvelopeShape shape;
    for (auto element = takeElement(enveloped); element.tag >= 0;
         element = takeElement(enveloped)) {
        if (element.kind != V_ASN1_UNIVERSAL) {
            continue;
        }
        if (element.tag == V_ASN1_SEQUENCE) {
            shape.cipher = algorithmName(element.content);
        } else if (element.tag == V_ASN1_OCTET_STRING) {
            shape.tagLength = element.content.size();
        }
    }
    ERR_clear_error();
    return shape;
}

} // namespace sealpost::crypto
