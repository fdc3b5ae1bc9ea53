// SPDX-License-Identifier: GPL-3.0-or-later
// What is found: shown in the text, and marked as wrong with a reason.
#include "gui/WindowFixture.h"
#include "ui/FindingRow.h"
#include "ui/HowPanel.h"
#include "ui/Icons.h"
#include "ui/PlanDialog.h"
#include "ui/RecipientStatusModel.h"
#include "ui/Rows.h"
#include "ui/TextRange.h"

#include <QComboBox>
#include <QLabel>
#include <QLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>

using namespace sealpost;

namespace {

constexpr auto kReason = "A made-up word for the exercise";

struct Window : testing::WindowFixture {
    Window() {
        open();
        const bool opened = QTest::qWaitFor([this] { return isOpen(); });
        Q_ASSERT(opened);
        Q_UNUSED(opened);
    }
    [[nodiscard]] ui::FindingRow *row() const { return panel()->findChild<ui::FindingRow *>(); }
    void write(const char *body) const {
        body_()->setPlainText(QString::fromUtf8(body));
        const bool found =
            QTest::qWaitFor([this] { return row() != nullptr && row()->isVisible(); });
        Q_ASSERT(found);
        Q_UNUSED(found);
    }
    [[nodiscard]] QPlainTextEdit *body_() const {
        return window->form()->findChild<QPlainTextEdit *>();
    }
    void dismiss() const {
        QTest::mouseClick(row()->markButton(), Qt::LeftButton);
        QTest::keyClicks(row()->reasonField(), QString::fromLatin1(kReason));
        QTest::keyClick(row()->reasonField(), Qt::Key_Return);
    }
    [[nodiscard]] bool isDismissed() const {
        return row() != nullptr && !scan::stands(row()->finding());
    }
};

} // namespace

class TestFindings final : public QObject {
    Q_OBJECT
private slots:
    void rangesCountCharacters_data();
    void rangesCountCharacters();
    void showSelectsTheTextItself();
    void showSelectsBesideWideCharactersAndSoftBreaks();
    void showSelectsInTheSubject();
    void longNamesWrap_data();
    void longNamesWrap();
    void veryManyAreShownInTwoSteps();
    void placeInTheListIsKept();
    void markedAsWrongStaysInView();
    void signStandsByTheFirstLine();
    void askedForInPlace();
    void aShortReasonIsNotEnough();
    void aReasonThatRepeatsIsRefused();
    void dismissedAndUndone();
    void reasonOutlivesAPreview();
    void whatPolicyForbidsHasNoLink();
    void keptWithTheDraft();
    void escapeLeavesItAsItWas();
    void allByKeyboard();
    void warningAsksTheSame();
    void nothingLeftIsSentWithoutAWord();
};

void TestFindings::rangesCountCharacters_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("line");
    QTest::addColumn<int>("column");
    QTest::addColumn<int>("length");
    QTest::addColumn<QString>("selected");
    const auto row = [](const char *name, const char *text, int line, int column, int length,
                        const char *selected) {
        QTest::newRow(name) << QString::fromUtf8(text) << line << column << length
                            << QString::fromUtf8(selected);
    };
    row("plain", "a\nbcd", 2, 2, 1, "c");
    row("accents", "é\nüöä secret", 2, 5, 6, "secret");
    row("outside the first plane", "𝔘𝔘 secret", 1, 4, 6, "secret");
    row("wide in the secret", "x se𝔘ret y", 1, 3, 6, "se𝔘ret");
    row("over two lines", "a\nbc\nde", 2, 1, 5, "bc\nde");
    row("to the end of the line", "a\nbcd\ne", 2, 2, 0, "cd");
    row("past the end", "abc", 1, 9, 4, "");
    row("no such line", "abc", 7, 1, 2, "ab");
    row("no place", "abc", 0, 0, 0, "abc");
}

