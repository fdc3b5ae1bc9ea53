// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"
#include "store/OutboxChunks.h"

#include <QTest>
#include <map>
#include <set>
#include <thread>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

//! By legal steps from Queued to `state`.
void bring(Outbox &outbox, std::int64_t id, OutboxState state) {
    using enum OutboxState;
    std::vector<OutboxState> steps;
    switch (state) {
    case Writing:
    case Queued:
        break;
    case Submitting:
        steps = {Submitting};
        break;
    case Committing:
        steps = {Submitting, Committing};
        break;
    case Accepted:
    case Uncertain:
        steps = {Submitting, Committing, state};
        break;
    case Deferred:
    case Failed:
        steps = {Submitting, state};
        break;
    }
    for (const auto step : steps) {
        QVERIFY(outbox.setState(id, step));
    }
}

constexpr std::array kAll = {
    OutboxState::Writing,  OutboxState::Queued,   OutboxState::Submitting, OutboxState::Committing,
    OutboxState::Accepted, OutboxState::Deferred, OutboxState::Uncertain,  OutboxState::Failed};

} // namespace

class TstOutbox : public QObject {
    Q_OBJECT
private slots:
    void whatHasNotEndedIsFoundByItself();
    void entriesOfBeforeTheColumn();
    void aStartDoesNotReadWhatHasEnded();
    void whatWasAcceptedKeepsNothingToSendItAnew();
    void pagesFromTheNewest();
    void removesWhatEndedLongAgo();
    void removedMessagesAreOverwritten();
    void keepsMessages_data();
    void keepsMessages();
    void keepsTheEntry();
    void unfinishedMessagesAreTakenAway();
    void writerIsUsedOnce();
    void writingEntriesAreNeverSent();
    void transitions();
    void finishKeepsTheReceipt();
    void attemptsAreCounted();
    void recoveryIsNeededInMidSendAlone();
    void recoverSettlesWhatAnEndLeft();
    void unknownEntries();
    void removedMessagesLeaveNothing();
    void tamperedMessagesShow_data();
    void tamperedMessagesShow();
    void chunksOfAnotherMessageShow();
    void twoThreads();
};

void TstOutbox::keepsMessages_data() {
    QTest::addColumn<int>("size");
    const int chunk = static_cast<int>(kChunkSize);
    QTest::newRow("empty") << 0;
    QTest::newRow("one-byte") << 1;
    QTest::newRow("one-chunk-less-one") << chunk - 1;
    QTest::newRow("one-chunk") << chunk;
    QTest::newRow("one-chunk-and-one") << chunk + 1;
    QTest::newRow("one-batch") << 4 * chunk;
    QTest::newRow("one-batch-and-one") << 4 * chunk + 1;
    QTest::newRow("many") << 19 * chunk + 7;
}

void TstOutbox::keepsMessages() {
    QFETCH(int, size);
    Store store;
    auto outbox = store.outbox();
    const auto bytes = content(static_cast<std::size_t>(size));
    const auto id = addMessage(outbox, bytes);
    QVERIFY(id);
    store.open();
    const auto again = store.outbox();
    QCOMPARE(again.entry(*id)->size, bytes.size());
    QVERIFY(again.entry(*id)->state == OutboxState::Queued);
    QVERIFY(readMessage(again, *id).value() == bytes);
}

void TstOutbox::keepsTheEntry() {
    Store store;
    auto outbox = store.outbox();
    store.clock()->set(base::fromIso8601("2026-11-23T10:00:00Z"));
    const auto id = addMessage(outbox, "x").value();
    const auto other = addMessage(outbox, "y", someEntry("<2@court.example>")).value();
    QVERIFY(id < other);
    store.open();
    const auto entries = store.outbox().list().value();
    QCOMPARE(entries.size(), 2U);
    const auto &entry = entries.front();
    const auto expected = someEntry();
    QCOMPARE(entry.id, id);
    QCOMPARE(entry.account, expected.account);
    QCOMPARE(entry.route, expected.route);
    QCOMPARE(entry.envelopeFrom, expected.envelopeFrom);
    QCOMPARE(entry.recipients, expected.recipients);
    QCOMPARE(entry.tlsSuffices, expected.tlsSuffices);
    QCOMPARE(entry.messageId, expected.messageId);
    QCOMPARE(entry.planDigest, expected.planDigest);
    QCOMPARE(base::toIso8601(entry.created), "2026-11-23T10:00:00Z");
    QCOMPARE(entry.attempts, 0);
    QCOMPARE(entries.back().messageId, "<2@court.example>");
}

