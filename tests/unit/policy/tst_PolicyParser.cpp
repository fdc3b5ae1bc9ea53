// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyParser.h"
#include "policy/PolicySchema.h"

#include <QTest>
#include <set>

using namespace sealpost;
using namespace sealpost::policy;

namespace {

QString described(const PolicyProblem &problem) {
    return QStringLiteral("%1:%2 %3 %4 meant=%5 allowed=%6")
        .arg(problem.position.line)
        .arg(problem.position.column)
        .arg(QString::fromStdString(problem.code), QString::fromStdString(problem.key),
             QString::fromStdString(problem.meant), QString::fromStdString(problem.allowed));
}

const char kException[] = "[[tls.exceptions]]\n"
                          "domain = \"Court.Example.\"\n"
                          "reason = \"Old server\"\n"
                          "authorised-by = \"DNS team\"\n"
                          "reference = \"CHG-1\"\n"
                          "expires = 2027-03-31\n";

} // namespace

class TstPolicyParser : public QObject {
    Q_OBJECT
private slots:
    void everyKey_data();
    void everyKey();
    void everyKeyIsTested();
    void problems_data();
    void problems();
    void allProblemsAreReported();
    void lockNamesKeysAndTables();
    void exceptionIsReadWhole();
    void exceptionWithoutAField_data();
    void exceptionWithoutAField();
    void textsAreReadBack();
    void garbageIsASyntaxProblem_data();
    void garbageIsASyntaxProblem();

private:
    std::set<std::string> m_tested; //!< keys of everyKey()
};

