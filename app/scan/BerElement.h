// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: one value of ASN.1 (X.690 §8.1).
#pragma once

#include <optional>
#include <string_view>

namespace sealpost::scan {

//! A value of DER, or of BER with an indefinite length.
struct BerElement {
    std::string_view content; //!< up to the end of the input where the length is indefinite
    std::string_view rest;
    bool exact = false; //!< a definite length that fits
};

//! The first one, where it has this tag of one byte.
[[nodiscard]] std::optional<BerElement> berElement(std::string_view bytes, char tag);

} // namespace sealpost::scan