void TestFindings::rangesCountCharacters() {
    QFETCH(QString, text);
    QFETCH(int, line);
    QFETCH(int, column);
    QFETCH(int, length);
    QFETCH(QString, selected);
    const auto range =
        ui::rangeOf({"body", "", static_cast<std::uint32_t>(line),
                     static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(length)},
                    text);
    QCOMPARE(text.mid(range.from, range.length), selected);
}

void TestFindings::showSelectsTheTextItself() {
    const Window m;
    m.write("Hello\nThe password is tulip.\n");
    QTest::mouseClick(m.row()->showButton(), Qt::LeftButton);
    QCOMPARE(m.body_()->textCursor().selectedText(), QStringLiteral("tulip"));
    QVERIFY(m.body_()->hasFocus());
    QCOMPARE(m.window->status()->text(), QStringLiteral("Found in the message, line 2"));
}

void TestFindings::showSelectsBesideWideCharactersAndSoftBreaks() {
    const Window m;
    m.write("𝔘𝔘𝔘\u2028The password is tulip.\n");
    m.window->form()->showFinding(testing::passwordInBody(2));
    QCOMPARE(m.body_()->textCursor().selectedText(), QStringLiteral("tulip"));
}

void TestFindings::showSelectsInTheSubject() {
    const Window m;
    m.edit("Subject")->setText(QString::fromUtf8("𝔘 key tulip here"));
    auto finding = testing::passwordInBody(1);
    finding.location = {"subject", "", 1, 7, 5};
    m.window->form()->showFinding(finding);
    QCOMPARE(m.edit("Subject")->selectedText(), QStringLiteral("tulip"));
}

//! A name without a space is no reason to be wider than the panel, whose right side would be cut
//! off.
void TestFindings::longNamesWrap_data() {
    QTest::addColumn<QString>("part");
    QTest::newRow("one-word") << QString(180, QLatin1Char('x'));
    QTest::newRow("folders") << QStringLiteral("folder_with_a_name/").repeated(12);
    QTest::newRow("beyond-16-bits") << QString::fromUtf8("😀").repeated(90);
}

void TestFindings::longNamesWrap() {
    QFETCH(QString, part);
    auto finding = testing::keyInAttachment("keys.zip");
    finding.location.part = part.toStdString();
    finding.mark = "mark";
    finding.dismissible = true;
    const ui::FindingRow shown(finding);
    QVERIFY2(shown.minimumSizeHint().width() < 320,
             qPrintable(QString::number(shown.minimumSizeHint().width())));
    finding.dismissedBecause = part.toStdString();
    const ui::FindingRow dismissed(finding);
    QVERIFY(dismissed.minimumSizeHint().width() < 320);
}

//! Of very many the first are shown, and the others where they are asked for.
void TestFindings::veryManyAreShownInTwoSteps() {
    std::vector<scan::Finding> findings;
    for (std::uint32_t line = 1; line <= 100; ++line) {
        findings.push_back(testing::passwordInBody(line));
        findings.back().mark += std::to_string(line);
    }
    ui::Preview preview;
    preview.plan = testing::makePlan(mail::Draft{}, {}, findings);
    ui::RecipientStatusModel model;
    ui::HowPanel panel(model);
    panel.resize(320, 600);
    panel.show();
    QVERIFY(QTest::qWaitForWindowExposed(&panel));
    const auto count = [](const QWidget &in) { return in.findChildren<ui::FindingRow *>().size(); };
    panel.showPreview(preview, Classification::Official, {});
    QCOMPARE(count(panel), 40);
    // At once, and not only when it is next painted.
    const auto *list = panel.findChild<QScrollArea *>()->widget();
    QVERIFY2(list->height() > 40 * 50, qPrintable(QString::number(list->height())));
    QTest::mouseClick(testing::buttonOf(&panel, "Show 60 more"), Qt::LeftButton);
    QTRY_COMPARE(count(panel), 100);
    QVERIFY(testing::buttonOf(&panel, "Show 60 more") == nullptr);
    QCOMPARE(panel.findChildren<ui::FindingRow *>().at(40)->markButton(), panel.focusWidget());
    panel.showPreview(preview, Classification::Official, {}); // after more typing
    QTRY_COMPARE(count(panel), 100);                          // those before go later
    findings.resize(40);
    preview.plan = testing::makePlan(mail::Draft{}, {}, findings);
    panel.showPreview(preview, Classification::Official, {});
    QTRY_COMPARE(count(panel), 40);

    findings.push_back(testing::passwordInBody(99));
    ui::PlanDialog dialog(testing::makePlan(mail::Draft{}, {}, findings), nullptr);
    dialog.show();
    QCOMPARE(count(dialog), 40);
    QTest::mouseClick(testing::buttonOf(&dialog, "Show 1 more"), Qt::LeftButton);
    QCOMPARE(count(dialog), 41);
}

