// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/PolicyFiles.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace sealpost;
using runtime::readPolicies;

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

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    std::filesystem::path m_folder;
    void write(const std::string &name, const std::string &toml) const {
        std::ofstream(m_folder / name) << toml;
    }
    [[nodiscard]] Result<policy::EffectivePolicy> read() const {
        return readPolicies(m_folder / "etc", std::nullopt, m_folder / "user.toml");
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
    const auto policy =
        readPolicies(m_folder / "etc", m_folder / "no-such.toml", m_folder / "user.toml");
    QVERIFY(!policy);
    QCOMPARE(policy.error().code, "policy.unreadable");
}

QTEST_GUILESS_MAIN(TstPolicyFiles)
#include "tst_PolicyFiles.moc"
