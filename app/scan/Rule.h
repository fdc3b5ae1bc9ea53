// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Finding.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! Where an anchor can be at all (`anchor_in`); it is not looked for elsewhere, which makes one
//! affordable that has no word in it.
enum class AnchorPlace {
    Anywhere,
    Numbers,     //!< "numbers": it has six digits or more with single spaces . - / between them
    LongNumbers, //!< "long-numbers": ten or more
    Codes,     //!< "codes": a capital right behind a digit, three digits within the 8 bytes before
    Hex,       //!< "hex": 24 bytes or more in a row of 0-9 a-f A-F -, some of them digits
    Capitals,  //!< "capitals": 24 bytes or more in a row of A-Z 0-9 -, some of them digits
    Addresses, //!< "addresses": an @, with no more than 8 bytes on either side
};
inline constexpr std::array kAnchorPlaces = {
    AnchorPlace::Anywhere, AnchorPlace::Numbers,  AnchorPlace::LongNumbers, AnchorPlace::Codes,
    AnchorPlace::Hex,      AnchorPlace::Capitals, AnchorPlace::Addresses};

//! What a pattern of an allow list is tried on.
enum class AllowOn { Secret, Match, Line };

//! An allow list of which each kind that it has must agree (gitleaks' condition = "AND").
struct AllowTogether {
    std::vector<std::string> paths;
    std::vector<std::string> regexes;
    AllowOn on = AllowOn::Secret;
    std::vector<std::string> stopwords; //!< lower case
};

//! One kind of content, as data (resources/rules/*.toml). docs/scanner.md describes each key of the
//! files; the key stands here where it differs from the member's name.
struct Rule {
    std::string id;
    //! Its name for people; only for an organisation's rules, built-in ones are named in wording.
    std::string title;
    Category category = Category::Credential;
    Confidence confidence = Confidence::Medium;
    Classification minimum = Classification::OfficialSensitive;
    std::string nextStep; //!< `next_step`: a stable word; empty: that of the category

    std::string anchor; //!< cheap Hyperscan pattern that lies inside each match
    AnchorPlace where = AnchorPlace::Anywhere;
    std::string regex;        //!< the exact match, PCRE2 with UTF; empty: `path` alone decides
    int secretGroup = 0;      //!< `secret`
    std::size_t reach = 200;  //!< bytes before the anchor's end where a match may start
    std::size_t ahead = 1024; //!< bytes after the anchor's end where a match may end

    //! Lower case; only texts that contain one, anywhere. Slower than a good anchor: it is for
    //! rules that were written for other scanners.
    std::vector<std::string> keywords;
    std::string path;                   //!< only in files whose path matches
    std::vector<std::string> allowPath; //!< `allow_path`: never in files whose path matches

    double entropy = 0;                  //!< least Shannon entropy of the secret, bits a character
    std::vector<std::string> validators; //!< `validator`: one name or a list; all must agree
    std::vector<std::string> allow;      //!< PCRE2 patterns on the secret that make it none
    std::vector<std::string> allowMatch; //!< `allow_match`: the same, on the whole match
    std::vector<std::string> allowLine;  //!< `allow_line`: the same, on the match's lines
    std::vector<std::string> stopwords;  //!< lower case; a secret that contains one is none

    std::vector<AllowTogether> allowTogether; //!< for rules of gitleaks alone

    std::size_t distance = 120;       //!< what is nearby: bytes on either side of the secret
    std::vector<std::string> context; //!< words nearby, lower case, that raise the confidence
    bool contextRequired = false;     //!< `context_required`
    std::vector<std::string> notNear; //!< `not_near`: lower case, that make it something else
    std::vector<std::string> near;    //!< PCRE2 patterns; each must match nearby

    std::size_t leastCount = 1; //!< `least_count`: fewer different secrets in one text are nothing
    int specificity = 50;       //!< of two findings on one span the higher one stays

    std::vector<std::string> matches; //!< `match`: examples that run as tests
    std::vector<std::string> quiet;
};

} // namespace sealpost::scan
