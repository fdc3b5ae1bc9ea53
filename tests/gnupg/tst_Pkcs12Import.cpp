// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateStorePrivate.h"
#include "crypto/KeySexp.h"
#include "crypto/OpenSslTypes.h"
#include "gnupg/StoreFixture.h"

#include <QProcess>
#include <QTest>
#include <openssl/pkcs12.h>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

const SecretBytes &passphrase() {
    static const SecretBytes kPassphrase(std::string_view("pass word £"));
    return kPassphrase;
}
std::string text(const SecretBytes &secret) {
    return std::string(secret.view());
}

//! A file with several safes: what the program has no function for.
std::string pkcs12WithTwoKeys(const MailIdentity &a, const MailIdentity &b) {
    STACK_OF(PKCS12_SAFEBAG) *bags = nullptr;
    for (const auto *identity : {&a, &b}) {
        PKCS12_add_cert(&bags, identity->certificate.get());
        PKCS12_add_key(&bags, identity->key.get(), 0, 2048, NID_aes_256_cbc,
                       text(passphrase()).c_str());
    }
    STACK_OF(PKCS7) *safes = nullptr;
    PKCS12_add_safe(&safes, bags, -1, 0, nullptr);
    const OpenSslPtr<PKCS12, PKCS12_free> file(PKCS12_add_safes(safes, 0));
    PKCS12_set_mac(file.get(), text(passphrase()).c_str(), -1, nullptr, 0, 2048, EVP_sha256());
    sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
    sk_PKCS7_pop_free(safes, PKCS7_free);
    const BioPtr bio(BIO_new(BIO_s_mem()));
    i2d_PKCS12_bio(bio.get(), file.get());
    return collected(bio.get());
}

} // namespace

class tst_Pkcs12Import : public QObject {
    Q_OBJECT
private slots:
    void everyKindOfKeyAndFile_data();
    void everyKindOfKeyAndFile();
    void badFilesHaveTheirOwnErrors_data();
    void badFilesHaveTheirOwnErrors();
    void severalKeysAllComeIn();
    void oneKeyOfTwoWithoutItsCertificateIsRefused();
    void importingTwiceIsNoError();
    void aRootInTheFileIsNotTrusted();
    void noNewPassphraseWhereAKeyExists();
    void noKeychainNoKey();
    void thePassphraseIsInNoFile();
};

void tst_Pkcs12Import::everyKindOfKeyAndFile_data() {
    QTest::addColumn<MailKey>("key");
    QTest::addColumn<Pkcs12Form>("form");
    QTest::newRow("rsa-modern") << MailKey::Rsa2048 << Pkcs12Form::Modern;
    QTest::newRow("rsa-legacy-3des") << MailKey::Rsa2048 << Pkcs12Form::Legacy3Des;
    QTest::newRow("rsa-legacy-rc2") << MailKey::Rsa2048 << Pkcs12Form::LegacyRc2;
    QTest::newRow("rsa-unprotected-bags") << MailKey::Rsa2048 << Pkcs12Form::Unprotected;
    QTest::newRow("p256-modern") << MailKey::P256 << Pkcs12Form::Modern;
    QTest::newRow("p256-legacy-rc2") << MailKey::P256 << Pkcs12Form::LegacyRc2;
    QTest::newRow("p384-modern") << MailKey::P384 << Pkcs12Form::Modern;
    QTest::newRow("p521-modern") << MailKey::P521 << Pkcs12Form::Modern;
    QTest::newRow("brainpool256-modern") << MailKey::Brainpool256 << Pkcs12Form::Modern;
}

void tst_Pkcs12Import::everyKindOfKeyAndFile() {
    QFETCH(MailKey, key);
    QFETCH(Pkcs12Form, form);
    StoreFixture fixture(mailPki());
    const auto person = mailPki().issue({.key = key});
    const auto file = mailPki().pkcs12(person, text(passphrase()), form);
    const auto summary = fixture.store->importPkcs12(file, passphrase(), soon());
    QVERIFY2(summary, summary ? "" : summary.error().logSafeDetail.c_str());
    QCOMPARE(summary->privateKeys, 1);
    QCOMPARE(summary->newlyAdded, 3);
    QCOMPARE(summary->certificates.size(), std::size_t(3));
    QCOMPARE(summary->certificates.front().fingerprint, person.fingerprint());
    QCOMPARE(summary->certificates.front().privateKey, PrivateKey::InAgent);
    // gpgsm's own name for the key is the one that we computed, or the key would not be found.
    QProcess gpgsm;
    gpgsm.start(QStringLiteral("gpgsm"),
                {QStringLiteral("--homedir"), fixture.home.path(), QStringLiteral("--with-colons"),
                 QStringLiteral("--with-keygrip"), QStringLiteral("-K")});
    QVERIFY(gpgsm.waitForFinished());
    const auto grip = sexp::keygrip(X509_get0_pubkey(person.certificate.get()));
    QVERIFY2(gpgsm.readAllStandardOutput().contains(("grp:::::::::" + grip).c_str()), grip.c_str());
}

