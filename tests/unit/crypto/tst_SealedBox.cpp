// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "crypto/SealedBox.h"

#include <QTest>

using namespace sealpost;
using crypto::SealedBox;

namespace {

SecretBytes keyOf(char filler) {
    return SecretBytes(std::string(crypto::kSealedBoxKeySize, filler));
}

std::string fromHex(const char *hex) {
    return QByteArray::fromHex(hex).toStdString();
}

} // namespace

class TestSealedBox : public QObject {
    Q_OBJECT
private slots:
    void opensWhatItSealed_data();
    void opensWhatItSealed();
    void boxesDiffer();
    void refusesChangedBytes_data();
    void refusesChangedBytes();
    void refusesAnotherKeyOrContext();
    void refusesEveryTruncation();
    void refusesAKeyOfAnotherSize();
    void derivesByPurpose();
    void hmac_data();
    void hmac();
    void sha256();
};

void TestSealedBox::opensWhatItSealed_data() {
    QTest::addColumn<std::string>("plain");
    QTest::newRow("empty") << std::string();
    QTest::newRow("one-byte") << std::string("x");
    QTest::newRow("with-nul") << std::string("a\0b", 3);
    QTest::newRow("three-mebibytes") << std::string(3 * 1024 * 1024 + 5, 'm');
}

void TestSealedBox::opensWhatItSealed() {
    QFETCH(const std::string, plain);
    const SealedBox box(keyOf('k'));
    const auto sealed = box.seal(plain, "drafts:body:7");
    QVERIFY(sealed.has_value());
    QCOMPARE(sealed->size(), plain.size() + 1 + 12 + 16);
    if (plain.size() > 16) {
        QVERIFY(sealed->find(plain.substr(0, 16)) == std::string::npos);
    }
    QCOMPARE(box.open(*sealed, "drafts:body:7").value(), plain);
}

void TestSealedBox::boxesDiffer() {
    const SealedBox box(keyOf('k'));
    QVERIFY(box.seal("same", "c").value() != box.seal("same", "c").value());
}

void TestSealedBox::refusesChangedBytes_data() {
    QTest::addColumn<int>("position"); // negative: from the end
    QTest::newRow("version") << 0;
    QTest::newRow("first-of-nonce") << 1;
    QTest::newRow("last-of-nonce") << 12;
    QTest::newRow("first-of-ciphertext") << 13;
    QTest::newRow("last-of-ciphertext") << -17;
    QTest::newRow("first-of-tag") << -16;
    QTest::newRow("last-of-tag") << -1;
}

void TestSealedBox::refusesChangedBytes() {
    QFETCH(const int, position);
    const SealedBox box(keyOf('k'));
    auto sealed = box.seal("a statement", "c").value();
    const auto index = position < 0 ? sealed.size() - static_cast<std::size_t>(-position)
                                    : static_cast<std::size_t>(position);
    for (int bit = 0; bit < 8; ++bit) {
        auto changed = sealed;
        changed[index] = static_cast<char>(changed[index] ^ (1 << bit));
        const auto opened = box.open(changed, "c");
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, "store.damaged");
        QVERIFY(opened.error().reaction == Reaction::AskAdmin);
    }
}

void TestSealedBox::refusesAnotherKeyOrContext() {
    const auto sealed = SealedBox(keyOf('k')).seal("a statement", "outbox:1").value();
    QCOMPARE(SealedBox(keyOf('l')).open(sealed, "outbox:1").error().code, "store.damaged");
    for (const auto *context : {"outbox:2", "outbox:", "outbox:11", ""}) {
        QCOMPARE(SealedBox(keyOf('k')).open(sealed, context).error().code, "store.damaged");
    }
}

void TestSealedBox::refusesEveryTruncation() {
    const SealedBox box(keyOf('k'));
    const auto sealed = box.seal("a statement", "c").value();
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        QCOMPARE(box.open(std::string_view(sealed).substr(0, size), "c").error().code,
                 "store.damaged");
    }
    QCOMPARE(box.open(sealed + "x", "c").error().code, "store.damaged");
}

void TestSealedBox::refusesAKeyOfAnotherSize() {
    const SealedBox box(SecretBytes(std::string("short")));
    QCOMPARE(box.seal("x", "c").error().code, "store.key-size");
    QCOMPARE(box.open(std::string(64, '\1'), "c").error().code, "store.key-size");
}

void TestSealedBox::derivesByPurpose() {
    const SealedBox box(keyOf('k'));
    QCOMPARE(box.derive("journal").size(), crypto::kSealedBoxKeySize);
    QVERIFY(box.derive("journal").view() == box.derive("journal").view());
    QVERIFY(box.derive("journal").view() != box.derive("outbox").view());
    // RFC 5869 A.3: neither salt nor info; the first 32 of its 42 bytes.
    const SealedBox published(SecretBytes(std::string(22, '\x0b')));
    QCOMPARE(base::toHex(published.derive("").view()),
             "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

void TestSealedBox::hmac_data() {
    QTest::addColumn<std::string>("key");
    QTest::addColumn<std::string>("data");
    QTest::addColumn<std::string>("mac");
    QTest::newRow("rfc4231-4.2")
        << std::string(20, '\x0b') << std::string("Hi There")
        << std::string("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("rfc4231-4.3-short-key")
        << std::string("Jefe") << std::string("what do ya want for nothing?")
        << std::string("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    QTest::newRow("rfc4231-4.4")
        << std::string(20, '\xaa') << std::string(50, '\xdd')
        << std::string("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    QTest::newRow("rfc4231-4.7-long-key")
        << std::string(131, '\xaa')
        << std::string("Test Using Larger Than Block-Size Key - Hash Key First")
        << std::string("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    QTest::newRow("empty-key-and-data")
        << std::string() << std::string()
        << std::string("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

void TestSealedBox::hmac() {
    QFETCH(const std::string, key);
    QFETCH(const std::string, data);
    QFETCH(const std::string, mac);
    QCOMPARE(base::toHex(crypto::hmacSha256(key, data)), mac);
}

void TestSealedBox::sha256() {
    // FIPS 180-2 B.1, and the empty message.
    const auto abc = fromHex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QCOMPARE(crypto::sha256("abc"), abc);
    QCOMPARE(base::toHex(crypto::sha256("")),
             "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    crypto::Sha256 pieces;
    pieces.add("a");
    pieces.add("");
    pieces.add("bc");
    QCOMPARE(pieces.finish(), abc);
}

QTEST_GUILESS_MAIN(TestSealedBox)
#include "tst_SealedBox.moc"
