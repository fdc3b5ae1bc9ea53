// SPDX-License-Identifier: GPL-3.0-or-later
// Words, names, figures and what people make of them.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Values.h"
#include "scan/validators/Words.h"

#include <algorithm>
#include <set>

namespace sealpost::scan {

bool isFigureOrTechnique(std::string_view text) {
    const auto lower = base::asciiLower(text);
    const auto classes = classesOf(text);
    if (!classes.letter()) {
        const auto digits = std::count_if(text.begin(), text.end(), isDigit);
        return static_cast<std::size_t>(digits) != text.size() || text.size() > 12;
    }
    std::size_t leadingDigits = 0;
    while (leadingDigits < lower.size() &&
           (isDigit(lower[leadingDigits]) ||
            std::string_view(":.,/-–").find(lower[leadingDigits]) != std::string_view::npos)) {
        ++leadingDigits;
    }
    if (leadingDigits > 0) { // a figure with its unit
        static const std::set<std::string_view> kUnits = {
            "st",     "nd",         "rd",    "th",     "am",     "pm",    "px",
            "kb",     "mb",         "gb",    "ms",     "s",      "m",     "h",
            "hr",     "hrs",        "mins",  "min",    "day",    "days",  "char",
            "chars",  "characters", "bit",   "bits",   "byte",   "bytes", "x",
            "cm",     "mm",         "km",    "kg",     "weeks",  "hours", "years",
            "months", "character",  "digit", "digits", "factor", "step",  "letter"};
        if (kUnits.contains(std::string_view(lower).substr(leadingDigits))) {
            return true;
        }
    }
    const auto firstNoLetter =
        std::find_if(lower.begin(), lower.end(), [](char c) { return !isLower(c); });
    const std::string_view head(lower.data(),
                                static_cast<std::size_t>(firstNoLetter - lower.begin()));
    static const std::set<std::string_view> kNumbered = {
        "section", "page",     "version", "v",    "part",  "schedule", "chapter", "table",
        "figure",  "appendix", "annex",   "item", "step",  "rule",     "clause",  "article",
        "block",   "level",    "type",    "line", "mp",    "q",        "para",    "paragraph",
        "room",    "court",    "unit",    "flat", "phase", "option",   "note"};
    const auto rest = std::string_view(lower).substr(head.size());
    const bool shortFigure = !rest.empty() && rest.size() <= 5 && !classes.symbol &&
                             std::all_of(rest.begin(), rest.end(), [](char c) {
                                 return isDigit(c) || c == '.' || c == '-' || c == '(' || c == ')';
                             });
    static const std::set<std::string_view> kAccounts = {"admin", "root",   "guest",
                                                         "demo",  "master", "super"};
    const bool ofAccount = kAccounts.contains(head) && rest.size() >= 2 &&
                           std::all_of(rest.begin(), rest.end(), isDigit);
    if (shortFigure && !ofAccount &&
        (kNumbered.contains(head) || ordinaryWords().contains(head) ||
         technicalWords().contains(head))) {
        return true;
    }
    return !classes.symbol && std::any_of(technicalWords().begin(), technicalWords().end(),
                                          [&](std::string_view word) {
                                              return lower.starts_with(word) &&
                                                     lower.size() > word.size() &&
                                                     !isLower(text[word.size()]);
                                          });
}

bool isBrand(std::string_view text) {
    static const std::set<std::string_view> kBrands = {
        "keepass",   "lastpass",   "bitwarden",  "javascript", "github",   "gitlab",
        "onedrive",  "sharepoint", "powershell", "iphone",     "ipad",     "whatsapp",
        "youtube",   "linkedin",   "paypal",     "macos",      "docusign", "dashlane",
        "keepassxc", "mailchimp",  "postgresql", "mysql",      "mongodb",  "openssl",
        "wordpress", "typescript", "facebook",   "icloud"};
    return kBrands.contains(base::asciiLower(text));
}

std::vector<std::string_view> wordsOf(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> words;
    for (std::size_t from = 0; from <= text.size();) {
        const auto to = std::min(text.find_first_of(separators, from), text.size());
        if (to > from) {
            words.push_back(text.substr(from, to - from));
        }
        from = to + 1;
    }
    return words;
}

bool isLetters(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return isLetter(c); });
}

