// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sample.h"
#include "store/CjsmTable.h"
#include "store/KeyRotation.h"
#include "store/SealedFacts.h"
#include "store/UsedRecipients.h"

#include <QCoreApplication>
#include <QProcess>
#include <QSqlRecord>
#include <QTest>
#include <set>
#include <thread>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

const mail::Address kUsed = mail::Address::parse("bea@court.example").value();

void fillMore(const Store &store) {
    fillSample(store);
    QVERIFY(CjsmTable(store.database()).replace({{{"bea"}, "Bea's record"}}, "about"));
    QVERIFY(UsedRecipients(store.database()).add({kUsed}));
    QVERIFY(SealedFacts(store.database()).write({{"name", "value"}}));
}

//! "ok", or what is not as it was filled in.
std::string checkAll(const Store &store) {
    for (const auto &said : {checkOutbox(store), checkRest(store), checkJournal(store)}) {
        if (said != "ok") {
            return said;
        }
    }
    CjsmTable cjsm(store.database());
    if (cjsm.find("bea").value() != std::vector<std::string>{"Bea's record"} ||
        cjsm.about().value().value_or("") != "about") {
        return "directory is another";
    }
    UsedRecipients used(store.database());
    if (!used.contains(kUsed).value() || used.domains().value().empty()) {
        return "used recipients are others";
    }
    return SealedFacts(store.database()).read("name").value().value_or("") == "value"
               ? "ok"
               : "remembered value is another";
}

//! Every blob of every table, but those that are no boxes.
std::set<QByteArray> boxes(const Store &store) {
    std::set<QByteArray> all;
    const auto handle = store.connection().handle();
    for (const auto &table : handle.tables()) {
        const auto named = QStringLiteral("SELECT * FROM %1").arg(table);
        QSqlQuery query(named, handle);
        while (query.next()) {
            for (int column = 0; column < query.record().count(); ++column) {
                const auto name = query.record().fieldName(column);
                if (name == QLatin1String("sealed") || name == QLatin1String("value")) {
                    all.insert(query.value(column).toByteArray());
                }
            }
        }
    }
    return all;
}

} // namespace

class TstKeyRotation : public QObject {
    Q_OBJECT
private slots:
    void everythingIsSealedAnew();
    void twice();
    void whoHasTheOldKeyIsTold();
    void damageStopsIt();
    void nothingOfTheOldStaysInTheFiles();
    void killedInTheMiddle();
};

void TstKeyRotation::everythingIsSealedAnew() {
    Store store;
    fillMore(store);
    const auto before = boxes(store);
    QVERIFY(before.size() > 15);
    QVERIFY(rotateKey(store.database(), testKey('n')));
    for (const auto &box : boxes(store)) {
        QVERIFY2(before.count(box) == 0, "a column that KeyRotation does not know");
    }
    store.close();
    QCOMPARE(codeOf(Database::open(store.file(), testKey())), "store.wrong-key");
    store.open('n');
    QCOMPARE(checkAll(store), "ok");
    auto journal = store.journal();
    QVERIFY(journal.append("after", {}));
    QVERIFY(journal.verify()->intact);
}

void TstKeyRotation::twice() {
    Store store;
    fillMore(store);
    QVERIFY(rotateKey(store.database(), testKey('n')));
    store.open('n');
    QVERIFY(rotateKey(store.database(), testKey('m')));
    store.open('m');
    QCOMPARE(checkAll(store), "ok");
    QCOMPARE(codeOf(rotateKey(store.database(), SecretBytes(std::string("short")))),
             "store.key-size");
    QCOMPARE(checkAll(store), "ok");
}

void TstKeyRotation::whoHasTheOldKeyIsTold() {
    const Store store;
    fillMore(store);
    const auto other = Database::open(store.file(), testKey()).value();
    QVERIFY(rotateKey(store.database(), testKey('n')));
    AuditJournal journal(other, store.clock());
    QCOMPARE(codeOf(journal.append("under the old key", {})), "store.key-changed");
    QCOMPARE(codeOf(journal.list()), "store.key-changed");
    QCOMPARE(codeOf(store.journal().list()), "store.key-changed");
}

void TstKeyRotation::damageStopsIt() {
    Store store;
    fillMore(store);
    store.tamper(QStringLiteral("UPDATE outbox_chunk SET sealed = x'0102' WHERE entry = 2"));
    QCOMPARE(codeOf(rotateKey(store.database(), testKey('n'))), "store.damaged");
    store.open(); // under the old key, all of it
    QCOMPARE(checkRest(store), "ok");
    QCOMPARE(checkJournal(store), "ok");
}

void TstKeyRotation::nothingOfTheOldStaysInTheFiles() {
    Store store;
    fillMore(store);
    const auto before = boxes(store);
    const auto copy = store.file().string() + ".v3.bak";
    writeFile(copy, "a copy of before an upgrade");
    QVERIFY(rotateKey(store.database(), testKey('n')));
    QVERIFY(!std::filesystem::exists(copy));
    for (const auto *suffix : {"", "-wal"}) {
        const auto bytes = QByteArray::fromStdString(readFile(store.file().string() + suffix));
        for (const auto &box : before) {
            QVERIFY2(!bytes.contains(box.right(100)), suffix);
        }
    }
}

void TstKeyRotation::killedInTheMiddle() {
    Store store;
    fillMore(store);
    store.close();
    int underOld = 0;
    int underNew = 0;
    for (int i = 0; i < 20; ++i) {
        const auto copy = readFile(store.file());
        QProcess child;
        child.start(QCoreApplication::applicationDirPath() + QStringLiteral("/store_child"),
                    {QString::fromStdString(store.file().string()), QStringLiteral("rotate"),
                     QStringLiteral("n")});
        QVERIFY(child.waitForReadyRead());
        std::this_thread::sleep_for(std::chrono::microseconds(400 * i));
        child.kill();
        QVERIFY(child.waitForFinished());
        const bool isNew = Database::open(store.file(), testKey('n')).has_value();
        store.open(isNew ? 'n' : 'k');
        QCOMPARE(checkAll(store), "ok");
        (isNew ? underNew : underOld) += 1;
        store.close();
        writeFile(store.file(), copy);
        for (const auto *suffix : {"-wal", "-shm"}) {
            std::filesystem::remove(store.file().string() + suffix);
        }
    }
    QCOMPARE(underOld + underNew, 20);
}

QTEST_GUILESS_MAIN(TstKeyRotation)
#include "tst_KeyRotation.moc"
