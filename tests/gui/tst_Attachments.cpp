// SPDX-License-Identifier: GPL-3.0-or-later
// Attachments are looked into in the background: with progress, and with an end when they go.
#include "gui/WindowFixture.h"
#include "ui/AttachmentBar.h"
#include "ui/AttachmentChip.h"
#include "ui/PlanDialog.h"

#include <QLabel>
#include <algorithm>

using namespace sealpost;

namespace {

struct Window : testing::WindowFixture {
    Window() {
        open();
        const bool opened = QTest::qWaitFor([this] { return isOpen(); });
        Q_ASSERT(opened);
        Q_UNUSED(opened);
    }
    [[nodiscard]] ui::AttachmentBar *bar() const { return window->form()->attachments(); }
    [[nodiscard]] ui::AttachmentChip *chip() const { return bar()->chips().front(); }
    void attach(const char *path) const { bar()->add({QString::fromLatin1(path)}); }
};

} // namespace

class TestAttachments final : public QObject {
    Q_OBJECT
private slots:
    void chipShowsHowFarItIs();
    void removingEndsTheLook();
    void closingTheWindowEndsIt();
    void recipientsAreShownMeanwhile();
    void sendingWaitsForIt();
    void typingDoesNotBeginItAnew();
    void aChangedFileIsLookedIntoAgain();
    void showLeadsToTheChip();
    void whatWasNotLookedIntoIsItsOwn();
    void sizesAreWrittenAsElsewhere();
    void buttonStandsOnTheChipsMiddle();
};

void TestAttachments::chipShowsHowFarItIs() {
    Window m;
    m.service.attachmentLatch.close();
    m.service.shares = {0.1, 0.42};
    m.attach("/files/id_ed25519");
    QVERIFY(m.chip()->isLooking());
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("Checking… 42%"));
    QVERIFY(m.chip()->accessibleName().contains(QStringLiteral("42%")));
    m.service.attachmentLatch.open();
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("1 finding"));
    QVERIFY(!m.chip()->isLooking());
}

void TestAttachments::removingEndsTheLook() {
    Window m;
    m.service.attachmentLatch.close();
    m.attach("/files/large.zip");
    QTRY_COMPARE(m.service.attachmentLatch.waiting(), 1);
    m.chip()->setFocus();
    QTest::keyClick(m.chip(), Qt::Key_Delete);
    QVERIFY(m.bar()->chips().empty());
    QCOMPARE(m.window->status()->text(), QStringLiteral("large.zip was removed"));
    m.service.attachmentLatch.open();
    QTRY_COMPARE(m.service.stoppedLooks(), 1);
    QVERIFY(m.service.lookedInto().empty());
}

void TestAttachments::closingTheWindowEndsIt() {
    Window m;
    m.service.attachmentLatch.close();
    m.attach("/files/large.zip");
    QTRY_COMPARE(m.service.attachmentLatch.waiting(), 1);
    m.window.reset();
    m.service.attachmentLatch.open();
    QTRY_COMPARE(m.service.stoppedLooks(), 1);
}

void TestAttachments::recipientsAreShownMeanwhile() {
    Window m;
    m.service.attachmentLatch.close();
    m.typeRecipient("jo@court.example");
    m.attach("/files/minutes.pdf");
    QTRY_COMPARE(m.panel()->verdict(), QStringLiteral("Looking through an attachment…"));
    m.typeRecipient("it@oldmail.example");
    QTRY_COMPARE(m.panel()->verdict(), QStringLiteral("One recipient is blocked"));
    m.service.attachmentLatch.open();
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("Nothing found"));
}

void TestAttachments::sendingWaitsForIt() {
    Window m;
    m.service.attachmentLatch.close();
    m.typeRecipient("jo@court.example");
    m.attach("/files/id_ed25519");
    QTRY_COMPARE(m.panel()->verdict(), QStringLiteral("Looking through an attachment…"));
    const auto previews = m.service.previews();
    m.window->sendButton()->click();
    QTRY_VERIFY(m.service.previews() > previews);
    QTRY_COMPARE(m.panel()->verdict(), QStringLiteral("Looking through an attachment…"));
    QVERIFY(m.dialog<ui::PlanDialog>() == nullptr);
    QVERIFY(m.service.sends().empty());
    m.service.attachmentLatch.open();
    QTRY_VERIFY(m.dialog<ui::PlanDialog>() != nullptr);
    QVERIFY(m.service.sends().empty());
}

