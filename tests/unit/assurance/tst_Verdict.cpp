// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/Verdict.h"

#include "assurance/PolicyStanding.h"

#include <QtTest>
#include <chrono>
#include <utility>

using namespace sealpost;
using namespace std::string_literals;
using assurance::DaneMatch;
using assurance::MtaStsMode;
using assurance::MtaStsReport;
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

MxReport faulty(std::vector<crypto::PeerProblem> problems) {
    auto report = encrypted();
    report.tls->problems = std::move(problems);
    return report;
}

MxReport faulty(crypto::PeerProblem problem) {
    return faulty(std::vector{problem});
}

MxReport selfSignedPeer() {
    auto report = faulty(crypto::PeerProblem::SelfSigned);
    report.tls->chainValid = false;
    return report;
}

MxReport otherName() {
    auto report = faulty(crypto::PeerProblem::NameMismatch);
    report.tls->nameMatches = false;
    return report;
}

//! With usable TLSA records.
MxReport dane(MxReport report, DaneMatch match) {
    report.dane = {Evidence::Proven, {"3 1 1 00"}, 1, match};
    return report;
}

MxReport unusable(MxReport report) {
    report.dane = {Evidence::Proven, {"1 1 1 00"}, 0, DaneMatch::Unusable};
    return report;
}

MxReport tlsaStatus(MxReport report, Evidence status) {
    report.dane.status = status;
    return report;
}

MtaStsReport mtaSts(MtaStsMode mode, std::vector<std::string> patterns = {"*.court.example"}) {
    MtaStsReport report;
    report.status = Evidence::Proven;
    report.policy = assurance::MtaStsPolicy{mode, std::chrono::hours(24), std::move(patterns)};
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
    void policies_data();
    void policies();
    void standingIsTold_data();
    void standingIsTold();
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
    const auto verdict = assurance::verdictOf(reports, {}, least);
    QCOMPARE(QByteArray::fromStdString(std::string(toString(verdict.assurance))), expected);
    QCOMPARE(verdict.minimumMet, verdict.assurance == Assurance::Verified);
}

