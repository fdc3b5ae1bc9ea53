// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Draft.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace sealpost;
using namespace sealpost::mail;
namespace fs = std::filesystem;

namespace {

Draft goodDraft() {
    Draft draft;
    draft.from = *Address::parse("jo@court.example");
    draft.to = {*Address::parse("pat@police.example")};
    draft.subject = "Bail conditions – Żółć 🎉";
    draft.body = "Hello\n";
    draft.attachments = {{"/nowhere/report.pdf", ""}};
    return draft;
}

void write(const fs::path &path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

} // namespace

class tst_Draft : public QObject {
    Q_OBJECT

private slots:
    void goodDraftIsValid();
    void refuses_data();
    void refuses();
    void recipientsOnce();
    void readsWhole();
    void namesFromThePath();
    void refusesFiles_data();
    void refusesFiles();
    void sparseFileIsRefusedBeforeReading();
    void pathThatIsNotUtf8();

private:
    QTemporaryDir m_folder;
    fs::path at(const char *name) const { return fs::path(m_folder.path().toStdString()) / name; }
};

void tst_Draft::goodDraftIsValid() {
    QVERIFY(validate(goodDraft()));
    auto onlyBcc = goodDraft();
    std::swap(onlyBcc.to, onlyBcc.bcc);
    QVERIFY(validate(onlyBcc));
}

void tst_Draft::refuses_data() {
    QTest::addColumn<Draft>("draft");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("subject");
    const auto row = [](const char *title, auto change, const char *code, const char *subject) {
        auto draft = goodDraft();
        change(draft);
        QTest::newRow(title) << draft << QByteArray(code) << QByteArray(subject);
    };
    const auto attach = [](const char *name) {
        return [name](Draft &draft) { draft.attachments = {{"/nowhere/a.pdf", name}}; };
    };
    row(
        "no-sender", [](Draft &d) { d.from = {}; }, "draft.no-sender", "from");
    row(
        "no-recipient", [](Draft &d) { d.to.clear(); }, "draft.no-recipient", "to");
    row(
        "empty-recipient", [](Draft &d) { d.cc.emplace_back(); }, "draft.empty-recipient", "to");
    row(
        "rfc6531-3.1-local-part", [](Draft &d) { d.cc = {*Address::parse("zoë@court.example")}; },
        "draft.non-ascii-local-part", "zoë@court.example");
    row(
        "rfc5322-2.2-crlf-in-subject", [](Draft &d) { d.subject = "a\r\nBcc: x@y.example"; },
        "draft.header-injection", "subject");
    row(
        "lf-in-subject", [](Draft &d) { d.subject = "a\nb"; }, "draft.header-injection", "subject");
    row(
        "nul-in-subject", [](Draft &d) { d.subject = std::string("a\0b", 3); },
        "draft.header-injection", "subject");
    row(
        "subject-not-utf8", [](Draft &d) { d.subject = "a\xFF"; }, "draft.not-utf8", "subject");
    row(
        "body-nul", [](Draft &d) { d.body = std::string("a\0b", 3); }, "draft.body-nul", "body");
    row(
        "body-not-utf8", [](Draft &d) { d.body = "\xC3"; }, "draft.not-utf8", "body");
    row("name-crlf", attach("a\r\nX: y.pdf"), "draft.header-injection", "a��X: y.pdf");
    row("name-slash", attach("../../etc/passwd"), "draft.attachment-name", "../../etc/passwd");
    row("name-backslash", attach("..\\x.exe"), "draft.attachment-name", "..\\x.exe");
    row("name-dot-dot", attach(".."), "draft.attachment-name", "..");
    row("name-bidi-override", attach("a\u202Efdp.exe"), "draft.attachment-name", "a�fdp.exe");
    row(
        "no-name",
        [](Draft &d) {
            d.attachments = {{"/", ""}};
        },
        "draft.attachment-name", "");
}

void tst_Draft::refuses() {
    QFETCH(Draft, draft);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, subject);
    const auto result = validate(draft);
    QVERIFY(!result);
    QCOMPARE(QByteArray::fromStdString(result.error().code), code);
    QCOMPARE(QByteArray::fromStdString(result.error().subject), subject);
    QCOMPARE(result.error().reaction, Reaction::FixInput);
}

