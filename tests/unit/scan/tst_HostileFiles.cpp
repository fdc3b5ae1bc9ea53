// SPDX-License-Identifier: GPL-3.0-or-later
// Files made to exhaust or to deceive: bounded, and never silently clean.
#include "scan/Scanner.h"

#include "support/HandMadeArchives.h"
#include "support/Packed.h"
#include "support/QuineZip.h"

#include <QTest>
#include <ctime>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "NI number JG103759A\n";

double cpuSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace

class tst_HostileFiles : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void overlappingZip();
    void nestedBombs();
    void quine();
    void compressedZeros_data();
    void compressedZeros();
    void behindTheEndOfATar_data();
    void behindTheEndOfATar();
    void manyTinyFiles();
    void longList();
    void cutOffZip();
    void cutOffZipAroundAnother();
    void lyingSizes_data();
    void lyingSizes();
    void names();
    void contentWithoutAFile();
    void invalidUtf8();
    void oneLongLine();
    void repeatedBytes_data();
    void repeatedBytes();

private:
    ScanReport scan(const std::string &bytes, const std::string &name, ScanLimits limits = {}) {
        const auto scanner = Scanner::create(limits);
        const auto report =
            (*scanner)->scanBytes(bytes, name, Deadline::after(std::chrono::minutes(5)), {});
        return report ? *report : ScanReport{};
    }
    static QStringList whys(const ScanReport &report) {
        QStringList all;
        for (const auto &skipped : report.skipped) {
            all += QString::fromStdString(skipped.why);
        }
        return all;
    }
};

void tst_HostileFiles::initTestCase() {
    QVERIFY(Scanner::create());
}

//! One block under many names, as in D. Fifield, "A better zip bomb" (WOOT 2019): it is read once.
void tst_HostileFiles::overlappingZip() {
    const auto bomb = test::overlappingZip(3'000, 4 * 1024 * 1024);
    QVERIFY(bomb.size() < base::kMiB);
    const auto report = scan(bomb, "bomb.zip");
    // Of a run of zeros only the start is kept.
    QVERIFY(report.bytes > bomb.size() && report.bytes < 64 * base::kMiB);
}

void tst_HostileFiles::nestedBombs() {
    auto bytes = packed(zip, {{"zeros", std::string(30 * base::kMiB, '\0')}});
    for (int level = 0; level < 3; ++level) {
        Files files;
        for (int copy = 0; copy < 8; ++copy) {
            files.emplace_back(std::to_string(copy) + ".zip", bytes);
        }
        bytes = packed(zip, files);
    }
    ScanLimits limits;
    limits.totalBytes = 256 * base::kMiB;
    const auto report = scan(bytes, "nested.zip", limits);
    QVERIFY(whys(report).contains(QStringLiteral("too-large")) ||
            whys(report).contains(QStringLiteral("suspicious-ratio")));
    QVERIFY(report.bytes < 400 * base::kMiB);
}

//! A zip that holds itself has no bottom: it is followed as deep as the limit says.
void tst_HostileFiles::quine() {
    const auto zip = quineZip();
    QVERIFY(!zip.empty());
    ScanLimits limits;
    limits.depth = 5;
    const auto report = scan(zip, "quine.zip", limits);
    QCOMPARE(whys(report), QStringList{QStringLiteral("too-deep")});
    QCOMPARE(report.skipped[0].path,
             "quine.zip" + QByteArray("/again0.zip").repeated(5).toStdString());
    const auto comment = zip.size() - (zip.rfind("PK\5\6") + 22);
    QVERIFY(comment > 0); // what the archive needs to be whole units; it is read as a line
    QCOMPARE(report.bytes, 6 * zip.size() + 5 * (comment + 1));
}

void tst_HostileFiles::compressedZeros_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("why");
    const auto row = [](const char *title, int (*filter)(archive *), std::size_t zeros,
                        const std::string &behind, const char *why) {
        const auto bytes = packed(raw(filter), {{"n", std::string(zeros, '\0') + behind}});
        QTest::newRow(title) << QByteArray::fromStdString(bytes) << QString::fromLatin1(why);
    };
    constexpr auto kMany = std::size_t{32} * 1024 * 1024;
    row("many-gzip", archive_write_add_filter_gzip, kMany, {}, "suspicious-ratio");
    row("many-bzip2", archive_write_add_filter_bzip2, kMany, {}, "suspicious-ratio");
    row("many-xz", archive_write_add_filter_xz, kMany, {}, "suspicious-ratio");
    row("many-zstd", archive_write_add_filter_zstd, kMany, {}, "suspicious-ratio");
    row("gzip", archive_write_add_filter_gzip, 4096, kSecret, "");
    row("bzip2", archive_write_add_filter_bzip2, 4096, kSecret, "");
    row("xz", archive_write_add_filter_xz, 4096, kSecret, "");
    row("zstd", archive_write_add_filter_zstd, 4096, kSecret, "");
}

