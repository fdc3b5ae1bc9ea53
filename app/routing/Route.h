// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Classification.h"
#include "base/RouteKind.h"
#include "crypto/CertificateInfo.h"
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

struct MessageFacts {
    Classification classification = Classification::Official; //!< chosen by the person
    std::vector<scan::Finding> findings;
    std::optional<RouteKind> requested; //!< the one route that the person asks for
};

struct RecipientEvidence {
    mail::Address address;
    RecipientRole role = RecipientRole::To;
    assurance::DomainReport domain;
    crypto::CertificateInfo certificate; //!< the best one; state None where there is none
};

struct AccountFacts {
    std::string host; //!< of the submission server, A-label
    bool mayUseCjsm = false;
    crypto::CertificateInfo certificate; //!< the sender's own, for signing
};

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
