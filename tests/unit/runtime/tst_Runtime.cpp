// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/Runtime.h"
#include "support/MemoryKeychain.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using runtime::Mode;
using runtime::Runtime;
using runtime::RuntimeOptions;

namespace {

Deadline soon() {
    return Deadline::after(std::chrono::seconds(60));
}

mail::Draft draftTo(const std::string &address) {
    mail::Draft draft;
    draft.to = {mail::Address::parse(address).value()};
    draft.subject = "Deployment key";
    draft.body = "The password is correct-Horse7battery\n";
    draft.classification = Classification::OfficialSensitive;
    return draft;
}

} // namespace

class TstRuntime : public QObject {
    Q_OBJECT
private slots:
    void practiceSendsSealed();
    void storeKeyIsNeverMadeAnewForAnExistingStore();
    void aScanNeedsNoKeychain();
    void brokenPolicyStopsThePlanner();
};

void TstRuntime::practiceSendsSealed() {
    const QTemporaryDir temporary;
    RuntimeOptions options;
    options.mode = Mode::Practice;
    options.profile = temporary.path().toStdString();
    const auto world = Runtime::open(options);
    QVERIFY(world);
    const auto accounts = (*world)->accounts();
    QVERIFY(accounts);
    const auto account = (*accounts)->find({});
    QVERIFY(account);
    const auto planner = (*world)->planner();
    QVERIFY(planner);
    const auto plan =
        (*planner)->plan(draftTo("jo.bloggs@court.practice.example"), *account, soon(), {});
    QVERIFY(plan);
    QVERIFY((*plan)->transmissions.size() == 1);
    QVERIFY((*plan)->transmissions.front().route == RouteKind::Smime);
    send::Approvals approvals;
    approvals.planDigest = (*plan)->digest;
    const auto receipts =
        (*(*world)->executor())
            ->execute(**plan, approvals, send::OnTemporaryFailure::Keep, soon(), {});
    QVERIFY(receipts);
    QVERIFY(receipts->front().outcome.delivery == submit::Delivery::Accepted);

    const QDir inbox(QString::fromStdString((*world)->practiceInbox().string()));
    const auto filed = inbox.entryList({QStringLiteral("*.eml")});
    QCOMPARE(filed.size(), 1);
    QFile file(inbox.filePath(filed.front()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto bytes = file.readAll();
    QVERIFY(bytes.contains("application/pkcs7-mime"));
    QVERIFY(!bytes.contains("correct-Horse7battery"));
    QVERIFY(!bytes.contains("Deployment key"));

    const auto blocked =
        (*planner)->plan(draftTo("alex.marsh@council.practice.example"), *account, soon(), {});
    QVERIFY(blocked);
    QVERIFY((*blocked)->blocked());
}

void TstRuntime::storeKeyIsNeverMadeAnewForAnExistingStore() {
    const QTemporaryDir temporary;
    RuntimeOptions options;
    options.profile = temporary.path().toStdString();
    options.keychain = std::make_shared<test::MemoryKeychain>();
    QVERIFY((*Runtime::open(options))->database());
    // Another, empty keychain: as a locked keyring answers.
    options.keychain = std::make_shared<test::MemoryKeychain>();
    const auto database = (*Runtime::open(options))->database();
    QVERIFY(!database);
    QCOMPARE(database.error().code, "keychain.locked");
    QVERIFY(!*options.keychain->read("store-key"));
}

void TstRuntime::aScanNeedsNoKeychain() {
    const QTemporaryDir temporary;
    RuntimeOptions options;
    options.profile = temporary.path().toStdString();
    options.keychain = std::make_shared<test::MemoryKeychain>();
    const auto world = Runtime::open(options);
    QVERIFY((*world)->scanner());
    QVERIFY(!std::filesystem::exists((*world)->profile().database()));
}

void TstRuntime::brokenPolicyStopsThePlanner() {
    const QTemporaryDir temporary;
    QFile policy(temporary.filePath(QStringLiteral("policy.toml")));
    QVERIFY(policy.open(QIODevice::WriteOnly));
    policy.write("[tls]\nminimum-version = \"0.9\"\n");
    policy.close();
    RuntimeOptions options;
    options.profile = temporary.path().toStdString();
    options.keychain = std::make_shared<test::MemoryKeychain>();
    const auto planner = (*Runtime::open(options))->planner();
    QVERIFY(!planner);
    QCOMPARE(planner.error().code, "policy.invalid");
}

QTEST_GUILESS_MAIN(TstRuntime)
#include "tst_Runtime.moc"
