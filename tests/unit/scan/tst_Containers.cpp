// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "support/Packed.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

constexpr std::string_view kSecret = "NI number JG103759A\n";

Deadline soon() {
    return Deadline::after(std::chrono::seconds(30));
}

std::shared_ptr<const Scanner> scannerWith(ScanLimits limits) {
    auto scanner = Scanner::create(limits);
    return scanner ? *scanner : nullptr;
}

bool skippedAs(const ScanReport &report, std::string_view path, std::string_view why) {
    return std::any_of(report.skipped.begin(), report.skipped.end(), [&](const Skipped &skipped) {
        return skipped.path == path && skipped.why == why;
    });
}

} // namespace

class tst_Containers : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void looksInside_data();
    void looksInside();
    void nested();
    void mail();
    void keyFiles();
    void depthIsBounded();
    void mailDepthIsBounded();
    void itemsAreBounded();
    void itemSizeIsBounded();
    void totalIsBounded();
    void ratioIsBounded();
    void encryptedIsSaid();
    void damagedIsSaid_data();
    void damagedIsSaid();
    void everyTruncationIsSaid();
    void climbingNamesAreOnlyNames();
    void unsupportedIsSaid();

private:
    std::shared_ptr<const Scanner> m_scanner;
};

void tst_Containers::initTestCase() {
    m_scanner = scannerWith({});
    QVERIFY(m_scanner);
}

void tst_Containers::looksInside_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("part");
    const Files files = {{"a/notes.txt", std::string(kSecret)}, {"empty", ""}};
    const auto row = [](const char *title, const std::string &bytes, const char *name,
                        const char *part) {
        QTest::newRow(title) << QByteArray::fromStdString(bytes) << QByteArray(name)
                             << QByteArray(part);
    };
    row("zip", packed(zip, files), "x.zip", "a/notes.txt");
    row("7z", packed(sevenZip, files), "x.7z", "a/notes.txt");
    row("tar", packed(tar, files), "x.tar", "a/notes.txt");
    row("tar.gz", packed(tarWith(archive_write_add_filter_gzip), files), "x.tgz", "a/notes.txt");
    row("tar.zst", packed(tarWith(archive_write_add_filter_zstd), files), "x", "a/notes.txt");
    const Files one = {{"data", std::string(kSecret)}};
    row("gz", packed(raw(archive_write_add_filter_gzip), one), "n.txt.gz", "n.txt");
    row("bz2", packed(raw(archive_write_add_filter_bzip2), one), "n.txt.bz2", "n.txt");
    row("xz", packed(raw(archive_write_add_filter_xz), one), "n.txt.xz", "n.txt");
    row("zst", packed(raw(archive_write_add_filter_zstd), one), "odd-name", "content");
}

void tst_Containers::looksInside() {
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, part);
    const auto report = m_scanner->scanBytes(bytes.toStdString(), name.toStdString(), soon(), {});
    QVERIFY(report);
    QVERIFY2(report->skipped.empty(),
             report->skipped.empty() ? "" : report->skipped[0].why.c_str());
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].location.source, name.toStdString());
    QCOMPARE(report->findings[0].location.part, part.toStdString());
    QCOMPARE(report->findings[0].location.column, 11U);
}

void tst_Containers::nested() {
    const auto inner =
        packed(tarWith(archive_write_add_filter_gzip), {{"etc/secret.txt", std::string(kSecret)}});
    const auto report = m_scanner->scanBytes(packed(zip, {{"inner.tgz", inner}, {"b", "plain"}}),
                                             "outer.zip", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].location.part, std::string("inner.tgz/etc/secret.txt"));
    QCOMPARE(report->items, std::uint64_t{4});
}

void tst_Containers::mail() {
    const std::string message =
        "From: jo@court.example\r\nSubject: PIN is 4821\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nNI number JG103759A\r\n"
        "--b\r\nContent-Type: application/zip\r\n"
        "Content-Disposition: attachment; filename=x.zip\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n" +
        QByteArray::fromStdString(packed(zip, {{"n.txt", std::string(kSecret)}}))
            .toBase64()
            .toStdString() +
        "\r\n--b--\r\n";
    const auto report = m_scanner->scanBytes(message, "m.eml", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{3});
    QCOMPARE(report->findings[0].location.part, std::string("subject"));
    QCOMPARE(report->findings[1].location.part, std::string("1"));
    QCOMPARE(report->findings[2].location.part, std::string("2 x.zip/n.txt"));
}

void tst_Containers::keyFiles() {
    const std::string keyStore("\xFE\xED\xFE\xED\0\0\0\2\0\0\0\0", 12);
    const auto report =
        m_scanner->scanBytes(packed(zip, {{"a.jks", keyStore}}), "x.zip", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].kind, std::string("java-keystore"));
    QVERIFY(report->findings[0].category == Category::PrivateKey);
    QCOMPARE(report->findings[0].location.line, 0U);
}

void tst_Containers::depthIsBounded() {
    auto bytes = std::string(kSecret);
    for (int i = 0; i < 4; ++i) {
        bytes = packed(zip, {{std::to_string(i), bytes}});
    }
    ScanLimits limits;
    limits.depth = 3;
    const auto report = scannerWith(limits)->scanBytes(bytes, "x", soon(), {});
    QVERIFY(report && report->findings.empty());
    QVERIFY(skippedAs(*report, "x/3/2/1", "too-deep"));
    limits.depth = 4;
    QCOMPARE(scannerWith(limits)->scanBytes(bytes, "x", soon(), {})->findings.size(),
             std::size_t{1});
}

