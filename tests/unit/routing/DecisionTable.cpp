// SPDX-License-Identifier: GPL-3.0-or-later
#include "Evidence.h"

#include <array>
#include <set>
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

//! Every reason's id that the table's decisions name, anywhere.
std::set<ReasonId> &reached() {
    static std::set<ReasonId> ids;
    return ids;
}

void collect(const std::vector<Reason> &reasons) {
    for (const auto &reason : reasons) {
        reached().insert(reason.id);
    }
}

void collect(const std::vector<Owed> &owed) {
    for (const auto &one : owed) {
        reached().insert(one.reason.id);
    }
}

void collect(const Decision &decision) {
    collect(decision.owed);
    for (const auto &one : decision.recipients) {
        collect(one.reasons);
        collect(one.owed);
        for (const auto &rejected : one.rejected) {
            collect(rejected.reasons);
        }
    }
}

std::string line(const std::string &name, const Decision &decision) {
    collect(decision);
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

//! Office 365 Message Encryption: set up or not, and from which account.
std::string byOme() {
    struct Case {
        std::string name;
        std::string tenant;
        std::string header;
        std::string subject;
        std::string host;
        mail::ProviderKind provider = mail::ProviderKind::Other;
    };
    using enum mail::ProviderKind;
    const std::string host = "smtp.office365.com";
    const std::vector<Case> cases = {
        {"not-set-up", "", "", "", host, Office365},
        {"no-trigger", "justice.example", "", "", host, Office365},
        {"header", "justice.example", "X-Encrypt: yes", "", host, Office365},
        {"subject", "justice.example", "", "[secure]", host, Other},
        {"other-tenant", "court.example", "X-Encrypt: yes", "", host, Office365},
        {"parent-of-tenant", "mail.justice.example", "X-Encrypt: yes", "", host, Office365},
        {"under-tenant", "example", "X-Encrypt: yes", "", host, Office365},
        {"other-host", "justice.example", "X-Encrypt: yes", "", "smtp.relay.example", Office365},
        {"google-account", "justice.example", "X-Encrypt: yes", "", host, Google}};
    std::string out;
    for (const auto &one : cases) {
        auto policy = defaultPolicy();
        policy.ome = {{}, {host}, one.header, one.subject};
        if (!one.tenant.empty()) {
            policy.ome.tenants = {one.tenant};
        }
        auto from = account(CertificateState::None);
        from.host = one.host;
        from.provider = one.provider;
        for (const auto assurance : {Assurance::None, Assurance::Verified, Assurance::Unknown}) {
            out += line("ome " + one.name + " " + std::string(base::toString(assurance)),
                        decide(message(Classification::OfficialSensitive),
                               {recipient("jo@court.example", assurance, CertificateState::None)},
                               from, policy, kNow));
        }
    }
    auto policy = defaultPolicy();
    policy.ome = {{"justice.example"}, {host}, "X-Encrypt: yes", ""};
    policy.exceptions = {{"court.example", "r", "a", "CHG-1", kNow + std::chrono::hours(1)}};
    auto from = account(CertificateState::None);
    from.host = host;
    out += line("ome excepted-domain",
                decide(message(Classification::OfficialSensitive),
                       {recipient("jo@court.example", Assurance::None, CertificateState::None)},
                       from, policy, kNow));
    policy.exceptions.clear();
    policy.decision[MessageClass::Sensitive].justify = {RouteKind::Ome, RouteKind::Smime};
    out += line("ome justify",
                decide(message(Classification::OfficialSensitive),
                       {recipient("jo@court.example", Assurance::None, CertificateState::None)},
                       from, policy, kNow));
    return out;
}

//! What gives pause, under each answer that policy can have.
std::string byConcern() {
    using enum policy::OnConcern;
    const auto password =
        finding("prose-password", scan::Category::Credential, Classification::OfficialSensitive);
    const auto archive =
        finding("encrypted-archive", scan::Category::Hidden, Classification::Official);
    const auto keyFile =
        finding("pkcs12-file", scan::Category::PrivateKey, Classification::OfficialSensitive);
    std::string out;
    for (const auto &[word, concern] : {std::pair("block", Block), std::pair("justify", Justify),
                                        std::pair("confirm", Confirm), std::pair("allow", Allow)}) {
        auto policy = defaultPolicy();
        policy.keyWithLock = policy.belowMinimum = concern;
        policy.lookAlike = policy.firstTime = concern;
        const auto add = [&](const std::string &name, const MessageFacts &facts,
                             const RecipientEvidence &to) {
            out +=
                line(std::string(word) + " " + name, decide(facts, {to}, account(), policy, kNow));
        };
        const auto known =
            recipient("jo@court.example", Assurance::Verified, CertificateState::Usable);
        const auto sensitive = Classification::OfficialSensitive;
        add("archive-alone", message(sensitive, {archive}), known);
        add("password-alone", message(sensitive, {password}), known);
        add("archive-with-password", message(sensitive, {archive, password}), known);
        add("key-file-with-password", message(sensitive, {password, keyFile}), known);
        add("below-minimum", message(Classification::Official, {password}), known);
        auto stranger = known;
        stranger.acquaintance = Acquaintance::FirstTime;
        add("first-time official", message(Classification::Official), stranger);
        add("first-time sensitive", message(sensitive), stranger);
        auto govUk = recipient("jo@council.gov.uk", Assurance::Verified, CertificateState::Usable);
        govUk.acquaintance = Acquaintance::FirstTime;
        add("first-time gov.uk", message(sensitive), govUk);
        auto alike = known;
        alike.resembles = "count.example";
        add("look-alike official", message(Classification::Official), alike);
        alike.certificate = certificate(CertificateState::None);
        add("look-alike blocked", message(sensitive), alike);
        policy.partnerDomains = {"court.example"};
        alike.acquaintance = Acquaintance::FirstTime;
        alike.certificate = known.certificate;
        add("look-alike partner", message(sensitive), alike);
    }
    return out;
}

//! Forwarding: from whose account, what, and by which way it came.
std::string byForward() {
    auto policy = defaultPolicy();
    policy.internalDomains = {"justice.example"};
    policy.managedComputer = true;
    auto cjsm = account();
    cjsm.mayUseCjsm = true;
    auto foreign = account();
    foreign.domain = "evil-justice.example";
    std::string out;
    for (const auto cameBy : base::kAllRouteKinds) {
        for (const auto assurance : {Assurance::Enforced, Assurance::Unknown}) {
            for (const auto state : {CertificateState::None, CertificateState::Usable}) {
                auto facts = message(Classification::Official);
                facts.forward = ForwardFacts{cameBy, Classification::Official};
                out += line("forward came-by:" + std::string(base::toString(cameBy)) + " " +
                                std::string(base::toString(assurance)) +
                                " cert:" + std::string(crypto::toString(state)),
                            decide(facts, {recipient("jo@court.example", assurance, state)}, cjsm,
                                   policy, kNow));
            }
        }
    }
    const auto to = recipient("jo@court.example", Assurance::Enforced, CertificateState::Usable);
    auto facts = message(Classification::Official);
    facts.forward = ForwardFacts{};
    out += line("forward other-account", decide(facts, {to}, foreign, policy, kNow));
    facts.forward->classification = Classification::OfficialSensitive;
    out += line("forward sensitive-as-official", decide(facts, {to}, account(), policy, kNow));
    facts.forward->classification = Classification::Secret;
    out += line("forward secret", decide(facts, {to}, account(), policy, kNow));
    facts.forward->classification = Classification::OfficialSensitive;
    policy.forwardable = {Classification::Official};
    out += line("forward sensitive-forbidden", decide(facts, {to}, account(), policy, kNow));
    facts.forward->classification = Classification::Official;
    out += line("forward official-allowed", decide(facts, {to}, account(), policy, kNow));
    policy.forwardable.clear();
    out += line("forward nothing-allowed", decide(facts, {to}, foreign, policy, kNow));
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

} // namespace

std::string decisionTable() {
    return "# message, domain, assurance, certificate => route | reasons | owed by the recipient "
           "(? justification, ! confirmation) | owed by the message\n" +
           byDomainAndCertificate() + byCertificateState() + byCjsm() + byCjsmStatus() +
           byExceptionAndRevocationPolicy() + byOme() + byConcern() + byForward() + byRequest();
}

std::set<ReasonId> reasonsOfDecisionTable() {
    reached().clear();
    (void)decisionTable();
    return reached();
}

} // namespace sealpost::routing::testing
