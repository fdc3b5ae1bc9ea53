// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Validators.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <set>
#include <vector>

namespace sealpost::scan {

namespace {

bool passesLuhn(std::string_view digits) {
    int sum = 0;
    bool twice = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
        const int value = valueOf(*at) * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
        twice = !twice;
    }
    return sum % 10 == 0;
}

int number(std::string_view digits) {
    int value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

struct CardRange {
    int first; //!< of the first four digits
    int last;
    std::size_t shortest;
    std::size_t longest;
};
constexpr std::array kCardRanges = {
    CardRange{4000, 4999, 16, 16}, // Visa; its 13-digit numbers are out of use
    CardRange{5100, 5599, 16, 16}, // Mastercard
    CardRange{2221, 2720, 16, 16}, // Mastercard
    CardRange{3400, 3499, 15, 15}, // American Express
    CardRange{3700, 3799, 15, 15}, // American Express
    CardRange{6011, 6011, 16, 19}, // Discover
    CardRange{6440, 6599, 16, 19}, // Discover
    CardRange{3528, 3589, 16, 19}, // JCB
    CardRange{3000, 3059, 14, 14}, // Diners Club
    CardRange{3600, 3699, 14, 19}, // Diners Club
    CardRange{3800, 3999, 14, 19}, // Diners Club
    CardRange{5018, 5018, 16, 19}, // Maestro
    CardRange{6759, 6759, 16, 19}, // Maestro
};

//! Lengths by country (SWIFT IBAN registry).
struct IbanCountry {
    std::string_view code;
    std::size_t length;
};
constexpr std::array kIbanCountries = {
    IbanCountry{"AD", 24}, IbanCountry{"AE", 23}, IbanCountry{"AL", 28}, IbanCountry{"AT", 20},
    IbanCountry{"AZ", 28}, IbanCountry{"BA", 20}, IbanCountry{"BE", 16}, IbanCountry{"BG", 22},
    IbanCountry{"BH", 22}, IbanCountry{"BR", 29}, IbanCountry{"BY", 28}, IbanCountry{"CH", 21},
    IbanCountry{"CR", 22}, IbanCountry{"CY", 28}, IbanCountry{"CZ", 24}, IbanCountry{"DE", 22},
    IbanCountry{"DK", 18}, IbanCountry{"DO", 28}, IbanCountry{"EE", 20}, IbanCountry{"EG", 29},
    IbanCountry{"ES", 24}, IbanCountry{"FI", 18}, IbanCountry{"FO", 18}, IbanCountry{"FR", 27},
    IbanCountry{"GB", 22}, IbanCountry{"GE", 22}, IbanCountry{"GI", 23}, IbanCountry{"GL", 18},
    IbanCountry{"GR", 27}, IbanCountry{"GT", 28}, IbanCountry{"HR", 21}, IbanCountry{"HU", 28},
    IbanCountry{"IE", 22}, IbanCountry{"IL", 23}, IbanCountry{"IQ", 23}, IbanCountry{"IS", 26},
    IbanCountry{"IT", 27}, IbanCountry{"JO", 30}, IbanCountry{"KW", 30}, IbanCountry{"KZ", 20},
    IbanCountry{"LB", 28}, IbanCountry{"LI", 21}, IbanCountry{"LT", 20}, IbanCountry{"LU", 20},
    IbanCountry{"LV", 21}, IbanCountry{"MC", 27}, IbanCountry{"MD", 24}, IbanCountry{"ME", 22},
    IbanCountry{"MK", 19}, IbanCountry{"MR", 27}, IbanCountry{"MT", 31}, IbanCountry{"MU", 30},
    IbanCountry{"NL", 18}, IbanCountry{"NO", 15}, IbanCountry{"PK", 24}, IbanCountry{"PL", 28},
    IbanCountry{"PS", 29}, IbanCountry{"PT", 25}, IbanCountry{"QA", 29}, IbanCountry{"RO", 24},
    IbanCountry{"RS", 22}, IbanCountry{"SA", 24}, IbanCountry{"SE", 24}, IbanCountry{"SI", 19},
    IbanCountry{"SK", 24}, IbanCountry{"SM", 27}, IbanCountry{"TN", 24}, IbanCountry{"TR", 26},
    IbanCountry{"UA", 29}, IbanCountry{"VG", 24}, IbanCountry{"XK", 20}};

int monthOf(std::string_view word) {
    constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
    const auto start = base::asciiLower(word.substr(0, 3));
    const auto *found = std::find(kMonths.begin(), kMonths.end(), start);
    return found == kMonths.end() ? 0 : static_cast<int>(found - kMonths.begin()) + 1;
}

//! Runs of digits and runs of letters; "1st" gives "1".
std::vector<std::string> dateFields(std::string_view text) {
    std::vector<std::string> fields;
    for (std::size_t i = 0; i < text.size();) {
        const bool digits = isDigit(text[i]);
        const auto kind = [&](char c) {
            return digits ? isDigit(c) : isUpper(static_cast<char>(c & ~0x20));
        };
        std::size_t end = i;
        while (end < text.size() && kind(text[end])) {
            ++end;
        }
        const auto word = text.substr(i, end - i);
        if (digits || monthOf(word) != 0) {
            fields.emplace_back(word);
        }
        i = std::max(end, i + 1);
    }
    return fields;
}

} // namespace

std::string digitsOf(std::string_view text) {
    std::string digits(text.size(), '\0');
    digits.erase(std::copy_if(text.begin(), text.end(), digits.begin(), isDigit), digits.end());
    return digits;
}

bool isOneDigitOnly(std::string_view text) {
    const auto digits = digitsOf(text);
    return digits.find_first_not_of(digits.empty() ? '0' : digits.front()) == std::string::npos;
}

bool hasModulus11(std::string_view digits) {
    if (digits.size() != 10 || isOneDigitOnly(digits)) {
        return false;
    }
    int sum = 0;
    for (std::size_t i = 0; i < 9; ++i) {
        sum += valueOf(digits[i]) * static_cast<int>(10 - i);
    }
    const int check = (11 - sum % 11) % 11;
    return check != 10 && check == valueOf(digits[9]);
}

bool isNhsNumber(std::string_view text) {
    return hasModulus11(digitsOf(text));
}

bool isPaymentCard(std::string_view text) {
    const auto digits = digitsOf(text);
    if (digits.size() < 14 || isOneDigitOnly(std::string_view(digits).substr(4))) {
        return false;
    }
    const int prefix = number(std::string_view(digits).substr(0, 4));
    const bool issued = std::any_of(kCardRanges.begin(), kCardRanges.end(), [&](CardRange range) {
        return prefix >= range.first && prefix <= range.last && digits.size() >= range.shortest &&
               digits.size() <= range.longest;
    });
    return issued && passesLuhn(digits);
}

bool isNino(std::string_view text) {
    // HMRC manual NIM39110: these prefixes are not given out, nor D F I Q U V, nor O second.
    static const std::set<std::string_view> kNever = {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"};
    constexpr std::string_view kNoLetter = "DFIQUV";
    const auto upper = base::asciiUpper(text.substr(0, 2));
    const auto digits = digitsOf(text);
    return upper.size() == 2 && digits.size() == 6 && !kNever.contains(upper) &&
           upper.find_first_of(kNoLetter) == std::string::npos && upper[1] != 'O';
}

bool isIban(std::string_view text) {
    std::string iban;
    std::copy_if(text.begin(), text.end(), std::back_inserter(iban),
                 [](char c) { return isDigit(c) || isLetter(c); });
    iban = base::asciiUpper(iban);
    const auto *country =
        std::find_if(kIbanCountries.begin(), kIbanCountries.end(),
                     [&](const IbanCountry &entry) { return iban.starts_with(entry.code); });
    if (country == kIbanCountries.end() || iban.size() != country->length) {
        return false;
    }
    std::rotate(iban.begin(), iban.begin() + 4, iban.end());
    int remainder = 0;
    for (const char c : iban) {
        remainder = isDigit(c) ? (remainder * 10 + valueOf(c)) % 97
                               : (remainder * 100 + (c - 'A' + 10)) % 97;
    }
    return remainder == 1;
}

bool isDate(std::string_view text) {
    auto fields = dateFields(text);
    if (fields.size() != 3) {
        return false;
    }
    if (fields[0].size() == 4) { // 1984-03-21
        std::swap(fields[0], fields[2]);
    } else if (monthOf(fields[0]) != 0) { // March 21, 1984
        std::swap(fields[0], fields[1]);
    }
    int year = number(fields[2]);
    year += fields[2].size() == 2 ? (year > 30 ? 1900 : 2000) : 0;
    const int named = monthOf(fields[1]);
    const std::chrono::year_month_day date(
        std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(named != 0 ? named : number(fields[1]))),
        std::chrono::day(static_cast<unsigned>(number(fields[0]))));
    return date.ok() && year >= 1900 && year <= 2100;
}

} // namespace sealpost::scan
