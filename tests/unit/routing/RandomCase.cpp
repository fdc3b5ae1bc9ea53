// SPDX-License-Identifier: GPL-3.0-or-later
#include "RandomCase.h"

#include <algorithm>
#include <array>

namespace sealpost::routing::testing {

namespace {

using policy::DecisionRow;
using policy::OnConcern;

constexpr std::array kRoutes = {RouteKind::Smime, RouteKind::Tls, RouteKind::Cjsm, RouteKind::Ome};
constexpr std::array kRows = {MessageClass::Official, MessageClass::OfficialDomainUnknown,
                              MessageClass::Sensitive, MessageClass::Secrets};
constexpr std::array kConcerns = {OnConcern::Block, OnConcern::Justify, OnConcern::Confirm,
                                  OnConcern::Allow};
constexpr std::array kAddresses = {"jo@court.example", "jo@council.gov.uk", "jo@york.cjsm.net",
                                   "jo@justice.example", "jo@partner.example"};

template <class Value, class Items> std::set<Value> someOf(Dice &dice, const Items &items) {
    std::set<Value> some;
    for (const auto &item : items) {
        if (dice.maybe()) {
            some.insert(item);
        }
    }
    return some;
}

DecisionRow randomRow(Dice &dice) {
    DecisionRow row;
    for (const auto route : someOf<RouteKind>(dice, kRoutes)) {
        const auto at = dice.below(row.routes.size() + 1);
        row.routes.insert(row.routes.begin() + static_cast<std::ptrdiff_t>(at), route);
    }
    row.tlsSuffices = someOf<Assurance>(dice, base::kAllAssurances);
    row.justify = someOf<RouteKind>(dice, kRoutes);
    return row;
}

//! A row that lets through no more than `above`.
DecisionRow within(Dice &dice, const DecisionRow &above) {
    auto row = randomRow(dice);
    std::erase_if(row.routes, [&](RouteKind route) {
        return std::find(above.routes.begin(), above.routes.end(), route) == above.routes.end();
    });
    std::erase_if(row.tlsSuffices,
                  [&](Assurance assurance) { return !above.tlsSuffices.contains(assurance); });
    row.justify.insert(above.justify.begin(), above.justify.end());
    return row;
}

void nestRows(Dice &dice, policy::Policy &policy) {
    auto &rows = policy.decision;
    auto &official = rows[MessageClass::Official];
    auto &unknown = rows[MessageClass::OfficialDomainUnknown];
    // Both of them are above the sensitive row, each for its own domains.
    official.tlsSuffices.erase(Assurance::Unknown);
    auto both = within(dice, official);
    std::erase_if(both.routes, [&](RouteKind route) {
        return std::find(unknown.routes.begin(), unknown.routes.end(), route) ==
               unknown.routes.end();
    });
    both.justify.insert(unknown.justify.begin(), unknown.justify.end());
    if (unknown.tlsSuffices.contains(Assurance::Unknown) && dice.maybe()) {
        both.tlsSuffices.insert(Assurance::Unknown);
    }
    rows[MessageClass::Sensitive] = both;
    rows[MessageClass::Secrets] = within(dice, both);
}

policy::Policy randomPolicy(Dice &dice, Rows rows) {
    policy::Policy policy;
    for (const auto row : kRows) {
        policy.decision[row] = randomRow(dice);
    }
    if (rows == Rows::Nested) {
        nestRows(dice, policy);
    }
    policy.revocationUnknown =
        dice.oneOf(std::array{policy::RevocationUnknown::Block, policy::RevocationUnknown::Justify,
                              policy::RevocationUnknown::Allow});
    for (auto *concern :
         {&policy.keyWithLock, &policy.belowMinimum, &policy.lookAlike, &policy.firstTime}) {
        *concern = dice.oneOf(kConcerns);
    }
    policy.managedComputer = dice.maybe();
    policy.tlsRequiredUnder = {"gov.uk"};
    policy.internalDomains = someOf<std::string>(dice, std::array{"justice.example"});
    policy.partnerDomains = someOf<std::string>(dice, std::array{"partner.example"});
    policy.forwardable = someOf<Classification>(
        dice, std::array{Classification::Official, Classification::OfficialSensitive});
    policy.multiClientRelays = {"mailgun.org"};
    if (dice.below(4) != 0) {
        policy.ome = {{"justice.example"}, {"smtp.justice.example"}, "X-Encrypt: yes", ""};
    }
    if (dice.below(8) == 0) {
        const auto hours = std::chrono::hours(dice.maybe() ? 1 : -1);
        policy.exceptions = {
            {dice.oneOf(std::array{"court.example", "gov.uk"}), "r", "a", "CHG-1", kNow + hours}};
    }
    return policy;
}

std::vector<scan::Finding> randomFindings(Dice &dice) {
    static const std::vector<scan::Finding> kFindings = {
        finding("prose-password", scan::Category::Credential),
        finding("encrypted-archive", scan::Category::Hidden, Classification::Official),
        finding("nhs-number", scan::Category::PersonalData),
        finding("openssh-private-key", scan::Category::PrivateKey),
        finding("marking-official-sensitive", scan::Category::Marking),
        finding("generic-secret", scan::Category::Credential, Classification::OfficialSensitive,
                scan::Confidence::Low)};
    std::vector<scan::Finding> some;
    for (const auto &one : kFindings) {
        if (dice.below(6) == 0) {
            some.push_back(one);
        }
    }
    return some;
}

RecipientEvidence randomRecipient(Dice &dice) {
    using enum CertificateState;
    using enum assurance::CjsmStatus;
    auto made = recipient(dice.oneOf(kAddresses), dice.oneOf(base::kAllAssurances),
                          dice.oneOf(std::array{None, Usable, Usable, Expiring, RevocationUnknown,
                                                Revoked, Untrusted}));
    made.domain.cjsm = dice.oneOf(std::array{NotChecked, Listed, ListedInactive, Dns, NotFound});
    if (made.domain.cjsm != NotChecked && made.domain.cjsm != NotFound) {
        made.domain.cjsmAddress = "jo@court.example.cjsm.net";
    }
    if (dice.below(3) == 0) {
        made.acquaintance = Acquaintance::FirstTime;
    }
    if (dice.below(4) == 0) {
        made.resembles = "count.example";
    }
    return made;
}

policy::DecisionRow &anyRow(Case &which, Dice &dice) {
    return which.policy.decision[dice.oneOf(kRows)];
}

bool stricterConcern(OnConcern &concern) {
    if (concern == OnConcern::Block) {
        return false;
    }
    concern = static_cast<OnConcern>(static_cast<int>(concern) - 1);
    return true;
}

int badness(Assurance assurance) {
    switch (assurance) {
    case Assurance::Weak:
        return 1;
    case Assurance::None:
    case Assurance::Violated:
        return 2;
    case Assurance::Undeliverable:
        return 3;
    case Assurance::Unknown:
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Verified:
    case Assurance::Registered:
        break;
    }
    return 0;
}

using Restriction = std::pair<const char *, bool (*)(Case &, Dice &)>;

const std::vector<Restriction> &restrictionsOfPolicy() {
    static const std::vector<Restriction> kAll = {
        {"an assurance suffices no more",
         [](Case &which, Dice &dice) {
             return anyRow(which, dice).tlsSuffices.erase(dice.oneOf(base::kAllAssurances)) > 0;
         }},
        {"a route owes a justification",
         [](Case &which, Dice &dice) {
             return anyRow(which, dice).justify.insert(dice.oneOf(kRoutes)).second;
         }},
        {"a route is left out",
         [](Case &which, Dice &dice) {
             return std::erase(anyRow(which, dice).routes, dice.oneOf(kRoutes)) > 0;
         }},
        {"revocation unknown",
         [](Case &which, Dice & /*dice*/) {
             auto &rule = which.policy.revocationUnknown;
             const bool can = rule != policy::RevocationUnknown::Block;
             rule = rule == policy::RevocationUnknown::Allow ? policy::RevocationUnknown::Justify
                                                             : policy::RevocationUnknown::Block;
             return can;
         }},
        {"computer not managed",
         [](Case &which, Dice & /*dice*/) {
             return std::exchange(which.policy.managedComputer, false);
         }},
        {"relay of many customers",
         [](Case &which, Dice & /*dice*/) {
             which.policy.multiClientRelays.insert("justice.example");
             return true;
         }},
        {"TLS required under",
         [](Case &which, Dice & /*dice*/) {
             which.policy.tlsRequiredUnder.insert(which.recipient.address.domain());
             return true;
         }},
        {"key with lock",
         [](Case &which, Dice & /*dice*/) { return stricterConcern(which.policy.keyWithLock); }},
        {"below minimum",
         [](Case &which, Dice & /*dice*/) { return stricterConcern(which.policy.belowMinimum); }},
        {"look-alike",
         [](Case &which, Dice & /*dice*/) { return stricterConcern(which.policy.lookAlike); }},
        {"first time",
         [](Case &which, Dice & /*dice*/) { return stricterConcern(which.policy.firstTime); }},
        {"not to be forwarded",
         [](Case &which, Dice &dice) {
             return which.policy.forwardable.erase(dice.maybe()
                                                       ? Classification::Official
                                                       : Classification::OfficialSensitive) > 0;
         }},
        {"no domain of one's own",
         [](Case &which, Dice & /*dice*/) {
             // As far as it is about forwarding: who is internal is asked less.
             return which.recipient.address.domain() != "justice.example" &&
                    !std::exchange(which.policy.internalDomains, {}).empty();
         }},
        {"no tenant",
         [](Case &which, Dice & /*dice*/) {
             return !std::exchange(which.policy.ome.tenants, {}).empty();
         }},
        {"an exception where TLS was not missing",
         [](Case &which, Dice & /*dice*/) {
             const auto assurance = which.recipient.domain.assurance;
             if (assurance == Assurance::None || assurance == Assurance::Violated) {
                 return false;
             }
             which.policy.exceptions.push_back({which.recipient.address.domain(), "r", "a", "CHG-2",
                                                kNow + std::chrono::hours(1)});
             return true;
         }},
        {"an exception ends where TLS was missing",
         [](Case &which, Dice & /*dice*/) {
             const auto assurance = which.recipient.domain.assurance;
             return (assurance == Assurance::None || assurance == Assurance::Violated) &&
                    which.recipient.address.domain() == "council.gov.uk" &&
                    !std::exchange(which.policy.exceptions, {}).empty();
         }},
    };
    return kAll;
}

const std::vector<Restriction> &restrictionsOfEvidence() {
    static const std::vector<Restriction> kAll = {
        {"domain with less TLS",
         [](Case &which, Dice &dice) {
             auto &assurance = which.recipient.domain.assurance;
             const auto worse = dice.oneOf(std::array{
                 Assurance::Weak, Assurance::None, Assurance::Violated, Assurance::Undeliverable});
             // From unknown to known is another row of the table.
             const bool can =
                 assurance != Assurance::Unknown && badness(worse) > badness(assurance);
             assurance = can ? worse : assurance;
             return can;
         }},
        {"certificate unusable",
         [](Case &which, Dice &dice) {
             which.recipient.certificate = certificate(
                 dice.oneOf(std::array{CertificateState::None, CertificateState::Expired,
                                       CertificateState::WrongAddress, CertificateState::WeakKey}));
             return true;
         }},
        {"own certificate unusable",
         [](Case &which, Dice & /*dice*/) {
             which.account.certificate = certificate(CertificateState::Expired);
             return true;
         }},
        {"not on CJSM",
         [](Case &which, Dice & /*dice*/) {
             // Of an account that is locked more is known than of none.
             const bool can = which.recipient.domain.cjsm != assurance::CjsmStatus::ListedInactive;
             if (can) {
                 which.recipient.domain.cjsm = assurance::CjsmStatus::NotFound;
                 which.recipient.domain.cjsmAddress.clear();
             }
             return can;
         }},
        {"account may not use CJSM",
         [](Case &which, Dice & /*dice*/) {
             return std::exchange(which.account.mayUseCjsm, false);
         }},
        {"account elsewhere",
         [](Case &which, Dice & /*dice*/) {
             which.account.provider = mail::ProviderKind::Google;
             return true;
         }},
        {"first time",
         [](Case &which, Dice & /*dice*/) {
             return std::exchange(which.recipient.acquaintance, Acquaintance::FirstTime) !=
                    Acquaintance::FirstTime;
         }},
        {"look-alike",
         [](Case &which, Dice & /*dice*/) {
             return std::exchange(which.recipient.resembles, "count.example").empty();
         }},
        {"one route asked for",
         [](Case &which, Dice &dice) {
             const bool can = !which.message.requested;
             if (can) {
                 which.message.requested = dice.oneOf(kRoutes);
             }
             return can;
         }},
        {"is a forward",
         [](Case &which, Dice &dice) {
             const bool can = !which.message.forward;
             if (can) {
                 which.message.forward = ForwardFacts{dice.oneOf(base::kAllRouteKinds), {}};
             }
             return can;
         }},
        {"marked SECRET",
         [](Case &which, Dice & /*dice*/) {
             which.message.findings.push_back(
                 finding("marking-secret", scan::Category::Marking, Classification::Secret));
             return true;
         }},
    };
    return kAll;
}

bool nothingCallsForMore(const MessageFacts &message) {
    return std::all_of(message.findings.begin(), message.findings.end(), [&](const auto &one) {
        return one.minimumClassification <= message.classification;
    });
}

//! They move the message into another row.
const std::vector<Restriction> &restrictionsOfMessage() {
    static const std::vector<Restriction> kAll = {
        {"classification raised",
         [](Case &which, Dice & /*dice*/) {
             // Where something calls for it, raising is the mend that was asked for.
             const auto &forward = which.message.forward;
             const bool can = nothingCallsForMore(which.message) && !forward &&
                              which.message.classification == Classification::Official;
             which.message.classification =
                 can ? Classification::OfficialSensitive : which.message.classification;
             return can;
         }},
        {"something found",
         [](Case &which, Dice &dice) {
             auto found = randomFindings(dice);
             which.message.findings.insert(which.message.findings.end(), found.begin(),
                                           found.end());
             return !found.empty();
         }},
        {"forwarded marking",
         [](Case &which, Dice & /*dice*/) {
             auto &forward = which.message.forward;
             // Whoever may forward OFFICIAL-SENSITIVE may forward OFFICIAL.
             const bool can = forward && forward->classification == Classification::Official &&
                              which.policy.forwardable.contains(Classification::Official);
             if (can) {
                 forward->classification = Classification::OfficialSensitive;
             }
             return can;
         }},
    };
    return kAll;
}

} // namespace

Case randomCase(Dice &dice, Rows rows) {
    Case made{message(dice.maybe() ? Classification::Official : Classification::OfficialSensitive,
                      randomFindings(dice)),
              randomRecipient(dice),
              account(dice.oneOf(std::array{CertificateState::Usable, CertificateState::Usable,
                                            CertificateState::RevocationUnknown,
                                            CertificateState::None})),
              randomPolicy(dice, rows)};
    made.account.mayUseCjsm = dice.maybe();
    if (dice.below(8) == 0) {
        made.message.classification = Classification::Secret;
    }
    if (dice.below(4) == 0) {
        made.message.forward = ForwardFacts{dice.oneOf(base::kAllRouteKinds), {}};
    }
    return made;
}

const char *restrict(Case &which, Dice &dice, Rows rows) {
    std::vector<const std::vector<Restriction> *> kinds = {&restrictionsOfPolicy(),
                                                           &restrictionsOfEvidence()};
    if (rows == Rows::Nested) {
        kinds = {&restrictionsOfMessage()};
    }
    const auto &[name, apply] = [&]() -> const Restriction & {
        const auto &kind = *kinds[dice.below(kinds.size())];
        return kind[dice.below(kind.size())];
    }();
    return apply(which, dice) ? name : nullptr;
}

} // namespace sealpost::routing::testing
