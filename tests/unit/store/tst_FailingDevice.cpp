// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sample.h"

#include <QCoreApplication>
#include <QProcess>
#include <QTest>
#include <functional>
#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#endif

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

using Operation = std::function<std::string(const Store &)>; //!< codeOf()

const std::pair<const char *, Operation> kOperations[] = {
    {"outbox-add",
     [](const Store &store) {
         auto outbox = store.outbox();
         return codeOf(addMessage(outbox, content(7 * kChunkSize)));
     }},
    {"outbox-add-empty",
     [](const Store &store) {
         auto outbox = store.outbox();
         return codeOf(addMessage(outbox, {}));
     }},
    {"outbox-set-state",
     [](const Store &store) {
         return codeOf(store.outbox().setState(kQueuedId, OutboxState::Submitting));
     }},
    {"outbox-finish",
     [](const Store &store) {
         return codeOf(
             store.outbox().finish(kCommittingId, {OutboxState::Accepted, content(30'000), {}}));
     }},
    {"outbox-remove", [](const Store &store) { return codeOf(store.outbox().remove(kQueuedId)); }},
    {"outbox-recover", [](const Store &store) { return codeOf(store.outbox().recover()); }},
    {"journal-append",
     [](const Store &store) {
         return codeOf(store.journal().append("event", {{"fact", content(20'000)}}));
     }},
    {"draft-save",
     [](const Store &store) {
         mail::Draft draft;
         draft.id = "new";
         draft.body = content(50'000);
         return codeOf(DraftStore(store.database()).save(draft));
     }},
    {"account-add",
     [](const Store &store) {
         mail::Account account;
         account.name = "another";
         account.userName = content(20'000);
         return codeOf(AccountStore(store.database()).add(account));
     }},
};

//! What the file holds after a failed operation: what it held before, and nothing half done.
void expectUnchanged(Store &store, const std::string &when) {
    store.open();
    QVERIFY2(checkOutbox(store) == "ok", (when + ": outbox " + checkOutbox(store)).c_str());
    QVERIFY2(checkRest(store) == "ok", (when + ": " + checkRest(store)).c_str());
    QVERIFY2(checkJournal(store) == "ok", (when + ": journal " + checkJournal(store)).c_str());
    QCOMPARE(store.journal().list().value().size(), 5U);
    QCOMPARE(DraftStore(store.database()).list().value().size(), 1U);
    QCOMPARE(AccountStore(store.database()).list().value().size(), 1U);
    auto outbox = store.outbox();
    const auto entries = outbox.list().value();
    for (const auto &entry : entries) {
        QVERIFY2(entry.id <= kCommittingId || entry.state == OutboxState::Writing, when.c_str());
    }
    QVERIFY(outbox.recover());
    QCOMPARE(outbox.list().value().size(), 3U);
    const auto chunks = store.connection().value(
        QStringLiteral("SELECT count(*) FROM outbox_chunk WHERE entry > %1").arg(kCommittingId),
        "test");
    QCOMPARE(chunks.value().toInt(), 0);
}

} // namespace

class TstFailingDevice : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void fullAtEachPage_data() { operations(); }
    void fullAtEachPage();
    void failsAtEachWrite_data() { operations(); }
    void failsAtEachWrite();
    void fullDisk();

private:
    static void operations();
    std::string m_sample;
};

void TstFailingDevice::operations() {
    QTest::addColumn<int>("operation");
    for (int i = 0; i < static_cast<int>(std::size(kOperations)); ++i) {
        QTest::newRow(kOperations[i].first) << i;
    }
}

void TstFailingDevice::initTestCase() {
    Store store;
    fillSample(store);
    store.close();
    m_sample = readFile(store.file());
}

// SQLITE_FULL at every page that an operation would take.
void TstFailingDevice::fullAtEachPage() {
    QFETCH(int, operation);
    const auto &run = kOperations[operation].second;
    int failures = 0;
    for (int room = 0;; room += room < 40 ? 1 : 37) {
        Store store(m_sample);
        store.open();
        const auto pages = static_cast<int>(m_sample.size() / 4096);
        store.tamper(QStringLiteral("PRAGMA max_page_count = %1").arg(pages + room));
        const auto code = run(store);
        if (code == "ok") {
            break;
        }
        QCOMPARE(code, "store.full");
        ++failures;
        expectUnchanged(store, "room for " + std::to_string(room) + " pages");
        if (QTest::currentTestFailed()) {
            return;
        }
        QVERIFY(room < 2000);
    }
    const std::string name = QTest::currentDataTag();
    const bool needsRoom = name == "outbox-add" || name == "outbox-finish" ||
                           name == "journal-append" || name == "draft-save" ||
                           name == "account-add";
    QVERIFY(!needsRoom || failures > 0);
}

// An error of the device at every write to the log, wherever the operation is then.
void TstFailingDevice::failsAtEachWrite() {
#ifdef Q_OS_UNIX
    QFETCH(int, operation);
    const auto &run = kOperations[operation].second;
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit usual{};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &usual), 0);
    // The shared index of the log has 32 KiB; the sample itself is larger than most limits, and is
    // not written to before a checkpoint.
    int failures = 0;
    for (rlim_t limit = 0;; limit += limit < 100'000 ? 2'060 : 250'000) {
        Store store(m_sample);
        store.open();
        rlimit tight = usual;
        tight.rlim_cur = limit;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &tight), 0);
        const auto code = run(store);
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &usual), 0);
        if (code == "ok") {
            break;
        }
        QVERIFY2(code == "store.unwritable" || code == "store.full", code.c_str());
        ++failures;
        expectUnchanged(store, "limit " + std::to_string(limit));
        if (QTest::currentTestFailed()) {
            return;
        }
        QVERIFY(limit < 8'000'000);
    }
    QVERIFY(failures > 1);
#else
    QSKIP("no limit on a file's size here");
#endif
}

void TstFailingDevice::fullDisk() {
    const QTemporaryDir mountPoint;
    QProcess child;
    child.setProcessChannelMode(QProcess::MergedChannels);
    child.start(QStringLiteral("unshare"),
                {QStringLiteral("--map-root-user"), QStringLiteral("--mount"), QStringLiteral("sh"),
                 QStringLiteral("-c"),
                 QStringLiteral("mount -t tmpfs -o size=3m none \"$1\" || exit 77; "
                                "exec \"$0\" \"$1/sealpost.db\" fill 0"),
                 QCoreApplication::applicationDirPath() + QStringLiteral("/store_child"),
                 mountPoint.path()});
    if (!child.waitForStarted()) {
        QSKIP("no unshare here");
    }
    QVERIFY(child.waitForFinished());
    const auto said = child.readAll();
    if (child.exitCode() == 77 || said.contains("unshare failed") ||
        said.contains("Operation not permitted")) {
        QSKIP("no file systems of one's own here");
    }
    QVERIFY2(child.exitStatus() == QProcess::NormalExit, said.constData());
    QCOMPARE(said.trimmed(), QByteArray("full and sound"));
    QCOMPARE(child.exitCode(), 0);
}

QTEST_GUILESS_MAIN(TstFailingDevice)
#include "tst_FailingDevice.moc"
