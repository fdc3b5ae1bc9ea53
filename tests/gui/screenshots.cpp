// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures of the window, for the README and for looking at every state:
//   QT_QPA_PLATFORM=offscreen gui_screenshots docs   DIR   compose.png, before-sending.png, from
//                                                          practice mode as it really runs
//   QT_QPA_PLATFORM=offscreen gui_screenshots states DIR   each state over the fake, in each theme
// With QT_SCALE_FACTOR=2 they are twice as large.
#include "gui/Received.h"
#include "gui/WindowFixture.h"
#include "ui/AccountDialog.h"
#include "ui/AttachmentBar.h"
#include "ui/CertificateView.h"
#include "ui/ChainView.h"
#include "ui/DropChooser.h"
#include "ui/EvidenceDialog.h"
#include "ui/FindCertificateDialog.h"
#include "ui/FindingRow.h"
#include "ui/JournalView.h"
#include "ui/OutboxView.h"
#include "ui/PlanDialog.h"
#include "ui/PracticeSample.h"
#include "ui/ReadingWindow.h"
#include "ui/RuntimeComposeService.h"
#include "ui/SendDialog.h"
#include "ui/SignInDialog.h"
#include "ui/SigningDialog.h"

#include <QDir>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPainter>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTextStream>

using namespace sealpost;

namespace {

constexpr int kPatience = 60'000; //!< milliseconds

bool waitUntil(const std::function<bool()> &true_) {
    QElapsedTimer timer;
    timer.start();
    while (!true_() && timer.elapsed() < kPatience) {
        QTest::qWait(20);
    }
    return true_();
}

bool save(QWidget &widget, const QString &file) {
    QTest::qWait(50); // lays out and paints
    return widget.grab().save(file);
}

//! The dialog in the middle of the window, as a window manager would put it.
bool saveOver(QWidget &window, QWidget &dialog, const QString &file) {
    QTest::qWait(50);
    auto picture = window.grab();
    const auto front = dialog.grab();
    QPainter painter(&picture);
    painter.fillRect(QRect({}, window.size()), QColor(0, 0, 0, 90));
    const QPoint at((window.width() - dialog.width()) / 2, (window.height() - dialog.height()) / 2);
    painter.setPen(QPen(QColor(0, 0, 0, 120), 1));
    painter.drawPixmap(at, front);
    painter.drawRect(QRect(at, dialog.size()));
    painter.end();
    return picture.save(file);
}

QString verdict(const ui::ComposeWindow &window) {
    return window.form()->panel()->verdict();
}

bool takeDocs(const QDir &folder) {
    ui::Theme::install(*qApp, ui::Theme::Kind::Light, ui::Theme::Accent::Practice);
    QTemporaryDir profile(QStringLiteral("/tmp/shots-XXXXXX"));
    runtime::RuntimeOptions options;
    options.mode = runtime::Mode::Practice;
    options.profile = profile.path().toStdString();
    ui::RuntimeComposeService service(std::move(options));
    testing::ScriptedDialogs dialogs;
    ui::ComposeWindow window(dialogs, ui::StartMode::Practice);
    window.build(service);
    window.resize(1040, 700);
    window.show();
    QApplication::setActiveWindow(&window);
    window.start();
    if (!waitUntil([&] { return window.form()->isEnabled(); })) {
        return false;
    }
    window.form()->addTo(ui::practicePeople().front());
    window.form()->addTo(ui::practicePeople().back());
    if (!waitUntil([&] { return verdict(window) == QLatin1String("One recipient is blocked"); }) ||
        !waitUntil(
            [&] { return window.status()->text().startsWith(QLatin1String("Draft kept")); }) ||
        !save(window, folder.filePath(QStringLiteral("compose.png")))) {
        return false;
    }
    window.form()->removeRecipient(ui::practicePeople().back());
    window.sendButton()->click();
    if (!waitUntil([&] { return window.findChild<ui::PlanDialog *>() != nullptr; })) {
        return false;
    }
    return saveOver(window, *window.findChild<ui::PlanDialog *>(),
                    folder.filePath(QStringLiteral("before-sending.png")));
}

class States {
public:
    States(QDir folder, QString suffix)
        : m_folder(std::move(folder)), m_suffix(std::move(suffix)) {}