//! Zeros are how a tar ends, and libarchive says of any number of them that it is an empty one.
void tst_HostileFiles::compressedZeros() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, why);
    const auto report = scan(bytes.toStdString(), "x");
    if (why.isEmpty()) {
        QCOMPARE(report.findings.size(), std::size_t{1});
        QVERIFY2(report.skipped.empty(), qPrintable(whys(report).join(QLatin1Char(' '))));
    } else {
        QCOMPARE(whys(report), QStringList{why});
    }
}

void tst_HostileFiles::behindTheEndOfATar_data() {
    QTest::addColumn<QByteArray>("behind");
    QTest::addColumn<bool>("whole");
    const auto hidden = packed(tar, {{"hidden", kSecret}});
    QTest::newRow("a-tar") << QByteArray::fromStdString(hidden) << true;
    QTest::newRow("a-text") << QByteArray::fromStdString(kSecret) << false;
    QTest::newRow("a-long-text") << QByteArray::fromStdString(kSecret).repeated(200) << false;
}

//! What stands behind the zeros that end a tar is found. Where it is no tar, that is told; out of
//! what is compressed around it, that alone.
void tst_HostileFiles::behindTheEndOfATar() {
    QFETCH(QByteArray, behind);
    QFETCH(bool, whole);
    auto both = packed(tar, {{"open", "nothing\n"}});
    both += behind.toStdString();
    for (const auto &bytes : {both, packed(raw(archive_write_add_filter_xz), {{"n", both}})}) {
        const auto report = scan(bytes, "x");
        QCOMPARE(!report.findings.empty(), whole || bytes == both);
        QCOMPARE(whys(report), whole ? QStringList{} : QStringList{QStringLiteral("damaged")});
    }
}

void tst_HostileFiles::manyTinyFiles() {
    ScanLimits limits;
    limits.items = 2'000;
    const auto entry = packed(tar, {{"n", ""}}).substr(0, 512);
    std::string many;
    for (int i = 0; i < 20'000; ++i) {
        many += entry;
    }
    const auto report = scan(many, "many.tar", limits);
    QCOMPARE(whys(report), QStringList{QStringLiteral("too-many-items")});
    QCOMPARE(report.items, limits.items);
}

//! Of more than are looked into no list is made: it would take 200 bytes for each.
void tst_HostileFiles::longList() {
    ScanLimits limits;
    limits.items = 100;
    std::string many;
    std::string list;
    const auto one = packed(zip, {{"n.txt", kSecret}});
    const auto listed = one.find("PK\1\2", 0, 4);
    const auto end = one.find("PK\5\6", 0, 4);
    constexpr std::size_t kOffset = 42;
    for (int i = 0; i < 1'000; ++i) {
        auto entry = one.substr(listed, end - listed);
        list += entry.replace(kOffset, 4, little(many.size(), 4));
        many += one.substr(0, listed);
    }
    const auto at = many.size();
    many += list + one.substr(end, 8) + little(1'000, 2) + little(1'000, 2) +
            little(list.size(), 4) + little(at, 4) + little(0, 2);
    const auto report = scan(many, "many.zip", limits);
    QCOMPARE(whys(report), QStringList{QStringLiteral("too-many-items")});
    QCOMPARE(report.findings.size(), std::size_t{99}); // the zip itself is one of the things
    QCOMPARE(report.findings[0].location.part, std::string("n.txt"));
}

//! What was cut off at the end of a zip is the list of what is in it.
void tst_HostileFiles::cutOffZip() {
    const auto whole = packed(zip, {{"n.txt", kSecret}, {"m.txt", "more"}});
    QVERIFY(scan(whole, "a.zip").skipped.empty());
    for (const std::size_t less : {1U, 22U, 40U, 130U}) {
        const auto report = scan(whole.substr(0, whole.size() - less), "a.zip");
        QVERIFY2(whys(report).contains(QStringLiteral("damaged")),
                 qPrintable(QString::number(less)));
        QCOMPARE(report.findings.size(), std::size_t{1});
    }
}

//! The last record in there is then that of the zip inside, which says nothing of what stands
//! before.
void tst_HostileFiles::cutOffZipAroundAnother() {
    const auto inner = packed(zip, {{"clean.txt", "nothing"}});
    const auto whole = packed(storedZip, {{"n.txt", kSecret}, {"i.zip", inner}});
    QVERIFY(scan(whole, "a.zip").skipped.empty());
    const auto list = whole.find("PK\1\2", whole.rfind("PK\5\6", whole.size() - 23));
    for (const auto size : {whole.size() - 30, list + 5, list}) {
        const auto report = scan(whole.substr(0, size), "a.zip");
        QVERIFY(whys(report).contains(QStringLiteral("damaged")));
        QCOMPARE(report.findings.size(), std::size_t{1});
        QCOMPARE(report.findings.front().location.part, std::string("n.txt"));
    }
}

