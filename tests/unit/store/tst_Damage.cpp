// SPDX-License-Identifier: GPL-3.0-or-later
#include "Sample.h"

#include <QTest>
#include <set>

using namespace sealpost;
using namespace sealpost::store;
using namespace sealpost::store::testing;

namespace {

constexpr std::size_t kPageSize = 4096;

//! The bytes of a filled store's one file.
std::string sampleBytes() {
    Store store;
    fillSample(store);
    store.close(); // writes the log back
    return readFile(store.file());
}

//! What may be said of a damaged file: never that all is well while something is another.
bool isHonest(const std::string &answer) {
    static const std::set<std::string> kHonest = {
        "ok", "store.damaged", "changed", "removed", "reordered", "truncated", "unreadable"};
    return kHonest.contains(answer);
}

} // namespace

class TstDamage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void flippedByteInEachPage();
    void truncatedFile_data();
    void truncatedFile();
    void overwrittenPages();

private:
    //! Puts `bytes` in place of the store's file and looks at everything.
    QString tried(const std::string &bytes);

    std::string m_bytes;
    int m_refused = 0;
    int m_found = 0;
};

void TstDamage::initTestCase() {
    m_bytes = sampleBytes();
    QVERIFY(m_bytes.size() > 20 * kPageSize);
    QCOMPARE(m_bytes.size() % kPageSize, 0U);
    QCOMPARE(tried(m_bytes), QString());
    QCOMPARE(m_refused + m_found, 0);
}

QString TstDamage::tried(const std::string &bytes) {
    Store store(bytes);
    const auto opened = Database::open(store.file(), testKey());
    if (!opened) {
        static const std::set<std::string> kCodes = {"store.damaged", "store.newer",
                                                     "store.unwritable"};
        ++m_refused;
        if (!kCodes.contains(opened.error().code)) {
            return QString::fromStdString("refused with " + opened.error().code);
        }
        return readFile(store.file()) == bytes ? QString() : QStringLiteral("file was changed");
    }
    store.open();
    for (const auto &answer : {checkOutbox(store), checkRest(store), checkJournal(store)}) {
        m_found += answer == "ok" ? 0 : 1;
        if (!isHonest(answer)) {
            return QString::fromStdString(answer);
        }
    }
    return {};
}

void TstDamage::flippedByteInEachPage() {
    m_refused = m_found = 0;
    int flips = 0;
    for (std::size_t page = 0; page * kPageSize < m_bytes.size(); ++page) {
        // Most pages after the first ones are all alike: pieces of one chunk.
        const bool isStructured = page < 30;
        // Page header, cell pointers, cells: where SQLite's own structure is, and content.
        for (const std::size_t offset : {0U, 4U, 9U, 61U, 1777U, 4000U, 4095U}) {
            if (!isStructured && offset != 1777U) {
                continue;
            }
            auto bytes = m_bytes;
            auto &byte = bytes[page * kPageSize + offset];
            byte = static_cast<char>(byte ^ (page % 2 == 0 ? 0x55 : 0x01));
            const auto wrong = tried(bytes);
            ++flips;
            QVERIFY2(
                wrong.isEmpty(),
                qPrintable(
                    QStringLiteral("page %1, byte %2: %3").arg(page + 1).arg(offset).arg(wrong)));
        }
    }
    QVERIFY(m_refused > flips / 10);
    QVERIFY(m_found > flips / 4);
}

void TstDamage::truncatedFile_data() {
    QTest::addColumn<int>("left");
    QTest::newRow("one-page") << static_cast<int>(kPageSize);
    QTest::newRow("half-a-page") << static_cast<int>(kPageSize / 2);
    QTest::newRow("header-alone") << 100;
    QTest::newRow("half") << -2;
    QTest::newRow("all-but-one-page") << -1;
    QTest::newRow("all-but-a-part-of-a-page") << 0;
}

void TstDamage::truncatedFile() {
    QFETCH(int, left);
    const auto size = m_bytes.size();
    const auto keep = left > 0     ? static_cast<std::size_t>(left)
                      : left == 0  ? size - 1000
                      : left == -1 ? size - kPageSize
                                   : size / 2 / kPageSize * kPageSize;
    m_refused = m_found = 0;
    QCOMPARE(tried(m_bytes.substr(0, keep)), QString());
    QVERIFY(m_refused + m_found > 0);
}

void TstDamage::overwrittenPages() {
    for (std::size_t page = 1; page * kPageSize < m_bytes.size(); ++page) {
        auto bytes = m_bytes;
        bytes.replace(page * kPageSize, kPageSize, kPageSize, page % 2 == 0 ? '\0' : '\xFF');
        m_refused = m_found = 0;
        const auto wrong = tried(bytes);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        QVERIFY2(m_refused + m_found > 0, std::to_string(page + 1).c_str());
    }
}

QTEST_GUILESS_MAIN(TstDamage)
#include "tst_Damage.moc"
