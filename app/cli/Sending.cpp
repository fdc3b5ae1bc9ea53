// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Sending.h"

#include "cli/PlanJson.h"
#include "cli/PlanText.h"
#include "runtime/SentCopies.h"
#include "runtime/Upkeep.h"
#include "send/PlanJournal.h"

#include <QJsonArray>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kSendTime{15};
constexpr std::chrono::seconds kUpkeepTime{30};
constexpr std::chrono::seconds kCopyTime{60};

void sayWhatStays(Output &output, const std::vector<send::Receipt> &receipts) {
    for (const auto &receipt : receipts) {
        if (receipt.outcome.delivery == submit::Delivery::Uncertain) {
            output.notice(QStringLiteral("It is kept in the outbox as number %1. Once you know, "
                                         "use: outbox resolve %1 --sent or --not-sent")
                              .arg(receipt.outboxId));
        } else if (receipt.waits) {
            output.notice(QStringLiteral("It waits in the outbox as number %1, so don't send it "
                                         "again. Use: outbox retry %1, or --due")
                              .arg(receipt.outboxId));
        }
    }
}

//! That it was to be sent and was not. A journal that can't be written is told of as well.
ExitCode recordBlocked(Context &context, const send::SendPlan &plan) {
    const auto runtime = context.runtime();
    if (!runtime) {
        return context.output.fail(runtime.error());
    }
    const auto lines = (*runtime)->journal();
    if (!lines) {
        return context.output.fail(lines.error());
    }
    if (const auto written = send::journalBlocked(plan, **lines); !written) {
        return context.output.fail(written.error());
    }
    return ExitCode::Refused;
}

ExitCode execute(Context &context, const send::SendPlan &plan, const send::Approvals &approvals,
                 send::OnTemporaryFailure onTemporaryFailure) {
    auto &output = context.output;
    const auto runtime = context.runtime();
    if (!runtime) {
        return output.fail(runtime.error());
    }
    const auto executor = (*runtime)->executor();
    if (!executor) {
        return output.fail(executor.error());
    }
    const auto lock = (*runtime)->profile().lockSending(runtime::kSendingPatience);
    if (!lock) {
        return output.fail(lock.error());
    }
    const auto receipts = (*executor)->execute(plan, approvals, onTemporaryFailure,
                                               Deadline::after(kSendTime), context.stop);
    if (!receipts) {
        return output.fail(receipts.error());
    }
    const auto code = exitCodeFor(*receipts);
    if (output.json()) {
        QJsonArray array;
        for (const auto &receipt : *receipts) {
            array.append(send::toJson(receipt));
        }
        auto object = toJson(plan);
        object.insert(QStringLiteral("receipts"), array);
        output.object(object);
    }
    printPlan(output, plan);
    printReceipts(output, *receipts);
    sayWhatStays(output, *receipts);
    // The message is on its way, whatever becomes of this.
    (void)runtime::keepUp(**runtime, Deadline::after(kUpkeepTime), context.stop);
    putCopies(context, **runtime);
    return code;
}

} // namespace

void putCopies(Context &context, runtime::Runtime &runtime) {
    const auto copied = runtime::copySent(runtime, Deadline::after(kCopyTime), context.stop);
    // Another one that is at it does the same work.
    if (!copied && copied.error().code != "profile.busy") {
        context.output.notice(
            QStringLiteral("A copy could not be put into the Sent folder; it is tried again:"));
        context.output.explain(copied.error());
    }
}

ExitCode sendPlan(Context &context, const send::SendPlan &plan, const send::Approvals &approvals,
                  send::OnTemporaryFailure onTemporaryFailure) {
    auto &output = context.output;
    const auto owed = send::stillOwed(plan, approvals);
    if (!plan.blocked() && owed.empty()) {
        return execute(context, plan, approvals, onTemporaryFailure);
    }
    if (output.json()) {
        auto object = toJson(plan);
        object.insert(QStringLiteral("receipts"), QJsonArray());
        output.object(object);
    }
    printPlan(output, plan);
    if (plan.blocked()) {
        printBlocked(output, plan);
        return recordBlocked(context, plan);
    }
    printOwed(output, owed);
    return ExitCode::Owed;
}

} // namespace sealpost::cli
