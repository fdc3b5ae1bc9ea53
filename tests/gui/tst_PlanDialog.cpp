// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Plans.h"
#include "ui/PlanDialog.h"

#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace sealpost;
using ui::PlanActionKind;

namespace {

mail::Draft draftTo(std::initializer_list<const char *> to) {
    mail::Draft draft;
    for (const auto *one : to) {
        draft.to.push_back(testing::address(one));
    }
    return draft;
}

const std::map<std::string, RouteKind> kRoutes = {{"court.example", RouteKind::Smime},
                                                  {"council.example", RouteKind::Tls}};

bool hasText(const QWidget &widget, const QString &text) {
    const auto labels = widget.findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel *label) { return label->text().contains(text); });
}

} // namespace

class TestPlanDialog final : public QObject {
    Q_OBJECT
private slots:
    void sendsAtOnceWhereThereIsNothingToSay() {
        QVERIFY(ui::needsNoWarning(*testing::makePlan(draftTo({"jo@court.example"}), kRoutes)));
        QVERIFY(!ui::needsNoWarning(*testing::makePlan(draftTo({"it@oldmail.example"}), kRoutes)));
        QVERIFY(!ui::needsNoWarning(*testing::makePlan(draftTo({"jo@court.example"}), kRoutes,
                                                       {testing::passwordInBody(3)})));
        QVERIFY(!ui::needsNoWarning(*testing::makePlan(draftTo({"jo@court.example"}), kRoutes, {},
                                                       {testing::owedConfirmation()})));
    }

    void saysWhatWasFoundAndHowEachPersonGetsIt() {
        ui::PlanDialog dialog(testing::makePlan(draftTo({"Jo Bloggs <jo@court.example>"}), kRoutes,
                                                {testing::passwordInBody(3)}),
                              nullptr);
        QVERIFY(hasText(dialog, QStringLiteral("This message contains a password")));
        QVERIFY(hasText(dialog, QStringLiteral("line 3")));
        QVERIFY(hasText(dialog, QStringLiteral("tuli…")));
        QVERIFY(hasText(dialog, QStringLiteral("Jo Bloggs")));
        QVERIFY(hasText(dialog, QStringLiteral("Protected (S/MIME)")));
    }

    void noButtonIsCutOff() {
        ui::PlanDialog dialog(
            testing::makePlan(draftTo({"jo@court.example",
                                       "the.helpdesk.of.the.whole.department@oldmail.example"}),
                              kRoutes, {testing::passwordInBody(3)}),
            nullptr);
        dialog.resize(dialog.minimumSize());
        dialog.show();
        const auto buttons = dialog.findChildren<QPushButton *>();
        QVERIFY(buttons.size() >= 4);
        for (const auto *button : buttons) {
            QVERIFY2(button->width() >= button->sizeHint().width(), qPrintable(button->text()));
        }
        QVERIFY(dialog.recommendedButton()->accessibleName().contains(
            QStringLiteral("the.helpdesk.of.the.whole.department@oldmail.example")));
    }

    void everyBoxMustBeTicked() {
        auto second = testing::owedConfirmation();
        second.reason.facts["recipient"] = "A. Clerk"; // one id, two facts
        auto third = testing::owedConfirmation();
        third.id = "other.confirmation";
        ui::PlanDialog dialog(testing::makePlan(draftTo({"jo@court.example"}), kRoutes, {},
                                                {testing::owedConfirmation(), second, third}),
                              nullptr);
        const auto boxes = dialog.findChildren<QCheckBox *>();
        QCOMPARE(boxes.size(), 3);
        QCOMPARE(dialog.sendButton(), dialog.recommendedButton());
        for (auto *box : boxes) {
            QVERIFY(!dialog.sendButton()->isEnabled());
            box->setChecked(true);
        }
        QVERIFY(dialog.sendButton()->isEnabled());
        const std::set<std::string> confirmed{"cjsm.business", "other.confirmation"};
        QCOMPARE(dialog.approvals().confirmed, confirmed);
        boxes.front()->setChecked(false);
        QVERIFY(!dialog.sendButton()->isEnabled());
    }

    void raisingIsRecommendedAndAReasonIsTheOtherWay() {
        ui::PlanDialog dialog(testing::makePlan(draftTo({"jo@court.example"}), kRoutes,
                                                {testing::passwordInBody(1)},
                                                {testing::owedJustification()}),
                              nullptr);
        QCOMPARE(dialog.recommendedButton()->text(), QStringLiteral("Raise to OFFICIAL-SENSITIVE"));
        QVERIFY(dialog.recommendedButton()->isDefault());
        QVERIFY(dialog.sendButton() != dialog.recommendedButton());
        QCOMPARE(dialog.sendButton()->text(), QStringLiteral("Send as OFFICIAL"));
        auto *reason = dialog.findChild<QPlainTextEdit *>();
        reason->setPlainText(QStringLiteral("too short"));
        QVERIFY(!dialog.sendButton()->isEnabled());
        reason->setPlainText(QStringLiteral("It is tulip, a made-up example.")); // what was found
        QVERIFY(!dialog.sendButton()->isEnabled());
        reason->setPlainText(QStringLiteral("It is a made-up example."));
        QVERIFY(dialog.sendButton()->isEnabled());
        QCOMPARE(dialog.approvals().justification, std::string("It is a made-up example."));
    }

