// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace sealpost::base {

//! The ways a message can go to one recipient.
enum class RouteKind {
    Blocked, //!< not at all, with a next step
    Smime,   //!< signed and encrypted, over enforced TLS
    Tls,     //!< over enforced TLS, to a domain of sufficient assurance
    Cjsm,    //!< through Criminal Justice Secure Mail
    Ome,     //!< Office 365 Message Encryption
};

inline constexpr std::array kAllRouteKinds = {RouteKind::Blocked, RouteKind::Smime, RouteKind::Tls,
                                              RouteKind::Cjsm, RouteKind::Ome};

[[nodiscard]] constexpr std::string_view toString(RouteKind kind) {
    switch (kind) {
    case RouteKind::Blocked:
        return "blocked";
    case RouteKind::Smime:
        return "smime";
    case RouteKind::Tls:
        return "tls";
    case RouteKind::Cjsm:
        return "cjsm";
    case RouteKind::Ome:
        return "ome";
    }
    return "blocked";
}

[[nodiscard]] constexpr std::optional<RouteKind> routeKindFrom(std::string_view word) {
    for (const auto kind : kAllRouteKinds) {
        if (toString(kind) == word) {
            return kind;
        }
    }
    return std::nullopt;
}

} // namespace sealpost::base

namespace sealpost {
using base::RouteKind;
} // namespace sealpost
