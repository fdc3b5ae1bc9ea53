// SPDX-License-Identifier: GPL-3.0-or-later
// Both directions with other S/MIME programs, for each algorithm. docs/interop.md is made from it.
#include "crypto/CmsReader.h"
#include "crypto/SmimeEngine.h"
#include "gnupg/NssCommand.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"

#include <QTest>
#include <array>
#include <map>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

const std::string kEntity = "Content-Type: text/plain\r\n\r\nhello interop\r\n";

struct Kind {
    const char *name;
    MailKey key;
};
constexpr std::array kKinds = {Kind{"RSA 2048", MailKey::Rsa2048},
                               Kind{"EC P-256", MailKey::P256},
                               Kind{"EC P-384", MailKey::P384},
                               Kind{"EC P-521", MailKey::P521},
                               Kind{"EC brainpoolP256r1", MailKey::Brainpool256},
                               Kind{"EC brainpoolP384r1", MailKey::Brainpool384},
                               Kind{"EC brainpoolP512r1", MailKey::Brainpool512}};

//! One person with a key, in a store whose home gpgsm can use too.
struct Person {
    explicit Person(MailKey key) : identity(mailPki().issue({.key = key})), fixture(mailPki()) {
        fixture.trust(mailPki());
        const auto done = fixture.store->importPkcs12(
            mailPki().pkcs12(identity, "secret"), SecretBytes(std::string_view("secret")), soon());
        if (!done) {
            qFatal("import: %s", done.error().code.c_str());
        }
        engine = std::make_unique<SmimeEngine>(fixture.store);
        reader = newCmsReader(fixture.store);
        // NSS knows no brainpool curves, and takes no key on one.
        if (key == MailKey::Rsa2048 || key == MailKey::P256 || key == MailKey::P384 ||
            key == MailKey::P521) {
            nss.emplace(identity);
        }
    }
    MailIdentity identity;
    StoreFixture fixture;
    std::unique_ptr<SmimeEngine> engine;
    std::unique_ptr<CmsReader> reader;
    std::optional<NssCommand> nss;
};

Person &person(MailKey key) {
    static std::map<MailKey, std::unique_ptr<Person>> people;
    auto &one = people[key];
    if (!one) {
        one = std::make_unique<Person>(key);
    }
    return *one;
}

std::string opaque(Person &who, const SigningOrder &order) {
    base::StringSink out;
    return who.engine->signOpaque(contentOf(kEntity), order, soon(), out) ? out.take()
                                                                          : std::string();
}

std::string sealed(Person &who, const EncryptionOrder &order) {
    base::StringSink out;
    return who.engine->encrypt(contentOf(kEntity), order, out) ? out.take() : std::string();
}

QStringList words(const char *line) {
    return QString::fromLatin1(line).split(QLatin1Char(' '));
}

bool openSslVerifies(const std::string &cms) {
    const OpenSslCommand files;
    const auto ran =
        OpenSslCommand::run(words("cms -verify -binary -inform DER -purpose smimesign -in")
                            << files.put("cms", cms) << QStringLiteral("-CAfile")
                            << files.put("root", mailPki().root.certificatePem()));
    return ran.exitCode == 0 && ran.out == kEntity;
}

bool openSslDecrypts(const std::string &cms, const MailIdentity &who) {
    const OpenSslCommand files;
    const auto ran = OpenSslCommand::run(
        words("cms -decrypt -binary -inform DER -in")
        << files.put("cms", cms) << QStringLiteral("-recip") << files.put("c", who.certificatePem())
        << QStringLiteral("-inkey") << files.put("k", who.keyPem()));
    return ran.exitCode == 0 && ran.out == kEntity;
}

std::string openSslSigns(const MailIdentity &who, const QStringList &more) {
    const OpenSslCommand files;
    return OpenSslCommand::run(words("cms -sign -binary -nodetach -outform DER -in")
                               << files.put("m", kEntity) << QStringLiteral("-certfile")
                               << files.put("i", mailPki().intermediate.certificatePem())
                               << QStringLiteral("-signer") << files.put("c", who.certificatePem())
                               << QStringLiteral("-inkey") << files.put("k", who.keyPem()) << more)
        .out;
}

std::string openSslEncrypts(const MailIdentity &who, const QStringList &more) {
    const OpenSslCommand files;
    return OpenSslCommand::run(words("cms -encrypt -binary -outform DER -in")
                               << files.put("m", kEntity) << QStringLiteral("-recip")
                               << files.put("c", who.certificatePem()) << more)
        .out;
}

