// SPDX-License-Identifier: GPL-3.0-or-later
// What a person or a program uses as a password, and what only stands where one could.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Validators.h"
#include "scan/validators/Words.h"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace sealpost::scan {

namespace {

constexpr std::string_view kStrongSymbols = "!$%&*?#^+~@";

struct Classes {
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool symbol = false;      //!< of kStrongSymbols
    bool otherSymbol = false; //!< hyphen, dot, slash, …
    bool innerUpper = false;  //!< "swordFish", unlike "Swordfish"

    [[nodiscard]] bool letter() const { return lower || upper; }
};

Classes classesOf(std::string_view text) {
    Classes classes;
    for (const char c : text) {
        if (isDigit(c)) {
            classes.digit = true;
        } else if (isUpper(c)) {
            classes.innerUpper = classes.innerUpper || classes.lower;
            classes.upper = true;
        } else if (isLower(c) || static_cast<unsigned char>(c) >= 0x80) {
            classes.lower = true;
        } else if (kStrongSymbols.find(c) != std::string_view::npos) {
            classes.symbol = true;
        } else {
            classes.otherSymbol = true;
        }
    }
    return classes;
}

//! Trailing marks that belong to the sentence.
std::string_view withoutPunctuation(std::string_view text) {
    for (const auto *entity : {"&quot;", "&lt;", "&gt;", "&nbsp;"}) {
        text = text.substr(0, text.find(entity));
    }
    constexpr std::string_view kMarks = ".,;:)]}'\"|";
    while (!text.empty() && kMarks.find(text.back()) != std::string_view::npos) {
        text.remove_suffix(1);
    }
    return text;
}

bool containsAny(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
        return text.find(part) != std::string_view::npos;
    });
}

bool startsWithAny(std::string_view text, std::initializer_list<std::string_view> starts) {
    return std::any_of(starts.begin(), starts.end(),
                       [&](std::string_view start) { return text.starts_with(start); });
}

//! `" . addslashes($x) . "`, `' + password + '`: what stands between two pieces of a text.
bool isConcatenation(std::string_view text) {
    const bool quoted = text.front() == '"' || text.front() == '\'';
    const auto rest = text.substr(1);
    return quoted && (rest.starts_with(" .") || rest.starts_with(" +") || rest.starts_with('+') ||
                      rest.starts_with(".$") || rest.starts_with(" &"));
}

//! "$$PASSWD", as makefiles hand it to the shell.
bool isMakeVariable(std::string_view text) {
    return text.starts_with("$$") && text.size() > 2 &&
           std::all_of(text.begin() + 2, text.end(),
                       [](char c) { return isLetter(c) || isDigit(c) || c == '_'; });
}

//! "${X}", "$X", "%X%", "<x>", "{{x}}", "[x]", "%s", ":x": a name that something fills in.
bool isVariable(std::string_view text) {
    if (text.size() < 2) {
        return true;
    }
    const char second = text[1];
    const bool shell = text.front() == '$' && (second == '{' || second == '(' || second == '_' ||
                                               isUpper(second) || isLower(second));
    const bool enclosed = (text.front() == '<' && text.back() == '>') ||
                          (text.front() == '{' && text.back() == '}') ||
                          (text.front() == '[' && text.back() == ']') ||
                          (text.front() == '%' && text.back() == '%') ||
                          (text.front() == '@' && text.back() == '@') ||
                          (text.front() == '#' && text.back() == '#') ||
                          (text.front() == '_' && text.starts_with("__") && text.ends_with("__"));
    const bool format = text.front() == '%' && (text.size() < 4 || second == '(' || second == '{');
    return (shell && !isSymbolRich(text)) || enclosed || format || text.front() == '{' ||
           containsAny(text, {"${", "{{", "#{", "@{", "<%", "%(", "$(", "%s", "%d", "@entry="}) ||
           text.starts_with("%~") || isMakeVariable(text) || text.starts_with(".$") ||
           isConcatenation(text);
}

//! "DB_PASSWORD", "MY_API_KEY": a constant that is named after what it should hold.
bool isConstantName(std::string_view text) {
    return text.find('_') != std::string_view::npos && isUpper(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [](char c) { return isUpper(c) || isDigit(c) || c == '_'; }) &&
           containsAny(text, {"PASSW", "PWD", "SECRET", "API_KEY", "TOKEN"});
}

//! "********", "xxxxxx", "......", unlike "111112".
bool isMask(std::string_view text) {
    const std::set<char> different(text.begin(), text.end());
    return different.size() < 2 ||
           (different.size() == 2 && !std::all_of(text.begin(), text.end(), isDigit));
}

//! A mask, a variable, a template or a word like "changeme" instead of a value.
bool isPlaceholder(std::string_view text) {
    if (isMask(text) || isVariable(text) || isConstantName(text)) {
        return true;
    }
    const auto lower = base::asciiLower(text);
    return containsAny(lower,
                       {"example",    "placeholder", "changeme",   "change_me",  "change-me",
                        "changeit",   "your-",       "your_",      "yourpass",   "yourstrong",
                        "yoursecret", "yourtoken",   "yourapi",    "redacted",   "xxxx",
                        "****",       "insert",      "<password",  "[password",  "my-secret",
                        "my_secret",  "dummy",       "not-a-real", "replace_me", "replace-me",
                        "replaceme",  "fake",        "todo",       "_here",      "-here",
                        "fixme",      "....",        "…",          "•",          "enter_",
                        "enter-",     "anonymous",   "contraseña", "mot de pas", "palavra-pas",
                        "sua_",       "votre",       "seu_",       "seu-",       "tu_contra"});
}

bool isWebAddress(std::string_view text) {
    return containsAny(text, {"://"}) || text.starts_with("www.") || text.starts_with("mailto:");
}

