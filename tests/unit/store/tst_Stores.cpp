// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"
#include "store/AccountStore.h"
#include "store/CjsmTable.h"
#include "store/DraftStore.h"
#include "store/ReportCache.h"
#include "store/UsedRecipients.h"

#include <QTest>
#include <chrono>
#include <thread>
#include <vector>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

mail::Address address(const char *text) {
    return mail::Address::parse(text).value();
}

mail::Draft fullDraft() {
    mail::Draft draft;
    draft.account = "work";
    draft.from = address("Ana O'Neill <ana@justice.example>");
    draft.to = {address("\"Bea \\\"B\\\" \\\\ Quoted, Esq.\" <bea@court.example>"),
                address("jörg@bücher.example")};
    draft.cc = {address("cy@court.example")};
    draft.bcc = {address("Žofie <dot.ted+tag@court.example>")};
    draft.subject = "Hearing – 3 März";
    draft.body = "Dear Bea,\r\n\n\ttabs, caf\xE9 that is not UTF-8, and \0 inside";
    draft.body += std::string("\0x", 2);
    draft.attachments = {{"/home/ana/Akte \xFF.pdf", "Akte ä.pdf"}, {"relative.txt", "r.txt"}};
    draft.handling = "RECIPIENTS ONLY";
    draft.descriptor = "COMMERCIAL";
    draft.forward = mail::Forwarded{"/tmp/\xff.eml", mail::ForwardForm::Inline};
    draft.dismissals = {{"a1b2", "password", "Só é um exemplo"}};
    draft.classification = Classification::OfficialSensitive;
    draft.protect = RouteKind::Smime;
    return draft;
}

mail::Account fullAccount(const std::string &name) {
    mail::Account account;
    account.name = name;
    account.address = address("Ana O'Neill <ana@justice.example>");
    account.host = "smtp.justice.example";
    account.port = base::kSubmissionPort;
    account.tls = mail::SubmissionTls::StartTls;
    account.userName = "ana-user";
    account.provider = mail::ProviderKind::CjsmServer;
    account.mayUseCjsm = true;
    account.sieveServer = "mail.court.example:4190";
    account.signingFingerprint = std::string(64, 'a');
    return account;
}

} // namespace

class TstStores : public QObject {
    Q_OBJECT
private slots:
    void removesDraftsThatNobodyTouched();
    void draftsKeepEverything();
    void emptyDraftIsKept();
    void draftsAreUpdatedAndListedNewestFirst();
    void draftsAreRemoved();
    void tamperedDraftShows();
    void accountsKeepEverything();
    void accountsAreFound();
    void accountNamesAreUnique();
    void badAccountNames_data();
    void badAccountNames();
    void cacheKeepsUntilExpiry();
    void cacheForgetsWhatExpired();
    void cacheWritesInBatches();
    void cacheStaysSmall();
    void damagedCacheMisses();
    void cjsmTableIsReplacedAsAWhole();
    void tamperedCjsmTableShows();
    void usedRecipientsAreRemembered();
    void nothingStandsInPlain();
};

void TstStores::draftsKeepEverything() {
    Store store;
    const auto draft = fullDraft();
    const auto id = DraftStore(store.database()).save(draft).value();
    QVERIFY(!id.empty());
    store.open();
    const auto drafts = DraftStore(store.database()).list().value();
    QCOMPARE(drafts.size(), 1U);
    const auto &kept = drafts.front();
    QCOMPARE(kept.id, id);
    QCOMPARE(kept.account, draft.account);
    QCOMPARE(kept.from.spec(), draft.from.spec());
    QCOMPARE(kept.from.displayName(), draft.from.displayName());
    QCOMPARE(kept.to.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(kept.to[i].spec(), draft.to[i].spec());
        QCOMPARE(kept.to[i].displayName(), draft.to[i].displayName());
    }
    QVERIFY(kept.cc == draft.cc);
    QVERIFY(kept.bcc == draft.bcc);
    QCOMPARE(kept.bcc.front().displayName(), "Žofie");
    QCOMPARE(kept.subject, draft.subject);
    QVERIFY(kept.body == draft.body);
    QCOMPARE(kept.attachments.size(), 2U);
    for (std::size_t i = 0; i < 2; ++i) {
        QVERIFY(kept.attachments[i].path == draft.attachments[i].path);
        QCOMPARE(kept.attachments[i].name, draft.attachments[i].name);
    }
    QVERIFY(kept.dismissals == draft.dismissals);
    QCOMPARE(kept.handling, draft.handling);
    QCOMPARE(kept.descriptor, draft.descriptor);
    QVERIFY(kept.forward == draft.forward);
    QVERIFY(kept.classification == draft.classification);
    QVERIFY(kept.protect == draft.protect);
}

