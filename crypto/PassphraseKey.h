// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"

#include <string_view>

namespace sealpost::crypto {

inline constexpr std::size_t kPassphraseSaltSize = 16;

//! A key of kSealedBoxKeySize bytes out of what a person typed: scrypt (RFC 7914) with N 2^17, r 8,
//! p 1, which takes 128 MiB of memory and about half a second. AskAdmin "passphrase.failed" where
//! the memory is not to be had.
[[nodiscard]] Result<SecretBytes> keyFromPassphrase(const SecretBytes &passphrase,
                                                    std::string_view salt);

} // namespace sealpost::crypto
