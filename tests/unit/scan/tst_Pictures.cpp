// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "support/Packed.h"
#include "support/Scanned.h"

#include <QBuffer>
#include <QFile>
#include <QImage>
#include <QTest>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "the password is Tr4velling-Otter-77";

QByteArray dataFile(const char *name) {
    QFile file(QStringLiteral(SEALPOST_SOURCE_DIR "/tests/unit/scan/data/") +
               QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

std::string saved(const QImage &picture, const char *format) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    picture.save(&buffer, format);
    return bytes.toStdString();
}

std::string bigEndian(std::uint32_t number) {
    std::string bytes;
    for (int i = 3; i >= 0; --i) {
        bytes += static_cast<char>(number >> (8U * static_cast<unsigned>(i)) & 0xFFU);
    }
    return bytes;
}

std::string chunk(const std::string &type, const std::string &data) {
    std::uint32_t sum = ~0U;
    for (const char c : type + data) {
        sum ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) {
            sum = (sum & 1U) != 0 ? sum >> 1U ^ 0xEDB88320U : sum >> 1U;
        }
    }
    return bigEndian(static_cast<std::uint32_t>(data.size())) + type + data + bigEndian(~sum);
}

std::string compressed(const std::string &bytes) {
    return qCompress(QByteArray::fromStdString(bytes)).mid(4).toStdString();
}

//! A white PNG with more chunks before its points.
std::string png(std::uint32_t size, const std::string &chunks) {
    const std::string line = '\0' + std::string(std::min<std::size_t>(size, 64), '\xFF');
    std::string lines;
    for (std::uint32_t i = 0; i < std::min<std::uint32_t>(size, 64); ++i) {
        lines += line;
    }
    return "\x89PNG\r\n\x1A\n" +
           chunk("IHDR", bigEndian(size) + bigEndian(size) + std::string("\x08\0\0\0\0", 5)) +
           chunks + chunk("IDAT", compressed(lines)) + chunk("IEND", "");
}

const std::string kCompressedText =
    chunk("zTXt", std::string("Comment\0\0", 9) + compressed(kSecret));

std::string utf16(std::string_view ascii) {
    std::string wide;
    for (const char c : ascii) {
        wide += {c, '\0'};
    }
    return wide;
}

} // namespace

class tst_Pictures : public QObject {
    Q_OBJECT

private slots:
    void codes_data();
    void codes();
    void texts_data();
    void texts();
    void filesBehind_data();
    void filesBehind();
    void whatIsNotReadIsSaid_data();
    void whatIsNotReadIsSaid();
    void picturesInTexts();
    void pointsAreNoText();
};

void tst_Pictures::codes_data() {
    QTest::addColumn<std::string>("bytes");
    QImage code;
    QVERIFY(code.loadFromData(dataFile("otpauth.png")));
    code = code.convertToFormat(QImage::Format_Grayscale8);
    auto inverted = code;
    inverted.invertPixels();
    QTest::newRow("light on dark") << saved(inverted, "png");
    QTest::newRow("a point a square")
        << saved(code.scaled(code.width() / 3, code.height() / 3), "png");
    QImage clear(code.size(), QImage::Format_ARGB32);
    QImage light(code.size(), QImage::Format_ARGB32);
    for (int y = 0; y < code.height(); ++y) {
        for (int x = 0; x < code.width(); ++x) {
            const int opaque = 255 - qGray(code.pixel(x, y));
            clear.setPixel(x, y, qRgba(0, 0, 0, opaque));
            light.setPixel(x, y, qRgba(255, 255, 255, opaque));
        }
    }
    QTest::newRow("on nothing") << saved(clear, "png");
    QTest::newRow("light on nothing") << saved(light, "png");
    QTest::newRow("portable grey map") << saved(code, "pgm");
    QTest::newRow("a later frame") << dataFile("code-in-third-frame.gif").toStdString();
}

void tst_Pictures::codes() {
    QFETCH(std::string, bytes);
    QVERIFY(!bytes.empty());
    const auto report = scanned(bytes, "a");
    QCOMPARE(found(report), QStringList{QStringLiteral("otpauth-uri@QR-Code 1")});
    QCOMPARE(skipped(report), QStringList());
}

