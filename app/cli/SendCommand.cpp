// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/MessageOptions.h"
#include "cli/Planning.h"
#include "cli/Sending.h"

namespace sealpost::cli {

namespace {

class SendCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("send", "Plan a message, then send it");
        m_options.define(m_verb);
        m_verb.option("--justify", m_justification, "Your reason, where one is owed")
            .typeName("TEXT");
        m_verb.option("--confirm", m_confirmed, "Confirm what the plan owes; may be repeated")
            .repeatable()
            .typeName("ID");
        m_verb.flag("--queue", m_queue, "Keep it in the outbox where sending fails for now");
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
        const send::Approvals approvals{
            (*plan)->digest, {m_confirmed.begin(), m_confirmed.end()}, m_justification};
        return sendPlan(context, **plan, approvals,
                        m_queue ? send::OnTemporaryFailure::Keep
                                : send::OnTemporaryFailure::Discard);
    }

private:
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
