// SPDX-License-Identifier: GPL-3.0-or-later
// A process of its own for tests: does one thing with a store, says "ready" and waits to be killed,
// or ends by itself.
#include "StoreFixture.h"
#include "store/DraftStore.h"
#include "store/KeyRotation.h"
#include "store/OutboxChunks.h"

#include <QCoreApplication>
#include <algorithm>
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

//! Writes to a small disk until nothing fits, then opens the store again and looks at what is
//! there.
int fill(const std::filesystem::path &file) {
    const auto clock = std::make_shared<FakeClock>();
    const auto end = [](const char *what) {
        std::puts(what);
        return 1;
    };
    std::vector<std::int64_t> messages;
    std::int64_t lines = 0;
    {
        const auto database = Database::open(file, testKey()).value();
        Outbox outbox(database, clock);
        AuditJournal journal(database, clock);
        std::string code = "ok";
        for (std::size_t size = 3 * kChunkSize; size > 100; size /= 2) {
            while (true) {
                const auto added = addMessage(outbox, content(size));
                code = codeOf(added);
                if (!added) {
                    break;
                }
                messages.push_back(*added);
            }
            if (code != "store.full") {
                return end(code.c_str());
            }
        }
        while ((code = codeOf(journal.append("line", {{"fact", content(500)}}))) == "ok") {
            ++lines;
        }
        mail::Draft draft;
        draft.body = content(9000);
        if (code != "store.full" || codeOf(DraftStore(database).save(draft)) != "store.full") {
            return end(code.c_str());
        }
    }
    const auto database = Database::open(file, testKey());
    if (!database) {
        return end(database.error().code.c_str());
    }
    Outbox outbox(*database, clock);
    const auto verdict = AuditJournal(*database, clock).verify();
    if (!verdict || !verdict->intact || verdict->lines != lines) {
        return end("the journal is not what was written");
    }
    for (const auto id : messages) {
        const auto entry = outbox.entry(id);
        const auto message = readMessage(outbox, id);
        if (!entry || entry->state != OutboxState::Queued || !message ||
            *message != content(message->size())) {
            return end("a message is not what was written");
        }
    }
    const auto entries = outbox.list().value();
    for (const auto &entry : entries) {
        if (entry.state != OutboxState::Writing &&
            std::find(messages.begin(), messages.end(), entry.id) == messages.end()) {
            return end("a message is there that was refused");
        }
    }
    std::puts(messages.empty() ? "nothing was written" : "full and sound");
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
    if (arguments.at(2) == QLatin1String("fill")) {
        return fill(arguments.at(1).toStdString());
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
    if (what == QLatin1String("rotate")) {
        std::puts("ready");
        std::fflush(stdout);
        return rotateKey(*database, testKey(arguments.at(3).toStdString().front())) ? 0 : 1;
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
