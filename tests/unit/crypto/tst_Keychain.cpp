// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Keychain.h"
#include "crypto/KeychainGate.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QDBusVariant>
#include <QDBusVirtualObject>
#include <QElapsedTimer>
#include <QTest>
#include <QThread>
#include <atomic>
#include <thread>
#include <vector>

using namespace sealpost;
using namespace Qt::StringLiterals;

namespace {

constexpr int kLimit = 5000;

//! A desktop's dialog that nobody looks at: takes every call and never answers.
class SilentPrompter final : public QDBusVirtualObject {
public:
    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &) override {
        message.setDelayedReply(true);
        asked = true;
        return true;
    }
    std::atomic<bool> asked = false;
};

QDBusMessage callService(const QString &method, const QVariantList &arguments) {
    auto message =
        QDBusMessage::createMethodCall(u"org.freedesktop.secrets"_s, u"/org/freedesktop/secrets"_s,
                                       u"org.freedesktop.Secret.Service"_s, method);
    message.setArguments(arguments);
    return QDBusConnection::sessionBus().call(message, QDBus::Block, kLimit);
}

void lockDefaultKeyring() {
    const QDBusReply<QDBusObjectPath> path = callService(u"ReadAlias"_s, {u"default"_s});
    QVERIFY(path.isValid());
    const QList<QDBusObjectPath> all = {path.value()};
    const auto reply = callService(u"Lock"_s, {QVariant::fromValue(all)});
    QVERIFY2(reply.type() == QDBusMessage::ReplyMessage, qPrintable(reply.errorMessage()));
}

} // namespace

//! Under with-keyring.sh: a real, unlocked keyring on a bus of its own. The last test locks it.
class TestKeychain : public QObject {
    Q_OBJECT
private slots:
    void missingEntryIsNone();
    void keepsBytesAsTheyAre_data();
    void keepsBytesAsTheyAre();
    void overwrites();
    void removes();
    void profilesAreApart();
    void worksFromManyThreads();
    void lockedKeyringIsNotAnEmptyOne();
    void unansweredPromptEnds();
};

void TestKeychain::missingEntryIsNone() {
    const auto entry = crypto::makeOsKeychain("")->read("no-such-key");
    QVERIFY2(entry.has_value(), entry ? "" : entry.error().code.c_str());
    QVERIFY(!entry->has_value());
}

void TestKeychain::keepsBytesAsTheyAre_data() {
    QTest::addColumn<std::string>("secret");
    QTest::newRow("text") << std::string("pass phrase");
    QTest::newRow("utf-8") << std::string("t\xc3\xa4xt");
    QTest::newRow("nul-and-high-bytes") << std::string("\0\xff\x10\x80\n\r", 6);
    QTest::newRow("256-random-bits") << std::string(SecretBytes::random(32).view());
    QTest::newRow("4-kibibytes") << std::string(4096, 's');
}

void TestKeychain::keepsBytesAsTheyAre() {
    QFETCH(const std::string, secret);
    const auto keychain = crypto::makeOsKeychain("");
    const auto written = keychain->write("bytes", SecretBytes(std::string_view(secret)));
    QVERIFY2(written.has_value(), written ? "" : written.error().logSafeDetail.c_str());
    const auto entry = keychain->read("bytes");
    QVERIFY(entry.has_value() && entry->has_value());
    QVERIFY((*entry)->view() == secret);
}

void TestKeychain::overwrites() {
    const auto keychain = crypto::makeOsKeychain("");
    QVERIFY(keychain->write("twice", SecretBytes(std::string("one"))).has_value());
    QVERIFY(keychain->write("twice", SecretBytes(std::string("two"))).has_value());
    QVERIFY(keychain->read("twice").value().value().view() == "two");
}

void TestKeychain::removes() {
    const auto keychain = crypto::makeOsKeychain("");
    QVERIFY(keychain->write("gone", SecretBytes(std::string("x"))).has_value());
    QVERIFY(keychain->remove("gone").has_value());
    QVERIFY(!keychain->read("gone").value().has_value());
    QVERIFY(keychain->remove("gone").has_value());
}

void TestKeychain::profilesAreApart() {
    const auto one = crypto::makeOsKeychain("one");
    QVERIFY(one->write("key", SecretBytes(std::string("first"))).has_value());
    QVERIFY(!crypto::makeOsKeychain("two")->read("key").value().has_value());
    QVERIFY(!crypto::makeOsKeychain("")->read("key").value().has_value());
    QVERIFY(crypto::makeOsKeychain("one")->read("key").value().has_value());
}

void TestKeychain::worksFromManyThreads() {
    constexpr int kThreads = 4;
    constexpr int kRounds = 5;
    std::atomic<int> good = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
        threads.emplace_back([t, &good] {
            const auto keychain = crypto::makeOsKeychain("threads");
            const auto key = "key-" + std::to_string(t);
            for (int round = 0; round < kRounds; ++round) {
                const auto text = key + ":" + std::to_string(round);
                if (!keychain->write(key, SecretBytes(std::string_view(text)))) {
                    return;
                }
                const auto entry = keychain->read(key);
                if (entry && *entry && (*entry)->view() == text) {
                    ++good;
                }
            }
        });
    }
    threads.clear();
    QCOMPARE(good.load(), kThreads * kRounds);
}

void TestKeychain::lockedKeyringIsNotAnEmptyOne() {
    const auto keychain = crypto::makeOsKeychain("");
    QVERIFY(keychain->write("kept", SecretBytes(std::string("x"))).has_value());
    lockDefaultKeyring();
    QElapsedTimer timer;
    timer.start();
    for (const auto *key : {"kept", "no-such-key"}) {
        const auto entry = keychain->read(key);
        QVERIFY(!entry);
        QCOMPARE(entry.error().code, "keychain.locked");
        QVERIFY(entry.error().reaction == Reaction::FixInput);
    }
    QCOMPARE(keychain->write("kept", SecretBytes(std::string("y"))).error().code,
             "keychain.locked");
    QCOMPARE(keychain->remove("kept").error().code, "keychain.locked");
    QVERIFY(timer.elapsed() < 60'000);
}

void TestKeychain::unansweredPromptEnds() {
    lockDefaultKeyring();
    // On a thread of its own, as the desktop's dialog is a process of its own.
    SilentPrompter prompter;
    QThread desktop;
    desktop.start();
    prompter.moveToThread(&desktop);
    auto bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"prompter"_s);
    QVERIFY(bus.registerVirtualObject(u"/org/gnome/keyring/Prompter"_s, &prompter));
    QVERIFY(bus.registerService(u"org.gnome.keyring.SystemPrompter"_s));
    using namespace std::chrono_literals;
    const auto opened = crypto::openKeychain(crypto::KeychainUse::Read, 1s);
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, "keychain.locked");
    QVERIFY(prompter.asked);
    QCOMPARE(opened.error().logSafeDetail, "prompt not answered");
    QDBusConnection::disconnectFromBus(u"prompter"_s);
    desktop.quit();
    desktop.wait();
}

QTEST_GUILESS_MAIN(TestKeychain)
#include "tst_Keychain.moc"
