// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/validators/Validators.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sealpost::scan {

namespace {

constexpr std::array<std::pair<std::string_view, Validator>, 11> kValidators = {{
    {"nhs-number", isNhsNumber},
    {"payment-card", isPaymentCard},
    {"nino", isNino},
    {"iban", isIban},
    {"date", isDate},
    {"jwt", isJwt},
    {"mixed-token", isMixedToken},
    {"base32-seed", isBase32Seed},
    {"password", isPasswordValue},
    {"strong-password", isStrongPassword},
    {"assigned-secret", isAssignedSecret},
}};

} // namespace

Validator findValidator(std::string_view name) {
    const auto *found = std::find_if(kValidators.begin(), kValidators.end(),
                                     [&](const auto &entry) { return entry.first == name; });
    return found == kValidators.end() ? nullptr : found->second;
}

} // namespace sealpost::scan
