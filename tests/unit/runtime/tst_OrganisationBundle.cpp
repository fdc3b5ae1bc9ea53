// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "policy/PolicyLayers.h"
#include "runtime/OrganisationBundle.h"
#include "support/BundleSigner.h"
#include "support/FakeClock.h"

#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

using namespace sealpost;
using namespace sealpost::runtime;

namespace {

std::string plain(std::string fingerprint) {
    fingerprint.erase(std::remove(fingerprint.begin(), fingerprint.end(), ':'), fingerprint.end());
    return base::asciiLower(fingerprint);
}

std::string codeOf(const Result<BundleReading> &reading) {
    return reading ? "ok" : reading.error().code;
}

} // namespace

//! One profile, one server, one clock.
class TstOrganisationBundle : public QObject {
    Q_OBJECT
private slots:
    void init();
    void firstFetchPutsItInForce();
    void nothingIsSentBeforeTheFirst_data();
    void nothingIsSentBeforeTheFirst();
    void serverOutOfReachLeavesTheLastGoodOne();
    void wrongSignatureLeavesTheLastGoodOne();
    void newerVersionTakesOver();
    void olderVersionIsRefused();
    void olderVersionIsRefusedAfterTheCacheIsGone();
    void sameVersionWithOtherContentIsRefused();
    void leastVersionHoldsWithoutAnyMemory();
    void expiredStops();
    void clockSetBackBringsNothingToLifeAgain();
    void askedOnlyWhenDue();
    void troubleIsRememberedAndAskedAboutSooner();
    void pinTakenBackEndsIt();
    void documentWithAMistakeIsRefused();
    void headerIsNeeded_data();
    void headerIsNeeded();
    void mayNotNameItsOwnSource();
    void tamperedMemoryStops();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::shared_ptr<test::FakeClock> m_clock;
    Result<std::string> m_served = fail("http.failed", "http.get", Reaction::Retry);
    int m_asked = 0;
    policy::OrganisationPolicy m_config;
    test::BundleSigner m_signer{{QStringLiteral("ec"), QStringLiteral("-pkeyopt"),
                                 QStringLiteral("ec_paramgen_curve:P-256")}};

    [[nodiscard]] std::filesystem::path file() const {
        return m_folder->filePath(QStringLiteral("sealpost.db")).toStdString();
    }
    [[nodiscard]] store::SealedFacts facts() const {
        return store::SealedFacts(
            store::Database::open(file(), SecretBytes(std::string(crypto::kSealedBoxKeySize, 'k')))
                .value());
    }
    //! As a new process would.
    [[nodiscard]] Result<BundleReading> read(Asking asking = Asking::WhenDue) {
        OrganisationBundle bundle(
            [this](const std::string &) {
                ++m_asked;
                return m_served;
            },
            facts(), m_clock);
        return bundle.read(m_config, asking);
    }
    void serve(int version, const std::string &rules = "probe.port-25 = false\n", int days = 30) {
        m_served = m_signer.sign(
            rules + "[bundle]\nversion = " + std::to_string(version) +
            "\nexpires = " + base::toIso8601(m_clock->now() + std::chrono::days(days)) + "\n");
    }
    void later(std::chrono::seconds span) { m_clock->advance(span); }
};

void TstOrganisationBundle::init() {
    m_folder = std::make_unique<QTemporaryDir>();
    // The signer's certificate is of today.
    m_clock = std::make_shared<test::FakeClock>(base::SystemClock().now() + std::chrono::hours(1));
    m_config = {};
    m_config.bundleUrl = "https://policy.example/rules";
    m_config.bundleSigners = {plain(m_signer.fingerprint())};
    m_asked = 0;
}

void TstOrganisationBundle::firstFetchPutsItInForce() {
    serve(3);
    const auto first = read();
    QCOMPARE(codeOf(first), "ok");
    QVERIFY(!first->layer.values.probePort25);
    QVERIFY(first->layer.set.contains("probe.port-25"));
    QCOMPARE(first->header.version, 3U);
    QCOMPARE(first->signer, *m_config.bundleSigners.begin());
    QVERIFY(!first->trouble);
    QVERIFY(!first->clockSetBack);
    QCOMPARE(first->layer.source, m_config.bundleUrl);
}

void TstOrganisationBundle::nothingIsSentBeforeTheFirst_data() {
    QTest::addColumn<QByteArray>("served");
    QTest::addColumn<QString>("code");
    QTest::newRow("no-network") << QByteArray() << "http.failed";
    QTest::newRow("not-signed") << QByteArray("[bundle]\nversion = 1\n") << "bundle.unreadable";
}

