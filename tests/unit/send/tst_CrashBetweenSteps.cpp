// SPDX-License-Identifier: GPL-3.0-or-later
#include "World.h"

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <fstream>
#include <map>

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
    void killedAnywhereInFifty_data();
    void killedAnywhereInFifty();

private:
    static std::vector<std::string> linesOf(const std::filesystem::path &file) {
        std::ifstream stream(file);
        std::vector<std::string> lines;
        for (std::string line; std::getline(stream, line);) {
            lines.push_back(line);
        }
        return lines;
    }

    static int deliveries(const std::filesystem::path &folder) {
        return static_cast<int>(linesOf(folder / "server").size());
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
    world.submitter->onDelivered = [&](const FakeSubmitter::Delivered &delivered) {
        std::ofstream(folder / "server", std::ios::app) << messageIdOf(delivered.message) << '\n';
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

void TstCrashBetweenSteps::killedAnywhereInFifty_data() {
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("microseconds");
    // SEALPOST_KILLS=200 for the whole of it: each takes the time of up to fifty messages.
    constexpr int kSteps = 50 * 9;
    const auto wanted = qEnvironmentVariableIntValue("SEALPOST_KILLS");
    const int count = wanted > 0 ? wanted : 8;
    QRandomGenerator random(20261123U);
    for (int i = 0; i < count; ++i) {
        // Within the first five messages alone where few are wanted, so that they don't take long.
        const int step = random.bounded(wanted > 0 ? kSteps : kSteps / 10);
        const int later = random.bounded(3000);
        QTest::newRow((std::to_string(step) + " and " + std::to_string(later) + " us").c_str())
            << step << later;
    }
}

//! kill -9 anywhere in sending fifty messages, then a start that tries what may be tried: none is
//! lost, and none reaches the server twice.
void TstCrashBetweenSteps::killedAnywhereInFifty() {
    QFETCH(int, step);
    QFETCH(int, microseconds);
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString();
    QProcess child;
    child.start(QCoreApplication::applicationDirPath() + QStringLiteral("/crash_child"),
                {temporary.path(), QString::number(step), QStringLiteral("50"),
                 QString::number(microseconds)});
    QVERIFY(child.waitForFinished(120'000));
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);

    World world(folder);
    QVERIFY(world.outbox->recover());
    QVERIFY(world.journal->verify().value().intact);
    world.submitter->onDelivered = [&](const FakeSubmitter::Delivered &delivered) {
        std::ofstream(folder / "server", std::ios::app) << messageIdOf(delivered.message) << '\n';
    };
    const std::array accounts = {account()};
    QVERIFY(world.executor().submitDue(accounts, DueFor::Time, soon(), {}));

    std::map<std::string, int> served;
    for (const auto &id : linesOf(folder / "server")) {
        QVERIFY(!id.empty());
        ++served[id];
    }
    std::map<std::string, OutboxState> states;
    const auto entries = world.outbox->list().value();
    for (const auto &entry : entries) {
        states[entry.messageId] = entry.state;
    }
    for (const auto &id : linesOf(folder / "queued")) {
        QVERIFY2(states.contains(id), "lost");
    }
    for (const auto &[id, state] : states) {
        QVERIFY(state == OutboxState::Accepted || state == OutboxState::Uncertain);
        QVERIFY2(served[id] <= 1, "twice");
        QVERIFY2(state == OutboxState::Uncertain || served[id] == 1, "not sent");
    }
    QVERIFY(world.journal->verify().value().intact);
}

QTEST_GUILESS_MAIN(TstCrashBetweenSteps)
#include "tst_CrashBetweenSteps.moc"
