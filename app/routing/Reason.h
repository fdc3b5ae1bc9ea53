// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::routing {

//! Why a route was taken, was not possible, or owes something. The words are made in app/wording.
enum class ReasonId {
    // Taken
    SmimeChosen,
    TlsEnforced,
    TlsPublished,
    TlsVerified,
    TlsRegistered,
    TlsJustified,
    CjsmChosen,
    OmeChosen,
    OmeRuleNeeded,
    RouteJustified,
    // About the message
    MarkingAboveOfficial,
    ScanMinimumClassification,
    KeyWithLock,
    ForwardAccount,
    ForwardForbidden,
    ForwardWeaker,
    // About the recipient
    RecipientLookAlike,
    RecipientFirstTime,
    // S/MIME
    SmimeNoCertificate,
    SmimeExpired,
    SmimeNotYetValid,
    SmimeRevoked,
    SmimeRevocationUnknown,
    SmimeUntrusted,
    SmimeWrongUsage,
    SmimeWrongAddress,
    SmimeWeakKey,
    SmimeExpiring,
    SmimeSenderCertificate,
    SmimeSenderRevocationUnknown,
    // TLS
    TlsWeak,
    TlsNone,
    TlsViolated,
    TlsUndeliverable,
    TlsUnknown,
    TlsInsufficient,
    TlsGovUkRequired,
    TlsExcepted,
    TlsExceptionExpired,
    // CJSM
    CjsmOnly,
    CjsmNotAMember,
    CjsmAccount,
    CjsmUnmanagedComputer,
    CjsmRelay,
    CjsmBusiness,
    CjsmGuessed,
    CjsmInactive,
    // Office 365 Message Encryption
    OmeNotSetUp,
    OmeAccount,
    // Policy and person
    PolicyNoRoute,
    ProtectRequested,
};

//! What a person can do next; every blocked recipient has at least one.
enum class NextStep {
    AskForCertificate,
    FindCertificate,
    RenewCertificate,
    ImportOwnCertificate,
    CheckCertificate,
    TrustAuthority,
    UseCjsm,
    UseCjsmAccount,
    UseManagedComputer,
    RemoveSecret,
    UseTwoWays,
    RaiseClassification,
    UseOrganisationAccount,
    RemoveMessage,
    AskForException,
    WaitAndCheckAgain,
    CheckAddress,
    TellTheirPostmaster,
    AskAdministrator,
};

//! A reason's fixed part; one row for each ReasonId, in its order.
struct ReasonSpec {
    ReasonId id;
    std::string_view name;   //!< stable, for journal, JSON and telephone: "tls.govuk-required"
    std::string_view clause; //!< in the Secure Email Transfer Guide: "Guide 2"
    std::vector<NextStep> nextSteps;
};

[[nodiscard]] std::span<const ReasonSpec> allReasons();
[[nodiscard]] const ReasonSpec &specOf(ReasonId id);

//! A reason with its facts. Keys: "recipient", "domain", "host", "finding", "location", "state",
//! "detail", "classification", "expires", "reference", "route", "secure", "known" (a domain),
//! "lock" (a finding's kind), "trigger".
struct Reason {
    ReasonId id = ReasonId::PolicyNoRoute;
    std::map<std::string, std::string> facts;
    friend bool operator==(const Reason &, const Reason &) = default;
};

enum class OwedKind {
    Confirmation,  //!< a statement that the person ticks
    Justification, //!< a sentence that the person writes
};

//! What a person still owes before the message may go.
struct Owed {
    //! specOf(reason.id).name: one answer serves all recipients that owe it. Where each address is
    //! to be looked at by itself, a colon and the address follow.
    std::string id;
    OwedKind kind = OwedKind::Confirmation;
    Reason reason;
    friend bool operator==(const Owed &, const Owed &) = default;
};

} // namespace sealpost::routing
