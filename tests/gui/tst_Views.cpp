// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/FakeComposeService.h"
#include "gui/ScriptedDialogs.h"
#include "gui/WindowFixture.h"
#include "ui/AccountDialog.h"
#include "ui/CertificateView.h"
#include "ui/IdleRefresher.h"
#include "ui/JournalView.h"
#include "ui/OutboxView.h"
#include "ui/PasswordDialog.h"
#include "ui/SignInDialog.h"
#include "ui/SigningDialog.h"

#include <QApplication>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTableWidget>
#include <QUrl>
#include <algorithm>

using namespace sealpost;

class TestViews final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_service = std::make_unique<testing::FakeComposeService>();
        m_dialogs = std::make_unique<testing::ScriptedDialogs>();
        m_parent = std::make_unique<QWidget>();
    }
    void cleanup() {
        m_parent.reset();
        m_service.reset();
    }

    void certificatesAreListedWithTheirState() {
        m_service->known = {
            testing::certificate("jo@court.example", crypto::CertificateState::Usable),
            testing::certificate("al@council.example", crypto::CertificateState::Revoked)};
        auto *view = new ui::CertificateView(*m_service, *m_dialogs, m_parent.get());
        QTRY_COMPARE(view->table()->rowCount(), 2);
        QCOMPARE(view->table()->item(0, 0)->text(), QStringLiteral("jo@court.example"));
        QCOMPARE(view->table()->item(0, 1)->text(), QStringLiteral("Usable"));
        QCOMPARE(view->table()->item(1, 1)->text(), QStringLiteral("Revoked"));
    }

    void aKeyFileAsksForItsPassphrase() {
        auto *view = new ui::CertificateView(*m_service, *m_dialogs, m_parent.get());
        QSignalSpy imported(view, &ui::CertificateView::imported);
        m_dialogs->files = {QStringLiteral("/files/sam.p12")};
        auto *button = testing::buttonOf(view, "Import…");
        button->click(); // cancelled: no passphrase given
        QVERIFY(m_service->imported().empty());
        m_dialogs->givenPassphrase = QStringLiteral("wrong");
        button->click();
        QTRY_COMPARE(static_cast<int>(m_dialogs->errors.size()), 1);
        QCOMPARE(m_dialogs->errors.front().code, QStringLiteral("pkcs12.wrong-passphrase"));
        QVERIFY(m_dialogs->errors.front().what.contains(QStringLiteral("sam.p12")));
        m_dialogs->givenPassphrase = QStringLiteral("right");
        button->click();
        QTRY_COMPARE(imported.count(), 1);
    }

    void aCertificateFileNeedsNone() {
        auto *view = new ui::CertificateView(*m_service, *m_dialogs, m_parent.get());
        m_dialogs->files = {QStringLiteral("/files/jo.pem")};
        testing::buttonOf(view, "Import…")->click();
        QTRY_COMPARE(static_cast<int>(m_service->imported().size()), 1);
    }

    void droppedFilesAreImported() {
        auto *view = new ui::CertificateView(*m_service, *m_dialogs, m_parent.get());
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QStringLiteral("/files/jo.pem")),
                      QUrl::fromLocalFile(QStringLiteral("/files/al.cer"))});
        QDragEnterEvent over(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view, &over);
        QVERIFY(over.isAccepted());
        QDropEvent event(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(view, &event);
        QTRY_COMPARE(static_cast<int>(m_service->imported().size()), 2);
    }

    void aSmartCardsKeysAreBroughtIn() {
        auto *view = new ui::CertificateView(*m_service, *m_dialogs, m_parent.get());
        const QSignalSpy imported(view, &ui::CertificateView::imported);
        const auto says = [&](const char *words) {
            const auto labels = view->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
                return label->text().startsWith(QLatin1String(words));
            });
        };
        auto *button = testing::buttonOf(view, "Use a smart card");
        m_service->card = fail("card.missing", "card", Reaction::FixInput);
        button->click();
        QTRY_COMPARE(static_cast<int>(m_dialogs->errors.size()), 1);
        QVERIFY(m_dialogs->errors.front().what.contains(QStringLiteral("no smart card")));
        m_service->known = {
            testing::certificate("sam@justice.example", crypto::CertificateState::Usable)};
        m_service->known.front().privateKey = crypto::PrivateKey::OnCard;
        m_service->card = crypto::CardSummary{"D276", 2, 1, {}, 1};
        button->click();
        QTRY_VERIFY(says("The card's keys can be used now, but for some"));
        QCOMPARE(imported.count(), 1);
        QCOMPARE(view->table()->item(0, 3)->text(), QStringLiteral("Yes, on a card"));
        m_service->card = crypto::CardSummary{"D276", 2, 2, {}, 0};
        button->click();
        QTRY_VERIFY(says("The card's keys have no certificate here yet"));
    }

    void revocationListsAreFetchedOnceNobodyTypes() {
        using namespace std::chrono_literals;
        ui::IdleRefresher refresher(*m_service, m_parent.get());
        refresher.setPauses(1ms, 1h, 1h);
        refresher.start();
        QTest::keyClick(m_parent.get(), Qt::Key_A);
        QTest::qWait(20);
        QCOMPARE(m_service->refreshes(), 0); // somebody has just typed
        refresher.setPauses(1ms, 0ms, 1h);
        QTRY_COMPARE(m_service->refreshes(), 1);
        QTest::qWait(20);
        QCOMPARE(m_service->refreshes(), 1); // not again so soon
        refresher.setPauses(1ms, 0ms, 0ms);
        QTRY_VERIFY(m_service->refreshes() > 1);
    }

    void aBrokenJournalIsSaid() {
        m_service->journalContents.lines = {{2, Time{}, "plan.approved", {{"plan", "abc"}}, "x"}};
        m_service->journalContents.verdict = {false, 2, 2, "changed"};
        auto *view = new ui::JournalView(*m_service, m_parent.get());
        QTRY_COMPARE(view->table()->rowCount(), 1);
        bool said = false;
        for (const auto *label : view->findChildren<QLabel *>()) {
            said = said || label->text().startsWith(QStringLiteral("From line 2 on"));
        }
        QVERIFY(said);
    }

    void anUncertainMessageIsShownWithItsEvidence() {
        m_service->entries = testing::outboxEntries();
        auto *view = new ui::OutboxView(*m_service, *m_dialogs, m_parent.get());
        view->setVisible(true);
        QTRY_COMPARE(view->table()->rowCount(), 4);
        QVERIFY(view->sentences()->text().contains(QStringLiteral("smtp.justice.example")));
        QVERIFY(view->sentences()->text().contains(QStringLiteral("does not send it again")));
        QVERIFY(view->evidence()->toPlainText().contains(QStringLiteral("TLSv1.3")));
        QVERIFY(view->evidence()->toPlainText().contains(QStringLiteral("<7@justice.example>")));
        using ui::OutboxAct;
        QVERIFY(view->button(OutboxAct::Arrived)->isVisible());
        QVERIFY(!view->button(OutboxAct::TryAgain)->isVisible()); // never without asking first
        QVERIFY(!view->button(OutboxAct::TakeBack)->isVisible());
        view->button(OutboxAct::NotArrived)->click();
        QTRY_COMPARE(m_service->acts().size(), std::size_t{1});
        QVERIFY(m_service->acts().front() == std::pair(std::int64_t{7}, OutboxAct::NotArrived));
    }

    void whatWaitsSaysWhenItIsTriedAndCanBeTakenBack() {
        m_service->entries = testing::outboxEntries();
        auto *view = new ui::OutboxView(*m_service, *m_dialogs, m_parent.get());
        QSignalSpy loaded(view, &ui::OutboxView::loaded);
        QSignalSpy back(view, &ui::OutboxView::takenBack);
        view->setVisible(true);
        QTRY_COMPARE(loaded.count(), 1);
        view->table()->selectRow(1);
        using ui::OutboxAct;
        QTRY_VERIFY(view->button(OutboxAct::TryAgain)->isVisible());
        QVERIFY(!view->button(OutboxAct::Arrived)->isVisible());
        const auto next = wording::timeText(m_service->entries[1].nextTry);
        QCOMPARE(view->table()->item(1, 2)->text(), next);
        QVERIFY(view->sentences()->text().contains(next));
        view->button(OutboxAct::TryAgain)->click();
        QTRY_COMPARE(loaded.count(), 2);
        QCOMPARE(view->table()->currentRow(), 1); // the same one is still chosen
        m_service->outboxDone.draft = mail::Draft{};
        m_service->outboxDone.draft->subject = "Minutes";
        view->button(OutboxAct::TakeBack)->click();
        QTRY_COMPARE(back.count(), 1);
        QVERIFY(m_service->acts().back() == std::pair(std::int64_t{6}, OutboxAct::TakeBack));
        // What was accepted is only looked at.
        view->table()->selectRow(3);
        QTRY_VERIFY(!view->button(OutboxAct::TryAgain)->isVisible());
        QVERIFY(!view->button(OutboxAct::TakeBack)->isVisible());
    }

    void discardingAsksFirst() {
        m_service->entries = testing::outboxEntries();
        auto *view = new ui::OutboxView(*m_service, *m_dialogs, m_parent.get());
        QSignalSpy loaded(view, &ui::OutboxView::loaded);
        view->setVisible(true);
        QTRY_COMPARE(loaded.count(), 1);
        m_dialogs->yes = false;
        view->button(ui::OutboxAct::Discard)->click();
        QTest::qWait(20);
        QVERIFY(m_service->acts().empty());
        m_dialogs->yes = true;
        view->button(ui::OutboxAct::Discard)->click();
        QTRY_COMPARE(m_service->acts().size(), std::size_t{1});
    }

    void anAccountTakesTheServerOfItsMailbox_data() {
        QTest::addColumn<QString>("entered");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port"); //!< 0: it is not taken
        QTest::newRow("none") << QString() << QString() << 993;
        QTest::newRow("a name") << " IMAP.justice.example "
                                << "imap.justice.example" << 993;
        QTest::newRow("with a port") << "imap.justice.example:143"
                                     << "imap.justice.example" << 143;
        QTest::newRow("no port") << "imap.justice.example:x" << QString() << 0;
        QTest::newRow("no name") << "imap example" << QString() << 0;
    }
    void anAccountTakesTheServerOfItsMailbox() {
        QFETCH(QString, entered);
        QFETCH(QString, host);
        QFETCH(int, port);
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        field(dialog, "E-mail address")->setText(QStringLiteral("sam@justice.example"));
        field(dialog, "Server")->setText(QStringLiteral("smtp.justice.example"));
        field(dialog, "Mailbox server")->setText(entered);
        const auto account = dialog->entered();
        QCOMPARE(account.has_value(), port != 0);
        if (account) {
            QCOMPARE(account->imapHost, host.toStdString());
            QCOMPARE(static_cast<int>(account->imapPort), port);
        }
    }

    void anAccountIsTestedThenAdded() {
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        QSignalSpy changed(dialog, &ui::AccountDialog::accountsChanged);
        field(dialog, "E-mail address")->setText(QStringLiteral("not one"));
        testing::buttonOf(dialog, "Test and add")->click();
        QCOMPARE(dialog->entered().has_value(), false);
        field(dialog, "E-mail address")->setText(QStringLiteral("sam@justice.example"));
        field(dialog, "Server")->setText(QStringLiteral("SMTP.justice.example"));
        QVERIFY(dialog->entered().has_value());
        QCOMPARE(dialog->entered()->host, std::string("smtp.justice.example"));
        QCOMPARE(dialog->entered()->userName, std::string("sam@justice.example"));
        m_service->testError = Error{"submit.auth-failed", "auth", Reaction::FixInput};
        testing::buttonOf(dialog, "Test and add")->click();
        QTRY_VERIFY(testing::buttonOf(dialog, "Test and add")->isEnabled());
        QCOMPARE(changed.count(), 0);
        m_service->testError.reset();
        testing::buttonOf(dialog, "Test and add")->click();
        QTRY_COMPARE(changed.count(), 1);
    }

    void whatAnAccountSignsWithIsChosen() {
        const auto account = testing::account();
        const auto own = [&](const std::string &address, const char *fingerprint, int days) {
            auto one = testing::certificate(address, crypto::CertificateState::Usable);
            one.fingerprint = fingerprint;
            one.privateKey = crypto::PrivateKey::InAgent;
            one.signing = true;
            one.notAfter = Time(std::chrono::days(days));
            return one;
        };
        const auto spec = account.address.spec();
        m_service->known = {own(spec, "AA", 20000), own(spec, "BB", 21000),
                            own("someone@court.example", "CC", 21000), own(spec, "DD", 21000),
                            own(spec, "EE", 21000)};
        m_service->known[3].privateKey = crypto::PrivateKey::Absent;
        m_service->known[4].signing = false;
        const auto choices = [](QWidget *of) { return of->findChildren<QRadioButton *>(); };
        const auto mentions = [](QWidget *of, const char *words) {
            const auto labels = of->findChildren<QLabel *>();
            return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
                return label->text().contains(QLatin1String(words));
            });
        };

        const auto added = m_service->addAccount(account, std::make_shared<SecretBytes>());
        QTRY_VERIFY(added.isFinished());
        auto *dialog = new ui::SigningDialog(*m_service, account, m_parent.get());
        QTRY_COMPARE(choices(dialog).size(), 3);
        QCOMPARE(dialog->chosen(), std::string());
        choices(dialog).at(1)->click(); // the one that lasts longest stands first
        QCOMPARE(dialog->chosen(), std::string("BB"));
        QSignalSpy kept(dialog, &QDialog::accepted);
        testing::buttonOf(dialog, "Keep")->click();
        QTRY_COMPARE(kept.count(), 1);
        const auto changed = m_service->accounts();
        QTRY_VERIFY(changed.isFinished());
        QCOMPARE(changed.result()->front().signingFingerprint, std::string("BB"));

        auto chosen = account;
        chosen.signingFingerprint = "AA";
        dialog = new ui::SigningDialog(*m_service, chosen, m_parent.get());
        QTRY_COMPARE(choices(dialog).size(), 3);
        QCOMPARE(dialog->chosen(), std::string("AA"));
        chosen.signingFingerprint = "FF"; // it is gone: the person is told, and nothing is chosen
        dialog = new ui::SigningDialog(*m_service, chosen, m_parent.get());
        QTRY_COMPARE(choices(dialog).size(), 3);
        QCOMPARE(dialog->chosen(), std::string());
        QVERIFY(mentions(dialog, "The certificate that was chosen before is not here any more."));
        m_service->known.clear();
        dialog = new ui::SigningDialog(*m_service, account, m_parent.get());
        QTRY_COMPARE(choices(dialog).size(), 1);
        QVERIFY(mentions(dialog, "You have no certificate with a key for"));
        auto nobody = account;
        nobody.name = "Nobody";
        dialog = new ui::SigningDialog(*m_service, nobody, m_parent.get());
        QTRY_COMPARE(choices(dialog).size(), 1);
        testing::buttonOf(dialog, "Keep")->click();
        QTRY_VERIFY(mentions(dialog, "(account.not-found)"));
    }

    void settingsAreLookedUp_data() {
        QTest::addColumn<bool>("certain");
        QTest::addColumn<QString>("said");
        QTest::newRow("certain") << true << "Found. Your password is all that is missing.";
        QTest::newRow("nobody vouches for it")
            << false
            << "The domain names mail.elsewhere.example as its mail server, but nobody vouches for "
               "that. Look whether that name is right.";
    }
    void settingsAreLookedUp() {
        QFETCH(bool, certain);
        QFETCH(QString, said);
        m_service->settings = found();
        m_service->settings->account.host = "mail.elsewhere.example";
        m_service->settings->account.signIn = mail::SignIn::Password;
        m_service->settings->certain = certain;
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        enterAddress(dialog);
        QTRY_COMPARE(field(dialog, "Server")->text(), QStringLiteral("mail.elsewhere.example"));
        QVERIFY(says(dialog, said));
        const auto account = dialog->entered();
        QVERIFY(account.has_value());
        QCOMPARE(static_cast<int>(account->port), 587);
        QVERIFY(account->tls == mail::SubmissionTls::StartTls);
        QCOMPARE(account->userName, std::string("sam"));
        QVERIFY(account->signIn == mail::SignIn::Password);
        QVERIFY(!field(dialog, "Password")->isHidden());
    }

    void aServerThatWasTypedStays() {
        m_service->settings = found();
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        field(dialog, "Server")->setText(QStringLiteral("smtp.mine.example"));
        enterAddress(dialog);
        // An answer would come before this one, which goes the same way.
        QVERIFY(!says(dialog, "Looking up the settings of justice.example…"));
        QCOMPARE(dialog->entered()->host, std::string("smtp.mine.example"));
    }

    void signsInOnTheProvidersPage() {
        m_service->settings = found();
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        enterAddress(dialog);
        QTRY_VERIFY(testing::buttonOf(dialog, "Add and sign in…") != nullptr);
        QVERIFY(field(dialog, "Password")->isHidden());
        testing::buttonOf(dialog, "Add and sign in…")->click();
        QTRY_COMPARE(m_dialogs->pages, QStringList{QStringLiteral("https://id.example/auth?x=1")});
        QCOMPARE(m_service->added().size(), std::size_t{1});
        QVERIFY(m_service->added().front().signIn == mail::SignIn::OAuth);
        QCOMPARE(m_service->added().front().oauth.clientId, std::string("sealpost"));
        auto *waiting = dialog->findChild<ui::SignInDialog *>();
        QVERIFY(waiting != nullptr && waiting->isVisible());
        testing::buttonOf(waiting, "Open the page again")->click();
        QCOMPARE(m_dialogs->pages.size(), 2);
        m_service->finishSignIn();
        QTRY_VERIFY(says(dialog, "Signed in."));
        QCOMPARE(m_service->deeds(),
                 std::vector<std::string>{"sign in sam@justice.example by browser"});
        // Another server than the found one is asked for a password again.
        field(dialog, "Server")->setText(QStringLiteral("smtp.mine.example"));
        QVERIFY(dialog->entered()->signIn == mail::SignIn::Password);
        QVERIFY(!field(dialog, "Password")->isHidden());
    }

    void aChosenAccountGetsAnotherPassword() {
        m_service->session.accounts = {testing::account()};
        (void)m_service->open();
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        auto *table = dialog->findChild<QTableWidget *>();
        QTRY_COMPARE(table->rowCount(), 1);
        table->selectRow(0);
        testing::buttonOf(dialog, "Change the password…")->click();
        auto *asking = dialog->findChild<ui::PasswordDialog *>();
        QVERIFY(asking != nullptr);
        field(asking, "New password")->setText(QStringLiteral("n3w"));
        // What the server does not take is not kept.
        m_service->testError = Error{"submit.auth-failed", "auth", Reaction::FixInput};
        testing::buttonOf(asking, "Test and keep")->click();
        QTRY_VERIFY(testing::buttonOf(asking, "Test and keep")->isEnabled());
        QVERIFY(m_service->deeds().empty());
        m_service->testError.reset();
        testing::buttonOf(asking, "Test and keep")->click();
        QTRY_VERIFY(says(dialog, "The new password is kept."));
        QCOMPARE(m_service->deeds(),
                 std::vector<std::string>{"password of " + testing::account().name + ": n3w"});
    }

    //! Any OpenID provider, typed by hand; the client id may be left to policy.
    void signsInOnThePageOfAnyProvider() {
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        field(dialog, "E-mail address")->setText(QStringLiteral("sam@justice.example"));
        field(dialog, "Server")->setText(QStringLiteral("smtp.justice.example"));
        QVERIFY(field(dialog, "Provider")->isHidden());
        auto *way = dialog->findChild<QComboBox *>(QStringLiteral("signIn"));
        way->setCurrentIndex(1);
        QVERIFY(!field(dialog, "Provider")->isHidden());
        field(dialog, "Provider")->setText(QStringLiteral("http://id.justice.example"));
        QCOMPARE(dialog->entered().error().code, std::string("http.url"));
        field(dialog, "Provider")->setText(QStringLiteral("https://id.justice.example/t "));
        field(dialog, "Client id")->setText(QStringLiteral("desk"));
        field(dialog, "Asked for")->setText(QStringLiteral("openid offline_access smtp"));
        testing::buttonOf(dialog, "Add and sign in…")->click();
        QTRY_COMPARE(m_dialogs->pages.size(), 1);
        const auto added = m_service->added().front();
        QVERIFY(added.signIn == mail::SignIn::OAuth);
        QVERIFY(added.oauth ==
                (mail::OAuthSettings{
                    "https://id.justice.example/t", "desk", {}, "openid offline_access smtp"}));
        way->setCurrentIndex(0);
        QVERIFY(field(dialog, "Client id")->isHidden());
        QVERIFY(dialog->entered()->signIn == mail::SignIn::Password);
    }

    void theMailboxIsLookedUpToo() {
        m_service->settings = found();
        m_service->settings->account.imapHost = "imap.justice.example";
        m_service->settings->account.imapPort = Port{143};
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        enterAddress(dialog);
        QTRY_COMPARE(field(dialog, "Mailbox server")->text(),
                     QStringLiteral("imap.justice.example:143"));
        QCOMPARE(dialog->entered()->imapHost, std::string("imap.justice.example"));
        QVERIFY(dialog->entered()->imapPort == Port{143});
    }

    void aSignInThatIsGivenUp() {
        auto *waiting = signInDialog();
        QTRY_COMPARE(m_dialogs->pages.size(), 1);
        testing::buttonOf(waiting, "Cancel")->click();
        QTRY_COMPARE(m_service->stoppedSignIns(), 1);
        QVERIFY(m_service->deeds().empty());
    }

    void signsInOnAnotherDevice() {
        auto *waiting = signInDialog();
        QSignalSpy accepted(waiting, &QDialog::accepted);
        QTRY_COMPARE(m_dialogs->pages.size(), 1);
        testing::buttonOf(waiting, "Sign in on another device")->click();
        QTRY_VERIFY(says(waiting, "WDJB-MJHT"));
        QVERIFY(
            says(waiting, "On any device, open https://id.example/device and enter this code:"));
        QTRY_COMPARE(m_service->stoppedSignIns(), 1); // the browser is not waited for any more
        QCOMPARE(m_dialogs->pages.size(), 1);
        m_service->finishSignIn();
        QTRY_COMPARE(accepted.count(), 1);
        QCOMPARE(m_service->deeds(), std::vector<std::string>{"sign in Work by device"});
    }

    void aSignInThatIsRefused() {
        m_service->signInError = Error{"oauth.denied", "oauth", Reaction::FixInput};
        auto *waiting = signInDialog();
        QTRY_COMPARE(m_dialogs->pages.size(), 1);
        m_service->finishSignIn();
        QTRY_VERIFY(testing::buttonOf(waiting, "Try again") != nullptr);
        m_service->signInError.reset();
        QSignalSpy accepted(waiting, &QDialog::accepted);
        testing::buttonOf(waiting, "Try again")->click();
        QTRY_COMPARE(m_dialogs->pages.size(), 2);
        m_service->finishSignIn();
        QTRY_COMPARE(accepted.count(), 1);
    }

    void withoutAClientIdNothingIsAdded() {
        m_service->settings = found();
        m_service->settings->account.oauth.clientId.clear();
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        enterAddress(dialog);
        QTRY_VERIFY(testing::buttonOf(dialog, "Add and sign in…") != nullptr);
        testing::buttonOf(dialog, "Add and sign in…")->click();
        QVERIFY(m_service->added().empty());
        QVERIFY(m_dialogs->pages.isEmpty());
    }

    void aChosenAccountSignsInAgain() {
        auto oauth = testing::account();
        oauth.signIn = mail::SignIn::OAuth;
        oauth.name = "Office";
        m_service->session.accounts = {testing::account(), oauth};
        (void)m_service->open();
        auto *dialog = new ui::AccountDialog(*m_service, *m_dialogs, m_parent.get());
        auto *table = dialog->findChild<QTableWidget *>();
        QTRY_COMPARE(table->rowCount(), 2);
        auto *again = testing::buttonOf(dialog, "Sign in again…");
        table->selectRow(0);
        QVERIFY(again->isHidden());
        table->selectRow(1);
        QVERIFY(!again->isHidden());
        again->click();
        QTRY_COMPARE(m_dialogs->pages.size(), 1);
        m_service->finishSignIn();
        QTRY_COMPARE(m_service->deeds(), std::vector<std::string>{"sign in Office by browser"});
    }

