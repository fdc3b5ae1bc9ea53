// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Finding.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! One kind of content, as data (resources/rules/*.toml; the keys are described in its README).
struct Rule {
    std::string id;
    Category category = Category::Credential;
    Confidence confidence = Confidence::Medium;
    Classification minimum = Classification::OfficialSensitive;

    std::string anchor; //!< cheap Hyperscan pattern that lies inside each match
    std::string regex;  //!< the exact match, PCRE2 with UTF
    int secretGroup = 0;
    std::size_t reach = 200; //!< bytes before the anchor's end where a match may start

    double entropy = 0; //!< least Shannon entropy of the secret, bits a character
    std::string validator;
    std::vector<std::string> allow; //!< PCRE2 patterns; a secret that matches one is passed over

    std::vector<std::string> context; //!< words nearby, lower case, that raise the confidence
    bool contextRequired = false;
    std::vector<std::string> notNear; //!< words nearby, lower case, that make it something else

    int specificity = 50; //!< of two findings on one span the higher one stays

    std::vector<std::string> matches; //!< examples that run as tests
    std::vector<std::string> quiet;
};

} // namespace sealpost::scan
