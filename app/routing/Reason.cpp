// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/Reason.h"

#include <array>
#include <cstddef>

namespace sealpost::routing {

namespace {

using enum NextStep;

// One row for each ReasonId, in its order; tst_RouteDecider holds the two together.
// clang-format off
const std::array kReasons = {
    ReasonSpec{ReasonId::SmimeChosen, "smime.end-to-end", "Guide 4", {}},
    ReasonSpec{ReasonId::TlsEnforced, "tls.enforced", "Guide 2", {}},
    ReasonSpec{ReasonId::TlsPublished, "tls.published", "Guide 2", {}},
    ReasonSpec{ReasonId::TlsVerified, "tls.verified", "Guide 2", {}},
    ReasonSpec{ReasonId::TlsRegistered, "tls.registered", "Guide 2", {}},
    ReasonSpec{ReasonId::TlsJustified, "tls.justification", "Guide 2", {}},
    ReasonSpec{ReasonId::CjsmChosen, "cjsm.member", "Guide 7", {}},
    ReasonSpec{ReasonId::OmeChosen, "ome.not-end-to-end", "Guide 6", {}},
    ReasonSpec{ReasonId::OmeRuleNeeded, "ome.mail-flow-rule", "Guide 6", {}},
    ReasonSpec{ReasonId::RouteJustified, "policy.justification", "Guide 5", {}},
    ReasonSpec{ReasonId::MarkingAboveOfficial, "marking.above-official", "Guide 7", {RemoveMessage}},
    ReasonSpec{ReasonId::ScanMinimumClassification, "scan.min-classification", "Guide 1", {RaiseClassification}},
    ReasonSpec{ReasonId::KeyWithLock, "content.key-with-lock", "Guide 1", {UseTwoWays}},
    ReasonSpec{ReasonId::ForwardAccount, "forward.account", "Guide 9", {UseOrganisationAccount, AskAdministrator}},
    ReasonSpec{ReasonId::ForwardForbidden, "forward.forbidden", "Guide 9", {AskAdministrator}},
    ReasonSpec{ReasonId::ForwardWeaker, "forward.weaker-route", "Guide 9", {AskForCertificate}},
    ReasonSpec{ReasonId::RecipientLookAlike, "recipient.look-alike", "Guide 5", {CheckAddress}},
    ReasonSpec{ReasonId::RecipientFirstTime, "recipient.first-time", "Guide 5", {CheckAddress}},
    ReasonSpec{ReasonId::SmimeNoCertificate, "smime.no-certificate", "Guide 3", {AskForCertificate, FindCertificate}},
    ReasonSpec{ReasonId::SmimeExpired, "smime.certificate-expired", "Guide 3", {AskForCertificate, FindCertificate}},
    ReasonSpec{ReasonId::SmimeNotYetValid, "smime.certificate-not-yet-valid", "Guide 3", {WaitAndCheckAgain, AskForCertificate}},
    ReasonSpec{ReasonId::SmimeRevoked, "smime.certificate-revoked", "Guide 3", {AskForCertificate}},
    ReasonSpec{ReasonId::SmimeRevocationUnknown, "smime.revocation-unknown", "Guide 3", {WaitAndCheckAgain, AskAdministrator}},
    ReasonSpec{ReasonId::SmimeUntrusted, "smime.certificate-untrusted", "Guide 3", {TrustAuthority, AskForCertificate}},
    ReasonSpec{ReasonId::SmimeWrongUsage, "smime.certificate-usage", "Guide 3", {AskForCertificate}},
    ReasonSpec{ReasonId::SmimeWrongAddress, "smime.certificate-address", "Guide 3", {CheckAddress, AskForCertificate}},
    ReasonSpec{ReasonId::SmimeWeakKey, "smime.certificate-weak", "Guide 3", {AskForCertificate}},
    ReasonSpec{ReasonId::SmimeExpiring, "smime.certificate-expiring", "Guide 3", {}},
    ReasonSpec{ReasonId::SmimeSenderCertificate, "smime.own-certificate", "Guide 3", {ImportOwnCertificate, RenewCertificate}},
    ReasonSpec{ReasonId::SmimeSenderRevocationUnknown, "smime.own-revocation-unknown", "Guide 3", {WaitAndCheckAgain, AskAdministrator}},
    ReasonSpec{ReasonId::TlsWeak, "tls.weak", "Guide 2", {TellTheirPostmaster}},
    ReasonSpec{ReasonId::TlsNone, "tls.none", "Guide 2", {AskForException}},
    ReasonSpec{ReasonId::TlsViolated, "tls.violated", "Guide 2", {WaitAndCheckAgain, TellTheirPostmaster}},
    ReasonSpec{ReasonId::TlsUndeliverable, "tls.undeliverable", "Guide 2", {CheckAddress}},
    ReasonSpec{ReasonId::TlsUnknown, "tls.unknown", "Guide 2", {WaitAndCheckAgain}},
    ReasonSpec{ReasonId::TlsInsufficient, "tls.insufficient", "Guide 1", {}},
    ReasonSpec{ReasonId::TlsGovUkRequired, "tls.govuk-required", "Guide 2", {AskForException, TellTheirPostmaster}},
    ReasonSpec{ReasonId::TlsExcepted, "tls.excepted", "Guide 2", {}},
    ReasonSpec{ReasonId::TlsExceptionExpired, "tls.exception-expired", "Guide 2", {AskForException}},
    ReasonSpec{ReasonId::CjsmOnly, "cjsm.only", "Guide 7", {UseCjsm}},
    ReasonSpec{ReasonId::CjsmNotAMember, "cjsm.not-a-member", "Guide 7", {}},
    ReasonSpec{ReasonId::CjsmAccount, "cjsm.account-not-allowed", "Guide 7", {UseCjsmAccount, AskAdministrator}},
    ReasonSpec{ReasonId::CjsmUnmanagedComputer, "cjsm.unmanaged-computer", "Guide 7", {UseManagedComputer, AskAdministrator}},
    ReasonSpec{ReasonId::CjsmRelay, "cjsm.relay-forbidden", "Guide 7", {UseCjsmAccount}},
    ReasonSpec{ReasonId::CjsmBusiness, "cjsm.criminal-justice-business", "Guide 7", {}},
    ReasonSpec{ReasonId::CjsmGuessed, "cjsm.address-guessed", "Guide 7", {}},
    ReasonSpec{ReasonId::CjsmInactive, "cjsm.account-inactive", "Guide 7", {CheckAddress, AskAdministrator}},
    ReasonSpec{ReasonId::OmeNotSetUp, "ome.not-set-up", "Guide 6", {AskAdministrator}},
    ReasonSpec{ReasonId::OmeAccount, "ome.account", "Guide 6", {UseOrganisationAccount, AskAdministrator}},
    ReasonSpec{ReasonId::PolicyNoRoute, "policy.route-not-allowed", "Guide 5", {AskAdministrator}},
    ReasonSpec{ReasonId::ProtectRequested, "protect.requested", "Guide 5", {}},
};
// clang-format on

static_assert(kReasons.size() == static_cast<std::size_t>(ReasonId::ProtectRequested) + 1);

} // namespace

std::span<const ReasonSpec> allReasons() {
    return kReasons;
}

const ReasonSpec &specOf(ReasonId id) {
    return kReasons.at(static_cast<std::size_t>(id));
}

} // namespace sealpost::routing
