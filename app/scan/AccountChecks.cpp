// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/AccountChecks.h"

#include "base/Text.h"

#include <algorithm>
#include <charconv>

namespace sealpost::scan {

namespace {

constexpr std::size_t kWeights = 14;
constexpr std::size_t kSortCode = 6;
constexpr std::size_t kA = 6; //!< the account's first digit
constexpr std::size_t kB = 7;
constexpr std::size_t kC = 8;
constexpr std::size_t kG = 12;
constexpr std::size_t kH = 13;

bool isSortCode(std::string_view text) {
    return text.size() == kSortCode &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> wordsOf(std::string_view line) {
    std::vector<std::string_view> words;
    constexpr std::string_view kSpaces = " \t\r";
    for (auto at = line.find_first_not_of(kSpaces); at != std::string_view::npos;
         at = line.find_first_not_of(kSpaces, at)) {
        const auto end = std::min(line.find_first_of(kSpaces, at), line.size());
        words.push_back(line.substr(at, end - at));
        at = end;
    }
    return words;
}

bool readNumber(std::string_view text, int &into) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size() && into >= -999 && into <= 999;
}

int digitSum(int number) {
    int sum = 0;
    for (; number > 0; number /= 10) {
        sum += number % 10;
    }
    return sum;
}

//! Where one of two checks is enough.
bool oneIsEnough(int first, int second) {
    return (first == 2 && second == 9) || (first == 10 && second == 11) ||
           (first == 12 && second == 13);
}

} // namespace

bool AccountChecks::isTable(std::string_view content) {
    const auto words = wordsOf(content.substr(0, content.find('\n')));
    return words.size() >= 2 && isSortCode(words[0]) && isSortCode(words[1]);
}

bool AccountChecks::read(std::string_view line, Check &check) {
    constexpr std::size_t kBefore = 3;
    const auto words = wordsOf(line);
    if (words.size() < kBefore + kWeights || words.size() > kBefore + kWeights + 1 ||
        !isSortCode(words[0]) || !isSortCode(words[1])) {
        return false;
    }
    check.from = words[0];
    check.to = words[1];
    if (words[2] == "MOD10") {
        check.method = Method::Modulus10;
    } else if (words[2] == "MOD11") {
        check.method = Method::Modulus11;
    } else if (words[2] == "DBLAL") {
        check.method = Method::DoubleAlternate;
    } else {
        return false;
    }
    for (std::size_t i = 0; i < kWeights; ++i) {
        if (!readNumber(words[kBefore + i], check.weights.at(i))) {
            return false;
        }
    }
    return words.size() == kBefore + kWeights || readNumber(words.back(), check.exception);
}

Result<void> AccountChecks::add(std::string_view content, const std::string &file) {
    int number = 0;
    for (const auto &line : base::split(content, '\n')) {
        ++number;
        const auto words = wordsOf(line);
        Check check;
        if (words.size() == 2 && isSortCode(words[0]) && isSortCode(words[1])) {
            m_substitutes.insert_or_assign(std::string(words[0]), std::string(words[1]));
        } else if (read(line, check)) {
            m_checks.push_back(std::move(check));
        } else if (!words.empty()) {
            return fail("scan.rules", "scan.rules", Reaction::AskAdmin,
                        file + ":" + std::to_string(number) +
                            ": no line of a table for modulus checking",
                        file);
        }
    }
    return {};
}

AccountChecks::Verdict AccountChecks::judge(std::string_view sortCode,
                                            std::string_view account) const {
    std::vector<const Check *> checks;
    for (const auto &check : m_checks) {
        if (check.from <= sortCode && sortCode <= check.to) {
            checks.push_back(&check);
        }
    }
    if (checks.empty() || sortCode.size() + account.size() != kWeights) {
        return Verdict::Unknown;
    }
    Digits digits{};
    const auto all = std::string(sortCode) + std::string(account);
    std::transform(all.begin(), all.end(), digits.begin(), [](char c) { return c - '0'; });
    const bool foreignCurrency = digits[kA] >= 4 && digits[kA] <= 8 && digits[kG] == digits[kH];
    if (foreignCurrency && std::any_of(checks.begin(), checks.end(),
                                       [](const Check *check) { return check->exception == 6; })) {
        return Verdict::Unknown;
    }
    const auto passesOne = [&](const Check *check) { return passes(*check, digits); };
    const bool either =
        checks.size() == 2 && oneIsEnough(checks[0]->exception, checks[1]->exception);
    const bool fits = either ? std::any_of(checks.begin(), checks.end(), passesOne)
                             : std::all_of(checks.begin(), checks.end(), passesOne);
    return fits ? Verdict::Fits : Verdict::DoesNotFit;
}

//! With what the check's exception puts in the place of digits.
bool AccountChecks::passes(const Check &check, Digits digits) const {
    std::string_view sortCode;
    std::string own;
    if (check.exception == 5) {
        std::transform(digits.begin(), digits.begin() + kSortCode, std::back_inserter(own),
                       [](int digit) { return static_cast<char>('0' + digit); });
        const auto found = m_substitutes.find(own);
        sortCode = found == m_substitutes.end() ? std::string_view(own) : found->second;
    } else if (check.exception == 8) {
        sortCode = "090126";
    } else if (check.exception == 9) {
        sortCode = "309634";
    }
    std::transform(sortCode.begin(), sortCode.end(), digits.begin(),
                   [](char c) { return c - '0'; });
    if (check.exception == 3 && (digits[kC] == 6 || digits[kC] == 9)) {
        return true; // not to be carried out
    }
    if (isMet(check, digits)) {
        return true;
    }
    if (check.exception != 14 || (digits[kH] > 1 && digits[kH] != 9)) {
        return false;
    }
    std::rotate(digits.begin() + kA, digits.end() - 1, digits.end());
    digits[kA] = 0;
    return isMet(check, digits);
}

bool AccountChecks::isMet(const Check &check, const Digits &digits) const {
    auto weights = check.weights;
    const bool nine = digits[kG] == 9;
    if (check.exception == 2 && digits[kA] != 0) {
        weights = nine ? Digits{0, 0, 0, 0, 0, 0, 0, 0, 8, 7, 10, 9, 3, 1}
                       : Digits{0, 0, 1, 2, 5, 3, 6, 4, 8, 7, 10, 9, 3, 1};
    }
    const bool ofTen = (digits[kA] == 0 || digits[kA] == 9) && digits[kB] == 9;
    if (nine && (check.exception == 7 || (check.exception == 10 && ofTen))) {
        std::fill_n(weights.begin(), kC, 0); // u to b
    }
    int total = check.exception == 1 ? 27 : 0;
    for (std::size_t i = 0; i < kWeights; ++i) {
        const auto product = weights.at(i) * digits.at(i);
        total += check.method == Method::DoubleAlternate ? digitSum(product) : product;
    }
    const int modulus = check.method == Method::Modulus11 ? 11 : 10;
    const int remainder = (total % modulus + modulus) % modulus;
    if (check.exception == 4) {
        return remainder == 10 * digits[kG] + digits[kH];
    }
    if (check.exception == 5) {
        const auto checkDigit = digits.at(check.method == Method::Modulus11 ? kG : kH);
        return remainder == 0 ? checkDigit == 0 : checkDigit == modulus - remainder;
    }
    return remainder == 0;
}

} // namespace sealpost::scan
