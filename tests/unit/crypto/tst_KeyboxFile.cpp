// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/KeyboxFile.h"

#include <QTest>
#include <string>

using namespace sealpost::crypto;

namespace {

std::string number(std::size_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(value >> static_cast<unsigned>(shift) & 0xFF);
    }
    return bytes;
}

std::string blob(char type, char flags, const std::string &content) {
    constexpr std::size_t kHead = 16;
    return number(kHead + content.size()) + type + '\1' + '\0' + flags + number(kHead) +
           number(content.size()) + content;
}

std::string header() {
    return number(32) + std::string("\1\1\0\2KBXf", 8) + std::string(20, '\0');
}

} // namespace

class TstKeyboxFile final : public QObject {
    Q_OBJECT
private slots:
    void certificatesAreFoundInOrder() {
        const auto file = header() + blob(3, 0, "first") + blob(2, 0, "OpenPGP") +
                          blob(3, 2, "ephemeral") + blob(0, 0, "deleted") + blob(3, 0, "second");
        const auto found = certificatesInKeybox(file);
        QVERIFY(found);
        QCOMPARE(found->size(), std::size_t{2});
        QCOMPARE(file.substr(found->front().offset, found->front().size), std::string("first"));
        QCOMPARE(file.substr(found->back().offset, found->back().size), std::string("second"));
    }

    void anEmptyOneHasNone() {
        QVERIFY(certificatesInKeybox(header())->empty());
        QVERIFY(certificatesInKeybox("")->empty());
    }

    void anotherFormIsRefused_data() {
        QTest::addColumn<std::string>("file");
        QTest::newRow("text") << std::string("-----BEGIN CERTIFICATE-----\n");
        QTest::newRow("no header") << blob(3, 0, "first");
        QTest::newRow("length of nothing") << header() + number(0) + std::string(20, 'x');
        QTest::newRow("length past the end") << header() + number(1000) + std::string(20, '\3');
        QTest::newRow("cut in a length") << header() + std::string("\0\0", 2);
        QTest::newRow("too short for a certificate") << header() + number(8) + "\3\1\0\0";
        auto outside = blob(3, 0, "first");
        outside.replace(8, 4, number(0xFFFFFFFF));
        QTest::newRow("certificate outside") << header() + outside;
        auto long_ = blob(3, 0, "first");
        long_.replace(12, 4, number(0xFFFFFFF0));
        QTest::newRow("certificate too long") << header() + long_;
    }
    void anotherFormIsRefused() {
        QFETCH(const std::string, file);
        QVERIFY(!certificatesInKeybox(file));
    }

    void everyCutIsRefusedOrShorter() {
        const auto file = header() + blob(3, 0, "first") + blob(3, 0, "second");
        for (std::size_t size = 1; size < file.size(); ++size) {
            const auto found = certificatesInKeybox(file.substr(0, size));
            QVERIFY(!found || found->size() < 2);
        }
    }
};

QTEST_GUILESS_MAIN(TstKeyboxFile)
#include "tst_KeyboxFile.moc"