namespace {

//! The panel by itself, with so many passwords that it scrolls.
struct Panel {
    ui::Preview preview;
    ui::RecipientStatusModel model;
    ui::HowPanel panel{model};
    std::vector<scan::Finding> findings;

    Panel() {
        for (std::uint32_t line = 1; line <= 20; ++line) {
            findings.push_back(testing::passwordInBody(line));
            findings.back().mark += std::to_string(line);
        }
        panel.resize(320, 400);
        panel.show();
        show();
    }
    void show() {
        auto plan = testing::makePlan(mail::Draft{}, {}, findings);
        plan->skipped.assign(20, {"archive.zip/deep.zip", "too-deep"});
        preview.plan = std::move(plan);
        panel.showPreview(preview, Classification::Official, {});
    }
    [[nodiscard]] QScrollBar *bar() const {
        return panel.findChild<QScrollArea *>()->verticalScrollBar();
    }
};

} // namespace

//! While one writes on, what one reads in the panel does not go away.
void TestFindings::placeInTheListIsKept() {
    Panel m;
    QVERIFY(QTest::qWaitForWindowExposed(&m.panel));
    const auto *list = m.panel.findChild<QScrollArea *>()->widget()->layout();
    const auto *last = list->itemAt(list->count() - 1)->widget();
    QTRY_VERIFY(last->isVisible() && m.bar()->maximum() > 500);
    QTRY_VERIFY(m.bar()->maximum() + m.panel.height() > last->geometry().bottom());
    m.bar()->setValue(m.bar()->maximum());
    const auto at = m.bar()->value();
    m.show();
    QCOMPARE(m.bar()->value(), at);
}

//! It goes to the end of the list, with the focus, which must not be out of sight.
void TestFindings::markedAsWrongStaysInView() {
    Panel m;
    QVERIFY(QTest::qWaitForWindowExposed(&m.panel));
    QApplication::setActiveWindow(&m.panel);
    const QPointer<ui::FindingRow> row = m.panel.findChild<ui::FindingRow *>();
    QSignalSpy asked(&m.panel, &ui::HowPanel::dismissRequested);
    QTest::mouseClick(row->markButton(), Qt::LeftButton);
    QTest::keyClicks(row->reasonField(), QString::fromLatin1(kReason));
    QTest::keyClick(row->reasonField(), Qt::Key_Return);
    QTRY_COMPARE(asked.count(), 1);
    m.findings.front().dismissedBecause = kReason;
    m.show();
    const auto *focused = QApplication::focusWidget();
    QVERIFY(focused != nullptr);
    QCOMPARE(qobject_cast<const QPushButton *>(focused)->text(), QStringLiteral("Undo"));
    QTRY_VERIFY(!focused->visibleRegion().isEmpty());
}

void TestFindings::signStandsByTheFirstLine() {
    const std::unique_ptr<QWidget> row(ui::makeNoteRow(
        QStringLiteral("unconfirmed"), ui::Tone::Caution, QStringLiteral("word ").repeated(40)));
    row->resize(200, row->heightForWidth(200));
    row->show();
    const auto *sign = row->findChild<ui::IconLabel *>();
    QVERIFY(row->height() > 3 * sign->height());
    QCOMPARE(sign->y(), 0);
}

