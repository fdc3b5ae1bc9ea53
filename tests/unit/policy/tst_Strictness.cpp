// SPDX-License-Identifier: GPL-3.0-or-later
#include "RandomPolicy.h"
#include "policy/PolicyLayers.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::policy;
using policy::testing::RandomPolicy;

namespace {

constexpr int kRounds = 300;
constexpr int kDocuments = 400;

PolicyLayer parsed(const std::string &toml, const char *source) {
    auto layer = parsePolicy(toml, source);
    if (!layer.problems.empty()) {
        qFatal("a random policy has a problem: %s in %s", layer.problems.front().key.c_str(),
               toml.c_str());
    }
    return layer;
}

EffectivePolicy layered(const std::optional<PolicyLayer> &organisation,
                        std::vector<PolicyLayer> machine,
                        const std::optional<PolicyLayer> &user = std::nullopt) {
    return layerPolicies(builtInPolicy(), {organisation, std::move(machine), user}).value();
}

} // namespace

class TstStrictness : public QObject {
    Q_OBJECT
private slots:
    void everyKeyIsALattice_data();
    void everyKeyIsALattice();
    void directions_data();
    void directions();
    void noLayerLoosensWhatAnEarlierOneLocks();
    void aStricterLayerNeverGivesALaxerPolicy();
};

void TstStrictness::everyKeyIsALattice_data() {
    QTest::addColumn<QByteArray>("key");
    for (const auto &spec : schema()) {
        QTest::newRow(spec.key.c_str()) << QByteArray::fromStdString(spec.key);
    }
}

void TstStrictness::everyKeyIsALattice() {
    QFETCH(QByteArray, key);
    const auto &spec = *findKey(key.toStdString());
    RandomPolicy random(static_cast<unsigned>(qHash(key, 7)));
    const auto draw = [&] {
        return parsed(spec.key + " = " + random.value(spec.shape), "random").values;
    };
    const auto tightened = [&](Policy held, const Policy &below) {
        spec.tighten(below, held);
        return held;
    };
    const auto shown = [&](const Policy &policy) { return spec.text(policy); };
    for (int round = 0; round < kRounds; ++round) {
        const auto a = draw();
        const auto b = draw();
        const auto c = draw();
        QVERIFY(spec.within(a, a));
        QVERIFY(!(spec.within(a, b) && spec.within(b, c)) || spec.within(a, c));
        // A lock never lets anything laxer through, and lets through what is strict enough.
        const auto both = tightened(a, b);
        QVERIFY2(spec.within(both, a), (shown(a) + " by " + shown(b)).c_str());
        if (spec.within(b, a)) {
            QCOMPARE(shown(both), shown(b));
        }
        // Monotone in both: `both` is within `a`.
        QVERIFY2(spec.within(tightened(both, c), tightened(a, c)),
                 (shown(both) + " and " + shown(a) + " by " + shown(c)).c_str());
        QVERIFY2(spec.within(tightened(c, both), tightened(c, a)),
                 (shown(c) + " by " + shown(both) + " and " + shown(a)).c_str());
    }
}

void TstStrictness::directions_data() {
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("locked");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<QByteArray>("effective");
    const auto row = [](const char *name, const char *key, const char *locked, const char *asked,
                        const char *effective) {
        QTest::newRow(name) << QByteArray(key) << QByteArray(locked) << QByteArray(asked)
                            << QByteArray(effective);
    };
    row("tls-13-is-stricter", "tls.minimum-version", R"("1.2")", R"("1.3")", R"("1.3")");
    row("tls-12-is-laxer", "tls.minimum-version", R"("1.3")", R"("1.2")", R"("1.3")");
    row("longer-keys", "tls.minimum-rsa-bits", "3072", "4096", "4096");
    row("shorter-keys", "tls.minimum-rsa-bits", "3072", "2048", "3072");
    row("number-not-text", "tls.minimum-rsa-bits", "9000", "10000", "10000");
    row("last-routes-may-go", "decision.sensitive.routes", R"(["smime", "cjsm", "tls"])",
        R"(["smime", "cjsm"])", R"(["smime", "cjsm"])");
    row("first-route-may-not", "decision.sensitive.routes", R"(["smime", "tls"])", R"(["tls"])",
        R"(["smime", "tls"])");
    row("routes-keep-their-order", "decision.sensitive.routes", R"(["smime", "tls"])",
        R"(["tls", "smime"])", R"(["smime", "tls"])");
    row("no-route-at-all", "decision.sensitive.routes", R"(["smime", "tls"])", "[]", "[]");
    row("fewer-suffice", "decision.official.tls-suffices", R"(["enforced", "verified"])",
        R"(["enforced", "unknown"])", R"(["enforced"])");
    row("more-justification", "decision.official.justify", R"(["tls"])", R"(["ome"])",
        R"(["tls", "ome"])");
    row("required-under-wider", "tls.required-under", R"(["x.gov.uk"])", R"(["gov.uk"])",
        R"(["gov.uk"])");
    row("required-under-narrower", "tls.required-under", R"(["gov.uk"])", R"(["x.gov.uk"])",
        R"(["gov.uk"])");
    row("required-under-other", "tls.required-under", R"(["gov.uk"])", R"(["nhs.uk"])",
        R"(["gov.uk", "nhs.uk"])");
    row("partner-narrower", "domains.partner", R"(["gov.uk", "b.example"])", R"(["x.gov.uk"])",
        R"(["x.gov.uk"])");
    row("partner-wider", "domains.partner", R"(["x.gov.uk"])", R"(["gov.uk", "b.example"])",
        R"(["x.gov.uk"])");
    row("register-none-of-ones-own", "tls.register",
        R"([{ domain = "a.example", reference = "r" }])",
        R"([{ domain = "b.example", reference = "r" }])", "[]");
    row("exception-ends-sooner", "tls.exceptions",
        R"([{ domain = "a.example", reason = "r", authorised-by = "w", reference = "x", expires = 2027-03-31T00:00:00Z }])",
        R"([{ domain = "m.a.example", reason = "s", authorised-by = "w", reference = "x", expires = 2027-01-31T00:00:00Z }])",
        R"([{ domain = "m.a.example", reason = "s", authorised-by = "w", reference = "x", expires = 2027-01-31T00:00:00Z }])");
    row("exception-ends-later", "tls.exceptions",
        R"([{ domain = "a.example", reason = "r", authorised-by = "w", reference = "x", expires = 2027-01-31T00:00:00Z }])",
        R"([{ domain = "a.example", reason = "s", authorised-by = "w", reference = "x", expires = 2027-03-31T00:00:00Z }])",
        R"([{ domain = "a.example", reason = "r", authorised-by = "w", reference = "x", expires = 2027-01-31T00:00:00Z }])");
    row("revocation", "certificates.revocation-unknown", R"("justify")", R"("allow")",
        R"("justify")");
    row("managed-computer", "cjsm.managed-computer", "false", "true", "false");
    row("probe-has-no-order", "probe.port-25", "true", "false", "true");
    row("smaller-message", "message.max-size-mib", "50", "20", "20");
    row("longer-plan", "message.plan-lifetime-minutes", "15", "30", "15");
    row("rules-of-ones-own", "scan.rules", R"(["/a"])", R"(["/b"])", R"(["/a", "/b"])");
    row("looks-deeper", "scan.max-depth", "8", "16", "16");
    row("looks-less-deep", "scan.max-depth", "8", "2", "8");
    row("dismisses-less", "scan.dismissible", R"(["credential", "personal-data"])",
        R"(["credential", "private-key"])", R"(["credential"])");
    row("overrides", "testing.allow-overrides", "false", "true", "false");
}