    void takeAll() {
        empty();
        checking();
        mixed();
        looking();
        reasons();
        longText();
        warning();
        sending();
        views();
        reading();
        chains();
    }

private:
    void shoot(QWidget &widget, const char *name) {
        save(widget, m_folder.filePath(QString::fromLatin1(name) + m_suffix));
    }
    static void open(testing::WindowFixture &m) {
        m.open();
        waitUntil([&m] { return m.isOpen(); });
    }

    void empty() {
        testing::WindowFixture m;
        open(m);
        shoot(*m.window, "empty");
    }
    void checking() {
        testing::WindowFixture m;
        open(m);
        m.service.previewLatch.close();
        m.typeRecipient("Jo Bloggs <jo@court.example>");
        m.typeRecipient("Alexandra Featherstonehaugh-Marsh <alexandra.f@council.example>");
        m.body()->setPlainText(QStringLiteral("Hello Jo,\n\nhere is the agenda."));
        shoot(*m.window, "checking");
    }
    void mixed() {
        testing::WindowFixture m;
        open(m);
        m.service.routes["clerk.cjsm.net"] = RouteKind::Cjsm;
        m.service.attachmentErrors[std::filesystem::path("/files/gone.pdf")] =
            Error{"attachment.missing", "attach", Reaction::FixInput, {}, "gone.pdf"};
        for (const auto *one :
             {"Jo Bloggs <jo@court.example>", "A. Clerk <a@clerk.cjsm.net>", "al@council.example",
              "Probation Service North West Regional Office "
              "<regional.office@unknown.example>",
              "it@oldmail.example"}) {
            m.typeRecipient(one);
        }
        m.edit("Subject")->setText(QStringLiteral("Deployment key for the archive"));
        m.body()->setPlainText(QStringLiteral("Hello Jo,\n\nThe password is tulip-42.\n"));
        waitUntil([&m] { return m.panel()->verdict() != QStringLiteral("Checking…"); });
        m.window->form()->attachments()->add(
            {QStringLiteral("/files/id_ed25519"), QStringLiteral("/files/minutes.pdf")});
        waitUntil([&m] { return m.panel()->verdict() == QStringLiteral("Checking…"); });
        m.service.attachmentErrors.clear();
        waitUntil([&m] { return m.panel()->verdict() != QStringLiteral("Checking…"); });
        shoot(*m.window, "mixed");
        m.window->resize(640, 760);
        shoot(*m.window, "narrow");
        auto *evidence = new ui::EvidenceDialog(
            m.window->form()->draft().to.front(),
            ui::statusOf(*testing::makePlan(m.window->form()->draft(), m.service.routes),
                         testing::makePlan(m.window->form()->draft(), m.service.routes)
                             ->decision.recipients.front()),
            m.window.get());
        evidence->show();
        shoot(*evidence, "evidence");
    }
    void looking() {
        testing::WindowFixture m;
        open(m);
        m.service.attachmentLatch.close();
        m.typeRecipient("Jo Bloggs <jo@court.example>");
        m.edit("Subject")->setText(QStringLiteral("Bundle for Monday"));
        m.body()->setPlainText(QStringLiteral("Hello Jo,\n\nhere is the bundle."));
        m.window->form()->attachments()->add(
            {QStringLiteral("/files/bundle for Monday, all volumes.zip"),
             QStringLiteral("/files/minutes.pdf")});
        waitUntil([&m] { return m.panel()->verdict().startsWith(QStringLiteral("Looking")); });
        shoot(*m.window, "looking");
    }
    void reasons() {
        testing::WindowFixture m;
        open(m);
        m.typeRecipient("Jo Bloggs <jo@court.example>");
        m.edit("Subject")->setText(QStringLiteral("Exercise on Friday"));
        m.body()->setPlainText(QStringLiteral("Hello Jo,\n\nThe password is tulip.\n"));
        const auto row = [&m] { return m.panel()->findChild<ui::FindingRow *>(); };
        waitUntil([&] { return row() != nullptr; });
        shoot(*m.window, "found");
        row()->askForReason();
        QTest::qWait(50);
        shoot(*m.window, "reason");
        QTest::keyClicks(row()->reasonField(), QStringLiteral("A codeword of the exercise"));
        shoot(*m.window, "reason-written");
        QTest::keyClick(row()->reasonField(), Qt::Key_Return);
        waitUntil([&] { return row() != nullptr && !scan::stands(row()->finding()); });
        shoot(*m.window, "dismissed");
        m.window->form()->showFinding(row()->finding());
        shoot(*m.window, "selected");
    }
    void longText() {
        testing::WindowFixture m;
        open(m);
        m.typeRecipient("Jo Bloggs <jo@court.example>");
        m.edit("Subject")->setText(QStringLiteral("Re: Fwd: Re: ").repeated(8) +
                                   QStringLiteral("the hearing"));
        m.body()->setPlainText(
            QStringLiteral("A paragraph of a letter that goes on and on, as letters do when there "
                           "is a lot to say about a hearing and about all that came before it.\n\n")
                .repeated(40) +
            QStringLiteral("The password is tulip.\n"));
        m.window->form()->attachments()->add(
            {QStringLiteral("/files/a very long name of a file that somebody gave it long ago, "
                            "version 17 final (2).docx"),
             QStringLiteral("/files/id_ed25519")});
        waitUntil([&m] {
            return m.panel()->verdict() == QStringLiteral("Can be sent, once you confirm");
        });
        QTest::qWait(100);
        shoot(*m.window, "long");
    }
    void warning() {
        mail::Draft draft;
        draft.subject = "Key";
        draft.to = {testing::address("Jo Bloggs <jo@court.example>"),
                    testing::address("A. Clerk <a@clerk.cjsm.net>")};
        const std::map<std::string, RouteKind> routes = {{"court.example", RouteKind::Smime},
                                                         {"clerk.cjsm.net", RouteKind::Cjsm}};
        ui::PlanDialog owed(
            testing::makePlan(draft, routes,
                              {testing::keyInAttachment("id_ed25519"), testing::passwordInBody(3)},
                              {testing::owedConfirmation(), testing::owedJustification()}),
            nullptr);
        owed.show();
        shoot(owed, "warning-owed");
        draft.to.push_back(testing::address("it@oldmail.example"));
        ui::PlanDialog blocked(testing::makePlan(draft, routes), nullptr);
        blocked.show();
        shoot(blocked, "warning-blocked");
    }
    void sending() {
        mail::Draft draft;
        draft.to = {testing::address("Jo Bloggs <jo@court.example>"),
                    testing::address("al@council.example")};
        const auto plan = testing::makePlan(
            draft, {{"court.example", RouteKind::Smime}, {"council.example", RouteKind::Tls}});
        ui::SendDialog progress(plan, nullptr);
        progress.show();
        progress.showStep({send::SendStep::Submitting, 0});
        shoot(progress, "sending");
        auto receipts = testing::receiptsFor(*plan, submit::Delivery::Accepted);
        progress.showReceipts(receipts);
        shoot(progress, "receipt");
        ui::SendDialog partly(plan, nullptr);
        receipts[1].outcome.delivery = submit::Delivery::Deferred;
        receipts[1].outcome.recipients[0] = {"al@council.example", submit::Delivery::Deferred,
                                             "451 4.7.1 Try again later"};
        receipts[1].outcome.error = Error{"net.broken", "submit", Reaction::Retry};
        receipts[1].waits = true;
        partly.showReceipts(receipts);
        partly.show();
        shoot(partly, "receipt-partly");
        ui::SendDialog failed(plan, nullptr);
        failed.showError(Error{"tls.certificate", "submit", Reaction::AskAdmin, "expired",
                               "smtp.justice.example"});
        failed.show();
        shoot(failed, "failed");
    }
    void views() {
        testing::WindowFixture m;
        m.service.known = {
            testing::certificate("jo@court.example", crypto::CertificateState::Usable),
            testing::certificate("al@council.example", crypto::CertificateState::Expired),
            testing::certificate("sam.okoro@justice.example", crypto::CertificateState::Expiring)};
        m.service.known.back().privateKey = crypto::PrivateKey::InAgent;
        m.service.journalContents.lines = {
            {2, Time{}, "submission.accepted", {{"outbox", "1"}, {"queue-id", "4F1"}}, "x"},
            {1, Time{}, "plan.approved", {{"plan", "abc"}, {"routes", "smime"}}, "x"}};
        m.service.journalContents.verdict = {true, 2, 0, {}};
        open(m);
        auto *certificates = new ui::CertificateView(m.service, m.dialogs, m.window.get());
        certificates->show();
        waitUntil([&] { return certificates->table()->rowCount() == 3; });
        certificates->table()->selectRow(1);
        shoot(*certificates, "certificates");
        finding(m);
        auto *journal = new ui::JournalView(m.service, m.window.get());
        journal->show();
        waitUntil([&] { return journal->table()->rowCount() == 2; });
        shoot(*journal, "journal");
        m.service.entries = testing::outboxEntries();
        auto *outbox = new ui::OutboxView(m.service, m.dialogs, m.window.get());
        outbox->show();
        waitUntil([&] { return outbox->table()->rowCount() == 4; });
        shoot(*outbox, "outbox-uncertain");
        outbox->table()->selectRow(1);
        shoot(*outbox, "outbox-waiting");
        outbox->table()->selectRow(2);
        shoot(*outbox, "outbox-given-up");
        auto *accounts = new ui::AccountDialog(m.service, m.dialogs, m.window.get());
        accounts->show();
        QTest::qWait(100);
        shoot(*accounts, "accounts");
        accounts->findChild<QTableWidget *>()->selectRow(0);
        shoot(*accounts, "accounts-chosen");
        signingWith(m);
        signingIn(m, *accounts);
    }