void tst_Pkcs12Import::badFilesHaveTheirOwnErrors_data() {
    QTest::addColumn<std::string>("file");
    QTest::addColumn<std::string>("passphraseText");
    QTest::addColumn<QString>("code");
    const auto &pki = mailPki();
    const auto person = pki.issue({});
    const auto other = pki.issue({});
    const auto word = text(passphrase());
    const auto good = pki.pkcs12(person, word);
    const auto legacy = pki.pkcs12(person, word, Pkcs12Form::LegacyRc2);
    const auto make = [&](EVP_PKEY *key, X509 *certificate, const std::vector<X509 *> &others) {
        return pkcs12Of(key, certificate, others, word, Pkcs12Form::Modern);
    };
    const auto row = [](const char *name, const std::string &file, const std::string &pass,
                        const char *code) {
        QTest::newRow(name) << file << pass << QString::fromLatin1(code);
    };
    row("empty", "", word, "pkcs12.unreadable");
    row("garbage", std::string(500, 'x'), word, "pkcs12.unreadable");
    row("a-certificate-instead", person.certificatePem(), word, "pkcs12.unreadable");
    row("truncated-by-one", good.substr(0, good.size() - 1), word, "pkcs12.unreadable");
    row("truncated-to-half", good.substr(0, good.size() / 2), word, "pkcs12.unreadable");
    row("wrong-passphrase", good, "pass word", "pkcs12.wrong-passphrase");
    row("wrong-passphrase-legacy", legacy, "pass word", "pkcs12.wrong-passphrase");
    row("no-passphrase", good, "", "pkcs12.wrong-passphrase");
    row("no-key", make(nullptr, nullptr, {person.certificate.get()}), word, "pkcs12.no-key");
    row("no-certificate", make(person.key.get(), nullptr, {}), word, "pkcs12.no-certificate");
    row("certificate-of-another-key",
        make(person.key.get(), nullptr, {other.certificate.get(), pki.root.certificate.get()}),
        word, "pkcs12.no-certificate");
    const auto edwards = pki.issue({.key = MailKey::Ed25519, .usage = "digitalSignature"});
    row("ed25519", make(edwards.key.get(), edwards.certificate.get(), {}), word,
        "pkcs12.unsupported-key");
}

void tst_Pkcs12Import::badFilesHaveTheirOwnErrors() {
    QFETCH(std::string, file);
    QFETCH(std::string, passphraseText);
    QFETCH(QString, code);
    static StoreFixture fixture(mailPki());
    const auto summary =
        fixture.store->importPkcs12(file, SecretBytes(std::string_view(passphraseText)), soon());
    QVERIFY(!summary);
    QCOMPARE(QString::fromStdString(summary.error().code), code);
    QCOMPARE(summary.error().reaction, Reaction::FixInput);
    QVERIFY(fixture.store->list(soon(), {})->empty());
    QCOMPARE(fixture.keychain->size(), std::size_t(0));
}

void tst_Pkcs12Import::severalKeysAllComeIn() {
    StoreFixture fixture(mailPki());
    const auto signing = mailPki().issue({.usage = "digitalSignature"});
    const auto encryption = mailPki().issue({.key = MailKey::P256, .usage = "keyAgreement"});
    const auto summary =
        fixture.store->importPkcs12(pkcs12WithTwoKeys(signing, encryption), passphrase(), soon());
    QVERIFY(summary);
    QCOMPARE(summary->privateKeys, 2);
    const auto listed = fixture.store->list(soon(), {});
    QVERIFY(listed);
    QCOMPARE(listed->size(), std::size_t(2));
    for (const auto &info : *listed) {
        QCOMPARE(info.privateKey, PrivateKey::InAgent);
        QCOMPARE(info.signing, info.fingerprint == signing.fingerprint());
        QCOMPARE(info.encryption, info.fingerprint == encryption.fingerprint());
    }
}

