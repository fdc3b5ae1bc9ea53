// SPDX-License-Identifier: GPL-3.0-or-later
// What people write as a password in sentences, addresses and tables.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Validators.h"
#include "scan/validators/Values.h"
#include "scan/validators/Words.h"

#include <algorithm>
#include <set>

namespace sealpost::scan {

bool isSymbolRich(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char c) {
               return kStrongSymbols.find(c) != std::string_view::npos;
           }) >= 2;
}

bool isPasswordValue(std::string_view text) {
    const auto value = withoutPunctuation(text);
    if (isKnownDefault(value)) {
        return true;
    }
    return value.size() >= 3 && !isNoValue(value) && !isVariable(text) && !isReference(value) &&
           !isNameOfPassword(value);
}

bool isUrlPassword(std::string_view text) {
    static const std::set<std::string_view> kSamples = {"pass", "passwd", "pwd",   "pw",  "bar",
                                                        "baz",  "secret", "token", "pswd"};
    return isPasswordValue(text) && text.size() >= 4 &&
           !kSamples.contains(base::asciiLower(text)) &&
           text.find_first_of("${}<>[]()\\`,;") == std::string_view::npos;
}

namespace {

//! What people leave as it came, and say so.
bool isSpokenDefault(std::string_view text) {
    static const std::set<std::string_view> kDefaults = {
        "admin", "root", "toor", "guest", "postgres", "vagrant", "raspberry", "letmein", "qwerty"};
    return kDefaults.contains(text);
}

} // namespace

bool isStrongPassword(std::string_view text) {
    const auto value = withoutPunctuation(text);
    if (isSpokenDefault(value)) {
        return true;
    }
    return value.size() >= 5 && !isNoValue(value) && !isReference(value) && looksMade(value) &&
           !isSentence(value) && !isNameOfPassword(value);
}

namespace {

//! "SkxfkjQGQD": letters, large and small, that nobody can say.
bool isUnspeakable(std::string_view text) {
    constexpr std::size_t kLeast = 8;
    constexpr std::size_t kRun = 5; //!< consonants
    if (text.size() < kLeast || !isLetters(text)) {
        return false;
    }
    const auto large = std::count_if(text.begin() + 1, text.end(), isUpper);
    const auto small = std::count_if(text.begin(), text.end(), isLower);
    std::size_t run = 0;
    std::size_t longest = 0;
    for (const char c : base::asciiLower(text)) {
        run = std::string_view("aeiouy").find(c) != std::string_view::npos ? 0 : run + 1;
        longest = std::max(longest, run);
    }
    return large >= 3 && small >= 2 && longest >= kRun;
}

} // namespace

bool isBarePassword(std::string_view text) {
    const auto value = withoutPunctuation(text);
    const auto classes = classesOf(value);
    if (value.size() < 7 || !classes.letter() || !isStrongPassword(value)) {
        return false;
    }
    if (isUnspeakable(value)) {
        return true;
    }
    const auto digits = std::count_if(value.begin(), value.end(), isDigit);
    return (classes.symbol && classes.digit) || (classes.lower && classes.upper && classes.digit) ||
           (classes.digit && digits >= 2 && value.size() >= 8 && !classes.otherSymbol &&
            classes.lower) ||
           (digits >= 3 && value.size() >= 10 && isGrouped(value)) || isWordsWithNumber(value) ||
           isSymbolRich(value);
}

bool isPairedPassword(std::string_view text) {
    return isKnownDefault(withoutPunctuation(text)) || isBarePassword(text);
}

bool isVeryStrongPassword(std::string_view text) {
    const auto value = withoutPunctuation(text);
    const auto classes = classesOf(value);
    return isBarePassword(value) && classes.letter() && classes.digit &&
           (classes.symbol || (classes.upper && classes.lower && value.size() >= 12));
}

bool isProseWord(std::string_view text) {
    const auto value = withoutPunctuation(text);
    return isSpokenDefault(value) ||
           (value.size() >= 4 && !isNoValue(value) && !isSentence(value) && !isBrand(value) &&
            !isReference(value) && !isPath(value) && !isNameOfPassword(value) &&
            (classesOf(value).letter() ? !isFigureOrTechnique(value) : value.size() >= 6));
}

bool isPassphrase(std::string_view text) {
    const auto words = wordsOf(text, " _.+-");
    const auto speaks = [](std::string_view word) {
        const auto lower = base::asciiLower(word);
        return functionWords().contains(lower) || lower == "password" || lower == "policy" ||
               (lower.size() > 5 &&
                (lower.ends_with("ed") || lower.ends_with("ing") || lower.ends_with("ly")));
    };
    return words.size() >= 3 && std::none_of(words.begin(), words.end(), speaks);
}

bool isSeedPhrase(std::string_view text) {
    const auto words = wordsOf(text, " \n\r\t,.)0123456789");
    const auto common = std::count_if(words.begin(), words.end(), [](std::string_view word) {
        return functionWords().contains(word);
    });
    const std::set<std::string_view> different(words.begin(), words.end());
    return words.size() >= 12 && common * 4 <= static_cast<std::ptrdiff_t>(words.size()) &&
           different.size() >= 6;
}

} // namespace sealpost::scan
