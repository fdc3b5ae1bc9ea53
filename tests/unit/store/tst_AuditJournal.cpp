// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <thread>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

void fill(AuditJournal &journal, int lines) {
    for (int i = 1; i <= lines; ++i) {
        QVERIFY(journal.append("test.line", {{"number", std::to_string(i)}}));
    }
}

} // namespace

class TstAuditJournal : public QObject {
    Q_OBJECT
private slots:
    void keepsLines();
    void emptyJournalIsIntact();
    void verifyFinds_data();
    void verifyFinds();
    void fieldsCanNotRunIntoEachOther();
    void goesOnAfterDamage();
    void damagedHeadStopsAppending();
    void textThatIsNotUtf8();
    void threadsAndProcesses();
};

void TstAuditJournal::keepsLines() {
    Store store;
    auto journal = store.journal();
    QVERIFY(journal.append("plan.approved", {{"digest", "abc"}, {"reason", "„é\"\n"}}));
    store.clock()->advance(std::chrono::seconds(5));
    QVERIFY(journal.append("outbox.queued", {}));
    store.open();
    const auto lines = store.journal().list().value();
    QCOMPARE(lines.size(), 2U);
    QCOMPARE(lines[0].sequence, 1);
    QCOMPARE(lines[0].event, "plan.approved");
    QCOMPARE(lines[0].facts.at("digest"), "abc");
    QCOMPARE(lines[0].facts.at("reason"), "„é\"\n");
    QCOMPARE(lines[0].chain.size(), 64U);
    QCOMPARE(lines[1].sequence, 2);
    QVERIFY(lines[1].facts.empty());
    QVERIFY(lines[1].chain != lines[0].chain);
    QVERIFY(lines[1].time - lines[0].time == std::chrono::seconds(5));
    const auto verdict = store.journal().verify().value();
    QVERIFY(verdict.intact);
    QCOMPARE(verdict.lines, 2);
    QCOMPARE(verdict.firstBad, 0);
    QCOMPARE(verdict.what, "");
}

void TstAuditJournal::emptyJournalIsIntact() {
    const Store store;
    const auto verdict = store.journal().verify().value();
    QVERIFY(verdict.intact);
    QCOMPARE(verdict.lines, 0);
    QVERIFY(store.journal().list().value().empty());
}

void TstAuditJournal::verifyFinds_data() {
    QTest::addColumn<QString>("sql");
    QTest::addColumn<int>("firstBad");
    QTest::addColumn<QString>("what");
    const auto row = [](const char *name, const char *sql, int firstBad, const char *what) {
        QTest::newRow(name) << QString::fromLatin1(sql) << firstBad << QString::fromLatin1(what);
    };
    const char *swap = "UPDATE journal SET sequence = -sequence WHERE sequence IN (3, 4);"
                       "UPDATE journal SET sequence = 7 + sequence WHERE sequence < 0";
    row("changed-content",
        "UPDATE journal SET sealed = CAST(substr(sealed, 1, 20) || x'41' || substr(sealed, 22) "
        "AS BLOB) WHERE sequence = 3",
        3, "changed");
    row("changed-chain", "UPDATE journal SET chain = x'00' WHERE sequence = 5", 5, "changed");
    row("chain-of-the-last", "UPDATE journal SET chain = x'00' WHERE sequence = 6", 6, "changed");
    row("copied-over",
        "UPDATE journal SET sealed = (SELECT j.sealed FROM journal j WHERE j.sequence = 1), "
        "chain = (SELECT j.chain FROM journal j WHERE j.sequence = 1) WHERE sequence = 4",
        4, "removed");
    row("removed-first", "DELETE FROM journal WHERE sequence = 1", 1, "removed");
    row("removed-middle", "DELETE FROM journal WHERE sequence = 3", 3, "removed");
    row("removed-and-renumbered",
        "DELETE FROM journal WHERE sequence = 3;"
        "UPDATE journal SET sequence = sequence - 1 WHERE sequence > 3",
        3, "removed");
    row("reordered", swap, 3, "reordered");
    row("reordered-contents-alone",
        "CREATE TEMP TABLE t AS SELECT 7 - sequence AS s, sealed AS b FROM journal "
        "WHERE sequence IN (3, 4);"
        "UPDATE journal SET sealed = (SELECT b FROM t WHERE s = sequence) "
        "WHERE sequence IN (3, 4);DROP TABLE temp.t",
        3, "reordered");
    row("truncated-by-one", "DELETE FROM journal WHERE sequence = 6", 6, "truncated");
    row("truncated-wholly", "DELETE FROM journal", 1, "truncated");
    row("line-added", "INSERT INTO journal SELECT 7, sealed, chain FROM journal WHERE sequence = 6",
        7, "changed");
    row("head-removed", "DELETE FROM fact WHERE name = 'journal-head'", 7, "unreadable");
    row("head-changed", "UPDATE fact SET value = x'0102' WHERE name = 'journal-head'", 7,
        "unreadable");
    row("head-replaced",
        "UPDATE fact SET value = (SELECT f.value FROM fact f WHERE f.name = 'probe') "
        "WHERE name = 'journal-head'",
        7, "unreadable");
}

