// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Plans.h"
#include "ui/RecipientChip.h"
#include "ui/RecipientField.h"

#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using namespace sealpost;
using ui::RecipientState;

class TestRecipientField final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_model = std::make_unique<ui::RecipientStatusModel>();
        m_window = std::make_unique<QWidget>();
        m_window->resize(600, 300);
        m_field = new ui::RecipientField(QStringLiteral("To"), *m_model, m_window.get());
        m_field->resize(600, 40);
        m_window->show();
        QApplication::setActiveWindow(m_window.get());
        m_field->edit()->setFocus();
    }
    void cleanup() { m_window.reset(); }

    void whatEndsAnAddress_data() {
        QTest::addColumn<QString>("keys");
        QTest::addColumn<int>("chips");
        QTest::newRow("comma") << QStringLiteral("jo@court.example,") << 1;
        QTest::newRow("semicolon") << QStringLiteral("jo@court.example;") << 1;
        QTest::newRow("enter") << QStringLiteral("jo@court.example\r") << 1;
        QTest::newRow("two") << QStringLiteral("jo@court.example, al@council.example,") << 2;
        QTest::newRow("nothing yet") << QStringLiteral("jo@court.example") << 0;
        QTest::newRow("comma inside quotes") << QStringLiteral("\"Bloggs, Jo") << 0;
        QTest::newRow("quoted name") << QStringLiteral("\"Bloggs, Jo\" <jo@court.example>\r") << 1;
        QTest::newRow("the same twice is one")
            << QStringLiteral("jo@court.example, jo@court.example,") << 1;
        QTest::newRow("only separators") << QStringLiteral(",;,") << 0;
    }
    void whatEndsAnAddress() {
        QFETCH(QString, keys);
        QFETCH(int, chips);
        for (const auto key : keys) {
            key == QLatin1Char('\r') ? QTest::keyClick(m_field->edit(), Qt::Key_Return)
                                     : QTest::keyClick(m_field->edit(), key.toLatin1());
        }
        QCOMPARE(static_cast<int>(m_field->addresses().size()), chips);
        QVERIFY(m_field->malformed().isEmpty());
    }

    void aPastedListBecomesChips() {
        QApplication::clipboard()->setText(
            QStringLiteral("Jo Bloggs <jo@court.example>; al@council.example\nnot an address\r\n"));
        m_field->edit()->paste();
        m_field->commit();
        QCOMPARE(static_cast<int>(m_field->addresses().size()), 2);
        QCOMPARE(m_field->malformed(), QStringList{QStringLiteral("not an address")});
    }

    void theFocusLeavingMakesAChip() {
        QTest::keyClicks(m_field->edit(), QStringLiteral("jo@court.example"));
        m_field->edit()->clearFocus();
        QTRY_COMPARE(static_cast<int>(m_field->addresses().size()), 1);
    }

    void aMalformedAddressStaysWithItsReason() {
        type(QStringLiteral("jo@@court"));
        auto *chip = m_field->chips().at(0);
        QCOMPARE(chip->state(), RecipientState::Malformed);
        QCOMPARE(chip->word(), QStringLiteral("Not an address"));
        QVERIFY(chip->accessibleName().contains(QStringLiteral("jo@@court")));
        QVERIFY(!chip->toolTip().isEmpty());
        QVERIFY(m_field->addresses().empty());
    }

    void enterOnAMalformedChipCorrectsIt() {
        type(QStringLiteral("jo@@court"));
        auto *chip = m_field->chips().at(0);
        chip->setFocus();
        QTest::keyClick(chip, Qt::Key_Return);
        QVERIFY(m_field->chips().empty());
        QCOMPARE(m_field->edit()->text(), QStringLiteral("jo@@court"));
        QVERIFY(m_field->edit()->hasFocus());
    }

    void enterOnAChipAsksForTheEvidence() {
        type(QStringLiteral("jo@court.example"));
        QSignalSpy evidence(m_field, &ui::RecipientField::evidenceRequested);
        QTest::keyClick(m_field->chips().at(0), Qt::Key_Return);
        QCOMPARE(evidence.count(), 1);
        QTest::mouseClick(m_field->chips().at(0), Qt::LeftButton);
        QCOMPARE(evidence.count(), 2);
    }

    void f2ChangesAnAddress() {
        type(QStringLiteral("Jo Bloggs <jo@court.example>"));
        QTest::keyClick(m_field->chips().at(0), Qt::Key_F2);
        QCOMPARE(m_field->edit()->text(), QStringLiteral("Jo Bloggs <jo@court.example>"));
        QVERIFY(m_field->chips().empty());
    }

    void removal_data() {
        QTest::addColumn<QString>("how");
        QTest::newRow("delete") << QStringLiteral("delete");
        QTest::newRow("backspace") << QStringLiteral("backspace");
        QTest::newRow("button") << QStringLiteral("button");
    }
    void removal() {
        QFETCH(QString, how);
        type(QStringLiteral("jo@court.example"));
        QSignalSpy changed(m_field, &ui::RecipientField::changed);
        auto *chip = m_field->chips().at(0);
        if (how == QLatin1String("button")) {
            chip->findChild<QToolButton *>()->click();
        } else {
            chip->setFocus();
            QTest::keyClick(chip,
                            how == QLatin1String("delete") ? Qt::Key_Delete : Qt::Key_Backspace);
            QVERIFY(m_field->edit()->hasFocus());
        }
        QVERIFY(m_field->chips().empty());
        QCOMPARE(changed.count(), 1);
    }

    void theKeyboardMovesBetweenChips() {
        type(QStringLiteral("jo@court.example"));
        type(QStringLiteral("al@council.example"));
        QTest::keyClick(m_field->edit(), Qt::Key_Backspace);
        QVERIFY(m_field->chips().at(1)->hasFocus());
        QTest::keyClick(m_field->chips().at(1), Qt::Key_Left);
        QVERIFY(m_field->chips().at(0)->hasFocus());
        QTest::keyClick(m_field->chips().at(0), Qt::Key_Right);
        QTest::keyClick(m_field->chips().at(1), Qt::Key_Right);
        QVERIFY(m_field->edit()->hasFocus());
        QCOMPARE(static_cast<int>(m_field->chips().size()), 2);
    }

    void chipsAreOneTabStop() {
        type(QStringLiteral("jo@court.example"));
        type(QStringLiteral("al@council.example"));
        int stops = 0;
        for (const auto *chip : m_field->chips()) {
            stops += chip->focusPolicy() == Qt::StrongFocus ? 1 : 0;
        }
        QCOMPARE(stops, 1);
    }

    void states_data() {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("word");
        const auto row = [](const char *name, const char *typed, RecipientState state,
                            const char *word) {
            QTest::newRow(name) << QString::fromLatin1(typed) << static_cast<int>(state)
                                << QString::fromLatin1(word);
        };
        row("smime", "jo@court.example", RecipientState::Protected, "Protected (S/MIME)");
        row("cjsm", "a@clerk.cjsm.net", RecipientState::Cjsm, "Protected (CJSM)");
        row("tls", "al@council.example", RecipientState::InTransit, "Encrypted in transit");
        row("unknown", "x@unknown.example", RecipientState::NotConfirmed, "Not confirmed");
        row("blocked", "it@oldmail.example", RecipientState::Blocked, "Blocked");
    }
    void states() {
        QFETCH(QString, typed);
        QFETCH(int, state);
        QFETCH(QString, word);
        type(typed);
        auto *chip = m_field->chips().at(0);
        QCOMPARE(chip->state(), RecipientState::Checking);
        QCOMPARE(chip->word(), QStringLiteral("Checking…"));
        mail::Draft draft;
        draft.to = m_field->addresses();
        ui::Preview preview;
        preview.plan = testing::makePlan(draft, {{"court.example", RouteKind::Smime},
                                                 {"clerk.cjsm.net", RouteKind::Cjsm},
                                                 {"council.example", RouteKind::Tls}});
        m_model->apply(preview);
        QCOMPARE(static_cast<int>(chip->state()), state);
        QCOMPARE(chip->word(), word);
        QVERIFY(chip->accessibleName().contains(word));
        QVERIFY(chip->accessibleDescription().size() > word.size());
    }

    void namesAreNoMarkup() {
        type(QStringLiteral("\"<b>Jo</b> <img src=x>\" <jo@court.example>"));
        const auto tip = m_field->chips().at(0)->toolTip();
        QVERIFY(!tip.contains(QStringLiteral("<b>")));
        QVERIFY(!tip.contains(QStringLiteral("<img")));
    }

    void manyRecipientsWrapAndThenScroll() {
        std::vector<mail::Address> many;
        for (int i = 0; i < 40; ++i) {
            many.push_back(testing::address("person" + std::to_string(i) + "@court.example"));
        }
        const int one = m_field->height();
        m_field->setAddresses(many);
        QVERIFY(m_field->height() > one);
        QVERIFY(m_field->height() < 6 * one);
        QCOMPARE(m_field->addresses().size(), many.size());
    }

private:
    void type(const QString &text) {
        m_field->edit()->setFocus();
        m_field->edit()->setText(text);
        QTest::keyClick(m_field->edit(), Qt::Key_Return);
    }

    std::unique_ptr<ui::RecipientStatusModel> m_model;
    std::unique_ptr<QWidget> m_window;
    ui::RecipientField *m_field = nullptr;
};

QTEST_MAIN(TestRecipientField)
#include "tst_RecipientField.moc"
