// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"
#include "store/Migrations.h"

#include <QTest>
#include <thread>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace fs = std::filesystem;

namespace {

const char *const kSuffixes[] = {"", "-wal", "-shm"};

//! A file whose folder goes with it.
struct Place {
    QTemporaryDir dir{inMemory()};
    [[nodiscard]] fs::path file() const {
        return fs::path(dir.path().toStdString()) / "sealpost.db";
    }
};

//! Each step of `steps` makes the table t, or adds a column to it.
Migration step(const char *sql) {
    return {QString::fromLatin1(sql)};
}

} // namespace

class TstDatabase : public QObject {
    Q_OBJECT
private slots:
    void newFileIsMadeAndOpensAgain();
    void onlyTheOwnerMayRead();
    void wrongKey();
    void keyOfAnotherSize();
    void newerVersionIsLeftUntouched();
    void whatIsNotOursIsLeftUntouched_data();
    void whatIsNotOursIsLeftUntouched();
    void lostFileWithItsLogIsNotReplaced();
    void unfinishedCreationDoesNotHinder();
    void cannotBeWritten_data();
    void cannotBeWritten();
    void upgradesKeepACopy();
    void failedUpgradeChangesNothing();
    void anotherWriterIsWaitedFor();
    void transactionsAreWhole();
    void durable();
    void threadsHaveConnectionsOfTheirOwn();
    void manyOpenAtOnce();
};

void TstDatabase::newFileIsMadeAndOpensAgain() {
    const Place place;
    QVERIFY(Database::open(place.file(), testKey()));
    QVERIFY(fs::exists(place.file()));
    QVERIFY(!fs::exists(place.file().string() + ".new"));
    QVERIFY(!fs::exists(place.file().string() + ".opening"));
    QVERIFY(Database::open(place.file(), testKey()));
}

void TstDatabase::onlyTheOwnerMayRead() {
#ifdef Q_OS_UNIX
    const Store store;
    auto outbox = store.outbox();
    QVERIFY(addMessage(outbox, "x"));
    for (const auto *suffix : kSuffixes) {
        const auto mode = fs::status(store.file().string() + suffix).permissions();
        QVERIFY2(mode == (fs::perms::owner_read | fs::perms::owner_write), suffix);
    }
#else
    QSKIP("permissions are the folder's here");
#endif
}

void TstDatabase::wrongKey() {
    Store store;
    store.close();
    const auto before = readFile(store.file());
    const auto opened = Database::open(store.file(), testKey('x'));
    QCOMPARE(codeOf(opened), "store.wrong-key");
    QVERIFY(opened.error().reaction == Reaction::AskAdmin);
    QCOMPARE(opened.error().subject, store.file().string());
    QVERIFY(readFile(store.file()) == before);
    // Where only the probe or only the key's id is broken, it is damage.
    store.open();
    store.tamper(QStringLiteral("UPDATE fact SET value = x'00' WHERE name = 'probe'"));
    store.close();
    QCOMPARE(codeOf(Database::open(store.file(), testKey())), "store.damaged");
    QCOMPARE(codeOf(Database::open(store.file(), testKey('x'))), "store.wrong-key");
}

void TstDatabase::keyOfAnotherSize() {
    const Place place;
    QCOMPARE(codeOf(Database::open(place.file(), SecretBytes(std::string("short")))),
             "store.key-size");
    QVERIFY(!fs::exists(place.file()));
}

void TstDatabase::newerVersionIsLeftUntouched() {
    Store store;
    store.tamper(QStringLiteral("PRAGMA user_version = %1").arg(migrations().size() + 1));
    store.close();
    const auto before = readFile(store.file());
    const auto opened = Database::open(store.file(), testKey());
    QCOMPARE(codeOf(opened), "store.newer");
    QVERIFY(opened.error().reaction == Reaction::AskAdmin);
    QVERIFY(readFile(store.file()) == before);
}

void TstDatabase::whatIsNotOursIsLeftUntouched_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("one-byte") << QByteArray("S");
    QTest::newRow("text") << QByteArray("Dear Bea,\n").repeated(600);
    QTest::newRow("zeros") << QByteArray(8192, '\0');
    const Place place;
    {
        auto other = Connection::open(place.file(), OpenMode::ReadWrite).value();
        (void)other->run(QStringLiteral("CREATE TABLE bookmarks (url)"), "test");
    }
    QTest::newRow("another-programs") << QByteArray::fromStdString(readFile(place.file()));
    {
        auto other = Connection::open(place.file(), OpenMode::ReadWrite).value();
        (void)other->run(QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId), "test");
    }
    QTest::newRow("ours-without-a-version") << QByteArray::fromStdString(readFile(place.file()));
}

