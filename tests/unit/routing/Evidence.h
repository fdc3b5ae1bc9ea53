// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "routing/RouteDecider.h"

#include <set>
#include <string>

//! Short ways to the decision's inputs, and the default policy of docs as values.
namespace sealpost::routing::testing {

using crypto::CertificateState;
using policy::MessageClass;

inline const Time kNow = base::fromIso8601("2026-11-23T12:00:00Z");

inline policy::Policy defaultPolicy() {
    using enum RouteKind;
    using enum Assurance;
    policy::Policy policy;
    policy.decision[MessageClass::Official] = {
        {Tls, Smime, Cjsm, Ome}, {Enforced, Published, Verified, Registered}, {}};
    policy.decision[MessageClass::OfficialDomainUnknown] = {
        {Smime, Cjsm, Ome, Tls}, {Unknown}, {Tls}};
    policy.decision[MessageClass::Sensitive] = {
        {Smime, Cjsm, Tls, Ome}, {Enforced, Published, Registered}, {}};
    policy.decision[MessageClass::Secrets] = {{Smime, Cjsm, Tls}, {Enforced}, {Tls}};
    policy.tlsRequiredUnder = {"gov.uk"};
    policy.multiClientRelays = {"mailgun.org", "mandrillapp.com", "amazonaws.com"};
    return policy;
}

inline crypto::CertificateInfo certificate(CertificateState state) {
    crypto::CertificateInfo info;
    info.state = state;
    if (state != CertificateState::None) {
        info.fingerprint = std::string(64, 'a');
        info.notAfter = base::fromIso8601("2027-06-01T00:00:00Z");
    }
    return info;
}

inline RecipientEvidence recipient(const std::string &address, Assurance assurance,
                                   CertificateState state, RecipientRole role = RecipientRole::To) {
    RecipientEvidence evidence;
    evidence.address = mail::Address::parse(address).value();
    evidence.role = role;
    evidence.domain.domain = evidence.address.domain();
    evidence.domain.assurance = assurance;
    evidence.certificate = certificate(state);
    evidence.acquaintance = Acquaintance::WrittenBefore;
    return evidence;
}

inline AccountFacts account(CertificateState own = CertificateState::Usable) {
    AccountFacts facts;
    facts.host = "smtp.justice.example";
    facts.certificate = certificate(own);
    facts.domain = "justice.example";
    return facts;
}

inline scan::Finding finding(const std::string &kind, scan::Category category,
                             Classification minimum = Classification::OfficialSensitive,
                             scan::Confidence confidence = scan::Confidence::High) {
    scan::Finding found;
    found.kind = kind;
    found.category = category;
    found.minimumClassification = minimum;
    found.confidence = confidence;
    found.location.source = "body";
    return found;
}

inline MessageFacts message(Classification classification,
                            std::vector<scan::Finding> findings = {}) {
    return {classification, std::move(findings), std::nullopt};
}

//! The whole table as text, one line a case.
[[nodiscard]] std::string decisionTable();
//! Every id that a decision of the table names: as reason, as rejected or as owed.
[[nodiscard]] std::set<ReasonId> reasonsOfDecisionTable();

} // namespace sealpost::routing::testing
