// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Keychain.h"
#include "support/MemoryKeychain.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <thread>

using namespace sealpost;

//! Where no keychain runs: a clear word, at once, and never a file.
class TestKeychainMissing : public QObject {
    Q_OBJECT
private slots:
    void init();
    void noBusIsMissing();
    void noBusIsMissingOnAWorkerThreadToo();
    void noApplicationIsABug();
    void memoryKeychainFailsAsItIsTold();

private:
    QTemporaryDir m_home;
};

void TestKeychainMissing::init() {
    const auto home = m_home.path().toUtf8();
    for (const auto *name : {"HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_DATA_HOME"}) {
        qputenv(name, home);
    }
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=" + home + "/no-such-bus");
    qputenv("XDG_CURRENT_DESKTOP", "GNOME");
    qunsetenv("DISPLAY");
}

void TestKeychainMissing::noBusIsMissing() {
    int argc = 0;
    const QCoreApplication application(argc, nullptr);
    QElapsedTimer timer;
    timer.start();
    const auto keychain = crypto::makeOsKeychain("p");
    const auto entry = keychain->read("key");
    QVERIFY(!entry);
    QCOMPARE(entry.error().code, "keychain.missing");
    QVERIFY(entry.error().reaction == Reaction::AskAdmin);
    QCOMPARE(keychain->write("key", SecretBytes(std::string("secret"))).error().code,
             "keychain.missing");
    QCOMPARE(keychain->remove("key").error().code, "keychain.missing");
    QVERIFY(timer.elapsed() < 10'000);
    QDirIterator files(m_home.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    QVERIFY2(!files.hasNext(), qPrintable(files.hasNext() ? files.next() : QString()));
}

void TestKeychainMissing::noBusIsMissingOnAWorkerThreadToo() {
    int argc = 0;
    const QCoreApplication application(argc, nullptr);
    std::string code;
    std::thread([&code] { code = crypto::makeOsKeychain("")->read("key").error().code; }).join();
    QCOMPARE(code, "keychain.missing");
}

void TestKeychainMissing::noApplicationIsABug() {
    const auto entry = crypto::makeOsKeychain("")->read("key");
    QVERIFY(!entry);
    QCOMPARE(entry.error().code, "keychain.no-application");
    QVERIFY(entry.error().reaction == Reaction::Bug);
}

void TestKeychainMissing::memoryKeychainFailsAsItIsTold() {
    using test::KeychainMood;
    test::MemoryKeychain keychain;
    QVERIFY(keychain.write("key", SecretBytes(std::string("secret"))).has_value());
    const std::pair<KeychainMood, const char *> moods[] = {
        {KeychainMood::Missing, "keychain.missing"},
        {KeychainMood::Locked, "keychain.locked"},
        {KeychainMood::Denied, "keychain.denied"},
        {KeychainMood::Failed, "keychain.failed"}};
    for (const auto &[mood, code] : moods) {
        keychain.set(mood);
        QCOMPARE(keychain.read("key").error().code, code);
        QCOMPARE(keychain.write("key", SecretBytes(std::string("x"))).error().code, code);
        QCOMPARE(keychain.remove("key").error().code, code);
    }
    keychain.set(KeychainMood::HidesAll);
    QVERIFY(!keychain.read("key").value().has_value());
    keychain.set(KeychainMood::Works);
    QVERIFY(keychain.read("key").value().value().view() == "secret");
}

// Each test has the application that it needs, or none.
QTEST_APPLESS_MAIN(TestKeychainMissing)
#include "tst_KeychainMissing.moc"