void TstPolicyParser::everyKey_data() {
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char *key, const char *value, const char *text = nullptr) {
        QTest::newRow(key) << QByteArray(value) << QByteArray(text == nullptr ? value : text);
    };
    row("organisation.bundle-url", R"("https://policy.justice.example/sealpost")");
    row("organisation.bundle-signers",
        R"(["AB:CD:0000000000000000000000000000000000000000000000000000000000EF"])",
        R"(["abcd0000000000000000000000000000000000000000000000000000000000ef"])");
    row("organisation.bundle-least-version", "7");
    row("organisation.bundle-refresh-hours", "1");
    for (const char *name : {"official", "official-domain-unknown", "sensitive", "secrets"}) {
        const auto table = std::string("decision.") + name;
        row((table + ".routes").c_str(), R"(["ome", "smime"])");
        row((table + ".tls-suffices").c_str(), R"(["enforced", "unknown"])",
            R"(["unknown", "enforced"])");
        row((table + ".justify").c_str(), R"(["tls"])");
    }
    row("tls.minimum-version", R"("1.3")");
    row("tls.minimum-rsa-bits", "3072");
    row("tls.minimum-ec-bits", "384");
    row("tls.required-under", R"(["Gov.UK.", "nhs.uk"])", R"(["gov.uk", "nhs.uk"])");
    row("tls.exceptions",
        R"([{ domain = "a.example", reason = "r", authorised-by = "w", reference = "x", )"
        R"(expires = 2027-03-31T12:00:00+01:00 }])",
        R"([{ domain = "a.example", reason = "r", authorised-by = "w", reference = "x", )"
        R"(expires = 2027-03-31T11:00:00Z }])");
    row("tls.register", R"([{ domain = "a.example", reference = "Line \"1\"" }])");
    row("certificates.revocation-unknown", R"("block")");
    row("certificates.expiry-warning-days", "60");
    row("certificates.renewal-reminder-days", "90");
    row("certificates.ocsp-nonce", R"("required")");
    row("certificates.directories", R"(["ldaps://directory.justice.example/dc=justice"])");
    row("certificates.bundles",
        R"(["/etc/sealpost/people", "https://certs.justice.example/all.p7b"])");
    row("domains.internal", R"(["justice.example"])");
    row("domains.partner", R"(["xn--bcher-kva.example"])");
    row("cjsm.managed-computer", "true");
    row("cjsm.multi-client-relays", "[]");
    row("probe.port-25", "false");
    row("probe.private-networks", R"(["10.20.0.0/16", "fd00:1::/32", "192.0.2.7"])",
        R"(["10.20.0.0/16", "192.0.2.7/32", "fd00:1::/32"])");
    row("probe.mta-sts", "false");
    row("probe.report-lifetime-hours", "12");
    row("message.max-size-mib", "25");
    row("message.plan-lifetime-minutes", "5");
    row("scan.rules", R"(["/etc/sealpost/rules.toml"])");
    row("scan.max-depth", "4");
    row("scan.max-items", "1000");
    row("scan.max-total-mib", "512");
    row("scan.max-item-mib", "64");
    row("scan.max-ratio", "100");
    row("scan.dismissible", "[\"credential\", \"private-key\"]");
    row("smime.cipher", R"("aes-256-gcm")");
    row("smime.digest", R"("sha-512")");
    row("smime.rsa-signature", R"("pss")");
    row("smime.rsa-transport", R"("oaep")");
    row("smime.signed-form", R"("opaque")");
    row("smime.hide-headers", R"("shy")");
    row("smime.legacy-display", "false");
    row("smime.label-policy", R"("1.2.826.0.1.99")");
    row("smime.label-official", "6");
    row("smime.label-official-sensitive", "7");
    row("content.key-with-lock", R"("block")");
    row("content.below-minimum", R"("confirm")");
    row("recipients.look-alike", R"("justify")");
    row("recipients.first-time", R"("allow")");
    row("forwarding.classifications", R"(["OFFICIAL"])");
    row("ome.tenants", R"(["justice.example"])");
    row("ome.submission-hosts", R"(["smtp.justice.example"])");
    row("ome.trigger-header", R"("X-Encrypt-This:yes ")", R"("X-Encrypt-This: yes")");
    row("ome.trigger-subject", R"("[secure]")");
    row("submission.minimum-version", R"("1.3")");
    row("submission.require-tls", R"("always")");
    row("submission.dane-hosts", R"(["smtp.justice.example"])");
    row("submission.pinned-authorities",
        R"([{ host = "smtp.a.example", file = "/etc/sealpost/root.pem" }])");
    row("submission.report-success", "true");
    row("submission.deliver-within-hours", "4");
    row("submission.retry-hours", "2");
    row("submission.system-proxy", "true");
    row("accounts.look-up-settings", "false");
    row("accounts.oauth-clients",
        R"([{ issuer = "https://id.example/t", client-id = "c", client-secret = "" }])");
    row("journal.sign-every-hours", "0");
    row("journal.syslog-host", R"("Log.Example.")", R"("log.example")");
    row("journal.syslog-port", "10514");
    row("journal.syslog-authority", R"("/etc/sealpost/log-root.pem")");
    row("retention.sent-days", "365");
    row("retention.draft-days", "30");
    row("marking.classifications", R"(["OFFICIAL", "OFFICIAL-SENSITIVE"])");
    row("marking.subject", "false");
    row("marking.body", "false");
    row("marking.handling", R"(["RECIPIENTS ONLY"])");
    row("marking.descriptors", R"(["COMMERCIAL"])");
    row("marking.headers", R"(["SIO-Label", "msip_labels"])");
    row("marking.msip-site", R"("01234567-89AB-cdef-0123-456789abcdef")",
        R"("01234567-89ab-cdef-0123-456789abcdef")");
    row("marking.msip-official", R"("01234567-89ab-cdef-0123-456789abcdef")");
    row("marking.msip-official-sensitive", R"("01234567-89ab-cdef-0123-456789abcdef")");
    row("disclaimer.append", "false");
    row("disclaimer.organisation", R"("Court Service")");
    row("disclaimer.languages", R"(["en", "cy"])");
    row("disclaimer.texts",
        R"([{ relation = "gov.uk", language = "en", text = "Yours, {name}.\nNo one else's." }])",
        R"([{ relation = "gov.uk", language = "en", text = "Yours, {name}.\u000ANo one else's." }])");
    row("testing.allow-overrides", "false");
}

void TstPolicyParser::everyKey() {
    QFETCH(QByteArray, value);
    QFETCH(QByteArray, text);
    const std::string key = QTest::currentDataTag();
    m_tested.insert(key);
    const auto toml = "\n" + key + " = " + value.toStdString() + "\n";
    const auto layer = parsePolicy(toml, "file.toml");
    for (const auto &problem : layer.problems) {
        QFAIL(qPrintable(described(problem)));
    }
    QCOMPARE(layer.set.size(), 1U);
    QCOMPARE(layer.set.at(key).source, "file.toml");
    QCOMPARE(layer.set.at(key).line, 2U);
    QCOMPARE(findKey(key)->text(layer.values), text.toStdString());
    QVERIFY(findKey(key)->text(Policy{}) != text.toStdString() || text == "[]");
    Policy copied;
    findKey(key)->copy(layer.values, copied);
    QCOMPARE(findKey(key)->text(copied), text.toStdString());
}

void TstPolicyParser::everyKeyIsTested() {
    for (const auto &spec : schema()) {
        QVERIFY2(m_tested.contains(spec.key), spec.key.c_str());
    }
}

void TstPolicyParser::problems_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const char *toml, const char *expected) {
        QTest::newRow(name) << QByteArray(toml) << QString::fromUtf8(expected);
    };
    const char *routes = "smime, tls, cjsm, ome";
    const auto withRoutes = [&](const char *text) { return std::string(text) + routes; };
    const auto *field = "a header field of your own, \"X-Name: value\", in ASCII, or \"\"";
    for (const auto *bad : {"Subject: x", "X-A", "X-A:  ", "X A: b", "X-\u00c4: b", "X-: b"}) {
        QTest::newRow(qPrintable(QStringLiteral("trigger-%1").arg(QString::fromUtf8(bad))))
            << QByteArray("ome.trigger-header = \"") + bad + "\"\n"
            << QStringLiteral("1:22 policy.bad-value ome.trigger-header meant= allowed=%1")
                   .arg(QLatin1String(field));
    }
    row("network-with-host-bits", "[probe]\nprivate-networks = [\"10.0.0.1/8\"]\n",
        "2:21 policy.bad-value probe.private-networks meant= allowed=networks such as "
        "\"10.53.0.0/24\", with no bits behind the prefix");
    row("misspelt-key", "\n[tls]\nminimum-vesion = \"1.2\"\n",
        "3:1 policy.unknown-key tls.minimum-vesion meant=tls.minimum-version allowed=");
    row("underscore-for-hyphen", "[tls]\n  minimum_version = \"1.2\"\n",
        "2:3 policy.unknown-key tls.minimum_version meant=tls.minimum-version allowed=");
    row("key-in-the-wrong-table", "revocation-unknown = \"block\"\n",
        "1:1 policy.unknown-key revocation-unknown meant=certificates.revocation-unknown allowed=");
    row("misspelt-table", "[descision.secrets]\nroutes = []\n",
        "1:2 policy.unknown-key descision meant=decision allowed=");
    row("unknown-row", "[decision.secret]\nroutes = []\n",
        "1:11 policy.unknown-key decision.secret meant=decision.secrets allowed=");
    row("nothing-near", "zzzzzzzz = 1\n", "1:1 policy.unknown-key zzzzzzzz meant= allowed=");
    row("value-for-a-table", "decision = 1\n",
        "1:12 policy.wrong-type decision meant= allowed=a table, [decision]");
    row("text-for-a-list", "[decision.secrets]\nroutes = \"smime\"\n",
        withRoutes("2:10 policy.wrong-type decision.secrets.routes meant= allowed=a list of ")
            .c_str());
    row("number-in-a-list-of-words", "[decision.secrets]\nroutes = [1]\n",
        withRoutes("2:11 policy.wrong-type decision.secrets.routes meant= allowed=").c_str());
    row("misspelt-route", "[decision.secrets]\nroutes = [\"tls\", \"smine\"]\n",
        withRoutes("2:18 policy.bad-value decision.secrets.routes meant=smime allowed=").c_str());
    row("blocked-is-no-route", "[decision.secrets]\nroutes = [\"blocked\"]\n",
        withRoutes("2:11 policy.bad-value decision.secrets.routes meant= allowed=").c_str());
    row("route-twice", "[decision.secrets]\nroutes = [\"tls\", \"tls\"]\n",
        "2:18 policy.bad-value decision.secrets.routes meant= allowed=each word once");
    row("none-never-suffices", "[decision.official]\ntls-suffices = [\"none\"]\n",
        "2:17 policy.bad-value decision.official.tls-suffices meant= "
        "allowed=enforced, published, verified, registered, unknown");
    row("weak-never-suffices", "[decision.official]\ntls-suffices = [\"weak\"]\n",
        "2:17 policy.bad-value decision.official.tls-suffices meant= "
        "allowed=enforced, published, verified, registered, unknown");
    row("tls-1.1", "[tls]\nminimum-version = \"1.1\"\n",
        "2:19 policy.bad-value tls.minimum-version meant=1.2 allowed=1.2, 1.3");
    row("tls-version-as-a-number", "[tls]\nminimum-version = 1.2\n",
        "2:19 policy.wrong-type tls.minimum-version meant= allowed=1.2, 1.3");
    row("short-rsa", "[tls]\nminimum-rsa-bits = 1024\n",
        "2:20 policy.bad-value tls.minimum-rsa-bits meant= allowed=2048 to 16384");
    row("text-for-a-number", "[tls]\nminimum-ec-bits = \"256\"\n",
        "2:19 policy.wrong-type tls.minimum-ec-bits meant= allowed=a whole number, 256 to 521");
    row("not-an-object-identifier", "[smime]\nlabel-policy = \"1.2.a\"\n",
        "2:16 policy.bad-value smime.label-policy meant= allowed=an object identifier, 1.2.826.…");
    row("no-such-cipher", "[smime]\ncipher = \"3des\"\n",
        "2:10 policy.bad-value smime.cipher meant= "
        "allowed=auto, aes-128-cbc, aes-256-cbc, aes-256-gcm");
    row("directory-without-scheme", "[certificates]\ndirectories = [\"ldap.justice.example\"]\n",
        "2:15 policy.bad-value certificates.directories meant= allowed=a list of addresses that "
        "begin with ldap:// or ldaps://");
    row("bundle-without-tls", "[certificates]\nbundles = [\"http://certs.justice.example/all\"]\n",
        "2:11 policy.bad-value certificates.bundles meant= allowed=a list of absolute paths and of "
        "addresses that begin with https://");
    row("disclaimer-with-html",
        "disclaimer.texts = [{ relation = \"external\", language = \"en\", text = \"<b>x</b>\" "
        "}]\n",
        "1:70 policy.bad-value disclaimer.texts.text meant= allowed=plain text without HTML, not "
        "empty");
    row("disclaimer-field-misspelt",
        "disclaimer.texts = [{ relation = \"external\", language = \"en\", text = \"From {nmae}\" "
        "}]\n",
        "1:70 policy.bad-value disclaimer.texts.text meant={name} allowed=the fields {name}, "
        "{organisation} and {classification}, and no other brace");
    row("not-a-guid", "[marking]\nmsip-site = \"1234\"\n",
        "2:13 policy.bad-value marking.msip-site meant= "
        "allowed=a GUID, 01234567-89ab-cdef-0123-456789abcdef, or \"\"");
    row("negative-days", "[certificates]\nexpiry-warning-days = -1\n",
        "2:23 policy.bad-value certificates.expiry-warning-days meant= allowed=0 to 3650");
    row("huge-number", "[message]\nmax-size-mib = 9223372036854775807\n",
        "2:16 policy.bad-value message.max-size-mib meant= allowed=1 to 2000");
    row("misspelt-choice", "[certificates]\nrevocation-unknown = \"blok\"\n",
        "2:22 policy.bad-value certificates.revocation-unknown meant=block "
        "allowed=block, justify, allow");
    row("text-for-a-boolean", "[probe]\nport-25 = \"no\"\n",
        "2:11 policy.wrong-type probe.port-25 meant= allowed=true, false");
    const auto domain = [](const char *place) {
        return std::string(place) +
               "a domain name, which covers all under it; letters beyond ASCII as xn--…";
    };
    row("wildcard-domain", "[tls]\nrequired-under = [\"*.gov.uk\"]\n",
        domain("2:19 policy.bad-value tls.required-under meant=gov.uk allowed=").c_str());
    row("unicode-domain", "[domains]\npartner = [\"bücher.example\"]\n",
        domain("2:12 policy.bad-value domains.partner meant= allowed=").c_str());
    row("empty-domain", "[domains]\ninternal = [\"\"]\n",
        domain("2:13 policy.bad-value domains.internal meant= allowed=").c_str());
    row("address-for-a-domain", "[domains]\ninternal = [\"jo@a.example\"]\n",
        domain("2:13 policy.bad-value domains.internal meant= allowed=").c_str());
    row("text-for-domains", "[domains]\ninternal = \"a.example\"\n",
        "2:12 policy.wrong-type domains.internal meant= allowed=a list of domain names");
    row("register-without-reference", "[[tls.register]]\ndomain = \"a.example\"\n",
        "1:1 policy.missing-field tls.register.reference meant= allowed=all of domain, reference");
    row("register-with-another-field",
        "[[tls.register]]\ndomain = \"a.example\"\nreference = \"r\"\nreason = \"x\"\n",
        "4:1 policy.unknown-key tls.register.reason meant= allowed=domain, reference");
    row("register-as-one-table", "[tls.register]\ndomain = \"a.example\"\nreference = \"r\"\n",
        "1:1 policy.wrong-type tls.register meant= allowed=a list of tables, [[tls.register]]");
    row("locked-unknown-key", "lock = [\"tls.minimum-verson\"]\n",
        "1:9 policy.unknown-key tls.minimum-verson meant=tls.minimum-version allowed=");
    row("lock-as-text", "lock = \"tls\"\n",
        "1:8 policy.wrong-type lock meant= allowed=a list of keys");
}

void TstPolicyParser::problems() {
    QFETCH(QByteArray, toml);
    QFETCH(QString, expected);
    const auto layer = parsePolicy(toml.toStdString(), "file.toml");
    QCOMPARE(layer.problems.size(), 1U);
    QCOMPARE(described(layer.problems.front()), expected);
    QCOMPARE(layer.problems.front().position.source, "file.toml");
}

void TstPolicyParser::allProblemsAreReported() {
    const auto layer = parsePolicy("[tls]\nminimum-version = 1\nminimum-rsa-bits = 1\n"
                                   "[decision.secrets]\nroutes = [\"x\", \"y\"]\n[foo]\n",
                                   "f");
    std::vector<std::uint32_t> lines;
    for (const auto &problem : layer.problems) {
        lines.push_back(problem.position.line);
    }
    QCOMPARE(lines, (std::vector<std::uint32_t>{2, 3, 5, 5, 6}));
}

void TstPolicyParser::lockNamesKeysAndTables() {
    const auto layer = parsePolicy("lock = [\"decision.secrets\", \"probe.port-25\"]", "f");
    QVERIFY(layer.problems.empty());
    QCOMPARE(layer.locked,
             (std::set<std::string>{"decision.secrets.justify", "decision.secrets.routes",
                                    "decision.secrets.tls-suffices", "probe.port-25"}));
    QVERIFY(layer.set.empty());
}

void TstPolicyParser::exceptionIsReadWhole() {
    const auto layer = parsePolicy(kException, "f");
    QVERIFY(layer.problems.empty());
    QCOMPARE(layer.values.exceptions.size(), 1U);
    const auto &entry = layer.values.exceptions.front();
    QCOMPARE(entry.domain, "court.example");
    QCOMPARE(entry.reason, "Old server");
    QCOMPARE(entry.authorisedBy, "DNS team");
    QCOMPARE(entry.reference, "CHG-1");
    QCOMPARE(base::toIso8601(entry.expires), "2027-03-31T23:59:59Z");
}

void TstPolicyParser::exceptionWithoutAField_data() {
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("instead");
    QTest::addColumn<QString>("code");
    const QString missing = QStringLiteral("policy.missing-field");
    const QString type = QStringLiteral("policy.wrong-type");
    const QString value = QStringLiteral("policy.bad-value");
    QTest::newRow("domain") << QByteArray("domain = \"Court.Example.\"\n") << QByteArray()
                            << missing;
    QTest::newRow("reason") << QByteArray("reason = \"Old server\"\n") << QByteArray() << missing;
    QTest::newRow("authorised-by")
        << QByteArray("authorised-by = \"DNS team\"\n") << QByteArray() << missing;
    QTest::newRow("reference") << QByteArray("reference = \"CHG-1\"\n") << QByteArray() << missing;
    QTest::newRow("expires") << QByteArray("expires = 2027-03-31\n") << QByteArray() << missing;
    QTest::newRow("expires-in-quotes")
        << QByteArray("2027-03-31") << QByteArray("\"2027-03-31\"") << type;
    QTest::newRow("expires-without-offset")
        << QByteArray("2027-03-31") << QByteArray("2027-03-31T12:00:00") << type;
    QTest::newRow("reason-blank") << QByteArray("Old server") << QByteArray("  ") << value;
    QTest::newRow("reason-with-a-line-break")
        << QByteArray("Old server") << QByteArray("Old\\nserver") << value;
}

void TstPolicyParser::exceptionWithoutAField() {
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, instead);
    QFETCH(QString, code);
    QByteArray toml = kException;
    QVERIFY(toml.contains(line));
    const auto layer = parsePolicy(toml.replace(line, instead).toStdString(), "f");
    QCOMPARE(layer.problems.size(), 1U);
    QCOMPARE(QString::fromStdString(layer.problems.front().code), code);
    QVERIFY(layer.problems.front().key.starts_with("tls.exceptions."));
    QVERIFY(layer.values.exceptions.empty());
}

