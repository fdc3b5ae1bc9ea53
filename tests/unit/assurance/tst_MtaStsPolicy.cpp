// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/MtaStsPolicy.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using assurance::MtaStsMode;
using assurance::parseMtaStsPolicy;

namespace {
using Texts = std::vector<std::string>;

const std::string kGood = "version: STSv1\nmode: enforce\nmx: mx.court.example\nmax_age: 604800\n";

//! The good policy with one piece replaced.
std::string with(const std::string &piece, const std::string &other) {
    auto text = kGood;
    return text.replace(text.find(piece), piece.size(), other);
}

std::string codeOf(const Result<std::string> &result) {
    return result ? "" : result.error().code;
}
} // namespace

class tst_MtaStsPolicy : public QObject {
    Q_OBJECT
private slots:
    void ids_data();
    void ids();
    void policy();
    void acceptedPolicies_data();
    void acceptedPolicies();
    void refusedPolicies_data();
    void refusedPolicies();
    void firstOfTwoCounts();
    void allows_data();
    void allows();
    void reportUris_data();
    void reportUris();
};

void tst_MtaStsPolicy::ids_data() {
    QTest::addColumn<Texts>("texts");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QByteArray>("code");
    const auto good = [](const char *name, const Texts &texts, const char *id) {
        QTest::newRow(name) << texts << QByteArray(id) << QByteArray();
    };
    const auto bad = [](const char *name, const Texts &texts, const char *code) {
        QTest::newRow(name) << texts << QByteArray() << QByteArray(code);
    };
    good("rfc8461-3.1-example", {"v=STSv1; id=20160831085700Z;"}, "20160831085700Z");
    good("no last semicolon", {"v=STSv1;id=1"}, "1");
    good("spaces around the delimiter", {"v=STSv1; \t id=1 ;  "}, "1");
    good("unknown fields", {"v=STSv1; x-a.b_c=d; id=1; y=2"}, "1");
    good("first of two ids", {"v=STSv1; id=1; id=2"}, "1");
    good("rfc8461-3.1-others are discarded", {"v=spf1 -all", "v=STSv1; id=1", "v=STSv10; id=2"},
         "1");
    good("longest id", {"v=STSv1; id=" + std::string(32, 'a')}, std::string(32, 'a').c_str());
    bad("nothing", {}, "mta-sts.absent");
    bad("something else", {"v=spf1 -all"}, "mta-sts.absent");
    bad("rfc8461-3.1-version is case-sensitive", {"V=STSV1; id=1"}, "mta-sts.absent");
    bad("rfc8461-3.1-must begin with the version", {" v=STSv1; id=1"}, "mta-sts.absent");
    bad("rfc8461-3.1-version without semicolon", {"v=STSv1 id=1"}, "mta-sts.absent");
    bad("rfc8461-3.1-two records", {"v=STSv1; id=1", "v=STSv1; id=1"}, "mta-sts.several");
    bad("no id", {"v=STSv1;"}, "mta-sts.record");
    bad("empty id", {"v=STSv1; id="}, "mta-sts.record");
    bad("id too long", {"v=STSv1; id=" + std::string(33, 'a')}, "mta-sts.record");
    bad("id with a sign", {"v=STSv1; id=2026-01-01"}, "mta-sts.record");
    bad("id in capitals is another field", {"v=STSv1; ID=1"}, "mta-sts.record");
    bad("empty field", {"v=STSv1;; id=1"}, "mta-sts.record");
    bad("field without value", {"v=STSv1; id=1; x"}, "mta-sts.record");
    bad("field without name", {"v=STSv1; id=1; =x"}, "mta-sts.record");
    bad("name too long", {"v=STSv1; id=1; " + std::string(33, 'n') + "=x"}, "mta-sts.record");
    bad("NUL in the id", {"v=STSv1; id=1\0"s + "2"}, "mta-sts.record");
}

void tst_MtaStsPolicy::ids() {
    QFETCH(Texts, texts);
    QFETCH(QByteArray, id);
    QFETCH(QByteArray, code);
    const auto result = assurance::mtaStsId(texts);
    QCOMPARE(QByteArray::fromStdString(codeOf(result)), code);
    QCOMPARE(QByteArray::fromStdString(result.value_or("")), id);
}

