// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeSigning.h"
#include "runtime/JournalSigner.h"
#include "support/FakeClock.h"

#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using namespace sealpost::runtime;
using namespace sealpost::runtime::testing;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::hours kDaily{24};

Deadline soon() {
    return Deadline::after(30s);
}

//! A journal, and who signs it.
struct World {
    World() {
        auto opened = store::Database::open(dir.path().toStdString() + "/sealpost.db",
                                            SecretBytes(std::string(32, 'k')));
        database = *opened;
        journal = std::make_shared<store::AuditJournal>(database, clock);
    }
    [[nodiscard]] JournalSigner signer() const {
        return {journal, store::SealedFacts(database), sealer, reader, clock};
    }
    void write(const char *event) const { QVERIFY(journal->append(event, {})); }
    [[nodiscard]] std::string faults() const {
        std::string all;
        const auto signatures = signer().check(soon(), {}).value();
        for (const auto &one : signatures) {
            all += "[" + one.fault + "]";
        }
        return all;
    }

    QTemporaryDir dir;
    std::shared_ptr<test::FakeClock> clock = std::make_shared<test::FakeClock>();
    std::shared_ptr<store::Database> database;
    std::shared_ptr<store::AuditJournal> journal;
    std::shared_ptr<FakeSealer> sealer = std::make_shared<FakeSealer>();
    std::shared_ptr<FakeReader> reader = std::make_shared<FakeReader>();
};

} // namespace

class TstJournalSigner : public QObject {
    Q_OBJECT
private slots:
    void dueOnceInAnInterval();
    void holds();
    void findsWhatDoesNotHold();
    void expiredSinceThenStillHolds();
};

void TstJournalSigner::dueOnceInAnInterval() {
    const World world;
    auto signer = world.signer();
    QVERIFY(!signer.isDue(kDaily).value()); // nothing written yet
    world.write("a");
    QVERIFY(signer.isDue(kDaily).value());
    QVERIFY(!signer.isDue(0h).value());
    QVERIFY(signer.sign("fp", soon()));
    QVERIFY(!signer.isDue(kDaily).value()); // its own line is no reason
    world.clock->advance(25h);
    QVERIFY(!signer.isDue(kDaily).value()); // nothing new
    world.write("b");
    QVERIFY(signer.isDue(kDaily).value());
    QVERIFY(signer.sign("fp", soon()));
    world.write("c");
    QVERIFY(!signer.isDue(kDaily).value());
    world.clock->advance(-48h); // a clock set back
    QVERIFY(signer.isDue(kDaily).value());
}

void TstJournalSigner::holds() {
    const World world;
    world.write("a");
    world.write("b");
    auto signer = world.signer();
    QVERIFY(signer.sign("fp", soon()));
    world.write("c");
    QVERIFY(signer.sign("fp", soon()));
    const auto signatures = signer.check(soon(), {}).value();
    QCOMPARE(signatures.size(), 2U);
    QCOMPARE(signatures[0].line, 3);
    QCOMPARE(signatures[0].lines, 2);
    QCOMPARE(signatures[0].fault, "");
    QCOMPARE(signatures[0].facts.signer.fingerprint, "fp");
    QCOMPARE(signatures[1].lines, 4);
    QCOMPARE(signatures[1].fault, "");
    QVERIFY(world.journal->verify()->intact);
}

void TstJournalSigner::findsWhatDoesNotHold() {
    const World world;
    world.write("a");
    QVERIFY(world.signer().sign("fp", soon()));
    const auto good = world.journal->list().value().back().facts;
    const auto append = [&](const char *name, const std::string &value) {
        auto facts = good;
        facts[name] = value;
        return world.journal->append("journal.signed", facts).has_value();
    };
    // Whoever has the store's key can append these, but not what the person's key makes.
    QVERIFY(append("lines", "2"));
    QVERIFY(append("lines", "99"));
    QVERIFY(append("lines", ""));
    QVERIFY(append("chain", std::string(64, 'a')));
    QVERIFY(append("signer", "other"));
    QVERIFY(append("signature", "Zm9vOmJhcg=="));
    QVERIFY(append("signature", "?"));
    QCOMPARE(world.faults(), "[][other-journal][other-journal][other-journal][other-journal]"
                             "[signature][signature][unreadable]");
    world.reader->state = crypto::CertificateState::Untrusted;
    QVERIFY(world.faults().starts_with("[signer]"));
}

void TstJournalSigner::expiredSinceThenStillHolds() {
    const World world;
    world.write("a");
    QVERIFY(world.signer().sign("fp", soon()));
    world.reader->state = crypto::CertificateState::Expired;
    QCOMPARE(world.faults(), "[]");
    world.reader->notAfter = base::fromIso8601("2026-11-22T00:00:00Z"); // before it signed
    QCOMPARE(world.faults(), "[signer]");
    world.reader->state = crypto::CertificateState::Revoked;
    QCOMPARE(world.faults(), "[signer]");
}

QTEST_GUILESS_MAIN(TstJournalSigner)
#include "tst_JournalSigner.moc"
