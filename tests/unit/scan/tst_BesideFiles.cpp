// SPDX-License-Identifier: GPL-3.0-or-later
// What stands in an archive beside the files that its list names: never silently clean.
#include "scan/Scanner.h"

#include "support/HandMadeArchives.h"
#include "support/Packed.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "NI number JG103759A\n";
const std::string kOpen = "nothing to see here\n";
const Files kThree = {{"a", kOpen}, {"b", kOpen}, {"c", kOpen}};

Files withSecret(std::size_t at) {
    auto files = kThree;
    files[at].second = kSecret;
    return files;
}

void wideZip(archive *writer) {
    zip(writer);
    archive_write_set_options(writer, "zip:zip64");
}

void newCpio(archive *writer) {
    archive_write_set_format_cpio_newc(writer);
}

void rows(const std::function<void(const char *, const Setup &)> &row) {
    row("stored", storedZip);
    row("deflated", zip);
    row("zip64", wideZip);
}

//! The number of bytes that `digits` say before `records`, which they count themselves.
std::string paxRecord(const std::string &record) {
    const auto size = record.size() + 3;
    return std::to_string(size) + ' ' + record;
}

} // namespace

class tst_BesideFiles : public QObject {
    Q_OBJECT

private slots:
    void whole_data();
    void whole();
    void takenOutOfTheList_data();
    void takenOutOfTheList();
    void listThatCoversMore();
    void comments_data();
    void comments();
    void linkOfText();
    void behind_data();
    void behind();
    void behindAnotherKind_data();
    void behindAnotherKind();
    void headerOfATarIsWrong();

private:
    static ScanReport scan(const std::string &bytes, const std::string &name = "x") {
        const auto scanner = Scanner::create();
        const auto report =
            (*scanner)->scanBytes(bytes, name, Deadline::after(std::chrono::minutes(5)), {});
        return report ? *report : ScanReport{};
    }
    static QStringList places(const ScanReport &report) {
        QStringList all;
        for (const auto &finding : report.findings) {
            all += QString::fromStdString(finding.location.part);
        }
        return all;
    }
    static QStringList skipped(const ScanReport &report) {
        QStringList all;
        for (const auto &one : report.skipped) {
            all += QString::fromStdString(one.path + ' ' + one.why);
        }
        return all;
    }
};

void tst_BesideFiles::whole_data() {
    QTest::addColumn<QByteArray>("bytes");
    rows([](const char *title, const Setup &setup) {
        QTest::newRow(title) << QByteArray::fromStdString(packed(setup, kThree));
    });
    const auto bytes = packed(storedZip, kThree);
    // As zipalign pads the last extra field, and as a program stands before what it unpacks.
    QTest::newRow("zeros-behind") << QByteArray::fromStdString(bytes + std::string(64, '\0'));
    QTest::newRow("7z") << QByteArray::fromStdString(packed(sevenZip, kThree));
    QTest::newRow("tar") << QByteArray::fromStdString(packed(tar, kThree));
    QTest::newRow("cpio") << QByteArray::fromStdString(packed(newCpio, kThree));
}

//! Where nothing else is, nothing else is looked at.
void tst_BesideFiles::whole() {
    QFETCH(QByteArray, bytes);
    const auto report = scan(bytes.toStdString());
    QCOMPARE(report.items, std::uint64_t{4});
    QCOMPARE(report.bytes, static_cast<std::size_t>(bytes.size()) + 3 * kOpen.size());
    QCOMPARE(skipped(report), QStringList{});
}

void tst_BesideFiles::takenOutOfTheList_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("part");
    rows([](const char *title, const Setup &setup) {
        for (std::size_t at = 0; at < kThree.size(); ++at) {
            const auto bytes = unlisted(packed(setup, withSecret(at)), at);
            QTest::addRow("%s-%d", title, static_cast<int>(at))
                << QByteArray::fromStdString(bytes)
                << QStringLiteral("unlisted 1/%1").arg(QLatin1Char("abc"[at]));
        }
        const auto only = unlisted(packed(setup, {{"a", kSecret}}), 0);
        QTest::addRow("%s-only", title)
            << QByteArray::fromStdString(only) << QStringLiteral("unlisted 1/a");
    });
}

