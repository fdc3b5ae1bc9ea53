// SPDX-License-Identifier: GPL-3.0-or-later
// Keys that are made here, their certificates joined to them, exported and removed.
#include "crypto/CertificateStore.h"
#include "crypto/CmsReader.h"
#include "crypto/SmimeEngine.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"

#include <QTest>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

const SecretBytes &passphrase() {
    static const SecretBytes kPassphrase(std::string_view("a long passphrase"));
    return kPassphrase;
}

using RequestPtr = OpenSslPtr<X509_REQ, X509_REQ_free>;

RequestPtr requestFrom(const std::string &pem) {
    const auto bio = readerOf(pem);
    return RequestPtr(PEM_read_bio_X509_REQ(bio.get(), nullptr, nullptr, nullptr));
}

} // namespace

class TstKeysInAndOut : public QObject {
    Q_OBJECT
private slots:
    void aRequestBecomesACertificate_data();
    void aRequestBecomesACertificate();
    void namesInARequestAreNoSyntax();
    void exportedKeysOpenElsewhere_data();
    void exportedKeysOpenElsewhere();
    void exportWithoutTheKey();
    void removal();
    void oldKeysReadOldMail();
};

void TstKeysInAndOut::aRequestBecomesACertificate_data() {
    QTest::addColumn<KeyKind>("kind");
    QTest::newRow("rsa-3072") << KeyKind::Rsa3072;
    QTest::newRow("p256") << KeyKind::P256;
    QTest::newRow("p384") << KeyKind::P384;
    QTest::newRow("p521") << KeyKind::P521;
}

//! Key made in the agent, request checked by another program, certificate issued and imported: and
//! it signs.
void TstKeysInAndOut::aRequestBecomesACertificate() {
    QFETCH(KeyKind, kind);
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto pem =
        fixture.store->requestCertificate({"jo@example.test", "Jo Bloggs", "Court", kind}, soon());
    QVERIFY2(pem, pem ? "" : pem.error().logSafeDetail.c_str());
    const OpenSslCommand openssl;
    const auto checked = OpenSslCommand::run({QStringLiteral("req"), QStringLiteral("-verify"),
                                              QStringLiteral("-noout"), QStringLiteral("-text"),
                                              QStringLiteral("-in"), openssl.put("request", *pem)});
    QVERIFY2(checked.exitCode == 0, qPrintable(checked.said));
    for (const auto *word : {"email:jo@example.test", "E-mail Protection", "CN = Jo Bloggs"}) {
        QVERIFY2(checked.out.find(word) != std::string::npos, checked.out.c_str());
    }
    const auto request = requestFrom(*pem);
    const auto issued =
        mailPki().issueFor(X509_REQ_get0_pubkey(request.get()),
                           {.address = "jo@example.test",
                            .key = kind == KeyKind::Rsa3072 ? MailKey::Rsa2048 : MailKey::P256});
    const auto imported = fixture.store->importCertificates(issued.certificatePem(), soon());
    QVERIFY(imported);
    QVERIFY(imported->certificates.front().privateKey == PrivateKey::InAgent);
    SmimeEngine engine(fixture.store);
    const auto signature = engine.signDetached(contentOf("hello"), {issued.fingerprint()}, soon());
    QVERIFY2(signature, signature ? "" : signature.error().logSafeDetail.c_str());
}

void TstKeysInAndOut::namesInARequestAreNoSyntax() {
    StoreFixture fixture(mailPki());
    const auto pem = fixture.store->requestCertificate(
        {"a,email:b@evil.test", "Jo/O=Evil, CN=other", {}, KeyKind::P256}, soon());
    QVERIFY(pem);
    const OpenSslCommand openssl;
    const auto shown = OpenSslCommand::run({QStringLiteral("req"), QStringLiteral("-noout"),
                                            QStringLiteral("-text"), QStringLiteral("-in"),
                                            openssl.put("request", *pem)});
    QVERIFY(shown.out.find("email:a,email:b@evil.test") != std::string::npos); // one name
    const auto request = requestFrom(*pem);
    QCOMPARE(X509_NAME_entry_count(X509_REQ_get_subject_name(request.get())), 1);
}

void TstKeysInAndOut::exportedKeysOpenElsewhere_data() {
    QTest::addColumn<MailKey>("key");
    QTest::newRow("rsa") << MailKey::Rsa2048;
    QTest::newRow("p256") << MailKey::P256;
    QTest::newRow("p384") << MailKey::P384;
    QTest::newRow("p521") << MailKey::P521;
    QTest::newRow("brainpool256") << MailKey::Brainpool256;
}

