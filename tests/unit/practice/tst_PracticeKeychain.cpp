// SPDX-License-Identifier: GPL-3.0-or-later
#include "practice/PracticeKeychain.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>

using namespace sealpost;
using sealpost::practice::PracticeKeychain;

class TestPracticeKeychain : public QObject {
    Q_OBJECT
private slots:
    void keepsBytes();
    void damagedFileIsKept();
};

void TestPracticeKeychain::keepsBytes() {
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "keychain.json";
    const std::string secret("\0\xff\n\"x", 5);
    {
        PracticeKeychain keychain(file);
        const auto none = keychain.read("a");
        QVERIFY(none);
        QVERIFY(!none->has_value());
        QVERIFY(keychain.write("a", SecretBytes(std::string_view(secret))));
        QVERIFY(keychain.write("b", SecretBytes(std::string_view("other"))));
    }
    QCOMPARE(std::filesystem::status(file).permissions(),
             std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    PracticeKeychain again(file);
    QCOMPARE(again.read("a").value().value().view(), std::string_view(secret));
    QVERIFY(again.remove("a"));
    QVERIFY(!again.read("a").value().has_value());
    QCOMPARE(again.read("b").value().value().view(), std::string_view("other"));
}

void TestPracticeKeychain::damagedFileIsKept() {
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "keychain.json";
    std::ofstream(file) << "{ half";
    PracticeKeychain keychain(file);
    const auto read = keychain.read("a");
    QVERIFY(!read);
    QCOMPARE(read.error().code, std::string("keychain.failed"));
    QVERIFY(!keychain.write("a", SecretBytes(std::string_view("x"))));
    QCOMPARE(std::filesystem::file_size(file), 6U);
}

QTEST_APPLESS_MAIN(TestPracticeKeychain)
#include "tst_PracticeKeychain.moc"
