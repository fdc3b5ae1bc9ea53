// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what a secret must fulfil beyond its shape.
#pragma once

#include <string>
#include <string_view>

namespace sealpost::scan {

struct Validator {
    std::string_view name;
    bool (*accepts)(std::string_view secret);
    //! Check characters or a checksum agree, which shape alone could not; none: there are none.
    bool (*proves)(std::string_view secret) = nullptr;
};

//! By the name that a rule gives; null where there is no such validator (or no name).
[[nodiscard]] const Validator *findValidator(std::string_view name);

//! Decimal digits alone.
[[nodiscard]] std::string digitsOf(std::string_view text);
//! "0000", "11-11"; also without any.
[[nodiscard]] bool isOneDigitOnly(std::string_view text);
//! Ten digits of which the last is a check digit, modulus 11.
[[nodiscard]] bool hasModulus11(std::string_view digits);

// People's numbers
[[nodiscard]] bool isNhsNumber(std::string_view text);      //!< ten digits, modulus 11
[[nodiscard]] bool isChiNumber(std::string_view text);      //!< the same, from a date of birth
[[nodiscard]] bool isUtr(std::string_view text);            //!< ten digits, modulus 11 in front
[[nodiscard]] bool isPaymentCard(std::string_view text);    //!< issuer's prefix and length, Luhn
[[nodiscard]] bool isNino(std::string_view text);           //!< a prefix that is given out
[[nodiscard]] bool isIban(std::string_view text);           //!< the country's length, modulus 97
[[nodiscard]] bool isBankAccount(std::string_view text);    //!< eight digits, no sample
[[nodiscard]] bool isNumberNoFiller(std::string_view text); //!< no "000000000", no "123456789"
[[nodiscard]] bool isDate(std::string_view text);           //!< a day a living person is born on
[[nodiscard]] bool isPncId(std::string_view text);          //!< check letter, modulus 23
[[nodiscard]] bool isCroNumber(std::string_view text);      //!< check letter, modulus 23
[[nodiscard]] bool isDrivingLicence(std::string_view text); //!< surname, birth and initials fit
[[nodiscard]] bool isMachineReadableZone(std::string_view text); //!< ICAO 9303, second line
[[nodiscard]] bool isUniquePupilNumber(std::string_view text);   //!< check letter, modulus 23

// Tokens and keys
[[nodiscard]] bool isJwt(std::string_view text); //!< a header that decodes to JSON with "alg"
[[nodiscard]] bool isMixedToken(std::string_view text);     //!< letters and digits, no filler
[[nodiscard]] bool isRandomText(std::string_view text);     //!< many different characters
[[nodiscard]] bool hasCrc32InBase62(std::string_view text); //!< GitHub's and npm's checksum
[[nodiscard]] bool isBase64Pair(std::string_view text);     //!< "user:password" in base64
[[nodiscard]] bool isBase58Check(std::string_view text);    //!< ends with its double SHA-256
[[nodiscard]] bool isStellarSeed(std::string_view text);    //!< ends with its CRC-16
[[nodiscard]] bool isBase32Seed(std::string_view text);     //!< ten bytes or more of base32
[[nodiscard]] bool isBitLockerKey(std::string_view text);   //!< eight multiples of eleven

// Passwords
[[nodiscard]] bool isPasswordValue(std::string_view text);  //!< no placeholder, no ordinary word
[[nodiscard]] bool isUrlPassword(std::string_view text);    //!< as "user:HERE@host"
[[nodiscard]] bool isStrongPassword(std::string_view text); //!< cannot be an ordinary word
[[nodiscard]] bool isBarePassword(std::string_view text);   //!< speaks for itself in a sentence
[[nodiscard]] bool isEnvironmentPassword(std::string_view text); //!< as "DB_PASSWORD=HERE"
[[nodiscard]] bool isCommandSecret(std::string_view text);       //!< as "--password HERE"
[[nodiscard]] bool isFallbackSecret(std::string_view text);      //!< as "env.SECRET || 'HERE'"
[[nodiscard]] bool isPairedPassword(std::string_view text);      //!< as "login: name / HERE"
[[nodiscard]] bool isVeryStrongPassword(std::string_view text);  //!< also without "password" near
[[nodiscard]] bool isProseWord(std::string_view text);  //!< a word that is no part of the sentence
[[nodiscard]] bool isPassphrase(std::string_view text); //!< three words or more, no sentence
[[nodiscard]] bool isSeedPhrase(std::string_view text); //!< a dozen words, no sentence
[[nodiscard]] bool isAssignedPassword(std::string_view text); //!< a value in code, no name of one
[[nodiscard]] bool isAssignedSecret(std::string_view text);   //!< the same, and no plain word
//! What a program signs its sessions with, which a person may have thought up.
[[nodiscard]] bool isSigningPhrase(std::string_view text);
[[nodiscard]] bool isAssignedToken(std::string_view text); //!< the same, and looks random

} // namespace sealpost::scan
