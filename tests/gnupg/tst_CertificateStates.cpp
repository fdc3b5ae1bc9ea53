// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateStore.h"
#include "gnupg/StoreFixture.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <chrono>
#include <thread>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;
using namespace std::chrono_literals;

namespace {

constexpr auto kAddress = "person@example.test";
const SecretBytes &passphrase() {
    static const SecretBytes kPassphrase(std::string_view("secret"));
    return kPassphrase;
}

//! What a store that trusts the PKI says of one certificate.
CertificateInfo judged(StoreFixture &fixture, const MailIdentity &person,
                       CertificatePurpose purpose = CertificatePurpose::Encrypt) {
    const auto imported = fixture.store->importCertificates(person.certificatePem(), soon());
    if (!imported) {
        qFatal("import: %s %s", imported.error().code.c_str(),
               imported.error().logSafeDetail.c_str());
    }
    auto info = fixture.store->assessFor(person.fingerprint(), kAddress, purpose, soon(), {});
    if (!info) {
        qFatal("assess: %s", info.error().code.c_str());
    }
    return *info;
}

StoreFixture &sharedFixture() {
    static StoreFixture fixture(mailPki());
    static const bool trusted = (fixture.trust(mailPki()), true);
    Q_UNUSED(trusted);
    return fixture;
}

QString startOf(const std::string &text, std::size_t size) {
    return QString::fromStdString(text.substr(0, size));
}

} // namespace

class tst_CertificateStates : public QObject {
    Q_OBJECT
private slots:
    void oneReasonForEachFault_data();
    void oneReasonForEachFault();
    void signingAndEncryptionAreKeptApart_data();
    void signingAndEncryptionAreKeptApart();
    void untrustedRootAndMissingIssuer();
    void revokedByItsList();
    void revokedIssuer();
    void theWorstReasonComesFirst();
    void noListNoVerdict_data();
    void noListNoVerdict();
    void aSilentServerEndsAtTheDeadline();
    void listsAreKeptAndRenewed();
    void aListOutOfDateIsNoList();
    void anAuthorityThatEndsSoonIsWarnedOf();
    void findsTheExactAddressAlone();
    void theBestComesFirst();
    void namesOfAddressesThatAreTraps();
    void showByPrefix();
    void unreadableCertificates_data();
    void unreadableCertificates();
    void aForgedCertificateIsRefused();
    void onlyRootsCanBeTrusted();
    void listIsSortedAndWithoutAuthorities();
};

void tst_CertificateStates::oneReasonForEachFault_data() {
    QTest::addColumn<MailPerson>("person");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("detail");
    const auto row = [](const char *name, const MailPerson &person, const char *state,
                        const char *detail) {
        QTest::newRow(name) << person << QString::fromLatin1(state) << QString::fromLatin1(detail);
    };
    row("good-rsa", {.key = MailKey::Rsa2048}, "usable", "");
    row("good-p256", {.key = MailKey::P256}, "usable", "");
    row("good-p521", {.key = MailKey::P521}, "usable", "");
    row("no-eku-is-any-use", {.extendedUsage = ""}, "usable", "");
    row("any-eku", {.extendedUsage = "anyExtendedKeyUsage"}, "usable", "");
    row("address-in-the-subject-alone", {.address = "", .subjectAddress = kAddress}, "usable", "");
    row("address-differs-in-case", {.address = "Person@Example.TEST"}, "usable", "");
    row("ends-within-30-days", {.until = std::chrono::days(20)}, "expiring", "expires: 20");
    row("expired", {.from = std::chrono::days(-9), .until = std::chrono::days(-1)}, "expired",
        "expired: 20");
    row("not-yet-valid", {.from = std::chrono::days(2)}, "not-yet-valid", "not-yet-valid: 20");
    row("rfc8550-4.4.4-server-certificate", {.extendedUsage = "serverAuth,clientAuth"},
        "wrong-usage", "no-email-protection: serverAuth, clientAuth");
    row("signing-only", {.key = MailKey::Rsa2048, .usage = "digitalSignature"}, "wrong-usage",
        "no-key-encipherment");
    row("ec-with-key-encipherment", {.key = MailKey::P256, .usage = "keyEncipherment"},
        "wrong-usage", "no-key-agreement");
    row("ed25519", {.key = MailKey::Ed25519, .usage = "digitalSignature"}, "wrong-usage",
        "not-for-encryption: Ed25519");
    row("other-address", {.address = "other@example.test"}, "wrong-address", "other-address");
    row("address-is-a-part", {.address = "person@example.test.evil.test"}, "wrong-address",
        "other-address");
    row("no-address", {.address = ""}, "wrong-address", "no-address");
    row("rsa-1024", {.key = MailKey::Rsa1024}, "weak-key", "rsa-bits: 1024 of 2048");
    row("sha1-signature", {.hash = EVP_sha1()}, "weak-key", "signature: sha1WithRSAEncryption");
    row("no-crl-distribution-point", {.crlUrl = ""}, "revocation-unknown",
        "no-crl-distribution-point");
    row("crl-out-of-reach", {.crlUrl = "http://gone.test/a.crl"}, "revocation-unknown",
        "crl-unreachable: http://gone.test/a.crl");
    row("crl-by-ldap-alone", {.crlUrl = "ldap://crl.test/cn=ca"}, "revocation-unknown",
        "no-crl-distribution-point");
}

