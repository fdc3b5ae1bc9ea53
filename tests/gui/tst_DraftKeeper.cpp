// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/FakeComposeService.h"
#include "ui/DraftKeeper.h"

#include <QSignalSpy>
#include <QTest>

using namespace sealpost;
using namespace std::chrono_literals;

class TestDraftKeeper final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_fake = std::make_unique<testing::FakeComposeService>();
        m_draft = {};
        m_draft.subject = "first";
        m_keeper = std::make_unique<ui::DraftKeeper>(
            *m_fake, [this] { return m_draft; }, nullptr);
        m_keeper->setDelay(0ms);
    }
    void cleanup() {
        m_keeper.reset();
        m_fake.reset();
    }

    void keepsWhatChanged() {
        QSignalSpy kept(m_keeper.get(), &ui::DraftKeeper::kept);
        m_keeper->touch();
        QVERIFY(kept.wait());
        QCOMPARE(m_fake->stored().front().subject, std::string("first"));
        QVERIFY(!m_keeper->isDirty());
    }

    void oneDraftHasOneIdHoweverFastOneTypes() {
        QSignalSpy kept(m_keeper.get(), &ui::DraftKeeper::kept);
        m_keeper->touch();
        m_keeper->flush([](const Result<void> &) {});
        m_draft.subject = "second";
        m_keeper->touch();
        bool done = false;
        m_keeper->flush([&](const Result<void> &result) { done = result.has_value(); });
        QTRY_VERIFY(done);
        QCOMPARE(static_cast<int>(m_fake->stored().size()), 1);
        QCOMPARE(m_fake->stored().front().subject, std::string("second"));
        QCOMPARE(m_keeper->id(), m_fake->stored().front().id);
    }

    void flushOfNothingIsDoneAtOnce() {
        bool done = false;
        m_keeper->flush([&](const Result<void> &result) { done = result.has_value(); });
        QVERIFY(done);
        QVERIFY(m_fake->stored().empty());
    }

    void discardRemovesTheDraft() {
        QSignalSpy kept(m_keeper.get(), &ui::DraftKeeper::kept);
        m_keeper->touch();
        QVERIFY(kept.wait());
        m_keeper->discard();
        QTRY_VERIFY(m_fake->stored().empty());
        QVERIFY(m_keeper->id().empty());
    }

    void discardDuringASaveLeavesNothingBehind() {
        m_keeper->touch();
        bool done = false;
        m_keeper->flush([&](const Result<void> &) { done = true; });
        m_keeper->discard();
        QTRY_VERIFY(done);
        QTRY_VERIFY(m_fake->stored().empty());
        QVERIFY(m_keeper->id().empty());
    }

    void aFailureIsSaidAndTheDraftStaysDirty() {
        m_fake->saveError = Error{"store.full", "save", Reaction::AskAdmin};
        QSignalSpy failed(m_keeper.get(), &ui::DraftKeeper::failed);
        m_keeper->touch();
        std::string code;
        m_keeper->flush([&](const Result<void> &result) { code = result.error().code; });
        QVERIFY(failed.wait());
        QCOMPARE(code, std::string("store.full"));
        QVERIFY(m_keeper->isDirty());
        m_fake->saveError.reset();
        bool done = false;
        m_keeper->flush([&](const Result<void> &result) { done = result.has_value(); });
        QTRY_VERIFY(done);
        QCOMPARE(static_cast<int>(m_fake->stored().size()), 1);
    }

private:
    std::unique_ptr<testing::FakeComposeService> m_fake;
    std::unique_ptr<ui::DraftKeeper> m_keeper;
    mail::Draft m_draft;
};

QTEST_MAIN(TestDraftKeeper)
#include "tst_DraftKeeper.moc"
