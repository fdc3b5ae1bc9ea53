// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SmimeEngine.h"

#include "base/Text.h"
#include "crypto/AgentKey.h"
#include "crypto/CertificateStorePrivate.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"

#include <QTest>
#include <algorithm>
#include <future>
#include <openssl/cms.h>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;
using namespace std::string_literals;

namespace {

const SecretBytes &passphrase() {
    static const SecretBytes kPassphrase(std::string_view("secret"));
    return kPassphrase;
}

// Bare LF, a NUL and a line without an end: whoever canonicalises breaks the signature.
const std::string kEntity = "Content-Type: text/plain\r\n\r\nhello\nw\0rld\r\nend"s;

//! A trusted store with persons and their keys in it.
struct Engine {
    explicit Engine(const std::vector<const MailIdentity *> &persons) : fixture(mailPki()) {
        fixture.trust(mailPki());
        for (const auto *person : persons) {
            const auto done = fixture.store->importPkcs12(mailPki().pkcs12(*person, "secret"),
                                                          passphrase(), soon());
            if (!done) {
                qFatal("import: %s", done.error().code.c_str());
            }
        }
        engine = std::make_unique<SmimeEngine>(fixture.store);
    }
    StoreFixture fixture;
    std::unique_ptr<SmimeEngine> engine;
};

//! Takes some bytes, then fails like a full disk.
class FailingSink final : public base::ByteSink {
public:
    explicit FailingSink(std::size_t room) : m_room(room) {}
    Result<void> write(std::string_view bytes) override {
        if (bytes.size() > m_room) {
            return fail("store.full", "test", Reaction::Retry);
        }
        m_room -= bytes.size();
        return {};
    }

private:
    std::size_t m_room;
};

//! Counts, and remembers the largest piece.
class CountingSink final : public base::ByteSink {
public:
    Result<void> write(std::string_view bytes) override {
        total += bytes.size();
        largest = std::max(largest, bytes.size());
        ++writes;
        return {};
    }
    std::size_t total = 0;
    std::size_t largest = 0;
    int writes = 0;
};

Result<std::string> encrypted(SmimeEngine &engine, std::span<const std::string_view> pieces,
                              const std::vector<std::string> &fingerprints) {
    base::StringSink sink;
    return engine.encrypt(pieces, fingerprints, sink).transform([&] { return sink.take(); });
}

const MailIdentity &personWith(MailKey key) {
    static std::map<MailKey, MailIdentity> persons;
    auto at = persons.find(key);
    if (at == persons.end()) {
        at = persons.emplace(key, mailPki().issue({.key = key})).first;
    }
    return at->second;
}

CmsPtr parsed(const std::string &der) {
    const auto bio = readerOf(der);
    return CmsPtr(d2i_CMS_bio(bio.get(), nullptr));
}

} // namespace

class tst_SmimeEngine : public QObject {
    Q_OBJECT
private slots:
    void signaturesVerifyElsewhere_data();
    void signaturesVerifyElsewhere();
    void whatASignatureCarries();
    void everyRecipientCanRead();
    void algorithmsOfTheEnvelope();
    void theAgentsKeyDecrypts_data();
    void theAgentsKeyDecrypts();
    void largeMessagesStream();
    void emptyMessages();
    void nobodyIsLeftOutSilently();
    void aSinkThatFailsEndsIt();
    void signingWithoutItsKey();
    void signingWithALockedKeychain();
    void manySignaturesAtOnce();
    void signingAgainAfterTheAgentEnded();
};

void tst_SmimeEngine::signaturesVerifyElsewhere_data() {
    QTest::addColumn<MailKey>("key");
    QTest::newRow("rsa") << MailKey::Rsa2048;
    QTest::newRow("p256") << MailKey::P256;
    QTest::newRow("p384") << MailKey::P384;
    QTest::newRow("p521") << MailKey::P521;
    QTest::newRow("brainpool256") << MailKey::Brainpool256;
}

