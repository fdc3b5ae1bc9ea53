// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "scan/validators/Validators.h"

#include <algorithm>
#include <array>
#include <set>

namespace sealpost::scan {

namespace {

struct Classes {
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool symbol = false;
    bool innerUpper = false; //!< "swordFish", unlike "Swordfish"

    [[nodiscard]] int count() const {
        return static_cast<int>(lower) + static_cast<int>(upper) + static_cast<int>(digit) +
               static_cast<int>(symbol);
    }
};

Classes classesOf(std::string_view text) {
    Classes classes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c >= 'a' && c <= 'z') {
            classes.lower = true;
        } else if (c >= 'A' && c <= 'Z') {
            classes.upper = true;
            classes.innerUpper = classes.innerUpper || (i > 0 && classes.lower);
        } else if (c >= '0' && c <= '9') {
            classes.digit = true;
        } else if (static_cast<unsigned char>(c) < 0x80) {
            classes.symbol = true;
        } else {
            classes.lower = true;
        }
    }
    return classes;
}

//! Words that follow "password is" or "password:" without being one.
const std::set<std::string_view> &ordinaryWords() {
    static const std::set<std::string_view> kWords = {"a",
                                                      "about",
                                                      "above",
                                                      "accepted",
                                                      "account",
                                                      "admin",
                                                      "again",
                                                      "all",
                                                      "already",
                                                      "also",
                                                      "always",
                                                      "an",
                                                      "and",
                                                      "any",
                                                      "as",
                                                      "at",
                                                      "attached",
                                                      "authentication",
                                                      "available",
                                                      "bad",
                                                      "based",
                                                      "be",
                                                      "because",
                                                      "been",
                                                      "being",
                                                      "below",
                                                      "blank",
                                                      "bool",
                                                      "boolean",
                                                      "both",
                                                      "but",
                                                      "by",
                                                      "can",
                                                      "case-sensitive",
                                                      "change",
                                                      "changed",
                                                      "changeit",
                                                      "changeme",
                                                      "changing",
                                                      "char",
                                                      "characters",
                                                      "checked",
                                                      "complex",
                                                      "compromised",
                                                      "confidential",
                                                      "correct",
                                                      "correctly",
                                                      "could",
                                                      "created",
                                                      "current",
                                                      "currently",
                                                      "default",
                                                      "described",
                                                      "different",
                                                      "disabled",
                                                      "displayed",
                                                      "do",
                                                      "does",
                                                      "dummy",
                                                      "either",
                                                      "email",
                                                      "emailed",
                                                      "empty",
                                                      "enabled",
                                                      "encrypted",
                                                      "enter",
                                                      "entered",
                                                      "etc",
                                                      "expired",
                                                      "expires",
                                                      "expiring",
                                                      "expiry",
                                                      "extremely",
                                                      "failed",
                                                      "false",
                                                      "field",
                                                      "following",
                                                      "for",
                                                      "forgotten",
                                                      "from",
                                                      "generated",
                                                      "given",
                                                      "going",
                                                      "good",
                                                      "has",
                                                      "hash",
                                                      "hashed",
                                                      "have",
                                                      "he",
                                                      "hello",
                                                      "here",
                                                      "hidden",
                                                      "his",
                                                      "her",
                                                      "how",
                                                      "hint",
                                                      "i",
                                                      "if",
                                                      "important",
                                                      "in",
                                                      "incorrect",
                                                      "incorrectly",
                                                      "input",
                                                      "int",
                                                      "invalid",
                                                      "is",
                                                      "it",
                                                      "its",
                                                      "just",
                                                      "kept",
                                                      "known",
                                                      "later",
                                                      "length",
                                                      "less",
                                                      "like",
                                                      "lost",
                                                      "longer",
                                                      "made",
                                                      "managed",
                                                      "manager",
                                                      "mandatory",
                                                      "match",
                                                      "matches",
                                                      "matching",
                                                      "me",
                                                      "min",
                                                      "mine",
                                                      "missing",
                                                      "more",
                                                      "must",
                                                      "my",
                                                      "n/a",
                                                      "na",
                                                      "necessary",
                                                      "needed",
                                                      "never",
                                                      "new",
                                                      "next",
                                                      "nil",
                                                      "no",
                                                      "none",
                                                      "not",
                                                      "now",
                                                      "null",
                                                      "number",
                                                      "of",
                                                      "off",
                                                      "ok",
                                                      "old",
                                                      "on",
                                                      "one",
                                                      "only",
                                                      "optional",
                                                      "or",
                                                      "our",
                                                      "password",
                                                      "passwords",
                                                      "passphrase",
                                                      "passcode",
                                                      "pending",
                                                      "please",
                                                      "policy",
                                                      "policies",
                                                      "prompt",
                                                      "prompted",
                                                      "protected",
                                                      "protection",
                                                      "provided",
                                                      "public",
                                                      "random",
                                                      "recommended",
                                                      "recovery",
                                                      "redacted",
                                                      "rejected",
                                                      "removed",
                                                      "required",
                                                      "requirements",
                                                      "reset",
                                                      "resetting",
                                                      "rules",
                                                      "safe",
                                                      "same",
                                                      "saved",
                                                      "secret",
                                                      "secure",
                                                      "securely",
                                                      "see",
                                                      "send",
                                                      "sensitive",
                                                      "sent",
                                                      "separate",
                                                      "separately",
                                                      "set",
                                                      "shared",
                                                      "should",
                                                      "shown",
                                                      "so",
                                                      "still",
                                                      "stored",
                                                      "str",
                                                      "string",
                                                      "strong",
                                                      "strength",
                                                      "stronger",
                                                      "stolen",
                                                      "subject",
                                                      "sure",
                                                      "tbc",
                                                      "tba",
                                                      "tbd",
                                                      "temporarily",
                                                      "temporary",
                                                      "test",
                                                      "text",
                                                      "that",
                                                      "the",
                                                      "their",
                                                      "there",
                                                      "they",
                                                      "this",
                                                      "to",
                                                      "tomorrow",
                                                      "too",
                                                      "true",
                                                      "typed",
                                                      "type",
                                                      "unchanged",
                                                      "under",
                                                      "undefined",
                                                      "unique",
                                                      "unknown",
                                                      "unset",
                                                      "unused",
                                                      "updated",
                                                      "us",
                                                      "used",
                                                      "user",
                                                      "username",
                                                      "usually",
                                                      "valid",
                                                      "value",
                                                      "varchar",
                                                      "verified",
                                                      "via",
                                                      "visible",
                                                      "wait",
                                                      "was",
                                                      "weak",
                                                      "we",
                                                      "what",
                                                      "when",
                                                      "where",
                                                      "which",
                                                      "who",
                                                      "why",
                                                      "will",
                                                      "with",
                                                      "within",
                                                      "without",
                                                      "working",
                                                      "written",
                                                      "wrong",
                                                      "yes",
                                                      "yet",
                                                      "you",
                                                      "your",
                                                      "yours"};
    return kWords;
}

