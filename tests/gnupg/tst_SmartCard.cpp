// SPDX-License-Identifier: GPL-3.0-or-later
// Keys on a smart card: a software card (SoftCard.cpp) behind the real scdaemon, gpg-agent and
// gpgsm.
#include "crypto/CertificateStore.h"
#include "crypto/CmsReader.h"
#include "crypto/SmimeEngine.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"

#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTest>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

const std::string kText = "Content-Type: text/plain\r\n\r\nThe key is on the card.\r\n";

//! Answers as a person would: the PIN in the file `pin`, or they break off.
constexpr auto kPinentry = "#!/bin/sh\n"
                           "echo 'OK'\n"
                           "while read -r line; do\n"
                           "  case \"$line\" in\n"
                           "  GETPIN*)\n"
                           "    echo asked >>\"$SEALPOST_SOFT_CARD/asked\"\n"
                           "    if [ -e \"$SEALPOST_SOFT_CARD/pin\" ]; then\n"
                           "      echo \"D $(cat \"$SEALPOST_SOFT_CARD/pin\")\"; echo OK\n"
                           "    else echo 'ERR 83886179 cancelled'; fi ;;\n"
                           "  CONFIRM*) echo 'ERR 83886179 cancelled' ;;\n"
                           "  BYE*) echo OK; exit 0 ;;\n"
                           "  *) echo OK ;;\n"
                           "  esac\n"
                           "done\n";

//! A card in its reader, somebody who knows its PIN, and a store.
class CardFixture {
public:
    explicit CardFixture(MailKey kind = MailKey::Rsa2048)
        : signer(mailPki().issue({.name = "Sam signs",
                                  .address = "sam@example.test",
                                  .key = kind,
                                  .usage = "digitalSignature"})),
          reader(mailPki().issue(
              {.name = "Sam reads",
               .address = "sam@example.test",
               .key = kind,
               .usage = kind == MailKey::P256 ? "keyAgreement" : "keyEncipherment"})) {
        write("sign.pem", signer.keyPem());
        write("decrypt.pem", reader.keyPem());
        write("certificate.pem", signer.certificatePem());
        write("pin", "123456");
        write("bin/pinentry", kPinentry);
        QFile::setPermissions(path("bin/pinentry"), QFile::ReadOwner | QFile::ExeOwner);
        qputenv("SEALPOST_SOFT_CARD", m_card.path().toUtf8());
        qputenv("PATH", QFile::encodeName(path("bin")) + ":" + m_path);
        QFile daemon(store.home.filePath(QStringLiteral("scdaemon.conf")));
        if (!daemon.open(QIODevice::WriteOnly)) {
            qFatal("scdaemon.conf");
        }
        daemon.write("disable-ccid\npcsc-driver " +
                     QFile::encodeName(QCoreApplication::applicationDirPath()) + "/soft_card.so\n");
        daemon.close();
        store.reopen(); // with the card's pinentry
        store.trust(mailPki());
    }
    CardFixture(const CardFixture &) = delete;
    CardFixture &operator=(const CardFixture &) = delete;
    ~CardFixture() { qputenv("PATH", m_path); }

    void write(const char *name, const std::string &bytes) const {
        const auto file = path(name);
        QDir().mkpath(QFileInfo(file).path());
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly) ||
            out.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0) {
            qFatal("%s", name);
        }
    }
    void remove(const char *name) const { QFile::remove(path(name)); }
    [[nodiscard]] qint64 timesAsked() const {
        QFile file(path("asked"));
        return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : 0;
    }
    //! Reads the card, and imports the other certificate from a file.
    void learn() const {
        const auto done = store.store->readCard(soon()).and_then([&](const CardSummary &) {
            return store.store->importCertificates(reader.certificatePem(), soon());
        });
        if (!done) {
            qFatal("%s %s", done.error().code.c_str(), done.error().logSafeDetail.c_str());
        }
    }
    [[nodiscard]] Result<std::string> sign(RsaSignature rsa = RsaSignature::Pkcs1) const {
        return SmimeEngine(store.store)
            .signDetached(contentOf(kText), {.fingerprint = signer.fingerprint(), .rsa = rsa},
                          soon());
    }

