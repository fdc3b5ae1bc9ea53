// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/DaneVerifier.h"

#include "support/TestCa.h"

#include <QCryptographicHash>
#include <QtTest>
#include <openssl/x509.h>

using namespace sealpost;
using namespace std::chrono_literals;
using crypto::DaneOutcome;
using crypto::TlsaFault;
using crypto::TlsaRecord;
using test::ServerFault;

namespace {
constexpr auto kHost = "mx.court.test";
using Chain = std::vector<std::string>;

//! DER of each certificate in a PEM text.
Chain derOf(const std::string &pem) {
    Chain chain;
    const auto blocks = QString::fromStdString(pem).split(
        QStringLiteral("-----BEGIN CERTIFICATE-----"), Qt::SkipEmptyParts);
    for (const auto &block : blocks) {
        const auto body = block.section(QStringLiteral("-----END"), 0, 0);
        chain.push_back(QByteArray::fromBase64(body.toLatin1()).toStdString());
    }
    return chain;
}

std::string publicKeyOf(const std::string &der) {
    const auto *at = reinterpret_cast<const unsigned char *>(der.data());
    X509 *certificate = d2i_X509(nullptr, &at, static_cast<long>(der.size()));
    unsigned char *key = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
    std::string out(reinterpret_cast<const char *>(key), static_cast<std::size_t>(size));
    OPENSSL_free(key);
    X509_free(certificate);
    return out;
}

//! The record of that kind for this certificate.
TlsaRecord recordFor(const std::string &der, std::uint8_t usage, std::uint8_t selector,
                     std::uint8_t matchingType) {
    const auto data = selector == 0 ? der : publicKeyOf(der);
    const auto bytes = QByteArray::fromStdString(data);
    const auto hash = [&](QCryptographicHash::Algorithm algorithm) {
        return QCryptographicHash::hash(bytes, algorithm).toStdString();
    };
    return {usage, selector, matchingType,
            matchingType == 0   ? data
            : matchingType == 1 ? hash(QCryptographicHash::Sha256)
                                : hash(QCryptographicHash::Sha512)};
}

TlsaRecord otherRecord(std::uint8_t usage, std::uint8_t selector, std::uint8_t matchingType) {
    return {usage, selector, matchingType, std::string(matchingType == 1 ? 32 : 64, 'x')};
}

const test::TestCa &authority() {
    static const test::TestCa kAuthority;
    return kAuthority;
}

Chain chainFor(const std::string &host, ServerFault fault = ServerFault::None) {
    return derOf(authority().server(host, fault).chainPem);
}

crypto::DaneVerdict verify(const std::vector<TlsaRecord> &records, const Chain &chain,
                           const std::vector<std::string> &names = {kHost},
                           std::chrono::seconds later = 0s) {
    return crypto::verifyDane(records, chain, names, base::SystemClock().now() + later);
}
} // namespace

class tst_DaneVerifier : public QObject {
    Q_OBJECT
private slots:
    void everyKindMatches_data();
    void everyKindMatches();
    void everyKindMismatches_data();
    void everyKindMismatches();
    void endEntityNeedsNeitherNameNorDate_data();
    void endEntityNeedsNeitherNameNorDate();
    void anchorNeedsNameAndDate();
    void anchorNames_data();
    void anchorNames();
    void anchorThatIsNotSent();
    void anchorMustSign();
    void leafIsNoAnchorOfAnother();
    void oneOfSeveralSuffices();
    void strongestDigestDecides();
    void unusable_data();
    void unusable();
    void unusableBesideUsable();
    void nothingToCompareWith();
    void described();
};

void tst_DaneVerifier::everyKindMatches_data() {
    QTest::addColumn<int>("usage");
    QTest::addColumn<int>("selector");
    QTest::addColumn<int>("matchingType");
    for (const int usage : {2, 3}) {
        for (const int selector : {0, 1}) {
            for (const int matchingType : {0, 1, 2}) {
                QTest::addRow("%d %d %d", usage, selector, matchingType)
                    << usage << selector << matchingType;
            }
        }
    }
}