void tst_Pictures::texts_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<QString>("part");
    const auto properties = QStringLiteral("properties");
    QTest::newRow("compressed, in a tiny picture") << png(4, kCompressedText) << properties;
    QTest::newRow("compressed, in a huge picture") << png(40'000, kCompressedText) << properties;
    QTest::newRow("in UTF-16") << png(40, chunk("eXIf", std::string("II*\0", 4) + utf16(kSecret)))
                               << QString();
    QTest::newRow("behind the end")
        << png(40, {}) + kSecret << QStringLiteral("behind the picture");
    QTest::newRow("behind the end in UTF-16")
        << png(40, {}) + utf16(kSecret) << QStringLiteral("behind the picture");
    const std::string comment = std::string(240, ' ') + kSecret; // longer than one piece
    QTest::newRow("a long comment of a GIF")
        << std::string("GIF89a\1\0\1\0\0\0\0\x21\xFE", 15) + '\xFF' + comment.substr(0, 255) +
               static_cast<char>(comment.size() - 255) + comment.substr(255) +
               std::string("\0\x2C\0\0\0\0\1\0\1\0\0\2\2\x44\1\0\x3B", 17)
        << QString();
}

void tst_Pictures::texts() {
    QFETCH(std::string, bytes);
    QFETCH(QString, part);
    QCOMPARE(found(scanned(bytes, "a")), QStringList{QStringLiteral("prose-password@") + part});
}

void tst_Pictures::filesBehind_data() {
    QTest::addColumn<std::string>("picture");
    const QImage white = [] {
        QImage picture(40, 40, QImage::Format_RGB32);
        picture.fill(Qt::white);
        return picture;
    }();
    QTest::newRow("PNG") << saved(white, "png");
    QTest::newRow("JPEG") << saved(white, "jpg");
    QTest::newRow("GIF") << dataFile("code-in-third-frame.gif").toStdString();
}

//! As phones and cameras write several, and as one hides a file.
void tst_Pictures::filesBehind() {
    QFETCH(std::string, picture);
    const auto file = packed(zip, {{"a.txt", kSecret}}) + std::string(70'000, 'x');
    const auto all = found(scanned(picture + file, "a"));
    QVERIFY2(all.contains(QStringLiteral("prose-password@behind the picture/a.txt")),
             qPrintable(all.join(QLatin1Char(' '))));
}

void tst_Pictures::whatIsNotReadIsSaid_data() {
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<QString>("why");
    QImage code;
    QVERIFY(code.loadFromData(dataFile("otpauth.png")));
    const auto jpeg = saved(code, "jpg");
    QTest::newRow("cut off") << jpeg.substr(0, jpeg.size() / 2)
                             << QStringLiteral("a: image-damaged");
    QTest::newRow("animated") << png(40, chunk("acTL", std::string(8, '\0')))
                              << QStringLiteral("a/frame 2: not-supported");
    const auto unknown = QStringLiteral("a: not-supported");
    QTest::newRow("JPEG 2000") << std::string("\0\0\0\x0CjP  \r\n\x87\n", 12) +
                                      std::string(99, '\7')
                               << unknown;
    QTest::newRow("JPEG XL") << "\xFF\x0A" + std::string(99, '\7') << unknown;
    QTest::newRow("film") << std::string("\0\0\0\x18"
                                         "ftypmp42",
                                         12) +
                                 std::string(99, '\7')
                          << unknown;
    QTest::newRow("sound") << "OggS" + std::string(99, '\0') << unknown;
}

void tst_Pictures::whatIsNotReadIsSaid() {
    QFETCH(std::string, bytes);
    QFETCH(QString, why);
    QCOMPARE(skipped(scanned(bytes, "a")), QStringList{why});
}

void tst_Pictures::picturesInTexts() {
    const auto code = dataFile("otpauth.png").toBase64().toStdString();
    const auto one = "<img src=\"data:image/png;base64," + code + "\">\n";
    QCOMPARE(found(scanned("<p>Scan this:</p>\n" + one, "a.html")),
             QStringList{QStringLiteral("otpauth-uri@base64 in line 2/QR-Code 1")});
    QCOMPARE(
        found(scanned(
            QByteArray("\x89PNG\r\n\x1A\n" + QByteArray(300, '\7')).toBase64().toStdString(), "a")),
        QStringList());
    std::string many;
    for (int i = 0; i < 20; ++i) {
        many += one;
    }
    QCOMPARE(skipped(scanned(many, "a.html")),
             QStringList{QStringLiteral("a.html: too-many-items")});
}

//! Compressed points look like anything.
void tst_Pictures::pointsAreNoText() {
    std::string lines;
    for (int i = 0; i < 40; ++i) {
        lines += '\0' + kSecret + std::string(40 - kSecret.size(), ' ');
    }
    const auto stored = qCompress(QByteArray::fromStdString(lines), 0).mid(4).toStdString();
    QVERIFY(stored.find(kSecret) != std::string::npos);
    const auto bytes = png(40, {}).substr(0, 33) + chunk("IDAT", stored) + chunk("IEND", "");
    const auto report = scanned(bytes, "a");
    QCOMPARE(found(report), QStringList());
    QCOMPARE(skipped(report), QStringList());
}

QTEST_GUILESS_MAIN(tst_Pictures)
#include "tst_Pictures.moc"
