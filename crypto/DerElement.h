// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

//! A walk through DER where OpenSSL's own reading would do, or cost, too much; for the .cpp files
//! of this room alone.
namespace sealpost::crypto {

//! One element (X.690 §8.1): its tag, and where it stands.
struct DerElement {
    int tag = -1;             //!< -1: there is none that is well-formed
    int kind = 0;             //!< V_ASN1_UNIVERSAL, …
    std::string_view content; //!< without the header
    std::string_view whole;
};

//! Takes the first element off; where there is none, nothing is left.
[[nodiscard]] DerElement takeElement(std::string_view &der);

} // namespace sealpost::crypto