bool isJoinedWords(std::string_view text) {
    const auto words = wordsOf(text, "-.+");
    const bool wordsOnly = std::all_of(words.begin(), words.end(), [](std::string_view word) {
        return word.size() >= 3 && isLetters(word) &&
               !functionWords().contains(base::asciiLower(word));
    });
    const bool capitals = std::all_of(words.begin(), words.end(),
                                      [](std::string_view word) { return isUpper(word.front()); });
    return wordsOnly && ((words.size() >= 4 && text.size() >= 16) ||
                         (words.size() >= 3 && capitals && !isUpper(words.front().back())));
}

namespace {

//! "\\fIpassword\\fR" and "\\*(Aqx": a manual page's markup.
bool isTroff(std::string_view text) {
    return containsAny(text,
                       {"\\fB", "\\fI", "\\fR", "\\fP", "\\f5", "\\*(", "\\&", "\\-", "\\s-"});
}

//! "!0,image:!0})b[e]=f(e);": a piece of a program, most likely one without spaces.
bool isProgram(std::string_view text) {
    constexpr std::string_view kMarks = "(){}[];=,:";
    const auto marks = std::count_if(
        text.begin(), text.end(), [&](char c) { return kMarks.find(c) != std::string_view::npos; });
    return marks >= 4 && text.find_first_of("({})") != std::string_view::npos;
}

} // namespace

bool isKnownDefault(std::string_view text) {
    static const std::set<std::string_view> kDefaults = {
        "admin",    "root",      "postgres", "toor",   "guest",      "oracle",        "mysql",
        "vagrant",  "raspberry", "ubuntu",   "rabbit", "minioadmin", "administrator", "grafana",
        "rabbitmq", "mongodb",   "elastic",  "mongo",  "letmein",    "qwerty",        "demo"};
    return kDefaults.contains(base::asciiLower(text));
}

bool hasOwner(std::string_view text) {
    static const std::set<std::string_view> kOwners = {"root", "dev",  "admin",
                                                       "app",  "demo", "guest"};
    static const std::set<std::string_view> kFields = {
        "db",         "sql",     "mysql",    "postgres", "challenge", "dbuser",     "usr",
        "pass",       "pw",      "verify",   "repeat",   "retype",    "jwt",        "api",
        "smtp",       "ftp",     "ssh",      "wifi",     "sudo",      "hashed",     "get",
        "bind",       "set",     "ask",      "prompt",   "encrypt",   "bypass",     "com",
        "compare",    "tres",    "sur",      "tooltip",  "access",    "refresh",    "consumer",
        "signing",    "webhook", "ldap",     "proxy",    "keystore",  "truststore", "key",
        "trust",      "ssl",     "otp",      "cookie",   "oauth",     "auth",       "appl",
        "invalidate", "mypass",  "fake",     "super",    "secure",    "strong",     "good",
        "long",       "random",  "generated"};
    for (const std::string_view suffix : {"password", "passwd", "pass", "pwd", "secret"}) {
        if (text.size() < suffix.size() + 3 || !text.ends_with(suffix)) {
            continue;
        }
        auto owner = text.substr(0, text.size() - suffix.size());
        const bool joined = owner.back() != '-' && owner.back() != '_';
        owner.remove_suffix(joined ? 0 : 1);
        if (owner.size() < 3 || !std::all_of(owner.begin(), owner.end(), isLower)) {
            return false;
        }
        return kOwners.contains(owner) ||
               (joined && !ordinaryWords().contains(owner) && !functionWords().contains(owner) &&
                !kFields.contains(owner));
    }
    return false;
}

bool isNoValue(std::string_view value) {
    return isPlaceholder(value) || isTroff(value) || isProgram(value) || isWebAddress(value) ||
           isMailAddress(value) || ordinaryWords().contains(base::asciiLower(value));
}

