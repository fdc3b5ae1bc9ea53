// SPDX-License-Identifier: GPL-3.0-or-later
// Received messages in their window, and certificates' chains in theirs.
#include "gui/Received.h"
#include "gui/WindowFixture.h"
#include "ui/AttachmentBar.h"
#include "ui/CertificateView.h"
#include "ui/ChainView.h"
#include "ui/DropChooser.h"
#include "ui/ReadingWindow.h"
#include "ui/ReceivedParts.h"
#include "ui/VerdictPanel.h"

#include <QAction>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMimeData>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTreeWidget>
#include <QUrl>

using namespace sealpost;

namespace {

QStringList texts(const QWidget *widget) {
    QStringList all;
    for (const auto *label : widget->findChildren<QLabel *>()) {
        all << QString(label->text()).remove(QChar(0x200B));
    }
    return all;
}

bool says(const QWidget *widget, const QString &part) {
    const auto all = texts(widget);
    return std::any_of(all.begin(), all.end(), [&](const auto &one) { return one.contains(part); });
}

} // namespace

class TestReading final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m = std::make_unique<testing::WindowFixture>();
        m->service.messages = {{"plain.eml", testing::plainMessage()},
                               {"sealed.eml", testing::sealedMessage()},
                               {"unproven.eml", testing::unprovenMessage()},
                               {"forged.eml", testing::forgedMessage()},
                               {"inner", testing::plainMessage()}};
        m->open();
        QTRY_VERIFY(m->isOpen());
    }
    void cleanup() { m.reset(); }

    void aSealedMessage() {
        auto *window = read("sealed.eml");
        QCOMPARE(window->verdict()->tone(), ui::Tone::Good);
        QCOMPARE(window->verdict()->title(),
                 QStringLiteral("Signed by jo@court.example; nobody has changed it since."));
        QVERIFY(says(window->verdict(), QStringLiteral("It was encrypted.")));
        QVERIFY(window->body()->toPlainText().startsWith(QStringLiteral("Hello Sam,\n")));
        QVERIFY(window->body()->isReadOnly());
        QVERIFY(says(window, QStringLiteral("Jo Bloggs <jo@court.example>")));
    }

    void toneFollowsTheVerdict() {
        QCOMPARE(read("plain.eml")->verdict()->tone(), ui::Tone::Neutral);
        QCOMPARE(read("unproven.eml")->verdict()->tone(), ui::Tone::Caution);
        QCOMPARE(read("forged.eml")->verdict()->tone(), ui::Tone::Bad);
        auto *none = read("no-such.eml");
        QCOMPARE(none->verdict()->tone(), ui::Tone::Bad);
        QVERIFY(none->body()->isHidden());
    }

    void whatIsNotShownCannotBeAnswered() {
        auto *window = read("forged.eml");
        QVERIFY(window->body()->isHidden());
        QVERIFY(window->body()->toPlainText().isEmpty());
        QVERIFY(!testing::buttonOf(window, "Reply")->isEnabled());
    }

    //! Nothing that somebody wrote is drawn in the verdict's place, or as anything but plain text.
    void theBodyCannotReachTheVerdict() {
        auto message = testing::plainMessage();
        message.text = "<h1>Signed by judge@court.example</h1>\x1b[1m\xE2\x80\xAE ok";
        message.headers.subject = "\xE2\x80\xAE<b>Signed</b> by judge";
        m->service.messages["spoof.eml"] = message;
        auto *window = read("spoof.eml");
        QVERIFY(!says(window->verdict(), QStringLiteral("judge")));
        QVERIFY(window->body()->toPlainText().contains(QStringLiteral("<h1>Signed by")));
        QVERIFY(!window->body()->toPlainText().contains(QChar(0x202E)));
        QVERIFY(!window->body()->toPlainText().contains(QChar(0x1B)));
        QVERIFY(!window->windowTitle().contains(QChar(0x202E)));
        for (const auto *label : window->findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY(!label->text().contains(QChar(0x202E)));
        }
        const QRect verdict(window->verdict()->mapToGlobal(QPoint()), window->verdict()->size());
        const QRect body(window->body()->mapToGlobal(QPoint()), window->body()->size());
        QVERIFY(!verdict.intersects(body));
    }

    void manyNotesLeaveRoomForTheText() {
        auto message = testing::plainMessage();
        for (const auto id : receive::kAllNotes) {
            message.notes.push_back({std::string(id), {}});
        }
        m->service.messages["noted.eml"] = message;
        auto *window = read("noted.eml");
        window->resize(window->minimumSize());
        QTest::qWait(1);
        QVERIFY(window->body()->height() >= window->body()->minimumHeight());
        QVERIFY(window->verdict()->parentWidget()->height() <= window->height() / 2 + 1);
    }

    void smallWindowSqueezesNothing() {
        auto *window = read("sealed.eml");
        window->resize(window->minimumSize());
        QTest::qWait(1);
        const auto *parts = window->findChild<ui::ReceivedParts *>();
        const auto bottom = [window](const QWidget *one) {
            return one->mapTo(window, QPoint(0, one->height())).y();
        };
        QVERIFY(parts->mapTo(window, QPoint()).y() >= bottom(window->body()));
        QVERIFY(window->body()->height() >= window->body()->minimumHeight());
    }

    void aVeryLongTextIsCut() {
        auto message = testing::plainMessage();
        message.text = std::string(3 * 1024 * 1024, 'x');
        m->service.messages["long.eml"] = message;
        auto *window = read("long.eml");
        // A text of one line would stop the window, if it stayed one.
        QVERIFY(window->body()->toPlainText().size() <= 600 * 1024);
        QVERIFY(window->body()->document()->blockCount() > 100);
        QVERIFY(says(window, QStringLiteral("the beginning of a very long text")));
    }

    void anAttachmentIsSaved() {
        auto *window = read("sealed.eml");
        m->dialogs.saveAs = QStringLiteral("/there/bundle.pdf");
        button(window, "Save bundle.pdf")->click();
        QTRY_COMPARE(m->service.written().size(), 1U);
        QCOMPARE(m->service.written().begin()->second.size(), 120'000U);
    }

    void aProgramIsSavedAfterAWarning() {
        auto *window = read("sealed.eml");
        m->dialogs.saveAs = QStringLiteral("/there/viewer.exe");
        button(window, "Save viewer.exe")->click();
        QCOMPARE(m->dialogs.questions.size(), 1U);
        QVERIFY(m->service.written().empty());
        m->dialogs.yes = true;
        button(window, "Save viewer.exe")->click();
        QTRY_COMPARE(m->service.written().size(), 1U);
    }

    void allAreSavedTogether() {
        auto *window = read("sealed.eml");
        m->dialogs.folder = QStringLiteral("/there");
        button(window, "Save all attachments")->click();
        QTRY_COMPARE(m->service.written().size(), 3U);
    }

    void aMessageInsideIsOpenedByItself() {
        auto *window = read("sealed.eml");
        button(window, "Open message-3.eml")->click();
        QTRY_COMPARE(m->window->findChildren<ui::ReadingWindow *>().size(), 2);
    }

    void anAnswerKeepsTheStrength() {
        auto *window = read("sealed.eml");
        testing::buttonOf(window, "Reply")->click();
        QTRY_COMPARE(m->edit("Subject")->text(), QStringLiteral("Re: Listing for Monday"));
        const auto draft = m->window->form()->draft();
        QVERIFY(draft.protect == RouteKind::Smime);
        QCOMPARE(draft.to.front().spec(), std::string("jo@court.example"));
        QVERIFY(draft.body.find("> Hello Sam,") != std::string::npos);
        QTRY_VERIFY(!m->service.stored().empty()); // kept at once
        QVERIFY(m->service.stored().front().protect == RouteKind::Smime);
        testing::buttonOf(m->window.get(), "Let the content decide")->click();
        QVERIFY(!m->window->form()->draft().protect);
    }

    void itIsSentOnFromItsFile() {
        auto *window = read("sealed.eml");
        testing::buttonOf(window, "Forward")->click();
        QTRY_VERIFY(m->window->form()->draft().forward.has_value());
        QCOMPARE(m->window->form()->draft().forward->path.filename().string(),
                 std::string("sealed.eml"));
        QTRY_VERIFY(!m->service.stored().empty()); // kept at once
        // One that was inside another has no file that could be sent on.
        button(window, "Open message-3.eml")->click();
        QTRY_COMPARE(m->window->findChildren<ui::ReadingWindow *>().size(), 2);
        const auto readers = m->window->findChildren<ui::ReadingWindow *>();
        auto *inner = readers.front() == window ? readers.back() : readers.front();
        QVERIFY(!testing::buttonOf(inner, "Forward")->isVisible());
    }

    void whatWasBeingWrittenIsKept() {
        m->body()->setPlainText(QStringLiteral("half a letter"));
        testing::buttonOf(read("plain.eml"), "Reply to all")->click();
        QTRY_COMPARE(m->edit("Subject")->text(), QStringLiteral("Re: Listing for Monday"));
        QTRY_VERIFY(m->service.stored().size() >= 2);
        QCOMPARE(m->service.stored().back().body, std::string("half a letter"));
        QCOMPARE(m->window->form()->draft().to.size(), 2U);
    }

    void theSignersCertificateIsKept() {
        m->service.known = {
            testing::certificate("jo@court.example", crypto::CertificateState::Usable)};
        m->service.known.front().encryption = true;
        auto *window = read("sealed.eml");
        button(window, "Keep the signer’s certificate")->click();
        QTRY_COMPARE(m->service.deeds(), std::vector<std::string>{"keep"});
        QTRY_VERIFY(says(window->verdict(), QStringLiteral("Kept. You can encrypt")));
    }

    void aKnownCertificateIsNotOffered() {
        auto message = testing::sealedMessage();
        message.layers.back().signatures.front().signerKnown = true;
        m->service.messages["known.eml"] = message;
        QCOMPARE(button(read("known.eml"), "Keep the signer’s certificate"), nullptr);
    }

    void anUnreliableSignerIsChecked() {
        m->service.chains = {testing::brokenChain()};
        m->service.mended = {testing::goodChain()};
        auto *window = read("unproven.eml");
        button(window, "Check the signer’s certificate")->click();
        auto *view = window->findChild<ui::ChainView *>();
        QVERIFY(view != nullptr);
        // What is not in the key ring can't be mended there.
        QTRY_VERIFY(button(view, "Keep it") != nullptr);
        QCOMPARE(button(view, "Fetch it"), nullptr);
        button(view, "Keep it")->click();
        QTRY_COMPARE(m->service.deeds(), std::vector<std::string>{"keep"});
        QTRY_VERIFY(says(view, QStringLiteral("Nothing is wrong with it.")));
    }

    void aChainIsATreeFromItsRoot() {
        m->service.chains = {testing::goodChain()};
        auto *view = chain();
        QCOMPARE(view->tree()->topLevelItemCount(), 1);
        auto *root = view->tree()->topLevelItem(0);
        QCOMPARE(root->text(0), QStringLiteral("Courts Root"));
        QCOMPARE(root->child(0)->text(0), QStringLiteral("Court Mail Authority"));
        QCOMPARE(root->child(0)->child(0)->text(0), QStringLiteral("Jo Bloggs"));
        QVERIFY(says(view, QStringLiteral("Nothing is wrong with it.")));
        QVERIFY(says(view, QStringLiteral("For jo@court.example")));
    }

    void aMissingIssuerIsFetched() {
        m->service.chains = {testing::brokenChain()};
        m->service.mended = {testing::goodChain()};
        auto *view = chain();
        QCOMPARE(view->tree()->topLevelItem(0)->text(1), QStringLiteral("Missing"));
        button(view, "Fetch it")->click();
        QTRY_COMPARE(m->service.deeds(),
                     std::vector<std::string>{
                         "fetch " + testing::brokenChain().links.front().info.fingerprint});
        QTRY_VERIFY(says(view, QStringLiteral("Nothing is wrong with it.")));
    }

    void aRootIsTrustedOnlyWithItsFingerprintSeen() {
        auto report = testing::goodChain();
        report.links.back().trustedRoot = false;
        report.faults = {{"chain.root-not-trusted", report.links.back().info.subject, "",
                          crypto::Mend::TrustRoot, report.links.back().info.fingerprint}};
        m->service.chains = {report};
        auto *view = chain();
        button(view, "Trust this root…")->click();
        QCOMPARE(m->dialogs.questions.size(), 1U);
        QVERIFY(m->dialogs.questions.front().detail.contains(
            QString::fromStdString(report.links.back().info.fingerprint)));
        QVERIFY(m->service.deeds().empty());
        m->dialogs.yes = true;
        button(view, "Trust this root…")->click();
        QTRY_COMPARE(m->service.deeds().size(), 1U);
    }

    void aCertificateThatEndsIsToldOf() {
        m.reset();
        m = std::make_unique<testing::WindowFixture>();
        auto ending =
            testing::certificate("sam.okoro@justice.example", crypto::CertificateState::Expiring);
        m->service.renewalsDue = {{"sam.okoro@justice.example", ending, false}};
        m->open();
        QTRY_VERIFY(button(m->window.get(), "Check your certificate") != nullptr);
        QVERIFY(says(m->window.get(), QStringLiteral("Keep the old one")));
        button(m->window.get(), "Remind me later")->click();
        QTRY_VERIFY(button(m->window.get(), "Check your certificate") == nullptr);
    }

    void aCertificateIsAskedForInASignedLetter() {
        m->service.known = {
            testing::certificate("jo@court.example", crypto::CertificateState::Expired)};
        m->service.chains = {testing::brokenChain()};
        for (auto *action : m->window->findChildren<QAction *>()) {
            if (action->text() == QStringLiteral("&Certificates…")) {
                action->trigger();
            }
        }
        auto *view = m->dialog<ui::CertificateView>();
        QVERIFY(view != nullptr);
        QTRY_COMPARE(view->table()->rowCount(), 1);
        QVERIFY(!button(view, "Check the chosen certificate")->isEnabled());
        view->table()->selectRow(0);
        button(view, "Check the chosen certificate")->click();
        auto *chain = view->findChild<ui::ChainView *>();
        QTRY_VERIFY(button(chain, "Ask for a new one…") != nullptr);
        button(chain, "Ask for a new one…")->click();
        QTRY_VERIFY(m->edit("Subject")->text().startsWith(QStringLiteral("Please send me")));
        QCOMPARE(m->window->form()->draft().to.front().spec(), std::string("jo@court.example"));
        QVERIFY(m->body()->toPlainText().contains(QStringLiteral("IT helpdesk")));
    }

    void droppedMessagesAreOpenedOrAttached() {
        auto *form = m->window->form();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/there/sealed.eml"))});
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(form, &enter);
        auto *chooser = form->findChild<ui::DropChooser *>();
        QVERIFY(chooser->isVisible());
        const auto drop = [&](int x) {
            QDragEnterEvent over(QPoint(x, 50), Qt::CopyAction, &data, Qt::LeftButton,
                                 Qt::NoModifier);
            QApplication::sendEvent(chooser, &over); // Qt drops where it entered last
            QDropEvent event(QPointF(x, 50), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QApplication::sendEvent(chooser, &event);
        };
        drop(5);
        QVERIFY(!chooser->isVisible());
        QTRY_COMPARE(m->window->findChildren<ui::ReadingWindow *>().size(), 1);
        QVERIFY(form->attachments()->attachments().empty());
        drop(form->width() - 5);
        QCOMPARE(form->attachments()->attachments().size(), 1U);
    }

    void otherFilesAreAttachedAsEver() {
        auto *form = m->window->form();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/there/a.pdf"))});
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(form, &enter);
        QVERIFY(!form->findChild<ui::DropChooser *>()->isVisible());
    }

private:
    ui::ReadingWindow *read(const char *file) {
        m->window->openMessages({QStringLiteral("/there/") + QString::fromUtf8(file)});
        auto *window = m->window->findChildren<ui::ReadingWindow *>().last();
        QSignalSpy loaded(window, &ui::ReadingWindow::loaded);
        if (loaded.isEmpty()) {
            loaded.wait();
        }
        return window;
    }
    ui::ChainView *chain() {
        auto *view = new ui::ChainView(m->service, m->dialogs, {}, m->window.get());
        QSignalSpy loaded(view, &ui::ChainView::loaded);
        loaded.wait();
        return view;
    }
    static QPushButton *button(const QWidget *widget, const char *name) {
        for (auto *one : widget->findChildren<QPushButton *>()) {
            // One that was made this moment is not shown yet, and not hidden by anybody either.
            const bool hidden =
                one->isHidden() && one->testAttribute(Qt::WA_WState_ExplicitShowHide);
            if (one->accessibleName() == QString::fromUtf8(name) && !hidden) {
                return one;
            }
        }
        return nullptr;
    }
    std::unique_ptr<testing::WindowFixture> m;
};

QTEST_MAIN(TestReading)
#include "tst_Reading.moc"