void tst_HostileFiles::lyingSizes_data() {
    QTest::addColumn<QByteArray>("bytes");
    const auto lied = [](std::string bytes, const char *mark, std::size_t at, std::uint64_t value,
                         int size) {
        const auto header = bytes.find(mark, 0, 4);
        return QByteArray::fromStdString(
            bytes.replace(header + at, static_cast<std::size_t>(size), little(value, size)));
    };
    const auto good = packed(zip, {{"n.txt", kSecret + std::string(5'000, 'x')}});
    QTest::newRow("larger") << lied(good, "PK\1\2", 24, 4'000'000'000U, 4);
    QTest::newRow("packed-larger") << lied(good, "PK\1\2", 20, 900'000, 4);
    QTest::newRow("packed-none") << lied(good, "PK\1\2", 20, 0, 4);
    QTest::newRow("wrong-checksum") << lied(good, "PK\1\2", 16, 1, 4);
    QTest::newRow("offset-outside") << lied(good, "PK\1\2", 42, 0x7FFFFFFF, 4);
    QTest::newRow("rar4") << QByteArray::fromStdString(rar4("n", kSecret)).chopped(15);
    QTest::newRow("rar5") << QByteArray::fromStdString(rar5("n", kSecret)).chopped(15);
    QTest::newRow("tar-longer-than-it-is") << QByteArray::fromStdString(
        packed(tar, {{"n", std::string(9'000, 'x')}}).substr(0, 4'000));
}

void tst_HostileFiles::lyingSizes() {
    QFETCH(QByteArray, bytes);
    const auto report = scan(bytes.toStdString(), "x");
    // What it holds is found, or it is told of.
    QVERIFY(!report.skipped.empty() || report.findings.size() == 1);
    QVERIFY(report.bytes < base::kMiB);
}

//! A folder and a device that have content, and an entry that says nothing of what it is.
void tst_HostileFiles::contentWithoutAFile() {
    auto entry = packed(tar, {{"n", kSecret}});
    for (const char type : {'5', '3', '6', '7', '9'}) {
        constexpr std::size_t kType = 156;
        constexpr std::size_t kChecksum = 148;
        entry[kType] = type;
        entry.replace(kChecksum, 8, "        ");
        unsigned sum = 0;
        for (std::size_t i = 0; i < 512; ++i) {
            sum += static_cast<unsigned char>(entry[i]);
        }
        entry.replace(kChecksum, 6,
                      QByteArray::number(sum, 8).rightJustified(6, '0').toStdString());
        const auto report = scan(entry, "x.tar");
        QVERIFY2(!report.findings.empty() || !report.skipped.empty(), &type);
    }
    const auto odd = scan(rar5("n", kSecret), "x.rar"); // no type among its attributes
    QCOMPARE(odd.findings.size(), std::size_t{1});
}

void tst_HostileFiles::names() {
    const Files files = {
        {"../../../etc/cron.d/x", kSecret}, {"/etc/shadow", kSecret}, {"C:\\Windows\\x", kSecret}};
    const auto report = scan(packed(tar, files), "x.tar");
    QCOMPARE(report.findings.size(), std::size_t{3});
    QCOMPARE(report.findings[1].location.part, std::string("/etc/shadow"));
    QVERIFY(report.skipped.empty());
}

void tst_HostileFiles::invalidUtf8() {
    for (const std::string broken : {"\xFF\xFE\xFD", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                                     "\xE2\x82", "\x80\x80\x80"}) {
        std::string text = "Caf";
        text.append(broken).append(" ").append(kSecret).append(broken);
        const auto report = scan(text, "x.txt");
        QCOMPARE(report.findings.size(), std::size_t{1});
    }
    // The mark of UTF-16, before a text that is none.
    for (const std::string mark : {"\xFF\xFE", "\xFE\xFF"}) {
        const auto report = scan(mark + " " + kSecret, "x.txt");
        QCOMPARE(report.findings.size(), std::size_t{1});
    }
}

//! Columns in a line as long as the text.
void tst_HostileFiles::oneLongLine() {
    std::string text;
    for (int i = 0; i < 900; ++i) {
        text += "é NI number JG103759A ";
        text.append(9'979, 'x');
        text += ' ';
    }
    const auto report = scan(text, "line.txt");
    QCOMPARE(report.findings.size(), std::size_t{900});
    QCOMPARE(report.findings.back().location.line, 1U);
    QCOMPARE(report.findings.back().location.column, 899U * 10'002U + 13U);
}

void tst_HostileFiles::repeatedBytes_data() {
    QTest::addColumn<QByteArray>("unit");
    int number = 0;
    for (const char *unit : {"password=", "key: ", "a@b.co ", "1", "12-34-56 ", "A1", "<<<", "eyJ",
                             "-----BEGIN ", "user,password\n", "://a:", "\n", "\"", "Ab1/", "é"}) {
        QTest::addRow("%d", ++number) << QByteArray(unit);
    }
}

void tst_HostileFiles::repeatedBytes() {
    QFETCH(QByteArray, unit);
    const auto text = unit.repeated(qsizetype{2} * 1024 * 1024 / unit.size()).toStdString();
    const auto start = cpuSeconds();
    const auto report = scan(text, "x.txt");
    const auto spent = cpuSeconds() - start;
    QVERIFY2(spent < 30, qPrintable(QString::number(spent)));
    QVERIFY(report.items > 0);
}

QTEST_GUILESS_MAIN(tst_HostileFiles)
#include "tst_HostileFiles.moc"
