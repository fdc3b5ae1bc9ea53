// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/ReportLife.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;

class tst_ReportLife : public QObject {
    Q_OBJECT
private slots:
    void lives_data();
    void lives();
};

void tst_ReportLife::lives_data() {
    QTest::addColumn<Assurance>("assurance");
    QTest::addColumn<Evidence>("evidence");
    QTest::addColumn<int>("ttl");
    QTest::addColumn<int>("maxAge");
    QTest::addColumn<int>("seconds");
    constexpr int kNone = -1;
    QTest::newRow("the-policys-lifetime-at-most")
        << Assurance::Enforced << Evidence::Proven << 86'400 << 604'800 << 3600;
    QTest::newRow("ttl") << Assurance::Verified << Evidence::Proven << 900 << kNone << 900;
    QTest::newRow("max-age") << Assurance::Enforced << Evidence::Proven << 3600 << 600 << 600;
    QTest::newRow("no-hints") << Assurance::Weak << Evidence::Proven << kNone << kNone << 3600;
    QTest::newRow("never-under-a-minute")
        << Assurance::Verified << Evidence::Proven << 1 << kNone << 60;
    QTest::newRow("unknown") << Assurance::Unknown << Evidence::TempFailure << 3600 << kNone << 60;
    QTest::newRow("violated") << Assurance::Violated << Evidence::Proven << 3600 << kNone << 300;
    QTest::newRow("something-failed")
        << Assurance::Verified << Evidence::TempFailure << 3600 << kNone << 300;
    QTest::newRow("something-forged") << Assurance::None << Evidence::Bogus << 3600 << kNone << 300;
    QTest::newRow("undeliverable")
        << Assurance::Undeliverable << Evidence::ProvenAbsent << 1800 << kNone << 1800;
}

void tst_ReportLife::lives() {
    QFETCH(Assurance, assurance);
    QFETCH(Evidence, evidence);
    QFETCH(int, ttl);
    QFETCH(int, maxAge);
    QFETCH(int, seconds);
    assurance::DomainReport report;
    report.assurance = assurance;
    report.evidence.push_back({"mx", evidence, {}});
    report.checkedAt = Time(1'000'000s);
    assurance::LifeHints hints;
    if (ttl >= 0) {
        hints.shortenTo({std::chrono::seconds(ttl), {}});
        hints.shortenTo({std::chrono::seconds(ttl + 1), {}}); // the longer one changes nothing
    }
    if (maxAge >= 0) {
        hints.shortenTo({{}, std::chrono::seconds(maxAge)});
    }
    const auto expires = assurance::expiryOf(report, hints, {});
    QCOMPARE((expires - report.checkedAt).count(), seconds);
}

QTEST_GUILESS_MAIN(tst_ReportLife)
#include "tst_ReportLife.moc"