void tst_Verdict::policies_data() {
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<MtaStsReport>("mtaSts");
    QTest::addColumn<std::vector<MxReport>>("reports");
    const auto row = [](const char *name, const char *expected, const MtaStsReport &mtaSts,
                        std::vector<MxReport> reports) {
        for (std::size_t i = 0; i < reports.size(); ++i) {
            reports[i].host = "mx" + std::to_string(i + 1) + ".court.example";
        }
        QTest::newRow(name) << QByteArray(expected) << mtaSts << reports;
    };
    using enum ProbeOutcome;
    using enum DaneMatch;
    using crypto::PeerProblem;
    const MtaStsReport nothing;
    const auto selfSigned = faulty(PeerProblem::SelfSigned);

    row("DANE fulfilled", "enforced", nothing, {dane(encrypted(), EndEntity)});
    row("DANE-EE needs no authority, name or date", "enforced", nothing,
        {dane(faulty({PeerProblem::SelfSigned, PeerProblem::NameMismatch, PeerProblem::Expired}),
              EndEntity)});
    row("DANE-TA needs no public authority", "enforced", nothing,
        {dane(faulty(PeerProblem::UntrustedRoot), Anchor)});
    row("DANE-EE: nobody's signature counts", "enforced", nothing,
        {dane(faulty(PeerProblem::WeakSignature), EndEntity)});
    row("DANE-TA with a weak signature", "weak", nothing,
        {dane(faulty(PeerProblem::WeakSignature), Anchor)});
    row("DANE with a weak key", "weak", nothing, {dane(faulty(PeerProblem::WeakKey), EndEntity)});
    row("DANE with an old version", "weak", nothing, {dane(encrypted("TLSv1.1"), EndEntity)});
    row("DANE mismatch with a public certificate", "violated", nothing,
        {dane(encrypted(), Mismatch)});
    row("DANE, one of two mismatches", "violated", nothing,
        {dane(encrypted(), EndEntity), dane(encrypted(), Mismatch)});
    row("DANE without STARTTLS", "violated", nothing, {dane(mx(NoStartTls), NotCompared)});
    row("DANE, STARTTLS refused", "violated", nothing, {dane(mx(StartTlsRefused), NotCompared)});
    row("DANE, handshake fails", "violated", nothing, {dane(mx(HandshakeFailed), NotCompared)});
    row("DANE, mangled on the way", "violated", nothing, {dane(mx(Mangled), NotCompared)});
    row("DANE, injected", "violated", nothing, {dane(mx(Injected), NotCompared)});
    row("DANE, garbage", "unknown", nothing, {dane(mx(Garbage), NotCompared)});
    row("DANE, chain not seen", "unknown", nothing, {dane(encrypted(), NotCompared)});
    row("DANE, port 25 out of reach", "published", nothing, {dane(mx(PortBlocked), NotCompared)});
    row("DANE, not asked", "published", nothing, {dane(mx(NotProbed), NotCompared)});
    row("DANE, unreachable", "published", nothing, {dane(mx(Unreachable), NotCompared)});
    row("DANE, talks to known senders alone", "published", nothing,
        {dane(mx(Rejected), NotCompared)});
    row("DANE, one silent", "enforced", nothing,
        {dane(encrypted(), EndEntity), dane(mx(Silent), NotCompared)});
    row("DANE, no MX with an address", "unknown", nothing,
        {dane(mx(NoAddress), NotCompared), dane(mx(PrivateAddress), NotCompared)});
    row("DANE for one of two, both good", "verified", nothing,
        {dane(encrypted(), EndEntity), encrypted()});
    row("DANE for one of two, the other dead", "verified", nothing,
        {dane(encrypted(), EndEntity), mx(Unreachable)});
    row("DANE for one of two, both out of reach", "unknown", nothing,
        {dane(mx(PortBlocked), NotCompared), mx(PortBlocked)});
    row("DANE for one of two, the other without TLS", "none", nothing,
        {dane(encrypted(), EndEntity), mx(NoStartTls)});
    row("violated below none", "violated", nothing,
        {dane(mx(NoStartTls), NotCompared), mx(NoStartTls)});

    row("unusable records, public certificate", "verified", nothing, {unusable(encrypted())});
    row("unusable records, own certificate", "weak", nothing, {unusable(selfSigned)});
    row("rfc7672-2.2-unusable records ask for TLS", "violated", nothing,
        {unusable(mx(NoStartTls))});
    row("unusable records, out of reach", "unknown", nothing, {unusable(mx(PortBlocked))});
    row("bogus records", "unknown", nothing, {tlsaStatus(encrypted(), Evidence::Bogus)});
    row("records not to be had", "unknown", nothing,
        {tlsaStatus(encrypted(), Evidence::TempFailure)});
    row("records not to be had, no TLS", "none", nothing,
        {tlsaStatus(mx(NoStartTls), Evidence::TempFailure)});
    row("no records", "verified", nothing, {tlsaStatus(encrypted(), Evidence::ProvenAbsent)});

    const auto enforce = mtaSts(MtaStsMode::Enforce);
    row("MTA-STS fulfilled", "enforced", enforce, {encrypted(), encrypted("TLSv1.2")});
    row("MTA-STS, own certificate", "violated", enforce, {selfSignedPeer()});
    row("MTA-STS, certificate for another name", "violated", enforce, {otherName()});
    row("MTA-STS, weak key", "weak", enforce, {faulty(PeerProblem::WeakKey)});
    row("MTA-STS without STARTTLS", "violated", enforce, {mx(NoStartTls)});
    row("MTA-STS, a backup without STARTTLS", "violated", enforce, {encrypted(), mx(NoStartTls)});
    row("MTA-STS, port 25 out of reach", "published", enforce, {mx(PortBlocked)});
    row("MTA-STS, greylisted", "published", enforce, {mx(TempRejected)});
    row("MTA-STS, endless", "unknown", enforce, {mx(Endless)});
    row("MTA-STS, dead backup", "enforced", enforce, {encrypted(), mx(Unreachable)});
    const auto first = mtaSts(MtaStsMode::Enforce, {"mx1.court.example"});
    row("rfc8461-4.1-an MX that no pattern allows", "violated", first, {encrypted(), encrypted()});
    row("an MX that no pattern allows, not asked", "violated", first,
        {mx(PortBlocked), mx(PortBlocked)});
    row("an MX that no pattern allows, but by DANE", "enforced", first,
        {encrypted(), dane(encrypted(), EndEntity)});
    row("rfc8461-2-MTA-STS does not save from DANE", "violated", enforce,
        {dane(encrypted(), Mismatch)});
    row("DANE needs no MTA-STS", "enforced", enforce, {dane(selfSigned, EndEntity)});
    row("MTA-STS where TLSA is not to be had", "enforced", enforce,
        {tlsaStatus(encrypted(), Evidence::TempFailure)});
    row("MTA-STS does not cover a forged TLSA", "unknown", enforce,
        {tlsaStatus(encrypted(), Evidence::Bogus)});

    for (const auto mode : {MtaStsMode::Testing, MtaStsMode::None}) {
        const auto lax = mtaSts(mode, {"other.example"});
        const auto word = std::string(toString(mode));
        row((word + ", good").c_str(), "verified", lax, {encrypted()});
        row((word + ", no STARTTLS").c_str(), "none", lax, {mx(NoStartTls)});
        row((word + ", out of reach").c_str(), "unknown", lax, {mx(PortBlocked)});
        row((word + ", mangled").c_str(), "unknown", lax, {mx(Mangled)});
    }
    auto doubtful = enforce;
    doubtful.status = Evidence::TempFailure;
    row("a policy that is not proven", "verified", doubtful, {encrypted()});
}

