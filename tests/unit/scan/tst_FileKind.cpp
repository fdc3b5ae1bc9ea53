// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/FileKind.h"

#include <QTest>

using namespace sealpost::scan;

namespace {

QByteArray der(char tag, const QByteArray &content) {
    QByteArray out(1, tag);
    if (content.size() < 0x80) {
        out += static_cast<char>(content.size());
    } else {
        out += '\x82';
        out += static_cast<char>(content.size() >> 8);
        out += static_cast<char>(content.size() & 0xFF);
    }
    return out + content;
}
QByteArray integer(char value) {
    return der('\x02', QByteArray(1, value));
}
QByteArray oid(const char *hex) {
    return der('\x06', QByteArray::fromHex(hex));
}
QByteArray sequence(const QByteArray &content) {
    return der('\x30', content);
}

const QByteArray kAlgorithm = sequence(oid("2A8648CE3D0201") + oid("2A8648CE3D030107"));
const QByteArray kPfx =
    sequence(integer(3) + sequence(oid("2A864886F70D010701") + der('\xA0', QByteArray(300, 'x'))));

} // namespace

class tst_FileKind : public QObject {
    Q_OBJECT

private slots:
    void kinds_data();
    void kinds();
    void laterVolumes();
    void namesLie_data();
    void namesLie();
};

void tst_FileKind::kinds_data() {
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("kind");
    const auto row = [](const char *title, const QByteArray &bytes, FileKind kind) {
        QTest::newRow(title) << bytes << static_cast<int>(kind);
    };
    row("empty", "", FileKind::Text);
    row("text", "hello", FileKind::Text);
    row("rfc7292-4-pfx", kPfx, FileKind::Pkcs12);
    row("pfx-indefinite-length",
        QByteArray("\x30\x80", 2) + integer(3) + QByteArray("\x30\x80", 2) +
            oid("2A864886F70D010701"),
        FileKind::Pkcs12);
    row("pfx-of-another-version", sequence(integer(2) + sequence(oid("2A864886F70D010701"))),
        FileKind::Text);
    row("rfc5958-2-pkcs8", sequence(integer(0) + kAlgorithm + der('\x04', QByteArray(40, 'k'))),
        FileKind::DerPrivateKey);
    row("rfc5958-3-encrypted",
        sequence(sequence(oid("2A864886F70D01050D")) + der('\x04', QByteArray(200, 'k'))),
        FileKind::DerPrivateKey);
    row("rfc8017-pkcs1", sequence(integer(0) + der('\x02', QByteArray(256, 'n')) + integer(3)),
        FileKind::DerPrivateKey);
    row("rfc5915-ec", sequence(integer(1) + der('\x04', QByteArray(32, 'k'))),
        FileKind::DerPrivateKey);
    row("public-key", sequence(kAlgorithm + der('\x03', QByteArray(66, 'k'))), FileKind::Text);
    row("key-cut-short",
        sequence(integer(0) + kAlgorithm + der('\x04', QByteArray(40, 'k'))).chopped(1),
        FileKind::Text);
    row("bytes-behind-the-key", sequence(integer(1) + der('\x04', QByteArray(32, 'k'))) + "x",
        FileKind::Text);
    row("jks", QByteArray("\xFE\xED\xFE\xED\0\0\0\2", 8), FileKind::JavaKeyStore);
    row("kdbx", QByteArray("\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5"), FileKind::KeePass);
    row("zip", QByteArray("PK\x03\x04 and more"), FileKind::Archive);
    row("bzip2", "BZh91AY&SY", FileKind::Archive);
    row("pdf", "%PDF-1.7\n", FileKind::Pdf);
    row("elf",
        QByteArray("\x7F"
                   "ELF\2\1\1"),
        FileKind::Program);
    row("office-under-a-password",
        QByteArray("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") +
            QByteArray("E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0", 32),
        FileKind::EncryptedDocument);
    row("mail", "From: a\nTo: b\n\nbody", FileKind::Mail);
    // Of GnuPG 2.2: a message under a passphrase, the start of one to a key, of a key and of a
    // certificate.
    row("pgp-passphrase",
        QByteArray::fromHex("8c0d04090302ae8e940a20622d9dffd24e01d39ca7f293906cd70ee6668fb36906ef38"
                            "830f61b93c3a44bd320b9e2817"
                            "4b0b71c5f7228612335dc00f1b8fdce920c62af8dee4327e97e563f3e84e03ab5bc8cc"
                            "ce7e98d32de209fa62e1b2c9"),
        FileKind::EncryptedFile);
    const auto key = QByteArray::fromHex("04046b0d2d82010c00") + QByteArray(300, 'k');
    row("pgp-to-a-key",
        QByteArray::fromHex("850109") + QByteArray::fromHex("03b2bb70c56575e48901") +
            QByteArray(255, 'x') + QByteArray::fromHex("d2"),
        FileKind::EncryptedFile);
    row("pgp-key", QByteArray::fromHex("950135") + key + QByteArray::fromHex("b4"),
        FileKind::PgpPrivateKey);
    row("pgp-key-of-the-new-form", QByteArray::fromHex("c5ff00000135") + key,
        FileKind::PgpPrivateKey);
    row("pgp-certificate", QByteArray::fromHex("990135") + key + QByteArray::fromHex("b4"),
        FileKind::Text);
    row("pgp-key-cut-short", QByteArray::fromHex("950136") + key, FileKind::Text);
    row("windows-1252", "\x95 five things\n\x95 six things\n", FileKind::Text);
    row("age", "age-encryption.org/v1\n-> X25519 x\n", FileKind::EncryptedFile);
    row("pgp-armour", "-----BEGIN PGP MESSAGE-----\n", FileKind::EncryptedFile);
    row("openssl-enc", "Salted__12345678", FileKind::EncryptedFile);
    row("rfc5652-6-1-enveloped",
        sequence(oid("2A864886F70D010703") + der('\xA0', QByteArray(300, 'x'))),
        FileKind::EncryptedFile);
    row("rfc5652-5-1-signed",
        sequence(oid("2A864886F70D010702") + der('\xA0', QByteArray(300, 'x'))), FileKind::Text);
    row("rtf", "{\\rtf1 }", FileKind::RichText);
    const auto even = [] {
        QByteArray bytes;
        for (unsigned i = 0; i < 4096; ++i) {
            bytes += static_cast<char>(i * 167U + i / 256U);
        }
        return bytes;
    }();
    row("even", even, FileKind::Closed);
    row("even-but-short", even.left(1024), FileKind::Text);
    row("web-font", "wOF2" + even, FileKind::Text);
    row("rfc9580-4-2-public-key", QByteArray("\x99\x02\x0D\x04") + even, FileKind::Text);
    row("chinese", QByteArray("\xE4\xBD\xA0\xE5\xA5\xBD\xEF\xBC\x8C").repeated(999),
        FileKind::Text);
    row("squashfs", "hsqs\1", FileKind::Closed);
    row("bitlocker", "\xEB\x58\x90-FVE-FS-", FileKind::Closed);
    row("lzma", QByteArray("\x5D\0\0\x80\0", 5) + QByteArray(8, '\xFF') + QByteArray(9, '\0'),
        FileKind::Archive);
    row("lzip", "LZIP\1\x0C", FileKind::Archive);
    row("huge-length", QByteArray("\x30\x84\xFF\xFF\xFF\xFF\x02\x01\x03", 9), FileKind::Text);
    row("length-of-length-too-long", QByteArray("\x30\xFF\xFF", 3), FileKind::Text);
}