private:
    QByteArray m_path = qgetenv("PATH");
    QTemporaryDir m_card;
    [[nodiscard]] QString path(const char *name) const {
        return m_card.filePath(QLatin1String(name));
    }

public:
    MailIdentity signer;
    MailIdentity reader;
    StoreFixture store{mailPki()};
};

QByteArray codeOf(const auto &result) {
    return result ? QByteArray("ok") : QByteArray::fromStdString(result.error().code);
}

} // namespace

class TstSmartCard : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void readingBringsKeysAndCertificates();
    void signsAndReads_data();
    void signsAndReads();
    void pins_data();
    void pins();
    void aCardThatIsElsewhere();
    void noKeyLeavesIt();
    void needsNoKeychain();
    void whatACardCannotDo();
};

void TstSmartCard::initTestCase() {
    // Where GnuPG looks for its daemon: beside its libraries, in no search path.
    QProcess gpgconf;
    gpgconf.start(QStringLiteral("gpgconf"), {QStringLiteral("--list-components")});
    gpgconf.waitForFinished();
    const auto parts = QString::fromUtf8(gpgconf.readAllStandardOutput()).split(QLatin1Char('\n'));
    const auto daemon = parts.filter(QStringLiteral("scdaemon:"));
    if (daemon.isEmpty() || !QFile::exists(daemon.front().section(QLatin1Char(':'), 2, 2))) {
        QSKIP("scdaemon is not installed");
    }
}

void TstSmartCard::readingBringsKeysAndCertificates() {
    const CardFixture with;
    const auto card = with.store.store->readCard(soon());
    QVERIFY2(card, card ? "" : card.error().logSafeDetail.c_str());
    QCOMPARE(card->serial, "D276000124010304FF0000005EA10000");
    QCOMPARE(card->keys, 2);
    QCOMPARE(card->keysWithoutCertificate, 1);
    QCOMPARE(card->newlyAdded, 1);
    QCOMPARE(card->fingerprints, std::vector<std::string>{with.signer.fingerprint()});
    QCOMPARE(with.timesAsked(), 0); // what is public needs no PIN
    const auto shown = with.store.store->show(with.signer.fingerprint(), soon(), {});
    QVERIFY(shown);
    QVERIFY(shown->privateKey == PrivateKey::OnCard);
    // The other one's certificate finds its key when it comes.
    QVERIFY(with.store.store->importCertificates(with.reader.certificatePem(), soon()));
    const auto again = with.store.store->readCard(soon());
    QVERIFY(again);
    QCOMPARE(again->keysWithoutCertificate, 0);
    QCOMPARE(again->newlyAdded, 0);
    QCOMPARE(again->fingerprints.size(), 2U);
}

void TstSmartCard::signsAndReads_data() {
    QTest::addColumn<MailKey>("kind");
    QTest::newRow("RSA") << MailKey::Rsa2048;
    QTest::newRow("P-256") << MailKey::P256;
}

void TstSmartCard::signsAndReads() {
    QFETCH(MailKey, kind);
    const CardFixture with(kind);
    with.learn();
    const auto signature = with.sign();
    QVERIFY2(signature, signature ? "" : signature.error().logSafeDetail.c_str());
    QCOMPARE(with.timesAsked(), 1);
    const OpenSslCommand openssl;
    const auto checked = OpenSslCommand::run(
        {QStringLiteral("cms"), QStringLiteral("-verify"), QStringLiteral("-binary"),
         QStringLiteral("-inform"), QStringLiteral("DER"), QStringLiteral("-in"),
         openssl.put("signature", *signature), QStringLiteral("-content"),
         openssl.put("text", kText), QStringLiteral("-CAfile"),
         openssl.put("roots",
                     mailPki().root.certificatePem() + mailPki().intermediate.certificatePem()),
         QStringLiteral("-purpose"), QStringLiteral("any")});
    QVERIFY2(checked.exitCode == 0, qPrintable(checked.said));
    base::StringSink sealed;
    QVERIFY(SmimeEngine(with.store.store)
                .encrypt(contentOf(kText), {.fingerprints = {with.reader.fingerprint()}}, sealed));
    const auto opened = newCmsReader(with.store.store)->decrypt(sealed.bytes(), soon());
    QVERIFY2(opened, opened ? "" : opened.error().logSafeDetail.c_str());
    QCOMPARE(std::string(opened->content.view()), kText);
}