void tst_CertificateStates::oneReasonForEachFault() {
    QFETCH(MailPerson, person);
    QFETCH(QString, state);
    QFETCH(QString, detail);
    const auto info = judged(sharedFixture(), mailPki().issue(person));
    QCOMPARE(wordOf(info.state), state);
    QVERIFY2(info.detail.starts_with(detail.toStdString()), info.detail.c_str());
    QCOMPARE(info.detail.empty(), detail.isEmpty());
}

void tst_CertificateStates::signingAndEncryptionAreKeptApart_data() {
    QTest::addColumn<QByteArray>("usage");
    QTest::addColumn<QString>("forSigning");
    QTest::addColumn<QString>("forEncryption");
    QTest::newRow("both") << QByteArray("digitalSignature,keyEncipherment") << "usable"
                          << "usable";
    QTest::newRow("rfc8550-4.4.2-signature") << QByteArray("digitalSignature") << "usable"
                                             << "wrong-usage";
    QTest::newRow("rfc8550-4.4.2-non-repudiation") << QByteArray("nonRepudiation") << "usable"
                                                   << "wrong-usage";
    QTest::newRow("rfc8550-4.4.2-neither") << QByteArray("keyEncipherment") << "wrong-usage"
                                           << "usable";
    QTest::newRow("data-encipherment-is-not-enough")
        << QByteArray("dataEncipherment") << "wrong-usage"
        << "wrong-usage";
}

void tst_CertificateStates::signingAndEncryptionAreKeptApart() {
    QFETCH(QByteArray, usage);
    QFETCH(QString, forSigning);
    QFETCH(QString, forEncryption);
    auto &fixture = sharedFixture();
    const auto person = mailPki().issue({.key = MailKey::Rsa2048, .usage = usage.toStdString()});
    const auto signing = judged(fixture, person, CertificatePurpose::Sign);
    const auto encryption = judged(fixture, person, CertificatePurpose::Encrypt);
    QCOMPARE(wordOf(signing.state), forSigning);
    QCOMPARE(wordOf(encryption.state), forEncryption);
    QCOMPARE(signing.signing, forSigning == QStringLiteral("usable"));
    QCOMPARE(signing.encryption, forEncryption == QStringLiteral("usable"));
    const bool any = signing.signing || signing.encryption;
    QCOMPARE(wordOf(fixture.store->show(person.fingerprint(), soon(), {})->state),
             any ? QStringLiteral("usable") : QStringLiteral("wrong-usage"));
}

