// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what a secret must fulfil beyond its shape.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

using Validator = bool (*)(std::string_view secret);

//! By the name that a rule gives; none where there is no such validator (or no name).
[[nodiscard]] Validator findValidator(std::string_view name);

//! Decimal digits alone.
[[nodiscard]] std::string digitsOf(std::string_view text);

[[nodiscard]] bool isNhsNumber(std::string_view text);   //!< ten digits, modulus 11
[[nodiscard]] bool isPaymentCard(std::string_view text); //!< issuer's prefix and length, Luhn
[[nodiscard]] bool isNino(std::string_view text);        //!< a prefix that is given out
[[nodiscard]] bool isIban(std::string_view text);        //!< the country's length, modulus 97
[[nodiscard]] bool isDate(std::string_view text);        //!< a day a living person is born on
[[nodiscard]] bool isJwt(std::string_view text); //!< a header that decodes to JSON with "alg"
[[nodiscard]] bool isMixedToken(std::string_view text); //!< letters and digits, no filler
[[nodiscard]] bool isBase32Seed(std::string_view text); //!< ten bytes or more of base32
[[nodiscard]] bool
isPasswordValue(std::string_view text); //!< written as a password, no placeholder
[[nodiscard]] bool isStrongPassword(std::string_view text); //!< cannot be an ordinary word
[[nodiscard]] bool
isAssignedSecret(std::string_view text); //!< a value in code, no reference to one

} // namespace sealpost::scan
