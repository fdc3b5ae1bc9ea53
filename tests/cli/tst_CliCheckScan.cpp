// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>
#include <QtTest>
#include <filesystem>
#include <sys/stat.h>

using namespace sealpost::test;

namespace {

// Put together here, so that no scanner of sources takes this file for a leak.
const QByteArray kKey =
    QByteArray("-----BEGIN OPENSSH ") + "PRIVATE KEY-----\n" +
    QByteArray("b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz\n") +
    "-----END OPENSSH " + "PRIVATE KEY-----\n";

} // namespace

class TestCliCheckScan : public QObject {
    Q_OBJECT
private slots:
    void check_data();
    void check();
    void checkList();
    void checkManyAtOnce();
    void listOfManyForms();
    void listInUtf16();
    void report();
    void cjsm();
    void scanFolder();
    void scanOddFolder();
    void scanInOrder();
    void scanClean();
    void scanInput();
    void scanMissing();

private:
    CliHarness m_cli;
};

void TestCliCheckScan::check_data() {
    QTest::addColumn<QStringList>("what");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const QStringList &what, int code) {
        QTest::newRow(name) << what << code;
    };
    const auto good = QStringLiteral("council.practice.example");
    const auto plain = QStringLiteral("oldmail.practice.example");
    const auto unsure = QStringLiteral("unsure.practice.example");
    row("sufficient", {good}, 0);
    row("address", {QStringLiteral("jo.bloggs@court.practice.example")}, 0);
    row("insufficient", {good, plain}, 3);
    row("undeliverable", {QStringLiteral("nowhere.example")}, 3);
    row("unknown-alone", {good, unsure}, 5);
    row("insufficient-before-unknown", {unsure, plain}, 3);
    row("malformed", {QStringLiteral("-bad-.example")}, 2);
    row("malformed-address", {QStringLiteral("a@b@c")}, 2);
    row("nothing", {}, 2);
}

void TestCliCheckScan::check() {
    QFETCH(QStringList, what);
    QFETCH(int, code);
    QStringList args{QStringLiteral("check")};
    for (const auto &one : what) {
        args += one.startsWith(QLatin1Char('-')) ? QStringList{QStringLiteral("--"), one}
                                                 : QStringList{one};
    }
    const auto ran = m_cli.json(args);
    VERIFY_CODE(ran, code);
    if (code == 2) {
        VERIFY_SCHEMA(ran.out, "error");
    } else {
        QCOMPARE(ran.lines().size(), what.size());
        VERIFY_SCHEMA(ran.out, "check");
    }
    QVERIFY(!ran.out.isEmpty());
    const auto words = m_cli.run(QStringList(QStringLiteral("--verbose")) + args);
    VERIFY_CODE(words, code);
}

void TestCliCheckScan::checkList() {
    const auto list = m_cli.file(QStringLiteral("domains"),
                                 "# a comment\ncouncil.practice.example\n\nbad..example\r\n"
                                 "court.practice.example\r\ncouncil.practice.example\n");
    const auto ran = m_cli.json({QStringLiteral("check"), QStringLiteral("--input"), list});
    VERIFY_CODE(ran, 2);
    QVERIFY(ran.err.contains("Line 4:"));
    QCOMPARE(ran.lines().size(), 3); // one error, two domains
    VERIFY_CODE(m_cli.run({QStringLiteral("check"), QStringLiteral("--input"),
                           m_cli.path(QStringLiteral("no-such-list"))}),
                6);
}

void TestCliCheckScan::checkManyAtOnce() {
    QByteArray list;
    for (int number = 0; number < 200; ++number) {
        list += "d" + QByteArray::number(number) + ".example\n";
    }
    const auto ran =
        m_cli.json({QStringLiteral("check"), QStringLiteral("--input"), QStringLiteral("-"),
                    QStringLiteral("--jobs"), QStringLiteral("16"), QStringLiteral("--fresh")},
                   list);
    VERIFY_CODE(ran, 3);
    QCOMPARE(ran.lines().size(), 200);
    VERIFY_SCHEMA(ran.out, "check");
    VERIFY_CODE(m_cli.run({QStringLiteral("check"), QStringLiteral("a.example"),
                           QStringLiteral("--jobs"), QStringLiteral("0")}),
                2);
}

