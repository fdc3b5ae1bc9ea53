// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace sealpost::cli {

//! Whether a file is, or says that it is, a PKCS#12 container: a PFX of version 3 (RFC 7292 §4), or
//! a name that ends in .p12 or .pfx.
[[nodiscard]] bool isPkcs12(std::string_view bytes, std::string_view fileName);

} // namespace sealpost::cli
