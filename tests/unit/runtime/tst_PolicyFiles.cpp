// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/PolicyFiles.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace sealpost;
using runtime::PolicyPlaces;
using runtime::PolicyReading;
using runtime::readPolicies;

namespace {

class FakeRegistry final : public policy::PolicyRegistry {
public:
    Result<std::optional<policy::RegistryKey>> content = std::nullopt;
    [[nodiscard]] Result<std::optional<policy::RegistryKey>> read() const override {
        return content;
    }
};

} // namespace

class TstPolicyFiles : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_folder = m_temporary->path().toStdString();
        std::filesystem::create_directories(m_folder / "etc" / "policy.d");
    }
    void nothingThereGivesTheDefaults();
    void machineFilesInOrderThenUser();
    void lockHoldsAgainstTheUser();
    void brokenMachinePolicyStops();
    void unreadableMachinePolicyStops();
    void chosenFileMustExist();
    void registryComesBeforeTheFiles();
    void unreadableRegistryStops();
    void bundleStandsBelowTheMachine();
    void bundleThatCanNotBeHadStops();
    void practiceLeavesTheBundleOut();
    void brokenMachinePolicyAsksNobody();
    void onlyTheMachineNamesABundle();
    void sourcesSayWhatBecameOfEach();
    void badFiles_data();
    void badFiles();

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::filesystem::path m_folder;
    void write(const std::string &name, const std::string &toml) const {
        std::ofstream(m_folder / name) << toml;
    }
    [[nodiscard]] PolicyPlaces places() const {
        PolicyPlaces places;
        places.machineFolder = m_folder / "etc";
        places.userPolicy = m_folder / "user.toml";
        return places;
    }
    [[nodiscard]] Result<policy::EffectivePolicy> read() const {
        return readPolicies(places()).effective;
    }
    //! With a machine policy that names one, and this as its document.
    [[nodiscard]] PolicyPlaces withBundle(const std::string &toml) const {
        write("etc/policy.toml", "organisation.bundle-url = \"https://policy.example/\"\n");
        auto where = places();
        where.bundle = [toml](const policy::Policy &machine) -> Result<runtime::BundleReading> {
            runtime::BundleReading reading;
            reading.layer = policy::parsePolicy(toml, machine.organisation.bundleUrl);
            return reading;
        };
        return where;
    }
};

void TstPolicyFiles::nothingThereGivesTheDefaults() {
    const auto policy = read();
    QVERIFY(policy);
    QVERIFY(policy->policy.tlsRequiredUnder.contains("gov.uk"));
    QVERIFY(!policy->policy.managedComputer);
}

void TstPolicyFiles::machineFilesInOrderThenUser() {
    write("etc/policy.toml", "[message]\nplan-lifetime-minutes = 11\n");
    write("etc/policy.d/20-b.toml", "[message]\nplan-lifetime-minutes = 13\n");
    write("etc/policy.d/10-a.toml", "[message]\nplan-lifetime-minutes = 12\n");
    write("etc/policy.d/note.txt", "not a policy");
    QVERIFY(read()->policy.planLifetime == std::chrono::minutes(13));
    write("user.toml", "[message]\nplan-lifetime-minutes = 14\n");
    QVERIFY(read()->policy.planLifetime == std::chrono::minutes(14));
}

void TstPolicyFiles::lockHoldsAgainstTheUser() {
    write("etc/policy.toml",
          "lock = [\"message.plan-lifetime-minutes\"]\n[message]\nplan-lifetime-minutes = 11\n");
    write("user.toml", "[message]\nplan-lifetime-minutes = 14\n");
    const auto policy = read();
    QVERIFY(policy);
    QVERIFY(policy->policy.planLifetime == std::chrono::minutes(11));
    QCOMPARE(policy->refused.size(), 1U);
}

void TstPolicyFiles::brokenMachinePolicyStops() {
    write("etc/policy.toml", "[message\n");
    const auto policy = read();
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, "policy.invalid");
    QVERIFY(policy.error().subject.find("policy.toml") != std::string::npos);
}