void TestCliCheckScan::listOfManyForms() {
    const auto list =
        m_cli.file(QStringLiteral("forms.txt"),
                   "\xef\xbb\xbf# partners\r\ncouncil.practice.example\r\n\r\n"
                   "COUNCIL.practice.example. # again\r\n127.0.0.1\r\n" +
                       QByteArray(5000, 'a') + "\r\na..b\r\noldmail.practice.example");
    const auto ran = m_cli.json({QStringLiteral("check"), QStringLiteral("--input"), list,
                                 QStringLiteral("--jobs"), QStringLiteral("3")});
    VERIFY_CODE(ran, 2);
    QSet<int> badLines;
    QSet<QString> domains;
    QByteArray good;
    for (const auto &line : ran.lines()) {
        const auto object = QJsonDocument::fromJson(line).object();
        const auto error = object.value(QLatin1String("error")).toObject();
        if (error.isEmpty()) {
            domains.insert(object.value(QLatin1String("domain")).toString());
            good += line + '\n';
        } else {
            badLines.insert(error.value(QLatin1String("line")).toInt());
        }
    }
    QCOMPARE(badLines, (QSet<int>{5, 6, 7}));
    QCOMPARE(domains, (QSet<QString>{QStringLiteral("council.practice.example"),
                                     QStringLiteral("oldmail.practice.example")}));
    VERIFY_SCHEMA(good, "check");
    QVERIFY(ran.err.contains("duplicates     1"));
    QVERIFY(ran.err.contains("none           1"));
    QVERIFY2(ran.err.contains("The address aaaaaaaa"), ran.err.constData());
}

void TestCliCheckScan::listInUtf16() {
    const auto list =
        m_cli.file(QStringLiteral("utf16.txt"), QByteArray("\xff\xfe"
                                                           "a\0.\0b\0\n\0c\0.\0d\0\n\0",
                                                           18));
    const auto ran = m_cli.run({QStringLiteral("check"), QStringLiteral("--input"), list});
    VERIFY_CODE(ran, 2);
    QCOMPARE(ran.err.count("Line "), 1);
    QVERIFY2(ran.err.contains("Line 1:\nThe list is not text in UTF-8."), ran.err.constData());
}

void TestCliCheckScan::report() {
    const auto list = m_cli.file(QStringLiteral("report.txt"),
                                 "council.practice.example\n\"<b>&\"@court.practice.example\n"
                                 "oldmail.practice.example\n");
    const auto file = m_cli.path(QStringLiteral("out.html"));
    VERIFY_CODE(m_cli.run({QStringLiteral("check"), QStringLiteral("--input"), list,
                           QStringLiteral("--report"), file}),
                3);
    QFile html(file);
    QVERIFY(html.open(QIODevice::ReadOnly));
    const auto bytes = html.readAll();
    QVERIFY(bytes.startsWith("<!DOCTYPE html>"));
    QVERIFY(bytes.contains("<html lang=\"en-GB\">"));
    QVERIFY(!bytes.contains("<b>"));
    QVERIFY(bytes.contains("&lt;b&gt;&amp;"));
    QVERIFY(!bytes.contains("<script"));
    // In words, not in the codes of JSON.
    QVERIFY(bytes.contains("offers no encryption."));
    QVERIFY(!bytes.contains("proven-absent"));
    const auto table = bytes.mid(bytes.indexOf("attention first"));
    QVERIFY(table.indexOf("oldmail.practice.example") <
            table.indexOf("council.practice.example")); // the worst first
    VERIFY_CODE(m_cli.run({QStringLiteral("check"), QStringLiteral("council.practice.example"),
                           QStringLiteral("--report"), file + QStringLiteral("/no/folder")}),
                6);
}