//! gpgsm on the store's own home; the passphrase of its keys goes in on standard input.
OpenSslCommand::Answer gpgsm(Person &who, const QStringList &arguments) {
    QProcess process;
    process.start(QStringLiteral("gpgsm"),
                  QStringList{QStringLiteral("--homedir"), who.fixture.home.path(),
                              QStringLiteral("--batch"), QStringLiteral("--no-tty"),
                              QStringLiteral("--disable-dirmngr"),
                              QStringLiteral("--disable-crl-checks"),
                              QStringLiteral("--pinentry-mode"), QStringLiteral("loopback"),
                              QStringLiteral("--passphrase-fd"), QStringLiteral("0")} +
                      arguments);
    const auto secret = who.fixture.keychain->read("key-passphrase");
    process.write(QByteArray::fromStdString(std::string((*secret)->view())) + "\n");
    process.closeWriteChannel();
    process.waitForFinished();
    return {process.exitCode(), process.readAllStandardOutput().toStdString(),
            QString::fromUtf8(process.readAllStandardError())};
}

bool gpgsmVerifies(Person &who, const std::string &cms) {
    const OpenSslCommand files;
    return gpgsm(who, {QStringLiteral("--verify"), files.put("cms", cms)}).exitCode == 0;
}

bool gpgsmDecrypts(Person &who, const std::string &cms) {
    const OpenSslCommand files;
    const auto ran = gpgsm(who, {QStringLiteral("--decrypt"), files.put("cms", cms)});
    return ran.exitCode == 0 && ran.out == kEntity;
}

std::string gpgsmSigns(Person &who) {
    const OpenSslCommand files;
    return gpgsm(who, {QStringLiteral("--local-user"), QStringLiteral("<person@example.test>"),
                       QStringLiteral("--sign"), files.put("m", kEntity)})
        .out;
}

std::string gpgsmEncrypts(Person &who) {
    const OpenSslCommand files;
    return gpgsm(who, {QStringLiteral("--recipient"), QStringLiteral("<person@example.test>"),
                       QStringLiteral("--encrypt"), files.put("m", kEntity)})
        .out;
}

bool weVerify(Person &who, const std::string &cms) {
    const auto checked = who.reader->verify(cms, std::nullopt, soon(), {});
    return checked && checked->signatures.size() == 1 &&
           checked->signatures.front().math == SignatureMath::Good &&
           checked->signatures.front().signer.state == CertificateState::Usable &&
           checked->content == kEntity;
}

bool weDecrypt(Person &who, const std::string &cms) {
    const auto opened = who.reader->decrypt(cms, soon());
    return opened && opened->content.view() == kEntity;
}

bool nssVerifies(const Person &who, const std::string &cms) {
    return who.nss && who.nss->verifies(cms, kEntity);
}

bool nssDecrypts(const Person &who, const std::string &cms) {
    return who.nss && who.nss->decrypts(cms, kEntity);
}

QString mark(bool yes) {
    return yes ? QStringLiteral("yes") : QStringLiteral("no");
}

QString row(const QString &name, const QList<bool> &cells) {
    auto line = QStringLiteral("| ") + name;
    for (const auto cell : cells) {
        line += QStringLiteral(" | ") + mark(cell);
    }
    return line + QStringLiteral(" |\n");
}

QString signatureTable() {
    auto table =
        QStringLiteral("| signature | openssl reads ours | we read openssl's | gpgsm reads "
                       "ours | we read gpgsm's | NSS reads ours | we read NSS's "
                       "|\n|---|---|---|---|---|---|---|\n");
    const std::array digests = {std::pair("SHA-256", SmimeDigest::Sha256),
                                std::pair("SHA-384", SmimeDigest::Sha384),
                                std::pair("SHA-512", SmimeDigest::Sha512)};
    for (const auto &kind : kKinds) {
        auto &who = person(kind.key);
        for (const auto &[name, digest] : digests) {
            const auto ours = opaque(who, {who.identity.fingerprint(), digest});
            const auto theirs = openSslSigns(
                who.identity, {QStringLiteral("-md"),
                               QString::fromLatin1(name).remove(QLatin1Char('-')).toLower()});
            // gpgsm signs with SHA-256 unless its configuration file says otherwise.
            const bool gpgsmToo = digest == SmimeDigest::Sha256 && weVerify(who, gpgsmSigns(who));
            table += row(
                QStringLiteral("%1, %2").arg(QLatin1String(kind.name), QLatin1String(name)),
                {openSslVerifies(ours), weVerify(who, theirs), gpgsmVerifies(who, ours), gpgsmToo,
                 nssVerifies(who, ours),
                 who.nss && weVerify(who, who.nss->sign(kEntity, QString::fromLatin1(name).remove(
                                                                     QLatin1Char('-'))))});
        }
    }
    auto &rsa = person(MailKey::Rsa2048);
    const auto ours =
        opaque(rsa, {rsa.identity.fingerprint(), SmimeDigest::Sha256, RsaSignature::Pss});
    const auto theirs =
        openSslSigns(rsa.identity, words("-md sha256 -keyopt rsa_padding_mode:pss"));
    table += row(QStringLiteral("RSA 2048, SHA-256, PSS"),
                 {openSslVerifies(ours), weVerify(rsa, theirs), gpgsmVerifies(rsa, ours), false,
                  nssVerifies(rsa, ours), false});
    return table;
}

