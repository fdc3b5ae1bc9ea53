// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a certificate and its chain, and what mends it.
#include "crypto/CertificateStore.h"
#include "gnupg/StoreFixture.h"

#include <QByteArray>
#include <QTest>
#include <QUrl>
#include <algorithm>
#include <openssl/ocsp.h>
#include <thread>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

constexpr auto kAddress = "person@example.test";
constexpr auto kIssuerUrl = "http://aia.test/intermediate.cer";
constexpr auto kResponder = "http://ocsp.test/";

std::string derOf(const MailIdentity &identity) {
    const BioPtr out(BIO_new(BIO_s_mem()));
    i2d_X509_bio(out.get(), identity.certificate.get());
    return collected(out.get());
}

void import(const StoreFixture &fixture, const MailIdentity &identity) {
    const auto done = fixture.store->importCertificates(identity.certificatePem(), soon());
    if (!done) {
        qFatal("import: %s", done.error().code.c_str());
    }
}

ChainReport examine(const StoreFixture &fixture, const MailIdentity &person,
                    const std::string &address = kAddress) {
    auto reports = fixture.store->examine({address, {}, person.fingerprint()}, soon(), {});
    if (!reports) {
        qFatal("examine: %s", reports.error().code.c_str());
    }
    return std::move(reports->front());
}

//! "chain.expired ask-for-new", one a line.
QString faultsOf(const ChainReport &report) {
    QStringList words;
    for (const auto &fault : report.faults) {
        words.append(QString::fromStdString(fault.id + " " + std::string(toString(fault.mend))));
    }
    return words.join(QLatin1String(", "));
}

//! A responder's answer to a question that was put by GET, signed by `signer`.
enum class Nonce { None, Ours, Another };
std::string ocspAnswer(const std::string &url, const MailIdentity &signer, int status, Time now,
                       Nonce nonce = Nonce::None) {
    const auto base64 = QByteArray::fromStdString(url.substr(std::string(kResponder).size()));
    const auto der = QByteArray::fromBase64(QByteArray::fromPercentEncoding(base64));
    const auto *at = reinterpret_cast<const unsigned char *>(der.constData());
    const OpenSslPtr<OCSP_REQUEST, OCSP_REQUEST_free> request(
        d2i_OCSP_REQUEST(nullptr, &at, static_cast<long>(der.size())));
    if (!request || OCSP_request_onereq_count(request.get()) != 1) {
        qFatal("no OCSP request: %s", url.c_str());
    }
    auto *id = OCSP_onereq_get0_id(OCSP_request_onereq_get0(request.get(), 0));
    const OpenSslPtr<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
    using TimePtr = OpenSslPtr<ASN1_TIME, ASN1_TIME_free>;
    const auto seconds = std::chrono::system_clock::to_time_t(now);
    const TimePtr from(ASN1_TIME_set(nullptr, seconds - 60));
    const TimePtr until(ASN1_TIME_set(nullptr, seconds + 3600));
    OCSP_basic_add1_status(basic.get(), id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE, from.get(),
                           from.get(), until.get());
    if (nonce == Nonce::Ours) {
        OCSP_copy_nonce(basic.get(), request.get());
    } else if (nonce == Nonce::Another) {
        OCSP_basic_add1_nonce(basic.get(), nullptr, 32);
    }
    OCSP_basic_sign(basic.get(), signer.certificate.get(), signer.key.get(), EVP_sha256(), nullptr,
                    0);
    const OpenSslPtr<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
        OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
    const BioPtr out(BIO_new(BIO_s_mem()));
    i2d_OCSP_RESPONSE_bio(out.get(), response.get());
    return collected(out.get());
}

} // namespace

class TstChainDoctor : public QObject {
    Q_OBJECT
private slots:
    void aGoodChain();
    void oneFaultForEachMistake_data();
    void oneFaultForEachMistake();
    void severalFaultsAtOnce();
    void aMissingIssuerIsFetched();
    void onlyTheRealIssuerIsTaken();
    void fetchingHasBounds();
    void anUntrustedRoot();
    void revokedAndUnknown();
    void aFileIsNotImported();
    void byAddress();
    void ocspWhereThereIsNoList_data();
    void ocspWhereThereIsNoList();
    void rfc9654Nonce_data();
    void rfc9654Nonce();
    void ocspAnswersAreKept();
    void silentServersCostNoMoreThanTheDeadline();
};

