// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/AttachmentInspector.h"

#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <fstream>
#include <thread>

using namespace sealpost;
using namespace sealpost::send;

namespace {

constexpr ByteCount kLimit = 64 * base::kMiB;
const std::string kSecret = "The password is tulipwednesday42.\n";

Deadline soon() {
    return Deadline::after(std::chrono::minutes(1));
}

} // namespace

class TstAttachmentInspector : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void sameContentIsScannedOnce();
    void anotherNameIsShown();
    void aNameThatMeansSomethingElseIsScanned();
    void changedContentIsNoticed();
    void knownSaysWhatIsKnown();
    void stoppedIsNotRemembered();
    void twoThreadsScanOnce();
    void progressRises();

private:
    [[nodiscard]] mail::Attachment write(const std::string &name, const std::string &bytes) {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) / name;
        std::ofstream(path, std::ios::binary) << bytes;
        return {path, name};
    }
    [[nodiscard]] Result<InspectedAttachment> inspect(const mail::Attachment &attachment) {
        return m_inspector->inspect(attachment, kLimit, soon(), {});
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const scan::Scanner> m_scanner;
    std::unique_ptr<AttachmentInspector> m_inspector;
private slots:
    void init() { m_inspector = std::make_unique<AttachmentInspector>(m_scanner); }
};

void TstAttachmentInspector::initTestCase() {
    m_scanner = scan::Scanner::create().value();
}

void TstAttachmentInspector::sameContentIsScannedOnce() {
    const auto one = write("one.txt", kSecret);
    const auto first = inspect(one).value();
    QCOMPARE(first.report.findings.size(), 1U);
    QCOMPARE(inspect(one).value().sha256, first.sha256);
    QCOMPARE(inspect(write("two.txt", kSecret)).value().sha256, first.sha256);
    QCOMPARE(m_inspector->scans(), 1);
}

void TstAttachmentInspector::anotherNameIsShown() {
    (void)inspect(write("one.zip", "PK\x03\x04 broken"));
    const auto other = inspect(write("other.zip", "PK\x03\x04 broken")).value();
    QCOMPARE(m_inspector->scans(), 1);
    QVERIFY(!other.report.skipped.empty());
    QCOMPARE(other.report.skipped.front().path, "other.zip");
    (void)inspect(write("one.txt", kSecret));
    QCOMPARE(inspect(write("b.txt", kSecret)).value().report.findings.front().location.source,
             "b.txt");
}

void TstAttachmentInspector::aNameThatMeansSomethingElseIsScanned() {
    const auto plain = inspect(write("notes.txt", kSecret)).value();
    const auto lying = inspect(write("notes.png", kSecret)).value();
    QCOMPARE(m_inspector->scans(), 2);
    QVERIFY(lying.report.findings.size() > plain.report.findings.size()); // the name lies
}

void TstAttachmentInspector::changedContentIsNoticed() {
    const auto file = write("one.txt", "Nothing to see in this file today\n");
    const auto before = inspect(file).value();
    QVERIFY(before.report.findings.empty());
    (void)write("one.txt", kSecret + "\n"); // the same size
    std::filesystem::last_write_time(file.path, std::filesystem::file_time_type::clock::now() +
                                                    std::chrono::seconds(2));
    QVERIFY(!m_inspector->known(file, kLimit));
    QCOMPARE(inspect(file).value().report.findings.size(), 1U);
}

void TstAttachmentInspector::knownSaysWhatIsKnown() {
    const auto file = write("one.txt", kSecret);
    QVERIFY(!m_inspector->known(file, kLimit));
    (void)inspect(file);
    const auto known = m_inspector->known(file, kLimit);
    QVERIFY(known && *known);
    QCOMPARE((*known)->report.findings.size(), 1U);
    const auto missing = m_inspector->known({"/nowhere/x", "x"}, kLimit);
    QVERIFY(missing && !*missing);
    QCOMPARE(missing->error().code, "attachment.missing");
    const auto large = m_inspector->known(file, 3);
    QVERIFY(large && !*large);
    QCOMPARE(large->error().code, "attachment.too-large");
    QCOMPARE(m_inspector->scans(), 1);
}

void TstAttachmentInspector::stoppedIsNotRemembered() {
    const auto file = write("one.txt", kSecret);
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = m_inspector->inspect(file, kLimit, soon(), stop.get_token());
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, "scan.stopped");
    QVERIFY(!m_inspector->known(file, kLimit));
    QCOMPARE(inspect(file).value().report.findings.size(), 1U);
}

void TstAttachmentInspector::twoThreadsScanOnce() {
    std::string large = kSecret;
    while (large.size() < 8 * base::kMiB) {
        large += "an ordinary line of an ordinary file, number " + std::to_string(large.size());
        large += '\n';
    }
    const auto one = write("one.txt", large);
    const auto two = write("two.txt", large);
    std::atomic<int> found = 0;
    {
        std::vector<std::jthread> threads;
        for (const auto &file : {one, two, one, two}) {
            threads.emplace_back([&, file] {
                const auto inspected = inspect(file);
                found += inspected ? static_cast<int>(inspected->report.findings.size()) : -100;
            });
        }
    }
    QCOMPARE(found.load(), 4);
    QCOMPARE(m_inspector->scans(), 1);
}

void TstAttachmentInspector::progressRises() {
    std::string large(5 * base::kMiB, 'x');
    std::vector<double> shares;
    const auto inspected = m_inspector->inspect(write("one.txt", large), kLimit, soon(), {},
                                                [&](double share) { shares.push_back(share); });
    QVERIFY(inspected);
    QVERIFY(shares.size() >= 5);
    QVERIFY(std::is_sorted(shares.begin(), shares.end()));
    QVERIFY(shares.front() < 0.5);
    QCOMPARE(shares.back(), 1.0);
}

QTEST_GUILESS_MAIN(TstAttachmentInspector)
#include "tst_AttachmentInspector.moc"
