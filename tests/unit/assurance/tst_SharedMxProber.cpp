// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/SharedMxProber.h"

#include "support/FakeClock.h"

#include <QElapsedTimer>
#include <QtTest>
#include <atomic>
#include <mutex>
#include <thread>

using namespace sealpost;
using namespace std::chrono_literals;
using assurance::Freshness;
using assurance::ProbeOutcome;
using assurance::ProbeResult;
using assurance::SharedMxProber;

namespace {
//! Dialogues that are counted; each lasts until `hold` says so, its stop or its deadline.
struct Dialogues {
    std::atomic<int> begun = 0;
    std::atomic<int> now = 0;
    std::atomic<int> most = 0;
    std::atomic<bool> hold = false;
    std::atomic<ProbeOutcome> outcome = ProbeOutcome::Encrypted;
    std::shared_ptr<test::FakeClock> clock =
        std::make_shared<test::FakeClock>(base::SystemClock().now());

    ProbeResult operator()(const assurance::ProbeTarget &target, Deadline deadline,
                           const std::stop_token &stop) {
        const auto &record = target.record;
        ++begun;
        most = std::max(most.load(), ++now);
        while (hold && !deadline.passed() && !stop.stop_requested()) {
            std::this_thread::sleep_for(1ms);
        }
        --now;
        ProbeResult result;
        result.mx.host = record.host;
        result.mx.preference = record.preference;
        result.mx.outcome = outcome;
        result.mx.detail = "dialogue " + std::to_string(begun);
        return result;
    }