void TstChainDoctor::aGoodChain() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    import(fixture, person);
    const auto report = examine(fixture, person);
    QCOMPARE(faultsOf(report), QString());
    QCOMPARE(report.links.size(), std::size_t{3});
    const auto &leaf = report.links[0];
    QCOMPARE(leaf.info.fingerprint, person.fingerprint());
    QCOMPARE(leaf.keyUsage, std::string("digitalSignature, keyAgreement"));
    QCOMPARE(leaf.extendedUsage, std::string("emailProtection"));
    QVERIFY(leaf.revocation.status == RevocationStatus::Good);
    QCOMPARE(leaf.revocation.kind, std::string("crl"));
    QCOMPARE(leaf.revocation.source, std::string(kIntermediateCrl));
    QVERIFY(leaf.revocation.issued < fixture.clock->now());
    QVERIFY(report.links[1].authority && !report.links[1].trustedRoot);
    QCOMPARE(report.links[1].revocation.source, std::string(kRootCrl));
    QVERIFY(report.links[2].trustedRoot && report.links[2].selfSigned);
    QVERIFY(report.links[2].revocation.status == RevocationStatus::NotNeeded);
    QVERIFY(report.missingIssuer.empty());
}

void TstChainDoctor::oneFaultForEachMistake_data() {
    QTest::addColumn<MailPerson>("person");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, const MailPerson &person, const char *expected) {
        QTest::newRow(name) << person << QString::fromLatin1(expected);
    };
    using std::chrono::days;
    row("expired", {.from = days(-20), .until = days(-2)}, "chain.expired ask-for-new");
    row("not-yet-valid", {.from = days(2), .until = days(20)}, "chain.not-yet-valid check-clock");
    row("rfc8550-4.4.4-server-only", {.extendedUsage = "serverAuth"},
        "chain.wrong-usage ask-for-new");
    row("signing-only", {.usage = "digitalSignature"}, "chain.not-for-encryption ask-for-new");
    row("encryption-only", {.usage = "keyAgreement"}, "chain.not-for-signing ask-for-new");
    row("wrong-address", {.address = "other@example.test"}, "chain.other-address use-other");
    row("no-address", {.address = ""}, "chain.no-address ask-for-new");
    row("rsa-1024", {.key = MailKey::Rsa1024}, "chain.weak ask-for-new");
    row("sha-1", {.hash = EVP_sha1()}, "chain.weak ask-for-new");
    row("md5", {.hash = EVP_md5()}, "chain.weak ask-for-new");
    row("no-revocation-source", {.crlUrl = ""}, "chain.revocation-unknown ask-authority");
    row("list-out-of-reach", {.crlUrl = "http://nowhere.test/x.crl"},
        "chain.revocation-unknown fetch-revocation");
    row("rfc5280-4.2-critical-unknown", {.extension = "1.2.3.4=critical,DER:0500"},
        "chain.invalid ask-authority");
    row("wrong-case-address-is-right", {.address = "Person@Example.TEST"}, "");
}

void TstChainDoctor::oneFaultForEachMistake() {
    QFETCH(MailPerson, person);
    QFETCH(QString, expected);
    static StoreFixture fixture(mailPki());
    static const bool trusted = (fixture.trust(mailPki()), true);
    Q_UNUSED(trusted);
    const auto identity = mailPki().issue(person);
    import(fixture, identity);
    QCOMPARE(faultsOf(examine(fixture, identity)), expected);
}

void TstChainDoctor::severalFaultsAtOnce() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({.address = "other@example.test",
                                         .key = MailKey::Rsa1024,
                                         .extendedUsage = "serverAuth",
                                         .from = std::chrono::days(-20),
                                         .until = std::chrono::days(-2),
                                         .crlUrl = ""});
    import(fixture, person);
    const auto report = examine(fixture, person);
    const auto faults = faultsOf(report);
    QCOMPARE(report.faults.front().id, std::string("chain.expired"));
    QCOMPARE(report.faults.back().id, std::string("chain.revocation-unknown")); // the least grave
    for (const auto *id :
         {"chain.expired", "chain.weak", "chain.wrong-usage", "chain.other-address"}) {
        QVERIFY2(faults.contains(QLatin1String(id)), qPrintable(faults));
    }
}