void tst_SmimeEngine::signaturesVerifyElsewhere() {
    QFETCH(MailKey, key);
    const auto &person = personWith(key);
    Engine with({&person});
    const auto signature = with.engine->signDetached(kEntity, person.fingerprint(), soon());
    QVERIFY2(signature, signature ? "" : signature.error().logSafeDetail.c_str());
    const OpenSslCommand openssl;
    const auto verify = [&](const std::string &content, const std::string &root) {
        return OpenSslCommand::run(
            {QStringLiteral("cms"), QStringLiteral("-verify"), QStringLiteral("-binary"),
             QStringLiteral("-inform"), QStringLiteral("DER"), QStringLiteral("-in"),
             openssl.put("sig", *signature), QStringLiteral("-content"),
             openssl.put("content", content), QStringLiteral("-CAfile"), openssl.put("root", root),
             QStringLiteral("-purpose"), QStringLiteral("smimesign")});
    };
    // Only the root is given: the signature brings its intermediate with it.
    const auto good = verify(kEntity, mailPki().root.certificatePem());
    QVERIFY2(good.exitCode == 0, qPrintable(good.said));
    QCOMPARE(good.out, kEntity);
    QVERIFY(verify(kEntity + " ", mailPki().root.certificatePem()).exitCode != 0);
    QVERIFY(verify(kEntity, mailPki().unknownRoot.certificatePem()).exitCode != 0);
}

void tst_SmimeEngine::whatASignatureCarries() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const auto signature = with.engine->signDetached(kEntity, person.fingerprint(), soon());
    QVERIFY(signature);
    const auto message = parsed(*signature);
    QVERIFY(message);
    QCOMPARE(OBJ_obj2nid(CMS_get0_type(message.get())), NID_pkcs7_signed);
    QCOMPARE(CMS_is_detached(message.get()), 1);
    const CertificateStackPtr certificates(CMS_get1_certs(message.get()));
    QCOMPARE(sk_X509_num(certificates.get()), 2);
    for (int i = 0; i < 2; ++i) {
        QVERIFY(X509_cmp(sk_X509_value(certificates.get(), i), mailPki().root.certificate.get()) !=
                0);
    }
    auto *signers = CMS_get0_SignerInfos(message.get());
    QCOMPARE(sk_CMS_SignerInfo_num(signers), 1);
    auto *signer = sk_CMS_SignerInfo_value(signers, 0);
    X509_ALGOR *digest = nullptr;
    CMS_SignerInfo_get0_algs(signer, nullptr, nullptr, &digest, nullptr);
    QCOMPARE(OBJ_obj2nid(digest->algorithm), NID_sha256);
    for (const int attribute :
         {NID_pkcs9_signingTime, NID_pkcs9_messageDigest, NID_SMIMECapabilities}) {
        QVERIFY(CMS_signed_get_attr_by_NID(signer, attribute, -1) >= 0);
    }
}

void tst_SmimeEngine::everyRecipientCanRead() {
    const std::array persons = {&personWith(MailKey::Rsa2048), &personWith(MailKey::P256),
                                &personWith(MailKey::P384), &personWith(MailKey::P521),
                                &personWith(MailKey::Brainpool256)};
    Engine with({});
    std::vector<std::string> fingerprints;
    for (const auto *person : persons) {
        fingerprints.push_back(person->fingerprint());
        QVERIFY(with.fixture.store->importCertificates(person->certificatePem(), soon()));
    }
    const std::array<std::string_view, 3> pieces = {std::string_view(kEntity).substr(0, 10), "",
                                                    std::string_view(kEntity).substr(10)};
    const auto message = encrypted(*with.engine, pieces, fingerprints);
    QVERIFY2(message, message ? "" : message.error().logSafeDetail.c_str());
    QVERIFY(message->find("hello") == std::string::npos);
    const OpenSslCommand openssl;
    const auto decrypt = [&](const MailIdentity &person) {
        return OpenSslCommand::run({QStringLiteral("cms"), QStringLiteral("-decrypt"),
                                    QStringLiteral("-binary"), QStringLiteral("-inform"),
                                    QStringLiteral("DER"), QStringLiteral("-in"),
                                    openssl.put("message", *message), QStringLiteral("-recip"),
                                    openssl.put("certificate", person.certificatePem()),
                                    QStringLiteral("-inkey"), openssl.put("key", person.keyPem())});
    };
    for (const auto *person : persons) {
        const auto plain = decrypt(*person);
        QVERIFY2(plain.exitCode == 0, qPrintable(plain.said));
        QCOMPARE(plain.out, kEntity);
    }
    QVERIFY(decrypt(mailPki().issue({})).exitCode != 0);
}

