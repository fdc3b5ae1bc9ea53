// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sample.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <thread>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

//! Starts a process on the store and kills it once it has said "ready" and `later` has passed.
void killAfter(const Store &store, const char *what, const QString &step,
               std::chrono::milliseconds later = {}) {
    QProcess child;
    child.start(QCoreApplication::applicationDirPath() + QStringLiteral("/store_child"),
                {QString::fromStdString(store.file().string()), QLatin1String(what), step});
    QVERIFY(child.waitForReadyRead());
    QCOMPARE(child.readLine().trimmed(), QByteArray("ready"));
    std::this_thread::sleep_for(later);
    child.kill();
    QVERIFY(child.waitForFinished());
    QVERIFY(child.exitStatus() == QProcess::CrashExit);
}

} // namespace

class TstCrash : public QObject {
    Q_OBJECT
private slots:
    void killedBetweenSteps_data();
    void killedBetweenSteps();
    void killedWhileWritingTheJournal();
};

void TstCrash::killedBetweenSteps_data() {
    QTest::addColumn<bool>("stays");
    QTest::addColumn<int>("recovered");
    QTest::addColumn<int>("state");
    const auto row = [](const char *step, bool stays, int recovered, OutboxState state) {
        QTest::newRow(step) << stays << recovered << static_cast<int>(state);
    };
    row("added", false, 1, OutboxState::Writing);
    row("written", false, 1, OutboxState::Writing);
    row("queued", true, 0, OutboxState::Queued);
    row("submitting", true, 1, OutboxState::Queued);
    row("committing", true, 1, OutboxState::Uncertain);
    row("accepted", true, 0, OutboxState::Accepted);
}

void TstCrash::killedBetweenSteps() {
    QFETCH(bool, stays);
    QFETCH(int, recovered);
    QFETCH(int, state);
    Store store;
    auto before = store.outbox();
    const auto other = addMessage(before, "another message").value();
    store.close();
    killAfter(store, "write", QString::fromLatin1(QTest::currentDataTag()));
    store.open();
    auto outbox = store.outbox();
    const auto done = outbox.recover().value();
    QCOMPARE(done.size(), static_cast<std::size_t>(recovered));
    for (const auto &entry : done) {
        QVERIFY(entry.state == static_cast<OutboxState>(state));
        QCOMPARE(entry.messageId, "<crash>");
    }
    const auto entries = outbox.list().value();
    QCOMPARE(entries.size(), stays ? 2U : 1U);
    QCOMPARE(readMessage(outbox, other).value(), "another message");
    if (stays) {
        QVERIFY(entries.back().state == static_cast<OutboxState>(state));
        QVERIFY(readMessage(outbox, entries.back().id).value() == content(9 * kChunkSize));
    }
    const auto chunks =
        store.connection().value(QStringLiteral("SELECT count(*) FROM outbox_chunk"), "test");
    QCOMPARE(chunks.value().toInt(), stays ? 10 : 1);
}

void TstCrash::killedWhileWritingTheJournal() {
    Store store;
    std::int64_t lines = 0;
    for (int i = 0; i < 5; ++i) {
        killAfter(store, "append-forever", {}, std::chrono::milliseconds(3 + 7 * i));
        store.open();
        const auto verdict = store.journal().verify().value();
        QVERIFY2(verdict.intact, verdict.what.c_str());
        QVERIFY(verdict.lines >= lines);
        lines = verdict.lines;
        store.close();
    }
    QVERIFY(lines > 0);
}

QTEST_GUILESS_MAIN(TstCrash)
#include "tst_Crash.moc"
