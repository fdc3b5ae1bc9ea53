// SPDX-License-Identifier: GPL-3.0-or-later
#include "StoreFixture.h"
#include "store/Correspondents.h"

#include <QTest>
#include <chrono>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

constexpr Time kMonday{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
const crypto::ReaderCapabilities kGcm{true, false};
const crypto::ReaderCapabilities kOaep{false, true};

} // namespace

class TstCorrespondents : public QObject {
    Q_OBJECT
private slots:
    void nothingIsKnownAtFirst() {
        QVERIFY(m_memory->capabilities("jo@court.example") == crypto::ReaderCapabilities());
        QVERIFY(!m_memory->pinned("jo@court.example").value());
    }
    //! RFC 8551 §2.7.1
    void theLastMessageCounts() {
        QVERIFY(m_memory->learn("Jo@court.example", kGcm, kMonday));
        QVERIFY(m_memory->capabilities("jo@COURT.example") == kGcm);
        QVERIFY(m_memory->learn("jo@court.example", kOaep, kMonday - std::chrono::hours(1)));
        QVERIFY(m_memory->capabilities("jo@court.example") == kGcm);
        QVERIFY(m_memory->learn("jo@court.example", kOaep, kMonday + std::chrono::hours(1)));
        QVERIFY(m_memory->capabilities("jo@court.example") == kOaep);
    }
    void aPinIsTakenBack() {
        QVERIFY(m_memory->pin("jo@court.example", "ab12"));
        QCOMPARE(m_memory->pinned("Jo@court.example").value(), std::optional<std::string>("ab12"));
        QVERIFY(m_memory->pin("jo@court.example", {}));
        QVERIFY(!m_memory->pinned("jo@court.example").value());
    }
    void addressesAreNotOnTheDisk() {
        QVERIFY(m_memory->pin("witness.seven@court.example", "ab12"));
        QVERIFY(m_memory->learn("witness.seven@court.example", kGcm, kMonday));
        m_store->close();
        QVERIFY(!readFile(m_store->file()).empty());
        QVERIFY(readFile(m_store->file()).find("witness.seven") == std::string::npos);
    }
    //! A store that does not open is a memory that has forgotten; a choice that can't be found out
    //! is an error.
    void withoutAStore() {
        Correspondents memory([]() -> Result<std::shared_ptr<Database>> {
            return fail("keychain.locked", "test", Reaction::FixInput);
        });
        QVERIFY(memory.capabilities("jo@court.example") == crypto::ReaderCapabilities());
        QCOMPARE(memory.pinned("jo@court.example").error().code, std::string("keychain.locked"));
    }

    void init() {
        m_store = std::make_unique<Store>();
        m_memory = std::make_unique<Correspondents>(
            [this]() -> Result<std::shared_ptr<Database>> { return m_store->database(); });
    }

private:
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Correspondents> m_memory;
};

QTEST_GUILESS_MAIN(TstCorrespondents)
#include "tst_Correspondents.moc"