//! Who has an intermediate missing is told, and it can be fetched.
void TstChainDoctor::aMissingIssuerIsFetched() {
    StoreFixture fixture(mailPki());
    import(fixture, mailPki().root);
    QVERIFY(fixture.store->trustRoot(mailPki().root.fingerprint(), soon()));
    const auto person = mailPki().issue(
        {.extension = std::string("authorityInfoAccess=caIssuers;URI:") + kIssuerUrl});
    import(fixture, person);
    const auto before = examine(fixture, person);
    QCOMPARE(faultsOf(before), QStringLiteral("chain.issuer-missing fetch-issuer"));
    QCOMPARE(before.faults.front().target, std::string(kIssuerUrl));
    QVERIFY(!before.missingIssuer.empty());
    QCOMPARE(fixture.store->fetchIssuers(person.fingerprint(), soon(), {}).value(), 0);
    fixture.crls.put(kIssuerUrl, derOf(mailPki().intermediate));
    QCOMPARE(fixture.store->fetchIssuers(person.fingerprint(), soon(), {}).value(), 1);
    QCOMPARE(faultsOf(examine(fixture, person)), QString());
    QCOMPARE(fixture.store->fetchIssuers(person.fingerprint(), soon(), {}).value(), 0);

    const auto without = mailPki().issue({.issuer = MailIssuer::UnknownRoot});
    import(fixture, without);
    QCOMPARE(faultsOf(examine(fixture, without)),
             QStringLiteral("chain.issuer-missing import-issuer"));
}

void TstChainDoctor::onlyTheRealIssuerIsTaken() {
    StoreFixture fixture(mailPki());
    const MailPki other(base::SystemClock().now()); // the same names, other keys
    const auto person = mailPki().issue(
        {.extension = std::string("authorityInfoAccess=caIssuers;URI:") + kIssuerUrl});
    import(fixture, person);
    for (const auto &bytes :
         {derOf(other.intermediate), derOf(mailPki().root), derOf(person), std::string("garbage"),
          derOf(mailPki().intermediate) + std::string(70'000, 'x')}) {
        fixture.crls.put(kIssuerUrl, bytes);
        QCOMPARE(fixture.store->fetchIssuers(person.fingerprint(), soon(), {}).value(), 0);
    }
    // A bundle is taken apart: only what has signed stays.
    fixture.crls.put(kIssuerUrl,
                     other.intermediate.certificatePem() + mailPki().intermediate.certificatePem());
    QCOMPARE(fixture.store->fetchIssuers(person.fingerprint(), soon(), {}).value(), 1);
    QVERIFY(!fixture.store->show(other.intermediate.fingerprint(), soon(), {}));
    const auto report = examine(fixture, person);
    QCOMPARE(faultsOf(report), QStringLiteral("chain.issuer-missing import-issuer"));
}

void TstChainDoctor::fetchingHasBounds() {
    StoreFixture fixture(mailPki());
    const auto person =
        mailPki().issue({.extension = "authorityInfoAccess=caIssuers;URI:http://a.test/1,caIssuers;"
                                      "URI:http://a.test/2,caIssuers;URI:http://a.test/3,caIssuers;"
                                      "URI:http://a.test/4,caIssuers;URI:ldap://a.test/5"});
    import(fixture, person);
    QStringList asked;
    auto config = fixture.config();
    config.fetch = [&](const std::string &url, Deadline deadline,
                       const std::stop_token &) -> Result<std::string> {
        asked.append(QString::fromStdString(url));
        if (deadline.remaining() > std::chrono::seconds(10)) {
            asked.append(QStringLiteral("too long"));
        }
        return fail("net.timeout", "fetch", Reaction::Retry);
    };
    fixture.store.reset();
    fixture.store = *CertificateStore::open(config);
    QCOMPARE(fixture.store->fetchIssuers(person.fingerprint(), soon(), {}).value(), 0);
    QCOMPARE(asked.join(QLatin1Char(' ')),
             QStringLiteral("http://a.test/1 http://a.test/2 http://a.test/3"));
}

void TstChainDoctor::anUntrustedRoot() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    import(fixture, mailPki().unknownRoot);
    const auto person = mailPki().issue({.issuer = MailIssuer::UnknownRoot});
    import(fixture, person);
    const auto report = examine(fixture, person);
    QVERIFY(faultsOf(report).startsWith(QLatin1String("chain.root-not-trusted trust-root")));
    QCOMPARE(report.faults.front().target, mailPki().unknownRoot.fingerprint());
    // A stranger's certificate names whatever server it likes: nobody is asked.
    QCOMPARE(fixture.crls.asked(), 0);
    QVERIFY(report.links.front().revocation.status == RevocationStatus::Unknown);
}

void TstChainDoctor::revokedAndUnknown() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    import(fixture, person);
    fixture.crls.put(kIntermediateCrl,
                     mailPki().crl(MailIssuer::Intermediate, {person.certificate.get()}));
    fixture.crls.put(kRootCrl,
                     mailPki().crl(MailIssuer::Root, {mailPki().intermediate.certificate.get()}));
    const auto report = examine(fixture, person);
    QCOMPARE(faultsOf(report), QStringLiteral("chain.revoked ask-for-new, "
                                              "chain.revoked ask-authority"));
    QVERIFY(report.faults.front().detail.find("keyCompromise") != std::string::npos);
}

