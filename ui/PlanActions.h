// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Classification.h"
#include "mail/Address.h"
#include "routing/Reason.h"
#include "send/SendPlan.h"

#include <QString>
#include <optional>
#include <vector>

namespace sealpost::ui {

//! What the window can do about a plan.
enum class PlanActionKind {
    Send,
    RaiseClassification,
    RemoveRecipients,
    ShowFinding,
    DismissFinding,
    RestoreFinding,
    CheckAgain,
    FindCertificate,
    AskForCertificate,
    OpenCertificates,
    BackToMessage,
};

struct PlanAction {
    PlanActionKind kind = PlanActionKind::BackToMessage;
    QString label;
    std::vector<mail::Address> recipients;        //!< RemoveRecipients; one: FindCertificate,
                                                  //!< AskForCertificate
    std::optional<Classification> classification; //!< RaiseClassification
    std::optional<scan::Finding> finding;         //!< ShowFinding, DismissFinding, RestoreFinding
    QString reason;                               //!< DismissFinding
};

struct PlanActions {
    PlanAction recommended;
    std::vector<PlanAction> others; //!< without BackToMessage, which is always there
};

//! The one recommended action for a plan, and the others.
[[nodiscard]] PlanActions actionsFor(const send::SendPlan &plan);

//! The classification that the findings call for, where it is above the chosen one and at most
//! OFFICIAL-SENSITIVE (a higher one would not help: such a message can't be sent at all).
[[nodiscard]] std::optional<Classification>
raiseCalledFor(const std::vector<scan::Finding> &findings, Classification chosen);

//! Whether Send may send without a word: nothing found that was not marked as wrong, nothing
//! skipped, nothing owed, no one blocked.
[[nodiscard]] bool needsNoWarning(const send::SendPlan &plan);

//! The title of the warning: the fact.
[[nodiscard]] QString planTitle(const send::SendPlan &plan);

} // namespace sealpost::ui
