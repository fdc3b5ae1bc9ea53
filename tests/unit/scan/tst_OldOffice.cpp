// SPDX-License-Identifier: GPL-3.0-or-later
// Compound files: messages of Outlook and documents of old programs, whole and broken.
#include "scan/Scanner.h"

#include "support/HandMadeCompound.h"
#include "support/Packed.h"
#include "support/Scanned.h"

#include <QTest>
#include <ctime>
#include <random>
#include <vector>

using namespace sealpost;
using namespace sealpost::scan;
using namespace sealpost::test;

namespace {

const std::string kSecret = "NI number JG103759A\n";

std::string wide(const std::string &text) {
    std::string bytes;
    for (const char c : text) {
        bytes += c;
        bytes += '\0';
    }
    return bytes;
}

std::string littleEndian(std::size_t number, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) {
        bytes += static_cast<char>(number >> (8U * static_cast<unsigned>(i)) & 0xFFU);
    }
    return bytes;
}

//! The two streams that a document of Word 97 has its text in (MS-DOC 2.4.1); the last piece lies
//! first.
struct WordFile {
    struct Piece {
        std::string text;
        bool isWide;
    };
    std::vector<Piece> pieces;

    [[nodiscard]] static std::string bytesOf(const Piece &piece) {
        return piece.isWide ? wide(piece.text) : piece.text;
    }
    [[nodiscard]] std::string document() const {
        std::string bytes = littleEndian(0xA5EC, 2) + littleEndian(0xC1, 2);
        bytes.resize(0x0A);
        bytes += littleEndian(0x200, 2);
        bytes.resize(0x1A2);
        bytes += littleEndian(3, 4) + littleEndian(table().size() - 3, 4);
        bytes.resize(1024);
        for (auto piece = pieces.rbegin(); piece != pieces.rend(); ++piece) {
            bytes += bytesOf(*piece);
        }
        return bytes;
    }
    [[nodiscard]] std::string table() const {
        std::string positions = littleEndian(0, 4);
        std::string descriptors;
        std::size_t at = 1024;
        for (const auto &piece : pieces) {
            at += bytesOf(piece).size();
        }
        std::size_t position = 0;
        for (const auto &piece : pieces) {
            at -= bytesOf(piece).size();
            position += piece.text.size();
            positions += littleEndian(position, 4);
            const auto place = piece.isWide ? at : (2 * at | 0x40000000U);
            descriptors += littleEndian(0, 2) + littleEndian(place, 4) + littleEndian(0, 2);
        }
        const auto all = positions + descriptors;
        return "\7\7\7" + ("\1" + littleEndian(2, 2)) + "\7\7" + '\2' +
               littleEndian(all.size(), 4) + all;
    }
};

HandMadeCompound message() {
    HandMadeCompound file;
    file.add("__properties_version1.0", std::string(32, '\0'));
    return file;
}

} // namespace

class tst_OldOffice : public QObject {
    Q_OBJECT

private slots:
    void message();
    void largeAttachment();
    void propertiesOfPrograms();
    void archiveInAMessage();
    void brokenRichText();
    void document();
    void wordText();
    void brokenWordText();
    void sizesThatLie();
    void sharedBytes();
    void brokenBytes();
};

