// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that the United Kingdom gives to people, and their check characters.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Validators.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

namespace sealpost::scan {

namespace {

int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::string lettersAndDigits(std::string_view text) {
    std::string kept;
    std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
                 [](char c) { return isDigit(c) || isLetter(c); });
    return base::asciiUpper(kept);
}

//! The police's check letter: the year and the serial number as one number, modulus 23.
char policeCheckLetter(int year, long serial, int serialDigits) {
    constexpr std::string_view kLetters = "ZABCDEFGHJKLMNPQRTUVWXY";
    long scale = 1;
    for (int i = 0; i < serialDigits; ++i) {
        scale *= 10;
    }
    return kLetters[static_cast<std::size_t>((year * scale + serial) % 23)];
}

//! "80/655108T" of "SF80/655108T", a file without fingerprints.
bool isFileWithoutPrints(std::string_view text) {
    const auto serial = digitsOf(text.substr(std::min<std::size_t>(text.size(), 3)));
    return text.size() > 4 && serial.size() <= 6 &&
           policeCheckLetter(number(text.substr(0, 2)), number(serial), 6) == text.back();
}

//! ICAO 9303: weights 7, 3, 1; letters count from 10, the filler is 0.
bool mrzChecks(std::string_view field, char check) {
    constexpr std::array kWeights = {7, 3, 1};
    int sum = 0;
    for (std::size_t i = 0; i < field.size(); ++i) {
        const char c = field[i];
        const int value = isDigit(c) ? valueOf(c) : (isUpper(c) ? c - 'A' + 10 : 0);
        sum += value * kWeights.at(i % kWeights.size());
    }
    return isDigit(check) && sum % 10 == valueOf(check);
}

} // namespace

bool isUtr(std::string_view text) {
    const auto digits = digitsOf(text);
    if (digits.size() != 10 || isOneDigitOnly(digits)) {
        return false;
    }
    constexpr std::array kWeights = {6, 7, 8, 9, 10, 5, 4, 3, 2};
    int sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        sum += valueOf(digits[i + 1]) * kWeights.at(i);
    }
    constexpr std::string_view kChecks = "21987654321"; // by the remainder
    return kChecks[static_cast<std::size_t>(sum % 11)] == digits[0];
}

bool isChiNumber(std::string_view text) {
    const auto digits = digitsOf(text);
    if (!hasModulus11(digits)) {
        return false;
    }
    const int day = number(std::string_view(digits).substr(0, 2));
    const int month = number(std::string_view(digits).substr(2, 2));
    return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

bool isPncId(std::string_view text) {
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || slash < 2) {
        return false;
    }
    const int year = number(text.substr(slash - 2, 2));
    const auto serial = digitsOf(text.substr(slash));
    return serial.size() <= 7 && number(serial) > 0 &&
           policeCheckLetter(year, number(serial), 7) == text.back();
}

bool isCroNumber(std::string_view text) {
    if (text.starts_with("SF")) {
        return isFileWithoutPrints(text.substr(2));
    }
    const auto slash = text.find('/');
    if (slash == std::string_view::npos || text.size() != slash + 4) {
        return false;
    }
    const int serial = number(text.substr(0, slash));
    return serial > 0 &&
           policeCheckLetter(number(text.substr(slash + 1, 2)), serial, 6) == text.back();
}

bool isDrivingLicence(std::string_view text) {
    const auto licence = lettersAndDigits(text);
    if (licence.size() != 16) {
        return false;
    }
    // Five letters of the surname, filled with nines.
    const auto surname = std::string_view(licence).substr(0, 5);
    const auto nine = std::min(surname.find('9'), surname.size());
    const bool surnameFits =
        nine >= 2 && std::all_of(surname.begin(), surname.begin() + nine, isUpper) &&
        std::all_of(surname.begin() + nine, surname.end(), [](char c) { return c == '9'; });
    // Decade, month (fifty more for women), day, year.
    const auto birth = std::string_view(licence).substr(5, 6);
    if (!surnameFits || !std::all_of(birth.begin(), birth.end(), isDigit)) {
        return false;
    }
    const int month = number(birth.substr(1, 2)) % 50;
    const int day = number(birth.substr(3, 2));
    constexpr std::array kDays = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool born = number(birth.substr(1, 2)) <= 62 && month >= 1 && month <= 12 && day >= 1 &&
                      day <= kDays.at(static_cast<std::size_t>(month) - 1);
    // Initials, filled with nines; a figure; two characters that only the DVLA can check.
    const bool initials = (isUpper(licence[11]) && (isUpper(licence[12]) || licence[12] == '9')) ||
                          (licence[11] == '9' && licence[12] == '9');
    return born && initials && isDigit(licence[13]) && isUpper(licence[15]);
}

bool isMachineReadableZone(std::string_view text) {
    if (constexpr std::string_view kEscaped = "&lt;";
        text.find(kEscaped) != std::string_view::npos) {
        std::string plain(text);
        for (auto at = plain.find(kEscaped); at != std::string::npos; at = plain.find(kEscaped)) {
            plain.replace(at, kEscaped.size(), 1, '<');
        }
        return isMachineReadableZone(plain);
    }
    if (text.size() == 44) { // a passport's second line
        return mrzChecks(text.substr(0, 9), text[9]) && mrzChecks(text.substr(13, 6), text[19]) &&
               mrzChecks(text.substr(21, 6), text[27]) &&
               mrzChecks(std::string(text.substr(0, 10)) + std::string(text.substr(13, 7)) +
                             std::string(text.substr(21, 22)),
                         text[43]);
    }
    return text.size() == 30 && mrzChecks(text.substr(0, 6), text[6]) && // a card's second line
           mrzChecks(text.substr(8, 6), text[14]);
}

bool isUniquePupilNumber(std::string_view text) {
    if (text.size() != 13) {
        return false;
    }
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRTUVWXYZ";
    int sum = 0;
    for (std::size_t i = 1; i < 13; ++i) {
        // A temporary number ends with a letter that counts by its place.
        const auto value =
            isDigit(text[i]) ? static_cast<std::size_t>(valueOf(text[i])) : kLetters.find(text[i]);
        if (value == std::string_view::npos) {
            return false;
        }
        sum += static_cast<int>(value * (i + 1));
    }
    return kLetters[static_cast<std::size_t>(sum % 23)] == text[0];
}

bool isBankAccount(std::string_view text) {
    static const std::set<std::string_view> kSamples = {"12345678", "87654321", "01234567",
                                                        "23456789", "11223344"};
    const auto digits = digitsOf(text);
    return digits.size() == 8 && !isOneDigitOnly(digits) && !kSamples.contains(digits);
}

bool isNumberNoFiller(std::string_view text) {
    const auto digits = digitsOf(text);
    return !digits.empty() && !isOneDigitOnly(digits) && digits != "123456789" &&
           digits != "987654321";
}

} // namespace sealpost::scan
