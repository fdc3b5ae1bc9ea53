// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/OpenSslTypes.h"

#include <limits>
#include <openssl/err.h>

namespace sealpost::crypto {

BioPtr readerOf(std::string_view bytes) {
    if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return nullptr;
    }
    // A null pointer would make a BIO that can't be read; an empty file is one that ends at once.
    const char *data = bytes.data() != nullptr ? bytes.data() : "";
    return BioPtr(BIO_new_mem_buf(data, static_cast<int>(bytes.size())));
}

std::string collected(BIO *memory) {
    char *data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string takeOpenSslError() {
    const auto code = ERR_get_error();
    ERR_clear_error();
    const char *reason = ERR_reason_error_string(code);
    return reason != nullptr ? reason : "no reason given";
}

} // namespace sealpost::crypto
