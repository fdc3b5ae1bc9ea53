// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PlanActions.h"

#include "ui/Labels.h"
#include "wording/Wording.h"

#include <QCoreApplication>
#include <algorithm>

namespace sealpost::ui {
namespace {

QString tr(const char *text) {
    return QCoreApplication::translate("PlanActions", text);
}

std::vector<const routing::RecipientDecision *> blockedOf(const send::SendPlan &plan) {
    std::vector<const routing::RecipientDecision *> blocked;
    for (const auto &recipient : plan.decision.recipients) {
        if (recipient.route == RouteKind::Blocked) {
            blocked.push_back(&recipient);
        }
    }
    return blocked;
}

PlanAction removal(const std::vector<const routing::RecipientDecision *> &recipients) {
    PlanAction action{PlanActionKind::RemoveRecipients,
                      tr("Remove the %1 blocked recipients").arg(recipients.size())};
    if (recipients.size() == 1) {
        action.label = tr("Remove %1").arg(toQString(recipients.front()->address.shortName()));
    }
    for (const auto *recipient : recipients) {
        action.recipients.push_back(recipient->address);
    }
    return action;
}

const scan::Finding *firstStanding(const std::vector<scan::Finding> &findings) {
    const auto found = std::find_if(findings.begin(), findings.end(), scan::stands);
    return found == findings.end() ? nullptr : &*found;
}

//! What the window can do for a next step; none where it is for somebody to do elsewhere.
std::optional<PlanAction> actionFor(routing::NextStep step, const mail::Address &recipient,
                                    const send::SendPlan &plan) {
    using routing::NextStep;
    const auto who = toQString(recipient.shortName());
    switch (step) {
    case NextStep::FindCertificate:
        return PlanAction{
            PlanActionKind::FindCertificate, tr("Find a certificate for %1").arg(who), {recipient}};
    case NextStep::AskForCertificate:
        return PlanAction{PlanActionKind::AskForCertificate,
                          tr("Ask %1 for a certificate").arg(who),
                          {recipient}};
    case NextStep::RenewCertificate:
    case NextStep::ImportOwnCertificate:
    case NextStep::CheckCertificate:
    case NextStep::TrustAuthority:
        return PlanAction{PlanActionKind::OpenCertificates, tr("Open certificates")};
    case NextStep::RemoveSecret:
    case NextStep::UseTwoWays:
        if (const auto *finding = firstStanding(plan.findings)) {
            PlanAction action{PlanActionKind::ShowFinding, wording::shortText(step)};
            action.finding = *finding;
            return action;
        }
        return std::nullopt;
    case NextStep::WaitAndCheckAgain:
        return PlanAction{PlanActionKind::CheckAgain, tr("Check again")};
    case NextStep::UseCjsm:
    case NextStep::UseCjsmAccount:
    case NextStep::UseManagedComputer:
    case NextStep::RaiseClassification: // offered by itself, see actionsFor()
    case NextStep::UseOrganisationAccount:
    case NextStep::RemoveMessage:
    case NextStep::AskForException:
    case NextStep::CheckAddress:
    case NextStep::TellTheirPostmaster:
    case NextStep::AskAdministrator:
        return std::nullopt;
    }
    return std::nullopt;
}

void addOnce(std::vector<PlanAction> &actions, PlanAction action) {
    const bool there = std::any_of(actions.begin(), actions.end(), [&](const PlanAction &other) {
        return other.kind == action.kind;
    });
    if (!there) {
        actions.push_back(std::move(action));
    }
}

//! To look for a certificate takes seconds, to ask for one days: and whoever finds none is offered
//! to ask.
std::vector<routing::NextStep> quickestFirst(std::vector<routing::NextStep> steps) {
    std::ranges::stable_partition(
        steps, [](routing::NextStep step) { return step != routing::NextStep::AskForCertificate; });
    return steps;
}

std::vector<PlanAction> actionsWhereBlocked(const send::SendPlan &plan) {
    const auto blocked = blockedOf(plan);
    std::vector<PlanAction> actions;
    const bool someCanGo = blocked.size() < plan.decision.recipients.size();
    if (someCanGo) {
        actions.push_back(removal(blocked));
    }
    for (const auto *recipient : blocked) {
        for (const auto step : quickestFirst(recipient->nextSteps)) {
            if (auto action = actionFor(step, recipient->address, plan)) {
                addOnce(actions, std::move(*action));
            }
        }
    }
    if (!someCanGo) {
        actions.push_back(removal(blocked));
    }
    return actions;
}

} // namespace

std::optional<Classification> raiseCalledFor(const std::vector<scan::Finding> &findings,
                                             Classification chosen) {
    auto least = chosen;
    for (const auto &finding : findings) {
        least = scan::stands(finding) ? std::max(least, finding.minimumClassification) : least;
    }
    if (least == chosen || least > Classification::OfficialSensitive) {
        return std::nullopt;
    }
    return least;
}

bool needsNoWarning(const send::SendPlan &plan) {
    return firstStanding(plan.findings) == nullptr && plan.skipped.empty() && plan.owed.empty() &&
           !plan.blocked();
}

QString planTitle(const send::SendPlan &plan) {
    if (firstStanding(plan.findings) != nullptr) {
        return wording::findingsTitle(plan.findings);
    }
    const auto blocked = blockedOf(plan);
    if (blocked.size() == 1) {
        return tr("This message can’t go to %1")
            .arg(toQString(blocked.front()->address.shortName()));
    }
    if (!blocked.empty()) {
        return tr("This message can’t go to %1 of the recipients").arg(blocked.size());
    }
    if (!plan.skipped.empty()) {
        return tr("Part of this message could not be looked into");
    }
    return tr("This message needs your confirmation");
}

PlanActions actionsFor(const send::SendPlan &plan) {
    std::vector<PlanAction> actions;
    if (plan.blocked()) {
        actions = actionsWhereBlocked(plan);
    }
    if (const auto raised = raiseCalledFor(plan.findings, plan.draft.classification)) {
        PlanAction raise{PlanActionKind::RaiseClassification,
                         tr("Raise to %1").arg(toQString(base::toString(*raised)))};
        raise.classification = raised;
        // Where someone is blocked, raising alone does not help: it comes after what does.
        actions.insert(plan.blocked() ? actions.end() : actions.begin(), std::move(raise));
    }
    if (!plan.blocked()) {
        const bool raised = !actions.empty();
        actions.push_back(
            {PlanActionKind::Send,
             raised ? tr("Send as %1").arg(toQString(base::toString(plan.draft.classification)))
                    : tr("Send")});
    }
    if (actions.empty()) {
        actions.push_back({PlanActionKind::BackToMessage, tr("Back to message")});
    }
    PlanActions result{actions.front(), {}};
    result.others.assign(actions.begin() + 1, actions.end());
    return result;
}

} // namespace sealpost::ui