void TstDatabase::whatIsNotOursIsLeftUntouched() {
    QFETCH(QByteArray, bytes);
    const Place place;
    writeFile(place.file(), bytes.toStdString());
    const auto opened = Database::open(place.file(), testKey());
    QCOMPARE(codeOf(opened), "store.damaged");
    QVERIFY(opened.error().reaction == Reaction::AskAdmin);
    QCOMPARE(opened.error().subject, place.file().string());
    QVERIFY(readFile(place.file()) == bytes.toStdString());
}

void TstDatabase::lostFileWithItsLogIsNotReplaced() {
    Store store;
    auto outbox = store.outbox();
    QVERIFY(addMessage(outbox, "x"));
    const auto log = readFile(store.file().string() + "-wal");
    QVERIFY(!log.empty());
    store.close();
    fs::remove(store.file());
    writeFile(store.file().string() + "-wal", log);
    QCOMPARE(codeOf(Database::open(store.file(), testKey())), "store.damaged");
    QVERIFY(!fs::exists(store.file()));
    QVERIFY(readFile(store.file().string() + "-wal") == log);
}

void TstDatabase::unfinishedCreationDoesNotHinder() {
    const Place place;
    writeFile(place.file().string() + ".new", "half of it");
    writeFile(place.file().string() + ".new-journal", "and its journal");
    QVERIFY(Database::open(place.file(), testKey()));
    QVERIFY(!fs::exists(place.file().string() + ".new"));
}

void TstDatabase::cannotBeWritten_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("no-folder") << QStringLiteral("nowhere/sealpost.db");
    QTest::newRow("folder-in-its-place") << QStringLiteral("folder");
    QTest::newRow("read-only-folder") << QStringLiteral("locked/sealpost.db");
    QTest::newRow("read-only-file") << QStringLiteral("readonly.db");
}

void TstDatabase::cannotBeWritten() {
    QFETCH(QString, name);
    const Place place;
    const auto folder = place.file().parent_path();
    const std::string row = QTest::currentDataTag();
    fs::create_directory(folder / "folder");
    if (row.starts_with("read-only")) {
        const auto locked = folder / "locked";
        fs::create_directory(locked);
        fs::permissions(locked, fs::perms::owner_read | fs::perms::owner_exec);
        { QVERIFY(Database::open(folder / "readonly.db", testKey())); }
        fs::permissions(folder / "readonly.db", fs::perms::owner_read);
        std::ofstream probe(folder / "readonly.db", std::ios::app);
        if (probe.is_open()) {
            QSKIP("this user may write everywhere");
        }
    }
    const auto opened = Database::open(folder / name.toStdString(), testKey());
    QCOMPARE(codeOf(opened), "store.unwritable");
    QVERIFY(opened.error().reaction == Reaction::AskAdmin);
    QCOMPARE(opened.error().subject, (folder / name.toStdString()).string());
}

void TstDatabase::upgradesKeepACopy() {
    const Place place;
    const std::vector<Migration> first = {step("CREATE TABLE t (a)")};
    auto second = first;
    second.push_back(step("ALTER TABLE t ADD COLUMN b DEFAULT 7"));
    {
        auto connection = Connection::open(place.file(), OpenMode::ReadWrite).value();
        QVERIFY(upgrade(*connection, place.file(), first));
        QVERIFY(!fs::exists(place.file().string() + ".v0.bak"));
        QVERIFY(connection->run(QStringLiteral("INSERT INTO t VALUES (1)"), "test"));
        QVERIFY(upgrade(*connection, place.file(), second));
        QCOMPARE(connection->value(QStringLiteral("SELECT b FROM t"), "test").value().toInt(), 7);
        QVERIFY(upgrade(*connection, place.file(), second));
    }
    const fs::path copy = place.file().string() + ".v1.bak";
    auto old = Connection::open(copy, OpenMode::ReadOnly).value();
    QCOMPARE(old->value(QStringLiteral("SELECT a FROM t"), "test").value().toInt(), 1);
    QCOMPARE(old->value(QStringLiteral("PRAGMA user_version"), "test").value().toInt(), 1);
    QVERIFY(!old->value(QStringLiteral("SELECT b FROM t"), "test"));
#ifdef Q_OS_UNIX
    QVERIFY((fs::status(copy).permissions() & fs::perms::all) ==
            (fs::perms::owner_read | fs::perms::owner_write));
#endif
}