void TestCliCheckScan::cjsm() {
    const auto show = QStringList{QStringLiteral("cjsm"), QStringLiteral("show")};
    const auto none = m_cli.json(show);
    VERIFY_CODE(none, 0);
    VERIFY_SCHEMA(none.out, "cjsm-show");
    QVERIFY(none.json().value(QLatin1String("directory")).isNull());
    const auto csv = m_cli.file(QStringLiteral("cjsm.csv"),
                                "Firstname,Lastname,Organisation,Secure Email,Account Status\r\n"
                                "Jo,Bloggs,Council,jo@council.practice.example.cjsm.net,Active\r\n"
                                "Al,Clerk,Council,al@council.practice.example.cjsm.net,Locked\r\n"
                                "broken\r\n");
    const auto imported = m_cli.json({QStringLiteral("cjsm"), QStringLiteral("import"), csv});
    VERIFY_CODE(imported, 0);
    VERIFY_SCHEMA(imported.out, "cjsm-import");
    QCOMPARE(imported.json().value(QLatin1String("entries")).toInt(), 2);
    QVERIFY(imported.err.contains("Line 4"));
    QVERIFY(m_cli.profileFilesWith("bloggs").isEmpty());
    QVERIFY(m_cli.profileFilesWith("council.practice.example.cjsm.net").isEmpty());

    const auto jo = QStringLiteral("jo@council.practice.example");
    const auto listed = m_cli.json(show + QStringList{jo});
    VERIFY_SCHEMA(listed.out, "cjsm-show");
    QCOMPARE(listed.json().value(QLatin1String("listed")).toArray().size(), 1);
    const auto cjsmOf = [this](const QString &who) {
        const auto ran = m_cli.json({QStringLiteral("check"), who});
        return ran.json().value(QLatin1String("cjsm")).toObject();
    };
    QCOMPARE(cjsmOf(jo).value(QLatin1String("status")).toString(), QStringLiteral("listed"));
    QCOMPARE(cjsmOf(jo).value(QLatin1String("address")).toString(),
             QStringLiteral("jo@council.practice.example.cjsm.net"));
    QCOMPARE(cjsmOf(QStringLiteral("al@council.practice.example"))
                 .value(QLatin1String("status"))
                 .toString(),
             QStringLiteral("listed-inactive"));
    const auto wrong = m_cli.file(QStringLiteral("wrong.csv"), "a,b\n1,2\n");
    const auto refused = m_cli.json({QStringLiteral("cjsm"), QStringLiteral("import"), wrong});
    QVERIFY(refused.code != 0);
    VERIFY_SCHEMA(refused.out, "error");
    QCOMPARE(cjsmOf(jo).value(QLatin1String("status")).toString(), QStringLiteral("listed"));
}

void TestCliCheckScan::scanFolder() {
    (void)m_cli.file(QStringLiteral("tree/deep/id_ed25519"), kKey);
    (void)m_cli.file(QStringLiteral("tree/readme.txt"), "Nothing here.\n");
    const auto outside = m_cli.file(QStringLiteral("outside/id_ed25519"), kKey);
    QVERIFY(QFile::link(outside, m_cli.path(QStringLiteral("tree/link"))));
    const auto ran = m_cli.json({QStringLiteral("scan"), m_cli.path(QStringLiteral("tree"))});
    VERIFY_CODE(ran, 3);
    const auto lines = ran.lines();
    QVERIFY(lines.size() >= 2);
    VERIFY_SCHEMA(lines.mid(0, lines.size() - 1).join('\n'), "scan");
    VERIFY_SCHEMA(lines.last(), "scan-summary");
    const auto finding = ran.json();
    QCOMPARE(finding[QStringLiteral("category")].toString(), QStringLiteral("private-key"));
    QVERIFY(finding[QStringLiteral("path")].toString().endsWith(QStringLiteral("deep/id_ed25519")));
    const auto last = ran.json(static_cast<int>(lines.size()) - 1);
    const auto summary = last[QStringLiteral("summary")].toObject();
    QCOMPARE(summary[QStringLiteral("files")].toInt(), 2);
    const auto skipped = summary[QStringLiteral("skipped")].toArray();
    QCOMPARE(skipped.size(), 1);
    QCOMPARE(skipped.at(0)[QStringLiteral("why")].toString(), QStringLiteral("symlink"));
    QVERIFY(!ran.all().contains("b3BlbnNzaC1rZXktdjE"));
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), m_cli.path(QStringLiteral("tree/link"))}), 3);
}

