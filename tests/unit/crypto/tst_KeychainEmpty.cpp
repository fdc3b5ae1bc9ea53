// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/Keychain.h"

#include <QTest>

using namespace sealpost;

//! Under with-keyring.sh without a keyring: a secret service that has nothing yet, as at a person's
//! first login without a desktop.
class TestKeychainEmpty : public QObject {
    Q_OBJECT
private slots:
    void nothingIsThere();
    void writingNeedsSomebodyToAsk();
};

void TestKeychainEmpty::nothingIsThere() {
    const auto keychain = crypto::makeOsKeychain("");
    const auto entry = keychain->read("key");
    QVERIFY2(entry.has_value(), entry ? "" : entry.error().code.c_str());
    QVERIFY(!entry->has_value());
    QVERIFY(keychain->remove("key").has_value());
}

void TestKeychainEmpty::writingNeedsSomebodyToAsk() {
    const auto keychain = crypto::makeOsKeychain("");
    const auto written = keychain->write("key", SecretBytes(std::string("secret")));
    QVERIFY(!written);
    QCOMPARE(written.error().code, "keychain.missing");
    QVERIFY(!keychain->read("key").value().has_value());
}

QTEST_GUILESS_MAIN(TestKeychainEmpty)
#include "tst_KeychainEmpty.moc"
