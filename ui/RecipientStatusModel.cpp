// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RecipientStatusModel.h"

#include "wording/Wording.h"

namespace sealpost::ui {
namespace {

RecipientState stateOf(const send::SendPlan &plan, const routing::RecipientDecision &decision) {
    switch (decision.route) {
    case RouteKind::Blocked:
        return RecipientState::Blocked;
    case RouteKind::Smime:
        return RecipientState::Protected;
    case RouteKind::Cjsm:
        return RecipientState::Cjsm;
    case RouteKind::Ome:
        return RecipientState::Ome;
    case RouteKind::Tls:
        break;
    }
    const auto report = plan.reports.find(decision.address.domain());
    const bool known =
        report != plan.reports.end() && report->second.assurance != Assurance::Unknown;
    return known ? RecipientState::InTransit : RecipientState::NotConfirmed;
}

} // namespace

QString iconOf(RecipientState state) {
    switch (state) {
    case RecipientState::Checking:
        return QStringLiteral("checking");
    case RecipientState::Protected:
    case RecipientState::Ome:
        return QStringLiteral("lock");
    case RecipientState::Cjsm:
        return QStringLiteral("scales");
    case RecipientState::InTransit:
        return QStringLiteral("transit");
    case RecipientState::NotConfirmed:
        return QStringLiteral("unconfirmed");
    case RecipientState::Blocked:
        return QStringLiteral("blocked");
    case RecipientState::Malformed:
        return QStringLiteral("warning");
    }
    return {};
}

Tone toneOf(RecipientState state) {
    switch (state) {
    case RecipientState::Checking:
        return Tone::Neutral;
    case RecipientState::Protected:
    case RecipientState::Cjsm:
    case RecipientState::Ome:
        return Tone::Good;
    case RecipientState::InTransit:
        return Tone::Info;
    case RecipientState::NotConfirmed:
        return Tone::Caution;
    case RecipientState::Blocked:
    case RecipientState::Malformed:
        return Tone::Bad;
    }
    return Tone::Neutral;
}

RecipientStatus statusOf(const send::SendPlan &plan, const routing::RecipientDecision &decision) {
    RecipientStatus status;
    status.state = stateOf(plan, decision);
    status.word = status.state == RecipientState::NotConfirmed
                      ? wording::assuranceWord(Assurance::Unknown)
                      : wording::routeWord(decision.route);
    for (const auto &reason : decision.reasons) {
        status.reasons << wording::text(reason);
    }
    for (const auto step : decision.nextSteps) {
        status.nextSteps << wording::text(step);
    }
    status.decision = decision;
    if (const auto report = plan.reports.find(decision.address.domain());
        report != plan.reports.end()) {
        status.report = report->second;
    }
    if (const auto certificate = plan.certificates.find(decision.address.spec());
        certificate != plan.certificates.end()) {
        status.certificate = certificate->second;
    }
    return status;
}

RecipientStatus RecipientStatusModel::status(const mail::Address &address) const {
    if (const auto known = m_known.find(address.spec()); known != m_known.end()) {
        return known->second;
    }
    RecipientStatus status;
    status.word = tr("Checking…");
    if (const auto report = m_reports.find(address.domain()); report != m_reports.end()) {
        status.report = report->second;
        status.reasons << wording::summary(report->second);
    }
    return status;
}

void RecipientStatusModel::apply(const Preview &preview) {
    if (preview.plan) {
        m_known.clear();
        for (const auto &decision : preview.plan->decision.recipients) {
            m_known[decision.address.spec()] = statusOf(*preview.plan, decision);
        }
        for (const auto &[domain, report] : preview.plan->reports) {
            m_reports[domain] = report;
        }
    } else if (preview.problem) {
        // Nothing could be decided: what is shown from before would no longer be true.
        m_known.clear();
    }
    emit changed();
}

void RecipientStatusModel::apply(const assurance::DomainReport &report) {
    m_reports[report.domain] = report;
    emit changed();
}

void RecipientStatusModel::clear() {
    m_known.clear();
    m_reports.clear();
    emit changed();
}

} // namespace sealpost::ui
