// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Command.h"

#include <utility>

namespace sealpost::cli {

bool SingleCommand::chosen() const {
    return m_verb.chosen();
}

CommandGroup::CommandGroup(const char *name, const char *description,
                           std::vector<std::unique_ptr<Command>> verbs)
    : m_name(name), m_description(description), m_verbs(std::move(verbs)) {}

void CommandGroup::define(const Verb &parent) {
    m_verb = parent.addGroup(m_name, m_description);
    for (const auto &verb : m_verbs) {
        verb->define(m_verb);
    }
}

bool CommandGroup::chosen() const {
    return m_verb.chosen();
}

ExitCode CommandGroup::run(Context &context) {
    for (const auto &verb : m_verbs) {
        if (verb->chosen()) {
            return verb->run(context);
        }
    }
    return ExitCode::Usage;
}

std::vector<std::unique_ptr<Command>> allCommands() {
    std::vector<std::unique_ptr<Command>> commands;
    commands.push_back(makeCheckCommand());
    commands.push_back(makeScanCommand());
    commands.push_back(makePlanCommand());
    commands.push_back(makeSendCommand());
    commands.push_back(makeOpenCommand());
    commands.push_back(makeCertsCommand());
    commands.push_back(makeAccountCommand());
    commands.push_back(makeOutboxCommand());
    commands.push_back(makePolicyCommand());
    commands.push_back(makeJournalCommand());
    commands.push_back(makeProfileCommand());
    commands.push_back(makeCjsmCommand());
    commands.push_back(makeDoctorCommand());
    return commands;
}

} // namespace sealpost::cli
