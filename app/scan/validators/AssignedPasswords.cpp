// SPDX-License-Identifier: GPL-3.0-or-later
// What programs and configuration assign to a password, a key or a token.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Validators.h"
#include "scan/validators/Values.h"
#include "scan/validators/Words.h"

#include <algorithm>
#include <set>

namespace sealpost::scan {

namespace {

//! "Passwd?", as Kotlin and C# write it.
bool isTypeThatMayBeMissing(std::string_view text) {
    return text.back() == '?' && isUpper(text.front()) &&
           isLetters(text.substr(0, text.size() - 1));
}

} // namespace

bool isEnvironmentPassword(std::string_view text) {
    const auto value = withoutPunctuation(text);
    if (isAssignedPassword(value)) {
        return true;
    }
    const auto lower = base::asciiLower(value);
    const bool saysWhatItIs =
        containsAny(lower, {"passw", "pwd", "your", "change", "secret", "string", "default"});
    return value.size() >= 4 && !isNoValue(value) && !isReference(value) && !isPath(value) &&
           !saysWhatItIs && !isTypeThatMayBeMissing(value) &&
           value.find_first_of("()[]{}<>=:\\") == std::string_view::npos;
}

bool isAssignedPassword(std::string_view text) {
    const auto value = withoutPunctuation(text);
    if (isAppPassword(value) || isKnownDefault(value)) {
        return true;
    }
    if (value.size() < 4 || value.find(' ') != std::string_view::npos || isNoValue(value) ||
        isReference(value) || isPath(value) || isTypeThatMayBeMissing(value)) {
        return false;
    }
    const auto classes = classesOf(value);
    if (!classes.letter()) {
        return classes.digit && !classes.otherSymbol && value.size() <= 12;
    }
    const auto lower = base::asciiLower(value);
    if (!classes.digit && !classes.symbol) {
        // A word: the ones that name a password are names, and so are joined ones.
        const bool joined = value.size() < 24 && (value.size() < 8 || isNameLike(value));
        if (hasOwner(value) || isThoughtUpOfWords(value)) {
            return true;
        }
        return !classes.otherSymbol && !(classes.innerUpper && joined) && value.size() >= 4 &&
               !isBrand(value) &&
               !containsAny(lower, {"pass", "pwd", "secret", "token", "user", "name", "field",
                                    "error", "login", "auth", "type", "text", "valid", "string"});
    }
    // "DB_PASSWORD2", "rsa.RSAPrivateKey", "Ed25519PrivateKey": names of things.
    const bool nameOfSecret = containsAny(lower, {"password_", "_password", "passwordfield",
                                                  "privatekey", "publickey", "passwordencoder"});
    const bool member =
        classes.otherSymbol && !classes.symbol && value.find('.') != std::string_view::npos &&
        std::all_of(value.begin(), value.end(),
                    [](char c) { return isDigit(c) || isLetter(c) || c == '.' || c == '_'; }) &&
        !isDigit(value.back());
    return !nameOfSecret && !member;
}

namespace {

//! "dhfskjdfqwrtzplkv": small letters that make no word.
bool isUnpronounceable(std::string_view text) {
    constexpr std::size_t kLeast = 12;
    constexpr std::size_t kRun = 4; //!< consonants
    if (text.size() < kLeast || !std::all_of(text.begin(), text.end(), isLower)) {
        return false;
    }
    std::size_t vowels = 0;
    std::size_t run = 0;
    std::size_t runs = 0;
    for (const char c : text) {
        const bool vowel = std::string_view("aeiouy").find(c) != std::string_view::npos;
        vowels += vowel ? 1U : 0U;
        run = vowel ? 0 : run + 1;
        runs += run == kRun ? 1U : 0U;
    }
    return vowels * 5 < text.size() || runs >= 3;
}

//! "kestrelnest3223525", unlike "test12345".
bool isWordWithLongNumber(std::string_view value) {
    constexpr std::ptrdiff_t kLeast = 5;
    const auto digits = std::find_if_not(value.rbegin(), value.rend(), isDigit) - value.rbegin();
    const auto word = value.substr(0, value.size() - static_cast<std::size_t>(digits));
    return digits >= kLeast && word.size() >= 5 &&
           std::all_of(
               word.begin(), word.end(),
               [](char c) { return isLetter(c) || static_cast<unsigned char>(c) >= 0x80; }) &&
           !ordinaryWords().contains(base::asciiLower(word)) &&
           !containsAny(base::asciiLower(word),
                        {"test", "demo", "sample", "mock", "token", "secret", "key", "version"});
}

//! "Summer2024!", "mySecretP@ss": a person's idea of a secret, unlike "#Anchor1" and "path?Key=1".
bool isThoughtUp(std::string_view value) {
    const auto classes = classesOf(value);
    const bool mixed = classes.letter() && (classes.digit || (classes.lower && classes.upper));
    const auto symbol = value.find_first_of("!@#$^");
    return mixed && value.size() >= 8 && symbol != std::string_view::npos && symbol > 0 &&
           value.find_first_of("=/\\<>|&?,;:%") == std::string_view::npos;
}

} // namespace

bool isAssignedToken(std::string_view text) {
    const auto value = withoutPunctuation(text);
    if (value.size() < 10 || isNoValue(value) || isReference(value) || isPath(value) ||
        isFiller(value)) {
        return false;
    }
    const auto classes = classesOf(value);
    // Letters alone are a name, unless their case goes up and down in more of them.
    const bool letters = classes.letter() && !classes.digit && !classes.symbol;
    if (letters && isUnpronounceable(value)) {
        return true;
    }
    if (!classes.letter() || (letters && (value.size() < 16 || !classes.innerUpper))) {
        return false;
    }
    // "PBKDF2WithHmacSHA256": the name of an algorithm.
    if (containsAny(base::asciiLower(value), {"withhmac", "withsha", "withrsa", "hmacsha"})) {
        return false;
    }
    if (isThoughtUp(value) || isWordWithLongNumber(value)) {
        return true;
    }
    const auto words = wordsOf(value, "-_./:");
    const bool identifier =
        words.size() > 1 && std::all_of(words.begin(), words.end(),
                                        [](std::string_view word) { return isNameLike(word); });
    return !identifier && (words.size() > 1 || !isNameLike(value));
}

bool isSigningPhrase(std::string_view text) {
    const auto lower = base::asciiLower(text);
    if (text.size() < 5 || isNoValue(text) || isReference(text) || isPath(text) ||
        containsAny(lower, {"change", "your", "replace", "default"})) {
        return false;
    }
    static const std::set<std::string_view> kSay = {
        "secret", "secrets",   "key",        "my",      "super",      "the",         "a",
        "very",   "long",      "app",        "flask",   "dev",        "development", "session",
        "test",   "testing",   "production", "random",  "string",     "jwt",         "token",
        "safe",   "strong",    "secretkey",  "in",      "for",        "supersecret", "mysecretkey",
        "aws",    "access",    "secure",     "default", "fallback",   "value",       "local",
        "auth",   "only",      "refresh",    "signing", "encryption", "api",         "not",
        "use",    "temporary", "insecure",   "unsafe",  "django",     "express",     "mysecret",
        "some",   "this",      "is",         "password"};
    const auto words = wordsOf(lower, "-_. !0123456789");
    return std::any_of(words.begin(), words.end(),
                       [](std::string_view word) { return !kSay.contains(word); });
}

namespace {

//! "admin123", "Herons2026": where a password stands, more than a word with its number.
bool isWordWithNumber(std::string_view text) {
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(text.rbegin(), text.rend(), isDigit) - text.rbegin());
    const auto word = text.substr(0, text.size() - digits);
    return digits >= 3 && word.size() >= 4 && isLetters(word) &&
           !technicalWords().contains(base::asciiLower(word));
}

} // namespace

