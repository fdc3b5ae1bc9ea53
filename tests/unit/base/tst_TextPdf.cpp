// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/TextPdf.h"

#include <QByteArray>
#include <QTest>

using namespace sealpost::base;

namespace {

PdfText someText(int rows = 2) {
    PdfText text{"Receipt (1)", "A note.", {}, "receipt.json", "{\"a\": \">>\\nstream\\n\"}\n"};
    for (int i = 0; i < rows; ++i) {
        text.rows.push_back({"Label", "value " + std::to_string(i)});
    }
    return text;
}

} // namespace

class TstTextPdf : public QObject {
    Q_OBJECT
private slots:
    void sameDocumentSameBytes();
    void everyObjectIsWhereTheTableSays();
    void givesTheFileBack();
    void noFileInOthers_data();
    void noFileInOthers();
    void longTextsGoOnTheNextLineAndPage();
    void lettersTheFontsLack();
    void bracketsDoNotEndAText();
};

void TstTextPdf::sameDocumentSameBytes() {
    QCOMPARE(toPdf(someText()), toPdf(someText()));
    auto other = someText();
    other.rows[0].value += '.';
    QVERIFY(toPdf(other) != toPdf(someText()));
}

void TstTextPdf::everyObjectIsWhereTheTableSays() {
    const auto pdf = QByteArray::fromStdString(toPdf(someText(200)));
    const auto start = pdf.lastIndexOf("startxref\n") + 10;
    const auto table = pdf.mid(start, pdf.indexOf('\n', start) - start).toInt();
    QVERIFY(pdf.mid(table).startsWith("xref\n0 "));
    const auto rows = pdf.mid(table).split('\n');
    const int count = rows[1].split(' ')[1].toInt();
    QVERIFY(count > 10);
    for (int object = 1; object < count; ++object) {
        const auto offset = rows[2 + object].left(10).toInt();
        QVERIFY(pdf.mid(offset).startsWith(QByteArray::number(object) + " 0 obj\n"));
        QCOMPARE(rows[2 + object].size(), 19); // and the line feed: 20 bytes each
    }
}

void TstTextPdf::givesTheFileBack() {
    QCOMPARE(fileInPdf(toPdf(someText())).value_or(""), someText().file);
    auto large = someText();
    large.file = std::string(100'000, '\0');
    QCOMPARE(fileInPdf(toPdf(large)).value_or(""), large.file);
}

void TstTextPdf::noFileInOthers_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no file") << QByteArray("%PDF-1.7\n");
    QTest::newRow("no length") << QByteArray("%PDF-1.7\n/Type /EmbeddedFile /Length x");
    QTest::newRow("ends early") << QByteArray(
        "%PDF-1.7\n/Type /EmbeddedFile /Length 9 >>\nstream\nabc");
    QTest::newRow("huge length") << QByteArray(
        "%PDF-1.7\n/Type /EmbeddedFile /Length 99999999999999999999 >>\nstream\nabc");
    QTest::newRow("not a PDF") << QByteArray("/Type /EmbeddedFile /Length 1 >>\nstream\na");
}

void TstTextPdf::noFileInOthers() {
    QFETCH(QByteArray, bytes);
    QVERIFY(!fileInPdf(bytes.toStdString()));
}

void TstTextPdf::longTextsGoOnTheNextLineAndPage() {
    auto text = someText(0);
    text.rows.push_back({"Long", std::string(200, 'x')});
    const auto pdf = QByteArray::fromStdString(toPdf(text));
    QCOMPARE(pdf.count("(" + QByteArray(64, 'x') + ")"), 3);
    QCOMPARE(pdf.count("/Type /Page "), 1);
    const auto many = QByteArray::fromStdString(toPdf(someText(60)));
    QCOMPARE(many.count("/Type /Page "), 2);
    QVERIFY(many.contains("(value 59)"));
    QVERIFY(!many.contains(" -")); // nothing below the page's end
}

void TstTextPdf::lettersTheFontsLack() {
    auto text = someText(0);
    text.rows.push_back({"é", "\u2019\u20AC\U0001F512\n\xFF"});
    const auto pdf = QByteArray::fromStdString(toPdf(text));
    QVERIFY(pdf.contains("(\xE9)"));
    QVERIFY(pdf.contains("(\x92\x80<U+1F512><U+000A><U+FFFD>)"));
}

void TstTextPdf::bracketsDoNotEndAText() {
    const auto pdf = QByteArray::fromStdString(toPdf(someText()));
    QVERIFY(pdf.contains("(Receipt \\(1\\))"));
}

QTEST_GUILESS_MAIN(TstTextPdf)
#include "tst_TextPdf.moc"