void TstKeysInAndOut::exportedKeysOpenElsewhere() {
    QFETCH(MailKey, key);
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({.key = key});
    QVERIFY(fixture.store->importPkcs12(mailPki().pkcs12(person, "secret"),
                                        SecretBytes(std::string_view("secret")), soon()));
    const auto bytes = fixture.store->exportPkcs12(person.fingerprint(), passphrase(), soon());
    QVERIFY2(bytes, bytes ? "" : bytes.error().logSafeDetail.c_str());
    const OpenSslCommand openssl;
    const auto shown = OpenSslCommand::run({QStringLiteral("pkcs12"), QStringLiteral("-info"),
                                            QStringLiteral("-noout"), QStringLiteral("-in"),
                                            openssl.put("file", *bytes), QStringLiteral("-passin"),
                                            QStringLiteral("pass:a long passphrase")});
    QVERIFY2(shown.exitCode == 0, qPrintable(shown.said));
    QVERIFY(shown.said.contains(QStringLiteral("AES-256-CBC")) &&
            shown.said.contains(QStringLiteral("sha256"), Qt::CaseInsensitive));
    const auto *at = reinterpret_cast<const unsigned char *>(bytes->data());
    const OpenSslPtr<PKCS12, PKCS12_free> file(
        d2i_PKCS12(nullptr, &at, static_cast<long>(bytes->size())));
    EVP_PKEY *inside = nullptr;
    X509 *certificate = nullptr;
    QCOMPARE(PKCS12_parse(file.get(), "a long passphrase", &inside, &certificate, nullptr), 1);
    const KeyPtr keyOwner(inside);
    const X509Ptr certificateOwner(certificate);
    QCOMPARE(EVP_PKEY_eq(inside, person.key.get()), 1);
    QCOMPARE(X509_check_private_key(certificate, inside), 1);
    // And another store takes it.
    StoreFixture other(mailPki());
    QCOMPARE(other.store->importPkcs12(*bytes, passphrase(), soon())->privateKeys, 1);
}

void TstKeysInAndOut::exportWithoutTheKey() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    QVERIFY(fixture.store->importCertificates(person.certificatePem(), soon()));
    QCOMPARE(fixture.store->exportPkcs12(person.fingerprint(), passphrase(), soon()).error().code,
             std::string("smime.no-key"));
    const auto pem = fixture.store->exportCertificates(person.fingerprint(), soon());
    QVERIFY(pem->starts_with(person.certificatePem()));
    QVERIFY(pem->find(mailPki().intermediate.certificatePem()) != std::string::npos);
    QVERIFY(pem->find("PRIVATE") == std::string::npos);
}

void TstKeysInAndOut::removal() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    const auto import = [&] {
        return fixture.store
            ->importPkcs12(mailPki().pkcs12(person, "secret"),
                           SecretBytes(std::string_view("secret")), soon())
            ->privateKeys;
    };
    QCOMPARE(import(), 1);
    using Removal = CertificateStore::Removal;
    QVERIFY(fixture.store->remove(person.fingerprint(), Removal::CertificateAlone, soon()));
    QVERIFY(!fixture.store->show(person.fingerprint(), soon(), {}));
    QCOMPARE(import(), 0); // the key had stayed
    const auto done = fixture.store->remove(person.fingerprint(), Removal::WithKey, soon());
    QVERIFY2(done, done ? "" : done.error().logSafeDetail.c_str());
    QCOMPARE(import(), 1);
    QCOMPARE(fixture.store->remove(std::string(64, 'a'), Removal::WithKey, soon()).error().code,
             std::string("certificate.not-found"));
    // Nobody else went with it.
    QVERIFY(fixture.store->show(mailPki().root.fingerprint(), soon(), {}));
}

//! Roll-over: the new certificate signs, and the old key still opens what was encrypted to it, even
//! when its certificate has ended.
void TstKeysInAndOut::oldKeysReadOldMail() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const std::string address = "sam@example.test";
    const auto old = mailPki().issue(
        {.address = address, .key = MailKey::Rsa2048, .until = std::chrono::days(5)});
    const auto renewed = mailPki().issue({.address = address, .key = MailKey::Rsa2048});
    SmimeEngine engine(fixture.store);
    QVERIFY(fixture.store->importPkcs12(mailPki().pkcs12(old, "a long passphrase"), passphrase(),
                                        soon()));
    base::StringSink sealed;
    QVERIFY(engine.encrypt(contentOf("old mail"), {{old.fingerprint()}}, sealed));
    QVERIFY(fixture.store->importPkcs12(mailPki().pkcs12(renewed, "a long passphrase"),
                                        passphrase(), soon()));
    fixture.clock->advance(std::chrono::hours(24 * 9));
    const auto signers =
        fixture.store->findForAddress(address, CertificatePurpose::Sign, soon(), {});
    QVERIFY(signers && signers->size() == 2);
    QCOMPARE(signers->front().fingerprint, renewed.fingerprint());
    QCOMPARE(wordOf(signers->back().state), QStringLiteral("expired"));
    const auto opened = newCmsReader(fixture.store)->decrypt(sealed.take(), soon());
    QVERIFY(opened);
    QCOMPARE(opened->fingerprint, old.fingerprint());
    QCOMPARE(opened->content.view(), std::string_view("old mail"));
}

QTEST_GUILESS_MAIN(TstKeysInAndOut)
#include "tst_KeysInAndOut.moc"
