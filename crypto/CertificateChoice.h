// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateInfo.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sealpost::crypto {

//! Why one of several certificates for an address is the one that counts.
enum class ChoiceReason {
    Pinned,     //!< a person has chosen it
    OnlyOne,    //!< there is no other
    OnlyUsable, //!< no other can be used
    EndsLast,   //!< of those that can be used
    NoneUsable, //!< none can be used; it is the one that ends last
};

[[nodiscard]] constexpr std::string_view toString(ChoiceReason reason) {
    switch (reason) {
    case ChoiceReason::Pinned:
        return "pinned";
    case ChoiceReason::OnlyOne:
        return "only-one";
    case ChoiceReason::OnlyUsable:
        return "only-usable";
    case ChoiceReason::EndsLast:
        return "ends-last";
    case ChoiceReason::NoneUsable:
        return "none-usable";
    }
    return "none-usable";
}

struct CertificateChoice {
    ChoiceReason reason = ChoiceReason::NoneUsable;
    std::size_t candidates = 0;
    std::size_t usable = 0;
};

//! Of the first of `candidates`, which CertificateFinder::findForAddress has put in order.
[[nodiscard]] inline CertificateChoice explainChoice(std::span<const CertificateInfo> candidates,
                                                     const std::optional<std::string> &pinned) {
    const auto usable = [](const CertificateInfo &one) {
        return one.state == CertificateState::Usable || one.state == CertificateState::Expiring;
    };
    CertificateChoice choice{
        ChoiceReason::NoneUsable, candidates.size(),
        static_cast<std::size_t>(std::count_if(candidates.begin(), candidates.end(), usable))};
    if (pinned && !candidates.empty() && candidates.front().fingerprint == *pinned) {
        choice.reason = ChoiceReason::Pinned;
    } else if (candidates.size() == 1) {
        choice.reason = ChoiceReason::OnlyOne;
    } else if (choice.usable == 1) {
        choice.reason = ChoiceReason::OnlyUsable;
    } else if (choice.usable > 1) {
        choice.reason = ChoiceReason::EndsLast;
    }
    return choice;
}

} // namespace sealpost::crypto
