// SPDX-License-Identifier: GPL-3.0-or-later
// A store with many sent messages: CPU time, in ms, of opening it, of looking for what an end in
// mid-send left behind, and of a page of its list, at the newest, in the middle and at the oldest.
// bench_store [MESSAGES [BYTES]]; on a file system in memory where there is one.
#include "store/Outbox.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sys/resource.h>
#include <vector>

using namespace sealpost;
using namespace sealpost::store;

namespace {

constexpr int kRuns = 9;
constexpr int kPage = 100;

double cpuMilliseconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto ms = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) * 1000.0 +
               static_cast<double>(time.tv_usec) / 1000.0;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

SecretBytes key() {
    return SecretBytes(std::string(crypto::kSealedBoxKeySize, 'k'));
}

void require(bool good, const char *what) {
    if (!good) {
        qFatal("%s", what);
    }
}

void fill(const std::filesystem::path &file, int messages, std::size_t size) {
    const auto database = Database::open(file, key()).value();
    Outbox outbox(database, std::make_shared<base::SystemClock>());
    OutboxEntry entry;
    entry.account = "work";
    entry.route = "smime";
    entry.envelopeFrom = "ana@justice.example";
    entry.recipients = {"bea@court.example"};
    entry.tlsSuffices = {"enforced", "published", "verified", "registered"};
    entry.planDigest = std::string(64, 'd');
    entry.decidedUntil = base::SystemClock().now() + std::chrono::minutes(15);
    entry.encryptedFor = {std::string(64, 'f')};
    entry.writtenAs = entry.recipients;
    entry.contentDigest = std::string(64, 'c');
    entry.draftId = std::string(32, 'i');
    entry.draftJson = std::string(4000, 'j'); // until it is accepted
    OutboxResult accepted{OutboxState::Accepted, std::string(1500, 'r'), {}};
    accepted.newlySettled = entry.recipients;
    for (int i = 0; i < messages; ++i) {
        entry.messageId = "<" + std::to_string(i) + "@justice.example>";
        auto writer = outbox.add(entry).value();
        require(writer->write(std::string(size, 'm')).has_value(), "write");
        const auto id = writer->commit().value();
        const bool good = outbox.setState(id, OutboxState::Submitting) &&
                          outbox.setState(id, OutboxState::Committing) &&
                          outbox.finish(id, accepted) && outbox.markCopied(id);
        require(good, "states");
    }
}

//! The median of several runs.
template <class Work> double measured(Work work) {
    std::vector<double> times;
    for (int i = 0; i < kRuns; ++i) {
        const auto start = cpuMilliseconds();
        work();
        times.push_back(cpuMilliseconds() - start);
    }
    std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
    return times[kRuns / 2];
}

} // namespace

int main(int argc, char **argv) {
    const QCoreApplication application(argc, argv);
    const int messages = argc > 1 ? QByteArray(argv[1]).toInt() : 50'000;
    const auto size = static_cast<std::size_t>(argc > 2 ? QByteArray(argv[2]).toInt() : 6'000);
    const QFileInfo shared(QStringLiteral("/dev/shm"));
    const QTemporaryDir dir((shared.isWritable() ? shared.filePath() : QDir::tempPath()) +
                            QStringLiteral("/sealpost-bench-XXXXXX"));
    const std::filesystem::path file = dir.path().toStdString() + "/sealpost.db";
    fill(file, messages, size);
    std::printf("%d messages of %zu bytes, file %.0f MiB\n", messages, size,
                static_cast<double>(std::filesystem::file_size(file)) / (1024.0 * 1024.0));
    std::printf("open     %8.2f ms\n",
                measured([&] { require(Database::open(file, key()).has_value(), "open"); }));
    const auto database = Database::open(file, key()).value();
    Outbox outbox(database, std::make_shared<base::SystemClock>());
    std::printf("start    %8.2f ms (whether there is anything to recover)\n", measured([&] {
                    require(!outbox.needsRecovery().value_or(true), "needsRecovery");
                }));
    std::printf("recover  %8.2f ms\n",
                measured([&] { require(outbox.recover().has_value(), "recover"); }));
    for (const auto before : {messages + 1, messages / 2, kPage + 1}) {
        std::printf("page     %8.2f ms (before %d)\n",
                    measured([&] { require(outbox.page(before, kPage)->size() == kPage, "page"); }),
                    before);
    }
    std::printf("list     %8.2f ms (all of it)\n",
                measured([&] { require(outbox.list().has_value(), "list"); }));
    return 0;
}
