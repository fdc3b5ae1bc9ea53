// SPDX-License-Identifier: GPL-3.0-or-later
// Sends one message and kills itself at one step: crash_child FOLDER STEP. What the server would
// have got goes into FOLDER/server, a line each, so that the parent can count.
#include "World.h"

#include <QCoreApplication>
#include <csignal>
#include <fstream>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;

int main(int argc, char **argv) {
    const QCoreApplication app(argc, argv);
    if (argc != 3) {
        return 2;
    }
    const std::filesystem::path folder = argv[1];
    const int killAt = std::atoi(argv[2]); // NOLINT(cert-err34-c): the parent passes digits
    World world(folder);
    world.submitter->afterLastDot = [&] {
        std::ofstream(folder / "server", std::ios::app) << "message\n";
    };
    auto what = draft("jo@court.example");
    what.protect = RouteKind::Smime;
    const auto plan = world.planFor(what);
    int step = 0;
    const auto sent =
        world.executor().execute(*plan, World::approve(*plan), OnTemporaryFailure::Keep, soon(), {},
                                 [&](SendStep, std::size_t) {
                                     if (step++ == killAt) {
                                         (void)std::raise(SIGKILL);
                                     }
                                 });
    return sent ? 0 : 1;
}