bool isAssignedSecret(std::string_view text) {
    const bool number = text.size() >= 4 && std::all_of(text.begin(), text.end(), isDigit);
    if (text.find_first_of(" |") != std::string_view::npos || (text.size() < 6 && !number)) {
        return false;
    }
    const auto classes = classesOf(text);
    const bool mixed = classes.digit || classes.symbol ||
                       (classes.innerUpper && text.size() >= 8 && !isNameLike(text));
    return mixed && isAssignedPassword(text) &&
           (isWordWithNumber(text) || !isFigureOrTechnique(text));
}

namespace {

//! "siskin_pass", "offers_pw": of somebody, where a name of a field would make no sense.
bool hasOwnerInFront(std::string_view text) {
    const auto words = wordsOf(text, "_");
    static const std::set<std::string_view> kEnds = {"pass", "password", "passwd", "pw", "pwd"};
    return words.size() == 2 && kEnds.contains(words.back()) && words.front().size() >= 4 &&
           std::all_of(words.front().begin(), words.front().end(), isLower) &&
           !ordinaryWords().contains(words.front()) && !functionWords().contains(words.front());
}

} // namespace

bool isCommandSecret(std::string_view text) {
    return isAssignedSecret(text) || isKnownDefault(text) || hasOwnerInFront(text);
}

bool isFallbackSecret(std::string_view text) {
    const auto lower = base::asciiLower(text);
    return isAssignedSecret(text) || (containsAny(lower, {"secret", "_key", "-key"}) &&
                                      !containsAny(lower, {"passw"}) && isSigningPhrase(text));
}

} // namespace sealpost::scan