void tst_MtaStsPolicy::policy() {
    const auto policy = parseMtaStsPolicy("version: STSv1\r\nmode: testing\r\nmx: MX1.Court.Example"
                                          "\r\nmx: *.backup.example\r\nmax_age: 86401\r\n");
    QVERIFY(policy.has_value());
    QVERIFY(policy->mode == MtaStsMode::Testing);
    QVERIFY(policy->maxAge == 86'401s);
    QCOMPARE(policy->mx, (Texts{"mx1.court.example", "*.backup.example"}));
}

void tst_MtaStsPolicy::acceptedPolicies_data() {
    QTest::addColumn<QByteArray>("file");
    const auto row = [](const char *name, const std::string &file) {
        QTest::newRow(name) << QByteArray::fromStdString(file);
    };
    row("as it is", kGood);
    row("no last line end", kGood.substr(0, kGood.size() - 1));
    row("empty lines at the end", kGood + "\n\r\n");
    row("no space after the colon", with("mode: enforce", "mode:enforce"));
    row("tabs and spaces", with("mode: enforce", "mode: \t enforce \t"));
    row("rfc8461-3.2-unknown keys", kGood + "x-note: anything: at all é\n");
    row("none without mx", "version: STSv1\nmode: none\nmax_age: 0\n");
    row("any order", "max_age: 1\nmx: a.example\nmode: enforce\nversion: STSv1");
    row("ten digits", with("604800", "9999999999"));
    row("CRLF and LF mixed", with("enforce\n", "enforce\r\n"));
}

void tst_MtaStsPolicy::acceptedPolicies() {
    QFETCH(QByteArray, file);
    const auto policy = parseMtaStsPolicy(file.toStdString());
    QVERIFY2(policy.has_value(), policy ? "" : policy.error().logSafeDetail.c_str());
}

void tst_MtaStsPolicy::refusedPolicies_data() {
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("detail");
    const auto row = [](const char *name, const std::string &file, const char *detail) {
        QTest::newRow(name) << QByteArray::fromStdString(file) << QByteArray(detail);
    };
    row("empty", "", "version");
    row("rfc8461-3.2-no version", with("version: STSv1\n", ""), "version");
    row("rfc8461-3.2-another version", with("STSv1", "STSv2"), "version");
    row("version is case-sensitive", with("STSv1", "stsv1"), "version");
    row("rfc8461-3.2-no mode", with("mode: enforce\n", ""), "mode");
    row("unknown mode", with("enforce", "report"), "mode");
    row("mode is case-sensitive", with("enforce", "Enforce"), "mode");
    row("rfc8461-3.2-no max_age", with("max_age: 604800\n", ""), "max_age");
    row("max_age no number", with("604800", "1d"), "max_age");
    row("max_age negative", with("604800", "-1"), "max_age");
    row("max_age of eleven digits", with("604800", "10000000000"), "max_age");
    row("rfc8461-3.2-no mx", with("mx: mx.court.example\n", ""), "no mx");
    row("mx empty", with("mx.court.example", ""), "mx");
    row("mx with a wildcard inside", with("mx.court.example", "mx.*.example"), "mx");
    row("mx with a wildcard in a label", with("mx.court.example", "mx*.court.example"), "mx");
    row("mx a wildcard alone", with("mx.court.example", "*."), "mx");
    row("mx a leading dot", with("mx.court.example", ".court.example"), "mx");
    row("mx two hosts", with("mx.court.example", "a.example b.example"), "mx");
    row("an HTML page", "<!doctype html>\n<html></html>\n", "line 1");
    row("no colon", kGood + "note\n", "line 5");
    row("key with a space", kGood + "a note: x\n", "line 5");
    row("a control character", kGood + "note: \x07\n", "line 5");
    row("CR alone", with("enforce\n", "enforce\r"), "line 2");
    row("NUL", kGood + "note: a\0b\n"s, "line 5");
}

void tst_MtaStsPolicy::refusedPolicies() {
    QFETCH(QByteArray, file);
    QFETCH(QByteArray, detail);
    const auto policy = parseMtaStsPolicy(file.toStdString());
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, "mta-sts.policy");
    QCOMPARE(QByteArray::fromStdString(policy.error().logSafeDetail), detail);
}