void TstPolicyFiles::unreadableMachinePolicyStops() {
    // A folder in the file's place can't be read by anybody, root included.
    std::filesystem::create_directories(m_folder / "etc" / "policy.toml");
    const auto policy = read();
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, "policy.unreadable");
}

void TstPolicyFiles::chosenFileMustExist() {
    auto where = places();
    where.chosen = m_folder / "no-such.toml";
    const auto policy = readPolicies(where).effective;
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, "policy.unreadable");
}

void TstPolicyFiles::registryComesBeforeTheFiles() {
    auto registry = std::make_shared<FakeRegistry>();
    policy::RegistryKey key;
    key.keys["message"].values = {{"plan-lifetime-minutes", std::uint64_t{21}},
                                  {"max-size-mib", std::uint64_t{10}}};
    registry->content = key;
    write("etc/policy.toml", "message.plan-lifetime-minutes = 11\n");
    auto where = places();
    where.registry = registry;
    const auto reading = readPolicies(where);
    QVERIFY(reading.effective);
    QVERIFY(reading.effective->policy.planLifetime == std::chrono::minutes(11));
    QCOMPARE(reading.effective->policy.maxMessageSize, 10 * base::kMiB);
    QVERIFY(reading.effective->origins.at("message.max-size-mib").layer ==
            policy::LayerKind::Machine);
    QCOMPARE(reading.sources.size(), 3U);
    QCOMPARE(reading.sources.at(1).place, std::string(policy::kRegistryPlace));
}

void TstPolicyFiles::unreadableRegistryStops() {
    auto registry = std::make_shared<FakeRegistry>();
    registry->content = fail("policy.unreadable", "policy", Reaction::AskAdmin, "access denied");
    auto where = places();
    where.registry = registry;
    const auto reading = readPolicies(where);
    QVERIFY(!reading.effective);
    QCOMPARE(reading.effective.error().code, "policy.unreadable");
}

void TstPolicyFiles::bundleStandsBelowTheMachine() {
    auto where = withBundle("lock = [\"message.max-size-mib\"]\nmessage.max-size-mib = 20\n"
                            "message.plan-lifetime-minutes = 30\n");
    write("etc/policy.d/1.toml", "message.max-size-mib = 40\nmessage.plan-lifetime-minutes = 9\n");
    const auto reading = readPolicies(where);
    QVERIFY(reading.effective);
    // The bundle's lock binds the machine; what it did not lock the machine may set.
    QCOMPARE(reading.effective->policy.maxMessageSize, 20 * base::kMiB);
    QVERIFY(reading.effective->policy.planLifetime == std::chrono::minutes(9));
    QCOMPARE(reading.effective->refused.size(), 1U);
    QVERIFY(reading.effective->origins.at("message.max-size-mib").layer ==
            policy::LayerKind::Organisation);
    QCOMPARE(reading.sources.at(1).place, "https://policy.example/");
    QVERIFY(reading.sources.at(1).inForce);
}

void TstPolicyFiles::bundleThatCanNotBeHadStops() {
    auto where = withBundle("");
    where.bundle = [](const policy::Policy &) -> Result<runtime::BundleReading> {
        return fail("bundle.expired", "bundle", Reaction::AskAdmin, "2026-01-01T00:00:00Z");
    };
    const auto reading = readPolicies(where);
    QVERIFY(!reading.effective);
    QCOMPARE(reading.effective.error().code, "bundle.expired");
    QVERIFY(!reading.sources.at(1).inForce);
    QCOMPARE(reading.sources.at(1).trouble->code, "bundle.expired");
}

void TstPolicyFiles::practiceLeavesTheBundleOut() {
    auto where = withBundle("message.max-size-mib = 20\n");
    where.bundle = nullptr;
    const auto reading = readPolicies(where);
    QVERIFY(reading.effective);
    QCOMPARE(reading.effective->policy.maxMessageSize, 50 * base::kMiB);
    QVERIFY(!reading.sources.at(1).used);
    QVERIFY(!reading.sources.at(1).inForce);
}

