// SPDX-License-Identifier: GPL-3.0-or-later
// Certificates that are bad in rarer ways, and addresses beyond ASCII: each with a reason of its
// own.
#include "base/Text.h"
#include "crypto/CertificateStore.h"
#include "gnupg/StoreFixture.h"

#include <QElapsedTimer>
#include <QTest>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

constexpr auto kAddress = "person@example.test";

StoreFixture &sharedFixture() {
    static StoreFixture fixture(mailPki());
    static const bool trusted = (fixture.trust(mailPki()), true);
    Q_UNUSED(trusted);
    return fixture;
}

//! "untrusted chain: …", without importing: what is wrong is told before anything is kept.
QString faultsOf(const std::string &pem, const std::string &address = kAddress) {
    const auto reports = sharedFixture().store->examine({address, pem, {}}, soon(), {});
    if (!reports) {
        return QString::fromStdString(reports.error().code);
    }
    QStringList all;
    for (const auto &fault : reports->front().faults) {
        all << QString::fromStdString(fault.id + " " + fault.detail);
    }
    return all.join(QLatin1String("; "));
}

//! subjectAltName with one SmtpUTF8Mailbox, as MailPerson::extension: OpenSSL's own words for it
//! would read the address as Latin-1.
std::string smtpUtf8Mailbox(const std::string &address) {
    const auto tlv = [](char tag, const std::string &content) {
        return std::string(1, tag) + static_cast<char>(content.size()) + content;
    };
    const std::string type("\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09", 10);
    const auto value = tlv('\xa0', tlv('\x0c', address));
    return "subjectAltName=DER:" + base::toHex(tlv('\x30', tlv('\xa0', type + value)));
}

} // namespace

class TstCertificateFaults : public QObject {
    Q_OBJECT
private slots:
    void eachHasItsReason_data();
    void eachHasItsReason();
    void anAuthorityThatBreaksItsBounds_data();
    void anAuthorityThatBreaksItsBounds();
    void tenMegabytesOfExtensions();
    void rfc9598Addresses_data();
    void rfc9598Addresses();
};

void TstCertificateFaults::eachHasItsReason_data() {
    QTest::addColumn<MailPerson>("person");
    QTest::addColumn<QString>("faults");
    const auto row = [](const char *name, const MailPerson &person, const char *faults) {
        QTest::newRow(name) << person << QString::fromLatin1(faults);
    };
    row("rfc8550-4.4.2-no-key-usage-is-any-use", {.usage = "none"}, "");
    row("rfc5280-4.2-unknown-critical-extension", {.extension = "1.2.3.4=critical,DER:0500"},
        "chain.invalid unhandled critical extension");
    row("unknown-extension", {.extension = "1.2.3.4=DER:0500"}, "");
    row("md5", {.hash = EVP_md5()}, "chain.weak signature: md5WithRSAEncryption");
    row("sha1", {.hash = EVP_sha1()}, "chain.weak signature: sha1WithRSAEncryption");
    row("rsa-1024", {.key = MailKey::Rsa1024}, "chain.weak rsa-bits: 1024 of 2048");
}

void TstCertificateFaults::eachHasItsReason() {
    QFETCH(MailPerson, person);
    QFETCH(QString, faults);
    QCOMPARE(faultsOf(mailPki().issue(person).certificatePem()), faults);
}

void TstCertificateFaults::anAuthorityThatBreaksItsBounds_data() {
    QTest::addColumn<QByteArray>("constraints");
    QTest::addColumn<QByteArray>("extension");
    QTest::addColumn<QString>("fault");
    QTest::newRow("rfc5280-4.2.1.9-path-length")
        << QByteArray("critical,CA:TRUE,pathlen:0") << QByteArray()
        << QStringLiteral("chain.invalid path length constraint exceeded");
    QTest::newRow("rfc5280-4.2.1.10-not-permitted")
        << QByteArray("critical,CA:TRUE")
        << QByteArray("nameConstraints=critical,permitted;email:other.test")
        << QStringLiteral("chain.invalid permitted subtree violation");
    QTest::newRow("rfc5280-4.2.1.10-excluded")
        << QByteArray("critical,CA:TRUE")
        << QByteArray("nameConstraints=critical,excluded;email:example.test")
        << QStringLiteral("chain.invalid excluded subtree violation");
    QTest::newRow("within-its-bounds")
        << QByteArray("critical,CA:TRUE,pathlen:1")
        << QByteArray("nameConstraints=critical,permitted;email:example.test") << QString();
}

