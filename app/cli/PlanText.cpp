// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/PlanText.h"

#include "cli/Text.h"
#include "send/Dismissals.h"
#include "wording/Wording.h"

#include <algorithm>

namespace sealpost::cli {

namespace {

QString displayOf(const mail::Address &address) {
    return QString::fromStdString(address.forDisplay());
}

std::vector<QStringList> rowsOf(const std::vector<scan::Finding> &findings, bool standing) {
    std::vector<QStringList> rows;
    for (const auto &finding : findings) {
        if (scan::stands(finding) == standing) {
            rows.push_back({QStringLiteral("  ") + wording::findingName(finding),
                            wording::locationText(finding.location),
                            standing ? QString::fromStdString(finding.excerpt)
                                     : QString::fromStdString(finding.dismissedBecause)});
        }
    }
    return rows;
}

//! How to say that something was wrongly found, by the example of the first where that may be.
void printHowToDismiss(Output &output, const std::vector<scan::Finding> &findings) {
    const auto first = std::find_if(findings.begin(), findings.end(), [](const auto &finding) {
        return finding.dismissible && scan::stands(finding);
    });
    if (first != findings.end()) {
        output.line(QStringLiteral("  Wrongly found? Add: --dismiss \"%1:%2=your reason\"")
                        .arg(QString::fromStdString(first->kind),
                             QString::fromStdString(send::placeOf(first->location))));
    }
}

void printFindings(Output &output, const send::SendPlan &plan) {
    if (const auto rows = rowsOf(plan.findings, true); !rows.empty()) {
        output.line(QStringLiteral("Found in this message:"));
        output.table(rows);
        printHowToDismiss(output, plan.findings);
    }
    if (const auto rows = rowsOf(plan.findings, false); !rows.empty()) {
        output.line(QStringLiteral("Marked as wrongly found:"));
        output.table(rows);
    }
    for (const auto &skipped : plan.skipped) {
        output.line(wording::text(skipped));
    }
}

} // namespace

void printPlan(Output &output, const send::SendPlan &plan) {
    if (const auto words = wording::markingText(plan.marking, plan.draft.classification);
        !words.isEmpty()) {
        output.line(words);
    }
    std::vector<QStringList> rows;
    for (const auto &recipient : plan.decision.recipients) {
        rows.push_back({displayOf(recipient.address), wording::routeWord(recipient.route)});
    }
    output.table(rows);
    for (const auto &recipient : plan.decision.recipients) {
        if (recipient.route == RouteKind::Blocked) {
            continue;
        }
        for (const auto &reason : recipient.reasons) {
            output.line(QStringLiteral("  ") + wording::text(reason));
        }
        if (!output.verbose()) {
            continue;
        }
        for (const auto &rejected : recipient.rejected) {
            for (const auto &reason : rejected.reasons) {
                output.line(QStringLiteral("  Not %1: %2")
                                .arg(wording::routeWord(rejected.route), wording::text(reason)));
            }
        }
    }
    printFindings(output, plan);
}

void printBlocked(Output &output, const send::SendPlan &plan) {
    output.notice(QStringLiteral("Blocked: nothing was sent."));
    for (const auto &recipient : plan.decision.recipients) {
        if (recipient.route != RouteKind::Blocked) {
            continue;
        }
        output.notice(displayOf(recipient.address) + QLatin1Char(':'));
        for (const auto &reason : recipient.reasons) {
            output.notice(
                QStringLiteral("  %1 [%2]")
                    .arg(wording::text(reason), toQString(routing::specOf(reason.id).name)));
        }
        for (const auto step : recipient.nextSteps) {
            output.notice(QStringLiteral("  What to do: ") + wording::text(step));
        }
    }
}

void printOwed(Output &output, const std::vector<routing::Owed> &owed) {
    output.notice(QStringLiteral("Before this message may go, you need to answer:"));
    for (const auto &item : owed) {
        output.notice(
            QStringLiteral("  %1 [%2]").arg(wording::text(item), QString::fromStdString(item.id)));
        switch (item.kind) {
        case routing::OwedKind::Confirmation:
            output.notice(
                QStringLiteral("  Add: --confirm %1").arg(QString::fromStdString(item.id)));
            break;
        case routing::OwedKind::Justification:
            output.notice(QStringLiteral("  Add: --justify \"your reason, in a sentence\""));
            break;
        }
    }
    output.notice(QStringLiteral("Nothing was sent."));
}

void printReceipts(Output &output, const std::vector<send::Receipt> &receipts) {
    for (const auto &receipt : receipts) {
        const auto &outcome = receipt.outcome;
        output.line(wording::text(outcome.delivery));
        std::vector<QStringList> rows;
        for (const auto &recipient : outcome.recipients) {
            rows.push_back({QStringLiteral("  ") + QString::fromStdString(recipient.addressSpec),
                            wording::routeWord(receipt.route),
                            toQString(toString(recipient.delivery)),
                            QString::fromStdString(recipient.reply)});
        }
        const auto fact = [&rows](const char *name, const std::string &value) {
            if (!value.empty()) {
                rows.push_back(
                    {QStringLiteral("  ") + QLatin1String(name), QString::fromStdString(value)});
            }
        };
        output.table(rows);
        for (const auto &recipient : outcome.recipients) {
            if (const auto words = wording::text(recipient)) {
                output.line(QStringLiteral("  %1: %2 %3")
                                .arg(QString::fromStdString(recipient.addressSpec), words->what,
                                     words->next));
            }
        }
        rows.clear();
        fact("Server", outcome.server);
        if (outcome.tls) {
            fact("TLS", outcome.tls->version + " " + outcome.tls->cipher);
        }
        fact("Reply", outcome.reply);
        fact("Queue id", outcome.queueId);
        fact("Message-ID", receipt.messageId);
        output.table(rows);
        if (outcome.error) {
            output.explain(*outcome.error, wording::text(outcome));
        }
        if (receipt.notRecorded) {
            output.notice(QStringLiteral("How this ended could not be written down:"));
            output.explain(*receipt.notRecorded);
        }
    }
}

} // namespace sealpost::cli