void tst_DaneVerifier::everyKindMatches() {
    QFETCH(int, usage);
    QFETCH(int, selector);
    QFETCH(int, matchingType);
    const auto chain = chainFor(kHost);
    const auto record =
        recordFor(chain.at(usage == 3 ? 0 : 1), static_cast<std::uint8_t>(usage),
                  static_cast<std::uint8_t>(selector), static_cast<std::uint8_t>(matchingType));
    const auto verdict = verify({record}, chain);
    QVERIFY2(verdict.outcome == DaneOutcome::Match, verdict.detail.c_str());
    QCOMPARE(verdict.usable, 1U);
    QVERIFY(verdict.matched == record);
}

void tst_DaneVerifier::everyKindMismatches_data() {
    everyKindMatches_data();
}

void tst_DaneVerifier::everyKindMismatches() {
    QFETCH(int, usage);
    QFETCH(int, selector);
    QFETCH(int, matchingType);
    // The record is for the same name, of a server and an authority that are others.
    const test::TestCa impostor;
    const auto chain = derOf(impostor.server(kHost).chainPem);
    const auto honest = chainFor(kHost);
    const auto record =
        recordFor(honest.at(usage == 3 ? 0 : 1), static_cast<std::uint8_t>(usage),
                  static_cast<std::uint8_t>(selector), static_cast<std::uint8_t>(matchingType));
    const auto verdict = verify({record}, chain);
    QVERIFY(verdict.outcome == DaneOutcome::Mismatch);
    QCOMPARE(verdict.usable, 1U);
    QVERIFY(!verdict.matched);
    QVERIFY(!verdict.detail.empty());
}

void tst_DaneVerifier::endEntityNeedsNeitherNameNorDate_data() {
    QTest::addColumn<int>("fault");
    //= RFC 7672 §3.1.1
    QTest::newRow("rfc7672-3.1.1-expired") << static_cast<int>(ServerFault::Expired);
    QTest::newRow("rfc7672-3.1.1-not-yet-valid") << static_cast<int>(ServerFault::NotYetValid);
    QTest::newRow("rfc7672-3.1.1-other-name") << static_cast<int>(ServerFault::WrongName);
    QTest::newRow("rfc7672-3.1.1-self-signed") << static_cast<int>(ServerFault::SelfSigned);
    QTest::newRow("rfc7672-3.1.1-purpose") << static_cast<int>(ServerFault::ClientPurpose);
}

void tst_DaneVerifier::endEntityNeedsNeitherNameNorDate() {
    QFETCH(int, fault);
    const auto chain = chainFor(kHost, static_cast<ServerFault>(fault));
    QVERIFY(verify({recordFor(chain.at(0), 3, 1, 1)}, chain).outcome == DaneOutcome::Match);
}

void tst_DaneVerifier::anchorNeedsNameAndDate() {
    for (const auto fault : {ServerFault::Expired, ServerFault::NotYetValid, ServerFault::WrongName,
                             ServerFault::ClientPurpose}) {
        const auto chain = chainFor(kHost, fault);
        const auto verdict = verify({recordFor(chain.at(1), 2, 0, 1)}, chain);
        QVERIFY(verdict.outcome == DaneOutcome::Mismatch);
        QVERIFY(!verdict.detail.empty());
    }
    const auto chain = chainFor(kHost);
    const std::vector records{recordFor(chain.at(1), 2, 0, 1)};
    QVERIFY(verify(records, chain, {kHost}, 23h).outcome == DaneOutcome::Match);
    QVERIFY(verify(records, chain, {kHost}, 48h).outcome == DaneOutcome::Mismatch);
}

void tst_DaneVerifier::anchorNames_data() {
    QTest::addColumn<QByteArray>("certificate");
    QTest::addColumn<QByteArray>("names");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char *name, const char *certificate, const char *names, bool good) {
        QTest::newRow(name) << QByteArray(certificate) << QByteArray(names) << good;
    };
    row("rfc7672-3.2.2-mx-host", "mx.court.test", "mx.court.test", true);
    row("rfc7672-3.2.2-next-hop-domain", "court.test", "mx.court.test court.test", true);
    row("rfc7672-3.2.3-wildcard", "*.court.test", "mx.court.test", true);
    row("rfc7672-3.2.3-wildcard-one-label", "*.court.test", "a.mx.court.test", false);
    row("another host", "mx.court.test", "mx2.court.test", false);
    row("a name with a leading dot is none", "mx.court.test", ".court.test", false);
    row("an empty name is none", "mx.court.test", "", false);
}

