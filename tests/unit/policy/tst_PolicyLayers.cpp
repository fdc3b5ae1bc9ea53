// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyLayers.h"
#include "policy/PolicySchema.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using namespace sealpost::policy;

namespace {

PolicyLayer layer(const char *toml, const char *source) {
    auto parsed = parsePolicy(toml, source);
    if (!parsed.problems.empty()) {
        qFatal("the test's own policy has a problem: %s", parsed.problems.front().key.c_str());
    }
    return parsed;
}

EffectivePolicy layered(const std::vector<PolicyLayer> &machine,
                        const std::optional<PolicyLayer> &user = std::nullopt) {
    return layerPolicies(builtInPolicy(), {std::nullopt, machine, user}).value();
}

std::filesystem::path write(const QTemporaryDir &dir, const QByteArray &content) {
    QFile file(dir.filePath(QStringLiteral("policy.toml")));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("the test can't write");
    }
    return file.fileName().toStdString();
}

} // namespace

class TstPolicyLayers : public QObject {
    Q_OBJECT
private slots:
    void defaultsSetEveryKey();
    void defaultsAreTheGuides();
    void laterLayersReplaceKeys();
    void rowsMergePerKey();
    void listsAreReplacedWhole();
    void lockKeepsLaterLayersOut_data();
    void lockKeepsLaterLayersOut();
    void lockOfALaterLayerDoesNotBindEarlierOnes();
    void sameValueAsALockedOneIsNotRefused();
    void originsNameTheFile();
    void aProblemStopsEverything_data();
    void aProblemStopsEverything();
    void filesAreRead();
    void unreadableFiles_data();
    void unreadableFiles();
};

void TstPolicyLayers::defaultsSetEveryKey() {
    const auto &builtIn = builtInPolicy();
    for (const auto &problem : builtIn.problems) {
        QFAIL((problem.code + " " + problem.key).c_str());
    }
    for (const auto &spec : schema()) {
        QVERIFY2(builtIn.set.contains(spec.key), spec.key.c_str());
    }
    QVERIFY(builtIn.locked.empty());
}

void TstPolicyLayers::defaultsAreTheGuides() {
    using enum RouteKind;
    using enum Assurance;
    const auto policy = layered({}).policy;
    const auto &rows = policy.decision;
    QCOMPARE(rows.size(), 4U);
    const auto &official = rows.at(MessageClass::Official);
    QVERIFY((official.routes == std::vector{Tls, Smime, Cjsm, Ome}));
    QVERIFY((official.tlsSuffices == std::set{Enforced, Published, Verified, Registered}));
    QVERIFY(official.justify.empty());
    const auto &unknown = rows.at(MessageClass::OfficialDomainUnknown);
    QVERIFY((unknown.routes == std::vector{Smime, Cjsm, Ome, Tls}));
    QVERIFY(unknown.tlsSuffices == std::set{Unknown});
    QVERIFY(unknown.justify == std::set{Tls});
    const auto &sensitive = rows.at(MessageClass::Sensitive);
    QVERIFY((sensitive.routes == std::vector{Smime, Cjsm, Tls, Ome}));
    QVERIFY((sensitive.tlsSuffices == std::set{Enforced, Published, Registered}));
    QVERIFY(sensitive.justify.empty());
    const auto &secrets = rows.at(MessageClass::Secrets);
    QVERIFY((secrets.routes == std::vector{Smime, Cjsm, Tls}));
    QVERIFY(secrets.tlsSuffices == std::set{Enforced});
    QVERIFY(secrets.justify == std::set{Tls});

    QVERIFY(policy.tlsRequiredUnder == std::set<std::string>{"gov.uk"});
    for (const auto *relay :
         {"mailgun.org", "mandrillapp.com", "mailchimp.com", "amazonses.com", "amazonaws.com"}) {
        QVERIFY2(policy.multiClientRelays.contains(relay), relay);
    }
    QCOMPARE(policy.tlsMinimum.version, 12);
    QCOMPARE(policy.tlsMinimum.rsaBits, 2048);
    QCOMPARE(policy.tlsMinimum.ecBits, 256);
    QVERIFY(policy.revocationUnknown == RevocationUnknown::Justify);
    QVERIFY(!policy.managedComputer);
    QVERIFY(policy.probePort25);
    QVERIFY(policy.allowTestOverrides);
    QCOMPARE(policy.maxMessageSize, 50 * base::kMiB);
    QVERIFY(policy.expiryWarning == std::chrono::days(30));
    QVERIFY(policy.planLifetime == std::chrono::minutes(15));
    QVERIFY(policy.reportLifetime == std::chrono::hours(1));
    QVERIFY(policy.exceptions.empty());
    QVERIFY(policy.tlsRegister.empty());
    QVERIFY(!policy.smime.cipher && !policy.smime.rsaTransport);
    QVERIFY(policy.smime.hideHeaders == HeaderHiding::Baseline);
    QVERIFY(policy.smime.label.policyId.empty());
}