void TstStores::emptyDraftIsKept() {
    const Store store;
    DraftStore drafts(store.database());
    QVERIFY(drafts.save({}));
    const auto kept = drafts.list().value().front();
    QVERIFY(kept.from.empty());
    QVERIFY(kept.to.empty());
    QVERIFY(!kept.protect);
    QVERIFY(kept.classification == Classification::Official);
}

void TstStores::draftsAreUpdatedAndListedNewestFirst() {
    const Store store;
    DraftStore drafts(store.database());
    mail::Draft first;
    first.subject = "first";
    first.id = drafts.save(first).value();
    mail::Draft second;
    second.subject = "second";
    second.id = drafts.save(second).value();
    QVERIFY(first.id != second.id);
    QCOMPARE(drafts.list().value().front().subject, "second");
    first.subject = "first again";
    QCOMPARE(drafts.save(first).value(), first.id);
    const auto listed = drafts.list().value();
    QCOMPARE(listed.size(), 2U);
    QCOMPARE(listed[0].subject, "first again");
    QCOMPARE(listed[1].subject, "second");
}

void TstStores::draftsAreRemoved() {
    const Store store;
    DraftStore drafts(store.database());
    const auto id = drafts.save(fullDraft()).value();
    QVERIFY(drafts.remove("another"));
    QCOMPARE(drafts.list().value().size(), 1U);
    QVERIFY(drafts.remove(id));
    QVERIFY(drafts.remove(id));
    QVERIFY(drafts.list().value().empty());
}

void TstStores::tamperedDraftShows() {
    const Store store;
    DraftStore drafts(store.database());
    QVERIFY(drafts.save(fullDraft()));
    store.tamper(QStringLiteral("UPDATE draft SET id = 'another'"));
    const auto listed = drafts.list();
    QCOMPARE(codeOf(listed), "store.damaged");
}

void TstStores::accountsKeepEverything() {
    Store store;
    QVERIFY(AccountStore(store.database()).add(fullAccount("work")));
    store.open();
    const auto kept = AccountStore(store.database()).find("work").value();
    const auto account = fullAccount("work");
    QCOMPARE(kept.name, account.name);
    QCOMPARE(kept.address.spec(), account.address.spec());
    QCOMPARE(kept.address.displayName(), account.address.displayName());
    QCOMPARE(kept.host, account.host);
    QVERIFY(kept.port == account.port);
    QVERIFY(kept.tls == account.tls);
    QCOMPARE(kept.userName, account.userName);
    QVERIFY(kept.provider == account.provider);
    QVERIFY(kept.mayUseCjsm);
    QCOMPARE(kept.sieveServer, account.sieveServer);
    QCOMPARE(kept.signingFingerprint, account.signingFingerprint);
}

void TstStores::accountsAreFound() {
    const Store store;
    AccountStore accounts(store.database());
    QCOMPARE(codeOf(accounts.find({})), "account.none");
    QCOMPARE(codeOf(accounts.find("work")), "account.not-found");
    QCOMPARE(accounts.find("work").error().subject, "work");
    QVERIFY(accounts.add(fullAccount("work")));
    QCOMPARE(accounts.find({}).value().name, "work");
    QVERIFY(accounts.add(fullAccount("cjsm")));
    QCOMPARE(codeOf(accounts.find({})), "account.choose");
    const auto listed = accounts.list().value();
    QCOMPARE(listed[0].name, "cjsm");
    QCOMPARE(listed[1].name, "work");
    auto changed = fullAccount("work");
    changed.mayUseCjsm = false;
    QVERIFY(accounts.change(changed));
    QVERIFY(!accounts.find("work")->mayUseCjsm);
    QVERIFY(accounts.find("cjsm")->mayUseCjsm);
    QVERIFY(accounts.remove("work"));
    QCOMPARE(codeOf(accounts.remove("work")), "account.not-found");
    QCOMPARE(codeOf(accounts.change(changed)), "account.not-found");
    QCOMPARE(accounts.find({}).value().name, "cjsm");
}

void TstStores::accountNamesAreUnique() {
    const Store store;
    AccountStore accounts(store.database());
    QVERIFY(accounts.add(fullAccount("work")));
    const auto again = accounts.add(fullAccount("work"));
    QCOMPARE(codeOf(again), "account.exists");
    QVERIFY(again.error().reaction == Reaction::FixInput);
    QCOMPARE(accounts.list().value().size(), 1U);
}

void TstStores::badAccountNames_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("blank") << QByteArray("  ");
    QTest::newRow("line-break") << QByteArray("a\nb");
}

void TstStores::badAccountNames() {
    QFETCH(QByteArray, name);
    const Store store;
    AccountStore accounts(store.database());
    QCOMPARE(codeOf(accounts.add(fullAccount(name.toStdString()))), "account.bad-name");
    QVERIFY(accounts.list().value().empty());
}