void tst_Pkcs12Import::oneKeyOfTwoWithoutItsCertificateIsRefused() {
    StoreFixture fixture(mailPki());
    const auto person = mailPki().issue({});
    auto stranger = mailPki().issue({});
    stranger.certificate = sharedCopy(person.certificate.get());
    const auto summary =
        fixture.store->importPkcs12(pkcs12WithTwoKeys(person, stranger), passphrase(), soon());
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, std::string("pkcs12.no-certificate"));
    QVERIFY(fixture.store->list(soon(), {})->empty());
}

void tst_Pkcs12Import::importingTwiceIsNoError() {
    StoreFixture fixture(mailPki());
    const auto file = mailPki().pkcs12(mailPki().issue({}), text(passphrase()));
    QVERIFY(fixture.store->importPkcs12(file, passphrase(), soon()));
    const auto again = fixture.store->importPkcs12(file, passphrase(), soon());
    QVERIFY(again);
    QCOMPARE(again->privateKeys, 0);
    QCOMPARE(again->newlyAdded, 0);
    QCOMPARE(fixture.store->list(soon(), {})->size(), std::size_t(1));
}

void tst_Pkcs12Import::aRootInTheFileIsNotTrusted() {
    StoreFixture fixture(mailPki());
    const auto person = mailPki().issue({});
    const auto file = mailPki().pkcs12(person, text(passphrase()));
    const auto summary = fixture.store->importPkcs12(file, passphrase(), soon());
    QVERIFY(summary);
    QCOMPARE(summary->untrustedRoots, std::vector{mailPki().root.fingerprint()});
    QCOMPARE(wordOf(summary->certificates.front().state), QStringLiteral("untrusted"));
    QVERIFY(fixture.store->trustRoot(mailPki().root.fingerprint(), soon()));
    QCOMPARE(wordOf(fixture.store->show(person.fingerprint(), soon(), {})->state),
             QStringLiteral("usable"));
    const auto again = fixture.store->importPkcs12(file, passphrase(), soon());
    QVERIFY(again->untrustedRoots.empty());
}

void tst_Pkcs12Import::noNewPassphraseWhereAKeyExists() {
    StoreFixture fixture(mailPki());
    const auto first = mailPki().pkcs12(mailPki().issue({}), text(passphrase()));
    const auto second = mailPki().pkcs12(mailPki().issue({}), text(passphrase()));
    QVERIFY(fixture.store->importPkcs12(first, passphrase(), soon()));
    const auto before = text(**fixture.keychain->read("key-passphrase"));
    QCOMPARE(before.size(), std::size_t(64));

    fixture.keychain->set(KeychainMood::HidesAll);
    const auto hidden = fixture.store->importPkcs12(second, passphrase(), soon());
    QVERIFY(!hidden);
    QCOMPARE(hidden.error().code, std::string("keychain.locked"));
    QCOMPARE(hidden.error().reaction, Reaction::FixInput);

    fixture.keychain->set(KeychainMood::Works);
    QVERIFY(fixture.keychain->remove("key-passphrase"));
    QCOMPARE(fixture.store->importPkcs12(second, passphrase(), soon()).error().code,
             std::string("keychain.locked"));
    QCOMPARE(fixture.keychain->size(), std::size_t(0));
}

void tst_Pkcs12Import::noKeychainNoKey() {
    StoreFixture fixture(mailPki());
    const auto file = mailPki().pkcs12(mailPki().issue({}), text(passphrase()));
    fixture.keychain->set(KeychainMood::Missing);
    const auto summary = fixture.store->importPkcs12(file, passphrase(), soon());
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, std::string("keychain.missing"));
    QVERIFY(!fixture.store->internals().home.hasAnyKey());
}

void tst_Pkcs12Import::thePassphraseIsInNoFile() {
    StoreFixture fixture(mailPki());
    const auto file = mailPki().pkcs12(mailPki().issue({}), text(passphrase()));
    QVERIFY(fixture.store->importPkcs12(file, passphrase(), soon()));
    const auto secret = text(**fixture.keychain->read("key-passphrase"));
    int files = 0;
    for (const auto &entry :
         std::filesystem::recursive_directory_iterator(fixture.home.path().toStdString())) {
        if (entry.is_regular_file()) {
            QFile content(QString::fromStdString(entry.path().string()));
            QVERIFY(content.open(QIODevice::ReadOnly));
            QVERIFY(!content.readAll().contains(secret.c_str()));
            ++files;
        }
    }
    QVERIFY(files > 4);
}

QTEST_GUILESS_MAIN(tst_Pkcs12Import)
#include "tst_Pkcs12Import.moc"