void TstPolicyLayers::laterLayersReplaceKeys() {
    const auto effective =
        layered({layer("probe.port-25 = false\ntls.minimum-version = \"1.3\"", "m"),
                 layer("tls.minimum-rsa-bits = 3072", "m2")},
                layer("tls.minimum-version = \"1.2\"", "u"));
    QVERIFY(!effective.policy.probePort25);
    QCOMPARE(effective.policy.tlsMinimum.rsaBits, 3072);
    QCOMPARE(effective.policy.tlsMinimum.version, 12);
    QVERIFY(effective.refused.empty());
}

void TstPolicyLayers::rowsMergePerKey() {
    const auto policy = layered({layer("[decision.secrets]\njustify = [\"tls\", \"cjsm\"]", "m")},
                                layer("[decision.secrets]\nroutes = [\"smime\"]", "u"))
                            .policy;
    const auto &row = policy.decision.at(MessageClass::Secrets);
    QVERIFY(row.routes == std::vector{RouteKind::Smime});
    QVERIFY((row.justify == std::set{RouteKind::Tls, RouteKind::Cjsm}));
    QVERIFY(row.tlsSuffices == std::set{Assurance::Enforced});
    QCOMPARE(policy.decision.at(MessageClass::Official).routes.size(), 4U);
}

void TstPolicyLayers::listsAreReplacedWhole() {
    const auto policy = layered({layer("tls.required-under = [\"nhs.uk\"]", "m")}).policy;
    QVERIFY(policy.tlsRequiredUnder == std::set<std::string>{"nhs.uk"});
}

void TstPolicyLayers::lockKeepsLaterLayersOut_data() {
    QTest::addColumn<QByteArray>("lock");
    QTest::newRow("key") << QByteArray("lock = [\"tls.required-under\"]");
    QTest::newRow("table") << QByteArray("lock = [\"tls\"]");
    QTest::newRow("with-a-value-of-its-own")
        << QByteArray("lock = [\"tls.required-under\"]\ntls.required-under = [\"gov.uk\"]");
}

void TstPolicyLayers::lockKeepsLaterLayersOut() {
    QFETCH(QByteArray, lock);
    const auto effective =
        layered({layer(lock, "machine"), layer("tls.required-under = []", "machine2")},
                layer("\n\ntls.required-under = [\"x.gov.uk\"]\nprobe.port-25 = false", "user"));
    QVERIFY(effective.policy.tlsRequiredUnder == std::set<std::string>{"gov.uk"});
    QVERIFY(!effective.policy.probePort25);
    QVERIFY(effective.origins.at("tls.required-under").locked);
    QVERIFY(!effective.origins.at("probe.port-25").locked);
    QCOMPARE(effective.refused.size(), 2U);
    QCOMPARE(effective.refused[0].position.source, "machine2");
    const auto &refused = effective.refused[1];
    QCOMPARE(refused.code, "policy.locked");
    QCOMPARE(refused.key, "tls.required-under");
    QCOMPARE(refused.position.source, "user");
    QCOMPARE(refused.position.line, 3U);
    QCOMPARE(refused.allowed, "[\"gov.uk\"]");
}

