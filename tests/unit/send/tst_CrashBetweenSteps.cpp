// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;
using store::OutboxState;

//! kill -9 between any two steps of sending, then a start: nothing lost, nothing sent twice.
class TstCrashBetweenSteps : public QObject {
    Q_OBJECT
private slots:
    void killedAt_data();
    void killedAt();

private:
    static int deliveries(const std::filesystem::path &folder) {
        std::ifstream file(folder / "server");
        int count = 0;
        for (std::string line; std::getline(file, line);) {
            ++count;
        }
        return count;
    }
};

void TstCrashBetweenSteps::killedAt_data() {
    QTest::addColumn<int>("step");
    QTest::addColumn<QString>("after"); //!< the entry's state after a start; empty: there is none
    QTest::newRow("checked") << 0 << QString();
    QTest::newRow("approved") << 1 << QString();
    QTest::newRow("sealing") << 2 << QString();
    QTest::newRow("queued") << 3 << QStringLiteral("queued");
    QTest::newRow("submitting") << 4 << QStringLiteral("queued");
    QTest::newRow("committing") << 5 << QStringLiteral("uncertain");
    QTest::newRow("replied") << 6 << QStringLiteral("uncertain");
    QTest::newRow("recorded") << 7 << QStringLiteral("accepted");
    QTest::newRow("journaled") << 8 << QStringLiteral("accepted");
}

void TstCrashBetweenSteps::killedAt() {
    QFETCH(int, step);
    QFETCH(QString, after);
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString();
    QProcess child;
    child.start(QCoreApplication::applicationDirPath() + QStringLiteral("/crash_child"),
                {temporary.path(), QString::number(step)});
    QVERIFY(child.waitForFinished(30'000));
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    const int before = deliveries(folder);
    QVERIFY(before <= 1);

    World world(folder);
    QVERIFY(world.outbox->recover());
    QVERIFY(world.journal->verify().value().intact);
    const auto entries = world.outbox->list().value();
    if (after.isEmpty()) {
        QVERIFY(entries.empty());
        QCOMPARE(before, 0);
        return;
    }
    QCOMPARE(entries.size(), 1U);
    const auto &entry = entries.front();
    QCOMPARE(QString::fromStdString(std::string(store::toString(entry.state))), after);

    // A retry sends what the server never got, once, and nothing that it may have.
    world.submitter->afterLastDot = [&] {
        std::ofstream(folder / "server", std::ios::app) << "message\n";
    };
    const auto again = world.executor().submitQueued(entry.id, account(), soon(), {});
    if (entry.state == OutboxState::Queued) {
        QVERIFY(again);
        QCOMPARE(before, 0);
        QCOMPARE(deliveries(folder), 1);
    } else {
        QVERIFY(!again);
        QCOMPARE(deliveries(folder), before);
    }
}

QTEST_GUILESS_MAIN(TstCrashBetweenSteps)
#include "tst_CrashBetweenSteps.moc"
