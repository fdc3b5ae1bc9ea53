// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Classification.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

enum class Category {
    PrivateKey,   //!< keys and containers of keys
    Credential,   //!< API keys, tokens, passwords
    OneTimeSeed,  //!< seeds of one-time passwords
    PersonalData, //!< of living people
    Marking,      //!< a marking seen in the text
    Hidden,       //!< content that can't be looked into, or is not what it says
};

[[nodiscard]] constexpr std::string_view toString(Category category) {
    switch (category) {
    case Category::PrivateKey:
        return "private-key";
    case Category::Credential:
        return "credential";
    case Category::OneTimeSeed:
        return "one-time-seed";
    case Category::PersonalData:
        return "personal-data";
    case Category::Marking:
        return "marking";
    case Category::Hidden:
        return "hidden-content";
    }
    return "credential";
}

enum class Confidence { Low, Medium, High };

[[nodiscard]] constexpr std::string_view toString(Confidence confidence) {
    switch (confidence) {
    case Confidence::Low:
        return "low";
    case Confidence::Medium:
        return "medium";
    case Confidence::High:
        return "high";
    }
    return "low";
}

struct Location {
    std::string source;       //!< "subject", "body", or an attachment's or file's name
    std::string part;         //!< inside a container: "etc/ssh/id_ed25519", "1.2"; else empty
    std::uint32_t line = 0;   //!< from 1; 0 where lines mean nothing
    std::uint32_t column = 0; //!< from 1, in characters
    std::uint32_t length = 0; //!< of the secret, in characters, line ends among them; 0: unknown
};

//! One thing that must not leave in the clear. Holds no secret: the excerpt is redacted.
struct Finding {
    std::string kind; //!< the rule's id: "aws-access-key"
    Category category = Category::Credential;
    Confidence confidence = Confidence::Medium;
    Classification minimumClassification = Classification::OfficialSensitive;
    Location location;
    std::string excerpt;  //!< base::redacted(); a marking as it stands; empty for a whole file
    std::string title;    //!< the rule's name for people, where it is an organisation's own
    std::string nextStep; //!< the rule's word for what to do; empty: that of the category
    //! Why it is one, in stable words that hold nothing of the content: "shape", "check-digits"
    //! (a validator agreed), "random" (its entropy), "near: WORD", "count: N", "file".
    std::vector<std::string> because;
    //! SHA-256 of the secret, 32 bytes: to make a keyed mark of. Never leaves the process's memory.
    //! Empty for a whole file.
    std::string digest;

    // Of a draft's findings alone, by the planner.
    std::string mark;             //!< keyed, hexadecimal: the same content at the same place has it
    bool dismissible = false;     //!< policy lets a person say that it is wrong
    std::string dismissedBecause; //!< the person's reason why it is; empty: it stands
};

[[nodiscard]] inline bool stands(const Finding &finding) {
    return finding.dismissedBecause.empty();
}

} // namespace sealpost::scan