void TstOrganisationBundle::nothingIsSentBeforeTheFirst() {
    QFETCH(QByteArray, served);
    QFETCH(QString, code);
    m_served = served.isEmpty()
                   ? Result<std::string>(fail("http.failed", "http.get", Reaction::Retry))
                   : Result<std::string>(served.toStdString());
    QCOMPARE(QString::fromStdString(codeOf(read())), code);
    // Again at once: the same word, from memory.
    QCOMPARE(QString::fromStdString(codeOf(read())), code);
    QCOMPARE(m_asked, 1);
    later(std::chrono::minutes(1));
    serve(1);
    QCOMPARE(codeOf(read()), "ok");
}

void TstOrganisationBundle::serverOutOfReachLeavesTheLastGoodOne() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    m_served = fail("http.failed", "http.get", Reaction::Retry);
    later(std::chrono::hours(25));
    const auto reading = read();
    QCOMPARE(codeOf(reading), "ok");
    QCOMPARE(reading->header.version, 3U);
    QVERIFY(reading->trouble);
    QCOMPARE(reading->trouble->code, "http.failed");
}

void TstOrganisationBundle::wrongSignatureLeavesTheLastGoodOne() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    const test::BundleSigner stranger;
    m_served = stranger.sign("[bundle]\nversion = 4\nexpires = 2099-01-01\n");
    const auto reading = read(Asking::Now);
    QCOMPARE(codeOf(reading), "ok");
    QCOMPARE(reading->header.version, 3U);
    QCOMPARE(reading->trouble->code, "bundle.signer");
}

void TstOrganisationBundle::newerVersionTakesOver() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    serve(4, "probe.port-25 = true\n");
    later(std::chrono::hours(25));
    const auto reading = read();
    QCOMPARE(reading->header.version, 4U);
    QVERIFY(reading->layer.values.probePort25);
}

void TstOrganisationBundle::olderVersionIsRefused() {
    serve(3);
    const auto old = m_served;
    QCOMPARE(codeOf(read()), "ok");
    serve(4);
    QCOMPARE(read(Asking::Now)->header.version, 4U);
    m_served = old;
    const auto reading = read(Asking::Now);
    QCOMPARE(codeOf(reading), "ok");
    QCOMPARE(reading->header.version, 4U);
    QCOMPARE(reading->trouble->code, "bundle.older");
    QCOMPARE(reading->trouble->logSafeDetail, "3 after 4");
}

//! An older bundle in the cache's place does not make the version fall either.
void TstOrganisationBundle::olderVersionIsRefusedAfterTheCacheIsGone() {
    serve(3);
    const auto old = *m_served;
    serve(4);
    QCOMPARE(codeOf(read()), "ok");
    auto remembered = facts();
    QVERIFY(remembered.write({{"policy-bundle", old}}));
    m_served = old;
    later(std::chrono::minutes(1));
    QCOMPARE(codeOf(read()), "bundle.older");
}

void TstOrganisationBundle::sameVersionWithOtherContentIsRefused() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    serve(3, "probe.port-25 = true\n");
    const auto reading = read(Asking::Now);
    QVERIFY(!reading->layer.values.probePort25);
    QCOMPARE(reading->trouble->code, "bundle.other-content");
}

void TstOrganisationBundle::leastVersionHoldsWithoutAnyMemory() {
    m_config.bundleLeastVersion = 10;
    serve(9);
    QCOMPARE(codeOf(read()), "bundle.older");
    serve(10);
    QCOMPARE(codeOf(read(Asking::Now)), "ok");
    // Raised by the administrator: what is held counts no more.
    m_config.bundleLeastVersion = 11;
    QCOMPARE(codeOf(read()), "bundle.older");
}

void TstOrganisationBundle::expiredStops() {
    serve(3, "probe.port-25 = false\n", 2);
    QCOMPARE(codeOf(read()), "ok");
    later(std::chrono::days(3));
    const auto same = read();
    QCOMPARE(codeOf(same), "bundle.expired");
    QVERIFY(same.error().reaction == Reaction::AskAdmin);
    serve(4);
    QCOMPARE(codeOf(read(Asking::Now)), "ok");
}

void TstOrganisationBundle::clockSetBackBringsNothingToLifeAgain() {
    serve(3, "probe.port-25 = false\n", 2);
    QCOMPARE(codeOf(read()), "ok");
    later(std::chrono::days(3));
    QCOMPARE(codeOf(read()), "bundle.expired");
    later(-std::chrono::days(3));
    // It says what is wrong: by this clock the rules have not ended yet.
    QCOMPARE(codeOf(read()), "bundle.clock-set-back");
    // Nor is an expired one taken from the server.
    QCOMPARE(codeOf(read(Asking::Now)), "bundle.clock-set-back");
    serve(4, "probe.port-25 = false\n", 30);
    const auto reading = read(Asking::Now);
    QCOMPARE(codeOf(reading), "ok");
    QVERIFY(reading->clockSetBack);
}