void tst_SmimeEngine::algorithmsOfTheEnvelope() {
    const auto &rsa = personWith(MailKey::Rsa2048);
    const auto &p256 = personWith(MailKey::P256);
    const auto &p521 = personWith(MailKey::P521);
    Engine with({&rsa, &p256, &p521});
    const std::array<std::string_view, 1> pieces = {kEntity};
    const auto message = encrypted(*with.engine, pieces,
                                   {rsa.fingerprint(), p256.fingerprint(), p521.fingerprint()});
    QVERIFY(message);
    const OpenSslCommand openssl;
    const auto shown = OpenSslCommand::run({QStringLiteral("asn1parse"), QStringLiteral("-inform"),
                                            QStringLiteral("DER"), QStringLiteral("-in"),
                                            openssl.put("message", *message)});
    const auto lines = QString::fromStdString(shown.out);
    for (const auto *word : {"pkcs7-envelopedData", "aes-256-cbc", "id-aes256-wrap",
                             "dhSinglePass-stdDH-sha256kdf-scheme",
                             "dhSinglePass-stdDH-sha512kdf-scheme", "rsaEncryption"}) {
        QVERIFY2(lines.contains(QString::fromLatin1(word)), word);
    }
    QVERIFY(!lines.contains(QStringLiteral("sha1kdf")));
}

void tst_SmimeEngine::theAgentsKeyDecrypts_data() {
    signaturesVerifyElsewhere_data();
}

void tst_SmimeEngine::theAgentsKeyDecrypts() {
    QFETCH(MailKey, key);
    const auto &person = personWith(key);
    Engine with({&person});
    const std::array<std::string_view, 1> pieces = {kEntity};
    const auto message = encrypted(*with.engine, pieces, {person.fingerprint()});
    QVERIFY(message);
    auto &store = with.fixture.store->internals();
    const auto agentKey = AgentKey::create(store.home, person.certificate.get(),
                                           std::move(*store.keyPassphrase()), soon());
    QVERIFY(agentKey);
    const auto envelope = parsed(*message);
    const BioPtr out(BIO_new(BIO_s_mem()));
    const int done = CMS_decrypt(envelope.get(), (*agentKey)->key(), person.certificate.get(),
                                 nullptr, out.get(), CMS_BINARY);
    QVERIFY2(done == 1, takeOpenSslError().c_str());
    QCOMPARE(collected(out.get()), kEntity);
}

void tst_SmimeEngine::largeMessagesStream() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const std::string megabyte(1U << 20U, 'x');
    const std::vector<std::string_view> pieces(8, megabyte);
    const std::vector fingerprints = {person.fingerprint()};
    CountingSink sink;
    QVERIFY(with.engine->encrypt(pieces, fingerprints, sink));
    QVERIFY(sink.total > 8 * megabyte.size());
    QVERIFY(sink.total < 8 * megabyte.size() * 102 / 100);
    QVERIFY(sink.largest <= 128U * 1024);
    QVERIFY(sink.writes < 1000);
}

void tst_SmimeEngine::emptyMessages() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const auto message = encrypted(*with.engine, {}, {person.fingerprint()});
    QVERIFY(message);
    const auto envelope = parsed(*message);
    const BioPtr out(BIO_new(BIO_s_mem()));
    QCOMPARE(CMS_decrypt(envelope.get(), person.key.get(), person.certificate.get(), nullptr,
                         out.get(), CMS_BINARY),
             1);
    QCOMPARE(collected(out.get()), std::string());
    QVERIFY(with.engine->signDetached({}, person.fingerprint(), soon()));
}

