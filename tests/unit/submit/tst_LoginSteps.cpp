// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/LoginSteps.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::submit;

class TstLoginSteps : public QObject {
    Q_OBJECT
private slots:
    void howFarItCame_data();
    void howFarItCame();
    void proxyThatDoesNotAnswer();
};

void TstLoginSteps::howFarItCame_data() {
    QTest::addColumn<QString>("stage");
    QTest::addColumn<bool>("tls");
    QTest::addColumn<QString>("expected"); //!< + done, - failed, . not reached
    const auto row = [](const char *name, const char *stage, bool tls, const char *expected) {
        QTest::newRow(name) << QString::fromLatin1(stage) << tls << QString::fromLatin1(expected);
    };
    row("all-well", "", true, "+++++");
    row("no-such-host", "submit.resolve", false, "-....");
    row("nobody-there", "submit.connect", false, "+-...");
    row("certificate", "submit.tls", false, "++-..");
    row("no-starttls", "submit.starttls", false, "++-..");
    row("greeting-under-tls", "submit.greeting", true, "+++-.");
    row("greeting-before-starttls", "submit.greeting", false, "++.-.");
    row("ehlo-after-starttls", "submit.ehlo", true, "+++-.");
    row("password", "submit.auth", true, "++++-");
    row("before-anything", "keychain.read", false, ".....");
}

//! Who goes through a proxy has not asked for the name.
void TstLoginSteps::proxyThatDoesNotAnswer() {
    SubmitOutcome outcome;
    outcome.error = Error{"proxy.unreachable", "submit.connect", Reaction::Retry, {}, {}};
    const auto steps = loginSteps(outcome);
    QVERIFY(steps[0].state == StepState::NotReached);
    QVERIFY(steps[1].state == StepState::Failed);
    QVERIFY(steps[2].state == StepState::NotReached);
}

void TstLoginSteps::howFarItCame() {
    QFETCH(QString, stage);
    QFETCH(bool, tls);
    QFETCH(QString, expected);
    SubmitOutcome outcome;
    if (tls) {
        outcome.tls.emplace();
    }
    if (!stage.isEmpty()) {
        outcome.error = Error{"x", stage.toStdString(), Reaction::Retry, {}, {}};
    }
    QString seen;
    for (const auto &step : loginSteps(outcome)) {
        seen += step.state == StepState::Done     ? QLatin1Char('+')
                : step.state == StepState::Failed ? QLatin1Char('-')
                                                  : QLatin1Char('.');
    }
    QCOMPARE(seen, expected);
}

QTEST_GUILESS_MAIN(TstLoginSteps)
#include "tst_LoginSteps.moc"