    assurance::SharedProberConfig config(std::size_t atOnce = 8, std::size_t remembered = 100) {
        return {[this](const assurance::ProbeTarget &target, Freshness, Deadline deadline,
                       std::stop_token stop) { return (*this)(target, deadline, stop); },
                clock, atOnce, remembered};
    }
};

ProbeResult ask(SharedMxProber &prober, const std::string &host,
                Freshness freshness = Freshness::Cached, std::uint16_t preference = 10) {
    return prober.probe({preference, host}, freshness, Deadline::after(10s), {});
}

void waitFor(const std::function<bool()> &condition) {
    QVERIFY(QTest::qWaitFor(condition, 10'000));
}
} // namespace

class tst_SharedMxProber : public QObject {
    Q_OBJECT
private slots:
    void remembersForItsLife_data();
    void remembersForItsLife();
    void freshness();
    void oneDialogueForAllWhoAsk();
    void anotherServerNameIsAnotherHost();
    void breakingOffHandsOver();
    void waitingEndsWithItsStop();
    void neverMoreAtOnce();
    void forgetsTheLeastUsed();
};

void tst_SharedMxProber::remembersForItsLife_data() {
    QTest::addColumn<ProbeOutcome>("outcome");
    QTest::addColumn<int>("seconds");
    QTest::newRow("encrypted") << ProbeOutcome::Encrypted << 600;
    QTest::newRow("no-starttls") << ProbeOutcome::NoStartTls << 600;
    QTest::newRow("handshake-failed") << ProbeOutcome::HandshakeFailed << 300;
    QTest::newRow("unreachable") << ProbeOutcome::Unreachable << 60;
    QTest::newRow("greylisted") << ProbeOutcome::TempRejected << 60;
    QTest::newRow("silent") << ProbeOutcome::Silent << 60;
    QTest::newRow("injected") << ProbeOutcome::Injected << 60;
}

void tst_SharedMxProber::remembersForItsLife() {
    QFETCH(ProbeOutcome, outcome);
    QFETCH(int, seconds);
    Dialogues dialogues;
    dialogues.outcome = outcome;
    SharedMxProber prober(dialogues.config());
    QVERIFY(ask(prober, "mx.example").mx.outcome == outcome);
    dialogues.clock->advance(std::chrono::seconds(seconds - 1));
    const auto second = ask(prober, "mx.example", Freshness::Cached, 20);
    QCOMPARE(second.mx.detail, "dialogue 1");
    QCOMPARE(second.mx.preference, 20); // the asker's, not the first one's
    dialogues.clock->advance(1s);
    QCOMPARE(ask(prober, "mx.example").mx.detail, "dialogue 2");
}

void tst_SharedMxProber::freshness() {
    Dialogues dialogues;
    SharedMxProber prober(dialogues.config());
    (void)ask(prober, "mx.example");
    QCOMPARE(ask(prober, "mx.example", Freshness::FreshOnce).mx.detail, "dialogue 1");
    QCOMPARE(ask(prober, "mx.example", Freshness::Fresh).mx.detail, "dialogue 2");
    QCOMPARE(ask(prober, "mx.example", Freshness::Cached).mx.detail, "dialogue 2");
}

void tst_SharedMxProber::oneDialogueForAllWhoAsk() {
    Dialogues dialogues;
    dialogues.hold = true;
    SharedMxProber prober(dialogues.config());
    std::atomic<int> answered = 0;
    std::vector<std::jthread> askers;
    for (int i = 0; i < 12; ++i) {
        askers.emplace_back([&, i] {
            const auto freshness = i % 2 == 0 ? Freshness::Cached : Freshness::FreshOnce;
            if (ask(prober, "mx.example", freshness).mx.detail == "dialogue 1") {
                ++answered;
            }
        });
    }
    waitFor([&] { return dialogues.begun == 1; });
    std::this_thread::sleep_for(20ms);
    dialogues.hold = false;
    askers.clear();
    QCOMPARE(dialogues.begun.load(), 1);
    QCOMPARE(answered.load(), 12);
}

void tst_SharedMxProber::anotherServerNameIsAnotherHost() {
    Dialogues dialogues;
    SharedMxProber prober(dialogues.config());
    const auto called = [&](const std::string &name) {
        return prober.probe({{10, "mx.example"}, name}, Freshness::Cached, Deadline::after(10s), {})
            .mx.detail;
    };
    QCOMPARE(called(""), "dialogue 1");
    QCOMPARE(called("base.example"), "dialogue 2");
    QCOMPARE(called(""), "dialogue 1");
    QCOMPARE(called("base.example"), "dialogue 2");
}

void tst_SharedMxProber::breakingOffHandsOver() {
    Dialogues dialogues;
    dialogues.hold = true;
    SharedMxProber prober(dialogues.config());
    std::stop_source first;
    std::jthread asker([&] {
        (void)prober.probe({10, "mx.example"}, Freshness::Cached, Deadline::after(60s),
                           first.get_token());
    });
    waitFor([&] { return dialogues.begun == 1; });
    std::string detail;
    std::jthread waiter([&] { detail = ask(prober, "mx.example").mx.detail; });
    std::this_thread::sleep_for(10ms);
    first.request_stop();
    waitFor([&] { return dialogues.begun == 2; });
    dialogues.hold = false;
    waiter.join();
    QCOMPARE(detail, "dialogue 2"); // what the first broke off is nobody's result
}

void tst_SharedMxProber::waitingEndsWithItsStop() {
    Dialogues dialogues;
    dialogues.hold = true;
    SharedMxProber prober(dialogues.config(1));
    std::jthread busy([&] { (void)ask(prober, "mx1.example"); });
    waitFor([&] { return dialogues.begun == 1; });
    QElapsedTimer timer;
    timer.start();
    for (const auto *host : {"mx1.example", "mx2.example"}) { // a dialogue, and a place
        const auto late = prober.probe({10, host}, Freshness::Cached, Deadline::after(30ms), {});
        QVERIFY(late.mx.outcome == ProbeOutcome::NotProbed);
        QCOMPARE(late.mx.host, host);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(prober.probe({10, host}, Freshness::Cached, Deadline::after(60s), stop.get_token())
                    .mx.outcome == ProbeOutcome::NotProbed);
    }
    QVERIFY(timer.elapsed() < 5'000);
    dialogues.hold = false;
    busy.join();
    QVERIFY(ask(prober, "mx2.example").mx.outcome == ProbeOutcome::Encrypted);
}

void tst_SharedMxProber::neverMoreAtOnce() {
    Dialogues dialogues;
    SharedMxProber prober(dialogues.config(3));
    std::vector<std::jthread> askers;
    for (int i = 0; i < 24; ++i) {
        askers.emplace_back([&, i] { (void)ask(prober, "mx" + std::to_string(i) + ".example"); });
    }
    askers.clear();
    QCOMPARE(dialogues.begun.load(), 24);
    QVERIFY(dialogues.most <= 3);
}

void tst_SharedMxProber::forgetsTheLeastUsed() {
    Dialogues dialogues;
    SharedMxProber prober(dialogues.config(8, 2));
    (void)ask(prober, "mx1.example");
    (void)ask(prober, "mx2.example");
    (void)ask(prober, "mx1.example"); // the last used
    (void)ask(prober, "mx3.example"); // takes the place of mx2
    QCOMPARE(dialogues.begun.load(), 3);
    (void)ask(prober, "mx1.example");
    QCOMPARE(dialogues.begun.load(), 3);
    (void)ask(prober, "mx2.example");
    QCOMPARE(dialogues.begun.load(), 4);
}

QTEST_GUILESS_MAIN(tst_SharedMxProber)
#include "tst_SharedMxProber.moc"
