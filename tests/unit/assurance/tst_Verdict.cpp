// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Verdict.h"

#include <QtTest>

using namespace sealpost;
using namespace std::string_literals;
using assurance::MxReport;
using assurance::ProbeOutcome;

namespace {
MxReport mx(ProbeOutcome outcome) {
    MxReport report;
    report.outcome = outcome;
    return report;
}

MxReport encrypted(const std::string &version = "TLSv1.3") {
    auto report = mx(ProbeOutcome::Encrypted);
    report.tls.emplace();
    report.tls->version = version;
    report.tls->chainValid = true;
    report.tls->nameMatches = true;
    return report;
}

MxReport faulty(crypto::PeerProblem problem) {
    auto report = encrypted();
    report.tls->problems = {problem};
    return report;
}

MxReport withoutPeer() {
    return mx(ProbeOutcome::Encrypted);
}

MxReport invalidChain() {
    auto report = encrypted();
    report.tls->chainValid = false;
    return report;
}
} // namespace

class tst_Verdict : public QObject {
    Q_OBJECT
private slots:
    void rules_data();
    void rules();
};

void tst_Verdict::rules_data() {
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<int>("minimum");
    QTest::addColumn<std::vector<MxReport>>("reports");
    const auto row = [](const char *name, const char *expected, std::vector<MxReport> reports,
                        int minimum = 12) {
        QTest::newRow(name) << QByteArray(expected) << minimum << reports;
    };
    using enum ProbeOutcome;
    using crypto::PeerProblem;
    row("all good", "verified", {encrypted(), encrypted("TLSv1.2")});
    row("no MX at all", "unknown", {});
    row("TLS 1.2 below a minimum of 1.3", "weak", {encrypted("TLSv1.2")}, 13);
    row("TLS 1.3 meets a minimum of 1.3", "verified", {encrypted("TLSv1.3")}, 13);
    row("TLS 1.1", "weak", {encrypted("TLSv1.1")});
    row("TLS 1.0 has no number after the point", "weak", {encrypted("TLSv1")});
    row("unheard-of version", "weak", {encrypted("TLSv1.3x")});
    row("SSL 3", "weak", {encrypted("SSLv3")});
    row("expired", "weak", {faulty(PeerProblem::Expired)});
    row("wrong name", "weak", {faulty(PeerProblem::NameMismatch)});
    row("self-signed", "weak", {faulty(PeerProblem::SelfSigned)});
    row("no facts of the peer", "weak", {withoutPeer()});
    row("chain not valid, no problem named", "weak", {invalidChain()});
    row("the weakest decides: weak", "weak", {encrypted(), faulty(PeerProblem::WeakKey)});
    row("the weakest decides: none", "none", {encrypted(), mx(NoStartTls)});
    row("none below weak", "none", {faulty(PeerProblem::Expired), mx(NoStartTls)});
    row("STARTTLS refused", "none", {mx(StartTlsRefused)});
    row("handshake failed", "none", {mx(HandshakeFailed)});
    row("dead backup MX is not counted", "verified", {encrypted(), mx(Unreachable)});
    row("silent backup MX is not counted", "verified", {encrypted(), mx(Silent)});
    row("greylisting backup MX is not counted", "verified", {encrypted(), mx(TempRejected)});
    row("dead MX beside one without TLS", "none", {mx(Unreachable), mx(NoStartTls)});
    row("all dead", "unknown", {mx(Unreachable), mx(Unreachable)});
    row("time-out is not insecure", "unknown", {mx(Silent)});
    row("4xx is not insecure", "unknown", {mx(TempRejected)});
    row("5xx says nothing of TLS", "unknown", {mx(Rejected)});
    row("garbage", "unknown", {mx(Garbage)});
    row("injection", "unknown", {mx(Injected)});
    row("one that was tampered with keeps from verified", "unknown", {encrypted(), mx(Injected)});
    row("one with garbage keeps from verified", "unknown", {encrypted(), mx(Garbage)});
    row("one that refuses to talk keeps from verified", "unknown", {encrypted(), mx(Rejected)});
    row("not probed", "unknown", {mx(NotProbed)});
}

void tst_Verdict::rules() {
    QFETCH(QByteArray, expected);
    QFETCH(int, minimum);
    QFETCH(std::vector<MxReport>, reports);
    policy::TlsMinimum least;
    least.version = minimum;
    const auto verdict = assurance::verdictOf(reports, least);
    QCOMPARE(QByteArray::fromStdString(std::string(toString(verdict.assurance))), expected);
    QCOMPARE(verdict.minimumMet, verdict.assurance == Assurance::Verified);
}

QTEST_GUILESS_MAIN(tst_Verdict)
#include "tst_Verdict.moc"