void tst_FileKind::kinds() {
    QFETCH(QByteArray, bytes);
    QFETCH(int, kind);
    QCOMPARE(static_cast<int>(fileKindOf(bytes.toStdString(), {})), kind);
    for (qsizetype size = 0; size < bytes.size(); ++size) { // no prefix may crash
        const auto prefix = bytes.left(size).toStdString();
        QVERIFY(fileKindOf(prefix, {}) == fileKindOf(prefix, {}));
    }
}

void tst_FileKind::laterVolumes() {
    for (const char *name : {"a.7z.002", "a.zip.010", "A.Z01", "a.r00", "a.tar.gz.003"}) {
        QVERIFY2(isLaterVolume(name), name);
    }
    for (const char *name :
         {"a.7z.001", "a.7z", "a.z1", "a.002", "report.1.002", "a.rtf", "a.rar", "r01", ".7z"}) {
        QVERIFY2(!isLaterVolume(name), name);
    }
}

void tst_FileKind::namesLie_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("lies");
    const auto row = [](const char *title, const char *name, const QByteArray &bytes, bool lies) {
        QTest::newRow(title) << QByteArray(name) << bytes << lies;
    };
    const QByteArray zip("PK\x03\x04 and more");
    const QByteArray compound("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    row("zip-as-picture", "holiday.jpg", zip, true);
    row("zip-as-text", "notes.txt", zip, true);
    row("program-as-pdf", "a.PDF",
        "\x7F"
        "ELF",
        true);
    row("text-as-pdf", "a.pdf", "hello", true);
    row("key-store-as-text", "a.txt", QByteArray("\xFE\xED\xFE\xED\0\0\0\2", 8), true);
    row("picture-as-another", "a.png", "\xFF\xD8\xFF\xE0", false);
    row("pdf", "a.pdf", "%PDF-1.4", false);
    row("zip", "x/a.zip", zip, false);
    row("no-suffix", "x.jpg/README", zip, false);
    row("unknown-suffix", "a.bin", zip, false);
    row("empty", "a.pdf", "", false);
    row("mail-as-text", "a.txt", "From: a\nTo: b\n\nbody", false);
    row("old-office", "a.doc", compound, false);
    row("old-office-as-new", "a.docx", compound, false);
    row("rtf-as-text", "a.txt", "{\\rtf1 }", false);
    row("rtf-as-pdf", "a.pdf", "{\\rtf1 }", true);
    row("encrypted-as-text", "a.txt", "age-encryption.org/v1\n", false);
    row("rtf-as-word", "a.doc", "{\\rtf1 }", false);
    row("new-office-as-old", "a.doc", zip + "[Content_Types].xml", false);
    row("zip-as-word", "a.doc", zip, true);
}

void tst_FileKind::namesLie() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, bytes);
    QFETCH(bool, lies);
    const auto content = bytes.toStdString();
    QCOMPARE(nameLies(name.toStdString(), content, fileKindOf(content, name.toStdString())), lies);
}

QTEST_APPLESS_MAIN(tst_FileKind)
#include "tst_FileKind.moc"