bool isNameOfPassword(std::string_view text) {
    const auto lower = base::asciiLower(text);
    // "readPassword" too: a name in code starts small.
    return !text.empty() && isLower(text.front()) &&
           std::all_of(lower.begin(), lower.end(),
                       [](char c) { return isLower(c) || c == '-' || c == '_'; }) &&
           containsAny(lower, {"passw", "pass", "pwd", "secret"}) && !hasOwner(text);
}

bool isSentence(std::string_view text) {
    const auto words = wordsOf(text, " ");
    return words.size() > 1 && std::any_of(words.begin(), words.end(), [](std::string_view word) {
               const auto lower = base::asciiLower(withoutPunctuation(word));
               return functionWords().contains(lower) || ordinaryWords().contains(lower);
           });
}

bool isGrouped(std::string_view text) {
    const auto groups = wordsOf(text, "-");
    return groups.size() >= 2 &&
           std::all_of(groups.begin(), groups.end(),
                       [](std::string_view g) {
                           return g.size() >= 4 && std::all_of(g.begin(), g.end(), [](char c) {
                                      return isDigit(c) || isLetter(c);
                                  });
                       }) &&
           std::any_of(groups.begin(), groups.end(), [](std::string_view g) {
               return classesOf(g).letter() && classesOf(g).digit;
           });
}

bool isAppPassword(std::string_view text) {
    const auto groups = wordsOf(text, " ");
    const auto isGroup = [](std::string_view group) {
        return group.size() == 4 && std::all_of(group.begin(), group.end(), isLower) &&
               !functionWords().contains(group) && !ordinaryWords().contains(group);
    };
    return groups.size() == 4 && text.size() == 19 &&
           std::all_of(groups.begin(), groups.end(), isGroup) &&
           std::any_of(groups.begin(), groups.end(), [](std::string_view group) {
               return group.find_first_of("aeiou") == std::string_view::npos;
           });
}

bool isThoughtUpOfWords(std::string_view text) {
    static const std::set<std::string_view> kNames = {
        "mdi",   "fa",    "icon",  "lock",  "eye",   "btn",   "input", "form",   "page",   "modal",
        "label", "login", "reset", "users", "email", "error", "view",  "button", "policy", "auth"};
    const auto words = wordsOf(text, "-");
    const auto isOwn = [](std::string_view word) {
        return !ordinaryWords().contains(word) && !functionWords().contains(word);
    };
    return words.size() >= 3 && text.size() >= 12 &&
           std::all_of(words.begin(), words.end(),
                       [](std::string_view word) {
                           return word.size() >= 2 &&
                                  std::all_of(word.begin(), word.end(), isLower) &&
                                  !kNames.contains(word) &&
                                  !containsAny(word, {"pass", "secret", "token", "pwd"});
                       }) &&
           std::count_if(words.begin(), words.end(), isOwn) >= 2;
}

bool isWordsWithNumber(std::string_view text) {
    const auto groups = wordsOf(text, "-_.");
    const auto isWord = [](std::string_view group) {
        const auto lower = base::asciiLower(group);
        return group.size() >= 4 && isLetters(group) && !ordinaryWords().contains(lower) &&
               !functionWords().contains(lower) && !technicalWords().contains(lower);
    };
    return groups.size() >= 3 && groups.back().size() >= 2 && groups.back().size() <= 4 &&
           std::all_of(groups.back().begin(), groups.back().end(), isDigit) &&
           std::all_of(groups.begin(), groups.end() - 1, isWord);
}

bool looksMade(std::string_view value) {
    const auto classes = classesOf(value);
    if (isFigureOrTechnique(value) || isBrand(value) || isPath(value)) {
        return false;
    }
    const bool innerSymbol =
        value.substr(1, value.size() - 2).find_first_of(kStrongSymbols) != std::string_view::npos;
    return (classes.letter() && classes.digit) || (classes.innerUpper && !classes.otherSymbol) ||
           (classes.letter() && innerSymbol) || isJoinedWords(value) ||
           (classes.digit && !classes.letter() && !classes.otherSymbol && value.size() >= 6);
}

} // namespace sealpost::scan
