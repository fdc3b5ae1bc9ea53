// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/EventLogForwarder.h"
#include "store/JournalForms.h"
#include "support/FakeClock.h"

#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using namespace sealpost::runtime;

namespace {

//! Takes as many events as it is told to, then none.
class FakeLog final : public SystemEventLog {
public:
    std::size_t room = 100;
    std::vector<std::string> events;
    [[nodiscard]] Result<void> report(const std::string &text) override {
        if (events.size() == room) {
            return fail("eventlog.unwritable", "eventlog", Reaction::AskAdmin, "full");
        }
        events.push_back(text);
        return {};
    }
};

} // namespace

class TstEventLogForwarder : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_database = store::Database::open(m_dir->path().toStdString() + "/sealpost.db",
                                           SecretBytes(std::string(32, 'k')))
                         .value();
        m_journal =
            std::make_shared<store::AuditJournal>(m_database, std::make_shared<test::FakeClock>());
        for (int i = 0; i < 3; ++i) {
            QVERIFY(m_journal->append("plan.approved", {{"number", std::to_string(i)}}));
        }
    }

    void eachLineOnce() {
        FakeLog log;
        QCOMPARE(forward(log).value(), 3);
        QCOMPARE(forward(log).value(), 0);
        QVERIFY(m_journal->append("outbox.queued", {}));
        QCOMPARE(forward(log).value(), 1);
        QCOMPARE(log.events.size(), std::size_t{4});
        const auto lines = m_journal->list().value();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            QCOMPARE(QJsonDocument::fromJson(QByteArray::fromStdString(log.events[i])).object(),
                     store::toJson(lines[i]));
        }
    }

    void whatFailsIsReportedTheNextTime() {
        FakeLog log;
        log.room = 2;
        QCOMPARE(forward(log).error().code, std::string("eventlog.unwritable"));
        log.room = 100;
        QCOMPARE(forward(log).value(), 1);
        QCOMPARE(log.events.size(), std::size_t{3});
    }

    void noneHere() {
#ifndef _WIN32
        QVERIFY(*systemEventLog() == nullptr);
#endif
    }

private:
    [[nodiscard]] Result<std::int64_t> forward(SystemEventLog &log) const {
        return EventLogForwarder(m_journal, store::SealedFacts(m_database)).forward(log);
    }
    std::unique_ptr<QTemporaryDir> m_dir;
    std::shared_ptr<store::Database> m_database;
    std::shared_ptr<store::AuditJournal> m_journal;
};

QTEST_GUILESS_MAIN(TstEventLogForwarder)
#include "tst_EventLogForwarder.moc"
