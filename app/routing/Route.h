// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Classification.h"
#include "base/RouteKind.h"
#include "crypto/CertificateInfo.h"
#include "mail/Account.h"
#include "mail/Address.h"
#include "policy/Policy.h"
#include "routing/Reason.h"
#include "scan/Finding.h"

#include <optional>
#include <string>
#include <vector>

namespace sealpost::routing {

enum class RecipientRole { To, Cc, Bcc };

//! What the sender is to the recipient's domain, by policy.
enum class Relation { Internal, GovUk, Partner, External };

//! What is known of a message that is forwarded.
struct ForwardFacts {
    //! The way that it came by; none: nothing shows that it was protected.
    std::optional<RouteKind> cameBy;
    Classification classification = Classification::Official; //!< the highest marking seen on it
};

struct MessageFacts {
    Classification classification = Classification::Official; //!< chosen by the person
    std::vector<scan::Finding> findings;
    std::optional<RouteKind> requested; //!< the one route that the person asks for
    std::optional<ForwardFacts> forward{};
};

enum class Acquaintance { FirstTime, WrittenBefore };

struct RecipientEvidence {
    mail::Address address;
    RecipientRole role = RecipientRole::To;
    assurance::DomainReport domain;
    crypto::CertificateInfo certificate; //!< the best one; state None where there is none
    Acquaintance acquaintance = Acquaintance::FirstTime;
    std::string resembles{}; //!< the known domain that it could be mistaken for; empty: none
};

struct AccountFacts {
    std::string host; //!< of the submission server, A-label
    bool mayUseCjsm = false;
    crypto::CertificateInfo certificate; //!< the sender's own, for signing
    std::string domain{};                //!< of its address, A-label
    mail::ProviderKind provider = mail::ProviderKind::Other;
};

//! How much a route protects, for comparing two of them: end to end, the closed service, enforced
//! TLS, and a service that holds the keys itself. What is blocked goes nowhere.
[[nodiscard]] constexpr int strengthOf(RouteKind route) {
    switch (route) {
    case RouteKind::Blocked:
        return 5;
    case RouteKind::Smime:
        return 4;
    case RouteKind::Cjsm:
        return 3;
    case RouteKind::Tls:
        return 2;
    case RouteKind::Ome:
        return 1;
    }
    return 0;
}

//! A route that was considered and why it was not taken.
struct RejectedRoute {
    RouteKind route = RouteKind::Blocked;
    std::vector<Reason> reasons;
};

//! The decision for one recipient.
struct RecipientDecision {
    mail::Address address;
    RecipientRole role = RecipientRole::To;
    Relation relation = Relation::External;
    RouteKind route = RouteKind::Blocked;
    std::string deliverTo; //!< addr-spec of the envelope; by the route cjsm the secure address
    std::vector<Reason> reasons; //!< why this route; where blocked: why none, the weightiest first
    std::vector<RejectedRoute> rejected; //!< in the policy's order of preference
    std::vector<Owed> owed;
    std::vector<NextStep> nextSteps; //!< where blocked: at least one
};

struct Decision {
    policy::MessageClass messageClass = policy::MessageClass::Official;
    std::vector<RecipientDecision> recipients; //!< in the order of the evidence
    std::vector<Owed> owed;                    //!< about the message as a whole
};

} // namespace sealpost::routing
