// SPDX-License-Identifier: GPL-3.0-or-later
// A process of its own for tests: does one thing with a store, says "ready" and waits to be killed,
// or ends by itself.
#include "StoreFixture.h"
#include "store/OutboxChunks.h"

#include <QCoreApplication>
#include <chrono>
#include <cstdio>
#include <thread>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

[[noreturn]] void readyAndWait() {
    std::puts("ready");
    std::fflush(stdout);
    while (true) {
        std::this_thread::sleep_for(std::chrono::seconds(60));
    }
}

int append(AuditJournal &journal, int count) {
    for (int i = 0; i < count; ++i) {
        if (!journal.append("child.line", {{"number", std::to_string(i)}})) {
            return 1;
        }
    }
    return 0;
}

void write(Outbox &outbox, const std::string &step) {
    const auto writer = outbox.add(someEntry("<crash>")).value();
    if (step == "added") {
        readyAndWait();
    }
    if (!writer->write(content(9 * kChunkSize))) {
        return;
    }
    if (step == "written") {
        readyAndWait();
    }
    const auto id = writer->commit().value();
    const std::pair<const char *, OutboxState> steps[] = {{"queued", OutboxState::Queued},
                                                          {"submitting", OutboxState::Submitting},
                                                          {"committing", OutboxState::Committing},
                                                          {"accepted", OutboxState::Accepted}};
    for (const auto &[name, state] : steps) {
        if (state != OutboxState::Queued && !outbox.setState(id, state)) {
            return;
        }
        if (step == name) {
            readyAndWait();
        }
    }
}

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication application(argc, argv);
    const auto arguments = QCoreApplication::arguments();
    if (arguments.size() != 4) {
        return 2;
    }
    const auto database = Database::open(arguments.at(1).toStdString(), testKey());
    if (!database) {
        return 3;
    }
    const auto clock = std::make_shared<FakeClock>();
    const auto what = arguments.at(2);
    if (what == QLatin1String("append")) {
        AuditJournal journal(*database, clock);
        return append(journal, arguments.at(3).toInt());
    }
    if (what == QLatin1String("append-forever")) {
        AuditJournal journal(*database, clock);
        std::puts("ready");
        std::fflush(stdout);
        while (append(journal, 1) == 0) {
        }
        return 1;
    }
    Outbox outbox(*database, clock);
    write(outbox, arguments.at(3).toStdString());
    return 4; // not reached where the step has a name of ours
}