void tst_DaneVerifier::anchorNames() {
    QFETCH(QByteArray, certificate);
    QFETCH(QByteArray, names);
    QFETCH(bool, matches);
    const auto chain = chainFor(certificate.toStdString());
    std::vector<std::string> list;
    for (const auto &name : names.split(' ')) {
        list.push_back(name.toStdString());
    }
    const auto verdict = verify({recordFor(chain.at(1), 2, 1, 1)}, chain, list);
    QCOMPARE(verdict.outcome == DaneOutcome::Match, matches);
}

void tst_DaneVerifier::anchorThatIsNotSent() {
    const auto chain = chainFor(kHost);
    const auto root = derOf(authority().rootPem()).at(0);
    // The root is not sent: given in full it still anchors, by digest it can't.
    QVERIFY(verify({recordFor(root, 2, 0, 0)}, chain).outcome == DaneOutcome::Match);
    QVERIFY(verify({recordFor(root, 2, 1, 0)}, chain).outcome == DaneOutcome::Match);
    QVERIFY(verify({recordFor(root, 2, 0, 1)}, chain).outcome == DaneOutcome::Mismatch);
    // Nor is the intermediate: it may itself be the anchor.
    const Chain alone{chain.at(0)};
    QVERIFY(verify({recordFor(chain.at(1), 2, 0, 0)}, alone).outcome == DaneOutcome::Match);
    QVERIFY(verify({recordFor(root, 2, 0, 0)}, alone).outcome == DaneOutcome::Mismatch);
    QVERIFY(verify({recordFor(chain.at(1), 2, 0, 1)}, alone).outcome == DaneOutcome::Mismatch);
}

void tst_DaneVerifier::anchorMustSign() {
    // The asserted anchor is in the chain that was sent, and has signed nothing of it.
    auto chain = chainFor(kHost, ServerFault::SelfSigned);
    const auto anchor = chainFor(kHost).at(1);
    chain.push_back(anchor);
    QVERIFY(verify({recordFor(anchor, 2, 0, 1)}, chain).outcome == DaneOutcome::Mismatch);
}

void tst_DaneVerifier::leafIsNoAnchorOfAnother() {
    // A certificate that is no authority's can't anchor the one of another server.
    auto chain = chainFor(kHost);
    const auto other = chainFor("other.court.test").at(0);
    chain.push_back(other);
    QVERIFY(verify({recordFor(other, 2, 0, 1)}, chain).outcome == DaneOutcome::Mismatch);
}

void tst_DaneVerifier::oneOfSeveralSuffices() {
    const auto chain = chainFor(kHost);
    const auto good = recordFor(chain.at(0), 3, 1, 1);
    const auto verdict = verify({otherRecord(3, 1, 1), otherRecord(2, 0, 2), good}, chain);
    QVERIFY(verdict.outcome == DaneOutcome::Match);
    QCOMPARE(verdict.usable, 3U);
    QVERIFY(verdict.matched == good);
}

void tst_DaneVerifier::strongestDigestDecides() {
    const auto chain = chainFor(kHost);
    //= RFC 7671 §9: of one usage and selector only the strongest digest counts.
    QVERIFY(verify({recordFor(chain.at(0), 3, 1, 1), otherRecord(3, 1, 2)}, chain).outcome ==
            DaneOutcome::Mismatch);
    QVERIFY(verify({otherRecord(3, 1, 1), recordFor(chain.at(0), 3, 1, 2)}, chain).outcome ==
            DaneOutcome::Match);
}

