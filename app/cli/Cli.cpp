// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/Cli.h"

#include "base/EditDistance.h"
#include "cli/Command.h"
#include "cli/Text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace sealpost::cli {

namespace {

struct GlobalOptions {
    std::string profile;
    std::string policy;
    bool json = false;
    bool quiet = false;
    bool verbose = false;
    bool practice = false;
};

constexpr auto kFooter =
    "Exit codes: 0 done, 1 internal error, 2 usage, 3 blocked or insufficient or findings,\n"
    "4 confirmation owed, 5 temporary failure, 6 permanent failure, 7 uncertain.\n"
    "Help on one command: sealpost-cli COMMAND --help";

void defineGlobal(CLI::App &app, GlobalOptions &global) {
    app.name("sealpost-cli");
    app.description("Sealpost: sends sensitive mail securely, or says why not.");
    app.footer(kFooter);
    app.require_subcommand(1);
    app.fallthrough();
    app.set_version_flag("--version", "sealpost-cli " SEALPOST_VERSION);
    app.add_option("--profile", global.profile, "Keep everything under this folder")
        ->type_name("DIR");
    app.add_option("--policy", global.policy, "Use this policy file in place of the profile's")
        ->type_name("FILE");
    app.add_flag("--json", global.json, "Results as JSON, one object a line");
    auto *quiet = app.add_flag("--quiet", global.quiet, "Print errors and warnings only");
    app.add_flag("--verbose", global.verbose, "Print the evidence too")->excludes(quiet);
    app.add_flag("--practice", global.practice,
                 "Practise with made-up people: nothing leaves this computer");
}

Output::Style styleOf(const GlobalOptions &global, const runtime::RuntimeOptions &options) {
    Output::Style style;
    style.json = global.json;
    style.practice = options.mode == runtime::Mode::Practice;
    if (global.quiet) {
        style.verbosity = Verbosity::Quiet;
    } else if (global.verbose) {
        style.verbosity = Verbosity::Verbose;
    }
    return style;
}

//! The word that stands where a command must, but is none; with the one that was meant, if any.
QString unknownCommand(const CLI::App &app) {
    const CLI::App *group = &app;
    while (!group->get_subcommands().empty()) {
        group = group->get_subcommands().front();
    }
    const auto words = app.remaining(true);
    const auto word = std::find_if(words.begin(), words.end(), [](const std::string &one) {
        return !one.empty() && one.front() != '-';
    });
    const auto offered = group->get_subcommands([](const CLI::App *) { return true; });
    if (word == words.end() || offered.empty()) {
        return {};
    }
    std::vector<std::string> names;
    names.reserve(offered.size());
    for (const auto *one : offered) {
        names.push_back(one->get_name());
    }
    auto text = QStringLiteral("There is no command \"%1\".").arg(toQString(*word));
    if (const auto meant = base::nearest(*word, names); !meant.empty()) {
        text += QStringLiteral(" Did you mean \"%1\"?").arg(toQString(meant));
    }
    return text;
}

//! Help and version go to `out` and are no failure; anything else is a usage error.
int reportParse(const CLI::App &app, const CLI::ParseError &error, std::ostream &out,
                Output &output) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
        (void)app.exit(error, out, out);
        return static_cast<int>(ExitCode::Done);
    }
    const auto unknown = unknownCommand(app);
    return static_cast<int>(output.usage(unknown.isEmpty() ? toQString(error.what()) : unknown));
}

int runChosen(const std::vector<std::unique_ptr<Command>> &commands, Context &context) {
    for (const auto &command : commands) {
        if (command->chosen()) {
            return static_cast<int>(command->run(context));
        }
    }
    return static_cast<int>(ExitCode::Usage);
}

} // namespace

int run(const QStringList &args, std::istream &in, std::ostream &out, std::ostream &err,
        runtime::RuntimeOptions options, const Interaction &interaction) {
    try {
        CLI::App app;
        GlobalOptions global;
        defineGlobal(app, global);
        const auto commands = allCommands();
        for (const auto &command : commands) {
            command->define(Verb(app));
        }
        std::vector<std::string> reversed;
        for (const auto &argument : args) {
            reversed.push_back(argument.toStdString());
        }
        std::reverse(reversed.begin(), reversed.end());
        try {
            app.parse(reversed);
        } catch (const CLI::ParseError &error) {
            Output output(out, err, {args.contains(QLatin1String("--json")), false, {}});
            return reportParse(app, error, out, output);
        }
        if (global.practice) {
            options.mode = runtime::Mode::Practice;
        }
        if (!global.profile.empty()) {
            options.profile = toPath(global.profile);
        }
        if (!global.policy.empty()) {
            options.policyFile = toPath(global.policy);
        }
        const auto style = styleOf(global, options);
        Output output(out, err, style);
        if (interaction.errorIsTerminal) {
            output.showProgress();
        }
        if (style.practice && !style.json) {
            output.notice(QStringLiteral("Practice mode: nothing leaves this computer."));
        }
        Context context(in, output, std::move(options));
        context.inputIsTerminal = interaction.inputIsTerminal;
        context.askSecret = interaction.askSecret;
        context.stop = interaction.stop;
        return runChosen(commands, context);
    } catch (const std::exception &error) {
        err << "Internal error: " << error.what() << '\n';
        return static_cast<int>(ExitCode::Internal);
    }
}

} // namespace sealpost::cli
