// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

struct KeyboxSlice {
    std::size_t offset = 0;
    std::size_t size = 0;
};

//! Where the certificates (DER) are in GnuPG's pubring.kbx, in its order: a sequence of blobs, each
//! with its length (32 bits, big-endian), type, version, flags, and for X.509 the place and size of
//! the certificate (GnuPG, kbx/keybox-blob.c). Ephemeral and deleted ones are left out, as gpgsm
//! does. None where the file is not of that form.
[[nodiscard]] std::optional<std::vector<KeyboxSlice>> certificatesInKeybox(std::string_view file);

} // namespace sealpost::crypto