void tst_CertificateStates::untrustedRootAndMissingIssuer() {
    StoreFixture fixture(mailPki());
    const auto person = mailPki().issue({});
    auto info = judged(fixture, person);
    QCOMPARE(wordOf(info.state), QStringLiteral("untrusted"));
    QCOMPARE(info.detail, std::string("issuer-missing: CN=Test Mail Authority,O=Sealpost test"));

    QVERIFY(fixture.store->importCertificates(mailPki().intermediate.certificatePem(), soon()));
    info = judged(fixture, person);
    QCOMPARE(info.detail, std::string("issuer-missing: CN=Test Root,O=Sealpost test"));

    QVERIFY(fixture.store->importCertificates(mailPki().root.certificatePem(), soon()));
    info = judged(fixture, person);
    QCOMPARE(wordOf(info.state), QStringLiteral("untrusted"));
    QCOMPARE(info.detail, std::string("root-not-trusted: CN=Test Root,O=Sealpost test"));
    QCOMPARE(fixture.crls.asked(), 0); // who is not trusted is not asked

    QVERIFY(fixture.store->trustRoot(mailPki().root.fingerprint(), soon()));
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
    fixture.reopen();
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));

    const auto stranger = mailPki().issue({.issuer = MailIssuer::UnknownRoot});
    QVERIFY(fixture.store->importCertificates(mailPki().unknownRoot.certificatePem(), soon()));
    info = judged(fixture, stranger);
    QCOMPARE(info.detail, std::string("root-not-trusted: CN=Unknown Root,O=Sealpost test"));
}

void tst_CertificateStates::revokedByItsList() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    const auto bystander = mailPki().issue({});
    fixture.crls.put(kIntermediateCrl,
                     mailPki().crl(MailIssuer::Intermediate, {person.certificate.get()}));
    const auto info = judged(fixture, person);
    QCOMPARE(wordOf(info.state), QStringLiteral("revoked"));
    QVERIFY2(QString::fromStdString(info.detail)
                 .contains(QRegularExpression(
                     QStringLiteral("^revoked: 20..-..-..T..:..:..Z, keyCompromise$"))),
             info.detail.c_str());
    QCOMPARE(wordOf(judged(fixture, bystander).state), QStringLiteral("usable"));
}

void tst_CertificateStates::revokedIssuer() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    fixture.crls.put(kRootCrl,
                     mailPki().crl(MailIssuer::Root, {mailPki().intermediate.certificate.get()}));
    const auto info = judged(fixture, mailPki().issue({}));
    QCOMPARE(wordOf(info.state), QStringLiteral("revoked"));
    QCOMPARE(startOf(info.detail, 16), QStringLiteral("issuer-revoked: "));
}

void tst_CertificateStates::theWorstReasonComesFirst() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    // Each person has one fault less than the one before.
    const MailPerson all{.address = "other@example.test",
                         .key = MailKey::Rsa1024,
                         .usage = "digitalSignature",
                         .from = std::chrono::days(-9),
                         .until = std::chrono::days(-1)};
    auto person = all;
    QCOMPARE(wordOf(judged(fixture, mailPki().issue(person)).state), QStringLiteral("expired"));
    person.until = std::chrono::days(365);
    const auto revoked = mailPki().issue(person);
    fixture.crls.put(kIntermediateCrl,
                     mailPki().crl(MailIssuer::Intermediate, {revoked.certificate.get()}));
    QCOMPARE(wordOf(judged(fixture, revoked).state), QStringLiteral("revoked"));
    person.crlUrl = "http://gone.test/a.crl";
    QCOMPARE(wordOf(judged(fixture, mailPki().issue(person)).state), QStringLiteral("wrong-usage"));
    person.usage = "keyEncipherment";
    QCOMPARE(wordOf(judged(fixture, mailPki().issue(person)).state),
             QStringLiteral("wrong-address"));
    person.address = kAddress;
    QCOMPARE(wordOf(judged(fixture, mailPki().issue(person)).state), QStringLiteral("weak-key"));
    person.key = MailKey::P256;
    person.usage = "";
    QCOMPARE(wordOf(judged(fixture, mailPki().issue(person)).state),
             QStringLiteral("revocation-unknown"));
}

void tst_CertificateStates::noListNoVerdict_data() {
    QTest::addColumn<std::string>("list");
    QTest::addColumn<QString>("detail");
    QTest::newRow("not-a-list") << std::string("<html>log in</html>") << "crl-unreadable: ";
    QTest::newRow("empty") << std::string() << "crl-unreadable: ";
    QTest::newRow("of-another-authority")
        << mailPki().crl(MailIssuer::UnknownRoot) << "crl-signature: ";
    auto forged = mailPki().crl(MailIssuer::Intermediate);
    forged.back() = static_cast<char>(forged.back() ^ 1);
    QTest::newRow("forged") << forged << "crl-signature: ";
    QTest::newRow("out-of-date") << mailPki().crl(MailIssuer::Intermediate, {},
                                                  std::chrono::days(0))
                                 << "crl-out-of-date: ";
}