void TstStores::cacheKeepsUntilExpiry() {
    Store store;
    const auto now = store.clock()->now();
    const auto later = now + std::chrono::hours(1);
    {
        ReportCache cache(store.database());
        QVERIFY(!cache.get("court.example", now));
        cache.put("court.example", "report", later);
        cache.put("other.example", {}, later);
    }
    store.open();
    ReportCache cache(store.database());
    QCOMPARE(cache.get("court.example", now).value_or("none"), "report");
    QCOMPARE(cache.get("other.example", now).value_or("none"), "");
    cache.put("court.example", "new report", later);
    QCOMPARE(cache.get("court.example", later - std::chrono::seconds(1)).value_or("none"),
             "new report");
    QVERIFY(!cache.get("court.example", later));
}

void TstStores::cacheForgetsWhatExpired() {
    const Store store;
    ReportCache cache(store.database());
    const auto now = store.clock()->now();
    cache.put("a", "1", now + std::chrono::seconds(10));
    cache.put("b", "2", now + std::chrono::seconds(90));
    cache.flush();
    QVERIFY(!cache.get("another", now + std::chrono::seconds(11)));
    cache.flush();
    const auto rows =
        store.connection().value(QStringLiteral("SELECT count(*) FROM cache"), "test");
    QCOMPARE(rows.value().toInt(), 1);
}

void TstStores::cacheWritesInBatches() {
    const Store store;
    const auto now = store.clock()->now();
    const auto later = now + std::chrono::hours(1);
    const auto rows = [&] {
        return store.connection()
            .value(QStringLiteral("SELECT count(*) FROM cache"), "test")
            .value()
            .toInt();
    };
    {
        ReportCache cache(store.database());
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&cache, thread, now, later] {
                for (int i = 0; i < 500; ++i) {
                    const auto key = std::to_string(thread) + "/" + std::to_string(i);
                    cache.put(key, "value of " + key, later);
                    // Known at once, written or not.
                    QCOMPARE(cache.get(key, now).value_or("none"), "value of " + key);
                }
            });
        }
        threads.clear();
        cache.flush();
        QCOMPARE(rows(), 2000);
        cache.put("last", "of all", later);
    }
    QCOMPARE(rows(), 2001); // its end writes the rest
}

void TstStores::cacheStaysSmall() {
    const Store store;
    const auto now = store.clock()->now();
    ReportCache cache(store.database());
    for (int i = 0; i < 5000; ++i) {
        cache.put(std::to_string(i), "x", now + std::chrono::hours(1) + std::chrono::seconds(i));
    }
    cache.flush();
    QVERIFY(cache.get("4999", now));
    QVERIFY(!cache.get("0", now)); // would have expired first
    QCOMPARE(store.connection()
                 .value(QStringLiteral("SELECT count(*) FROM cache"), "test")
                 .value()
                 .toInt(),
             4096);
}

void TstStores::damagedCacheMisses() {
    const Store store;
    ReportCache cache(store.database());
    const auto now = store.clock()->now();
    cache.put("a", "1", now + std::chrono::seconds(10));
    cache.flush();
    store.tamper(QStringLiteral("UPDATE cache SET expires = expires + 1000"));
    QVERIFY(!cache.get("a", now));
    store.tamper(QStringLiteral("DROP TABLE cache"));
    cache.put("a", "1", now + std::chrono::seconds(10));
    cache.flush();
    QVERIFY(!cache.get("a", now));
}

void TstStores::cjsmTableIsReplacedAsAWhole() {
    Store store;
    {
        CjsmTable table(store.database());
        QVERIFY(!table.about().value().has_value());
        QVERIFY(table.find("a").value().empty());
        QVERIFY(table.replace({{{"a", "x"}, "first"}, {{"b", "x", "x"}, "second"}}, "old"));
        QVERIFY(table.replace({{{"c", "x"}, "third"}, {{"x"}, "fourth"}}, "new"));
    }
    store.open();
    CjsmTable table(store.database());
    QCOMPARE(table.about().value().value(), "new");
    QVERIFY(table.find("a").value().empty());
    QCOMPARE(table.find("x").value(), (std::vector<std::string>{"third", "fourth"}));
    store.tamper(QStringLiteral("CREATE TRIGGER full BEFORE INSERT ON cjsm WHEN new.id = 2 "
                                "BEGIN SELECT raise(ABORT, 'full'); END"));
    QVERIFY(!table.replace({{{"d"}, "fifth"}, {{"d"}, "sixth"}}, "newest"));
    QCOMPARE(table.about().value().value(), "new");
    QCOMPARE(table.find("c").value().size(), 1U);
}

