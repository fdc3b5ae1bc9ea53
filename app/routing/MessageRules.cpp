// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/MessageRules.h"

#include "base/Text.h"
#include "routing/RouteDecider.h"

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

Reason aboutClassification(ReasonId id, Classification classification) {
    return {id, {{"classification", std::string(base::toString(classification))}}};
}

Classification highest(const MessageFacts &message) {
    return message.forward ? std::max(message.classification, message.forward->classification)
                           : message.classification;
}

//! Set where a marking above OFFICIAL was chosen, found, or stands on what is forwarded: nothing
//! goes, and nobody can override it.
std::optional<Reason> aboveOfficial(const MessageFacts &message) {
    if (const auto marking = highest(message); isAboveOfficial(marking)) {
        return aboutClassification(ReasonId::MarkingAboveOfficial, marking);
    }
    const auto *finding = weightiest(message);
    if (finding != nullptr && isAboveOfficial(finding->minimumClassification)) {
        return aboutFinding(ReasonId::MarkingAboveOfficial, *finding);
    }
    return std::nullopt;
}

//! What speaks against forwarding this message from this account.
std::vector<Reason> againstForwarding(const MessageFacts &message, const AccountFacts &account,
                                      const policy::Policy &policy) {
    if (!message.forward) {
        return {};
    }
    std::vector<Reason> against;
    if (!policy.forwardable.contains(highest(message))) {
        against.push_back(aboutClassification(ReasonId::ForwardForbidden, highest(message)));
    }
    const auto &own = policy.internalDomains;
    if (std::none_of(own.begin(), own.end(), [&](const std::string &domain) {
            return base::isSameOrSubdomain(account.domain, domain);
        })) {
        against.push_back({ReasonId::ForwardAccount, {{"domain", account.domain}}});
    }
    return against;
}

} // namespace

Consequence consequenceOf(policy::OnConcern concern, Reason reason, std::string id) {
    switch (concern) {
    case policy::OnConcern::Block:
        return {{std::move(reason)}, {}};
    case policy::OnConcern::Justify:
        return {{}, {{std::move(id), OwedKind::Justification, std::move(reason)}}};
    case policy::OnConcern::Confirm:
        return {{}, {{std::move(id), OwedKind::Confirmation, std::move(reason)}}};
    case policy::OnConcern::Allow:
        break;
    }
    return {};
}

MessageVerdict judgeMessage(const MessageFacts &message, const AccountFacts &account,
                            const policy::Policy &policy) {
    if (auto bar = aboveOfficial(message)) {
        return {{std::move(*bar)}, {}};
    }
    MessageVerdict verdict{againstForwarding(message, account, policy), {}};
    const auto add = [&](policy::OnConcern concern, Reason reason) {
        auto id = std::string(specOf(reason.id).name);
        auto made = consequenceOf(concern, std::move(reason), std::move(id));
        verdict.bars.insert(verdict.bars.end(), made.bars.begin(), made.bars.end());
        verdict.owed.insert(verdict.owed.end(), made.owed.begin(), made.owed.end());
    };
    const auto *finding = weightiest(message);
    if (finding != nullptr && finding->minimumClassification > message.classification) {
        add(policy.belowMinimum, aboutFinding(ReasonId::ScanMinimumClassification, *finding));
    } else if (highest(message) > message.classification) {
        auto reason = aboutClassification(ReasonId::ScanMinimumClassification, highest(message));
        reason.facts["finding"] = "forwarded-marking";
        add(policy.belowMinimum, std::move(reason));
    }
    if (const auto both = findKeyWithLock(message.findings); both.key != nullptr) {
        auto reason = aboutFinding(ReasonId::KeyWithLock, *both.key);
        reason.facts["lock"] = both.lock->kind;
        add(policy.keyWithLock, std::move(reason));
    }
    if (!verdict.bars.empty()) {
        verdict.owed.clear();
    }
    return verdict;
}

MessageClass classify(const MessageFacts &message) {
    auto result = highest(message) == Classification::Official ? MessageClass::Official
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

} // namespace sealpost::routing