void tst_OldOffice::message() {
    auto file = ::message();
    file.add("__substg1.0_0037001F", wide("Password: Tr4fficCone"));
    file.add("__substg1.0_1000001F", wide("Dear all,\r\n" + kSecret));
    file.add("__substg1.0_10130102", "<p>" + kSecret + "</p>");
    file.add("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("notes.txt"));
    file.add("__attach_version1.0_#00000000/__substg1.0_37010102", kSecret);
    file.add("__attach_version1.0_#00000001/__substg1.0_3701000D/__substg1.0_1000001E", kSecret);
    const auto report = scanned(file.bytes(), "a.msg");
    QCOMPARE(found(report),
             (QStringList{QStringLiteral("national-insurance-number@attachment 00000001/message/"
                                         "body"),
                          QStringLiteral("national-insurance-number@body"),
                          QStringLiteral("national-insurance-number@body.html"),
                          QStringLiteral("national-insurance-number@notes.txt"),
                          QStringLiteral("prose-password@subject")}));
    QCOMPARE(skipped(report), QStringList());
    QCOMPARE(report.findings.front().location.source, std::string("a.msg"));
}

//! Beyond 4096 bytes a stream has sectors of its own.
void tst_OldOffice::largeAttachment() {
    auto file = ::message();
    const std::string filler(100'000, '.');
    file.add("__attach_version1.0_#00000000/__substg1.0_3704001E", "LIST.TXT");
    file.add("__attach_version1.0_#00000000/__substg1.0_37010102", filler + '\n' + kSecret);
    QCOMPARE(found(scanned(file.bytes(), "a.msg")),
             QStringList{QStringLiteral("national-insurance-number@LIST.TXT")});
}

//! Bytes that a program keeps with a message.
void tst_OldOffice::propertiesOfPrograms() {
    auto file = ::message();
    file.add("__substg1.0_80010102", std::string("\1\2\0", 3) + wide(kSecret));
    QCOMPARE(found(scanned(file.bytes(), "a.msg")),
             QStringList{QStringLiteral("national-insurance-number@__substg1.0_80010102")});
    auto object = ::message();
    object.add("__attach_version1.0_#00000000/__substg1.0_3701000D/CONTENTS", kSecret);
    object.add("__attach_version1.0_#00000001/__substg1.0_3701000D/Package",
               packed(zip, {{"a.txt", kSecret}}));
    QCOMPARE(found(scanned(object.bytes(), "a.msg")).size(), 2);
    auto html = ::message();
    html.add("__substg1.0_1013001F", wide("<p>NI number JG10<b>37</b>59A</p>"));
    QCOMPARE(found(scanned(html.bytes(), "a.msg")),
             QStringList{QStringLiteral("national-insurance-number@body.html")});
}

void tst_OldOffice::archiveInAMessage() {
    auto file = ::message();
    file.add("__attach_version1.0_#00000000/__substg1.0_3707001F", wide("a.zip"));
    file.add("__attach_version1.0_#00000000/__substg1.0_37010102",
             packed(zip, {{"in.txt", kSecret}}));
    QCOMPARE(found(scanned(file.bytes(), "a.msg")),
             QStringList{QStringLiteral("national-insurance-number@a.zip/in.txt")});
    auto plain = ::message(); // one that really stands behind it
    plain.add("__substg1.0_1000001F", wide("Dear all"));
    QCOMPARE(found(scanned(plain.bytes() + packed(zip, {{"in.txt", kSecret}}), "a.msg")),
             QStringList{QStringLiteral("national-insurance-number@in.txt")});
}

void tst_OldOffice::brokenRichText() {
    auto file = ::message();
    file.add("__substg1.0_10090102", "LZFu and so on");
    QCOMPARE(skipped(scanned(file.bytes(), "a.msg")),
             QStringList{QStringLiteral("a.msg/body.rtf: damaged")});
}

void tst_OldOffice::document() {
    HandMadeCompound file;
    file.add("WordDocument", std::string(5001, '\1') + wide(kSecret));
    file.add("ObjectPool/_1/Contents", kSecret);
    const auto report = scanned(file.bytes(), "a.doc");
    QCOMPARE(found(report),
             (QStringList{QStringLiteral("national-insurance-number@ObjectPool/_1/Contents"),
                          QStringLiteral("national-insurance-number@WordDocument")}));
    QCOMPARE(skipped(report), QStringList{QStringLiteral("a.doc: not-supported")});
}

//! Pieces in another order than they lie in, one of them in UTF-16, behind properties.
void tst_OldOffice::wordText() {
    HandMadeCompound file;
    const WordFile word{{{"Take this:\rghp_k7Qx2VbNz9", false},
                         {"RtYp4LmW8sHd3FgJ", true},
                         {"c6Ea1UoXiB\x07", false}}};
    file.add("WordDocument", word.document());
    file.add("1Table", word.table());
    const auto report = scanned(file.bytes(), "a.doc");
    QCOMPARE(found(report), QStringList{QStringLiteral("github-token@")});
    QCOMPARE(skipped(report), QStringList());
    file.add("Data", std::string(600, '\7')); // pictures, which nothing reads
    QCOMPARE(skipped(scanned(file.bytes(), "a.doc")),
             QStringList{QStringLiteral("a.doc: not-supported")});
}

void tst_OldOffice::brokenWordText() {
    const WordFile word{{{kSecret, false}}};
    const auto said = [](const std::string &document, const std::string &table) {
        HandMadeCompound file;
        file.add("WordDocument", document);
        file.add("1Table", table);
        return skipped(scanned(file.bytes(), "a.doc"));
    };
    const QStringList damaged{QStringLiteral("a.doc: damaged")};
    auto farAway = word.table();
    farAway.at(farAway.size() - 5) = '\x7F'; // where its only piece lies
    QCOMPARE(said(word.document(), farAway), damaged);
    QCOMPARE(said(word.document(), {}), damaged);
    auto backwards = word.table();
    backwards.at(16) = '\x7F'; // where that piece starts, in characters: behind its end
    QCOMPARE(said(word.document(), backwards), damaged);
    auto encrypted = word.document();
    encrypted.at(0x0B) = static_cast<char>(encrypted.at(0x0B) | 1);
    QCOMPARE(said(encrypted, word.table()), QStringList{QStringLiteral("a.doc: encrypted")});
    QCOMPARE(said("\xEC\xA5 old", word.table()),
             QStringList{QStringLiteral("a.doc: not-supported")});
}

void tst_OldOffice::sizesThatLie() {
    auto file = ::message();
    file.add("__substg1.0_1000001E", kSecret);
    file.lieBy(1'000'000);
    const auto report = scanned(file.bytes(), "a.msg");
    QVERIFY(skipped(report).contains(QStringLiteral("a.msg/body: damaged")));
}

//! A thousand streams that are the same megabyte.
void tst_OldOffice::sharedBytes() {
    auto file = ::message();
    std::string content(1'000'000, '.');
    file.add("__substg1.0_1000001E", content);
    for (int i = 0; i < 1000; ++i) {
        file.add("x" + std::to_string(i), std::string(4096, 'x'));
    }
    auto bytes = file.bytes();
    // Each entry that has 4096 bytes is told to be as long as the first one's chain.
    const auto directory = bytes.find("R\0o\0o\0t\0", 512, 8);
    QVERIFY(directory != std::string::npos);
    const auto first = bytes.substr(directory + 2 * 128 + 116, 12);
    for (auto at = directory + 3 * 128; at + 128 <= bytes.size() && bytes[at] == 'x'; at += 128) {
        bytes.replace(at + 116, 12, first);
    }
    const auto before = std::clock();
    const auto report = scanned(bytes, "a.msg");
    QVERIFY(skipped(report).contains(QStringLiteral("a.msg: suspicious-ratio")));
    QVERIFY(std::clock() - before < 2 * CLOCKS_PER_SEC);
}

//! Any bytes in place of any others: it ends, and reads nothing that is not there.
void tst_OldOffice::brokenBytes() {
    auto file = ::message();
    file.add("__substg1.0_1000001F", wide(kSecret));
    file.add("__attach_version1.0_#00000000/__substg1.0_37010102", std::string(6000, 'y'));
    const auto whole = file.bytes();
    const auto scanner = Scanner::create();
    std::mt19937 random(11);
    for (int i = 0; i < 2000; ++i) {
        auto bytes = whole;
        for (auto changes = random() % 6 + 1; changes > 0; --changes) {
            bytes[8 + random() % (bytes.size() - 8)] = static_cast<char>(random());
        }
        bytes.resize(random() % 4 == 0 ? random() % bytes.size() : bytes.size());
        QVERIFY(
            (*scanner)->scanBytes(bytes, "a.msg", Deadline::after(std::chrono::minutes(1)), {}));
    }
}

QTEST_GUILESS_MAIN(tst_OldOffice)
#include "tst_OldOffice.moc"