void tst_Verdict::policies() {
    QFETCH(QByteArray, expected);
    QFETCH(MtaStsReport, mtaSts);
    QFETCH(std::vector<MxReport>, reports);
    const auto verdict = assurance::verdictOf(reports, mtaSts, {});
    QCOMPARE(QByteArray::fromStdString(std::string(toString(verdict.assurance))), expected);
    QCOMPARE(verdict.minimumMet,
             verdict.assurance == Assurance::Verified || verdict.assurance == Assurance::Enforced);
}

void tst_Verdict::standingIsTold_data() {
    QTest::addColumn<QByteArray>("expected"); // of mta-sts:HOST and tampering:HOST
    QTest::addColumn<MtaStsReport>("mtaSts");
    QTest::addColumn<MxReport>("report");
    const auto row = [](const char *name, const char *expected, const MtaStsReport &mtaSts,
                        MxReport report) {
        report.host = "mx1.court.example";
        QTest::newRow(name) << QByteArray(expected) << mtaSts << report;
    };
    using enum ProbeOutcome;
    const MtaStsReport nothing;
    const auto testing = mtaSts(MtaStsMode::Testing);
    row("nothing published", "", nothing, mx(NoStartTls));
    row("mode none", "", mtaSts(MtaStsMode::None), mx(NoStartTls));
    row("DANE stripped", "tampering bogus", nothing, dane(mx(NoStartTls), DaneMatch::NotCompared));
    row("unusable TLSA stripped", "tampering bogus", nothing, unusable(mx(NoStartTls)));
    row("DANE mangled", "tampering bogus", nothing, dane(mx(Mangled), DaneMatch::NotCompared));
    row("DANE injected", "tampering bogus", nothing, dane(mx(Injected), DaneMatch::NotCompared));
    row("DANE silent", "", nothing, dane(mx(Silent), DaneMatch::NotCompared));
    row("DANE mismatch", "", nothing, dane(encrypted(), DaneMatch::Mismatch));
    row("allowed and right", "mta-sts proven", testing, encrypted());
    row("allowed, own certificate", "mta-sts proven-absent", testing, selfSignedPeer());
    row("allowed, out of reach", "mta-sts not-checked", testing, mx(PortBlocked));
    row("allowed, stripped", "mta-sts proven-absent, tampering bogus", testing, mx(NoStartTls));
    row("not allowed", "mta-sts proven-absent", mtaSts(MtaStsMode::Testing, {"*.example"}),
        encrypted());
}

void tst_Verdict::standingIsTold() {
    QFETCH(QByteArray, expected);
    QFETCH(MtaStsReport, mtaSts);
    QFETCH(MxReport, report);
    QByteArrayList told;
    for (const auto &item : assurance::standingEvidence({report}, mtaSts)) {
        const auto what = QByteArray::fromStdString(item.what);
        QVERIFY(what.endsWith(":mx1.court.example"));
        told.append(what.left(what.indexOf(':')) + ' ' +
                    QByteArray::fromStdString(std::string(base::toString(item.outcome))));
    }
    QCOMPARE(told.join(", "), expected);
}

QTEST_GUILESS_MAIN(tst_Verdict)
#include "tst_Verdict.moc"