private:
    static submit::FoundAccount found() {
        submit::FoundAccount one;
        one.account.host = "smtp.justice.example";
        one.account.port = base::kSubmissionPort;
        one.account.tls = mail::SubmissionTls::StartTls;
        one.account.userName = "sam";
        one.account.signIn = mail::SignIn::OAuth;
        one.account.oauth = {"https://id.example", "sealpost", {}, "openid smtp"};
        one.certain = true;
        return one;
    }
    static void enterAddress(ui::AccountDialog *dialog) {
        field(dialog, "E-mail address")->setText(QStringLiteral("sam@justice.example"));
        emit field(dialog, "E-mail address")->editingFinished();
    }
    static bool says(const QWidget *dialog, const QString &text) {
        const auto labels = dialog->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel *label) { return label->text() == text; });
    }
    static bool says(const QWidget *dialog, const char *text) {
        return says(dialog, QString::fromUtf8(text));
    }
    ui::SignInDialog *signInDialog() {
        auto *dialog =
            new ui::SignInDialog(*m_service, *m_dialogs, testing::account(), m_parent.get());
        dialog->open();
        return dialog;
    }
    static QLineEdit *field(const QWidget *dialog, const char *name) {
        for (auto *edit : dialog->findChildren<QLineEdit *>()) {
            if (edit->accessibleName() == QLatin1String(name)) {
                return edit;
            }
        }
        return nullptr;
    }
    std::unique_ptr<testing::FakeComposeService> m_service;
    std::unique_ptr<testing::ScriptedDialogs> m_dialogs;
    std::unique_ptr<QWidget> m_parent;
};

QTEST_MAIN(TestViews)
#include "tst_Views.moc"