//! A program that reads from the start shows it; it is read, and told of.
void tst_BesideFiles::takenOutOfTheList() {
    QFETCH(QByteArray, bytes);
    QFETCH(QString, part);
    const auto report = scan(bytes.toStdString(), "x.zip");
    QCOMPARE(places(report), QStringList{part});
    QCOMPARE(skipped(report), QStringList{QStringLiteral("x.zip/unlisted 1 damaged")});
}

//! The entry before says that the hidden one's bytes are its own.
void tst_BesideFiles::listThatCoversMore() {
    auto bytes = unlisted(packed(zip, withSecret(1)), 1);
    const auto hidden = bytes.find("PK\3\4", 4);
    const auto more = bytes.find("PK\3\4", hidden + 4) - hidden;
    const auto listed = bytes.find("PK\1\2");
    bytes.replace(listed + 20, 4, little(littleIn(bytes, listed + 20, 4) + more, 4));
    const auto report = scan(bytes, "x.zip");
    QVERIFY2(!report.findings.empty() || !report.skipped.empty(), "silently clean");
}

void tst_BesideFiles::comments_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("zip") << QByteArray::fromStdString(commented(packed(zip, kThree), kSecret));
    auto entry = packed(zip, {{"a", kOpen}});
    auto end = entry.rfind("PK\5\6");
    const auto listed = littleIn(entry, end + 16, 4);
    entry.replace(listed + 32, 2, little(kSecret.size(), 2)).insert(end, kSecret);
    end += kSecret.size();
    entry.replace(end + 12, 4, little(littleIn(entry, end + 12, 4) + kSecret.size(), 4));
    QTest::newRow("zip-entry") << QByteArray::fromStdString(entry);
    auto gzip = packed(raw(archive_write_add_filter_gzip), {{"n", kOpen}});
    gzip[3] = '\x10';
    QTest::newRow("gzip") << QByteArray::fromStdString(gzip.insert(10, kSecret + '\0'));
    const auto record = paxRecord("comment=" + kSecret);
    auto pax = packed(tar, {{"pax", record}});
    pax = pax.substr(0, 1024); // a header and its block
    pax[156] = 'x';
    pax.replace(148, 8, "        ");
    unsigned sum = 0;
    for (std::size_t i = 0; i < 512; ++i) {
        sum += static_cast<unsigned char>(pax[i]);
    }
    pax.replace(148, 8,
                QByteArray::number(sum, 8).rightJustified(6, '0').append("\0 ", 2).constData(), 8);
    QTest::newRow("tar") << QByteArray::fromStdString(pax + packed(tar, kThree));
}

void tst_BesideFiles::comments() {
    QFETCH(QByteArray, bytes);
    const auto report = scan(bytes.toStdString());
    QCOMPARE(places(report), QStringList{QStringLiteral("notes")});
    QCOMPARE(skipped(report), QStringList{});
}

//! Of a link in a zip the content is where it leads: to any text.
void tst_BesideFiles::linkOfText() {
    auto bytes = packed(storedZip, {{"a", kSecret}});
    const auto listed = bytes.find("PK\1\2");
    bytes[listed + 5] = '\3'; // made on Unix
    bytes.replace(listed + 38, 4, little(0xA1FFU << 16U, 4));
    const auto report = scan(bytes);
    QCOMPARE(places(report), QStringList{QStringLiteral("notes")});
}

