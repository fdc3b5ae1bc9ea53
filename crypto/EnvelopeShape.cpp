// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/EnvelopeShape.h"

#include "base/Text.h"

#include <algorithm>
#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/objects.h>

namespace sealpost::crypto {
namespace {

//! One element of DER: its tag, and its content without the header.
struct Element {
    int tag = -1;
    int kind = 0; //!< V_ASN1_UNIVERSAL, …
    std::string_view content;
};

//! Takes the first element off; tag -1 where there is none.
Element take(std::string_view &der) {
    const auto *start = reinterpret_cast<const unsigned char *>(der.data());
    const auto *at = start;
    long size = 0;
    Element element;
    const int flags =
        ASN1_get_object(&at, &size, &element.tag, &element.kind, static_cast<long>(der.size()));
    if ((flags & 0x80) != 0 || (flags & 1) != 0 || size < 0) {
        ERR_clear_error();
        der = {};
        return {};
    }
    const auto header = static_cast<std::size_t>(at - start);
    element.content = der.substr(header, static_cast<std::size_t>(size));
    der.remove_prefix(header + static_cast<std::size_t>(size));
    return element;
}

std::string algorithmName(std::string_view encryptedContentInfo) {
    take(encryptedContentInfo); // the content's type
    const auto algorithm = take(encryptedContentInfo).content;
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
    auto contentInfo = take(der).content;
    take(contentInfo); // the content type
    auto tagged = take(contentInfo).content;
    auto enveloped = take(tagged).content;
    EnvelopeShape shape;
    for (auto element = take(enveloped); element.tag >= 0; element = take(enveloped)) {
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
