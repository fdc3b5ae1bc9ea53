// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/WindowFixture.h"
#include "ui/AttachmentBar.h"
#include "ui/AttachmentChip.h"
#include "ui/DueSender.h"
#include "ui/EvidenceDialog.h"
#include "ui/OutboxView.h"
#include "ui/PlanDialog.h"
#include "ui/RecipientChip.h"
#include "ui/RecipientField.h"
#include "ui/SendDialog.h"

#include <QComboBox>
#include <QLabel>
#include <QSignalSpy>
#include <QTableWidget>

using namespace sealpost;

class TestComposeWindow final : public QObject {
    Q_OBJECT
private slots:
    void init() { m = std::make_unique<testing::WindowFixture>(); }
    void cleanup() { m.reset(); }

    void isThereBeforeAnythingIsOpened() {
        m->open();
        QVERIFY(m->window->isVisible());
        QVERIFY(!m->isOpen());
        QVERIFY(!m->window->sendButton()->isEnabled());
        QTRY_VERIFY(m->isOpen());
        QVERIFY(m->window->sendButton()->isEnabled());
    }

    void sayWhyItCannotOpen() {
        m->service.openError = Error{"store.newer", "open", Reaction::AskAdmin};
        m->window = std::make_unique<ui::ComposeWindow>(m->dialogs, ui::StartMode::Real);
        m->window->build(m->service);
        QSignalSpy failed(m->window.get(), &ui::ComposeWindow::openFailed);
        m->window->start();
        QVERIFY(failed.wait());
        QCOMPARE(failed.front().front().value<Error>().code, std::string("store.newer"));
        QVERIFY(!m->isOpen());
    }

    void smallWindowSqueezesNothing() {
        start();
        m->window->resize(m->window->minimumSize());
        QTest::qWait(1);
        const auto *form = m->window->form();
        const auto rectOf = [form](const QWidget *widget) {
            return QRect(widget->mapTo(form, QPoint(0, 0)), widget->size());
        };
        const std::vector<QRect> parts = {rectOf(m->edit("Subject")), rectOf(m->body()),
                                          rectOf(form->attachments()), rectOf(m->panel())};
        for (std::size_t i = 1; i < parts.size(); ++i) {
            QVERIFY2(parts[i].top() > parts[i - 1].bottom(), qPrintable(QString::number(i)));
        }
        QVERIFY(form->rect().contains(parts.back()));
    }