void tst_Draft::recipientsOnce() {
    auto draft = goodDraft();
    draft.cc = {*Address::parse("Pat <pat@POLICE.example>"), *Address::parse("al@x.example")};
    draft.bcc = {*Address::parse("al@x.example"), *Address::parse("zed@x.example")};
    const auto unique = uniqueRecipients(draft);
    QCOMPARE(unique.size(), std::size_t{3});
    QCOMPARE(unique.at(0).spec(), std::string("pat@police.example"));
    QCOMPARE(unique.at(2).spec(), std::string("zed@x.example"));
}

void tst_Draft::readsWhole() {
    std::string content("%PDF-1.4\n\0\r\n", 12);
    content.append(100'000, 'x');
    write(at("r.bin"), content);
    const auto loaded = readAttachment({at("r.bin"), "report.pdf"}, content.size());
    QVERIFY(loaded);
    QVERIFY(loaded->content == content);
    QCOMPARE(loaded->name, std::string("report.pdf"));
    QCOMPARE(loaded->mediaType, std::string("application/pdf"));
    write(at("empty"), "");
    QVERIFY(readAttachment({at("empty"), ""}, 0)->content.empty());
}

void tst_Draft::namesFromThePath() {
    write(at("notes.txt"), "notes");
    const auto loaded = readAttachment({at("notes.txt"), ""}, base::kMiB);
    QVERIFY(loaded);
    QCOMPARE(loaded->name, std::string("notes.txt"));
    QCOMPARE(loaded->mediaType, std::string("text/plain"));
}

void tst_Draft::refusesFiles_data() {
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("code");
    write(at("big"), "12345");
    fs::create_directory(at("folder"));
    fs::create_symlink(at("nothing"), at("dangling"));
    const auto row = [](const char *title, const fs::path &path, const char *code) {
        QTest::newRow(title) << QByteArray::fromStdString(path.string()) << QByteArray(code);
    };
    row("missing", at("nothing"), "attachment.missing");
    row("dangling-link", at("dangling"), "attachment.missing");
    row("below-a-file", at("big") / "x", "attachment.missing");
    row("folder", at("folder"), "attachment.not-a-file");
    row("too-large", at("big"), "attachment.too-large");
#ifdef Q_OS_UNIX
    mkfifo(at("fifo").c_str(), 0600);
    row("fifo-is-never-opened", at("fifo"), "attachment.not-a-file");
    row("device", "/dev/zero", "attachment.not-a-file");
#endif
#ifdef Q_OS_LINUX
    row("size-changes-while-read", "/proc/self/status", "attachment.changed");
#endif
}

void tst_Draft::refusesFiles() {
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, code);
    const auto loaded = readAttachment({path.toStdString(), "x"}, 4);
    QVERIFY(!loaded);
    QCOMPARE(QByteArray::fromStdString(loaded.error().code), code);
    QCOMPARE(QByteArray::fromStdString(loaded.error().subject), path.left(120));
    QCOMPARE(loaded.error().reaction, Reaction::FixInput);
}

void tst_Draft::sparseFileIsRefusedBeforeReading() {
    write(at("sparse"), "");
    fs::resize_file(at("sparse"), 2048 * base::kMiB);
    const auto loaded = readAttachment({at("sparse"), ""}, 25 * base::kMiB);
    QVERIFY(!loaded);
    QCOMPARE(loaded.error().code, std::string("attachment.too-large"));
    QCOMPARE(loaded.error().logSafeDetail, std::string("2 GiB, at most 25 MiB"));
    fs::remove(at("sparse"));
}

void tst_Draft::pathThatIsNotUtf8() {
#ifdef Q_OS_LINUX
    write(at("caf\xE9.txt"), "menu");
    const auto loaded = readAttachment({at("caf\xE9.txt"), ""}, base::kMiB);
    QVERIFY(loaded);
    QCOMPARE(loaded->content, std::string("menu"));
    QCOMPARE(loaded->name, std::string("caf�.txt"));
    fs::remove(at("caf\xE9.txt")); // QTemporaryDir cannot name it
#else
    QSKIP("paths are UTF-16 here");
#endif
}

QTEST_GUILESS_MAIN(tst_Draft)
#include "tst_Draft.moc"