void TstPolicyLayers::lockOfALaterLayerDoesNotBindEarlierOnes() {
    const auto effective =
        layered({layer("probe.port-25 = false", "m")}, layer("lock = [\"probe.port-25\"]", "u"));
    QVERIFY(!effective.policy.probePort25);
    QVERIFY(effective.refused.empty());
    QCOMPARE(effective.origins.at("probe.port-25").position.source, "m");
}

void TstPolicyLayers::sameValueAsALockedOneIsNotRefused() {
    const auto effective =
        layered({layer("lock = [\"probe.port-25\"]", "m")}, layer("probe.port-25 = true", "u"));
    QVERIFY(effective.refused.empty());
    QCOMPARE(effective.origins.at("probe.port-25").position.source, "built-in");
}

void TstPolicyLayers::originsNameTheFile() {
    const auto effective = layered({}, layer("\n[cjsm]\n  managed-computer = true", "user.toml"));
    QCOMPARE(effective.origins.size(), schema().size());
    QCOMPARE(effective.texts.size(), schema().size());
    const auto &origin = effective.origins.at("cjsm.managed-computer");
    QCOMPARE(origin.position.source, "user.toml");
    QCOMPARE(origin.position.line, 3U);
    QCOMPARE(origin.position.column, 3U);
    QCOMPARE(effective.texts.at("cjsm.managed-computer"), "true");
    QCOMPARE(effective.texts.at("tls.minimum-version"), "\"1.2\"");
    for (const auto &[key, other] : effective.origins) {
        if (key != "cjsm.managed-computer") {
            QCOMPARE(other.position.source, "built-in");
            QVERIFY2(other.position.line > 0, key.c_str());
        }
    }
}

void TstPolicyLayers::aProblemStopsEverything_data() {
    QTest::addColumn<bool>("inMachine");
    QTest::newRow("machine") << true;
    QTest::newRow("user") << false;
}

void TstPolicyLayers::aProblemStopsEverything() {
    QFETCH(bool, inMachine);
    const auto bad = parsePolicy("[tls]\nminimum-version = \"1.0\"", "/etc/x.toml");
    const auto effective = inMachine
                               ? layerPolicies(builtInPolicy(), {std::nullopt, {bad}, std::nullopt})
                               : layerPolicies(builtInPolicy(), {std::nullopt, {}, bad});
    QVERIFY(!effective);
    QCOMPARE(effective.error().code, "policy.invalid");
    QVERIFY(effective.error().reaction == Reaction::AskAdmin);
    QCOMPARE(effective.error().subject, "/etc/x.toml:2:19 tls.minimum-version");
}

void TstPolicyLayers::filesAreRead() {
    const QTemporaryDir dir;
    const auto file = write(dir, "\xEF\xBB\xBF"
                                 "[probe]\r\nport-25 = false\r\n");
    const auto read = readPolicyFile(file);
    QVERIFY(read);
    QCOMPARE(read->problems.size(), 0U);
    QVERIFY(!read->values.probePort25);
    QCOMPARE(read->set.at("probe.port-25").source, file.string());
}

void TstPolicyLayers::unreadableFiles_data() {
    QTest::addColumn<QString>("name");
    QTest::newRow("missing") << QStringLiteral("nothing.toml");
    QTest::newRow("folder") << QStringLiteral(".");
    QTest::newRow("too-large") << QStringLiteral("policy.toml");
}

void TstPolicyLayers::unreadableFiles() {
    QFETCH(QString, name);
    const QTemporaryDir dir;
    write(dir, QByteArray(2 << 20, '#'));
    const auto path = dir.filePath(name).toStdString();
    const auto read = readPolicyFile(path);
    QVERIFY(!read);
    QCOMPARE(read.error().code, "policy.unreadable");
    QVERIFY(read.error().reaction == Reaction::FixInput);
    QCOMPARE(read.error().subject, path);
    QVERIFY(!read.error().logSafeDetail.empty());
}

QTEST_GUILESS_MAIN(TstPolicyLayers)
#include "tst_PolicyLayers.moc"