void tst_DaneVerifier::unusable_data() {
    QTest::addColumn<int>("usage");
    QTest::addColumn<int>("selector");
    QTest::addColumn<int>("matchingType");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("fault");
    const auto row = [](const char *name, int usage, int selector, int matchingType, int size,
                        TlsaFault fault) {
        QTest::newRow(name) << usage << selector << matchingType << size << static_cast<int>(fault);
    };
    row("rfc7672-3.1.3-pkix-ta", 0, 0, 1, 32, TlsaFault::PkixUsage);
    row("rfc7672-3.1.3-pkix-ee", 1, 1, 1, 32, TlsaFault::PkixUsage);
    row("unknown usage", 4, 1, 1, 32, TlsaFault::UnknownUsage);
    row("private usage", 255, 1, 1, 32, TlsaFault::UnknownUsage);
    row("unknown selector", 3, 2, 1, 32, TlsaFault::UnknownSelector);
    row("unknown matching type", 3, 1, 3, 32, TlsaFault::UnknownMatchingType);
    row("SHA-256 too short", 3, 1, 1, 31, TlsaFault::WrongLength);
    row("SHA-256 too long", 3, 1, 1, 33, TlsaFault::WrongLength);
    row("SHA-512 of SHA-256's size", 3, 1, 2, 32, TlsaFault::WrongLength);
    row("no certificate", 3, 0, 0, 700, TlsaFault::Malformed);
    row("no public key", 2, 1, 0, 91, TlsaFault::Malformed);
    row("empty", 3, 1, 1, 0, TlsaFault::WrongLength);
}

void tst_DaneVerifier::unusable() {
    QFETCH(int, usage);
    QFETCH(int, selector);
    QFETCH(int, matchingType);
    QFETCH(int, size);
    QFETCH(int, fault);
    const TlsaRecord record{static_cast<std::uint8_t>(usage), static_cast<std::uint8_t>(selector),
                            static_cast<std::uint8_t>(matchingType),
                            std::string(static_cast<std::size_t>(size), 'x')};
    QCOMPARE(static_cast<int>(crypto::faultOf(record)), fault);
    const auto verdict = verify({record}, chainFor(kHost));
    QVERIFY(verdict.outcome == DaneOutcome::Unusable);
    QCOMPARE(verdict.usable, 0U);
}

void tst_DaneVerifier::unusableBesideUsable() {
    const auto chain = chainFor(kHost);
    // Right by itself, and of a usage that SMTP does not take.
    const auto pkix = recordFor(chain.at(0), 1, 1, 1);
    QVERIFY(verify({pkix, otherRecord(3, 1, 1)}, chain).outcome == DaneOutcome::Mismatch);
    auto trailing = recordFor(chain.at(0), 3, 0, 0);
    trailing.data += "x";
    QVERIFY(crypto::faultOf(trailing) == TlsaFault::Malformed);
}

void tst_DaneVerifier::nothingToCompareWith() {
    const auto chain = chainFor(kHost);
    const auto record = recordFor(chain.at(0), 3, 1, 1);
    QVERIFY(verify({}, chain).outcome == DaneOutcome::Unusable);
    QVERIFY(verify({record}, {}).outcome == DaneOutcome::Mismatch);
    QVERIFY(verify({record}, {"not DER"}).outcome == DaneOutcome::Mismatch);
    // What follows the peer's own certificate may be rubbish: it is passed over.
    QVERIFY(verify({record}, {chain.at(0), "not DER"}).outcome == DaneOutcome::Match);
    // One that is cut off, or longer than it says, is none, whatever digest is published of it.
    for (const auto &broken : {chain.at(0).substr(0, chain.at(0).size() - 1), chain.at(0) + "x"}) {
        auto digest = recordFor(chain.at(0), 3, 0, 1);
        digest.data =
            QCryptographicHash::hash(QByteArray::fromStdString(broken), QCryptographicHash::Sha256)
                .toStdString();
        QVERIFY(verify({digest}, {broken}).outcome == DaneOutcome::Mismatch);
        QVERIFY(verify({record}, {broken}).outcome == DaneOutcome::Mismatch);
    }
}

void tst_DaneVerifier::described() {
    QCOMPARE(crypto::describe({3, 1, 1, "\x01\xab"}), "3 1 1 01ab");
    QCOMPARE(crypto::describe({2, 0, 0, std::string(33, '\0')}),
             "2 0 0 " + std::string(64, '0') + "…");
}

QTEST_GUILESS_MAIN(tst_DaneVerifier)
#include "tst_DaneVerifier.moc"
