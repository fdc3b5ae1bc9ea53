// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sealpost::crypto {

//! What a mail reader says that it can read (RFC 8551 §2.5.2), as far as it changes what we write.
struct ReaderCapabilities {
    bool aes256Gcm = false;
    bool rsaOaep = false;
    friend bool operator==(const ReaderCapabilities &, const ReaderCapabilities &) = default;
};

} // namespace sealpost::crypto
