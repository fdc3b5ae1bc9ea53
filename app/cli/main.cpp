// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/CoreFile.h"
#include "cli/Cli.h"
#include "cli/Interrupt.h"
#include "cli/Terminal.h"

#include <QCoreApplication>
#include <iostream>

int main(int argc, char **argv) {
    using namespace sealpost;
    base::leaveNoCoreFile();
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("sealpost-cli"));
    std::ios::sync_with_stdio(false);
    const cli::Interrupt interrupt;
    cli::Interaction interaction;
    interaction.inputIsTerminal = cli::inputIsTerminal();
    interaction.errorIsTerminal = cli::errorIsTerminal();
    interaction.askSecret = cli::askSecret;
    interaction.stop = interrupt.token();
    return cli::run(QCoreApplication::arguments().mid(1), std::cin, std::cout, std::cerr,
                    runtime::RuntimeOptions::fromEnvironment(), interaction);
}
