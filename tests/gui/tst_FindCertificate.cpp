// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/FakeComposeService.h"
#include "gui/Received.h"
#include "gui/ScriptedDialogs.h"
#include "gui/WindowFixture.h"
#include "ui/CertificateView.h"
#include "ui/ChainView.h"
#include "ui/FindCertificateDialog.h"
#include "ui/PlanDialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <algorithm>

using namespace sealpost;

namespace {

const QString kJo = QStringLiteral("jo@court.example");

bool says(const QWidget *widget, const QString &text) {
    const auto labels = widget->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
        auto plain = label->text();
        plain.remove(QChar(0x200B));
        return plain.contains(text);
    });
}

} // namespace

class TestFindCertificate final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_service = std::make_unique<testing::FakeComposeService>();
        m_service->search = testing::foundForJo();
        m_dialogs = std::make_unique<testing::ScriptedDialogs>();
        m_parent = std::make_unique<QWidget>();
    }
    void cleanup() {
        m_parent.reset();
        m_service.reset();
    }

    void whatIsFoundIsShownWithSourceAndReason() {
        auto *dialog = shown(kJo);
        QVERIFY(says(dialog, QStringLiteral("There are 2 certificates.")));
        QVERIFY(
            says(dialog, QStringLiteral("This one counts, but nothing can be encrypted to it as "
                                        "it is. It is the only")));
        QVERIFY(says(dialog, QStringLiteral("From your key ring.")));
        QVERIFY(says(dialog, QStringLiteral("From the directory ldaps://directory.justice.example"
                                            "/ou=people.")));
        QVERIFY(says(dialog, QStringLiteral("DNS names it too.")));
        QVERIFY(says(dialog, QStringLiteral("ldap.deadline")));
        QCOMPARE(m_service->searchedFor(), std::vector<std::string>{"jo@court.example"});
        QVERIFY(testing::buttonOf(dialog, "Ask for it") == nullptr); // one can be used
    }

    void whatMessagesAreEncryptedToIsSaid() {
        m_service->search->candidates.front().report.links.front().info.state =
            crypto::CertificateState::Usable;
        auto *dialog = shown(kJo);
        QVERIFY(says(dialog, QStringLiteral("Messages are encrypted to this one. It is the only")));
    }

    void oneThatWasFoundElsewhereIsKeptAndThenSearchedForAgain() {
        auto *dialog = shown(kJo);
        const QSignalSpy changed(dialog, &ui::FindCertificateDialog::changed);
        QSignalSpy searched(dialog, &ui::FindCertificateDialog::searched);
        testing::buttonOf(dialog, "Keep it")->click();
        QTRY_COMPARE(changed.count(), 1);
        QCOMPARE(m_service->deeds(), std::vector<std::string>{"keep DER"});
        QTRY_COMPARE(searched.count(), 1);
    }

    void oneIsChosenForGoodAndThatIsTakenBack() {
        auto *dialog = shown(kJo);
        QSignalSpy searched(dialog, &ui::FindCertificateDialog::searched);
        m_service->search->pinned = true;
        testing::buttonOf(dialog, "Always use it")->click();
        QTRY_COMPARE(searched.count(), 1);
        testing::buttonOf(dialog, "Don’t always use it")->click();
        QTRY_COMPARE(searched.count(), 2);
        const std::vector<std::string> expected{"pin jo@court.example 0a", "pin jo@court.example "};
        QCOMPARE(m_service->deeds(), expected);
    }

    void aSearchIsStopped() {
        m_service->searchLatch.close();
        auto *dialog = new ui::FindCertificateDialog(*m_service, *m_dialogs, kJo, m_parent.get());
        QTRY_COMPARE(m_service->searchLatch.waiting(), 1);
        QVERIFY(dialog->address()->isReadOnly());
        QSignalSpy searched(dialog, &ui::FindCertificateDialog::searched);
        testing::buttonOf(dialog, "Stop")->click();
        QVERIFY(says(dialog, QStringLiteral("Stopped. Nothing was changed.")));
        QVERIFY(!dialog->address()->isReadOnly());
        m_service->searchLatch.open();
        QTRY_COMPARE(m_service->stoppedSearches(), 1);
        // The late answer is not shown; the next search is.
        testing::buttonOf(dialog, "Search")->click();
        QTRY_COMPARE(searched.count(), 1);
    }

    void closingItStopsTheSearch() {
        m_service->searchLatch.close();
        auto *dialog = new ui::FindCertificateDialog(*m_service, *m_dialogs, kJo, m_parent.get());
        QTRY_COMPARE(m_service->searchLatch.waiting(), 1);
        delete dialog;
        m_service->searchLatch.open();
        QTRY_COMPARE(m_service->stoppedSearches(), 1);
    }

    void nothingFoundOffersToAsk() {
        m_service->search = runtime::CertificateSearch{};
        auto *dialog = shown(kJo);
        QVERIFY(says(dialog, QStringLiteral("There is no certificate for jo@court.example")));
        QSignalSpy asked(dialog, &ui::FindCertificateDialog::askRequested);
        testing::buttonOf(dialog, "Ask for it")->click();
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.front().front().value<std::string>(), std::string("jo@court.example"));
    }

    void whatIsNoAddressIsSaid() {
        auto *dialog = new ui::FindCertificateDialog(*m_service, *m_dialogs, {}, m_parent.get());
        QVERIFY(m_service->searchedFor().empty()); // nothing to look for yet
        dialog->address()->setText(QStringLiteral("jo"));
        testing::buttonOf(dialog, "Search")->click();
        QVERIFY(says(dialog, QStringLiteral("address.no-at")));
        QVERIFY(m_service->searchedFor().empty());
    }

    void anErrorIsSaidAndCanBeTriedAgain() {
        m_service->search = fail("gnupg.missing", "certs.find", Reaction::AskAdmin);
        auto *dialog = shown(kJo);
        QVERIFY(says(dialog, QStringLiteral("(gnupg.missing)")));
        QVERIFY(testing::buttonOf(dialog, "Search")->isEnabled());
    }

    void theListOfCertificatesFindsAndChooses() {
        m_service->known = {
            testing::certificate("jo@court.example", crypto::CertificateState::Usable)};
        const auto fingerprint = m_service->known.front().fingerprint;
        auto *view = new ui::CertificateView(*m_service, *m_dialogs, m_parent.get());
        QTRY_COMPARE(view->table()->rowCount(), 1);
        QVERIFY(!testing::buttonOf(view, "Always use it")->isEnabled());
        view->table()->selectRow(0);
        testing::buttonOf(view, "Always use it")->click();
        QTRY_COMPARE(m_service->deeds(),
                     std::vector<std::string>{"pin jo@court.example " + fingerprint});
        QTRY_COMPARE(view->table()->item(0, 1)->text(), QStringLiteral("Usable, always used"));
        view->table()->selectRow(0);
        testing::buttonOf(view, "Don’t always use it")->click();
        QTRY_COMPARE(view->table()->item(0, 1)->text(), QStringLiteral("Usable"));
        testing::buttonOf(view, "Find…")->click();
        QVERIFY(view->findChild<ui::FindCertificateDialog *>() != nullptr);
    }

    void fromTheMessageToTheSearchAndToALetter() {
        testing::WindowFixture m;
        m.service.routes = {{"court.example", RouteKind::Blocked}};
        m.service.search = runtime::CertificateSearch{};
        m.open();
        QTRY_VERIFY(m.isOpen());
        m.typeRecipient("jo@court.example");
        m.window->sendButton()->click();
        QTRY_VERIFY(m.dialog<ui::PlanDialog>() != nullptr);
        testing::buttonOf(m.dialog<ui::PlanDialog>(), "Find a certificate for jo@court.example")
            ->click();
        auto *dialog = m.dialog<ui::FindCertificateDialog>();
        QVERIFY(dialog != nullptr);
        QTRY_VERIFY(testing::buttonOf(dialog, "Ask for it") != nullptr);
        testing::buttonOf(dialog, "Ask for it")->click();
        QTRY_COMPARE(m.window->form()->draft().to.size(), std::size_t{1});
        QVERIFY(m.window->form()->subject().contains(QStringLiteral("signed message")));
    }

private:
    ui::FindCertificateDialog *shown(const QString &address) {
        auto *dialog =
            new ui::FindCertificateDialog(*m_service, *m_dialogs, address, m_parent.get());
        QSignalSpy searched(dialog, &ui::FindCertificateDialog::searched);
        searched.wait();
        return dialog;
    }

    std::unique_ptr<testing::FakeComposeService> m_service;
    std::unique_ptr<testing::ScriptedDialogs> m_dialogs;
    std::unique_ptr<QWidget> m_parent;
};

QTEST_MAIN(TestFindCertificate)
#include "tst_FindCertificate.moc"