void TstChainDoctor::aFileIsNotImported() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({});
    const auto reports =
        fixture.store->examine({kAddress, person.certificatePem(), {}}, soon(), {});
    QVERIFY(reports);
    QCOMPARE(faultsOf(reports->front()), QString());
    QVERIFY(!fixture.store->show(person.fingerprint(), soon(), {}));
    // With its chain in the file, and nobody trusted.
    StoreFixture empty(mailPki());
    const auto chain =
        empty.store->examine({{},
                              person.certificatePem() + mailPki().intermediate.certificatePem() +
                                  mailPki().root.certificatePem(),
                              {}},
                             soon(), {});
    QCOMPARE(chain->size(), std::size_t{1});
    QVERIFY(faultsOf(chain->front()).startsWith(QLatin1String("chain.root-not-trusted")));
    QCOMPARE(empty.store->examine({{}, "garbage", {}}, soon(), {}).error().code,
             std::string("certificate.unreadable"));
}

void TstChainDoctor::byAddress() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    import(fixture, mailPki().issue({}));
    import(fixture, mailPki().issue({.extendedUsage = "serverAuth"}));
    import(fixture, mailPki().issue({.address = "other@example.test"}));
    QCOMPARE(fixture.store->examine({kAddress, {}, {}}, soon(), {})->size(), std::size_t{2});
    QCOMPARE(fixture.store->examine({"nobody@example.test", {}, {}}, soon(), {}).error().code,
             std::string("certificate.not-found"));
}

void TstChainDoctor::ocspWhereThereIsNoList_data() {
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("issuerSigns");
    QTest::addColumn<QString>("state");
    QTest::newRow("good") << V_OCSP_CERTSTATUS_GOOD << true << QStringLiteral("usable");
    QTest::newRow("revoked") << V_OCSP_CERTSTATUS_REVOKED << true << QStringLiteral("revoked");
    QTest::newRow("unknown") << V_OCSP_CERTSTATUS_UNKNOWN << true
                             << QStringLiteral("revocation-unknown");
    QTest::newRow("rfc6960-4.2.2.2-signed-by-another")
        << V_OCSP_CERTSTATUS_GOOD << false << QStringLiteral("revocation-unknown");
}

void TstChainDoctor::ocspWhereThereIsNoList() {
    QFETCH(int, status);
    QFETCH(bool, issuerSigns);
    QFETCH(QString, state);
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue(
        {.crlUrl = "", .extension = std::string("authorityInfoAccess=OCSP;URI:") + kResponder});
    import(fixture, person);
    fixture.crls.answer(kResponder, [&](const std::string &url) -> Result<std::string> {
        return ocspAnswer(url, issuerSigns ? mailPki().intermediate : mailPki().unknownRoot, status,
                          fixture.clock->now());
    });
    const auto info = fixture.store->assessFor(person.fingerprint(), kAddress,
                                               CertificatePurpose::Encrypt, soon(), {});
    QCOMPARE(wordOf(info->state), state);
    const auto link = examine(fixture, person).links.front();
    if (state != QLatin1String("revocation-unknown")) {
        QCOMPARE(link.revocation.kind, std::string("ocsp"));
        QCOMPARE(link.revocation.source, std::string(kResponder));
    } else {
        QVERIFY(link.revocation.kind.empty());
    }
}

