// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/FakeComposeService.h"
#include "ui/Previewer.h"

#include <QSignalSpy>
#include <QTest>

using namespace sealpost;
using namespace std::chrono_literals;

class TestPreviewer final : public QObject {
    Q_OBJECT
private slots:
    void asksOnceWhereTypingPauses() {
        ui::Previewer previewer(
            fake(), [this] { return m_draft; }, nullptr);
        previewer.setPause(0ms);
        QSignalSpy ready(&previewer, &ui::Previewer::ready);
        for (int i = 0; i < 20; ++i) {
            previewer.touch(); // no event loop in between: this is all one burst
        }
        QVERIFY(ready.wait());
        QCOMPARE(fake().previews(), 1);
        QVERIFY(previewer.isUpToDate());
    }

    void isRenewedWithoutAWord() {
        ui::Previewer previewer(
            fake(), [this] { return m_draft; }, nullptr);
        previewer.setPause(0ms);
        previewer.setSoonestRenewal(1ms); // what the fake reports stand on has long expired
        QSignalSpy ready(&previewer, &ui::Previewer::ready);
        QSignalSpy outdated(&previewer, &ui::Previewer::outdated);
        m_draft.to = {*mail::Address::parse("jo@court.example")};
        previewer.refresh();
        QTRY_VERIFY(ready.count() >= 3);
        QCOMPARE(outdated.count(), 0); // what was shown stayed
        QVERIFY(previewer.isUpToDate());
        previewer.setSoonestRenewal(1h);
        previewer.reset();
    }

    void isOutdatedFromTheFirstKey() {
        ui::Previewer previewer(
            fake(), [this] { return m_draft; }, nullptr);
        previewer.setPause(0ms);
        QSignalSpy ready(&previewer, &ui::Previewer::ready);
        QSignalSpy outdated(&previewer, &ui::Previewer::outdated);
        previewer.refresh();
        QVERIFY(ready.wait());
        previewer.touch();
        QVERIFY(!previewer.isUpToDate());
        QCOMPARE(outdated.count(), 1);
    }

    void anOlderAnswerIsDroppedAndItsWorkStopped() {
        ui::Previewer previewer(
            fake(), [this] { return m_draft; }, nullptr);
        QSignalSpy ready(&previewer, &ui::Previewer::ready);
        fake().previewLatch.close();
        m_draft.subject = "first";
        previewer.refresh();
        m_draft.subject = "second";
        previewer.refresh();
        QTRY_COMPARE(fake().previewLatch.waiting(), 2);
        fake().previewLatch.open();
        QVERIFY(ready.wait());
        QTRY_COMPARE(fake().stoppedPreviews(), 1);
        QCoreApplication::processEvents();
        QCOMPARE(ready.count(), 1);
        QCOMPARE(previewer.latest()->plan->draft.subject, std::string("second"));
    }

    void anAnswerThatATouchHasOvertakenIsDropped() {
        ui::Previewer previewer(
            fake(), [this] { return m_draft; }, nullptr);
        previewer.setPause(1h); // the newer request does not come
        QSignalSpy ready(&previewer, &ui::Previewer::ready);
        fake().previewLatch.close();
        previewer.refresh();
        previewer.touch();
        fake().previewLatch.open();
        QTRY_COMPARE(fake().stoppedPreviews(), 1);
        QTest::qWait(0);
        QCOMPARE(ready.count(), 0);
        QVERIFY(!previewer.isUpToDate());
    }

    void resetForgetsWhatIsUnderWay() {
        ui::Previewer previewer(
            fake(), [this] { return m_draft; }, nullptr);
        QSignalSpy ready(&previewer, &ui::Previewer::ready);
        fake().previewLatch.close();
        previewer.refresh();
        previewer.reset();
        fake().previewLatch.open();
        QTRY_COMPARE(fake().stoppedPreviews(), 1);
        QTest::qWait(0);
        QCOMPARE(ready.count(), 0);
        QVERIFY(!previewer.latest().has_value());
    }

    void goesAwayWhileWorkIsUnderWay() {
        fake().previewLatch.close();
        auto previewer = std::make_unique<ui::Previewer>(
            fake(), [this] { return m_draft; }, nullptr);
        previewer->refresh();
        QTRY_COMPARE(fake().previewLatch.waiting(), 1);
        previewer.reset();
        fake().previewLatch.open();
        QTRY_COMPARE(fake().stoppedPreviews(), 1);
    }

    void init() {
        m_service = std::make_unique<testing::FakeComposeService>();
        m_draft = {};
        m_draft.to = {testing::address("jo@court.example")};
    }

private:
    testing::FakeComposeService &fake() { return *m_service; }

    std::unique_ptr<testing::FakeComposeService> m_service;
    mail::Draft m_draft;
};

QTEST_MAIN(TestPreviewer)
#include "tst_Previewer.moc"
