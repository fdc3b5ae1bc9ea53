// SPDX-License-Identifier: GPL-3.0-or-later
#include "Evidence.h"

#include <array>
#include <sstream>

namespace sealpost::routing::testing {

namespace {

constexpr std::array kStates = {CertificateState::None,
                                CertificateState::Usable,
                                CertificateState::Expiring,
                                CertificateState::Expired,
                                CertificateState::NotYetValid,
                                CertificateState::Revoked,
                                CertificateState::RevocationUnknown,
                                CertificateState::Untrusted,
                                CertificateState::WrongUsage,
                                CertificateState::WrongAddress,
                                CertificateState::WeakKey};

struct NamedMessage {
    std::string name;
    MessageFacts facts;
};

std::vector<NamedMessage> messages() {
    using enum Classification;
    return {
        {"official", message(Official)},
        {"sensitive", message(OfficialSensitive)},
        {"personal-data",
         message(OfficialSensitive, {finding("nhs-number", scan::Category::PersonalData)})},
        {"secrets",
         message(OfficialSensitive, {finding("openssh-private-key", scan::Category::PrivateKey)})},
        {"secret-marking",
         message(OfficialSensitive, {finding("marking-secret", scan::Category::Marking, Secret)})},
        {"chosen-secret", message(Secret)}};
}

template <class Items, class Name> std::string joined(const Items &items, Name name) {
    std::string out;
    for (const auto &item : items) {
        out += (out.empty() ? "" : ",") + std::string(name(item));
    }
    return out.empty() ? "-" : out;
}

std::string line(const std::string &name, const Decision &decision) {
    const auto &one = decision.recipients.front();
    const auto reasonName = [](const Reason &reason) { return specOf(reason.id).name; };
    const auto owedName = [](const Owed &owed) {
        return owed.id + (owed.kind == OwedKind::Justification ? "?" : "!");
    };
    std::ostringstream out;
    out << name << " => " << base::toString(one.route) << " | " << joined(one.reasons, reasonName)
        << " | owed " << joined(one.owed, owedName) << " | message owes "
        << joined(decision.owed, owedName) << '\n';
    return out.str();
}

std::string byDomainAndCertificate() {
    std::string out;
    for (const auto &[name, facts] : messages()) {
        for (const auto *domain : {"court.example", "council.gov.uk"}) {
            for (const auto assurance : base::kAllAssurances) {
                for (const auto state : {CertificateState::None, CertificateState::Usable}) {
                    const auto title = name + " " + domain + " " +
                                       std::string(base::toString(assurance)) +
                                       " cert:" + std::string(crypto::toString(state));
                    out += line(title,
                                decide(facts,
                                       {recipient("jo@" + std::string(domain), assurance, state)},
                                       account(), defaultPolicy(), kNow));
                }
            }
        }
    }
    return out;
}

std::string byCertificateState() {
    std::string out;
    const auto facts = messages().at(3).facts;
    for (const auto state : kStates) {
        const auto word = std::string(crypto::toString(state));
        out += line("secrets recipient-cert:" + word,
                    decide(facts, {recipient("jo@court.example", Assurance::Verified, state)},
                           account(), defaultPolicy(), kNow));
        out += line(
            "secrets own-cert:" + word,
            decide(facts,
                   {recipient("jo@court.example", Assurance::Verified, CertificateState::Usable)},
                   account(state), defaultPolicy(), kNow));
    }
    return out;
}

std::string byCjsm() {
    std::string out;
    for (unsigned bits = 0; bits < 8; ++bits) {
        auto policy = defaultPolicy();
        auto from = account();
        from.mayUseCjsm = (bits & 1U) != 0;
        policy.managedComputer = (bits & 2U) != 0;
        from.host = (bits & 4U) != 0 ? "smtp.mailgun.org" : "smtp.justice.example";
        const auto title = std::string("cjsm") + (from.mayUseCjsm ? " account" : " no-account") +
                           (policy.managedComputer ? " managed" : " unmanaged") +
                           ((bits & 4U) != 0 ? " relay" : " own-server");
        out += line(title, decide(message(Classification::OfficialSensitive),
                                  {recipient("a.clerk@firm.co.uk.cjsm.net", Assurance::Unknown,
                                             CertificateState::Usable)},
                                  from, policy, kNow));
    }
    return out;
}

//! What directory and DNS say, of an address in cjsm.net and of one elsewhere.
std::string byCjsmStatus() {
    using enum assurance::CjsmStatus;
    auto policy = defaultPolicy();
    policy.managedComputer = true;
    auto from = account();
    from.mayUseCjsm = true;
    std::string out;
    for (const auto *address : {"jo@firm.co.uk", "jo@firm.co.uk.cjsm.net", "jo@york.cjsm.net"}) {
        for (const auto status :
             {NotChecked, Address, Listed, ListedInactive, Dns, NotFound, Unknown}) {
            auto evidence = recipient(address, Assurance::Verified, CertificateState::None);
            evidence.domain.cjsm = status;
            if (status == Listed || status == Dns || status == ListedInactive) {
                evidence.domain.cjsmAddress = "jo@firm.co.uk.cjsm.net";
            }
            out += line(
                "cjsm " + std::string(address) + " " + std::string(assurance::toString(status)),
                decide(message(Classification::OfficialSensitive), {evidence}, from, policy, kNow));
        }
    }
    return out;
}

std::string byExceptionAndRevocationPolicy() {
    std::string out;
    for (const auto *expires : {"2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"}) {
        for (const auto assurance : base::kAllAssurances) {
            for (const auto state : {CertificateState::None, CertificateState::Usable}) {
                auto policy = defaultPolicy();
                policy.exceptions = {{"council.gov.uk", "new server", "A. Dent", "CHG-1",
                                      base::fromIso8601(expires)}};
                out += line("excepted-until " + std::string(expires) + " " +
                                std::string(base::toString(assurance)) +
                                " cert:" + std::string(crypto::toString(state)),
                            decide(message(Classification::Official),
                                   {recipient("jo@council.gov.uk", assurance, state)}, account(),
                                   policy, kNow));
            }
        }
    }
    using enum policy::RevocationUnknown;
    for (const auto rule : {Block, Justify, Allow}) {
        auto policy = defaultPolicy();
        policy.revocationUnknown = rule;
        const auto word = rule == Block ? "block" : rule == Justify ? "justify" : "allow";
        out += line(std::string("revocation-unknown:") + word,
                    decide(messages().at(3).facts,
                           {recipient("jo@court.example", Assurance::Verified,
                                      CertificateState::RevocationUnknown)},
                           account(), policy, kNow));
    }
    return out;
}

std::string byRequest() {
    std::string out;
    for (const auto &[name, facts] : messages()) {
        for (const auto route :
             {RouteKind::Smime, RouteKind::Tls, RouteKind::Cjsm, RouteKind::Ome}) {
            auto asked = facts;
            asked.requested = route;
            for (const auto state : {CertificateState::None, CertificateState::Usable}) {
                out +=
                    line(name + " asked:" + std::string(base::toString(route)) +
                             " cert:" + std::string(crypto::toString(state)),
                         decide(asked, {recipient("jo@court.example", Assurance::Verified, state)},
                                account(), defaultPolicy(), kNow));
            }
        }
    }
    return out;
}

//! With what a person said is wrongly found.
std::string byDismissal() {
    using enum Classification;
    std::string out;
    for (const auto &[category, minimum] :
         {std::pair{scan::Category::PrivateKey, OfficialSensitive},
          std::pair{scan::Category::Credential, OfficialSensitive},
          std::pair{scan::Category::OneTimeSeed, OfficialSensitive},
          std::pair{scan::Category::PersonalData, OfficialSensitive},
          std::pair{scan::Category::Hidden, Official},
          std::pair{scan::Category::Marking, OfficialSensitive},
          std::pair{scan::Category::Marking, Secret}}) {
        auto found = finding("x", category, minimum);
        found.dismissedBecause = "It is an example";
        for (const auto assurance : {Assurance::Verified, Assurance::Enforced}) {
            out += line("dismissed " + std::string(scan::toString(category)) + " " +
                            std::string(base::toString(minimum)) + " " +
                            std::string(base::toString(assurance)),
                        decide(message(Official, {found}),
                               {recipient("jo@court.example", assurance, CertificateState::None)},
                               account(), defaultPolicy(), kNow));
        }
    }
    return out;
}

} // namespace

std::string decisionTable() {
    return "# message, domain, assurance, certificate => route | reasons | owed by the recipient "
           "(? justification, ! confirmation) | owed by the message\n" +
           byDomainAndCertificate() + byCertificateState() + byCjsm() + byCjsmStatus() +
           byExceptionAndRevocationPolicy() + byRequest() + byDismissal();
}

} // namespace sealpost::routing::testing
