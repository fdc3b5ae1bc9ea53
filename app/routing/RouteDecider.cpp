// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/RouteDecider.h"

#include "base/Text.h"
#include "routing/Candidates.h"
#include "routing/MessageRules.h"

#include <algorithm>

namespace sealpost::routing {

namespace {

using policy::MessageClass;

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
std::vector<Reason> absoluteBars(const Candidates &candidates, const policy::Policy &policy) {
    if (candidates.isCjsmAddress()) {
        return {};
    }
    const auto assurance = candidates.recipient().domain.assurance;
    if (assurance == Assurance::Undeliverable) {
        return {candidates.aboutDomain(ReasonId::TlsUndeliverable)};
    }
    const bool withoutTls = assurance == Assurance::None || assurance == Assurance::Violated;
    // Whatever else the domain is: an internal one under gov.uk is under gov.uk all the same.
    const bool required =
        isUnderAny(candidates.recipient().address.domain(), policy.tlsRequiredUnder);
    if (required && withoutTls && !candidates.isExcepted()) {
        return {candidates.aboutDomain(ReasonId::TlsGovUkRequired)};
    }
    return {};
}

Reason aboutAddress(ReasonId id, const RecipientEvidence &recipient) {
    return {id, {{"recipient", recipient.address.spec()}, {"domain", recipient.address.domain()}}};
}

//! What gives pause about this one recipient, unless internal or a partner's. Each owes an answer
//! of its own. That TLS is required to a domain makes it no acquaintance.
Consequence pauseAt(const RecipientEvidence &recipient, MessageClass messageClass,
                    const policy::Policy &policy) {
    Consequence all;
    const auto &domain = recipient.address.domain();
    if (isUnderAny(domain, policy.internalDomains) || isUnderAny(domain, policy.partnerDomains)) {
        return all;
    }
    const auto add = [&](policy::OnConcern concern, Reason reason) {
        auto id = std::string(specOf(reason.id).name) + ":" + recipient.address.spec();
        auto one = consequenceOf(concern, std::move(reason), std::move(id));
        all.bars.insert(all.bars.end(), one.bars.begin(), one.bars.end());
        all.owed.insert(all.owed.end(), one.owed.begin(), one.owed.end());
    };
    if (!recipient.resembles.empty()) {
        auto reason = aboutAddress(ReasonId::RecipientLookAlike, recipient);
        reason.facts["known"] = recipient.resembles;
        add(policy.lookAlike, std::move(reason));
    }
    if (recipient.acquaintance == Acquaintance::FirstTime &&
        messageClass != MessageClass::Official) {
        add(policy.firstTime, aboutAddress(ReasonId::RecipientFirstTime, recipient));
    }
    return all;
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

void addOnce(std::vector<Reason> &reasons, Reason reason) {
    if (std::find(reasons.begin(), reasons.end(), reason) == reasons.end()) {
        reasons.push_back(std::move(reason));
    }
}

//! Whether a reason tells of a route that was never meant for the recipient, not of one that could
//! be mended.
bool isBeside(ReasonId id) {
    return id == ReasonId::OmeNotSetUp || id == ReasonId::OmeAccount ||
           id == ReasonId::CjsmNotAMember;
}

//! A blocked recipient is told of the routes that could be mended, and of the one that was asked
//! for; what was beside the point stays in `rejected`.
std::vector<Reason> whyBlocked(const std::vector<RejectedRoute> &rejected,
                               std::optional<RouteKind> requested) {
    std::vector<Reason> reasons;
    for (const auto &route : rejected) {
        for (const auto &reason : route.reasons) {
            const bool beside = isBeside(reason.id) && route.route != requested;
            if (!beside && reason.id != ReasonId::ProtectRequested) {
                addOnce(reasons, reason);
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
        auto candidate = candidates.consider(route, row);
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
        decision.reasons = whyBlocked(decision.rejected, requested);
    }
}

//! What all recipients of one message share. Keeps references.
struct Setting {
    const MessageFacts &message;
    const AccountFacts &account;
    const policy::Policy &policy;
    Time now{};
    MessageClass messageClass{};
    const MessageVerdict &verdict;
};

const policy::DecisionRow &rowFor(const Setting &setting, const RecipientEvidence &recipient) {
    static const policy::DecisionRow kNone;
    const bool unknownDomain = setting.messageClass == MessageClass::Official &&
                               recipient.domain.assurance == Assurance::Unknown;
    const auto found = setting.policy.decision.find(
        unknownDomain ? MessageClass::OfficialDomainUnknown : setting.messageClass);
    return found == setting.policy.decision.end() ? kNone : found->second;
}

//! The route, its reasons and what is owed, of a recipient whom nothing bars.
void findRoute(RecipientDecision &decision, const Candidates &candidates, const Setting &setting) {
    const auto &recipient = candidates.recipient();
    tryRoutes(decision, candidates, rowFor(setting, recipient), setting.message.requested);
    auto pause = pauseAt(recipient, setting.messageClass, setting.policy);
    if (decision.route == RouteKind::Blocked) {
        return;
    }
    if (!pause.bars.empty()) {
        decision.route = RouteKind::Blocked;
        decision.reasons = std::move(pause.bars);
        decision.owed.clear();
        return;
    }
    decision.owed.insert(decision.owed.end(), pause.owed.begin(), pause.owed.end());
}

RecipientDecision decideOne(const RecipientEvidence &recipient, const Setting &setting) {
    RecipientDecision decision;
    decision.address = recipient.address;
    decision.role = recipient.role;
    decision.relation = relationOf(recipient.address.domain(), setting.policy);

    const Candidates candidates(setting.message, recipient, setting.account, setting.policy,
                                setting.now);
    decision.reasons = setting.verdict.bars;
    if (decision.reasons.empty()) {
        decision.reasons = absoluteBars(candidates, setting.policy);
    }
    if (decision.reasons.empty()) {
        findRoute(decision, candidates, setting);
    }
    const bool barred = !setting.verdict.bars.empty();
    if (const auto expired = candidates.expiredException(); expired && !barred) {
        addOnce(decision.reasons, *expired);
    }
    if (decision.route == RouteKind::Blocked && !barred && !recipient.resembles.empty()) {
        // The likeliest mend of an address that can't be reached.
        auto reason = aboutAddress(ReasonId::RecipientLookAlike, recipient);
        reason.facts["known"] = recipient.resembles;
        addOnce(decision.reasons, std::move(reason));
    }
    decision.deliverTo =
        decision.route == RouteKind::Cjsm ? candidates.secureAddress() : recipient.address.spec();
    if (decision.route == RouteKind::Blocked) {
        collectNextSteps(decision, setting.messageClass);
    }
    return decision;
}

} // namespace

Decision decide(const MessageFacts &message, const std::vector<RecipientEvidence> &recipients,
                const AccountFacts &account, const policy::Policy &policy, Time now) {
    Decision decision;
    decision.messageClass = classify(message);
    auto verdict = judgeMessage(message, account, policy);
    const Setting setting{message, account, policy, now, decision.messageClass, verdict};
    decision.recipients.reserve(recipients.size());
    for (const auto &recipient : recipients) {
        decision.recipients.push_back(decideOne(recipient, setting));
    }
    decision.owed = std::move(verdict.owed);
    return decision;
}

} // namespace sealpost::routing
