// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/DotReader.h"

#include <QtTest>

using sealpost::practice::DotReader;

class TestDotReader : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
};

void TestDotReader::reads_data() {
    QTest::addColumn<QByteArray>("wire");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QByteArray>("rest");
    QTest::addColumn<bool>("done");
    QTest::addColumn<bool>("bare");
    const auto row = [](const char *name, const char *wire, const char *content, const char *rest,
                        bool done, bool bare) {
        QTest::newRow(name) << QByteArray(wire) << QByteArray(content) << QByteArray(rest) << done
                            << bare;
    };
    row("plain", "a\r\nb\r\n.\r\n", "a\r\nb\r\n", "", true, false);
    row("empty", ".\r\n", "", "", true, false);
    row("rest-is-left", "a\r\n.\r\nQUIT\r\n", "a\r\n", "QUIT\r\n", true, false);
    row("rfc5321-4.5.2-stuffed", "..\r\n...a\r\n.\r\n", ".\r\n..a\r\n", "", true, false);
    row("rfc5321-2.3.8-bare-lf-no-end", "a\n.\n\r\n.\r\n", "a\n.\n\r\n", "", true, true);
    row("rfc5321-2.3.8-lf-dot-crlf-no-end", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n", "", true, true);
    row("crlf-dot-lf-no-end", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n", "", true, true);
    row("crlf-dot-cr-no-end", "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n", "", true, true);
    row("bare-cr", "a\rb\r\n.\r\n", "a\rb\r\n", "", true, true);
    row("cr-cr-lf", "a\r\r\n.\r\n", "a\r\r\n", "", true, true);
    row("unfinished", "a\r\n.", "a\r\n", "", false, false);
}

void TestDotReader::reads() {
    QFETCH(QByteArray, wire);
    QFETCH(QByteArray, content);
    QFETCH(QByteArray, rest);
    QFETCH(bool, done);
    QFETCH(bool, bare);
    DotReader whole;
    std::string out;
    const auto used = whole.feed(wire.toStdString(), out);
    QCOMPARE(QByteArray::fromStdString(out), content);
    QCOMPARE(wire.mid(static_cast<qsizetype>(used)), rest);
    QCOMPARE(whole.done(), done);
    QCOMPARE(whole.sawBareNewline(), bare);
    // The same byte by byte.
    DotReader pieces;
    std::string slowly;
    for (const char c : wire) {
        (void)pieces.feed({&c, 1}, slowly);
    }
    QCOMPARE(QByteArray::fromStdString(slowly), content);
    QCOMPARE(pieces.done(), done);
}

QTEST_APPLESS_MAIN(TestDotReader)
#include "tst_DotReader.moc"
