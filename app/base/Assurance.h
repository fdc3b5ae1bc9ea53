// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace sealpost::base {

//! How a recipient's domain protects mail on the last hop; the verdict over all its evidence.
enum class Assurance {
    Unknown,    //!< time-outs, SERVFAIL, bogus DNSSEC: nothing can be said
    Enforced,   //!< DANE or MTA-STS enforce, and every MX that was probed complies
    Published,  //!< the same policies, but port 25 is out of reach from here
    Verified,   //!< every MX offers TLS that meets the minimum, with a valid, matching certificate
    Registered, //!< the administrator's register vouches for it
    Weak,       //!< TLS, but its certificate, version or key falls short
    None,       //!< an MX offers no TLS, or none that completes a handshake
    Violated,   //!< DANE or MTA-STS is published, and what answers from here does not fulfil it
    Undeliverable, //!< NXDOMAIN, null MX, or neither MX nor address
};

inline constexpr std::array kAllAssurances = {
    Assurance::Unknown,  Assurance::Enforced,   Assurance::Published,
    Assurance::Verified, Assurance::Registered, Assurance::Weak,
    Assurance::None,     Assurance::Violated,   Assurance::Undeliverable};

[[nodiscard]] constexpr std::string_view toString(Assurance assurance) {
    switch (assurance) {
    case Assurance::Unknown:
        return "unknown";
    case Assurance::Enforced:
        return "enforced";
    case Assurance::Published:
        return "published";
    case Assurance::Verified:
        return "verified";
    case Assurance::Registered:
        return "registered";
    case Assurance::Weak:
        return "weak";
    case Assurance::None:
        return "none";
    case Assurance::Violated:
        return "violated";
    case Assurance::Undeliverable:
        return "undeliverable";
    }
    return "unknown";
}

[[nodiscard]] constexpr std::optional<Assurance> assuranceFrom(std::string_view word) {
    for (const auto assurance : kAllAssurances) {
        if (toString(assurance) == word) {
            return assurance;
        }
    }
    return std::nullopt;
}

} // namespace sealpost::base

namespace sealpost {
using base::Assurance;
} // namespace sealpost