void TstSmartCard::pins_data() {
    QTest::addColumn<QByteArray>("pin"); // empty: the person breaks off
    QTest::addColumn<QByteArray>("triesBefore");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("wrong") << QByteArray("654321") << QByteArray("3") << QByteArray("card.pin");
    QTest::newRow("blocked") << QByteArray("123456") << QByteArray("0")
                             << QByteArray("card.blocked");
    QTest::newRow("broken off") << QByteArray() << QByteArray("3") << QByteArray("card.cancelled");
}

void TstSmartCard::pins() {
    QFETCH(QByteArray, pin);
    QFETCH(QByteArray, triesBefore);
    const CardFixture with;
    with.learn();
    with.write("tries", triesBefore.toStdString());
    with.remove("pin");
    if (!pin.isEmpty()) {
        with.write("pin", pin.toStdString());
    }
    QTEST(codeOf(with.sign()), "code");
    // The next try is a new one.
    with.write("pin", "123456");
    with.write("tries", "3");
    QCOMPARE(codeOf(with.sign()), QByteArray("ok"));
}

void TstSmartCard::aCardThatIsElsewhere() {
    const CardFixture with;
    with.learn();
    with.write("removed", "");
    QCOMPARE(codeOf(with.store.store->readCard(soon())), QByteArray("card.missing"));
    // The person is asked for the card, and breaks off.
    const auto unsigned_ = codeOf(with.sign());
    QVERIFY2(unsigned_ == "card.cancelled" || unsigned_ == "card.missing", unsigned_);
    with.remove("removed");
    QCOMPARE(codeOf(with.sign()), QByteArray("ok"));
}

void TstSmartCard::noKeyLeavesIt() {
    const CardFixture with;
    with.learn();
    const SecretBytes secret(std::string_view("a passphrase"));
    QCOMPARE(codeOf(with.store.store->exportPkcs12(with.signer.fingerprint(), secret, soon())),
             QByteArray("card.no-export"));
    // What is removed is the knowledge of it; the card brings it back.
    QVERIFY(with.store.store->remove(with.signer.fingerprint(), CertificateStore::Removal::WithKey,
                                     soon()));
    QCOMPARE(codeOf(with.sign()), QByteArray("certificate.not-found"));
    QVERIFY(with.store.store->readCard(soon()));
    QCOMPARE(codeOf(with.sign()), QByteArray("ok"));
}

void TstSmartCard::needsNoKeychain() {
    const CardFixture with;
    with.learn();
    QCOMPARE(codeOf(with.sign()), QByteArray("ok"));
    QVERIFY(!*with.store.keychain->read("key-passphrase"));
    // And its keys do not stand in the way of a first passphrase for others.
    const auto other = mailPki().issue({.name = "other", .address = "other@example.test"});
    const auto file = mailPki().pkcs12(other, "secret");
    const SecretBytes secret(std::string_view("secret"));
    QCOMPARE(codeOf(with.store.store->importPkcs12(file, secret, soon())), QByteArray("ok"));
    QCOMPARE(codeOf(with.sign()), QByteArray("ok"));
}

void TstSmartCard::whatACardCannotDo() {
    const CardFixture with;
    with.learn();
    QCOMPARE(codeOf(with.sign(RsaSignature::Pss)), QByteArray("card.unsupported"));
}

QTEST_GUILESS_MAIN(TstSmartCard)
#include "tst_SmartCard.moc"