    void thePanelIsTrueWhileOneTypes() {
        start();
        QCOMPARE(m->panel()->verdict(), QStringLiteral("No recipient yet"));
        m->typeRecipient("jo@court.example");
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("Ready to send"));
        m->service.previewLatch.close();
        m->body()->setPlainText(QStringLiteral("The password is tulip"));
        QCOMPARE(m->panel()->verdict(), QStringLiteral("Checking…"));
        QTRY_COMPARE(m->service.previewLatch.waiting(), 1);
        QCOMPARE(m->panel()->verdict(), QStringLiteral("Checking…"));
        m->service.previewLatch.open();
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("Can be sent, once you confirm"));
        QVERIFY(testing::buttonOf(m->panel(), "Raise to OFFICIAL-SENSITIVE") != nullptr);
    }

    void handlingIsChosenFromWhatPolicyOffers() {
        start();
        auto *handling = box("Handling instruction");
        QVERIFY(handling != nullptr && handling->isVisible());
        QCOMPARE(handling->count(), 3);
        QCOMPARE(m->window->form()->draft().handling, std::string());
        handling->setCurrentText(QStringLiteral("EMBARGOED"));
        box("Descriptor")->setCurrentText(QStringLiteral("COMMERCIAL"));
        m->typeRecipient("jo@court.example");
        const auto draft = m->window->form()->draft();
        QCOMPARE(draft.handling, std::string("EMBARGOED"));
        QCOMPARE(draft.descriptor, std::string("COMMERCIAL"));
        QTRY_VERIFY(!m->service.stored().empty());
        QTRY_COMPARE(m->service.stored().front().handling, std::string("EMBARGOED"));
        // A word that policy no longer offers is shown, so that the plan can say what is wrong.
        auto old = draft;
        old.handling = "LOCSEN";
        m->window->form()->setDraft(old);
        QCOMPARE(handling->currentText(), QStringLiteral("LOCSEN"));
        QCOMPARE(m->window->form()->draft().handling, std::string("LOCSEN"));
        m->window->form()->setDraft({});
        QCOMPARE(handling->currentIndex(), 0);
    }

    void whatPolicyDoesNotOfferIsNotShown() {
        m->service.session.handling.clear();
        m->service.session.descriptors.clear();
        start();
        QVERIFY(!box("Handling instruction")->isVisible());
        QVERIFY(!box("Descriptor")->isVisible());
    }

    void aMessageIsForwarded() {
        start();
        QVERIFY(!box("How it is forwarded")->isVisible());
        m->dialogs.files = {QStringLiteral("/letters/Minutes & more.eml")};
        QAction *forward = nullptr;
        for (auto *action : m->window->findChildren<QAction *>()) {
            if (action->text().remove(QLatin1Char('&')) == QStringLiteral("Forward a message…")) {
                forward = action;
            }
        }
        QVERIFY(forward != nullptr);
        forward->trigger();
        auto *form = box("How it is forwarded");
        QVERIFY(form->isVisible());
        QVERIFY(!m->window->form()->isEmpty());
        QCOMPARE(m->window->form()->draft().forward->path,
                 std::filesystem::path("/letters/Minutes & more.eml"));
        form->setCurrentIndex(1);
        QVERIFY(m->window->form()->draft().forward->form == mail::ForwardForm::Inline);
        QTRY_VERIFY(!m->service.stored().empty());
        auto *remove = testing::buttonOf(m->window.get(), "Do not forward");
        QVERIFY(remove != nullptr);
        remove->click();
        QVERIFY(!m->window->form()->draft().forward);
        QVERIFY(!form->isVisible());
        QVERIFY(m->window->form()->isEmpty());
    }

    void eventsGoOnWhileRecipientsAreChecked() {
        start();
        m->service.previewLatch.close();
        m->typeRecipient("jo@court.example");
        QTRY_COMPARE(m->service.previewLatch.waiting(), 1);
        int ticks = 0;
        QTimer timer;
        connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
        timer.start(0);
        QTRY_VERIFY(ticks > 50); // a call that waits for the held preview would never get here
        m->body()->setFocus();
        QTest::keyClicks(m->body(), QStringLiteral("typing goes on"));
        QCOMPARE(m->body()->toPlainText(), QStringLiteral("typing goes on"));
        QVERIFY(m->service.previewLatch.waiting() >= 1);
    }

    void aChipKeepsItsStateWhileTheBodyIsTyped() {
        start();
        m->typeRecipient("jo@court.example");
        QTRY_COMPARE(chip()->state(), ui::RecipientState::Protected);
        m->service.previewLatch.close();
        m->body()->setPlainText(QStringLiteral("Hello"));
        QCOMPARE(chip()->state(), ui::RecipientState::Protected);
    }

    void sendsAtOnceWhereNothingIsOwed() {
        start();
        write("jo@court.example", "Agenda", "Hello");
        QTest::keyClick(m->window.get(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(static_cast<int>(m->service.sends().size()), 1);
        QTRY_VERIFY(m->dialog<ui::SendDialog>() != nullptr);
        QTRY_COMPARE(m->dialog<ui::SendDialog>()->title(), QStringLiteral("Sent"));
        QCOMPARE(m->dialog<ui::PlanDialog>(), nullptr);
        QVERIFY(m->window->form()->isEmpty());
        QTRY_VERIFY(m->service.stored().empty());
        QCOMPARE(m->service.sends().front().planDigest, std::string("digest of Agenda"));
    }

    void warnsAndSendsWithAReason() {
        start();
        write("jo@court.example", "Access", "The password is tulip");
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::PlanDialog>() != nullptr);
        QVERIFY(m->service.sends().empty());
        auto *warning = m->dialog<ui::PlanDialog>();
        warning->findChild<QPlainTextEdit *>()->setPlainText(QStringLiteral("A made-up example."));
        warning->sendButton()->click();
        QTRY_COMPARE(static_cast<int>(m->service.sends().size()), 1);
        QCOMPARE(m->service.sends().front().justification, std::string("A made-up example."));
    }

    void raisingGoesOnToSending() {
        start();
        write("jo@court.example", "Access", "The password is tulip");
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::PlanDialog>() != nullptr);
        m->dialog<ui::PlanDialog>()->recommendedButton()->click();
        QVERIFY(m->window->form()->draft().classification == Classification::OfficialSensitive);
        const auto second = [this] {
            for (auto *one : m->window->findChildren<ui::PlanDialog *>()) {
                if (one->recommendedButton()->text() == QLatin1String("Send")) {
                    return one;
                }
            }
            return static_cast<ui::PlanDialog *>(nullptr);
        };
        QTRY_VERIFY(second() != nullptr);
        second()->recommendedButton()->click();
        QTRY_COMPARE(static_cast<int>(m->service.sends().size()), 1);
    }

    void aBlockedRecipientCanBeRemoved() {
        start();
        m->typeRecipient("it@oldmail.example");
        write("jo@court.example", "Agenda", "Hello");
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("One recipient is blocked"));
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::PlanDialog>() != nullptr);
        QCOMPARE(m->dialog<ui::PlanDialog>()->sendButton(), nullptr);
        QTRY_COMPARE(static_cast<int>(m->service.blockedPlans().size()), 1);
        m->dialog<ui::PlanDialog>()->recommendedButton()->click();
        QTRY_COMPARE(static_cast<int>(m->service.sends().size()), 1);
    }

    void anErrorLeavesTheMessageAsItWas() {
        start();
        write("jo@court.example", "Agenda", "Hello");
        m->service.sendError = Error{"net.unreachable", "connect", Reaction::Retry, {}, "smtp"};
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::SendDialog>() != nullptr);
        auto *dialog = m->dialog<ui::SendDialog>();
        QTRY_COMPARE(dialog->title(), QStringLiteral("Nothing was sent"));
        QVERIFY(testing::buttonOf(dialog, "Try again") != nullptr);
        testing::buttonOf(dialog, "Back to message")->click();
        const auto draft = m->window->form()->draft();
        QCOMPARE(draft.subject, std::string("Agenda"));
        QCOMPARE(draft.body, std::string("Hello"));
        QCOMPARE(static_cast<int>(draft.to.size()), 1);
        QVERIFY(m->window->sendButton()->isEnabled());
    }

    void whatWaitsIsNotKeptAsADraftToo() {
        start();
        m->service.delivery = submit::Delivery::Deferred;
        write("jo@court.example", "Agenda", "Hello");
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::SendDialog>() != nullptr);
        QTRY_COMPARE(m->dialog<ui::SendDialog>()->title(), QStringLiteral("Waiting in the outbox"));
        QTRY_VERIFY(m->window->form()->isEmpty());
        QTRY_VERIFY(m->service.stored().empty());
        QVERIFY(m->window->status()->text().contains(QStringLiteral("Waiting in the outbox")));
    }

    void theOutboxIsLookedAtByItself() {
        m->service.dueSummary.waiting = 2;
        m->service.dueSummary.uncertain = 1;
        start();
        QTRY_VERIFY(m->service.dueRuns() >= 1);
        QTRY_VERIFY(m->window->outboxAction()->text().contains(QStringLiteral("(3)")));
        QVERIFY(m->window->status()->text().contains(QStringLiteral("Outbox")));
        const int before = m->service.dueRuns();
        m->window->dueSender()->setPause(std::chrono::milliseconds(5));
        m->window->dueSender()->start();
        QTRY_VERIFY(m->service.dueRuns() > before + 3);
    }

    void whatIsTakenBackIsWrittenOn() {
        m->service.entries = testing::outboxEntries();
        m->service.outboxDone.draft = mail::Draft{};
        m->service.outboxDone.draft->id = "back";
        m->service.outboxDone.draft->subject = "Minutes";
        m->service.outboxDone.draft->to = {testing::address("al@council.example")};
        start();
        m->window->outboxAction()->trigger();
        QTRY_VERIFY(m->dialog<ui::OutboxView>() != nullptr);
        auto *view = m->dialog<ui::OutboxView>();
        QTRY_COMPARE(view->table()->rowCount(), 4);
        view->table()->selectRow(1);
        QTRY_VERIFY(view->button(ui::OutboxAct::TakeBack)->isVisible());
        view->button(ui::OutboxAct::TakeBack)->click();
        QTRY_COMPARE(m->window->form()->draft().subject, std::string("Minutes"));
    }

    void theDraftHasItsNumberBeforeItIsSent() {
        start();
        write("jo@court.example", "Agenda", "Hello");
        m->window->sendButton()->click(); // long before the draft is saved by itself
        QTRY_COMPARE(m->service.sends().size(), std::size_t{1});
        QCOMPARE(m->service.sentDraftIds().size(), std::size_t{1});
        QVERIFY(!m->service.sentDraftIds().front().empty());
    }

    void whatWasNotSentIsKept() {
        start();
        m->service.delivery = submit::Delivery::Refused;
        write("jo@court.example", "Agenda", "Hello");
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::SendDialog>() != nullptr);
        QTRY_COMPARE(m->dialog<ui::SendDialog>()->title(), QStringLiteral("Not sent"));
        QCOMPARE(m->window->form()->draft().subject, std::string("Agenda"));
        QTRY_COMPARE(static_cast<int>(m->service.stored().size()), 1);
    }

    void stopIsPossibleUntilTheLastDot() {
        start();
        m->service.sendLatch.close();
        write("jo@court.example", "Agenda", "Hello");
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::SendDialog>() != nullptr);
        QTRY_COMPARE(m->service.sendLatch.waiting(), 1);
        auto *dialog = m->dialog<ui::SendDialog>();
        QVERIFY(dialog->canStop());
        testing::buttonOf(dialog, "Stop")->click();
        QVERIFY(!dialog->canStop());
        m->service.sendLatch.open();
        QTRY_COMPARE(dialog->title(), QStringLiteral("Nothing was sent"));
        QCOMPARE(m->window->form()->draft().subject, std::string("Agenda"));
    }

    void theStepsAfterTheLastDotCannotBeStopped() {
        const auto plan = testing::makePlan({}, {});
        ui::SendDialog dialog(plan, nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy stop(&dialog, &ui::SendDialog::stopRequested);
        dialog.showStep({send::SendStep::Committing, 0});
        dialog.open();
        dialog.reject();
        QCOMPARE(stop.count(), 0);
        QVERIFY(dialog.isVisible());
    }

    void theReceiptCanBeSaved() {
        start();
        m->dialogs.saveAs = QStringLiteral("/receipts/one.json");
        write("jo@court.example", "Agenda", "Hello");
        m->window->sendButton()->click();
        QTRY_VERIFY(m->dialog<ui::SendDialog>() != nullptr);
        auto *dialog = m->dialog<ui::SendDialog>();
        QTRY_COMPARE(dialog->title(), QStringLiteral("Sent"));
        testing::buttonOf(dialog, "Save receipt…")->click();
        QTRY_COMPARE(static_cast<int>(m->service.written().size()), 1);
        const auto text = m->service.written().begin()->second;
        QVERIFY(text.find("\"receipts\"") != std::string::npos);
    }

    void aMalformedAddressStopsSending() {
        start();
        m->typeRecipient("jo@@court");
        write("jo@court.example", "Agenda", "Hello");
        QTRY_VERIFY(m->panel()->verdict().contains(QStringLiteral("jo@@court")));
        m->window->sendButton()->click();
        QVERIFY(m->window->status()->text().contains(QStringLiteral("jo@@court")));
        QVERIFY(qobject_cast<ui::RecipientChip *>(QApplication::focusWidget()) != nullptr);
        QVERIFY(m->service.sends().empty());
    }

    void withoutRecipientSendSaysSo() {
        start();
        m->window->sendButton()->click();
        QCOMPARE(m->window->status()->text(), QStringLiteral("Add at least one recipient."));
    }

    void changingWhileCheckingBeforeSendingStopsTheSending() {
        start();
        write("jo@court.example", "Agenda", "Hello");
        m->service.previewLatch.close();
        m->window->sendButton()->click();
        QVERIFY(!m->window->sendButton()->isEnabled());
        m->body()->setPlainText(QStringLiteral("Something else"));
        QVERIFY(m->window->sendButton()->isEnabled());
        m->service.previewLatch.open();
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("Ready to send"));
        QVERIFY(m->service.sends().empty());
    }

    void aDraftIsKeptAndComesBack() {
        start();
        write("jo@court.example", "Agenda", "Hello");
        QTRY_VERIFY(m->window->status()->text().startsWith(QStringLiteral("Draft kept ")));
        const auto kept = m->service.stored().front();
        m->service.session.drafts = {kept};
        m->window.reset();
        m->open();
        QTRY_VERIFY(m->isOpen());
        const auto draft = m->window->form()->draft();
        QCOMPARE(draft.subject, std::string("Agenda"));
        QCOMPARE(draft.body, std::string("Hello"));
        QCOMPARE(draft.to.front().spec(), std::string("jo@court.example"));
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("Ready to send"));
    }

    void closingKeepsTheDraft() {
        start();
        m->window->setTiming(std::chrono::milliseconds(0), std::chrono::hours(1));
        write("jo@court.example", "Agenda", "Hello");
        m->edit("To")->setText(QStringLiteral("al@council.example")); // not yet a chip
        m->window->close();
        QTRY_VERIFY(!m->window->isVisible());
        QCOMPARE(static_cast<int>(m->service.stored().size()), 1);
        QCOMPARE(static_cast<int>(m->service.stored().front().to.size()), 2);
    }

    void closingSaysWhereTheDraftCannotBeKept() {
        start();
        m->window->setTiming(std::chrono::milliseconds(0), std::chrono::hours(1));
        m->service.saveError = Error{"store.full", "save", Reaction::AskAdmin};
        write("jo@court.example", "Agenda", "Hello");
        m->window->close();
        QTRY_COMPARE(static_cast<int>(m->dialogs.questions.size()), 1);
        QVERIFY(m->window->isVisible());
        m->dialogs.yes = true;
        m->window->close();
        QTRY_VERIFY(!m->window->isVisible());
    }

    void discardAsks() {
        start();
        write("jo@court.example", "Agenda", "Hello");
        QTRY_COMPARE(static_cast<int>(m->service.stored().size()), 1);
        testing::buttonOf(m->window.get(), "Discard")->click();
        QCOMPARE(static_cast<int>(m->dialogs.questions.size()), 1);
        QVERIFY(!m->window->form()->isEmpty());
        m->dialogs.yes = true;
        testing::buttonOf(m->window.get(), "Discard")->click();
        QVERIFY(m->window->form()->isEmpty());
        QTRY_VERIFY(m->service.stored().empty());
    }

    void attachmentsShowWhatWasFound() {
        start();
        m->service.attachmentErrors[std::filesystem::path("/files/gone.pdf")] =
            Error{"attachment.missing", "attach", Reaction::FixInput, {}, "gone.pdf"};
        m->window->form()->attachments()->add(
            {QStringLiteral("/files/id_ed25519"), QStringLiteral("/files/notes.txt"),
             QStringLiteral("/files/gone.pdf"), QStringLiteral("/files/notes.txt")});
        const auto chips = m->window->form()->attachments()->chips();
        QCOMPARE(static_cast<int>(chips.size()), 3);
        QTRY_COMPARE(chips[0]->stateText(), QStringLiteral("1 finding"));
        QTRY_COMPARE(chips[1]->stateText(), QStringLiteral("Nothing found"));
        QTRY_COMPARE(chips[2]->stateText(), QStringLiteral("Can’t be attached"));
        QVERIFY(chips[2]->isInError());
        write("jo@court.example", "Agenda", "Hello");
        m->window->sendButton()->click();
        QTRY_COMPARE(static_cast<int>(m->dialogs.errors.size()), 1);
        QCOMPARE(m->dialogs.errors.front().code, QStringLiteral("attachment.missing"));
        QVERIFY(m->service.sends().empty());
        QTest::keyClick(chips[2], Qt::Key_Delete);
        QCOMPARE(static_cast<int>(m->window->form()->attachments()->chips().size()), 2);
    }

    void aPreviewThatFailsSaysWhy() {
        m->service.previewProblem = Error{"keychain.locked", "plan", Reaction::FixInput};
        start();
        m->typeRecipient("jo@court.example");
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("Could not be checked"));
        m->window->sendButton()->click();
        QTRY_COMPARE(static_cast<int>(m->dialogs.errors.size()), 1);
        QCOMPARE(m->dialogs.errors.front().code, QStringLiteral("keychain.locked"));
        QCOMPARE(static_cast<int>(m->window->form()->draft().to.size()), 1);
    }

    void theKeyboardAloneSuffices() {
        start();
        QVERIFY(m->edit("To")->hasFocus());
        typeKeys("jo@court.example");
        QTest::keyClick(focus(), Qt::Key_Return);
        tabTo(m->edit("Subject"));
        typeKeys("Agenda");
        tabTo(m->body());
        typeKeys("Hello");
        tabTo(m->window->sendButton());
        QTest::keyClick(focus(), Qt::Key_Space);
        QTRY_COMPARE(static_cast<int>(m->service.sends().size()), 1);
        QTRY_COMPARE(m->dialog<ui::SendDialog>()->title(), QStringLiteral("Sent"));
    }

    void tabFollowsReadingOrder() {
        start();
        m->typeRecipient("jo@court.example");
        QTRY_COMPARE(m->panel()->verdict(), QStringLiteral("Ready to send"));
        QStringList names;
        auto *widget = m->window->findChild<QComboBox *>();
        QCOMPARE(widget->accessibleName(), QStringLiteral("From"));
        widget->setFocus();
        for (int i = 0; i < 14; ++i) {
            names << focus()->accessibleName();
            QTest::keyClick(focus(), Qt::Key_Tab);
        }
        const QStringList expected{
            QStringLiteral("From"),
            QStringLiteral("Classification"),
            QStringLiteral("jo@court.example, Protected (S/MIME)"),
            QStringLiteral("To"),
            QStringLiteral("Add Cc"),
            QStringLiteral("Add Bcc"),
            QStringLiteral("Subject"),
            QStringLiteral("Handling instruction"),
            QStringLiteral("Descriptor"),
            QStringLiteral("Message"),
            QStringLiteral("Attach files"),
            QStringLiteral("Why jo@court.example: Protected (S/MIME)"),
            QStringLiteral("Discard"),
            QStringLiteral("Send"),
        };
        QCOMPARE(names, expected);
    }

    void theEvidenceIsOneKeyAway() {
        start();
        m->typeRecipient("jo@court.example");
        QTRY_COMPARE(chip()->state(), ui::RecipientState::Protected);
        QTest::keyClick(chip(), Qt::Key_Return);
        QTRY_VERIFY(m->dialog<ui::EvidenceDialog>() != nullptr);
    }

    void thePanelFoldsUnderTheBody() {
        start();
        m->window->resize(1100, 700);
        QTRY_VERIFY(m->panel()->x() > m->body()->x() + m->body()->width() - 1);
        m->window->resize(700, 700);
        QTRY_VERIFY(m->panel()->y() > m->body()->y() + m->body()->height() - 1);
    }

    void practiceIsPlainlyMarked() {
        m->service.session.practice = true;
        m->service.session.firstStart = true;
        m->open(ui::StartMode::Practice);
        QTRY_VERIFY(m->isOpen());
        QVERIFY(m->window->windowTitle().contains(QStringLiteral("practice")));
        bool banner = false;
        for (const auto *label : m->window->findChildren<QLabel *>()) {
            banner =
                banner || label->text() == QLatin1String("Practice: nothing leaves this computer");
        }
        QVERIFY(banner);
        QVERIFY(!m->window->form()->isEmpty());
        auto *jo = testing::buttonOf(m->panel(), "Jo Bloggs");
        QTRY_VERIFY((jo = testing::buttonOf(m->panel(), "Jo Bloggs")) != nullptr);
        jo->click();
        QCOMPARE(m->window->form()->draft().to.front().displayName(), std::string("Jo Bloggs"));
    }

private:
    [[nodiscard]] QComboBox *box(const char *name) const {
        for (auto *one : m->window->findChildren<QComboBox *>()) {
            if (one->accessibleName() == QLatin1String(name)) {
                return one;
            }
        }
        return nullptr;
    }
    void start() {
        m->open();
        QTRY_VERIFY(m->isOpen());
    }
    void write(const char *to, const char *subject, const char *body) {
        m->typeRecipient(to);
        m->edit("Subject")->setText(QString::fromUtf8(subject));
        m->body()->setPlainText(QString::fromUtf8(body));
    }
    static QWidget *focus() { return QApplication::focusWidget(); }
    static void typeKeys(const char *text) { QTest::keyClicks(focus(), QString::fromUtf8(text)); }
    static void tabTo(const QWidget *target) {
        for (int i = 0; i < 30 && focus() != target; ++i) {
            QTest::keyClick(focus(), Qt::Key_Tab);
        }
        QCOMPARE(focus(), target);
    }
    [[nodiscard]] ui::RecipientChip *chip() const {
        return m->window->findChild<ui::RecipientChip *>();
    }

    std::unique_ptr<testing::WindowFixture> m;
};

QTEST_MAIN(TestComposeWindow)
#include "tst_ComposeWindow.moc"
