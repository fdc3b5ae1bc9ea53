// SPDX-License-Identifier: GPL-3.0-or-later
// Sends messages and kills itself: crash_child FOLDER STEP [MESSAGES MICROSECONDS]. At that step,
// or so long after it, in whatever it does by then. What the server would have got goes into
// FOLDER/server, a Message-ID a line, and what the outbox has taken in into FOLDER/queued, so that
// the parent can count.
#include "World.h"

#include <QCoreApplication>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;

namespace {

void killAfter(std::chrono::microseconds delay) {
    if (delay.count() == 0) {
        (void)std::raise(SIGKILL);
    }
    std::thread([delay] {
        std::this_thread::sleep_for(delay);
        (void)std::raise(SIGKILL);
    }).detach();
}

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication app(argc, argv);
    if (argc != 3 && argc != 5) {
        return 2;
    }
    const auto number = [&](int at) { return argc > at ? std::atoi(argv[at]) : 0; }; // NOLINT
    const std::filesystem::path folder = argv[1];
    const int messages = argc == 5 ? number(3) : 1;
    World world(folder);
    world.submitter->onDelivered = [&](const FakeSubmitter::Delivered &delivered) {
        std::ofstream(folder / "server", std::ios::app) << messageIdOf(delivered.message) << '\n';
    };
    int step = 0;
    for (int i = 0; i < messages; ++i) {
        auto what = draft("jo@court.example");
        what.protect = RouteKind::Smime;
        const auto plan = world.planFor(what);
        const auto progress = [&](SendStep at, std::size_t) {
            if (at == SendStep::Queued) {
                const auto id = world.outbox->list().value().back().messageId;
                std::ofstream(folder / "queued", std::ios::app) << id << '\n';
            }
            if (step++ == number(2)) {
                killAfter(std::chrono::microseconds(number(4)));
            }
        };
        if (!world.executor().execute(*plan, World::approve(*plan), OnTemporaryFailure::Keep,
                                      soon(), {}, progress)) {
            return 1;
        }
    }
    return 0;
}
