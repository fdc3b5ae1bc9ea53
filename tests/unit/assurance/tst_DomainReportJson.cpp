// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainReportJson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QtTest>

using namespace sealpost;
using assurance::DomainReport;
using assurance::ProbeOutcome;

namespace {
DomainReport fullReport() {
    DomainReport report;
    report.domain = "court.example";
    report.assurance = Assurance::Weak;
    report.dnssec = Evidence::Proven;
    report.cjsm = assurance::CjsmStatus::Address;
    report.cjsmAddress = "jo@court.example.cjsm.net";
    report.port25 = Evidence::ProvenAbsent;
    report.dane = Evidence::Proven;
    report.tlsRpt = Evidence::Bogus;
    report.mtaSts = {Evidence::Proven, "20261123",
                     assurance::MtaStsPolicy{assurance::MtaStsMode::Testing,
                                             std::chrono::seconds(604800),
                                             {"*.court.example", "mx.example"}},
                     base::fromIso8601("2026-11-30T14:02:00Z")};
    report.checkedAt = base::fromIso8601("2026-11-23T14:02:00Z");
    report.expiresAt = base::fromIso8601("2026-11-23T15:02:00Z");
    report.duration = std::chrono::milliseconds(1234);
    report.evidence = {{"mx", Evidence::Proven, "10 mx.court.example"},
                       {"dane", Evidence::NotChecked, ""}};
    assurance::MxReport mx;
    mx.host = "mx.court.example";
    mx.preference = 65535;
    mx.addresses = {"192.0.2.1", "2001:db8::1"};
    mx.outcome = ProbeOutcome::Encrypted;
    mx.requireTls = true;
    mx.detail = "250 \"quoted\" é";
    mx.tls.emplace();
    mx.tls->version = "TLSv1.2";
    mx.tls->cipher = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    mx.tls->group = "x25519";
    mx.tls->subject = "CN=mx.court.example";
    mx.tls->issuer = "CN=Test";
    mx.tls->sha256 = "00ff";
    mx.tls->names = {"mx.court.example", "*.court.example"};
    mx.tls->notBefore = base::fromIso8601("2025-01-01T00:00:00Z");
    mx.tls->notAfter = base::fromIso8601("2026-01-01T00:00:00Z");
    mx.tls->keyType = "RSA";
    mx.tls->keyBits = 2048;
    mx.tls->signature = "sha256WithRSAEncryption";
    mx.tls->problems = {crypto::PeerProblem::Expired, crypto::PeerProblem::NameMismatch};
    mx.tls->ocsp = {crypto::OcspState::Good,
                    base::fromIso8601("2025-06-01T00:00:00Z"),
                    base::fromIso8601("2025-06-08T00:00:00Z"),
                    {}};
    mx.capabilities = {"REQUIRETLS", "SIZE 10240000"};
    mx.dane = {Evidence::Proven, {"3 1 1 00ff", "1 1 1 00ff"}, 1, assurance::DaneMatch::EndEntity};
    mx.tls->chainValid = false;
    mx.tls->nameMatches = false;
    report.mx.push_back(mx);
    assurance::MxReport dead;
    dead.host = "backup.court.example";
    dead.outcome = ProbeOutcome::Unreachable;
    report.mx.push_back(dead);
    return report;
}
} // namespace

class tst_DomainReportJson : public QObject {
    Q_OBJECT
private slots:
    void roundTrip();
    void keysOfTheManual();
    void withoutAPolicy();
    void refusesOtherForms_data();
    void refusesOtherForms();
};