void TstChainDoctor::rfc9654Nonce_data() {
    QTest::addColumn<OcspNonce>("asked");
    QTest::addColumn<Nonce>("said");
    QTest::addColumn<bool>("counts");
    const auto row = [](const char *name, OcspNonce asked, Nonce said, bool counts) {
        QTest::newRow(name) << asked << said << counts;
    };
    row("sent-ours", OcspNonce::Sent, Nonce::Ours, true);
    row("sent-another", OcspNonce::Sent, Nonce::Another, false);
    row("sent-none", OcspNonce::Sent, Nonce::None, true);
    row("required-ours", OcspNonce::Required, Nonce::Ours, true);
    row("required-another", OcspNonce::Required, Nonce::Another, false);
    row("required-none", OcspNonce::Required, Nonce::None, false);
    row("no-none", OcspNonce::No, Nonce::None, true);
}

void TstChainDoctor::rfc9654Nonce() {
    QFETCH(OcspNonce, asked);
    QFETCH(Nonce, said);
    QFETCH(bool, counts);
    StoreFixture fixture(mailPki());
    auto config = fixture.config();
    config.ocspNonce = asked;
    fixture.store.reset();
    fixture.store = *CertificateStore::open(config);
    fixture.trust(mailPki());
    const auto person = mailPki().issue(
        {.crlUrl = "", .extension = std::string("authorityInfoAccess=OCSP;URI:") + kResponder});
    import(fixture, person);
    fixture.crls.answer(kResponder, [&](const std::string &url) -> Result<std::string> {
        return ocspAnswer(url, mailPki().intermediate, V_OCSP_CERTSTATUS_GOOD, fixture.clock->now(),
                          said);
    });
    const auto info = fixture.store->assessFor(person.fingerprint(), kAddress,
                                               CertificatePurpose::Encrypt, soon(), {});
    QCOMPARE(info->state == CertificateState::Usable, counts);
}

//! Until its next update an answer is good; a silent responder is not asked again for a minute.
void TstChainDoctor::ocspAnswersAreKept() {
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue(
        {.crlUrl = "", .extension = std::string("authorityInfoAccess=OCSP;URI:") + kResponder});
    import(fixture, person);
    int asked = 0;
    bool silent = true;
    fixture.crls.answer(kResponder, [&](const std::string &url) -> Result<std::string> {
        ++asked;
        if (silent) {
            return fail("net.timeout", "fetch", Reaction::Retry);
        }
        return ocspAnswer(url, mailPki().intermediate, V_OCSP_CERTSTATUS_GOOD,
                          fixture.clock->now());
    });
    const auto state = [&] {
        return wordOf(
            fixture.store
                ->assessFor(person.fingerprint(), kAddress, CertificatePurpose::Encrypt, soon(), {})
                ->state);
    };
    QCOMPARE(state(), QStringLiteral("revocation-unknown"));
    QCOMPARE(state(), QStringLiteral("revocation-unknown"));
    QCOMPARE(asked, 1);
    silent = false;
    fixture.clock->advance(std::chrono::minutes(2));
    QCOMPARE(state(), QStringLiteral("usable"));
    QCOMPARE(state(), QStringLiteral("usable"));
    QCOMPARE(asked, 2);
    fixture.clock->advance(std::chrono::hours(2));
    QCOMPARE(state(), QStringLiteral("usable"));
    QCOMPARE(asked, 3);
}

//! List, responder and issuer, all of whom accept and stay silent.
void TstChainDoctor::silentServersCostNoMoreThanTheDeadline() {
    using namespace std::chrono_literals;
    StoreFixture fixture(mailPki());
    fixture.trust(mailPki());
    const auto person = mailPki().issue({.extension = std::string("authorityInfoAccess=OCSP;URI:") +
                                                      kResponder + ",caIssuers;URI:" + kIssuerUrl});
    import(fixture, person);
    auto config = fixture.config();
    config.fetch = [](const std::string &, Deadline deadline,
                      const std::stop_token &) -> Result<std::string> {
        std::this_thread::sleep_for(deadline.remaining());
        return fail("net.timeout", "fetch", Reaction::Retry);
    };
    fixture.store.reset();
    fixture.store = *CertificateStore::open(config);
    const auto start = std::chrono::steady_clock::now();
    const auto reports =
        fixture.store->examine({kAddress, {}, person.fingerprint()}, Deadline::after(500ms), {});
    QVERIFY(std::chrono::steady_clock::now() - start < 3s);
    QVERIFY(reports);
    QVERIFY(reports->front().links.front().revocation.status == RevocationStatus::Unknown);
}

QTEST_GUILESS_MAIN(TstChainDoctor)
#include "tst_ChainDoctor.moc"