void tst_CertificateStates::noListNoVerdict() {
    QFETCH(std::string, list);
    QFETCH(QString, detail);
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    fixture.clock->advance(1s);
    fixture.crls.put(kIntermediateCrl, list);
    const auto person = mailPki().issue({});
    auto info = judged(fixture, person);
    QCOMPARE(wordOf(info.state), QStringLiteral("revocation-unknown"));
    QCOMPARE(QString::fromStdString(info.detail), detail + QString::fromLatin1(kIntermediateCrl));
    // A bad list is not kept: the next one counts, though not before a minute has passed.
    fixture.crls.put(kIntermediateCrl, mailPki().crl(MailIssuer::Intermediate));
    const auto asked = fixture.crls.asked();
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("revocation-unknown"));
    QCOMPARE(fixture.crls.asked(), asked);
    fixture.clock->advance(61s);
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
}

void tst_CertificateStates::aSilentServerEndsAtTheDeadline() {
    StoreFixture fixture(mailPki());
    auto config = fixture.config();
    config.fetch = [](const std::string &, Deadline deadline,
                      const std::stop_token &) -> Result<std::string> {
        std::this_thread::sleep_for(deadline.remaining());
        return fail("net.timeout", "fetch", Reaction::Retry);
    };
    fixture.store = *CertificateStore::open(config);
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    QVERIFY(fixture.store->importCertificates(person.certificatePem(), soon()));
    const auto start = std::chrono::steady_clock::now();
    const auto found = fixture.store->findForAddress(kAddress, CertificatePurpose::Encrypt,
                                                     Deadline::after(300ms), {});
    QVERIFY(std::chrono::steady_clock::now() - start < 2s);
    QVERIFY(found);
    QCOMPARE(wordOf(found->front().state), QStringLiteral("revocation-unknown"));
    QCOMPARE(startOf(found->front().detail, 16), QStringLiteral("crl-unreachable:"));
}

void tst_CertificateStates::listsAreKeptAndRenewed() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
    QCOMPARE(fixture.crls.asked(), 2);
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
    QCOMPARE(fixture.crls.asked(), 2);
    fixture.reopen(); // and so they are for another process
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
    QCOMPARE(fixture.crls.asked(), 2);
    // After a day they are asked for again, and what has been revoked since then shows.
    fixture.crls.put(kIntermediateCrl,
                     mailPki().crl(MailIssuer::Intermediate, {person.certificate.get()}));
    fixture.clock->advance(25h);
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("revoked"));
    QCOMPARE(fixture.crls.asked(), 3); // a revoked one is enough: its issuer is not asked about
    // Out of reach, the old one is good until its next update.
    fixture.crls.remove(kIntermediateCrl);
    fixture.crls.remove(kRootCrl);
    fixture.clock->advance(25h);
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("revoked"));
}

void tst_CertificateStates::aListOutOfDateIsNoList() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
    fixture.crls.remove(kIntermediateCrl);
    fixture.clock->advance(std::chrono::days(11));
    const auto info = judged(fixture, person);
    QCOMPARE(wordOf(info.state), QStringLiteral("revocation-unknown"));
    QCOMPARE(info.detail, std::string("crl-unreachable: ") + kIntermediateCrl);
}

