// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"
#include "cli/MessageOptions.h"
#include "cli/PlanJson.h"
#include "cli/PlanText.h"
#include "cli/Planning.h"

namespace sealpost::cli {

namespace {

class PlanCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("plan", "Decide how a message would go; sends nothing");
        m_options.define(m_verb);
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
        auto &output = context.output;
        if (output.json()) {
            output.object(toJson(**plan));
        }
        printPlan(output, **plan);
        if ((*plan)->blocked()) {
            printBlocked(output, **plan);
            return ExitCode::Refused;
        }
        if (!(*plan)->owed.empty()) {
            printOwed(output, (*plan)->owed);
            return ExitCode::Owed;
        }
        return ExitCode::Done;
    }

private:
    MessageOptions m_options;
};

} // namespace

std::unique_ptr<Command> makePlanCommand() {
    return std::make_unique<PlanCommand>();
}

} // namespace sealpost::cli