void TestFindings::askedForInPlace() {
    const Window m;
    m.write("The password is tulip");
    QCOMPARE(m.row()->markButton()->text(), QStringLiteral("Not a secret?"));
    QVERIFY(m.row()->reasonField() == nullptr);
    QTest::mouseClick(m.row()->markButton(), Qt::LeftButton);
    QVERIFY(m.row()->reasonField()->hasFocus());
    QCOMPARE(m.row()->reasonField()->accessibleName(), QStringLiteral("Why is this not a secret?"));
    QVERIFY(m.row()->markButton()->isHidden());
}

void TestFindings::aShortReasonIsNotEnough() {
    const Window m;
    m.write("The password is tulip");
    QTest::mouseClick(m.row()->markButton(), Qt::LeftButton);
    auto *save = testing::buttonOf(m.row(), "Mark as wrong");
    QVERIFY(!save->isEnabled());
    QTest::keyClicks(m.row()->reasonField(), QStringLiteral("   no     "));
    QTest::keyClick(m.row()->reasonField(), Qt::Key_Return);
    QVERIFY(!save->isEnabled());
    QVERIFY(m.window->form()->draft().dismissals.empty());
    QTest::keyClicks(m.row()->reasonField(), QStringLiteral("not one, really"));
    QVERIFY(save->isEnabled());
}

void TestFindings::aReasonThatRepeatsIsRefused() {
    const Window m;
    m.write("The password is tulip");
    QTest::mouseClick(m.row()->markButton(), Qt::LeftButton);
    auto *save = testing::buttonOf(m.row(), "Mark as wrong");
    const auto hint = m.row()->reasonHint()->text();
    QTest::keyClicks(m.row()->reasonField(), QStringLiteral("only a tulip, no word"));
    QVERIFY(!save->isEnabled());
    QVERIFY(m.row()->reasonHint()->text() != hint);
    QTest::keyClick(m.row()->reasonField(), Qt::Key_Return);
    QVERIFY(m.window->form()->draft().dismissals.empty());
    m.row()->reasonField()->setText(QString::fromLatin1(kReason));
    QVERIFY(save->isEnabled());
    QCOMPARE(m.row()->reasonHint()->text(), hint);
}

void TestFindings::dismissedAndUndone() {
    const Window m;
    m.typeRecipient("jo@court.example");
    m.write("The password is tulip");
    QTRY_COMPARE(m.panel()->verdict(), QStringLiteral("Can be sent, once you confirm"));
    m.dismiss();
    QTRY_VERIFY(m.isDismissed());
    QTRY_COMPARE(m.panel()->verdict(), QStringLiteral("Ready to send"));
    QCOMPARE(m.window->form()->draft().dismissals,
             (std::vector<mail::Dismissal>{
                 {"mark-of-the-password", "prose-password", std::string(kReason)}}));
    QCOMPARE(m.row()->markButton()->text(), QStringLiteral("Undo"));
    QVERIFY(m.row()->markButton()->hasFocus());
    QTest::mouseClick(m.row()->markButton(), Qt::LeftButton);
    QTRY_VERIFY(m.row() != nullptr && scan::stands(m.row()->finding()));
    QVERIFY(m.window->form()->draft().dismissals.empty());
}

void TestFindings::reasonOutlivesAPreview() {
    const Window m;
    m.write("The password is tulip");
    QTest::mouseClick(m.row()->markButton(), Qt::LeftButton);
    QTest::keyClicks(m.row()->reasonField(), QStringLiteral("half a sen"));
    const auto before = m.service.previews();
    m.window->form()->setClassification(Classification::OfficialSensitive);
    QTRY_VERIFY(m.service.previews() > before);
    QTRY_VERIFY(m.panel()->verdict() != QStringLiteral("Checking…"));
    QVERIFY(m.row()->reasonField() != nullptr);
    QCOMPARE(m.row()->reasonField()->text(), QStringLiteral("half a sen"));
    QVERIFY(m.row()->reasonField()->hasFocus());
}

