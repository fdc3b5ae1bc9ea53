// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/RetrySchedule.h"

#include <QTest>

using namespace sealpost;
using namespace std::chrono_literals;

class TstRetrySchedule : public QObject {
    Q_OBJECT
private slots:
    void doublesToAnHour_data();
    void doublesToAnHour();
    void chanceSpreads();
    void neverAfterItsTime();
    void neverWhereForbidden();

private:
    const Time m_now = base::fromIso8601("2026-11-23T12:00:00Z");
};

void TstRetrySchedule::doublesToAnHour_data() {
    QTest::addColumn<int>("attempts");
    QTest::addColumn<int>("minutes");
    const std::vector<int> minutes = {1, 2, 4, 8, 16, 32, 60, 60, 60};
    for (std::size_t i = 0; i < minutes.size(); ++i) {
        QTest::newRow(std::to_string(i + 1).c_str()) << static_cast<int>(i) + 1 << minutes[i];
    }
    QTest::newRow("not tried yet") << 0 << 1;
    QTest::newRow("more than any number holds") << 1'000'000 << 60;
}

void TstRetrySchedule::doublesToAnHour() {
    QFETCH(int, attempts);
    QFETCH(int, minutes);
    const auto at = send::nextTry({24h}, m_now, attempts, m_now, 0.5);
    QVERIFY(at.has_value());
    QCOMPARE((*at - m_now).count(), std::chrono::seconds(std::chrono::minutes(minutes)).count());
}

void TstRetrySchedule::chanceSpreads() {
    QCOMPARE((*send::nextTry({24h}, m_now, 3, m_now, 0.0) - m_now).count(), 180);
    QCOMPARE((*send::nextTry({24h}, m_now, 3, m_now, 1.0) - m_now).count(), 300);
    QCOMPARE((*send::nextTry({24h}, m_now, 3, m_now, 7.0) - m_now).count(), 300);
}

void TstRetrySchedule::neverAfterItsTime() {
    const auto queued = m_now - 2h + 60s;
    QVERIFY(send::nextTry({2h}, queued, 1, m_now, 0.5).has_value());
    QVERIFY(!send::nextTry({2h}, queued, 1, m_now, 0.6).has_value());
    QVERIFY(!send::nextTry({2h}, queued, 2, m_now, 0.5).has_value());
}

void TstRetrySchedule::neverWhereForbidden() {
    QVERIFY(!send::nextTry({0h}, m_now, 1, m_now, 0.0).has_value());
}

QTEST_GUILESS_MAIN(TstRetrySchedule)
#include "tst_RetrySchedule.moc"
