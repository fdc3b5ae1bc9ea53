// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Context.h"
#include "cli/ExitCode.h"
#include "cli/Verb.h"

#include <memory>
#include <vector>

namespace sealpost::cli {

//! One verb, such as "check", or a group of them, such as "certs". It reads its options in define()
//! and does its work in run(); nothing in it throws.
class Command {
public:
    Command() = default;
    Command(const Command &) = delete;
    Command &operator=(const Command &) = delete;
    virtual ~Command() = default;
    //! Adds the verb to `parent`; the options are bound to members.
    virtual void define(const Verb &parent) = 0;
    //! Whether the parsed command line names this verb.
    [[nodiscard]] virtual bool chosen() const = 0;
    [[nodiscard]] virtual ExitCode run(Context &context) = 0;
};

//! A command that is one verb.
class SingleCommand : public Command {
public:
    [[nodiscard]] bool chosen() const override;

protected:
    Verb m_verb; //!< set by define()
};

//! A command with verbs of its own.
class CommandGroup : public Command {
public:
    CommandGroup(const char *name, const char *description,
                 std::vector<std::unique_ptr<Command>> verbs);
    void define(const Verb &parent) override;
    [[nodiscard]] bool chosen() const override;
    [[nodiscard]] ExitCode run(Context &context) override;

private:
    const char *m_name;
    const char *m_description;
    Verb m_verb;
    std::vector<std::unique_ptr<Command>> m_verbs;
};

[[nodiscard]] std::unique_ptr<Command> makeCheckCommand();
[[nodiscard]] std::unique_ptr<Command> makeScanCommand();
[[nodiscard]] std::unique_ptr<Command> makePlanCommand();
[[nodiscard]] std::unique_ptr<Command> makeSendCommand();
[[nodiscard]] std::unique_ptr<Command> makeOpenCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsCommand();
[[nodiscard]] std::unique_ptr<Command> makeAccountCommand();
[[nodiscard]] std::unique_ptr<Command> makeAccountLoginCommand();    //!< a verb of it
[[nodiscard]] std::unique_ptr<Command> makeAccountEditCommand();     //!< another
[[nodiscard]] std::unique_ptr<Command> makeForwardingCheckCommand(); //!< a third
[[nodiscard]] std::unique_ptr<Command> makeOutboxCommand();
[[nodiscard]] std::unique_ptr<Command> makePolicyCommand();
[[nodiscard]] std::unique_ptr<Command> makeJournalCommand();
[[nodiscard]] std::unique_ptr<Command> makeProfileCommand();
[[nodiscard]] std::unique_ptr<Command> makeCjsmCommand();
[[nodiscard]] std::unique_ptr<Command> makeDoctorCommand();

//! All of them, in the order of the help.
[[nodiscard]] std::vector<std::unique_ptr<Command>> allCommands();

} // namespace sealpost::cli