void tst_Containers::mailDepthIsBounded() {
    std::string text = "From: a\r\nSubject: b\r\n";
    for (int i = 0; i < 60; ++i) {
        const auto boundary = "b" + std::to_string(i) + "x";
        text += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary +
                "\r\n";
    }
    const auto report = m_scanner->scanBytes(text + "\r\n" + std::string(kSecret), "m", soon(), {});
    QVERIFY(report);
    QVERIFY(skippedAs(*report, "m", "damaged"));
    QCOMPARE(report->findings.size(), std::size_t{1}); // read as plain text instead
}

void tst_Containers::itemsAreBounded() {
    Files files;
    for (int i = 0; i < 50; ++i) {
        files.emplace_back(std::to_string(i), "x");
    }
    ScanLimits limits;
    limits.items = 10;
    const auto report = scannerWith(limits)->scanBytes(packed(tar, files), "x", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->items, std::uint64_t{10});
    QVERIFY(skippedAs(*report, "x", "too-many-items"));
}

void tst_Containers::itemSizeIsBounded() {
    ScanLimits limits;
    limits.itemBytes = 1000;
    const auto bytes =
        packed(tar, {{"big", std::string(2000, 'x')}, {"small", std::string(kSecret)}});
    const auto report = scannerWith(limits)->scanBytes(bytes, "x", soon(), {});
    QVERIFY(report);
    QVERIFY(skippedAs(*report, "x/big", "too-large"));
    QCOMPARE(report->findings.size(), std::size_t{1});
}

void tst_Containers::totalIsBounded() {
    ScanLimits limits;
    limits.totalBytes = 3 * base::kMiB;
    Files files;
    for (int i = 0; i < 8; ++i) {
        files.emplace_back(std::to_string(i), std::string(base::kMiB, 'x'));
    }
    const auto report = scannerWith(limits)->scanBytes(packed(tar, files), "x", soon(), {});
    QVERIFY(report);
    QVERIFY(skippedAs(*report, "x/3", "too-large"));
    QVERIFY(report->items <= 5);
}

void tst_Containers::ratioIsBounded() {
    const auto bytes = packed(
        zip, {{"zeros", std::string(30 * base::kMiB, '\0')}, {"later", std::string(kSecret)}});
    QVERIFY(bytes.size() < 64 * base::kKiB);
    const auto report = m_scanner->scanBytes(bytes, "bomb.zip", soon(), {});
    QVERIFY(report);
    QVERIFY(skippedAs(*report, "bomb.zip/zeros", "suspicious-ratio"));
    QVERIFY(report->bytes < 50 * base::kMiB);
}

void tst_Containers::encryptedIsSaid() {
    const auto bytes = packed(encryptedZip, {{"n.txt", std::string(kSecret)}});
    const auto report = m_scanner->scanBytes(bytes, "x.zip", soon(), {});
    QVERIFY(report);
    QVERIFY(skippedAs(*report, "x.zip/n.txt", "encrypted"));
    QCOMPARE(report->findings.size(), std::size_t{1});
    QCOMPARE(report->findings[0].kind, std::string("encrypted-archive"));
    QVERIFY(report->findings[0].category == Category::Hidden);
    QVERIFY(report->findings[0].minimumClassification == Classification::Official);
}

void tst_Containers::damagedIsSaid_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto good = packed(zip, {{"n.txt", std::string(100'000, 'x')}});
    QTest::newRow("zip-magic-alone") << QByteArray("PK\x03\x04");
    QTest::newRow("zip-half") << QByteArray::fromStdString(good.substr(0, good.size() / 2));
    QTest::newRow("gzip-magic-alone") << QByteArray("\x1F\x8B\x08");
    QTest::newRow("7z-garbage") << QByteArray("7z\xBC\xAF\x27\x1C garbage garbage garbage");
    QTest::newRow("rar-garbage") << QByteArray("Rar!\x1A\x07\x01 garbage garbage");
    QTest::newRow("xz-garbage") << QByteArray("\xFD\x37zXZ\0garbage garbage garbage", 30);
}

void tst_Containers::damagedIsSaid() {
    QFETCH(QByteArray, bytes);
    const auto report = m_scanner->scanBytes(bytes.toStdString(), "x", soon(), {});
    QVERIFY(report);
    QVERIFY(!report->skipped.empty());
    QCOMPARE(report->skipped[0].why, std::string("damaged"));
}

void tst_Containers::everyTruncationIsSaid() {
    const auto whole = packed(tarWith(archive_write_add_filter_gzip),
                              {{"n.txt", std::string(kSecret)}, {"m.txt", "more"}});
    for (std::size_t size = 3; size + 8 < whole.size(); size += 7) {
        const auto report = m_scanner->scanBytes(whole.substr(0, size), "x", soon(), {});
        QVERIFY(report);
        QVERIFY2(!report->skipped.empty(), std::to_string(size).c_str());
    }
}

void tst_Containers::climbingNamesAreOnlyNames() {
    const auto bytes = packed(tar, {{"../../etc/passwd", std::string(kSecret)}});
    const auto report = m_scanner->scanBytes(bytes, "x", soon(), {});
    QVERIFY(report);
    QCOMPARE(report->findings.at(0).location.part, std::string("../../etc/passwd"));
}

void tst_Containers::unsupportedIsSaid() {
    const auto report = m_scanner->scanBytes(
        "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 NI number JG103759A\n", "a.doc", soon(), {});
    QVERIFY(report);
    QVERIFY(skippedAs(*report, "a.doc", "not-supported"));
    QCOMPARE(report->findings.size(), std::size_t{1}); // what can be read is read all the same
}

QTEST_GUILESS_MAIN(tst_Containers)
#include "tst_Containers.moc"