    void whereSomebodyIsBlockedThereIsNoSend() {
        ui::PlanDialog dialog(
            testing::makePlan(draftTo({"jo@court.example", "it@oldmail.example"}), kRoutes),
            nullptr);
        QCOMPARE(dialog.sendButton(), nullptr);
        QCOMPARE(dialog.recommendedButton()->text(), QStringLiteral("Remove it@oldmail.example"));
        QVERIFY(hasText(dialog, QStringLiteral("can’t go to it@oldmail.example")));
        QVERIFY(hasText(dialog, QStringLiteral("What you can do")));
        QSignalSpy chosen(&dialog, &ui::PlanDialog::actionChosen);
        dialog.recommendedButton()->click();
        QCOMPARE(chosen.count(), 1);
        const auto action = chosen.front().front().value<ui::PlanAction>();
        QCOMPARE(action.kind, PlanActionKind::RemoveRecipients);
        QCOMPARE(action.recipients.front().spec(), std::string("it@oldmail.example"));
    }

    void aLoneBlockedRecipientHasANextStep() {
        const auto plan = testing::makePlan(draftTo({"it@oldmail.example"}), kRoutes);
        plan->decision.recipients.front().nextSteps = {routing::NextStep::WaitAndCheckAgain};
        const auto actions = ui::actionsFor(*plan);
        QCOMPARE(actions.recommended.kind, PlanActionKind::CheckAgain);
        QCOMPARE(static_cast<int>(actions.others.size()), 1);
        QCOMPARE(actions.others.front().kind, PlanActionKind::RemoveRecipients);
    }

    void aMissingCertificateIsLookedForBeforeItIsAskedFor() {
        const auto plan = testing::makePlan(draftTo({"it@oldmail.example"}), kRoutes);
        plan->decision.recipients.front().nextSteps = {routing::NextStep::AskForCertificate,
                                                       routing::NextStep::FindCertificate};
        const auto actions = ui::actionsFor(*plan);
        QCOMPARE(actions.recommended.kind, PlanActionKind::FindCertificate);
        QCOMPARE(actions.recommended.label,
                 QStringLiteral("Find a certificate for it@oldmail.example"));
        QCOMPARE(actions.recommended.recipients.front().spec(), std::string("it@oldmail.example"));
        QCOMPARE(actions.others.front().kind, PlanActionKind::AskForCertificate);
    }

    void severalBlockedAreRemovedTogether() {
        const auto plan = testing::makePlan(
            draftTo({"a@oldmail.example", "jo@court.example", "b@oldmail.example"}), kRoutes, {},
            {testing::owedConfirmation()});
        const auto actions = ui::actionsFor(*plan);
        QCOMPARE(actions.recommended.label, QStringLiteral("Remove the 2 blocked recipients"));
        QCOMPARE(static_cast<int>(actions.recommended.recipients.size()), 2);
        ui::PlanDialog dialog(plan, nullptr);
        QVERIFY(dialog.findChildren<QCheckBox *>().isEmpty()); // nothing to confirm yet
    }

    void aMarkingAboveOfficialIsNotRaised() {
        auto finding = testing::passwordInBody(1);
        finding.minimumClassification = Classification::Secret;
        QVERIFY(!ui::raiseCalledFor({finding}, Classification::Official));
        QVERIFY(ui::raiseCalledFor({testing::passwordInBody(1)}, Classification::Official));
        QVERIFY(
            !ui::raiseCalledFor({testing::passwordInBody(1)}, Classification::OfficialSensitive));
    }

    void showLeadsToTheFinding() {
        ui::PlanDialog dialog(
            testing::makePlan(draftTo({"jo@court.example"}), kRoutes, {testing::passwordInBody(7)}),
            nullptr);
        QSignalSpy chosen(&dialog, &ui::PlanDialog::actionChosen);
        for (auto *button : dialog.findChildren<QPushButton *>()) {
            if (button->text() == QLatin1String("Show")) {
                button->click();
            }
        }
        QCOMPARE(chosen.count(), 1);
        const auto action = chosen.front().front().value<ui::PlanAction>();
        QCOMPARE(action.kind, PlanActionKind::ShowFinding);
        QCOMPARE(action.finding->location.line, 7U);
    }

    void escapeSendsNothing() {
        ui::PlanDialog dialog(
            testing::makePlan(draftTo({"jo@court.example"}), kRoutes, {testing::passwordInBody(7)}),
            nullptr);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.open();
        QSignalSpy chosen(&dialog, &ui::PlanDialog::actionChosen);
        QSignalSpy rejected(&dialog, &QDialog::rejected);
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QCOMPARE(chosen.count(), 0);
        QCOMPARE(rejected.count(), 1);
    }

    void aNameIsNoMnemonic() {
        const auto plan = testing::makePlan(
            draftTo({"jo@court.example", "\"R & D\" <it@oldmail.example>"}), kRoutes);
        ui::PlanDialog dialog(plan, nullptr);
        QCOMPARE(dialog.recommendedButton()->text(), QStringLiteral("Remove R && D"));
    }
};

QTEST_MAIN(TestPlanDialog)
#include "tst_PlanDialog.moc"
