// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/Candidates.h"

#include "base/Text.h"
#include "routing/AccountRules.h"

#include <algorithm>
#include <string_view>

namespace sealpost::routing {

namespace {

using crypto::CertificateState;

constexpr std::string_view kCjsmDomain = "cjsm.net";

std::optional<ReasonId> whyUnusable(CertificateState state) {
    switch (state) {
    case CertificateState::Usable:
    case CertificateState::Expiring:
    case CertificateState::RevocationUnknown:
        return std::nullopt;
    case CertificateState::None:
        return ReasonId::SmimeNoCertificate;
    case CertificateState::Expired:
        return ReasonId::SmimeExpired;
    case CertificateState::NotYetValid:
        return ReasonId::SmimeNotYetValid;
    case CertificateState::Revoked:
        return ReasonId::SmimeRevoked;
    case CertificateState::Untrusted:
        return ReasonId::SmimeUntrusted;
    case CertificateState::WrongUsage:
        return ReasonId::SmimeWrongUsage;
    case CertificateState::WrongAddress:
        return ReasonId::SmimeWrongAddress;
    case CertificateState::WeakKey:
        return ReasonId::SmimeWeakKey;
    }
    return ReasonId::SmimeNoCertificate;
}

//! What an assurance says for or against TLS.
ReasonId tlsReason(Assurance assurance) {
    switch (assurance) {
    case Assurance::Enforced:
        return ReasonId::TlsEnforced;
    case Assurance::Published:
        return ReasonId::TlsPublished;
    case Assurance::Verified:
        return ReasonId::TlsVerified;
    case Assurance::Registered:
        return ReasonId::TlsRegistered;
    case Assurance::Weak:
        return ReasonId::TlsWeak;
    case Assurance::None:
        return ReasonId::TlsNone;
    case Assurance::Violated:
        return ReasonId::TlsViolated;
    case Assurance::Undeliverable:
        return ReasonId::TlsUndeliverable;
    case Assurance::Unknown:
        return ReasonId::TlsUnknown;
    }
    return ReasonId::TlsUnknown;
}

//! No policy can make TLS go to these: the transport would not be protected.
bool neverByTls(Assurance assurance) {
    return assurance == Assurance::Weak || assurance == Assurance::None ||
           assurance == Assurance::Violated || assurance == Assurance::Undeliverable;
}

//! The MX that bears a verdict out: the one without TLS for None, one with problems for Weak.
std::string decisiveHost(const assurance::DomainReport &report) {
    const auto decisive = [&](const assurance::MxReport &mx) {
        if (report.assurance == Assurance::None) {
            return mx.outcome != assurance::ProbeOutcome::Encrypted &&
                   mx.outcome != assurance::ProbeOutcome::Unreachable;
        }
        return mx.tls && !mx.tls->problems.empty();
    };
    const auto found = std::find_if(report.mx.begin(), report.mx.end(), decisive);
    if (found != report.mx.end()) {
        return found->host;
    }
    return report.mx.empty() ? std::string() : report.mx.front().host;
}

Owed owed(OwedKind kind, Reason reason) {
    return {std::string(specOf(reason.id).name), kind, std::move(reason)};
}

//! What the tenant's rule looks for, as a person reads it.
std::string triggerText(const policy::OmePolicy &ome) {
    const auto both = !ome.triggerHeader.empty() && !ome.triggerSubject.empty();
    return ome.triggerHeader + (both ? ", " : "") + ome.triggerSubject;
}

} // namespace

Candidates::Candidates(const MessageFacts &message, const RecipientEvidence &recipient,
                       const AccountFacts &account, const policy::Policy &policy, Time now)
    : m_message(message), m_recipient(recipient), m_account(account), m_policy(policy) {
    for (const auto &entry : policy.exceptions) {
        if (base::isSameOrSubdomain(recipient.address.domain(), entry.domain)) {
            (entry.expires > now ? m_exception : m_expiredException) = &entry;
        }
    }
}

bool Candidates::isCjsmAddress() const {
    return base::isSameOrSubdomain(m_recipient.address.domain(), kCjsmDomain);
}

std::string Candidates::secureAddress() const {
    const auto &secure = m_recipient.domain.cjsmAddress;
    return isCjsmAddress() || secure.empty() ? m_recipient.address.spec() : secure;
}

std::optional<Reason> Candidates::expiredException() const {
    if (m_expiredException == nullptr || m_exception != nullptr) {
        return std::nullopt;
    }
    auto reason = aboutDomain(ReasonId::TlsExceptionExpired);
    reason.facts["expires"] = base::toIso8601(m_expiredException->expires);
    reason.facts["reference"] = m_expiredException->reference;
    return reason;
}

Reason Candidates::aboutDomain(ReasonId id) const {
    Reason reason{id,
                  {{"recipient", m_recipient.address.spec()},
                   {"domain", m_recipient.address.domain()},
                   {"state", std::string(base::toString(m_recipient.domain.assurance))}}};
    if (const auto host = decisiveHost(m_recipient.domain); !host.empty()) {
        reason.facts["host"] = host;
    }
    return reason;
}

Reason Candidates::aboutCertificate(ReasonId id) const {
    Reason reason{id, {{"recipient", m_recipient.address.spec()}}};
    if (!m_recipient.certificate.detail.empty()) {
        reason.facts["detail"] = m_recipient.certificate.detail;
    }
    constexpr std::string_view kIssuerEnds = "issuer-expires: ";
    constexpr std::size_t kDateSize = std::string_view("2026-01-01T00:00:00Z").size();
    const std::string_view detail = m_recipient.certificate.detail;
    if (detail.starts_with(kIssuerEnds)) {
        reason.facts["expires"] = detail.substr(kIssuerEnds.size(), kDateSize);
    } else if (m_recipient.certificate.notAfter != Time{}) {
        reason.facts["expires"] = base::toIso8601(m_recipient.certificate.notAfter);
    }
    return reason;
}

void Candidates::addRevocation(Candidate &candidate, ReasonId id) const {
    const auto reason = aboutCertificate(id);
    switch (m_policy.revocationUnknown) {
    case policy::RevocationUnknown::Block:
        candidate.possible = false;
        candidate.reasons = {reason};
        candidate.owed.clear();
        break;
    case policy::RevocationUnknown::Justify:
        candidate.reasons.push_back(reason);
        candidate.owed.push_back(owed(OwedKind::Justification, reason));
        break;
    case policy::RevocationUnknown::Allow:
        candidate.reasons.push_back(reason);
        break;
    }
}

Candidate Candidates::smime() const {
    const auto own = m_account.certificate.state;
    if (whyUnusable(own)) {
        auto reason = Reason{ReasonId::SmimeSenderCertificate,
                             {{"state", std::string(crypto::toString(own))}}};
        // A certificate that the recipient lacks too is worth telling at once.
        std::vector<Reason> reasons{std::move(reason)};
        if (const auto why = whyUnusable(m_recipient.certificate.state)) {
            reasons.push_back(aboutCertificate(*why));
        }
        return {false, std::move(reasons), {}};
    }
    if (const auto why = whyUnusable(m_recipient.certificate.state)) {
        return {false, {aboutCertificate(*why)}, {}};
    }
    Candidate candidate{true, {aboutCertificate(ReasonId::SmimeChosen)}, {}};
    if (m_recipient.certificate.state == CertificateState::Expiring) {
        candidate.reasons.push_back(aboutCertificate(ReasonId::SmimeExpiring));
    }
    if (m_recipient.certificate.state == CertificateState::RevocationUnknown) {
        addRevocation(candidate, ReasonId::SmimeRevocationUnknown);
    }
    if (candidate.possible && own == CertificateState::RevocationUnknown) {
        addRevocation(candidate, ReasonId::SmimeSenderRevocationUnknown);
    }
    return candidate;
}

Candidate Candidates::tls(const policy::DecisionRow &row) const {
    const auto assurance = m_recipient.domain.assurance;
    if (m_exception != nullptr) {
        return {false, {excepted()}, {}};
    }
    std::vector<Reason> against;
    if (neverByTls(assurance)) {
        against.push_back(aboutDomain(tlsReason(assurance)));
    } else if (!row.tlsSuffices.contains(assurance)) {
        against.push_back(aboutDomain(assurance == Assurance::Unknown ? ReasonId::TlsUnknown
                                                                      : ReasonId::TlsInsufficient));
    }
    if (!against.empty()) {
        if (const auto expired = expiredException()) {
            against.push_back(*expired);
        }
        return {false, std::move(against), {}};
    }
    return {true, {aboutDomain(tlsReason(assurance))}, {}};
}

Reason Candidates::excepted() const {
    auto reason = aboutDomain(ReasonId::TlsExcepted);
    reason.facts["reference"] = m_exception->reference;
    return reason;
}

Candidate Candidates::cjsm() const {
    const auto status = m_recipient.domain.cjsm;
    if (status == assurance::CjsmStatus::ListedInactive) {
        return {false, {aboutDomain(ReasonId::CjsmInactive)}, {}};
    }
    const bool guessed = !isCjsmAddress() && status == assurance::CjsmStatus::Dns;
    const bool listed = status == assurance::CjsmStatus::Listed;
    const bool named = isCjsmAddress() || !m_recipient.domain.cjsmAddress.empty();
    if (!named || (!isCjsmAddress() && !listed && !guessed)) {
        return {false, {aboutDomain(ReasonId::CjsmNotAMember)}, {}};
    }
    std::vector<Reason> against;
    for (const auto id : againstCjsm(m_account, m_policy)) {
        auto &reason = against.emplace_back(aboutDomain(id));
        if (id == ReasonId::CjsmRelay) {
            reason.facts["host"] = m_account.host;
        }
    }
    if (!against.empty()) {
        return {false, std::move(against), {}};
    }
    Candidate candidate{true,
                        {aboutDomain(ReasonId::CjsmChosen)},
                        {owed(OwedKind::Confirmation, aboutDomain(ReasonId::CjsmBusiness))}};
    if (guessed) {
        auto reason = aboutDomain(ReasonId::CjsmGuessed);
        reason.facts["secure"] = secureAddress();
        candidate.owed.push_back(owed(OwedKind::Confirmation, std::move(reason)));
    }
    return candidate;
}

Candidate Candidates::ome() const {
    const auto &ome = m_policy.ome;
    if (!isOmeSetUp(ome)) {
        return {false, {{ReasonId::OmeNotSetUp, {}}}, {}};
    }
    if (!isOnOmeTenant(m_account, ome)) {
        return {false, {{ReasonId::OmeAccount, {{"host", m_account.host}}}}, {}};
    }
    if (m_exception != nullptr) {
        return {false, {excepted()}, {}};
    }
    auto rule = Reason{ReasonId::OmeRuleNeeded, {{"trigger", triggerText(ome)}}};
    return {true, {aboutDomain(ReasonId::OmeChosen), std::move(rule)}, {}};
}

Candidate Candidates::look(RouteKind route, const policy::DecisionRow &row) const {
    switch (route) {
    case RouteKind::Smime:
        return smime();
    case RouteKind::Tls:
        return tls(row);
    case RouteKind::Cjsm:
        return cjsm();
    case RouteKind::Ome:
        return ome();
    case RouteKind::Blocked:
        break;
    }
    return {false, {{ReasonId::PolicyNoRoute, {}}}, {}};
}

bool Candidates::weakerThanTheOriginal(RouteKind route) const {
    const auto &forward = m_message.forward;
    if (!forward || !forward->cameBy || *forward->cameBy == RouteKind::Blocked) {
        return false;
    }
    // TLS of which nothing is known is less than any way that was known.
    const bool unproven =
        route == RouteKind::Tls && m_recipient.domain.assurance == Assurance::Unknown;
    return unproven || strengthOf(route) < strengthOf(*forward->cameBy);
}

Candidate Candidates::consider(RouteKind route, const policy::DecisionRow &row) const {
    if (isCjsmAddress() && route != RouteKind::Cjsm) {
        return {false, {aboutDomain(ReasonId::CjsmOnly)}, {}};
    }
    const auto &requested = m_message.requested;
    if (requested && *requested != route) {
        return {
            false,
            {{ReasonId::ProtectRequested, {{"route", std::string(base::toString(*requested))}}}},
            {}};
    }
    auto candidate = look(route, row);
    if (!candidate.possible) {
        return candidate;
    }
    if (weakerThanTheOriginal(route)) {
        auto reason = aboutDomain(ReasonId::ForwardWeaker);
        reason.facts["route"] = base::toString(*m_message.forward->cameBy);
        return {false, {std::move(reason)}, {}};
    }
    if (row.justify.contains(route)) {
        auto reason = aboutDomain(route == RouteKind::Tls ? ReasonId::TlsJustified
                                                          : ReasonId::RouteJustified);
        reason.facts["route"] = base::toString(route);
        candidate.owed.push_back(owed(OwedKind::Justification, std::move(reason)));
    }
    return candidate;
}

} // namespace sealpost::routing