    void signingWith(testing::WindowFixture &m) {
        const auto show = [&](const char *name) {
            auto *dialog = new ui::SigningDialog(m.service, testing::account(), m.window.get());
            QSignalSpy loaded(dialog, &ui::SigningDialog::loaded);
            dialog->show();
            loaded.wait();
            shoot(*dialog, name);
        };
        const auto known = m.service.known;
        auto own = testing::certificate(testing::account().address.spec(),
                                        crypto::CertificateState::Usable);
        own.privateKey = crypto::PrivateKey::InAgent;
        own.signing = true;
        m.service.known = {own, own};
        m.service.known.back().fingerprint = "BB";
        m.service.known.back().state = crypto::CertificateState::Expired;
        m.service.known.back().issuer =
            "CN=Ministry of Justice Issuing Certification Authority for Electronic Mail 2024";
        m.service.known.back().notAfter -= std::chrono::days(700);
        show("signing-certificate");
        m.service.known.clear();
        show("signing-certificate-none");
        m.service.known = known;
    }

    void finding(testing::WindowFixture &m) {
        const auto address = QStringLiteral("jo@court.example");
        const auto show = [&](const char *name) {
            ui::FindCertificateDialog dialog(m.service, m.dialogs, address, m.window.get());
            dialog.setAttribute(Qt::WA_DeleteOnClose, false);
            QSignalSpy searched(&dialog, &ui::FindCertificateDialog::searched);
            dialog.show();
            searched.wait();
            shoot(dialog, name);
        };
        m.service.search = testing::foundForJo();
        show("find-certificate");
        m.service.search->candidates.front().report.faults.clear();
        m.service.search->candidates.front().report.links.front().info.state =
            crypto::CertificateState::Usable;
        m.service.search->pinned = true;
        m.service.search->why.reason = crypto::ChoiceReason::Pinned;
        m.service.search->troubles.clear();
        show("find-certificate-pinned");
        m.service.search = runtime::CertificateSearch{};
        show("find-certificate-none");
        m.service.search = fail("gnupg.missing", "certs.find", Reaction::AskAdmin);
        show("find-certificate-error");
        ui::FindCertificateDialog empty(m.service, m.dialogs, {}, m.window.get());
        empty.setAttribute(Qt::WA_DeleteOnClose, false);
        empty.show();
        shoot(empty, "find-certificate-empty");
        m.service.searchLatch.close();
        ui::FindCertificateDialog busy(m.service, m.dialogs, address, m.window.get());
        busy.setAttribute(Qt::WA_DeleteOnClose, false);
        busy.show();
        shoot(busy, "find-certificate-busy");
        m.service.searchLatch.open();
    }

