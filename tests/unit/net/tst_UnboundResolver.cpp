// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/DnsResolver.h"

#include <QDeadlineTimer>
#include <QElapsedTimer>
#include <QSet>
#include <QTemporaryDir>
#include <QUdpSocket>
#include <QtTest>
#include <thread>
#include <vector>

using namespace sealpost;
using namespace std::chrono_literals;
using net::DnsOutcome;
using net::DnsType;

namespace {
//! The discard port of the loopback address: nobody answers there.
const net::UnboundConfig kNobody{"127.0.0.1@9", {}};
} // namespace

//! What needs no server; answers of a real one are in tests/lab.
class tst_UnboundResolver : public QObject {
    Q_OBJECT
private slots:
    void missingAnchor();
    void brokenAnchor();
    void badForwarder();
    void badName();
    void nobodyAnswers();
    void stopIsHeeded();
    void stopEndsEveryWait();
    void eachWaitHasItsOwnEnd();
    void severalQuestionsAtOnce();
    void manyThreads();
    void expectedQuestionsAreAskedAtOnce();
};

void tst_UnboundResolver::missingAnchor() {
    const auto resolver = net::makeUnboundResolver({"127.0.0.1@9", "/nowhere/root.key"});
    QVERIFY(!resolver);
    QCOMPARE(resolver.error().code, "dns.anchor");
    QCOMPARE(resolver.error().subject, "/nowhere/root.key");
}

void tst_UnboundResolver::brokenAnchor() {
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("root.key")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("this is no trust anchor\n");
    file.close();
    const auto resolver = net::makeUnboundResolver({"127.0.0.1@9", file.fileName().toStdString()});
    QVERIFY(!resolver);
    QCOMPARE(resolver.error().code, "dns.anchor");
    QCOMPARE(resolver.error().reaction, Reaction::AskAdmin);
}

void tst_UnboundResolver::badForwarder() {
    const auto resolver = net::makeUnboundResolver({"not an address", {}});
    QVERIFY(!resolver);
    QCOMPARE(resolver.error().code, "dns.config");
}

void tst_UnboundResolver::badName() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    const auto answer =
        (*resolver)->query(std::string(300, 'a') + ".example", DnsType::A, Deadline::after(2s), {});
    QCOMPARE(answer.outcome, DnsOutcome::TempFailure);
    QVERIFY(!answer.detail.empty());
}

void tst_UnboundResolver::nobodyAnswers() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    QElapsedTimer timer;
    timer.start();
    const auto answer =
        (*resolver)->query("court.example", DnsType::Mx, Deadline::after(200ms), {});
    QCOMPARE(answer.outcome, DnsOutcome::TempFailure);
    QVERIFY(answer.evidence() == Evidence::TempFailure);
    QVERIFY(answer.rdata.empty());
    QVERIFY(timer.elapsed() < 10'000);
}

void tst_UnboundResolver::stopIsHeeded() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    std::stop_source stop;
    stop.request_stop();
    const auto answer =
        (*resolver)->query("court.example", DnsType::Mx, Deadline::after(60s), stop.get_token());
    QCOMPARE(answer.outcome, DnsOutcome::TempFailure);
    QCOMPARE(answer.detail, "stopped");
}

//! Of the thread that listens, and of those that wait for it.
void tst_UnboundResolver::stopEndsEveryWait() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    std::stop_source stop;
    std::atomic<int> stopped{0};
    QElapsedTimer timer;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i) {
            threads.emplace_back([&, i] {
                const auto answer =
                    (*resolver)->query("s" + std::to_string(i) + ".example", DnsType::Mx,
                                       Deadline::after(60s), stop.get_token());
                stopped += answer.detail == "stopped" ? 1 : 0;
            });
        }
        timer.start();
        stop.request_stop();
    }
    QCOMPARE(stopped.load(), 6);
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