void tst_CertificateStates::anAuthorityThatEndsSoonIsWarnedOf() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({.until = std::chrono::days(5'000)});
    QCOMPARE(wordOf(judged(fixture, person).state), QStringLiteral("usable"));
    // The authorities above it end after 3650 days.
    auto config = fixture.config();
    config.expiryWarning = std::chrono::days(3'660);
    fixture.store = *CertificateStore::open(config);
    const auto info = judged(fixture, person);
    QCOMPARE(wordOf(info.state), QStringLiteral("expiring"));
    QCOMPARE(startOf(info.detail, 18), QStringLiteral("issuer-expires: 20"));
    QVERIFY(info.detail.find(", CN=") != std::string::npos);
}

void tst_CertificateStates::findsTheExactAddressAlone() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto exact = mailPki().issue({});
    for (const auto *address : {"aperson@example.test", "person@example.test.uk",
                                "person@sub.example.test", "person+x@example.test"}) {
        const auto other = mailPki().issue({.address = address});
        QVERIFY(fixture.store->importCertificates(other.certificatePem(), soon()));
    }
    const auto find = [&](const char *address, CertificatePurpose purpose) {
        const auto found = fixture.store->findForAddress(address, purpose, soon(), {});
        return found ? *found : std::vector<CertificateInfo>();
    };
    QVERIFY(find(kAddress, CertificatePurpose::Encrypt).empty());
    QVERIFY(fixture.store->importPkcs12(mailPki().pkcs12(exact, "secret"), passphrase(), soon()));
    for (const auto *address : {"person@example.test", "PERSON@EXAMPLE.TEST"}) {
        const auto found = find(address, CertificatePurpose::Encrypt);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found.front().fingerprint, exact.fingerprint());
    }
    QCOMPARE(find(kAddress, CertificatePurpose::Sign).size(), std::size_t(1));
    // Nobody signs with a certificate whose key is elsewhere.
    QCOMPARE(find("aperson@example.test", CertificatePurpose::Encrypt).size(), std::size_t(1));
    QVERIFY(find("aperson@example.test", CertificatePurpose::Sign).empty());
    QVERIFY(find("", CertificatePurpose::Encrypt).empty());
    QVERIFY(find("example.test", CertificatePurpose::Encrypt).empty());
}

void tst_CertificateStates::theBestComesFirst() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto expired =
        mailPki().issue({.from = std::chrono::days(-9), .until = std::chrono::days(-1)});
    const auto sooner = mailPki().issue({.until = std::chrono::days(100)});
    const auto later = mailPki().issue({.until = std::chrono::days(200)});
    const auto ending = mailPki().issue({.until = std::chrono::days(5)});
    const auto latestButWrong =
        mailPki().issue({.extendedUsage = "serverAuth", .until = std::chrono::days(900)});
    for (const auto *person : {&expired, &sooner, &ending, &later, &latestButWrong}) {
        QVERIFY(fixture.store->importCertificates(person->certificatePem(), soon()));
    }
    const auto found =
        fixture.store->findForAddress(kAddress, CertificatePurpose::Encrypt, soon(), {});
    QVERIFY(found);
    std::vector<std::string> order;
    for (const auto &info : *found) {
        order.push_back(info.fingerprint);
    }
    QCOMPARE(order, (std::vector{later.fingerprint(), sooner.fingerprint(), ending.fingerprint(),
                                 latestButWrong.fingerprint(), expired.fingerprint()}));
}

void tst_CertificateStates::namesOfAddressesThatAreTraps() {
    // A NUL ends the name for a careless reader; the authority meant the whole of it.
    auto person = mailPki().issue({.address = "", .crlUrl = ""});
    const OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free> names(GENERAL_NAMES_new());
    auto *name = GENERAL_NAME_new();
    auto *text = ASN1_IA5STRING_new();
    const std::string trap("person@example.test\0.evil.test", 30);
    ASN1_STRING_set(text, trap.data(), static_cast<int>(trap.size()));
    GENERAL_NAME_set0_value(name, GEN_EMAIL, text);
    sk_GENERAL_NAME_push(names.get(), name);
    X509_add1_ext_i2d(person.certificate.get(), NID_subject_alt_name, names.get(), 0, 0);
    X509_sign(person.certificate.get(), mailPki().intermediate.key.get(), EVP_sha256());
    auto &fixture = sharedFixture();
    const auto info = judged(fixture, person);
    QVERIFY(info.addresses.empty());
    QCOMPARE(wordOf(info.state), QStringLiteral("wrong-address"));
}

