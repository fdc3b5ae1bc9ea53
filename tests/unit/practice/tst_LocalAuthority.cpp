// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/LocalAuthority.h"
#include "crypto/OpenSslPtr.h"

#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>
#include <fstream>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

using namespace sealpost;
using namespace sealpost::crypto;

namespace {

const auto kNow = Time(std::chrono::seconds(1'795'000'000));
constexpr auto kUrl = "http://crl.example/list.crl";

using CertificatePtr = OpenSslPtr<X509, X509_free>;
using KeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;

CertificatePtr fromPem(const std::string &pem) {
    const OpenSslPtr<BIO, BIO_free_all> bio(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return CertificatePtr(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
}

//! OpenSSL's own verdict on the chain, for a purpose: X509_V_OK or the reason.
int verify(const std::string &certificate, const std::string &root, int purpose) {
    const OpenSslPtr<X509_STORE, X509_STORE_free> store(X509_STORE_new());
    X509_STORE_add_cert(store.get(), fromPem(root).get());
    const auto leaf = fromPem(certificate);
    const OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), nullptr);
    X509_STORE_CTX_set_purpose(context.get(), purpose);
    X509_STORE_CTX_set_time(context.get(), 0, std::chrono::system_clock::to_time_t(kNow));
    X509_verify_cert(context.get());
    return X509_STORE_CTX_get_error(context.get());
}

} // namespace

class TestLocalAuthority : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void servers();
    void people_data();
    void people();
    void revocationList();
    void savedAndLoaded();
    void damagedFolder();
    void badNames_data();
    void badNames();

private:
    std::unique_ptr<LocalAuthority> m_authority;
};

void TestLocalAuthority::initTestCase() {
    auto authority = LocalAuthority::create("Test authority", kUrl, kNow);
    QVERIFY(authority);
    m_authority = std::move(*authority);
    QVERIFY(m_authority->notAfter() > kNow + std::chrono::days(3600));
    QCOMPARE(m_authority->rootFingerprint().size(), 64U);
}

void TestLocalAuthority::servers() {
    const std::vector<std::string> names{"a.example", "b.example"};
    const auto server = m_authority->issueServer(names, kNow);
    QVERIFY(server);
    const auto certificate = fromPem(server->certificateChainPem);
    QVERIFY(certificate);
    QCOMPARE(X509_check_host(certificate.get(), "b.example", 0, 0, nullptr), 1);
    QCOMPARE(X509_check_host(certificate.get(), "c.example", 0, 0, nullptr), 0);
    QCOMPARE(verify(server->certificateChainPem, m_authority->rootPem(), X509_PURPOSE_SSL_SERVER),
             X509_V_OK);
    QCOMPARE(verify(server->certificateChainPem, m_authority->rootPem(), X509_PURPOSE_SMIME_SIGN),
             X509_V_ERR_INVALID_PURPOSE);
}

void TestLocalAuthority::people_data() {
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("bits");
    QTest::newRow("rsa-3072") << static_cast<int>(PersonalKey::Rsa3072) << EVP_PKEY_RSA << 3072;
    QTest::newRow("ec-p256") << static_cast<int>(PersonalKey::EcP256) << EVP_PKEY_EC << 256;
}

void TestLocalAuthority::people() {
    QFETCH(int, kind);
    QFETCH(int, type);
    QFETCH(int, bits);
    const SecretBytes passphrase(std::string_view("correct horse"));
    const auto person = m_authority->issuePerson("Jo Bloggs", "jo@court.example",
                                                 static_cast<PersonalKey>(kind), passphrase, kNow);
    QVERIFY(person);
    const auto certificate = fromPem(person->certificatePem);
    QVERIFY(certificate);
    QCOMPARE(X509_check_email(certificate.get(), "jo@court.example", 0, 0), 1);
    QCOMPARE(X509_check_email(certificate.get(), "al@court.example", 0, 0), 0);
    QCOMPARE(verify(person->certificatePem, m_authority->rootPem(), X509_PURPOSE_SMIME_SIGN),
             X509_V_OK);
    QVERIFY(verify(person->certificatePem, m_authority->rootPem(), X509_PURPOSE_SSL_SERVER) !=
            X509_V_OK);

    const auto *data = reinterpret_cast<const unsigned char *>(person->pkcs12.data());
    const OpenSslPtr<PKCS12, PKCS12_free> container(
        d2i_PKCS12(nullptr, &data, static_cast<long>(person->pkcs12.size())));
    QVERIFY(container);
    EVP_PKEY *key = nullptr;
    X509 *own = nullptr;
    QCOMPARE(PKCS12_parse(container.get(), "wrong", &key, &own, nullptr), 0);
    QCOMPARE(PKCS12_parse(container.get(), "correct horse", &key, &own, nullptr), 1);
    const KeyPtr keyOwner(key);
    const CertificatePtr ownOwner(own);
    QCOMPARE(EVP_PKEY_get_base_id(key), type);
    QCOMPARE(EVP_PKEY_get_bits(key), bits);
    QCOMPARE(X509_check_private_key(own, key), 1);
}

void TestLocalAuthority::revocationList() {
    const auto der = m_authority->crl(kNow);
    QVERIFY(der);
    const auto *data = reinterpret_cast<const unsigned char *>(der->data());
    const OpenSslPtr<X509_CRL, X509_CRL_free> list(
        d2i_X509_CRL(nullptr, &data, static_cast<long>(der->size())));
    QVERIFY(list);
    const auto root = fromPem(m_authority->rootPem());
    QCOMPARE(X509_CRL_verify(list.get(), X509_get0_pubkey(root.get())), 1);
    const auto now = std::chrono::system_clock::to_time_t(kNow);
    QCOMPARE(ASN1_TIME_cmp_time_t(X509_CRL_get0_lastUpdate(list.get()), now), -1);
    QCOMPARE(ASN1_TIME_cmp_time_t(X509_CRL_get0_nextUpdate(list.get()), now), 1);
}

void TestLocalAuthority::savedAndLoaded() {
    const QTemporaryDir folder;
    const std::filesystem::path path(folder.path().toStdString());
    QVERIFY(m_authority->save(path));
    QCOMPARE(std::filesystem::status(path / "root.key").permissions(),
             std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const auto loaded = LocalAuthority::load(path, kUrl);
    QVERIFY(loaded);
    QCOMPARE((*loaded)->rootFingerprint(), m_authority->rootFingerprint());
    const std::vector<std::string> names{"a.example"};
    const auto server = (*loaded)->issueServer(names, kNow);
    QVERIFY(server);
    QCOMPARE(verify(server->certificateChainPem, m_authority->rootPem(), X509_PURPOSE_SSL_SERVER),
             X509_V_OK);
}

void TestLocalAuthority::damagedFolder() {
    const QTemporaryDir folder;
    const std::filesystem::path path(folder.path().toStdString());
    const auto missing = LocalAuthority::load(path, kUrl);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, std::string("authority.unreadable"));
    QVERIFY(m_authority->save(path));
    std::ofstream(path / "root.key") << "not a key";
    const auto damaged = LocalAuthority::load(path, kUrl);
    QVERIFY(!damaged);
    QCOMPARE(damaged.error().reaction, Reaction::AskAdmin);
    QVERIFY(!m_authority->save(path / "missing"));
}

void TestLocalAuthority::badNames_data() {
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("second-entry") << QByteArray("a@b.example,DNS:evil.example");
    QTest::newRow("line-break") << QByteArray("a@b.example\nURI:http://evil.example");
}

void TestLocalAuthority::badNames() {
    QFETCH(QByteArray, address);
    const auto person = m_authority->issuePerson("Jo", address.toStdString(), PersonalKey::EcP256,
                                                 SecretBytes(std::string_view("practice")), kNow);
    QVERIFY(!person);
    QCOMPARE(person.error().code, std::string("authority.bad-name"));
}

QTEST_APPLESS_MAIN(TestLocalAuthority)
#include "tst_LocalAuthority.moc"
