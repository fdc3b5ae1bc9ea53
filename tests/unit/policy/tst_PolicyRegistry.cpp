// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyLayers.h"
#include "policy/PolicyRegistry.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::policy;

namespace {

using Texts = std::vector<std::string>;
constexpr std::uint64_t kOn = 1;

std::string place(const std::string &below) {
    return std::string(kRegistryPlace) + "\\" + below;
}

} // namespace

class TstPolicyRegistry : public QObject {
    Q_OBJECT
private slots:
    void valuesOfEveryKind();
    void listsAsKeysKeepTheOrderOfTheirNumbers();
    void namesCompareWithoutCase();
    void locksHold();
    void problems_data();
    void problems();
};

void TstPolicyRegistry::valuesOfEveryKind() {
    RegistryKey root;
    root.keys["cjsm"].values["managed-computer"] = kOn;
    auto &tls = root.keys["tls"];
    tls.values["minimum-version"] = std::string("1.3");
    tls.values["minimum-rsa-bits"] = std::uint64_t{3072};
    tls.values["required-under"] = Texts{"gov.uk", "nhs.uk"};
    tls.keys["exceptions"].keys["1"].values = {{"domain", std::string("court.example")},
                                               {"reason", std::string("Old server")},
                                               {"authorised-by", std::string("DNS team")},
                                               {"reference", std::string("CHG-1")},
                                               {"expires", std::string("2027-03-31")}};
    const auto layer = parseRegistry(root);
    QCOMPARE(layer.problems.size(), 0U);
    const auto policy = layerPolicies(builtInPolicy(), {std::nullopt, {layer}, std::nullopt});
    QVERIFY(policy);
    QVERIFY(policy->policy.managedComputer);
    QCOMPARE(policy->policy.tlsMinimum.version, 13);
    QCOMPARE(policy->policy.tlsMinimum.rsaBits, 3072);
    QVERIFY((policy->policy.tlsRequiredUnder == std::set<std::string>{"gov.uk", "nhs.uk"}));
    QCOMPARE(policy->policy.exceptions.size(), 1U);
    QCOMPARE(base::toIso8601(policy->policy.exceptions.front().expires), "2027-03-31T23:59:59Z");
    const auto &origin = policy->origins.at("tls.minimum-version");
    QCOMPARE(origin.position.source, place("tls\\minimum-version"));
    QCOMPARE(origin.position.line, 0U);
}

void TstPolicyRegistry::listsAsKeysKeepTheOrderOfTheirNumbers() {
    RegistryKey root;
    auto &routes = root.keys["decision"].keys["secrets"].keys["routes"];
    routes.values = {
        {"10", std::string("tls")}, {"2", std::string("cjsm")}, {"1", std::string("smime")}};
    const auto layer = parseRegistry(root);
    QCOMPARE(layer.problems.size(), 0U);
    QVERIFY((layer.values.decision.at(MessageClass::Secrets).routes ==
             std::vector{RouteKind::Smime, RouteKind::Cjsm, RouteKind::Tls}));
}

void TstPolicyRegistry::namesCompareWithoutCase() {
    RegistryKey root;
    root.keys["Probe"].values["Port-25"] = std::uint64_t{0};
    const auto layer = parseRegistry(root);
    QCOMPARE(layer.problems.size(), 0U);
    QVERIFY(!layer.values.probePort25);
    QVERIFY(layer.set.contains("probe.port-25"));
}

void TstPolicyRegistry::locksHold() {
    RegistryKey root;
    root.values["lock"] = Texts{"testing.allow-overrides"};
    root.keys["testing"].values["allow-overrides"] = std::uint64_t{0};
    const auto user = parsePolicy("testing.allow-overrides = true", "user");
    const auto effective =
        layerPolicies(builtInPolicy(), {std::nullopt, {parseRegistry(root)}, user});
    QVERIFY(effective);
    QVERIFY(!effective->policy.allowTestOverrides);
    QCOMPARE(effective->refused.size(), 1U);
}

void TstPolicyRegistry::problems_data() {
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("number"); // -1: an unusable type
    QTest::addColumn<QString>("code");
    QTest::newRow("misspelt") << "tls"
                              << "minimum-vesion" << 1 << "policy.unknown-key";
    QTest::newRow("number-for-a-word") << "tls"
                                       << "minimum-version" << 12 << "policy.wrong-type";
    QTest::newRow("two-for-a-switch") << "probe"
                                      << "port-25" << 2 << "policy.wrong-type";
    QTest::newRow("binary") << "probe"
                            << "port-25" << -1 << "policy.wrong-type";
    QTest::newRow("out-of-range") << "tls"
                                  << "minimum-rsa-bits" << 512 << "policy.bad-value";
}

void TstPolicyRegistry::problems() {
    QFETCH(QString, table);
    QFETCH(QString, name);
    QFETCH(int, number);
    QFETCH(QString, code);
    RegistryKey root;
    auto &value = root.keys[table.toStdString()].values[name.toStdString()];
    if (number >= 0) {
        value = static_cast<std::uint64_t>(number);
    }
    const auto layer = parseRegistry(root);
    QCOMPARE(layer.problems.size(), 1U);
    QCOMPARE(QString::fromStdString(layer.problems.front().code), code);
    QCOMPARE(layer.problems.front().position.source,
             place(table.toStdString() + "\\" + name.toStdString()));
    QVERIFY(!layerPolicies(builtInPolicy(), {std::nullopt, {layer}, std::nullopt}));
}

QTEST_GUILESS_MAIN(TstPolicyRegistry)
#include "tst_PolicyRegistry.moc"