void tst_CertificateStates::showByPrefix() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    const auto fingerprint = person.fingerprint();
    judged(fixture, person);
    const auto show = [&](std::string_view name) { return fixture.store->show(name, soon(), {}); };
    const auto sha1 = show(fingerprint)->sha1;
    for (const auto &name : {fingerprint, fingerprint.substr(0, 8), sha1, sha1.substr(0, 9)}) {
        QVERIFY(show(name));
        QCOMPARE(show(name)->fingerprint, fingerprint);
    }
    auto colons =
        fingerprint.substr(0, 2) + ":" + fingerprint.substr(2, 2) + ":" + fingerprint.substr(4, 6);
    QCOMPARE(show(colons)->fingerprint, fingerprint);
    for (const auto &name : {std::string(), fingerprint.substr(0, 7), std::string(64, '0'),
                             std::string("person@example.test")}) {
        const auto none = show(name);
        QVERIFY(!none);
        QCOMPARE(none.error().code, std::string("certificate.not-found"));
    }
    QCOMPARE(wordOf(show(mailPki().root.fingerprint())->state), QStringLiteral("usable"));
}

void tst_CertificateStates::unreadableCertificates_data() {
    QTest::addColumn<std::string>("bytes");
    const auto pem = mailPki().root.certificatePem();
    QTest::newRow("empty") << std::string();
    QTest::newRow("text") << std::string("hello");
    QTest::newRow("truncated-pem") << pem.substr(0, pem.size() / 2);
    QTest::newRow("a-private-key") << mailPki().root.keyPem();
    QTest::newRow("pem-of-garbage")
        << std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
}

void tst_CertificateStates::unreadableCertificates() {
    QFETCH(std::string, bytes);
    const auto imported = sharedFixture().store->importCertificates(bytes, soon());
    QVERIFY(!imported);
    QCOMPARE(imported.error().code, std::string("certificate.unreadable"));
}

void tst_CertificateStates::aForgedCertificateIsRefused() {
    auto &fixture = sharedFixture();
    auto forged = mailPki().issue({});
    X509_sign(forged.certificate.get(), mailPki().unknownRoot.key.get(), EVP_sha256());
    const auto imported = fixture.store->importCertificates(forged.certificatePem(), soon());
    QVERIFY(!imported);
    QCOMPARE(imported.error().code, std::string("certificate.refused"));
    QCOMPARE(fixture.store->show(forged.fingerprint(), soon(), {}).error().code,
             std::string("certificate.not-found"));
}

void tst_CertificateStates::onlyRootsCanBeTrusted() {
    StoreFixture fixture(mailPki());
    const auto person = mailPki().issue({});
    judged(fixture, person);
    QVERIFY(fixture.store->importCertificates(mailPki().intermediate.certificatePem(), soon()));
    for (const auto &fingerprint : {person.fingerprint(), mailPki().intermediate.fingerprint()}) {
        const auto done = fixture.store->trustRoot(fingerprint, soon());
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("certificate.not-a-root"));
    }
    QCOMPARE(fixture.store->trustRoot(mailPki().root.fingerprint(), soon()).error().code,
             std::string("certificate.not-found"));
    fixture.trust(mailPki());
    fixture.trust(mailPki()); // twice is no error, and no second line
    QFile list(fixture.home.filePath(QStringLiteral("trustlist.txt")));
    QVERIFY(list.open(QIODevice::ReadOnly));
    const auto sha1 = fixture.store->show(mailPki().root.fingerprint(), soon(), {})->sha1;
    QCOMPARE(list.readAll(), QByteArray((sha1 + " S relax\n").c_str()));
}

void tst_CertificateStates::listIsSortedAndWithoutAuthorities() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    for (const auto *address : {"b@example.test", "A@example.test", "c@example.test"}) {
        judged(fixture, mailPki().issue({.address = address}));
    }
    const auto asked = fixture.crls.asked();
    const auto listed = fixture.store->list(soon(), {});
    QVERIFY(listed);
    QCOMPARE(fixture.crls.asked(), asked);
    QStringList addresses;
    for (const auto &info : *listed) {
        addresses << QString::fromStdString(info.addresses.front());
        QCOMPARE(wordOf(info.state), QStringLiteral("usable"));
    }
    QCOMPARE(addresses,
             (QStringList{QStringLiteral("A@example.test"), QStringLiteral("b@example.test"),
                          QStringLiteral("c@example.test")}));
}

QTEST_GUILESS_MAIN(tst_CertificateStates)
#include "tst_CertificateStates.moc"