void TstAuditJournal::verifyFinds() {
    QFETCH(QString, sql);
    QFETCH(int, firstBad);
    QFETCH(QString, what);
    const Store store;
    auto journal = store.journal();
    fill(journal, 6);
    QVERIFY(journal.verify().value().intact);
    for (const auto &statement : sql.split(QLatin1Char(';'))) {
        store.tamper(statement);
    }
    const auto verdict = journal.verify().value();
    QVERIFY(!verdict.intact);
    QCOMPARE(QString::fromStdString(verdict.what), what);
    QCOMPARE(verdict.firstBad, firstBad);
}

void TstAuditJournal::fieldsCanNotRunIntoEachOther() {
    const std::map<std::string, std::string> left = {{"a", "b"}, {"c", "d"}};
    const std::map<std::string, std::string> right = {{"a", "b1:c1:d"}};
    std::vector<std::string> chains;
    for (const auto &facts : {left, right}) {
        const Store store;
        auto journal = store.journal();
        QVERIFY(journal.append("e", facts));
        chains.push_back(journal.list().value().front().chain);
    }
    QVERIFY(chains[0] != chains[1]);
}

void TstAuditJournal::goesOnAfterDamage() {
    const Store store;
    auto journal = store.journal();
    fill(journal, 3);
    store.tamper(QStringLiteral("DELETE FROM journal WHERE sequence = 3"));
    fill(journal, 2);
    const auto verdict = journal.verify().value();
    QCOMPARE(verdict.firstBad, 3);
    QCOMPARE(verdict.what, "removed");
    QCOMPARE(verdict.lines, 4);
}

void TstAuditJournal::damagedHeadStopsAppending() {
    const Store store;
    auto journal = store.journal();
    fill(journal, 2);
    store.tamper(QStringLiteral("DELETE FROM fact WHERE name = 'journal-head'"));
    QCOMPARE(codeOf(journal.append("x", {})), "store.damaged");
    QCOMPARE(journal.list().value().size(), 2U);
}

void TstAuditJournal::textThatIsNotUtf8() {
    const Store store;
    auto journal = store.journal();
    QVERIFY(journal.append("e", {{"name", "caf\xE9"}, {"nul", std::string("a\0b", 3)}}));
    QVERIFY(journal.verify().value().intact);
    QCOMPARE(journal.list().value().front().facts.at("nul"), std::string("a\0b", 3));
}

void TstAuditJournal::threadsAndProcesses() {
    const Store store;
    constexpr int kLines = 25;
    QProcess children[2];
    for (auto &child : children) {
        child.start(QCoreApplication::applicationDirPath() + QStringLiteral("/store_child"),
                    {QString::fromStdString(store.file().string()), QStringLiteral("append"),
                     QString::number(kLines)});
        QVERIFY(child.waitForStarted());
    }
    std::vector<std::thread> threads;
    std::atomic<int> appended{0};
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            auto journal = store.journal();
            for (int line = 0; line < kLines; ++line) {
                appended += journal.append("thread.line", {}) ? 1 : 0;
            }
        });
    }
    for (auto &thread : threads) {
        thread.join();
    }
    for (auto &child : children) {
        QVERIFY(child.waitForFinished());
        QCOMPARE(child.exitCode(), 0);
    }
    QCOMPARE(appended.load(), 3 * kLines);
    const auto verdict = store.journal().verify().value();
    QVERIFY2(verdict.intact, verdict.what.c_str());
    QCOMPARE(verdict.lines, 5 * kLines);
}

QTEST_GUILESS_MAIN(TstAuditJournal)
#include "tst_AuditJournal.moc"
