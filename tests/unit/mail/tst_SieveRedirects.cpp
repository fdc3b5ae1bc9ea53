// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/SieveRedirects.h"

#include <QTest>

using namespace sealpost::mail;

class TstSieveRedirects : public QObject {
    Q_OBJECT
private slots:
    void redirects_data();
    void redirects();
    void includes();
    void notSieve_data();
    void notSieve();
};

void TstSieveRedirects::redirects_data() {
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<QString>("found"); // "line address" or "line ? address", parted by "; "
    const auto row = [](const char *name, const char *script, const char *found) {
        QTest::newRow(name) << QByteArray(script) << QString::fromUtf8(found);
    };
    row("none", "require \"fileinto\";\nkeep;\n", "");
    row("plain", "redirect \"jo@home.example\";\n", "1 jo@home.example");
    row("copy", "require [\"copy\"];\nredirect :copy \"jo@home.example\";\n", "2 jo@home.example");
    row("two", "if true {\n  redirect \"a@x.example\";\n} else { redirect \"b@x.example\"; }\n",
        "2 a@x.example; 3 b@x.example");
    row("capitals", "REDIRECT \"jo@home.example\";", "1 jo@home.example");
    row("in-a-comment", "# redirect \"a@x.example\";\n/* redirect \"b@x.example\"; */ keep;", "");
    row("in-a-string", "vacation \"redirect \\\"a@x.example\\\";\";\n", "");
    row("behind-a-comment", "/* \n */ redirect \"a@x.example\";", "2 a@x.example");
    row("escaped", "redirect \"a\\\"b@x.example\";", "1 a\"b@x.example");
    row("multi-line", "redirect text:\njo@home.example\n.\n;\n", "1 jo@home.example");
    row("text-that-speaks-of-it", "vacation text:\nredirect \"a@x.example\";\n.\n;\n", "");
    row("variable", "set \"to\" \"a@x.example\";\nredirect \"${to}\";\n", "2 ? ${to}");
    row("with-tags", "redirect :notify \"NEVER\" :ret \"HDRS\" \"jo@home.example\";",
        "1 jo@home.example");
    row("without-address", "redirect;\n", "1 ? ");
}

void TstSieveRedirects::redirects() {
    QFETCH(QByteArray, script);
    QFETCH(QString, found);
    const auto reading = readSieve(script.toStdString());
    QVERIFY(reading.understood);
    QStringList seen;
    for (const auto &one : reading.redirects) {
        seen << QStringLiteral("%1 %2%3").arg(one.line).arg(
            one.computed ? QStringLiteral("? ") : QString(), QString::fromStdString(one.address));
    }
    QCOMPARE(seen.join(QStringLiteral("; ")), found);
}

void TstSieveRedirects::includes() {
    const auto reading = readSieve("require \"include\";\ninclude :personal \"away\";\n"
                                   "include :global \"spam\";\n");
    QCOMPARE(reading.includes, (std::vector<std::string>{"away", "spam"}));
    QVERIFY(reading.redirects.empty());
}

void TstSieveRedirects::notSieve_data() {
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("open-string") << QByteArray("redirect \"a@x.example;\n");
    QTest::newRow("open-comment") << QByteArray("/* redirect \"a@x.example\";\n");
    QTest::newRow("open-text") << QByteArray("vacation text:\nredirect\n");
}

void TstSieveRedirects::notSieve() {
    QFETCH(QByteArray, script);
    QVERIFY(!readSieve(script.toStdString()).understood);
}

QTEST_GUILESS_MAIN(TstSieveRedirects)
#include "tst_SieveRedirects.moc"