void TstDatabase::failedUpgradeChangesNothing() {
    const Place place;
    const std::vector<Migration> steps = {
        step("CREATE TABLE t (a)"),
        {QStringLiteral("CREATE TABLE u (a)"), QStringLiteral("CREATE TABLE t (a)")}};
    auto connection = Connection::open(place.file(), OpenMode::ReadWrite).value();
    QVERIFY(upgrade(*connection, place.file(), std::span(steps).first(1)));
    QVERIFY(!upgrade(*connection, place.file(), steps));
    QCOMPARE(connection->value(QStringLiteral("PRAGMA user_version"), "test").value().toInt(), 1);
    QVERIFY(!connection->value(QStringLiteral("SELECT a FROM u"), "test"));
    QVERIFY(fs::exists(place.file().string() + ".v1.bak"));
}

void TstDatabase::anotherWriterIsWaitedFor() {
    const Store store;
    auto other = Connection::open(store.file(), OpenMode::ReadWrite).value();
    QVERIFY(other->run(QStringLiteral("BEGIN IMMEDIATE"), "test"));
    store.tamper(QStringLiteral("PRAGMA busy_timeout = 20"));
    auto journal = store.journal();
    const auto refused = journal.append("x", {});
    QCOMPARE(codeOf(refused), "store.locked");
    QVERIFY(refused.error().reaction == Reaction::Retry);
    QVERIFY(journal.list()); // readers do not wait
    std::string code;
    std::thread waiting([&] { code = codeOf(store.journal().append("x", {})); });
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    QVERIFY(other->run(QStringLiteral("COMMIT"), "test"));
    waiting.join();
    QCOMPARE(code, "ok");
}

void TstDatabase::transactionsAreWhole() {
    const Store store;
    auto &connection = store.connection();
    const auto insert =
        QStringLiteral("INSERT INTO draft (id, revision, sealed) VALUES (?, 1, x'00')");
    const auto failed =
        transact(connection, Access::Write, "test", [&](Connection &open) -> Result<void> {
            if (auto done = open.run(insert, "test", {QStringLiteral("a")}); !done) {
                return done;
            }
            return fail("test.stop", "test", Reaction::Bug);
        });
    QCOMPARE(codeOf(failed), "test.stop");
    const auto count = [&] {
        return connection.value(QStringLiteral("SELECT count(*) FROM draft"), "test")
            .value()
            .toInt();
    };
    QCOMPARE(count(), 0);
    QVERIFY(transact(connection, Access::Write, "test", [&](Connection &open) {
        return open.run(insert, "test", {QStringLiteral("a")});
    }));
    QCOMPARE(count(), 1);
    // What breaks a constraint can only be a damaged file.
    QCOMPARE(codeOf(connection.run(insert, "test", {QStringLiteral("a")})), "store.damaged");
}

void TstDatabase::durable() {
    const Store store;
    const auto pragma = [&](const char *name) {
        return store.connection()
            .value(QStringLiteral("PRAGMA ") + QLatin1String(name), "test")
            .value()
            .toString();
    };
    QCOMPARE(pragma("journal_mode"), QStringLiteral("wal"));
    QCOMPARE(pragma("synchronous"), QStringLiteral("2"));
    QCOMPARE(pragma("foreign_keys"), QStringLiteral("1"));
    QCOMPARE(pragma("auto_vacuum"), QStringLiteral("1"));
    QVERIFY(pragma("busy_timeout").toInt() >= 1000);
}

void TstDatabase::threadsHaveConnectionsOfTheirOwn() {
    const Store store;
    const auto *mine = &store.connection();
    QCOMPARE(&store.connection(), mine);
    const auto before = QSqlDatabase::connectionNames().size();
    const Connection *theirs = nullptr;
    qsizetype during = 0;
    std::thread([&] {
        theirs = &store.connection();
        during = QSqlDatabase::connectionNames().size();
    }).join();
    QVERIFY(theirs != mine);
    QCOMPARE(during, before + 1);
    QCOMPARE(QSqlDatabase::connectionNames().size(), before);
}

void TstDatabase::manyOpenAtOnce() {
    const Place place;
    std::vector<std::string> codes(6);
    std::vector<std::thread> threads;
    for (auto &code : codes) {
        threads.emplace_back([&] {
            const auto opened = Database::open(place.file(), testKey());
            code = codeOf(opened);
            if (opened) {
                AuditJournal journal(*opened, std::make_shared<base::SystemClock>());
                code = codeOf(journal.append("opened", {}));
            }
        });
    }
    for (auto &thread : threads) {
        thread.join();
    }
    for (const auto &code : codes) {
        QCOMPARE(code, "ok");
    }
    const AuditJournal journal(Database::open(place.file(), testKey()).value(),
                               std::make_shared<base::SystemClock>());
    QCOMPARE(journal.verify().value().lines, 6);
    QVERIFY(QSqlDatabase::connectionNames().size() == 1);
}

QTEST_GUILESS_MAIN(TstDatabase)
#include "tst_Database.moc"