void tst_BesideFiles::behind_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("damaged");
    const std::vector<std::pair<const char *, std::string>> things = {
        {"text", kSecret},
        {"zip", packed(zip, {{"h", kSecret}})},
        {"gzip", packed(raw(archive_write_add_filter_gzip), {{"n", kSecret}})}};
    const auto row = [&](const char *title, const std::string &bytes, bool damaged = false) {
        for (const auto &[thing, content] : things) {
            QTest::addRow("%s-%s", title, thing)
                << QByteArray::fromStdString(bytes + content) << damaged;
        }
    };
    row("7z", packed(sevenZip, kThree));
    row("cpio", packed(newCpio, kThree));
    row("rar4", rar4("a", kOpen));
    row("rar5", rar5("a", kOpen));
    row("tar", packed(tar, kThree), true);
    row("bzip2", packed(raw(archive_write_add_filter_bzip2), {{"n", kOpen}}));
    row("lz4", packed(raw(archive_write_add_filter_lz4), {{"n", kOpen}}));
    const auto gzip = packed(raw(archive_write_add_filter_gzip), {{"n", kOpen}});
    QTest::newRow("gzip-text") << QByteArray::fromStdString(gzip + kSecret) << false;
    QTest::newRow("zip-text") << QByteArray::fromStdString(packed(zip, kThree) + kSecret) << false;
    const auto zips = packed(zip, kThree) + packed(zip, {{"h", kSecret}});
    QTest::newRow("zip-zip") << QByteArray::fromStdString(zips) << true;
    const auto turned = packed(zip, {{"h", kSecret}}) + packed(zip, kThree);
    QTest::newRow("zip-zip-turned") << QByteArray::fromStdString(turned) << true;
}

void tst_BesideFiles::behind() {
    QFETCH(QByteArray, bytes);
    QFETCH(bool, damaged);
    const auto report = scan(bytes.toStdString());
    QCOMPARE(report.findings.size(), std::size_t{1});
    QCOMPARE(!report.skipped.empty(), damaged);
}

void tst_BesideFiles::behindAnotherKind_data() {
    QTest::addColumn<QByteArray>("bytes");
    const std::string program = std::string("\x7F"
                                            "ELF") +
                                std::string(500, '\1');
    const std::string picture = std::string("GIF89a") + std::string(60, '\1');
    const Files hidden = {{"h", kSecret}};
    const std::vector<std::pair<const char *, std::string>> archives = {
        {"zip", packed(zip, hidden)},
        {"7z", packed(sevenZip, hidden)},
        {"rar4", rar4("h", kSecret)},
        {"rar5", rar5("h", kSecret)}};
    for (const auto &[title, bytes] : archives) {
        QTest::addRow("program-%s", title) << QByteArray::fromStdString(program + bytes);
        QTest::addRow("picture-%s", title) << QByteArray::fromStdString(picture + bytes);
    }
    const std::string script = "#!/bin/sh\ntail -n +3 \"$0\" | tar xz; exit\n";
    const auto addScript = [&](const char *title, int (*filter)(archive *)) {
        QTest::addRow("script-%s", title)
            << QByteArray::fromStdString(script + packed(tarWith(filter), hidden));
    };
    addScript("gzip", archive_write_add_filter_gzip);
    addScript("bzip2", archive_write_add_filter_bzip2);
    addScript("xz", archive_write_add_filter_xz);
    addScript("zstd", archive_write_add_filter_zstd);
}

void tst_BesideFiles::behindAnotherKind() {
    QFETCH(QByteArray, bytes);
    const auto report = scan(bytes.toStdString());
    QVERIFY2(places(report).contains(QStringLiteral("h")),
             qPrintable(places(report).join(QLatin1Char(' '))));
}

//! What stands there uncompressed is better than nothing.
void tst_BesideFiles::headerOfATarIsWrong() {
    for (const std::size_t header : {0U, 1024U}) { // the first file's, the second's
        auto bytes = packed(tar, {{"a", header == 0 ? kSecret : kOpen}, {"b", kSecret}});
        bytes[header + 148] ^= 1; // its checksum
        const auto report = scan(bytes);
        QVERIFY(!report.findings.empty());
        QCOMPARE(skipped(report), QStringList{QStringLiteral("x damaged")});
    }
}

QTEST_GUILESS_MAIN(tst_BesideFiles)
#include "tst_BesideFiles.moc"