    void signingIn(testing::WindowFixture &m, ui::AccountDialog &accounts) {
        submit::FoundAccount found;
        found.account.host = "smtp.office365.com";
        found.account.userName = "sam.okoro@justice.example";
        found.account.signIn = mail::SignIn::OAuth;
        found.account.oauth = {"https://login.example/v2.0", "sealpost", {}, "openid"};
        found.certain = true;
        m.service.settings = found;
        auto *address = accounts.findChild<QLineEdit *>();
        address->setText(QStringLiteral("sam.okoro@justice.example"));
        emit address->editingFinished();
        waitUntil([&] { return testing::buttonOf(&accounts, "Add and sign in…") != nullptr; });
        shoot(accounts, "accounts-found");
        auto *dialog =
            new ui::SignInDialog(m.service, m.dialogs, testing::account(), m.window.get());
        dialog->show();
        waitUntil([&] { return m.dialogs.pages.size() == 1; });
        shoot(*dialog, "sign-in-browser");
        testing::buttonOf(dialog, "Sign in on another device")->click();
        waitUntil([&] { return testing::buttonOf(dialog, "Open it here") != nullptr; });
        shoot(*dialog, "sign-in-device");
        m.service.signInError = Error{"oauth.denied", "oauth", Reaction::FixInput};
        m.service.finishSignIn();
        waitUntil([&] { return testing::buttonOf(dialog, "Try again") != nullptr; });
        shoot(*dialog, "sign-in-refused");
        dialog->close();
    }