//! What is no file, or too large to hold, is told of and holds nothing up.
void TestCliCheckScan::scanOddFolder() {
    namespace fs = std::filesystem;
    (void)m_cli.file(QStringLiteral("odd/readme.txt"), "Nothing here.\n");
    const fs::path folder = m_cli.path(QStringLiteral("odd")).toStdString();
    QCOMPARE(mkfifo((folder / "fifo").c_str(), 0600), 0);
    fs::create_directory_symlink(folder / "..", folder / "up");
    fs::create_symlink("loop", folder / "loop");
    (void)m_cli.file(QStringLiteral("odd/sparse"), "");
    fs::resize_file(folder / "sparse", std::uintmax_t{10} * 1024 * 1024 * 1024);
    const auto ran = m_cli.json({QStringLiteral("scan"), m_cli.path(QStringLiteral("odd"))});
    VERIFY_CODE(ran, 0);
    const auto summary = ran.json()[QStringLiteral("summary")].toObject();
    QCOMPARE(summary[QStringLiteral("files")].toInt(), 1);
    QStringList skipped;
    for (const auto &one : summary[QStringLiteral("skipped")].toArray()) {
        skipped += one[QStringLiteral("path")].toString().section(QLatin1Char('/'), -1) +
                   QLatin1Char(' ') + one[QStringLiteral("why")].toString();
    }
    QCOMPARE(skipped,
             (QStringList{QStringLiteral("fifo not-a-file"), QStringLiteral("loop symlink"),
                          QStringLiteral("sparse too-large"), QStringLiteral("up symlink")}));
}

void TestCliCheckScan::scanInOrder() {
    const QStringList names{QStringLiteral("a.txt"), QStringLiteral("b/a.txt"),
                            QStringLiteral("b/c/z.txt"), QStringLiteral("b/d.txt"),
                            QStringLiteral("c.txt")};
    for (const auto &name : names) {
        (void)m_cli.file(QStringLiteral("order/") + name, kKey);
    }
    const auto ran = m_cli.json({QStringLiteral("scan"), m_cli.path(QStringLiteral("order"))});
    VERIFY_CODE(ran, 3);
    QStringList found;
    for (int i = 0; i + 1 < ran.lines().size(); ++i) {
        found +=
            ran.json(i)[QStringLiteral("path")].toString().section(QStringLiteral("order/"), 1);
    }
    QCOMPARE(found, names);
}

void TestCliCheckScan::scanClean() {
    const auto file = m_cli.file(QStringLiteral("clean.txt"), "Minutes of the meeting.\n");
    const auto ran = m_cli.json({QStringLiteral("scan"), file});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "scan-summary");
}

void TestCliCheckScan::scanInput() {
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), QStringLiteral("-")}, kKey), 3);
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), QStringLiteral("-")}, "Nothing here.\n"), 0);
    const auto mail = "From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
                      "Content-Type: application/octet-stream\r\n"
                      "Content-Transfer-Encoding: base64\r\n\r\n" +
                      kKey.toBase64() + "\r\n";
    const auto inMail = m_cli.json({QStringLiteral("scan"), QStringLiteral("-")}, mail);
    VERIFY_CODE(inMail, 3);
    QCOMPARE(inMail.json()[QStringLiteral("category")].toString(), QStringLiteral("private-key"));
}

void TestCliCheckScan::scanMissing() {
    const auto missing = m_cli.path(QStringLiteral("no-such-file"));
    const auto ran = m_cli.run({QStringLiteral("scan"), missing});
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.err.contains("file.missing"));
    QVERIFY2(!ran.err.contains("ttachment"), ran.all().constData());
    const auto key = m_cli.file(QStringLiteral("key"), kKey);
    VERIFY_CODE(m_cli.run({QStringLiteral("scan"), missing, key}), 3);
    VERIFY_CODE(m_cli.run({QStringLiteral("scan")}), 2);
}

QTEST_GUILESS_MAIN(TestCliCheckScan)
#include "tst_CliCheckScan.moc"
