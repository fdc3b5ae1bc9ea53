// SPDX-License-Identifier: GPL-3.0-or-later
// Masks, variables, references and paths: what only stands where a value could.
#include "base/Text.h"
#include "scan/validators/Characters.h"
#include "scan/validators/Values.h"
#include "scan/validators/Words.h"

#include <algorithm>
#include <set>

namespace sealpost::scan {

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

namespace {

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

} // namespace

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

namespace {

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

} // namespace

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

namespace {

//! "*password", "*cfg.Secret": what C and YAML follow.
bool isPointer(std::string_view text) {
    return text.starts_with('*') && std::all_of(text.begin() + 1, text.end(), [](char c) {
               return isLetter(c) || isDigit(c) || c == '_' || c == '.' || c == '*' || c == '-';
           });
}

} // namespace

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

} // namespace sealpost::scan