    void reading() {
        testing::WindowFixture m;
        auto noted = testing::unprovenMessage();
        noted.notes.push_back({"open.headers-unprotected", {}});
        noted.notes.push_back({"open.html-only", {}});
        m.service.messages = {{"plain", testing::plainMessage()},
                              {"sealed", testing::sealedMessage()},
                              {"unproven", noted},
                              {"forged", testing::forgedMessage()}};
        open(m);
        for (const char *name : {"plain", "sealed", "unproven", "forged"}) {
            m.window->openMessages({QString::fromLatin1(name)});
            auto *reader = m.window->findChildren<ui::ReadingWindow *>().last();
            QSignalSpy loaded(reader, &ui::ReadingWindow::loaded);
            loaded.wait();
            shoot(*reader, (std::string("read-") + name).c_str());
            if (std::string_view(name) == "sealed") {
                reader->resize(reader->minimumSize());
                shoot(*reader, "read-small");
                testing::buttonOf(reader, "Reply")->click();
                waitUntil([&m] { return !m.edit("Subject")->text().isEmpty(); });
                QTest::qWait(100);
                shoot(*m.window, "answer");
            }
        }
        m.window->form()->findChild<ui::DropChooser *>()->offer();
        shoot(*m.window, "drop");
    }
    void chains() {
        testing::WindowFixture m;
        open(m);
        for (const auto &[name, report] : {std::pair{"chain-good", testing::goodChain()},
                                           std::pair{"chain-broken", testing::brokenChain()}}) {
            m.service.chains = {report};
            auto *view = new ui::ChainView(m.service, m.dialogs, {}, m.window.get());
            QSignalSpy loaded(view, &ui::ChainView::loaded);
            view->show();
            loaded.wait();
            shoot(*view, name);
        }
    }

    QDir m_folder;
    QString m_suffix;
};

} // namespace

int main(int argc, char *argv[]) {
    QApplication app(argc, argv);
    const auto arguments = QApplication::arguments();
    if (arguments.size() != 3) {
        QTextStream(stderr) << "gui_screenshots docs|states DIR\n";
        return 2;
    }
    const QDir folder(arguments.at(2));
    folder.mkpath(QStringLiteral("."));
    if (arguments.at(1) == QLatin1String("docs")) {
        return takeDocs(folder) ? 0 : 1;
    }
    for (const auto &[kind, name] :
         {std::pair{ui::Theme::Kind::Light, "light"}, std::pair{ui::Theme::Kind::Dark, "dark"},
          std::pair{ui::Theme::Kind::HighContrast, "contrast"}}) {
        ui::Theme::install(app, kind, ui::Theme::Accent::Real);
        States(folder, QStringLiteral("-%1.png").arg(QLatin1String(name))).takeAll();
    }
    return 0;
}