void TstPolicyFiles::brokenMachinePolicyAsksNobody() {
    auto where = withBundle("");
    int asked = 0;
    where.bundle = [&](const policy::Policy &) -> Result<runtime::BundleReading> {
        ++asked;
        return fail("http.failed", "http.get", Reaction::Retry);
    };
    write("etc/policy.d/1.toml", "message.max-size-mib = 0\n");
    QVERIFY(!readPolicies(where).effective);
    QCOMPARE(asked, 0);
}

void TstPolicyFiles::onlyTheMachineNamesABundle() {
    write("user.toml", "organisation.bundle-url = \"https://user.example/\"\n");
    auto where = places();
    where.bundle = [](const policy::Policy &) -> Result<runtime::BundleReading> {
        qFatal("asked for a bundle that the machine does not name");
        return fail("bundle.missing", "bundle", Reaction::AskAdmin);
    };
    const auto reading = readPolicies(where);
    QVERIFY(reading.effective);
    QVERIFY(reading.effective->policy.organisation.bundleUrl.empty());
    QCOMPARE(reading.effective->refused.size(), 1U);
    QCOMPARE(reading.effective->refused.front().code, "policy.machine-only");
}

void TstPolicyFiles::sourcesSayWhatBecameOfEach() {
    write("etc/policy.toml", "message.max-size-mib = 0\n");
    write("etc/policy.d/1.toml", "message.max-size-mib = 5\n");
    std::filesystem::create_directories(m_folder / "etc" / "policy.d" / "2.toml");
    write("user.toml", "message.max-size-mib = 4\n");
    const auto reading = readPolicies(places());
    QVERIFY(!reading.effective);
    QCOMPARE(reading.sources.size(), 5U);
    QVERIFY(reading.sources.at(0).inForce);
    QVERIFY(!reading.sources.at(1).inForce);
    QCOMPARE(reading.sources.at(1).problems.size(), 1U);
    QCOMPARE(reading.sources.at(1).problems.front().position.column, 24U);
    QVERIFY(reading.sources.at(2).inForce);
    QCOMPARE(reading.sources.at(3).trouble->code, "policy.unreadable");
    QVERIFY(reading.sources.at(4).inForce);
}

void TstPolicyFiles::badFiles_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("subject"); // after the file's name
    const QString invalid = QStringLiteral("policy.invalid");
    QTest::newRow("wrong-type") << QByteArray("probe.port-25 = \"no\"\n") << invalid
                                << ":1:17 probe.port-25";
    QTest::newRow("unknown-key") << QByteArray("[probe]\nport-52 = true\n") << invalid
                                 << ":2:1 probe.port-52";
    QTest::newRow("table-twice") << QByteArray("[probe]\n[message]\n[probe]\n") << invalid << ":3:";
    QTest::newRow("key-twice") << QByteArray("probe.port-25 = true\nprobe.port-25 = true\n")
                               << invalid << ":2:";
    QTest::newRow("not-utf8") << QByteArray("# caf\xE9\n") << invalid << ":1:";
    QTest::newRow("utf16") << QByteArray("\xFF\xFE#\0\n\0", 6) << invalid << ":1:";
    QTest::newRow("exception-without-authoriser")
        << QByteArray("[[tls.exceptions]]\ndomain = \"a.example\"\nreason = \"r\"\n"
                      "reference = \"x\"\nexpires = 2027-01-01\n")
        << invalid << ":1:1 tls.exceptions.authorised-by";
    QTest::newRow("fifty-mib") << QByteArray(50 << 20, '#') << "policy.unreadable"
                               << "";
}

void TstPolicyFiles::badFiles() {
    QFETCH(QByteArray, toml);
    QFETCH(QString, code);
    QFETCH(QString, subject);
    for (const auto *name : {"etc/policy.toml", "etc/policy.d/1.toml", "user.toml"}) {
        write(name, toml.toStdString());
        const auto policy = read();
        QVERIFY(!policy);
        QCOMPARE(QString::fromStdString(policy.error().code), code);
        const auto wanted = (m_folder / name).string() + subject.toStdString();
        QVERIFY2(policy.error().subject.starts_with(wanted), policy.error().subject.c_str());
        std::filesystem::remove(m_folder / name);
    }
    QVERIFY(read());
}

QTEST_GUILESS_MAIN(TstPolicyFiles)
#include "tst_PolicyFiles.moc"