//! Trailing marks that belong to the sentence.
std::string_view withoutPunctuation(std::string_view text) {
    while (!text.empty() &&
           std::string_view(".,;:)]}'\"").find(text.back()) != std::string_view::npos) {
        text.remove_suffix(1);
    }
    return text;
}

//! A mask, a variable, a template or a word like "changeme" instead of a value.
bool isPlaceholder(std::string_view text) {
    const std::set<char> different(text.begin(), text.end());
    if (different.size() <= 2) { // "********", "xxxxxx", "......"
        return true;
    }
    constexpr std::string_view kOpeners = "$%<{&@#";
    const auto second = text.size() > 1 ? text[1] : ' ';
    const bool variable =
        (text.front() == '$' &&
         (second == '{' || second == '(' || (second >= 'A' && second <= 'Z') || second == '_')) ||
        (text.front() == '%' && (text.back() == '%' || text.size() < 4)) ||
        (text.front() == '<' && text.back() == '>') || text.starts_with("{{") ||
        text.starts_with("#{") || text.starts_with("@{") ||
        (text.front() == '{' && text.back() == '}') || (text.front() == '[' && text.back() == ']');
    if (variable && kOpeners.find(text.front()) != std::string_view::npos) {
        return true;
    }
    const auto lower = base::asciiLower(text);
    constexpr std::array<std::string_view, 22> kParts = {
        "example",    "placeholder", "changeme",  "change_me", "change-me", "your-",
        "your_",      "yourpass",    "redacted",  "xxxx",      "****",      "insert",
        "<password",  "[password",   "${",        "{{",        "my-secret", "dummy",
        "not-a-real", "fake",        "passw0rd_", "todo"};
    return variable || std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
               return lower.find(part) != std::string::npos;
           });
}

bool isWebAddress(std::string_view text) {
    return text.find("://") != std::string_view::npos || text.starts_with("www.");
}

//! A reference to a value in code: a name, a member, a call, a lookup.
bool isReference(std::string_view text) {
    if (text.find_first_of("()[]{}") != std::string_view::npos &&
        text.find_first_of("!#&*?") == std::string_view::npos) {
        return true;
    }
    constexpr std::array<std::string_view, 10> kLookups = {
        "os.environ", "process.env", "getenv", "config.",  "settings.",
        "self.",      "this.",       "env.",   "secrets.", "vault:"};
    const auto lower = base::asciiLower(text);
    return std::any_of(kLookups.begin(), kLookups.end(),
                       [&](std::string_view start) { return lower.find(start) == 0; });
}

} // namespace

bool isPasswordValue(std::string_view text) {
    const auto value = withoutPunctuation(text);
    return value.size() >= 4 && !isPlaceholder(value) && !isWebAddress(value) &&
           !ordinaryWords().contains(base::asciiLower(value));
}

bool isStrongPassword(std::string_view text) {
    const auto value = withoutPunctuation(text);
    if (value.size() < 6 || !isPasswordValue(value) || isReference(value)) {
        return false;
    }
    const auto classes = classesOf(value);
    const bool lettersAndDigits = (classes.lower || classes.upper) && classes.digit;
    const bool enough = lettersAndDigits || classes.innerUpper || classes.count() >= 3;
    // An e-mail address or a hyphenated word is not a password.
    const bool address = value.find('@') != std::string_view::npos &&
                         value.find('.', value.find('@')) != std::string_view::npos &&
                         !classes.digit;
    return enough && !address;
}

bool isAssignedSecret(std::string_view text) {
    constexpr std::string_view kNameCharacters =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-./";
    if (text.size() < 6 || text.find(' ') != std::string_view::npos || !isPasswordValue(text) ||
        isReference(text)) {
        return false;
    }
    // "rsa.RSAPrivateKey", "ed25519.PrivateKey": types and members, not values.
    const auto beyondNames = text.find_first_not_of(kNameCharacters);
    const bool member = text.find('.') != std::string_view::npos &&
                        std::all_of(text.begin(), text.end(), [&](char c) {
                            return (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                                   kNameCharacters.substr(0, 52).find(c) != std::string_view::npos;
                        });
    return beyondNames != std::string_view::npos && !member;
}

} // namespace sealpost::scan