void TestAttachments::typingDoesNotBeginItAnew() {
    Window m;
    m.service.attachmentLatch.close();
    m.attach("/files/minutes.pdf");
    QTRY_COMPARE(m.service.attachmentLatch.waiting(), 1);
    for (int i = 0; i < 3; ++i) {
        const auto previews = m.service.previews();
        QTest::keyClicks(m.body(), QStringLiteral("word "));
        QTRY_VERIFY(m.service.previews() > previews);
    }
    QVERIFY(m.chip()->isLooking());
    m.service.attachmentLatch.open();
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("Nothing found"));
    QCOMPARE(m.service.lookedInto().size(), std::size_t{1});
    QCOMPARE(m.service.stoppedLooks(), 0);
}

void TestAttachments::aChangedFileIsLookedIntoAgain() {
    Window m;
    m.attach("/files/minutes.pdf");
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("Nothing found"));
    m.service.forgetLook("minutes.pdf");
    QTest::keyClicks(m.body(), QStringLiteral("word"));
    QTRY_COMPARE(m.service.lookedInto().size(), std::size_t{1});
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("Nothing found"));
}

void TestAttachments::showLeadsToTheChip() {
    Window m;
    m.attach("/files/keys.zip");
    QTRY_COMPARE(m.chip()->stateText(), QStringLiteral("Nothing found"));
    auto finding = testing::keyInAttachment("keys.zip");
    finding.location.part = "home/jo/id_ed25519";
    emit m.panel()->findingRequested(finding);
    QVERIFY(m.chip()->hasFocus());
    QVERIFY(m.chip()->isFlashing());
    QVERIFY(m.window->status()->text().contains(QStringLiteral("keys.zip: home/jo/id_ed25519")));
    QTRY_VERIFY(!m.chip()->isFlashing());
}

//! Not that of another whose name only begins the same; and in the tip beside what was found.
void TestAttachments::whatWasNotLookedIntoIsItsOwn() {
    Window m;
    m.service.skipped = {{"keys.zip.gpg", "encrypted"},
                         {"large.zip/deep.zip", "too-deep"},
                         {"id_ed25519/part", "too-large"}};
    m.bar()->add({QStringLiteral("/f/keys.zip"), QStringLiteral("/f/keys.zip.gpg"),
                  QStringLiteral("/f/large.zip"), QStringLiteral("/f/id_ed25519")});
    const auto &chips = m.bar()->chips();
    QTRY_COMPARE(chips.at(0)->stateText(), QStringLiteral("Nothing found"));
    QTRY_COMPARE(chips.at(1)->stateText(), QStringLiteral("Not looked into"));
    QTRY_COMPARE(chips.at(2)->stateText(), QStringLiteral("Not all looked into"));
    QTRY_COMPARE(chips.at(3)->stateText(), QStringLiteral("1 finding"));
    QVERIFY(chips.at(3)->toolTip().contains(QStringLiteral("id_ed25519/part was not looked into")));
    m.service.skipped.assign(7, {"large.zip/deep.zip", "too-deep"});
    QTest::keyClicks(m.body(), QStringLiteral("word"));
    QTRY_COMPARE(chips.at(2)->toolTip().count(QStringLiteral("<br>")), 5);
}

void TestAttachments::sizesAreWrittenAsElsewhere() {
    Window m;
    m.attach("/files/minutes.pdf");
    const auto shown = [&] {
        const auto labels = m.chip()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [](const auto *label) {
            return label->text() == QStringLiteral("minutes.pdf (1.2 KiB)");
        });
    };
    QTRY_VERIFY(shown());
}

void TestAttachments::buttonStandsOnTheChipsMiddle() {
    Window m;
    m.attach("/files/minutes.pdf");
    const auto middle = [](const QWidget *widget) { return widget->y() + widget->height() / 2; };
    const auto *button = testing::buttonOf(m.bar(), "Attach files…");
    QTRY_COMPARE(middle(button), middle(m.chip()));
    QVERIFY(button->height() != m.chip()->height());
}

QTEST_MAIN(TestAttachments)
#include "tst_Attachments.moc"
