// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/RouteDecider.h"

#include "base/Text.h"
#include "routing/Candidates.h"
#include "routing/Dismissal.h"

#include <algorithm>

namespace sealpost::routing {

namespace {

using policy::MessageClass;

bool counts(const scan::Finding &finding) {
    return finding.confidence != scan::Confidence::Low;
}

bool isAboveOfficial(Classification classification) {
    return classification > Classification::OfficialSensitive;
}

//! The finding that calls for the highest classification, or none that counts.
const scan::Finding *weightiest(const MessageFacts &message) {
    const scan::Finding *worst = nullptr;
    for (const auto &finding : message.findings) {
        if (counts(finding) &&
            (worst == nullptr || finding.minimumClassification > worst->minimumClassification)) {
            worst = &finding;
        }
    }
    return worst;
}

Reason aboutFinding(ReasonId id, const scan::Finding &finding) {
    return {id,
            {{"finding", finding.kind},
             {"location", finding.location.source},
             {"classification", std::string(base::toString(finding.minimumClassification))}}};
}

//! Set where a marking above OFFICIAL was chosen or found: nothing goes, and nobody can override
//! it.
std::optional<Reason> aboveOfficial(const MessageFacts &message) {
    if (isAboveOfficial(message.classification)) {
        return Reason{ReasonId::MarkingAboveOfficial,
                      {{"classification", std::string(base::toString(message.classification))}}};
    }
    const auto *finding = weightiest(message);
    if (finding != nullptr && isAboveOfficial(finding->minimumClassification)) {
        return aboutFinding(ReasonId::MarkingAboveOfficial, *finding);
    }
    return std::nullopt;
}

std::vector<Owed> owedByMessage(const MessageFacts &message) {
    const auto *finding = weightiest(message);
    if (finding == nullptr || finding->minimumClassification <= message.classification ||
        isAboveOfficial(finding->minimumClassification)) {
        return {};
    }
    const auto reason = aboutFinding(ReasonId::ScanMinimumClassification, *finding);
    return {{std::string(specOf(reason.id).name), OwedKind::Justification, reason}};
}

bool isUnderAny(const std::string &domain, const std::set<std::string> &parents) {
    return std::any_of(parents.begin(), parents.end(), [&](const std::string &parent) {
        return base::isSameOrSubdomain(domain, parent);
    });
}

Relation relationOf(const std::string &domain, const policy::Policy &policy) {
    if (isUnderAny(domain, policy.internalDomains)) {
        return Relation::Internal;
    }
    if (isUnderAny(domain, policy.tlsRequiredUnder)) {
        return Relation::GovUk;
    }
    return isUnderAny(domain, policy.partnerDomains) ? Relation::Partner : Relation::External;
}

//! What stops every route to this recipient, whatever the row says.
std::vector<Reason> absoluteBars(const Candidates &candidates, Relation relation) {
    if (candidates.isCjsmAddress()) {
        return {};
    }
    const auto assurance = candidates.recipient().domain.assurance;
    if (assurance == Assurance::Undeliverable) {
        return {candidates.aboutDomain(ReasonId::TlsUndeliverable)};
    }
    const bool withoutTls = assurance == Assurance::None || assurance == Assurance::Violated;
    if (relation == Relation::GovUk && withoutTls && !candidates.isExcepted()) {
        auto bars = std::vector{candidates.aboutDomain(ReasonId::TlsGovUkRequired)};
        if (const auto expired = candidates.expiredException()) {
            bars.push_back(*expired);
        }
        return bars;
    }
    return {};
}

void collectNextSteps(RecipientDecision &decision, MessageClass messageClass) {
    const auto add = [&](NextStep step) {
        auto &steps = decision.nextSteps;
        if (std::find(steps.begin(), steps.end(), step) == steps.end()) {
            steps.push_back(step);
        }
    };
    for (const auto &reason : decision.reasons) {
        for (const auto step : specOf(reason.id).nextSteps) {
            add(step);
        }
    }
    const bool couldGoWithoutSecret =
        decision.reasons.empty() || decision.reasons.front().id != ReasonId::MarkingAboveOfficial;
    if (messageClass == MessageClass::Secrets && couldGoWithoutSecret) {
        add(NextStep::RemoveSecret);
    }
    if (decision.nextSteps.empty()) {
        add(NextStep::AskAdministrator);
    }
}

//! A blocked recipient is told of the routes that could be mended, not of those that were never
//! meant for it: those stay in `rejected`.
std::vector<Reason> whyBlocked(const std::vector<RejectedRoute> &rejected) {
    std::vector<Reason> reasons;
    for (const auto &route : rejected) {
        for (const auto &reason : route.reasons) {
            const bool beside = reason.id == ReasonId::OmeNotSetUp ||
                                reason.id == ReasonId::CjsmNotAMember ||
                                reason.id == ReasonId::ProtectRequested;
            const bool known = std::find(reasons.begin(), reasons.end(), reason) != reasons.end();
            if (!beside && !known) {
                reasons.push_back(reason);
            }
        }
    }
    if (reasons.empty() && !rejected.empty()) {
        reasons = rejected.front().reasons;
    }
    if (reasons.empty()) {
        reasons.push_back({ReasonId::PolicyNoRoute, {}});
    }
    return reasons;
}

void tryRoutes(RecipientDecision &decision, const Candidates &candidates,
               const policy::DecisionRow &row, std::optional<RouteKind> requested) {
    for (const auto route : row.routes) {
        auto candidate = candidates.consider(route, row, requested);
        if (candidate.possible && decision.route == RouteKind::Blocked) {
            decision.route = route;
            decision.reasons = std::move(candidate.reasons);
            decision.owed = std::move(candidate.owed);
        } else if (!candidate.possible) {
            decision.rejected.push_back({route, std::move(candidate.reasons)});
        }
    }
    if (requested &&
        std::find(row.routes.begin(), row.routes.end(), *requested) == row.routes.end()) {
        decision.rejected.insert(
            decision.rejected.begin(),
            {*requested,
             {{ReasonId::PolicyNoRoute, {{"route", std::string(base::toString(*requested))}}}}});
    }
    if (decision.route == RouteKind::Blocked) {
        decision.reasons = whyBlocked(decision.rejected);
    }
}

RecipientDecision decideOne(const RecipientEvidence &recipient, const MessageFacts &message,
                            const AccountFacts &account, const policy::Policy &policy,
                            MessageClass messageClass, Time now) {
    RecipientDecision decision;
    decision.address = recipient.address;
    decision.role = recipient.role;
    decision.relation = relationOf(recipient.address.domain(), policy);

    const Candidates candidates(recipient, account, policy, now);
    if (const auto bar = aboveOfficial(message)) {
        decision.reasons = {*bar};
    } else {
        decision.reasons = absoluteBars(candidates, decision.relation);
    }
    if (decision.reasons.empty()) {
        const bool unknownDomain = messageClass == MessageClass::Official &&
                                   recipient.domain.assurance == Assurance::Unknown;
        const auto rowClass = unknownDomain ? MessageClass::OfficialDomainUnknown : messageClass;
        const auto row = policy.decision.find(rowClass);
        tryRoutes(decision, candidates,
                  row == policy.decision.end() ? policy::DecisionRow{} : row->second,
                  message.requested);
    }
    decision.deliverTo =
        decision.route == RouteKind::Cjsm ? candidates.secureAddress() : recipient.address.spec();
    if (decision.route == RouteKind::Blocked) {
        collectNextSteps(decision, messageClass);
    }
    return decision;
}

} // namespace

MessageClass classify(const MessageFacts &message) {
    auto result = message.classification == Classification::Official ? MessageClass::Official
                                                                     : MessageClass::Sensitive;
    for (const auto &finding : message.findings) {
        if (!counts(finding)) {
            continue;
        }
        switch (finding.category) {
        case scan::Category::PrivateKey:
        case scan::Category::Credential:
        case scan::Category::OneTimeSeed:
            return MessageClass::Secrets;
        case scan::Category::PersonalData:
            result = MessageClass::Sensitive;
            break;
        case scan::Category::Hidden:
            break; // to be looked at by a person; it says nothing of what is inside
        case scan::Category::Marking:
            if (finding.minimumClassification > Classification::Official) {
                result = MessageClass::Sensitive;
            }
            break;
        }
    }
    return result;
}

Decision decide(const MessageFacts &given, const std::vector<RecipientEvidence> &recipients,
                const AccountFacts &account, const policy::Policy &policy, Time now) {
    auto message = given;
    message.findings = standing(given.findings, policy);
    Decision decision;
    decision.messageClass = classify(message);
    decision.owed = owedByMessage(message);
    decision.recipients.reserve(recipients.size());
    for (const auto &recipient : recipients) {
        decision.recipients.push_back(
            decideOne(recipient, message, account, policy, decision.messageClass, now));
    }
    return decision;
}

} // namespace sealpost::routing
