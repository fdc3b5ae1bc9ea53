// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Received.h"
#include "gui/WindowFixture.h"
#include "ui/AccountDialog.h"
#include "ui/AttachmentBar.h"
#include "ui/CertificateView.h"
#include "ui/EvidenceDialog.h"
#include "ui/FindCertificateDialog.h"
#include "ui/FindingRow.h"
#include "ui/JournalView.h"
#include "ui/MessageDialog.h"
#include "ui/OutboxView.h"
#include "ui/PlanDialog.h"
#include "ui/SendDialog.h"
#include "ui/SignInDialog.h"
#include "ui/SigningDialog.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableWidget>

using namespace sealpost;

namespace {

bool isInteractive(const QWidget *widget) {
    // Parts of a control are named by the control.
    const auto *parent = widget->parentWidget();
    if (qobject_cast<const QComboBox *>(parent) != nullptr ||
        qobject_cast<const QAbstractSpinBox *>(parent) != nullptr ||
        qobject_cast<const QAbstractItemView *>(parent) != nullptr ||
        widget->inherits("QComboBoxPrivateContainer") || widget->inherits("QHeaderView") ||
        widget->inherits("QComboBoxListView") || widget->inherits("QMenuBarExtension")) {
        return false;
    }
    if (widget->objectName() == QLatin1String("qt_menubar_ext_button") ||
        widget->objectName() == QLatin1String("tabAnchor")) { // never seen
        return false;
    }
    return qobject_cast<const QAbstractButton *>(widget) != nullptr ||
           qobject_cast<const QLineEdit *>(widget) != nullptr ||
           qobject_cast<const QPlainTextEdit *>(widget) != nullptr ||
           qobject_cast<const QComboBox *>(widget) != nullptr ||
           qobject_cast<const QAbstractSpinBox *>(widget) != nullptr ||
           qobject_cast<const QAbstractItemView *>(widget) != nullptr ||
           widget->focusPolicy() != Qt::NoFocus;
}

QString path(const QWidget *widget) {
    QStringList parts;
    for (; widget != nullptr; widget = widget->parentWidget()) {
        parts.prepend(QString::fromLatin1(widget->metaObject()->className()));
    }
    return parts.join(QStringLiteral(" > "));
}

void checkNames(const QWidget *window) {
    int checked = 0;
    for (const auto *widget : window->findChildren<QWidget *>()) {
        if (!isInteractive(widget)) {
            continue;
        }
        ++checked;
        QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(path(widget)));
        QVERIFY2(!widget->accessibleName().contains(QLatin1Char('&')),
                 qPrintable(widget->accessibleName()));
    }
    QVERIFY(checked > 0);
}

} // namespace

class TestAccessibility final : public QObject {
    Q_OBJECT
private slots:
    void everyControlOfTheWindowHasAName() {
        m.open(ui::StartMode::Practice);
        QTRY_VERIFY(m.isOpen());
        checkNames(m.window.get());
        m.typeRecipient("jo@court.example");
        m.typeRecipient("it@oldmail.example");
        m.typeRecipient("jo@@court");
        m.window->form()->attachments()->add({QStringLiteral("/files/id_ed25519")});
        m.body()->setPlainText(QStringLiteral("The password is tulip"));
        QTRY_VERIFY(m.panel()->verdict().contains(QStringLiteral("jo@@court")));
        checkNames(m.window.get());
        auto *row = m.panel()->findChild<ui::FindingRow *>();
        QVERIFY(row != nullptr);
        row->askForReason();
        checkNames(m.window.get());
    }

    void everyFieldHasHelpForF1() {
        for (const auto *widget : m.window->findChildren<QWidget *>()) {
            const bool field = qobject_cast<const QLineEdit *>(widget) != nullptr ||
                               qobject_cast<const QComboBox *>(widget) != nullptr ||
                               qobject_cast<const QPlainTextEdit *>(widget) != nullptr;
            if (field && isInteractive(widget)) {
                QVERIFY2(!widget->whatsThis().isEmpty(), qPrintable(widget->accessibleName()));
            }
        }
    }

