// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Port25Reach.h"

#include "MemoryCache.h"
#include "support/FakeClock.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using assurance::Freshness;
using assurance::Port25Reach;
using assurance::ProbeOutcome;

namespace {
//! Networks and processes of one computer.
struct Computer {
    std::string network = "office";
    std::shared_ptr<test::FakeClock> clock =
        std::make_shared<test::FakeClock>(base::SystemClock().now());
    std::shared_ptr<test::MemoryCache> cache = std::make_shared<test::MemoryCache>();

    [[nodiscard]] std::unique_ptr<Port25Reach> process() {
        return std::make_unique<Port25Reach>(
            assurance::Port25Config{clock, cache, [this] { return network; }});
    }
};

assurance::MxReport mx(const std::string &host, const std::string &address,
                       ProbeOutcome outcome = ProbeOutcome::Unreachable) {
    assurance::MxReport report;
    report.host = host;
    report.addresses = {address};
    report.outcome = outcome;
    return report;
}

void failThree(Port25Reach &reach) {
    reach.learn(mx("mx.a.example", "192.0.2.1"));
    reach.learn(mx("mx.b.example", "192.0.2.2"));
    reach.learn(mx("mx.c.example", "192.0.2.3"));
}
} // namespace

class tst_Port25Reach : public QObject {
    Q_OBJECT
private slots:
    void severalUnrelatedHostsShowIt();
    void severalProcessesShowIt();
    void relatedHostsAreOneWitness();
    void oneReachedHostDisprovesIt();
    void whatSaysNothingCountsNothing();
    void anotherNetworkIsAnotherMatter();
    void rememberedForAWhile();
    void freshness();
};

void tst_Port25Reach::severalUnrelatedHostsShowIt() {
    Computer computer;
    const auto reach = computer.process();
    reach->learn(mx("mx.a.example", "192.0.2.1"));
    reach->learn(mx("mx.b.example", "192.0.2.2"));
    QVERIFY(!reach->isBlocked(Freshness::Cached));
    reach->learn(mx("mx.c.example", "192.0.2.3"));
    QVERIFY(reach->isBlocked(Freshness::Cached));
}

void tst_Port25Reach::severalProcessesShowIt() {
    Computer computer;
    computer.process()->learn(mx("mx.a.example", "192.0.2.1"));
    computer.process()->learn(mx("mx.a.example", "192.0.2.1")); // the same again
    computer.process()->learn(mx("mx.b.example", "192.0.2.2"));
    QVERIFY(!computer.process()->isBlocked(Freshness::Cached));
    // Another network's failures don't count here.
    computer.network = "home";
    computer.process()->learn(mx("mx.d.example", "192.0.2.4"));
    QVERIFY(!computer.process()->isBlocked(Freshness::Cached));
    computer.network = "office";
    computer.process()->learn(mx("mx.c.example", "192.0.2.3"));
    QVERIFY(computer.process()->isBlocked(Freshness::Cached));
    // One that is reached disproves what was gathered, for the processes after it as well.
    computer.network = "cafe";
    computer.process()->learn(mx("mx.a.example", "192.0.2.1"));
    computer.process()->learn(mx("mx.b.example", "192.0.2.2"));
    computer.process()->learn(mx("mx.e.example", "192.0.2.5", ProbeOutcome::Encrypted));
    computer.process()->learn(mx("mx.c.example", "192.0.2.3"));
    QVERIFY(!computer.process()->isBlocked(Freshness::Cached));
}

void tst_Port25Reach::relatedHostsAreOneWitness() {
    Computer computer;
    const auto reach = computer.process();
    for (const auto *host : {"mx1.a.example", "mx2.a.example", "mx3.a.example", "mx4.a.example"}) {
        reach->learn(mx(host, std::string("192.0.2.1") + host[2]));
    }
    reach->learn(mx("mx.b.example", "192.0.2.11")); // the address of the first
    reach->learn(mx("mx.c.example", "192.0.2.99"));
    QVERIFY(!reach->isBlocked(Freshness::Cached));
}

void tst_Port25Reach::oneReachedHostDisprovesIt() {
    Computer computer;
    const auto reach = computer.process();
    failThree(*reach);
    reach->learn(mx("mx.d.example", "192.0.2.4", ProbeOutcome::TempRejected));
    QVERIFY(!reach->isBlocked(Freshness::Cached));
    failThree(*reach); // dead ones of an open network
    QVERIFY(!reach->isBlocked(Freshness::Cached));
    QVERIFY(!computer.process()->isBlocked(Freshness::Cached));
    computer.clock->advance(61min);
    failThree(*reach);
    QVERIFY(reach->isBlocked(Freshness::Cached));
}

void tst_Port25Reach::whatSaysNothingCountsNothing() {
    Computer computer;
    const auto reach = computer.process();
    int number = 0;
    for (const auto outcome : {ProbeOutcome::NotProbed, ProbeOutcome::PortBlocked,
                               ProbeOutcome::NoAddress, ProbeOutcome::PrivateAddress}) {
        ++number;
        reach->learn(mx("mx.d" + std::to_string(number) + ".example",
                        "192.0.2." + std::to_string(number), outcome));
    }
    for (const auto *host : {"mx.f.example", "mx.g.example", "mx.h.example"}) {
        auto failed = mx(host, "", ProbeOutcome::Unreachable);
        failed.addresses.clear(); // DNS failed, not the connection
        reach->learn(failed);
    }
    QVERIFY(!reach->isBlocked(Freshness::Cached));
    failThree(*reach);
    reach->learn(mx("mx.e.example", "192.0.2.9", ProbeOutcome::NotProbed));
    QVERIFY(reach->isBlocked(Freshness::Cached));
}

void tst_Port25Reach::anotherNetworkIsAnotherMatter() {
    Computer computer;
    const auto reach = computer.process();
    failThree(*reach);
    computer.network = "home";
    QVERIFY(!reach->isBlocked(Freshness::Cached));
    reach->learn(mx("mx.a.example", "192.0.2.1", ProbeOutcome::Encrypted));
    computer.network = "office";
    QVERIFY(reach->isBlocked(Freshness::Cached)); // back again: it is remembered
}

void tst_Port25Reach::rememberedForAWhile() {
    Computer computer;
    failThree(*computer.process());
    QVERIFY(computer.process()->isBlocked(Freshness::Cached));
    computer.clock->advance(31min);
    QVERIFY(!computer.process()->isBlocked(Freshness::Cached));
}

void tst_Port25Reach::freshness() {
    Computer computer;
    const auto first = computer.process();
    failThree(*first);
    QVERIFY(first->isBlocked(Freshness::FreshOnce));
    QVERIFY(!first->isBlocked(Freshness::Fresh));
    const auto second = computer.process();
    QVERIFY(second->isBlocked(Freshness::Cached));
    QVERIFY(!second->isBlocked(Freshness::FreshOnce)); // an earlier process found it
}

QTEST_GUILESS_MAIN(tst_Port25Reach)
#include "tst_Port25Reach.moc"