void tst_DomainReportJson::roundTrip() {
    const auto first = assurance::toJson(fullReport());
    const auto text = QJsonDocument(first).toJson();
    const auto back = assurance::reportFromJson(QJsonDocument::fromJson(text).object());
    QVERIFY(back.has_value());
    QCOMPARE(assurance::toJson(*back), first);
    QCOMPARE(back->mx.at(0).tls->names.size(), 2U);
    QCOMPARE(back->mx.at(0).tls->keyBits, 2048);
    QCOMPARE(back->mx.at(0).tls->problems.size(), 2U);
    QCOMPARE(back->mx.at(0).capabilities.size(), 2U);
    QVERIFY(back->mx.at(0).tls->ocsp.state == crypto::OcspState::Good);
    QVERIFY(back->mx.at(0).tls->ocsp.revokedAt == Time{});
    QVERIFY(!back->mx.at(1).tls.has_value());
    QVERIFY(back->assurance == Assurance::Weak);
    QVERIFY(back->checkedAt == fullReport().checkedAt);
    QVERIFY(back->port25 == Evidence::ProvenAbsent);
    QVERIFY(back->dane == Evidence::Proven);
    QVERIFY(back->tlsRpt == Evidence::Bogus);
    QVERIFY(back->mtaSts.status == Evidence::Proven);
    QVERIFY(back->mtaSts.until == fullReport().mtaSts.until);
    QVERIFY(back->mtaSts.policy->mode == assurance::MtaStsMode::Testing);
    QVERIFY(back->mtaSts.policy->maxAge == std::chrono::seconds(604800));
    QCOMPARE(back->mtaSts.policy->mx.size(), 2U);
    const auto &dane = back->mx.at(0).dane;
    QVERIFY(dane.status == Evidence::Proven && dane.match == assurance::DaneMatch::EndEntity);
    QCOMPARE(dane.records.size(), 2U);
    QCOMPARE(dane.usable, 1U);
    QVERIFY(back->mx.at(1).dane.status == Evidence::NotChecked);
    QCOMPARE(back->cjsmAddress, "jo@court.example.cjsm.net");
    QVERIFY(!back->fromCache);
}

void tst_DomainReportJson::keysOfTheManual() {
    const auto json = assurance::toJson(fullReport());
    for (const auto *key :
         {"domain", "assurance", "minimum_met", "mx", "dnssec", "mta_sts", "tls_rpt", "port_25",
          "cjsm", "evidence", "checked_at", "expires_at", "duration_ms"}) {
        QVERIFY2(json.contains(QLatin1String(key)), key);
    }
    const auto mx = json.value(QLatin1String("mx")).toArray().at(0).toObject();
    for (const auto *key : {"host", "preference", "addresses", "reachable", "starttls",
                            "tls_version", "cipher", "certificate", "dane", "requiretls"}) {
        QVERIFY2(mx.contains(QLatin1String(key)), key);
    }
    const auto certificate = mx.value(QLatin1String("certificate")).toObject();
    for (const auto *key :
         {"valid", "name_matches", "issuer", "not_after", "key", "signature", "problems"}) {
        QVERIFY2(certificate.contains(QLatin1String(key)), key);
    }
    QCOMPARE(certificate.value(QLatin1String("key")).toString(), QStringLiteral("RSA 2048"));
    QCOMPARE(json.value(QLatin1String("checked_at")).toString(),
             QStringLiteral("2026-11-23T14:02:00Z"));
    const auto dead = json.value(QLatin1String("mx")).toArray().at(1).toObject();
    QVERIFY(dead.value(QLatin1String("certificate")).isNull());
    QVERIFY(!dead.value(QLatin1String("reachable")).toBool());
}

void tst_DomainReportJson::withoutAPolicy() {
    DomainReport report;
    report.domain = "court.example";
    report.mtaSts.status = Evidence::ProvenAbsent;
    const auto json = assurance::toJson(report);
    const auto mtaSts = json.value(QLatin1String("mta_sts")).toObject();
    for (const auto *key : {"mode", "max_age", "id", "in_force_until"}) {
        QVERIFY2(mtaSts.contains(QLatin1String(key)), key);
        QVERIFY2(mtaSts.value(QLatin1String(key)).isNull(), key);
    }
    const auto back = assurance::reportFromJson(json);
    QVERIFY(back->mtaSts.status == Evidence::ProvenAbsent);
    QVERIFY(!back->mtaSts.policy);
    QVERIFY(back->mtaSts.until == Time{});
}

void tst_DomainReportJson::refusesOtherForms_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::newRow("nothing") << QByteArray("{}");
    QTest::newRow("no domain") << QByteArray(R"({"assurance":"verified","mx":[]})");
    QTest::newRow("unheard-of assurance")
        << QByteArray(R"({"domain":"a.example","assurance":"superb","mx":[]})");
    QTest::newRow("mx is no list")
        << QByteArray(R"({"domain":"a.example","assurance":"verified","mx":1})");
}

void tst_DomainReportJson::refusesOtherForms() {
    QFETCH(QByteArray, json);
    QVERIFY(!assurance::reportFromJson(QJsonDocument::fromJson(json).object()));
}

QTEST_GUILESS_MAIN(tst_DomainReportJson)
#include "tst_DomainReportJson.moc"