void TstStores::tamperedCjsmTableShows() {
    const Store store;
    CjsmTable table(store.database());
    QVERIFY(table.replace({{{"a"}, "first"}, {{"b"}, "second"}}, "about"));
    // A box that moved to another row is no longer good.
    store.tamper(QStringLiteral("UPDATE cjsm SET sealed = (SELECT sealed FROM cjsm AS other "
                                "WHERE other.id = 2) WHERE id = 1"));
    QCOMPARE(table.find("a").error().code, "store.damaged");
    QCOMPARE(table.find("b").value().front(), "second");
}

void TstStores::usedRecipientsAreRemembered() {
    Store store;
    {
        UsedRecipients used(store.database());
        QVERIFY(!used.contains(address("jo@court.example")).value());
        QVERIFY(used.domains().value().empty());
        QVERIFY(used.add({}));
        QVERIFY(used.add({address("Jo@court.example"), address("al@firm.example")}));
        QVERIFY(used.add({address("jo@court.example")}));
    }
    store.open();
    UsedRecipients used(store.database());
    QVERIFY(used.contains(address("jo@COURT.example")).value());
    QVERIFY(!used.contains(address("sam@court.example")).value());
    QCOMPARE(used.domains().value(), (std::set<std::string>{"court.example", "firm.example"}));
    // A box that moved to another row is no longer good.
    store.tamper(
        QStringLiteral("UPDATE used_domain SET sealed = (SELECT sealed FROM used_domain AS "
                       "other WHERE other.key > used_domain.key)"
                       "WHERE key = (SELECT min(key) FROM used_domain)"));
    QCOMPARE(used.domains().error().code, "store.damaged");
    QVERIFY(used.contains(address("al@firm.example")).value());
}

void TstStores::nothingStandsInPlain() {
    Store store;
    const std::string secret = "Xyzzy-Quux-4711";
    auto entry = someEntry("<" + secret + "@justice.example>");
    entry.account = entry.route = entry.envelopeFrom = entry.planDigest = secret;
    entry.recipients = entry.tlsSuffices = {secret + "@court.example"};
    auto outbox = store.outbox();
    std::string message;
    while (message.size() < 2'000'000) {
        message += secret + "\r\n";
    }
    const auto id = addMessage(outbox, message, entry).value();
    QVERIFY(outbox.setState(id, OutboxState::Submitting, secret));
    QVERIFY(outbox.setState(id, OutboxState::Committing));
    QVERIFY(outbox.finish(id, {OutboxState::Accepted, secret, secret}));
    auto journal = store.journal();
    QVERIFY(journal.append(secret, {{secret, secret}}));
    auto draft = fullDraft();
    draft.subject = draft.body = draft.account = secret;
    draft.to = {address((secret + "@court.example").c_str())};
    draft.attachments = {{"/tmp/" + secret, secret}};
    QVERIFY(DraftStore(store.database()).save(draft));
    auto account = fullAccount(secret);
    account.userName = account.host = account.signingFingerprint = secret;
    QVERIFY(AccountStore(store.database()).add(account));
    QVERIFY(CjsmTable(store.database()).replace({{{secret}, secret}}, secret));
    QVERIFY(UsedRecipients(store.database()).add({address((secret + "@court.example").c_str())}));
    ReportCache(store.database()).put(secret, secret, store.clock()->now() + std::chrono::hours(1));

    const auto search = [&](const char *when) {
        std::size_t looked = 0;
        for (const auto &file : std::filesystem::directory_iterator(store.file().parent_path())) {
            const auto bytes = readFile(file.path());
            looked += bytes.size();
            for (const auto &word : {secret, std::string("Xyzzy"), std::string("court.example"),
                                     std::string("justice.example")}) {
                QVERIFY2(bytes.find(word) == std::string::npos,
                         (file.path().string() + " " + when + " " + word).c_str());
            }
        }
        QVERIFY(looked > message.size());
    };
    search("open");
    store.tamper(QStringLiteral("PRAGMA wal_checkpoint(PASSIVE)"));
    search("after a checkpoint");
    store.close();
    search("closed");
    QVERIFY(readFile(store.file()).find(testKey().view()) == std::string::npos);
}

void TstStores::removesDraftsThatNobodyTouched() {
    const Store store;
    DraftStore drafts(store.database());
    mail::Draft draft;
    draft.id = "old";
    QVERIFY(drafts.save(draft));
    draft.id = "new";
    QVERIFY(drafts.save(draft));
    store.tamper(QStringLiteral("UPDATE draft SET touched = touched - 31 WHERE id = 'old'"));
    const auto now = base::SystemClock().now();
    QCOMPARE(drafts.removeUntouched(now - std::chrono::hours(24 * 40)).value(), 0);
    QCOMPARE(drafts.removeUntouched(now - std::chrono::hours(24 * 30)).value(), 1);
    QCOMPARE(drafts.list()->size(), 1U);
    QCOMPARE(drafts.list()->front().id, "new");
}

QTEST_GUILESS_MAIN(TstStores)
#include "tst_Stores.moc"