void TstOutbox::unfinishedMessagesAreTakenAway() {
    Store store;
    auto outbox = store.outbox();
    {
        const auto writer = outbox.add(someEntry()).value();
        QVERIFY(writer->write(content(9 * kChunkSize)));
        QVERIFY(outbox.list().value().front().state == OutboxState::Writing);
    }
    QVERIFY(outbox.list().value().empty());
    const auto chunks =
        store.connection().value(QStringLiteral("SELECT count(*) FROM outbox_chunk"), "test");
    QCOMPARE(chunks.value().toInt(), 0);
}

void TstOutbox::writerIsUsedOnce() {
    const Store store;
    auto outbox = store.outbox();
    const auto writer = outbox.add(someEntry()).value();
    QVERIFY(writer->commit());
    QCOMPARE(codeOf(writer->write("x")), "outbox.committed");
    QCOMPARE(codeOf(writer->commit()), "outbox.committed");
    QCOMPARE(outbox.list().value().size(), 1U);
}

void TstOutbox::writingEntriesAreNeverSent() {
    const Store store;
    auto outbox = store.outbox();
    const auto writer = outbox.add(someEntry()).value();
    const auto id = outbox.list().value().front().id;
    QCOMPARE(codeOf(outbox.message(id)), "outbox.incomplete");
    for (const auto state : kAll) {
        QCOMPARE(codeOf(outbox.setState(id, state)), "outbox.transition");
    }
}

void TstOutbox::transitions() {
    using enum OutboxState;
    const std::map<OutboxState, std::set<OutboxState>> legal = {
        {Queued, {Submitting, Failed}},
        {Deferred, {Submitting, Failed}},
        {Submitting, {Committing, Deferred, Failed, Queued}},
        {Committing, {Accepted, Deferred, Failed, Uncertain}},
        {Uncertain, {Queued, Accepted, Failed}},
        {Accepted, {}},
        {Failed, {}}};
    const Store store;
    auto outbox = store.outbox();
    for (const auto &[from, allowed] : legal) {
        for (const auto to : kAll) {
            const auto id = addMessage(outbox, "x").value();
            bring(outbox, id, from);
            QVERIFY(outbox.entry(id)->state == from);
            const auto moved = outbox.setState(id, to, "code");
            const auto name = std::string(toString(from)) + " " + std::string(toString(to));
            QVERIFY2(moved.has_value() == allowed.contains(to), name.c_str());
            QVERIFY(outbox.entry(id)->state == (moved ? to : from));
            if (!moved) {
                QCOMPARE(moved.error().code, "outbox.transition");
                QVERIFY(moved.error().reaction == Reaction::Bug);
                QCOMPARE(outbox.entry(id)->lastError, "");
                QCOMPARE(codeOf(outbox.finish(id, {to, "{}", {}})), "outbox.transition");
                QCOMPARE(outbox.entry(id)->receiptJson, "");
            }
            QVERIFY(outbox.remove(id));
        }
    }
}

void TstOutbox::finishKeepsTheReceipt() {
    Store store;
    auto outbox = store.outbox();
    const auto id = addMessage(outbox, "x").value();
    bring(outbox, id, OutboxState::Committing);
    store.clock()->advance(std::chrono::seconds(90));
    QVERIFY(outbox.finish(id, {OutboxState::Deferred, R"({"reply":"451 é"})", "smtp.deferred"}));
    store.open();
    const auto entry = store.outbox().entry(id).value();
    QVERIFY(entry.state == OutboxState::Deferred);
    QCOMPARE(entry.receiptJson, R"({"reply":"451 é"})");
    QCOMPARE(entry.lastError, "smtp.deferred");
    QVERIFY(entry.changed - entry.created == std::chrono::seconds(90));
}

void TstOutbox::attemptsAreCounted() {
    const Store store;
    auto outbox = store.outbox();
    const auto id = addMessage(outbox, "x").value();
    for (int i = 0; i < 3; ++i) {
        QVERIFY(outbox.setState(id, OutboxState::Submitting));
        QVERIFY(outbox.setState(id, OutboxState::Deferred, "net.refused"));
    }
    QCOMPARE(outbox.entry(id)->attempts, 3);
    QCOMPARE(outbox.entry(id)->lastError, "net.refused");
}

void TstOutbox::recoveryIsNeededInMidSendAlone() {
    for (const auto state : kAll) {
        const Store store;
        auto outbox = store.outbox();
        QVERIFY(!outbox.needsRecovery().value());
        std::unique_ptr<Outbox::Writer> writer;
        if (state == OutboxState::Writing) {
            writer = outbox.add(someEntry("<writing>")).value();
        } else {
            bring(outbox, addMessage(outbox, "x").value(), state);
        }
        const auto done = outbox.needsRecovery().value();
        QCOMPARE(done, !outbox.recover().value().empty());
    }
}