void tst_SmimeEngine::nobodyIsLeftOutSilently() {
    const auto &person = personWith(MailKey::P256);
    const auto edwards = mailPki().issue({.key = MailKey::Ed25519, .usage = "digitalSignature"});
    Engine with({&person});
    QVERIFY(with.fixture.store->importCertificates(edwards.certificatePem(), soon()));
    const std::array<std::string_view, 1> pieces = {kEntity};
    const auto code = [&](const std::vector<std::string> &fingerprints) {
        base::StringSink sink;
        const auto done = with.engine->encrypt(pieces, fingerprints, sink);
        const bool silent = sink.bytes().empty();
        return done || !silent ? std::string("done")
                               : done.error().code + " " + done.error().subject;
    };
    const std::string unknown(64, 'a');
    QCOMPARE(code({person.fingerprint(), unknown}), "certificate.not-found " + unknown);
    // A prefix will do to look one up, never to send to.
    const auto prefix = person.fingerprint().substr(0, 20);
    QCOMPARE(code({prefix}), "certificate.not-found " + prefix);
    QCOMPARE(code({person.fingerprint(), edwards.fingerprint()}),
             "smime.encrypt " + edwards.fingerprint());
    QCOMPARE(code({}), std::string("smime.encrypt "));
    QCOMPARE(code({person.fingerprint()}), std::string("done"));
}

void tst_SmimeEngine::aSinkThatFailsEndsIt() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const std::string megabyte(1U << 20U, 'x');
    const std::array<std::string_view, 1> pieces = {megabyte};
    const std::vector fingerprints = {person.fingerprint()};
    for (const std::size_t room : {std::size_t(0), std::size_t(70'000), std::size_t(1'020'000)}) {
        FailingSink sink(room);
        const auto done = with.engine->encrypt(pieces, fingerprints, sink);
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("store.full"));
    }
}

void tst_SmimeEngine::signingWithoutItsKey() {
    const auto &person = personWith(MailKey::P256);
    Engine with({});
    const auto code = [&] {
        return with.engine->signDetached(kEntity, person.fingerprint(), soon()).error().code;
    };
    QCOMPARE(code(), std::string("certificate.not-found"));
    QVERIFY(with.fixture.store->importCertificates(person.certificatePem(), soon()));
    QCOMPARE(code(), std::string("smime.no-key"));
}

void tst_SmimeEngine::signingWithALockedKeychain() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const auto code = [&] {
        const auto signature = with.engine->signDetached(kEntity, person.fingerprint(), soon());
        return signature ? std::string("signed") : signature.error().code;
    };
    QCOMPARE(code(), std::string("signed"));
    with.fixture.keychain->set(KeychainMood::HidesAll);
    QCOMPARE(code(), std::string("keychain.locked"));
    with.fixture.keychain->set(KeychainMood::Missing);
    QCOMPARE(code(), std::string("keychain.missing"));
    with.fixture.keychain->set(KeychainMood::Works);
    QCOMPARE(code(), std::string("signed"));
    // The keychain of somebody else: it has a passphrase, but not this key's.
    QVERIFY(with.fixture.keychain->write("key-passphrase", SecretBytes(std::string_view("wrong"))));
    QCOMPARE(code(), std::string("keychain.locked"));
}

void tst_SmimeEngine::manySignaturesAtOnce() {
    const auto &person = personWith(MailKey::Rsa2048);
    Engine with({&person});
    std::vector<std::future<Result<std::string>>> running;
    for (int i = 0; i < 8; ++i) {
        running.push_back(std::async(std::launch::async, [&, i] {
            const std::array<std::string_view, 1> pieces = {kEntity};
            return i % 2 == 0 ? with.engine->signDetached(kEntity, person.fingerprint(), soon())
                              : encrypted(*with.engine, pieces, {person.fingerprint()});
        }));
    }
    for (auto &one : running) {
        const auto done = one.get();
        QVERIFY2(done, done ? "" : done.error().logSafeDetail.c_str());
    }
}

void tst_SmimeEngine::signingAgainAfterTheAgentEnded() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    QVERIFY(with.engine->signDetached(kEntity, person.fingerprint(), soon()));
    with.fixture.store->internals().home.stopDaemons();
    QVERIFY(with.engine->signDetached(kEntity, person.fingerprint(), soon()));
}

QTEST_GUILESS_MAIN(tst_SmimeEngine)
#include "tst_SmimeEngine.moc"
