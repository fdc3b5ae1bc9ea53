// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/DerElement.h"

#include <openssl/asn1.h>
#include <openssl/err.h>

namespace sealpost::crypto {

DerElement takeElement(std::string_view &der) {
    constexpr unsigned kErrorOrIndefinite = 0x81;
    const auto *start = reinterpret_cast<const unsigned char *>(der.data());
    const auto *at = start;
    long size = 0;
    DerElement element;
    const int flags =
        ASN1_get_object(&at, &size, &element.tag, &element.kind, static_cast<long>(der.size()));
    if ((static_cast<unsigned>(flags) & kErrorOrIndefinite) != 0 || size < 0) {
        ERR_clear_error();
        der = {};
        return {};
    }
    const auto header = static_cast<std::size_t>(at - start);
    element.content = der.substr(header, static_cast<std::size_t>(size));
    element.whole = der.substr(0, header + static_cast<std::size_t>(size));
    der.remove_prefix(element.whole.size());
    return element;
}

} // namespace sealpost::crypto