void TestFindings::whatPolicyForbidsHasNoLink() {
    ui::FindingRow row(testing::keyInAttachment("id_ed25519"));
    QVERIFY(row.markButton() == nullptr);
    row.askForReason();
    QVERIFY(row.reasonField() == nullptr);
}

void TestFindings::keptWithTheDraft() {
    Window m;
    m.write("The password is tulip");
    m.dismiss();
    QTRY_VERIFY(!m.service.stored().empty() && !m.service.stored().front().dismissals.empty());
    mail::Draft other = m.service.stored().front();
    m.window->form()->setDraft({});
    QVERIFY(m.window->form()->draft().dismissals.empty());
    m.window->form()->setDraft(other);
    QCOMPARE(m.window->form()->draft().dismissals, other.dismissals);
}

void TestFindings::escapeLeavesItAsItWas() {
    const Window m;
    m.write("The password is tulip");
    QTest::mouseClick(m.row()->markButton(), Qt::LeftButton);
    QTest::keyClicks(m.row()->reasonField(), QString::fromLatin1(kReason));
    QTest::keyClick(m.row()->reasonField(), Qt::Key_Escape);
    QVERIFY(m.row()->reasonField() == nullptr);
    QVERIFY(m.row()->markButton()->hasFocus());
    QVERIFY(m.window->form()->draft().dismissals.empty());
}

//! Tab from the finding's own button to its link, into the form, to its buttons.
void TestFindings::allByKeyboard() {
    const Window m;
    m.write("The password is tulip");
    m.row()->showButton()->setFocus();
    QVERIFY(m.row()->showButton()->hasFocus());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget()->accessibleName(),
             m.row()->markButton()->accessibleName());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QVERIFY(m.row()->reasonField()->hasFocus());
    QTest::keyClicks(QApplication::focusWidget(), QString::fromLatin1(kReason));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), testing::buttonOf(m.row(), "Mark as wrong"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), testing::buttonOf(m.row(), "Cancel"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QTRY_VERIFY(m.isDismissed());
}

void TestFindings::warningAsksTheSame() {
    Window m;
    m.typeRecipient("jo@court.example");
    m.write("The password is tulip");
    m.window->sendButton()->click();
    QTRY_VERIFY(m.dialog<ui::PlanDialog>() != nullptr);
    QPointer<ui::PlanDialog> dialog = m.dialog<ui::PlanDialog>();
    auto *row = dialog->findChild<ui::FindingRow *>();
    QTest::mouseClick(row->markButton(), Qt::LeftButton);
    QTest::keyClicks(row->reasonField(), QStringLiteral("short"));
    QTest::keyClick(row->reasonField(), Qt::Key_Return); // neither sends nor closes
    QVERIFY(dialog && dialog->isVisible());
    QTest::keyClick(row->reasonField(), Qt::Key_Escape);
    QVERIFY(dialog && dialog->isVisible());
    QTest::mouseClick(row->markButton(), Qt::LeftButton);
    QTest::keyClicks(row->reasonField(), QString::fromLatin1(kReason));
    QTest::keyClick(row->reasonField(), Qt::Key_Return);
    // The person still wants to send, and nothing is in the way any more.
    QTRY_COMPARE(m.service.sends().size(), std::size_t{1});
    QTRY_VERIFY(m.window->form()->isEmpty());
}

void TestFindings::nothingLeftIsSentWithoutAWord() {
    Window m;
    m.typeRecipient("jo@court.example");
    m.write("The password is tulip");
    m.dismiss();
    QTRY_VERIFY(m.isDismissed());
    m.window->sendButton()->click();
    QTRY_COMPARE(m.service.sends().size(), std::size_t{1});
    QVERIFY(m.dialog<ui::PlanDialog>() == nullptr);
}

QTEST_MAIN(TestFindings)
#include "tst_Findings.moc"