void TstCertificateFaults::anAuthorityThatBreaksItsBounds() {
    QFETCH(QByteArray, constraints);
    QFETCH(QByteArray, extension);
    QFETCH(QString, fault);
    const auto &pki = mailPki();
    const auto upper =
        pki.authorityUnder(pki.root, "Upper", constraints.toStdString(), extension.toStdString());
    const auto lower = pki.authorityUnder(upper, "Lower", "critical,CA:TRUE");
    const auto person = pki.issueBy(lower, {});
    const auto faults =
        faultsOf(person.certificatePem() + lower.certificatePem() + upper.certificatePem());
    // Nobody answers for these authorities' revocation; that is beside the point.
    QStringList others;
    for (const auto &one : faults.split(QStringLiteral("; "))) {
        if (!one.startsWith(QLatin1String("chain.revocation-unknown")) && !one.isEmpty()) {
            others << one;
        }
    }
    QCOMPARE(others.join(QStringLiteral("; ")), fault);
}

void TstCertificateFaults::tenMegabytesOfExtensions() {
    std::string hex = "0483a00000"; // OCTET STRING of 10 MiB
    hex.append(std::size_t{20} * 1024 * 1024, '0');
    const auto person = mailPki().issue({.extension = "1.2.3.4=DER:" + hex}).certificatePem();
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(faultsOf(person), QStringLiteral("certificate.too-large"));
    QCOMPARE(sharedFixture().store->importCertificates(person, soon()).error().code,
             std::string("certificate.too-large"));
    QVERIFY(timer.elapsed() < 20'000);
}

void TstCertificateFaults::rfc9598Addresses_data() {
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<QByteArray>("asked");
    QTest::addColumn<bool>("isFor");
    const auto row = [](const char *name, const char *names, const char *asked, bool isFor) {
        QTest::newRow(name) << QByteArray(names) << QByteArray(asked) << isFor;
    };
    const auto utf8 = [&row](const char *name, const char *address, const char *asked, bool isFor) {
        row(name, smtpUtf8Mailbox(address).c_str(), asked, isFor);
    };
    utf8("smtp-utf8-mailbox", "j\u00f6rg@example.test", "j\u00f6rg@example.test", true);
    utf8("smtp-utf8-mailbox-of-another", "j\u00f6rg@example.test", "jorg@example.test", false);
    utf8("smtp-utf8-mailbox-u-label", "j\u00f6rg@b\u00fccher.example",
         "j\u00f6rg@xn--bcher-kva.example", true);
    utf8("smtp-utf8-mailbox-a-label", "j\u00f6rg@xn--bcher-kva.example",
         "j\u00f6rg@xn--bcher-kva.example", true);
    utf8("look-alike-domain", "jo@c\u043eurt.example", "jo@court.example", false);
    row("rfc822-name-a-label", "subjectAltName=email:jo@xn--bcher-kva.example",
        "jo@xn--bcher-kva.example", true);
    row("rfc822-name-upper-case", "subjectAltName=email:Jo@XN--BCHER-KVA.example",
        "jo@xn--bcher-kva.example", true);
    row("other-kind-of-name",
        "subjectAltName=otherName:1.3.6.1.4.1.311.20.2.3;UTF8:jo@court.example", "jo@court.example",
        false);
}

void TstCertificateFaults::rfc9598Addresses() {
    QFETCH(QByteArray, names);
    QFETCH(QByteArray, asked);
    QFETCH(bool, isFor);
    const auto person = mailPki().issue({.address = "", .extension = names.toStdString()});
    const auto faults = faultsOf(person.certificatePem(), asked.toStdString());
    QCOMPARE(faults.isEmpty(), isFor);
}

QTEST_GUILESS_MAIN(TstCertificateFaults)
#include "tst_CertificateFaults.moc"