void TstPolicyParser::textsAreReadBack() {
    Policy policy;
    policy.exceptions = {
        {"a.example", "says \"no\" \\ \t", "w", "r", base::fromIso8601("2027-03-31T12:00:00Z")}};
    policy.tlsRegister = {{"b.example", "é"}};
    policy.decision[MessageClass::Secrets].routes = {RouteKind::Tls, RouteKind::Smime};
    std::string toml;
    for (const auto &spec : schema()) {
        toml += spec.key + " = " + spec.text(policy) + "\n";
    }
    toml.replace(toml.find("\\u0009"), 6, " "); // a tab can be shown, but not be set
    policy.exceptions.front().reason.back() = ' ';
    const auto layer = parsePolicy(toml, "f");
    QCOMPARE(layer.problems.size(), 0U);
    QCOMPARE(layer.set.size(), schema().size());
    for (const auto &spec : schema()) {
        QCOMPARE(spec.text(layer.values), spec.text(policy));
    }
}

void TstPolicyParser::garbageIsASyntaxProblem_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<unsigned>("line");
    QTest::addColumn<unsigned>("column");
    QTest::newRow("no-value") << QByteArray("[tls]\nminimum-version =\n") << 2U << 18U;
    QTest::newRow("key-twice") << QByteArray("[tls]\nregister=[]\nregister=[]\n") << 3U << 10U;
    QTest::newRow("open-string") << QByteArray("a = \"x\n") << 1U << 7U;
    QTest::newRow("not-utf8") << QByteArray("a = \"\xff\"\n") << 1U << 5U;
    QTest::newRow("binary") << QByteArray("\x7f"
                                          "ELF\x02\x01")
                            << 1U << 1U;
    QTest::newRow("deep") << QByteArray("a = " + QByteArray(5000, '[')) << 1U << 0U;
}

void TstPolicyParser::garbageIsASyntaxProblem() {
    QFETCH(QByteArray, toml);
    QFETCH(unsigned, line);
    QFETCH(unsigned, column);
    const auto layer = parsePolicy(toml.toStdString(), "f");
    QCOMPARE(layer.problems.size(), 1U);
    QCOMPARE(layer.problems.front().code, "policy.syntax");
    QVERIFY(!layer.problems.front().key.empty());
    QCOMPARE(layer.problems.front().position.line, line);
    if (column != 0) {
        QCOMPARE(layer.problems.front().position.column, column);
    }
}

QTEST_GUILESS_MAIN(TstPolicyParser)
#include "tst_PolicyParser.moc"
