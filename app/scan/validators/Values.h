// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what stands where a password could, and what it is made of.
#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

namespace sealpost::scan {

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

// What only stands where a value could
[[nodiscard]] Classes classesOf(std::string_view text);
//! Trailing marks that belong to the sentence.
[[nodiscard]] std::string_view withoutPunctuation(std::string_view text);
[[nodiscard]] bool containsAny(std::string_view text,
                               std::initializer_list<std::string_view> parts);
[[nodiscard]] bool startsWithAny(std::string_view text,
                                 std::initializer_list<std::string_view> starts);
//! "${X}", "$X", "%X%", "<x>", "{{x}}", "[x]", "%s", ":x": a name that something fills in.
[[nodiscard]] bool isVariable(std::string_view text);
//! A mask, a variable, a template or a word like "changeme" instead of a value.
[[nodiscard]] bool isPlaceholder(std::string_view text);
[[nodiscard]] bool isWebAddress(std::string_view text);
[[nodiscard]] bool isMailAddress(std::string_view text);
//! A reference to a value in code: a name, a member, a call, a lookup.
[[nodiscard]] bool isReference(std::string_view text);
//! "/etc/passwd", "./x.pem", "C:\\x", "secret.txt".
[[nodiscard]] bool isPath(std::string_view text);

// What a value looks like
//! "12-character", "256-bit", "10:30am", "3rd", "12/03/2026", "v2.1", "SHA-256", "Windows11".
[[nodiscard]] bool isFigureOrTechnique(std::string_view text);
//! Names that a person capitalises within.
[[nodiscard]] bool isBrand(std::string_view text);
[[nodiscard]] std::vector<std::string_view> wordsOf(std::string_view text,
                                                    std::string_view separators);
[[nodiscard]] bool isLetters(std::string_view text);
//! "Horse-Battery-Staple", "gravel-lantern-otter-meadow".
[[nodiscard]] bool isJoinedWords(std::string_view text);
//! What databases and devices come with, and people leave: where a password is assigned it is one.
[[nodiscard]] bool isKnownDefault(std::string_view text);
//! "rootpass", "hub-password", "dev_secret": somebody's, unlike "newpassword" and "db_password",
//! which are fields.
[[nodiscard]] bool hasOwner(std::string_view text);
//! No value at all, whatever else it looks like.
[[nodiscard]] bool isNoValue(std::string_view value);
//! "sqlpass", "mysql-password": letters that say what stands there.
[[nodiscard]] bool isNameOfPassword(std::string_view text);
//! A value in quotes that is a sentence or a label.
[[nodiscard]] bool isSentence(std::string_view text);
//! "jt3r-569q-5452", unlike "step-2-of-3" and "2026-03-12T10".
[[nodiscard]] bool isGrouped(std::string_view text);
//! "zqkd wmpx rtyl vbnh", as Google makes them for programs that can't sign in with a window.
[[nodiscard]] bool isAppPassword(std::string_view text);
//! "admin-matrix-pw", "correct-horse-battery": small words put together, none of which says what is
//! to stand here or names something on a screen.
[[nodiscard]] bool isThoughtUpOfWords(std::string_view text);
//! "meadow-lantern-73": two words and a number, unlike "section-part-12".
[[nodiscard]] bool isWordsWithNumber(std::string_view text);
[[nodiscard]] bool looksMade(std::string_view value);

} // namespace sealpost::scan