bool isMailAddress(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
           !classesOf(text.substr(at + 1)).symbol;
}

//! "*password", "*cfg.Secret": what C and YAML follow.
bool isPointer(std::string_view text) {
    return text.starts_with('*') && std::all_of(text.begin() + 1, text.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '_' || c == '.' || c == '*' || c == '-';
           });
}

//! A reference to a value in code: a name, a member, a call, a lookup.
bool isReference(std::string_view text) {
    if (containsAny(text, {"->", "::", "=>", "&&", "||", "()", "$/"}) ||
        (text.find_first_of("()[]{}") != std::string_view::npos &&
         text.find_first_of("!#&*?$^~") == std::string_view::npos)) {
        return true;
    }
    // "crypt($2,": a call.
    const auto bracket = text.find('(');
    if (bracket != std::string_view::npos && bracket >= 3 &&
        std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(bracket),
                    [](char c) { return isLetter(c) || c == '_' || c == '.'; }) &&
        bracket + 1 < text.size() &&
        std::string_view("$?:&").find(text[bracket + 1]) != std::string_view::npos) {
        return true;
    }
    const auto dot = text.find('.');
    const auto isName = [](char c) { return isLetter(c) || c == '_'; };
    if (dot != std::string_view::npos && dot > 0 && dot + 1 < text.size() &&
        std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(dot), isName) &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(dot) + 1, text.end(),
                    [](char c) { return isUpper(c) || c == '_'; })) {
        return true; // "secret.PASSWORD"
    }
    const auto lower = base::asciiLower(text);
    return startsWithAny(lower, {"os.environ", "process.env", "environment.", "getenv",
                                 "env.",       "config.",     "conf.",        "settings.",
                                 "self.",      "this.",       "secrets.",     "vault:",
                                 "request.",   "req.",        "params.",      "args.",
                                 "options.",   "opts.",       "props.",       "data.",
                                 "var.",       "local.",      "module.",      "ref:",
                                 "arn:",       "file:",       "env:",         "secret:",
                                 "enc(",       "!ref",        "!vault",       "&"}) ||
           isPointer(text);
}

//! "/etc/passwd", "./x.pem", "C:\\x", "secret.txt".
bool isPath(std::string_view text) {
    if (startsWithAny(text, {"./", "../", "~/", "C:\\", "\\\\"}) ||
        (text.starts_with('/') && text.find('/', 1) != std::string_view::npos)) {
        return true;
    }
    const auto dot = text.find_last_of('.');
    if (dot == std::string_view::npos || dot == 0) {
        return false;
    }
    static const std::set<std::string_view> kSuffixes = {
        "txt", "json", "xml",  "yml", "yaml", "pem",  "key", "crt", "html", "php", "js",  "ts",
        "py",  "rb",   "java", "cs",  "css",  "conf", "ini", "cfg", "md",   "pdf", "doc", "docx",
        "xls", "xlsx", "csv",  "zip", "gz",   "png",  "jpg", "svg", "env",  "go",  "sh",  "c",
        "h",   "cpp",  "jsp",  "asp", "aspx", "exe",  "dll", "so",  "log",  "p12", "pfx", "jks"};
    return kSuffixes.contains(base::asciiLower(text.substr(dot + 1)));
}

//! "12-character", "256-bit", "10:30am", "3rd", "12/03/2026", "v2.1", "SHA-256", "Windows11".
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

//! Names that a person capitalises within.
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

//! "Horse-Battery-Staple", "gravel-lantern-otter-meadow".
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

//! What databases and devices come with, and people leave: where a password is assigned it is one.
bool isKnownDefault(std::string_view text) {
    static const std::set<std::string_view> kDefaults = {
        "admin",    "root",      "postgres", "toor",   "guest",      "oracle",        "mysql",
        "vagrant",  "raspberry", "ubuntu",   "rabbit", "minioadmin", "administrator", "grafana",
        "rabbitmq", "mongodb",   "elastic",  "mongo",  "letmein",    "qwerty",        "demo"};
    return kDefaults.contains(base::asciiLower(text));
}

//! "rootpass", "hub-password", "dev_secret": somebody's, unlike "newpassword" and "db_password",
//! which are fields.
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

//! No value at all, whatever else it looks like.
bool isNoValue(std::string_view value) {
    return isPlaceholder(value) || isTroff(value) || isProgram(value) || isWebAddress(value) ||
           isMailAddress(value) || ordinaryWords().contains(base::asciiLower(value));
}

//! "sqlpass", "mysql-password": letters that say what stands there.
bool isNameOfPassword(std::string_view text) {
    const auto lower = base::asciiLower(text);
    // "readPassword" too: a name in code starts small.
    return !text.empty() && isLower(text.front()) &&
           std::all_of(lower.begin(), lower.end(),
                       [](char c) { return isLower(c) || c == '-' || c == '_'; }) &&
           containsAny(lower, {"passw", "pass", "pwd", "secret"}) && !hasOwner(text);
}

//! A value in quotes that is a sentence or a label.
bool isSentence(std::string_view text) {
    const auto words = wordsOf(text, " ");
    return words.size() > 1 && std::any_of(words.begin(), words.end(), [](std::string_view word) {
               const auto lower = base::asciiLower(withoutPunctuation(word));
               return functionWords().contains(lower) || ordinaryWords().contains(lower);
           });
}

//! "jt3r-569q-5452", unlike "step-2-of-3" and "2026-03-12T10".
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

//! "zqkd wmpx rtyl vbnh", as Google makes them for programs that can't sign in with a window.
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

//! "admin-matrix-pw", "correct-horse-battery": small words put together, none of which says what is
//! to stand here or names something on a screen.
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

//! "meadow-lantern-73": two words and a number, unlike "section-part-12".
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

} // namespace

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