void tst_MtaStsPolicy::firstOfTwoCounts() {
    //= RFC 8461 §3.2
    const auto policy = parseMtaStsPolicy(kGood + "mode: none\nmax_age: 1\nversion: STSv9\n");
    QVERIFY(policy.has_value());
    QVERIFY(policy->mode == MtaStsMode::Enforce);
    QVERIFY(policy->maxAge == 604'800s);
}

void tst_MtaStsPolicy::allows_data() {
    QTest::addColumn<QByteArray>("pattern");
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("allowed");
    const auto row = [](const char *name, const char *pattern, const char *host, bool allowed) {
        QTest::newRow(name) << QByteArray(pattern) << QByteArray(host) << allowed;
    };
    row("the host", "mx.court.example", "mx.court.example", true);
    row("another host", "mx.court.example", "mx2.court.example", false);
    row("a host below", "court.example", "mx.court.example", false);
    row("a longer name", "court.example", "evilcourt.example", false);
    row("rfc8461-4.1-wildcard", "*.court.example", "mx.court.example", true);
    row("rfc8461-4.1-wildcard-one-label", "*.court.example", "a.mx.court.example", false);
    row("rfc8461-4.1-wildcard-not-none", "*.court.example", "court.example", false);
    row("wildcard at a label's end", "*.court.example", "evilcourt.example", false);
    row("an empty label is none", "*.court.example", ".court.example", false);
}

void tst_MtaStsPolicy::allows() {
    QFETCH(QByteArray, pattern);
    QFETCH(QByteArray, host);
    QFETCH(bool, allowed);
    assurance::MtaStsPolicy policy{MtaStsMode::Enforce, 1s, {"other.example"}};
    QVERIFY(!policy.allows(host.toStdString()));
    policy.mx.push_back(pattern.toStdString());
    QCOMPARE(policy.allows(host.toStdString()), allowed);
}

void tst_MtaStsPolicy::reportUris_data() {
    QTest::addColumn<Texts>("texts");
    QTest::addColumn<Texts>("uris");
    QTest::addColumn<QByteArray>("code");
    const auto good = [](const char *name, const Texts &texts, const Texts &uris) {
        QTest::newRow(name) << texts << uris << QByteArray();
    };
    const auto bad = [](const char *name, const Texts &texts, const char *code) {
        QTest::newRow(name) << texts << Texts() << QByteArray(code);
    };
    good("rfc8460-3.1.1-mail", {"v=TLSRPTv1;rua=mailto:reports@example.com"},
         {"mailto:reports@example.com"});
    good("rfc8460-3.1.2-https", {"v=TLSRPTv1; rua=https://reporting.example.com/v1/tlsrpt?a=b;"},
         {"https://reporting.example.com/v1/tlsrpt?a=b"});
    good("several", {"v=TLSRPTv1; rua=mailto:a@b.example , https://c.example/"},
         {"mailto:a@b.example", "https://c.example/"});
    bad("nothing", {}, "tls-rpt.absent");
    bad("another record", {"v=STSv1; id=1"}, "tls-rpt.absent");
    bad("rfc8460-3-two records", {"v=TLSRPTv1;rua=mailto:a@b.c", "v=TLSRPTv1;rua=mailto:a@b.c"},
        "tls-rpt.several");
    bad("no rua", {"v=TLSRPTv1;"}, "tls-rpt.record");
    bad("plain http", {"v=TLSRPTv1;rua=http://c.example/"}, "tls-rpt.record");
    bad("no scheme", {"v=TLSRPTv1;rua=a@b.example"}, "tls-rpt.record");
    bad("scheme alone", {"v=TLSRPTv1;rua=mailto:"}, "tls-rpt.record");
    bad("one of two is empty", {"v=TLSRPTv1;rua=mailto:a@b.example,"}, "tls-rpt.record");
}

void tst_MtaStsPolicy::reportUris() {
    QFETCH(Texts, texts);
    QFETCH(Texts, uris);
    QFETCH(QByteArray, code);
    const auto result = assurance::tlsReportUris(texts);
    QCOMPARE(QByteArray::fromStdString(result ? "" : result.error().code), code);
    QCOMPARE(result.value_or(Texts()), uris);
}

QTEST_GUILESS_MAIN(tst_MtaStsPolicy)
#include "tst_MtaStsPolicy.moc"