void TstOutbox::recoverSettlesWhatAnEndLeft() {
    const Store store;
    auto outbox = store.outbox();
    const auto writer = outbox.add(someEntry("<writing>")).value();
    QVERIFY(writer->write(content(5 * kChunkSize)));
    std::map<OutboxState, std::int64_t> ids;
    for (const auto state : kAll) {
        if (state != OutboxState::Writing) {
            ids[state] = addMessage(outbox, std::string(toString(state))).value();
            bring(outbox, ids[state], state);
        }
    }
    const auto done = outbox.recover().value();
    QCOMPARE(done.size(), 3U);
    QVERIFY(done[0].state == OutboxState::Writing);
    QCOMPARE(done[0].messageId, "<writing>");
    QCOMPARE(done[1].id, ids[OutboxState::Submitting]);
    QVERIFY(done[1].state == OutboxState::Queued);
    QCOMPARE(done[2].id, ids[OutboxState::Committing]);
    QVERIFY(done[2].state == OutboxState::Uncertain);

    QCOMPARE(outbox.list().value().size(), ids.size());
    for (const auto &[state, id] : ids) {
        const auto entry = outbox.entry(id).value();
        const auto expected = state == OutboxState::Submitting   ? OutboxState::Queued
                              : state == OutboxState::Committing ? OutboxState::Uncertain
                                                                 : state;
        QVERIFY(entry.state == expected);
        QCOMPARE(readMessage(outbox, id).value(), std::string(toString(state)));
    }
    QVERIFY(!outbox.needsRecovery().value());
    QVERIFY(outbox.recover().value().empty());
    // The entry was taken away under its writer: nothing of it comes back.
    QCOMPARE(codeOf(writer->commit()), "outbox.not-found");
    QCOMPARE(outbox.list().value().size(), ids.size());
}

void TstOutbox::unknownEntries() {
    const Store store;
    auto outbox = store.outbox();
    for (const auto &code :
         {codeOf(outbox.entry(7)), codeOf(outbox.message(7)), codeOf(outbox.remove(7)),
          codeOf(outbox.setState(7, OutboxState::Submitting)),
          codeOf(outbox.finish(7, {OutboxState::Accepted, {}, {}}))}) {
        QCOMPARE(code, "outbox.not-found");
    }
    QVERIFY(outbox.entry(7).error().reaction == Reaction::FixInput);
}

