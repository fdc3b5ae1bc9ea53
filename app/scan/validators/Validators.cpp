// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/validators/Validators.h"

#include <algorithm>
#include <array>

namespace sealpost::scan {

namespace {

constexpr std::array kValidators = {
    Validator{"nhs-number", isNhsNumber, isNhsNumber},
    Validator{"chi-number", isChiNumber, isChiNumber},
    Validator{"utr", isUtr, isUtr},
    Validator{"payment-card", isPaymentCard, isPaymentCard},
    Validator{"nino", isNino},
    Validator{"iban", isIban, isIban},
    Validator{"bank-account", isBankAccount},
    Validator{"not-filler-number", isNumberNoFiller},
    Validator{"date", isDate},
    Validator{"pnc-id", isPncId, isPncId},
    Validator{"cro-number", isCroNumber, isCroNumber},
    Validator{"driving-licence", isDrivingLicence},
    Validator{"mrz", isMachineReadableZone, isMachineReadableZone},
    Validator{"upn", isUniquePupilNumber, isUniquePupilNumber},
    Validator{"jwt", isJwt},
    Validator{"mixed-token", isMixedToken},
    Validator{"random-text", isRandomText},
    Validator{"github-token", isMixedToken, hasCrc32InBase62},
    Validator{"base64-pair", isBase64Pair},
    Validator{"base58check", isBase58Check, isBase58Check},
    Validator{"stellar-seed", isStellarSeed, isStellarSeed},
    Validator{"base32-seed", isBase32Seed},
    Validator{"bitlocker", isBitLockerKey, isBitLockerKey},
    Validator{"password", isPasswordValue},
    Validator{"url-password", isUrlPassword},
    Validator{"strong-password", isStrongPassword},
    Validator{"bare-password", isBarePassword},
    Validator{"environment-password", isEnvironmentPassword},
    Validator{"command-secret", isCommandSecret},
    Validator{"fallback-secret", isFallbackSecret},
    Validator{"paired-password", isPairedPassword},
    Validator{"very-strong-password", isVeryStrongPassword},
    Validator{"prose-word", isProseWord},
    Validator{"passphrase-words", isPassphrase},
    Validator{"seed-phrase", isSeedPhrase},
    Validator{"assigned-password", isAssignedPassword},
    Validator{"assigned-secret", isAssignedSecret},
    Validator{"assigned-token", isAssignedToken},
    Validator{"signing-phrase", isSigningPhrase},
};

} // namespace

const Validator *findValidator(std::string_view name) {
    const auto *found = std::find_if(kValidators.begin(), kValidators.end(),
                                     [&](const auto &entry) { return entry.name == name; });
    return found == kValidators.end() ? nullptr : found;
}

} // namespace sealpost::scan