    void menusHaveDistinctMnemonics() {
        QStringList letters;
        for (const auto *action : m.window->menuBar()->actions()) {
            const auto at = action->text().indexOf(QLatin1Char('&'));
            QVERIFY2(at >= 0, qPrintable(action->text()));
            letters << action->text().mid(at + 1, 1).toUpper();
        }
        QCOMPARE(letters.removeDuplicates(), 0);
    }

    void everyDialog() {
        mail::Draft draft;
        draft.to = {testing::address("jo@court.example"), testing::address("it@oldmail.example")};
        draft.bcc = {testing::address("a@clerk.cjsm.net")};
        const auto plan = testing::makePlan(
            draft, {{"court.example", RouteKind::Smime}, {"clerk.cjsm.net", RouteKind::Cjsm}},
            {testing::passwordInBody(2)},
            {testing::owedConfirmation(), testing::owedJustification()});
        ui::PlanDialog warning(plan, nullptr);
        checkNames(&warning);
        ui::EvidenceDialog evidence(
            draft.to.front(), ui::statusOf(*plan, plan->decision.recipients.front()), nullptr);
        checkNames(&evidence);
        ui::SendDialog sending(plan, nullptr);
        checkNames(&sending);
        sending.showReceipts(testing::receiptsFor(*plan, submit::Delivery::Accepted));
        checkNames(&sending);
        ui::SendDialog failed(plan, nullptr);
        failed.showError(Error{"net.broken", "send", Reaction::Retry});
        checkNames(&failed);
        ui::MessageDialog message(ui::Tone::Info, QStringLiteral("info"), QStringLiteral("Title"),
                                  nullptr);
        message.addYes(QStringLiteral("Yes"), ui::MessageDialog::Weight::Plain);
        checkNames(&message);
    }

    void everyView() {
        m.service.known = {
            testing::certificate("jo@court.example", crypto::CertificateState::Usable),
            testing::certificate("al@council.example", crypto::CertificateState::Expired)};
        m.service.journalContents.lines = {{1, Time{}, "plan.approved", {{"plan", "abc"}}, "x"}};
        m.service.journalContents.verdict = {true, 1, 0, {}};
        auto *certificates = new ui::CertificateView(m.service, m.dialogs, m.window.get());
        QTRY_COMPARE(certificates->table()->rowCount(), 2);
        checkNames(certificates);
        m.service.search = testing::foundForJo();
        auto *finding = new ui::FindCertificateDialog(
            m.service, m.dialogs, QStringLiteral("jo@court.example"), m.window.get());
        QSignalSpy searched(finding, &ui::FindCertificateDialog::searched);
        QVERIFY(searched.wait());
        checkNames(finding);
        auto *journal = new ui::JournalView(m.service, m.window.get());
        QTRY_COMPARE(journal->table()->rowCount(), 1);
        checkNames(journal);
        m.service.entries = testing::outboxEntries();
        auto *outbox = new ui::OutboxView(m.service, m.dialogs, m.window.get());
        QTRY_COMPARE(outbox->table()->rowCount(), 4);
        for (int row = 0; row < outbox->table()->rowCount(); ++row) {
            outbox->table()->selectRow(row);
            checkNames(outbox);
        }
        auto *accounts = new ui::AccountDialog(m.service, m.dialogs, m.window.get());
        checkNames(accounts);
        checkNames(new ui::SigningDialog(m.service, testing::account(), m.window.get()));
        checkNames(new ui::SignInDialog(m.service, m.dialogs, testing::account(), m.window.get()));
    }

private:
    testing::WindowFixture m;
};

QTEST_MAIN(TestAccessibility)
#include "tst_Accessibility.moc"