void TstOutbox::removedMessagesLeaveNothing() {
    Store store;
    auto outbox = store.outbox();
    const auto kept = addMessage(outbox, "kept").value();
    const auto before = std::filesystem::file_size(store.file());
    const auto id = addMessage(outbox, content(40 * kChunkSize)).value();
    QVERIFY(outbox.remove(id));
    QCOMPARE(codeOf(outbox.message(id)), "outbox.not-found");
    store.open();
    store.tamper(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"));
    QVERIFY(std::filesystem::file_size(store.file()) < before + 4 * kChunkSize);
    auto again = store.outbox();
    QVERIFY(addMessage(again, "new").value() > id); // its number is not used again
    QCOMPARE(readMessage(again, kept).value(), "kept");
}

void TstOutbox::tamperedMessagesShow_data() {
    QTest::addColumn<QString>("sql");
    const auto row = [](const char *name, const char *sql) {
        QTest::newRow(name) << QString::fromLatin1(sql);
    };
    row("chunk-missing", "DELETE FROM outbox_chunk WHERE position = 1");
    row("last-chunk-missing", "DELETE FROM outbox_chunk WHERE position = 3");
    row("all-chunks-missing", "DELETE FROM outbox_chunk");
    row("chunk-changed",
        "UPDATE outbox_chunk SET sealed = CAST(sealed || x'00' AS BLOB) WHERE position = 2");
    row("chunk-cut", "UPDATE outbox_chunk SET sealed = substr(sealed, 1, 1000) WHERE position = 2");
    row("chunk-empty", "UPDATE outbox_chunk SET sealed = x'' WHERE position = 0");
    row("chunks-swapped", "UPDATE outbox_chunk SET position = -1 - position WHERE position < 2;"
                          "UPDATE outbox_chunk SET position = 2 + position WHERE position < 0");
    row("chunk-copied", "UPDATE outbox_chunk SET sealed = (SELECT c.sealed FROM outbox_chunk c "
                        "WHERE c.position = 0) WHERE position = 1");
}

void TstOutbox::tamperedMessagesShow() {
    QFETCH(QString, sql);
    const Store store;
    auto outbox = store.outbox();
    const auto id = addMessage(outbox, content(3 * kChunkSize + 5)).value();
    for (const auto &statement : sql.split(QLatin1Char(';'))) {
        store.tamper(statement);
    }
    const auto read = readMessage(outbox, id);
    QCOMPARE(codeOf(read), "store.damaged");
    QVERIFY(read.error().reaction == Reaction::AskAdmin);
}

void TstOutbox::chunksOfAnotherMessageShow() {
    const Store store;
    auto outbox = store.outbox();
    const auto first = addMessage(outbox, "to Bea: 1").value();
    const auto second = addMessage(outbox, "to Cy: 22").value();
    store.tamper(QStringLiteral("UPDATE outbox_chunk SET sealed = (SELECT c.sealed FROM "
                                "outbox_chunk c WHERE c.entry = %1) WHERE entry = %2")
                     .arg(second)
                     .arg(first));
    QCOMPARE(codeOf(readMessage(outbox, first)), "store.damaged");
    QCOMPARE(readMessage(outbox, second).value(), "to Cy: 22");
    // An entry's facts are bound to it too.
    store.tamper(QStringLiteral("UPDATE outbox SET sealed = (SELECT o.sealed FROM outbox o WHERE "
                                "o.id = %1) WHERE id = %2")
                     .arg(second)
                     .arg(first));
    QCOMPARE(codeOf(outbox.entry(first)), "store.damaged");
    QCOMPARE(codeOf(outbox.list()), "store.damaged");
}

void TstOutbox::twoThreads() {
    const Store store;
    const auto add = [&](char name) {
        auto outbox = store.outbox();
        for (int i = 0; i < 10; ++i) {
            const auto id = addMessage(outbox, std::string(kChunkSize * 5, name));
            if (!id || !outbox.setState(*id, OutboxState::Submitting)) {
                return;
            }
        }
    };
    std::thread one(add, 'a');
    std::thread two(add, 'b');
    one.join();
    two.join();
    const auto outbox = store.outbox();
    const auto entries = outbox.list().value();
    QCOMPARE(entries.size(), 20U);
    int ofA = 0;
    for (const auto &entry : entries) {
        const auto message = readMessage(outbox, entry.id).value();
        QVERIFY(message == std::string(kChunkSize * 5, message.front()));
        QVERIFY(entry.state == OutboxState::Submitting);
        ofA += message.front() == 'a' ? 1 : 0;
    }
    QCOMPARE(ofA, 10);
}

namespace {

//! A message that the server has taken, as the last of several.
std::int64_t addAccepted(Outbox &outbox, const std::string &content = "x") {
    const auto id = addMessage(outbox, content).value();
    const bool good = outbox.setState(id, OutboxState::Submitting) &&
                      outbox.setState(id, OutboxState::Committing) &&
                      outbox.finish(id, {OutboxState::Accepted, "{}", {}});
    return good ? id : 0;
}

std::vector<std::int64_t> idsOf(const Result<std::vector<OutboxEntry>> &entries) {
    std::vector<std::int64_t> ids;
    for (const auto &entry : entries.value()) {
        ids.push_back(entry.id);
    }
    return ids;
}

using Ids = std::vector<std::int64_t>;

} // namespace

void TstOutbox::whatHasNotEndedIsFoundByItself() {
    const Store store;
    auto outbox = store.outbox();
    QCOMPARE(addAccepted(outbox), 1);
    QVERIFY(addMessage(outbox, "waits"));
    QVERIFY(addMessage(outbox, "refused"));
    QVERIFY(outbox.setState(3, OutboxState::Failed));
    QVERIFY(addMessage(outbox, "uncertain"));
    QVERIFY(outbox.setState(4, OutboxState::Submitting));
    QVERIFY(outbox.setState(4, OutboxState::Committing));
    QVERIFY(outbox.setState(4, OutboxState::Uncertain));
    QCOMPARE(idsOf(outbox.open()), (Ids{2, 4}));
    QVERIFY(outbox.setState(4, OutboxState::Queued)); // a person's decision brings it back
    QCOMPARE(idsOf(outbox.open()), (Ids{2, 4}));
    QCOMPARE(idsOf(outbox.list()), (Ids{1, 2, 3, 4}));
}

void TstOutbox::entriesOfBeforeTheColumn() {
    const Store store;
    auto outbox = store.outbox();
    QCOMPARE(addAccepted(outbox), 1);
    QVERIFY(addMessage(outbox, "waits"));
    store.tamper(QStringLiteral("UPDATE outbox SET settled = NULL")); // as an upgrade leaves them
    QCOMPARE(idsOf(outbox.open()), (Ids{1, 2}));
    QVERIFY(outbox.recover()->empty()); // nothing was cut short
    QCOMPARE(idsOf(outbox.open()), (Ids{2}));
}

//! With 50,000 of them it would take a second: what can't be opened shows whether they are read.
void TstOutbox::aStartDoesNotReadWhatHasEnded() {
    const Store store;
    auto outbox = store.outbox();
    QCOMPARE(addAccepted(outbox), 1);
    QVERIFY(addMessage(outbox, "waits"));
    store.tamper(QStringLiteral("UPDATE outbox SET sealed = x'00' WHERE id = 1"));
    QCOMPARE(codeOf(outbox.list()), "store.damaged");
    QCOMPARE(codeOf(outbox.needsRecovery()), "ok");
    QVERIFY(!outbox.needsRecovery().value());
    QVERIFY(outbox.recover()->empty());
    QCOMPARE(idsOf(outbox.open()), (Ids{2}));
}

void TstOutbox::whatWasAcceptedKeepsNothingToSendItAnew() {
    const Store store;
    auto outbox = store.outbox();
    auto entry = someEntry();
    entry.contentDigest = "digest";
    entry.draftJson = "{}";
    const auto id = addMessage(outbox, "x", entry).value();
    bring(outbox, id, OutboxState::Deferred);
    QCOMPARE(outbox.entry(id)->contentDigest, "digest");
    bring(outbox, id, OutboxState::Accepted);
    QCOMPARE(outbox.entry(id)->contentDigest, "");
    QCOMPARE(outbox.entry(id)->draftJson, "");
}

void TstOutbox::pagesFromTheNewest() {
    const Store store;
    auto outbox = store.outbox();
    for (int i = 0; i < 7; ++i) {
        QVERIFY(addMessage(outbox, "x"));
    }
    QCOMPARE(idsOf(outbox.page(std::nullopt, 3)), (Ids{7, 6, 5}));
    QCOMPARE(idsOf(outbox.page(5, 3)), (Ids{4, 3, 2}));
    QCOMPARE(idsOf(outbox.page(2, 3)), (Ids{1}));
    QVERIFY(outbox.page(1, 3)->empty());
}

void TstOutbox::removesWhatEndedLongAgo() {
    const Store store;
    auto outbox = store.outbox();
    QCOMPARE(addAccepted(outbox), 1);
    QVERIFY(addMessage(outbox, "waits"));
    store.clock()->advance(std::chrono::hours(24 * 10));
    QCOMPARE(addAccepted(outbox), 3);
    const auto now = store.clock()->now();
    QCOMPARE(outbox.removeSettled(now - std::chrono::hours(24 * 11)).value(), 0);
    QCOMPARE(outbox.removeSettled(now - std::chrono::hours(24 * 5)).value(), 1);
    QCOMPARE(idsOf(outbox.list()), (Ids{2, 3})); // what waits stays, however old
    const auto chunks =
        store.connection().value(QStringLiteral("SELECT count(*) FROM outbox_chunk"), "test");
    QCOMPARE(chunks.value().toInt(), 2);
}

void TstOutbox::removedMessagesAreOverwritten() {
    const Store store;
    auto outbox = store.outbox();
    const auto id = addAccepted(outbox, content(20'000));
    const auto sealed =
        store.connection()
            .value(QStringLiteral("SELECT sealed FROM outbox_chunk WHERE entry = %1").arg(id),
                   "test")
            .value()
            .toByteArray();
    QVERIFY(sealed.size() > 20'000);
    QVERIFY(addMessage(outbox, "another")); // the file does not simply get shorter
    QVERIFY(store.database()->settle());
    const auto pieceIsThere = [&] {
        for (const auto *suffix : {"", "-wal"}) {
            const auto bytes = QByteArray::fromStdString(readFile(store.file().string() + suffix));
            for (qsizetype at = 0; at + 400 < sealed.size(); at += 2000) {
                if (bytes.contains(sealed.mid(at, 200))) {
                    return true;
                }
            }
        }
        return false;
    };
    QVERIFY(pieceIsThere());
    store.clock()->advance(std::chrono::hours(48));
    QCOMPARE(outbox.removeSettled(store.clock()->now()).value(), 1);
    QVERIFY(store.database()->settle());
    QVERIFY(!pieceIsThere());
}

QTEST_GUILESS_MAIN(TstOutbox)
#include "tst_Outbox.moc"