void TstOrganisationBundle::askedOnlyWhenDue() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    later(std::chrono::hours(23));
    QCOMPARE(codeOf(read()), "ok");
    QCOMPARE(m_asked, 1);
    later(std::chrono::hours(1));
    QCOMPARE(codeOf(read()), "ok");
    QCOMPARE(m_asked, 2);
    (void)read(Asking::Now);
    QCOMPARE(m_asked, 3);
}

void TstOrganisationBundle::troubleIsRememberedAndAskedAboutSooner() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    m_served = fail("http.status", "http.get", Reaction::Retry, "503", "policy.example");
    QVERIFY(read(Asking::Now)->trouble);
    later(std::chrono::minutes(5));
    const auto remembered = read();
    QCOMPARE(m_asked, 2);
    QCOMPARE(remembered->trouble->code, "http.status");
    QCOMPARE(remembered->trouble->logSafeDetail, "503");
    QVERIFY(remembered->trouble->reaction == Reaction::Retry);
    later(std::chrono::minutes(5));
    serve(4);
    QVERIFY(!read()->trouble);
    QCOMPARE(m_asked, 3);
}

void TstOrganisationBundle::pinTakenBackEndsIt() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    m_config.bundleSigners = {std::string(64, 'a')};
    QCOMPARE(codeOf(read()), "bundle.signer");
    m_config.bundleSigners = {};
    QCOMPARE(codeOf(read()), "bundle.no-signer");
}

void TstOrganisationBundle::documentWithAMistakeIsRefused() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    serve(4, "probe.port-52 = false\n");
    const auto reading = read(Asking::Now);
    QCOMPARE(reading->header.version, 3U);
    QCOMPARE(reading->trouble->code, "bundle.document");
    QCOMPARE(reading->trouble->subject, m_config.bundleUrl + ":1:7 probe.port-52");
}

void TstOrganisationBundle::headerIsNeeded_data() {
    QTest::addColumn<QByteArray>("document");
    QTest::newRow("no-header") << QByteArray("probe.port-25 = true\n");
    QTest::newRow("no-version") << QByteArray("[bundle]\nexpires = 2099-01-01\n");
    QTest::newRow("no-end") << QByteArray("[bundle]\nversion = 3\n");
    QTest::newRow("version-0") << QByteArray("[bundle]\nversion = 0\nexpires = 2099-01-01\n");
    QTest::newRow("end-in-quotes")
        << QByteArray("[bundle]\nversion = 1\nexpires = \"2099-01-01\"\n");
}

void TstOrganisationBundle::headerIsNeeded() {
    QFETCH(QByteArray, document);
    m_served = m_signer.sign(document.toStdString());
    QCOMPARE(codeOf(read()), "bundle.document");
}

void TstOrganisationBundle::mayNotNameItsOwnSource() {
    serve(3, "organisation.bundle-signers = []\norganisation.bundle-url = \"\"\n");
    auto reading = read();
    QCOMPARE(codeOf(reading), "ok");
    const auto machine = policy::parsePolicy(
        "organisation.bundle-url = \"https://policy.example/rules\"\n", "machine");
    const auto effective =
        policy::layerPolicies(policy::builtInPolicy(), {reading->layer, {machine}, std::nullopt});
    QVERIFY(effective);
    QCOMPARE(effective->policy.organisation.bundleUrl, "https://policy.example/rules");
    QCOMPARE(effective->refused.size(), 2U);
    QCOMPARE(effective->refused.front().code, "policy.machine-only");
}

void TstOrganisationBundle::tamperedMemoryStops() {
    serve(3);
    QCOMPARE(codeOf(read()), "ok");
    // A sealed value in another one's place does not open.
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("t"));
        database.setDatabaseName(QString::fromStdString(file().string()));
        QVERIFY(database.open());
        QSqlQuery query(database);
        QVERIFY(query.exec(QStringLiteral(
            "UPDATE fact SET value = (SELECT value FROM fact WHERE name = 'sealed/policy-bundle') "
            "WHERE name = 'sealed/policy-bundle-state'")));
        QCOMPARE(query.numRowsAffected(), 1);
    }
    QSqlDatabase::removeDatabase(QStringLiteral("t"));
    QCOMPARE(codeOf(read()), "store.damaged");
}

QTEST_GUILESS_MAIN(TstOrganisationBundle)
#include "tst_OrganisationBundle.moc"