//! Whoever listens leaves before the others; somebody must go on listening for them.
void tst_UnboundResolver::eachWaitHasItsOwnEnd() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    std::atomic<int> known{0};
    std::atomic<int> failures{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                for (int j = 0; j < 20; ++j) {
                    // "localhost" is known without asking (RFC 6761); nobody answers the others.
                    const bool local = (i + j) % 2 == 0;
                    const auto name = local ? std::string("localhost")
                                            : "e" + std::to_string(i * 20 + j) + ".example";
                    const auto answer = (*resolver)->query(name, DnsType::A,
                                                           Deadline::after(local ? 60s : 5ms), {});
                    known += answer.outcome == DnsOutcome::Records ? 1 : 0;
                    failures += answer.outcome == DnsOutcome::TempFailure ? 1 : 0;
                }
            });
        }
    }
    QCOMPARE(known.load(), 80);
    QCOMPARE(failures.load(), 80);
}

void tst_UnboundResolver::severalQuestionsAtOnce() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    QElapsedTimer timer;
    timer.start();
    // "localhost" is known without asking (RFC 6761); the others wait for nobody, together.
    const auto answers = (*resolver)->queryAll(
        {{"a.example", DnsType::Aaaa}, {"localhost", DnsType::A}, {"b.example", DnsType::A}},
        Deadline::after(300ms), {});
    QCOMPARE(answers.size(), 3U);
    QCOMPARE(answers[0].outcome, DnsOutcome::TempFailure);
    QCOMPARE(answers[1].outcome, DnsOutcome::Records);
    QCOMPARE(net::addressRecords(answers[1]), std::vector<std::string>{"127.0.0.1"});
    QCOMPARE(answers[2].outcome, DnsOutcome::TempFailure);
    QVERIFY(timer.elapsed() < 10'000);
}

void tst_UnboundResolver::manyThreads() {
    const auto resolver = net::makeUnboundResolver(kNobody);
    QVERIFY(resolver.has_value());
    std::atomic<int> failures{0};
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&, i] {
                for (int j = 0; j < 5; ++j) {
                    const auto name = std::to_string(i * 10 + j) + ".example";
                    const auto answer =
                        (*resolver)->query(name, DnsType::A, Deadline::after(20ms), {});
                    failures += answer.outcome == DnsOutcome::TempFailure ? 1 : 0;
                }
            });
        }
    }
    QCOMPARE(failures.load(), 40);
}

//! "MX court.example" of a question in wire form.
static QString questionOf(const QByteArray &message) {
    QString name;
    qsizetype at = 12; // after the header
    while (at < message.size() && message.at(at) != 0) {
        const auto length = static_cast<unsigned char>(message.at(at));
        name += QString::fromLatin1(message.mid(at + 1, length)) + u'.';
        at += 1 + length;
    }
    const auto type = message.mid(at + 1, 2).toHex().toInt(nullptr, 16);
    return QStringLiteral("%1 %2").arg(type).arg(name);
}

//! To a resolver that answers nothing: without expect() only the first question would come, and the
//! keys one after the other.
void tst_UnboundResolver::expectedQuestionsAreAskedAtOnce() {
    QUdpSocket server;
    QVERIFY(server.bind(QHostAddress::LocalHost, 0));
    const auto resolver =
        net::makeUnboundResolver({"127.0.0.1@" + std::to_string(server.localPort()), {}});
    QVERIFY(resolver.has_value());
    (*resolver)->expect("court.example", {{"court.example", DnsType::Mx}});
    const QSet<QString> wanted{
        QStringLiteral("15 court.example."), // MX
        QStringLiteral("48 court.example."), // DNSKEY
        QStringLiteral("43 court.example."), // DS
        QStringLiteral("48 example."),       QStringLiteral("43 example."), QStringLiteral("48 ")};
    QSet<QString> asked;
    const QDeadlineTimer limit(20'000);
    while (!asked.contains(wanted) && !limit.hasExpired()) {
        if (server.hasPendingDatagrams() || server.waitForReadyRead(100)) {
            QByteArray message(4096, '\0');
            message.resize(server.readDatagram(message.data(), message.size()));
            asked.insert(questionOf(message));
        }
    }
    QVERIFY2(asked.contains(wanted), qPrintable(asked.values().join(u',')));
}

QTEST_GUILESS_MAIN(tst_UnboundResolver)
#include "tst_UnboundResolver.moc"