QString envelopeTable() {
    auto table = QStringLiteral("| envelope | openssl reads ours | we read openssl's | gpgsm reads "
                                "ours | we read gpgsm's | NSS reads ours | we read NSS's "
                                "|\n|---|---|---|---|---|---|---|\n");
    const std::array ciphers = {std::pair("-aes128", ContentCipher::Aes128Cbc),
                                std::pair("-aes256", ContentCipher::Aes256Cbc),
                                std::pair("-aes-256-gcm", ContentCipher::Aes256Gcm)};
    for (const auto &kind : kKinds) {
        auto &who = person(kind.key);
        for (const auto &[option, cipher] : ciphers) {
            const auto ours = sealed(who, {{who.identity.fingerprint()}, cipher});
            const auto theirs = openSslEncrypts(who.identity, {QLatin1String(option)});
            // gpgsm encrypts with AES-128 unless its configuration file says otherwise.
            const bool gpgsmToo =
                cipher == ContentCipher::Aes128Cbc && weDecrypt(who, gpgsmEncrypts(who));
            const auto cipherName = toString(cipher);
            table += row(QStringLiteral("%1, %2").arg(
                             QLatin1String(kind.name),
                             QString::fromLatin1(cipherName.data(),
                                                 static_cast<qsizetype>(cipherName.size()))),
                         {openSslDecrypts(ours, who.identity), weDecrypt(who, theirs),
                          gpgsmDecrypts(who, ours), gpgsmToo, nssDecrypts(who, ours),
                          cipher == ContentCipher::Aes128Cbc && who.nss &&
                              weDecrypt(who, who.nss->encrypt(kEntity))});
        }
    }
    auto &rsa = person(MailKey::Rsa2048);
    const auto ours =
        sealed(rsa, {{rsa.identity.fingerprint()}, ContentCipher::Aes256Cbc, RsaTransport::Oaep});
    const auto theirs =
        openSslEncrypts(rsa.identity, words("-aes256 -keyopt rsa_padding_mode:oaep"));
    table += row(QStringLiteral("RSA 2048 OAEP, AES-256-CBC"),
                 {openSslDecrypts(ours, rsa.identity), weDecrypt(rsa, theirs),
                  gpgsmDecrypts(rsa, ours), false, nssDecrypts(rsa, ours), false});
    return table;
}

QString document() {
    return QStringLiteral(
               "# Who reads whose messages\n\nMade by the test `tst_Interop` with Debian 12's "
               "OpenSSL 3.0, GnuPG 2.2 (`gpgsm`) and NSS 3.87 (`cmsutil`);\n"
               "write it anew with "
               "`SEALPOST_UPDATE_SNAPSHOTS=1 build/release/bin/tst_Interop`. \"no\" also stands "
               "where the other program can't make such a\nmessage, or only by a setting in its "
               "configuration file.\n\n## Signatures (SignedData with its content)\n\n") +
           signatureTable() + QStringLiteral("\n## Encryption\n\n") + envelopeTable();
}

} // namespace

class TstInterop : public QObject {
    Q_OBJECT
private slots:
    void documentIsTrue();
};

void TstInterop::documentIsTrue() {
    const auto path = QStringLiteral(SEALPOST_SOURCE_DIR "/docs/interop.md");
    const auto made = document();
    if (qEnvironmentVariableIsSet("SEALPOST_UPDATE_SNAPSHOTS")) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(made.toUtf8()) > 0);
        return;
    }
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
    const auto now = made.split(QLatin1Char('\n'));
    QCOMPARE(now.size(), lines.size());
    for (qsizetype i = 0; i < now.size(); ++i) {
        QCOMPARE(now[i], lines[i]);
    }
}

QTEST_GUILESS_MAIN(TstInterop)
#include "tst_Interop.moc"