void TstStrictness::directions() {
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, locked);
    QFETCH(QByteArray, asked);
    QFETCH(QByteArray, effective);
    const auto name = key.toStdString();
    const auto machine =
        parsed("lock = [\"" + name + "\"]\n" + name + " = " + locked.toStdString(), "machine");
    const auto user = parsed(name + " = " + asked.toStdString(), "user");
    const auto result = layered(std::nullopt, {machine}, user);
    QCOMPARE(QByteArray::fromStdString(result.texts.at(name)), effective);
    // What was taken as it was asked is no refusal; all else is one.
    QCOMPARE(result.refused.size(), asked == effective ? 0U : 1U);
    QVERIFY(result.origins.at(name).layer ==
            (effective == locked ? LayerKind::Machine : LayerKind::User));
    QCOMPARE(result.origins.at(name).lockedBy.source, "machine");
}

void TstStrictness::noLayerLoosensWhatAnEarlierOneLocks() {
    RandomPolicy random(20'261'129);
    int held = 0;
    for (int round = 0; round < kDocuments; ++round) {
        const auto organisation = parsed(random.document(true), "organisation");
        const std::vector<PolicyLayer> machine = {parsed(random.document(true), "machine"),
                                                  parsed(random.document(true), "machine-2")};
        const auto user = parsed(random.document(true), "user");
        // After each layer: what is locked by then stays at least as strict in the end.
        const auto end = layered(organisation, machine, user).policy;
        for (const auto &until :
             {layered(organisation, {}), layered(organisation, {machine.front()}),
              layered(organisation, machine)}) {
            for (const auto &spec : schema()) {
                if (until.origins.at(spec.key).locked) {
                    QVERIFY2(spec.within(end, until.policy), spec.key.c_str());
                    held += spec.text(end) == spec.text(until.policy) ? 0 : 1;
                }
            }
        }
    }
    QVERIFY(held > 1000); // not because nothing ever changed
}

void TstStrictness::aStricterLayerNeverGivesALaxerPolicy() {
    RandomPolicy random(5);
    for (int round = 0; round < kDocuments; ++round) {
        const auto machine = parsed(random.document(true), "machine");
        const auto user = parsed(random.document(false), "user");
        const auto other = parsed(random.document(false), "user");
        auto stricterUser = user;
        auto stricterMachine = machine;
        for (const auto &spec : schema()) {
            if (user.set.contains(spec.key) && other.set.contains(spec.key)) {
                spec.tighten(other.values, stricterUser.values);
            }
            if (machine.set.contains(spec.key) && other.set.contains(spec.key)) {
                spec.tighten(other.values, stricterMachine.values);
            }
        }
        const auto before = layered(std::nullopt, {machine}, user).policy;
        const auto byUser = layered(std::nullopt, {machine}, stricterUser).policy;
        const auto byMachine = layered(std::nullopt, {stricterMachine}, user).policy;
        for (const auto &spec : schema()) {
            QVERIFY2(spec.within(byUser, before), spec.key.c_str());
            QVERIFY2(spec.within(byMachine, before), spec.key.c_str());
        }
    }
}

QTEST_GUILESS_MAIN(TstStrictness)
#include "tst_Strictness.moc"
