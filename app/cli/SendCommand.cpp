// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/MessageOptions.h"
#include "cli/PlanJson.h"
#include "cli/PlanText.h"
#include "cli/Planning.h"
#include "runtime/Upkeep.h"
#include "send/PlanJournal.h"

#include <CLI/CLI.hpp>
#include <QJsonArray>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kSendTime{15};
constexpr std::chrono::seconds kUpkeepTime{30};

class SendCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("send", "Plan a message, then send it");
        m_app->fallthrough();
        m_options.define(*m_app);
        m_app->add_option("--justify", m_justification, "Your reason, where one is owed")
            ->type_name("TEXT");
        m_app->add_option("--confirm", m_confirmed, "Confirm what the plan owes; may be repeated")
            ->allow_extra_args(false)
            ->type_name("ID");
        m_app->add_flag("--queue", m_queue, "Keep it in the outbox where sending fails for now");
    }

    ExitCode run(Context &context) override {
        const auto message = m_options.read(context);
        if (!message) {
            return message.error();
        }
        const auto plan = makePlan(context, *message);
        if (!plan) {
            return context.output.fail(plan.error());
        }
        return approve(context, **plan);
    }

private:
    ExitCode approve(Context &context, const send::SendPlan &plan) const {
        auto &output = context.output;
        send::Approvals approvals;
        approvals.planDigest = plan.digest;
        approvals.confirmed = {m_confirmed.begin(), m_confirmed.end()};
        approvals.justification = m_justification;
        const auto owed = send::stillOwed(plan, approvals);
        if (plan.blocked() || !owed.empty()) {
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
        return execute(context, plan, approvals);
    }

    //! That it was to be sent and was not. A journal that can't be written is told of as well.
    static ExitCode recordBlocked(Context &context, const send::SendPlan &plan) {
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

    ExitCode execute(Context &context, const send::SendPlan &plan,
                     const send::Approvals &approvals) const {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto executor = (*runtime)->executor();
        if (!executor) {
            return output.fail(executor.error());
        }
        const auto lock = (*runtime)->profile().lockSending();
        if (!lock) {
            return output.fail(lock.error());
        }
        const auto receipts = (*executor)->execute(plan, approvals,
                                                   m_queue ? send::OnTemporaryFailure::Keep
                                                           : send::OnTemporaryFailure::Discard,
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
        sayWhatStays(output, code);
        // The message is on its way, whatever becomes of this.
        (void)runtime::keepUp(**runtime, Deadline::after(kUpkeepTime), context.stop);
        return code;
    }

    void sayWhatStays(Output &output, ExitCode code) const {
        if (code == ExitCode::Uncertain) {
            output.notice(
                QStringLiteral("It is kept in the outbox. Once you know, use: outbox resolve ID"));
        } else if (code == ExitCode::Temporary && m_queue) {
            output.notice(QStringLiteral("It waits in the outbox. Use: outbox retry ID"));
        }
    }

    MessageOptions m_options;
    std::string m_justification;
    std::vector<std::string> m_confirmed;
    bool m_queue = false;
};

} // namespace

std::unique_ptr<Command> makeSendCommand() {
    return std::make_unique<SendCommand>();
}

} // namespace sealpost::cli
