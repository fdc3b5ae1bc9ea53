// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CmsReader.h"
#include "crypto/SmimeEngine.h"

#include "base/Text.h"
#include "crypto/AgentKey.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/X509Facts.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"
#include "support/PeakMemory.h"

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

Result<std::string> encrypted(SmimeEngine &engine, const ContentWriter &content,
                              const EncryptionOrder &order) {
    base::StringSink sink;
    return engine.encrypt(content, order, sink).transform([&] { return sink.take(); });
}

Result<std::string> opaque(SmimeEngine &engine, const ContentWriter &content,
                           const SigningOrder &order) {
    base::StringSink sink;
    return engine.signOpaque(content, order, soon(), sink).transform([&] { return sink.take(); });
}

//! `count` times a megabyte.
ContentWriter megabytes(int count) {
    return [count, megabyte = std::string(1U << 20U, 'x')](base::ByteSink &out) -> Result<void> {
        for (int i = 0; i < count; ++i) {
            if (auto done = out.write(megabyte); !done) {
                return done;
            }
        }
        return {};
    };
}

QString textOf(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

const MailIdentity &personWith(MailKey key) {
    static std::map<MailKey, MailIdentity> persons;
    auto at = persons.find(key);
    if (at == persons.end()) {
        at = persons.emplace(key, mailPki().issue({.key = key})).first;
    }
    return at->second;
}

//! One store for each kind of key: starting an agent takes longer than what is tested.
Engine &engineOf(MailKey key) {
    static std::map<MailKey, std::unique_ptr<Engine>> engines;
    auto &engine = engines[key];
    if (!engine) {
        engine = std::make_unique<Engine>(std::vector{&personWith(key)});
    }
    return *engine;
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
    void signaturesRepeatThemselves();
    void aLabelThatIsNoneIsRefused();
    void everyRecipientCanRead();
    void algorithmsOfTheEnvelope();
    void envelopesOpenElsewhere_data();
    void envelopesOpenElsewhere();
    void theDigestFitsTheKey_data();
    void theDigestFitsTheKey();
    void whatCorrespondentsReadIsRemembered();
    void aChosenCertificateComesFirst();
    void certificatesSayWhatTheirOwnersRead();
    void largeMessagesStream_data();
    void largeMessagesStream();
    void emptyMessages();
    void nobodyIsLeftOutSilently();
    void aSinkThatFailsEndsIt();
    void contentThatFailsEndsIt();
    void signingWithoutItsKey();
    void signingWithALockedKeychain();
    void manySignaturesAtOnce();
    void signingAgainAfterTheAgentEnded();
};

void tst_SmimeEngine::signaturesVerifyElsewhere_data() {
    QTest::addColumn<MailKey>("key");
    QTest::addColumn<SmimeDigest>("digest");
    QTest::addColumn<RsaSignature>("rsa");
    const std::array keys = {std::pair("rsa", MailKey::Rsa2048),
                             std::pair("p256", MailKey::P256),
                             std::pair("p384", MailKey::P384),
                             std::pair("p521", MailKey::P521),
                             std::pair("brainpool256", MailKey::Brainpool256),
                             std::pair("brainpool384", MailKey::Brainpool384),
                             std::pair("brainpool512", MailKey::Brainpool512)};
    for (const auto digest : base::kAllSmimeDigests) {
        const auto name = " " + std::string(toString(digest));
        for (const auto &[word, key] : keys) {
            QTest::newRow((word + name).c_str()) << key << digest << RsaSignature::Pkcs1;
        }
        QTest::newRow(("rsa-pss" + name).c_str())
            << MailKey::Rsa2048 << digest << RsaSignature::Pss;
    }
}

void tst_SmimeEngine::signaturesVerifyElsewhere() {
    QFETCH(MailKey, key);
    QFETCH(SmimeDigest, digest);
    QFETCH(RsaSignature, rsa);
    const auto &person = personWith(key);
    const auto &with = engineOf(key);
    const SigningOrder order{person.fingerprint(), digest, rsa};
    const auto signature = with.engine->signDetached(contentOf(kEntity), order, soon());
    QVERIFY2(signature, signature ? "" : signature.error().logSafeDetail.c_str());
    const OpenSslCommand openssl;
    const auto verify = [&](const std::string &message, const std::optional<std::string> &content,
                            const std::string &root) {
        QStringList words = {
            QStringLiteral("cms"),       QStringLiteral("-verify"),   QStringLiteral("-binary"),
            QStringLiteral("-inform"),   QStringLiteral("DER"),       QStringLiteral("-in"),
            openssl.put("sig", message), QStringLiteral("-CAfile"),   openssl.put("root", root),
            QStringLiteral("-purpose"),  QStringLiteral("smimesign"), QStringLiteral("-cades")};
        if (content) {
            words << QStringLiteral("-content") << openssl.put("content", *content);
        }
        return OpenSslCommand::run(words);
    };
    // Only the root is given: the signature brings its intermediate with it.
    const auto good = verify(*signature, kEntity, mailPki().root.certificatePem());
    QVERIFY2(good.exitCode == 0, qPrintable(good.said));
    QCOMPARE(good.out, kEntity);
    QVERIFY(verify(*signature, kEntity + " ", mailPki().root.certificatePem()).exitCode != 0);
    QVERIFY(verify(*signature, kEntity, mailPki().unknownRoot.certificatePem()).exitCode != 0);

    const auto inside = opaque(*with.engine, contentOf(kEntity), order);
    QVERIFY2(inside, inside ? "" : inside.error().logSafeDetail.c_str());
    const auto same = verify(*inside, std::nullopt, mailPki().root.certificatePem());
    QVERIFY2(same.exitCode == 0, qPrintable(same.said));
    QCOMPARE(same.out, kEntity);

    const auto message = parsed(*signature);
    X509_ALGOR *hash = nullptr;
    X509_ALGOR *algorithm = nullptr;
    CMS_SignerInfo_get0_algs(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(message.get()), 0),
                             nullptr, nullptr, &hash, &algorithm);
    const std::map<SmimeDigest, int> nids = {{SmimeDigest::Sha256, NID_sha256},
                                             {SmimeDigest::Sha384, NID_sha384},
                                             {SmimeDigest::Sha512, NID_sha512}};
    QCOMPARE(OBJ_obj2nid(hash->algorithm), nids.at(digest));
    QCOMPARE(OBJ_obj2nid(algorithm->algorithm) == NID_rsassaPss, rsa == RsaSignature::Pss);
}

void tst_SmimeEngine::whatASignatureCarries() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const auto now = base::fromIso8601("2026-03-02T09:00:00Z");
    with.fixture.clock->set(now);
    const SigningOrder order{person.fingerprint(), SmimeDigest::Sha256, RsaSignature::Pkcs1,
                             SecurityLabel{"1.2.826.0.1.99", 200, "OFFICIAL-SENSITIVE"}};
    const auto signature = with.engine->signDetached(contentOf(kEntity), order, soon());
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
    for (const int attribute :
         {NID_pkcs9_signingTime, NID_pkcs9_messageDigest, NID_SMIMECapabilities,
          NID_id_smime_aa_signingCertificateV2, NID_id_smime_aa_securityLabel}) {
        QVERIFY2(CMS_signed_get_attr_by_NID(signer, attribute, -1) >= 0, OBJ_nid2sn(attribute));
    }
    const auto *time = static_cast<const ASN1_TIME *>(CMS_signed_get0_data_by_OBJ(
        signer, OBJ_nid2obj(NID_pkcs9_signingTime), -3, V_ASN1_UTCTIME));
    QVERIFY(time != nullptr && x509::timeOf(time) == now);
    //= RFC 2634 §3.2 (a SET: integer, object identifier, UTF8String)
    const auto *label = static_cast<const ASN1_STRING *>(CMS_signed_get0_data_by_OBJ(
        signer, OBJ_nid2obj(NID_id_smime_aa_securityLabel), -3, V_ASN1_SET));
    QVERIFY(label != nullptr);
    const auto hex = base::toHex({reinterpret_cast<const char *>(ASN1_STRING_get0_data(label)),
                                  static_cast<std::size_t>(ASN1_STRING_length(label))});
    // 200; 1.2.826.0.1.99; the mark
    const auto expected = "3120020200c806062a863a0001630c12" + base::toHex("OFFICIAL-SENSITIVE");
    QVERIFY2(hex == expected, hex.c_str());
}

void tst_SmimeEngine::signaturesRepeatThemselves() {
    for (const auto key : {MailKey::Rsa2048, MailKey::P256}) {
        const auto &with = engineOf(key);
        const SigningOrder order{personWith(key).fingerprint()};
        const auto first = with.engine->signDetached(contentOf(kEntity), order, soon());
        const auto second = with.engine->signDetached(contentOf(kEntity), order, soon());
        QVERIFY(first && second && *first == *second);
        with.fixture.clock->advance(std::chrono::seconds(1));
        QVERIFY(*with.engine->signDetached(contentOf(kEntity), order, soon()) != *first);
    }
}

void tst_SmimeEngine::aLabelThatIsNoneIsRefused() {
    const auto &with = engineOf(MailKey::P256);
    SigningOrder order{personWith(MailKey::P256).fingerprint()};
    order.label = SecurityLabel{"not an identifier", 1, {}};
    QCOMPARE(with.engine->signDetached(contentOf(kEntity), order, soon()).error().code,
             std::string("smime.sign"));
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
    const ContentWriter pieces = [](base::ByteSink &out) -> Result<void> {
        const auto all = std::string_view(kEntity);
        auto done = out.write(all.substr(0, 10));
        if (done) {
            done = out.write("");
        }
        return done ? out.write(all.substr(10)) : done;
    };
    const auto message = encrypted(*with.engine, pieces, {fingerprints});
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
    const auto message = encrypted(*with.engine, contentOf(kEntity),
                                   {{rsa.fingerprint(), p256.fingerprint(), p521.fingerprint()}});
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

void tst_SmimeEngine::envelopesOpenElsewhere_data() {
    QTest::addColumn<MailKey>("key");
    QTest::addColumn<ContentCipher>("cipher");
    QTest::addColumn<RsaTransport>("transport");
    const std::array keys = {std::pair("rsa", MailKey::Rsa2048),
                             std::pair("p256", MailKey::P256),
                             std::pair("p384", MailKey::P384),
                             std::pair("p521", MailKey::P521),
                             std::pair("brainpool256", MailKey::Brainpool256),
                             std::pair("brainpool384", MailKey::Brainpool384),
                             std::pair("brainpool512", MailKey::Brainpool512)};
    for (const auto cipher : base::kAllContentCiphers) {
        const auto name = " " + std::string(toString(cipher));
        for (const auto &[word, key] : keys) {
            QTest::newRow((word + name).c_str()) << key << cipher << RsaTransport::Pkcs1;
        }
        QTest::newRow(("rsa-oaep" + name).c_str())
            << MailKey::Rsa2048 << cipher << RsaTransport::Oaep;
    }
}

//! By the openssl command with the bare key, and by OpenSSL with the key in the agent.
void tst_SmimeEngine::envelopesOpenElsewhere() {
    QFETCH(MailKey, key);
    QFETCH(ContentCipher, cipher);
    QFETCH(RsaTransport, transport);
    const auto &person = personWith(key);
    const auto &with = engineOf(key);
    const auto message =
        encrypted(*with.engine, contentOf(kEntity), {{person.fingerprint()}, cipher, transport});
    QVERIFY2(message, message ? "" : message.error().logSafeDetail.c_str());
    const OpenSslCommand openssl;
    const auto plain = OpenSslCommand::run(
        {QStringLiteral("cms"), QStringLiteral("-decrypt"), QStringLiteral("-binary"),
         QStringLiteral("-inform"), QStringLiteral("DER"), QStringLiteral("-in"),
         openssl.put("message", *message), QStringLiteral("-recip"),
         openssl.put("certificate", person.certificatePem()), QStringLiteral("-inkey"),
         openssl.put("key", person.keyPem())});
    QVERIFY2(plain.exitCode == 0, qPrintable(plain.said));
    QCOMPARE(plain.out, kEntity);

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

    const auto shown = OpenSslCommand::run({QStringLiteral("asn1parse"), QStringLiteral("-inform"),
                                            QStringLiteral("DER"), QStringLiteral("-in"),
                                            openssl.put("message", *message)});
    const auto lines = QString::fromStdString(shown.out);
    const bool gcm = cipher == ContentCipher::Aes256Gcm;
    QVERIFY(lines.contains(textOf(base::asciiLower(toString(cipher)))) ||
            (gcm && lines.contains(QStringLiteral("aes-256-gcm"))));
    QCOMPARE(lines.contains(QStringLiteral("id-smime-ct-authEnvelopedData")), gcm);
    QCOMPARE(lines.contains(QStringLiteral("rsaesOaep")), transport == RsaTransport::Oaep);
}

//! RFC 5753 §7: a digest as strong as the curve; gpgsm checks no other.
void tst_SmimeEngine::theDigestFitsTheKey_data() {
    QTest::addColumn<MailKey>("key");
    QTest::addColumn<SmimeDigest>("least");
    QTest::addColumn<SmimeDigest>("digest");
    const auto row = [](const char *name, MailKey key, SmimeDigest least, SmimeDigest digest) {
        QTest::newRow(name) << key << least << digest;
    };
    row("rsa", MailKey::Rsa2048, SmimeDigest::Sha256, SmimeDigest::Sha256);
    row("p256", MailKey::P256, SmimeDigest::Sha256, SmimeDigest::Sha256);
    row("p384", MailKey::P384, SmimeDigest::Sha256, SmimeDigest::Sha384);
    row("p521", MailKey::P521, SmimeDigest::Sha256, SmimeDigest::Sha512);
    row("brainpool512", MailKey::Brainpool512, SmimeDigest::Sha256, SmimeDigest::Sha512);
    row("policy-asks-for-more", MailKey::P256, SmimeDigest::Sha512, SmimeDigest::Sha512);
}

void tst_SmimeEngine::theDigestFitsTheKey() {
    QFETCH(MailKey, key);
    QFETCH(SmimeDigest, least);
    QFETCH(SmimeDigest, digest);
    Engine with({});
    const auto person = mailPki().issue({.key = key});
    QVERIFY(with.fixture.store->importCertificates(person.certificatePem(), soon()));
    QVERIFY(with.engine->digestFor(person.fingerprint(), least).value() == digest);
    QVERIFY(!with.engine->digestFor(std::string(64, 'a'), least));
}

namespace {

//! In memory.
class Memory final : public CorrespondentMemory {
public:
    std::map<std::string, ReaderCapabilities> reads;
    std::map<std::string, std::string> pins;
    ReaderCapabilities capabilities(std::string_view address) override {
        return reads[std::string(address)];
    }
    Result<void> learn(std::string_view address, const ReaderCapabilities &learnt, Time) override {
        reads[std::string(address)] = learnt;
        return {};
    }
    Result<std::optional<std::string>> pinned(std::string_view address) override {
        const auto at = pins.find(std::string(address));
        return at == pins.end() ? std::nullopt : std::optional(at->second);
    }
    Result<void> pin(std::string_view address, std::string_view fingerprint) override {
        pins[std::string(address)] = fingerprint;
        return {};
    }
};

} // namespace

//! RFC 8551 §2.7.1: what somebody's signed message said is used for the next message to them.
void tst_SmimeEngine::whatCorrespondentsReadIsRemembered() {
    StoreFixture fixture(mailPki());
    const auto memory = std::make_shared<Memory>();
    auto config = fixture.config();
    config.memory = memory;
    fixture.store.reset();
    fixture.store = *CertificateStore::open(config);
    fixture.trust(mailPki());
    const auto person = mailPki().issue({.address = "jo@example.test", .key = MailKey::Rsa2048});
    QVERIFY(fixture.store->importPkcs12(mailPki().pkcs12(person, "secret"),
                                        SecretBytes(std::string_view("secret")), soon()));
    SmimeEngine engine(fixture.store);
    const auto signature = engine.signDetached(contentOf(kEntity), {person.fingerprint()}, soon());
    QVERIFY(signature);
    const auto reader = newCmsReader(fixture.store);
    const auto checked = reader->verify(*signature, kEntity, soon(), {});
    QVERIFY(checked && checked->signatures.front().signerKnown);
    QVERIFY(memory->reads.at("jo@example.test").aes256Gcm);

    // Of a correspondent whose key is not here.
    const auto other = mailPki().issue({.address = "al@example.test"});
    QVERIFY(fixture.store->importCertificates(other.certificatePem(), soon()));
    const std::vector both{person.fingerprint(), other.fingerprint()};
    QVERIFY(engine.cipherFor(both).value() == ContentCipher::Aes256Cbc);
    memory->reads["al@example.test"].aes256Gcm = true;
    QVERIFY(engine.cipherFor(both).value() == ContentCipher::Aes256Gcm);
}

//! A chosen certificate stands before all others for its address, whatever its state.
void tst_SmimeEngine::aChosenCertificateComesFirst() {
    StoreFixture fixture(mailPki());
    auto config = fixture.config();
    config.memory = std::make_shared<Memory>();
    fixture.store.reset();
    fixture.store = *CertificateStore::open(config);
    fixture.trust(mailPki());
    const std::string address = "person@example.test";
    const auto sooner = mailPki().issue({.until = std::chrono::days(100)});
    const auto later = mailPki().issue({.until = std::chrono::days(300)});
    const auto expired =
        mailPki().issue({.from = std::chrono::days(-9), .until = std::chrono::days(-1)});
    for (const auto *one : {&sooner, &later, &expired}) {
        QVERIFY(fixture.store->importCertificates(one->certificatePem(), soon()));
    }
    const auto first = [&] {
        return fixture.store->findForAddress(address, CertificatePurpose::Encrypt, soon(), {})
            .value()
            .front()
            .fingerprint;
    };
    QCOMPARE(first(), later.fingerprint());
    for (const auto *one : {&sooner, &expired}) {
        QVERIFY(fixture.store->pin(address, one->fingerprint().substr(0, 16), soon()));
        QCOMPARE(first(), one->fingerprint());
        QCOMPARE(fixture.store->pinnedFor(address), std::optional(one->fingerprint()));
    }
    QVERIFY(fixture.store->unpin(address));
    QCOMPARE(first(), later.fingerprint());
    QCOMPARE(fixture.store->pin("al@example.test", later.fingerprint(), soon()).error().code,
             std::string("certificate.other-address"));
}

void tst_SmimeEngine::certificatesSayWhatTheirOwnersRead() {
    // SMIMECapabilities: AES-256-GCM and OAEP (RFC 4262).
    const auto modern =
        mailPki().issue({.key = MailKey::Rsa2048,
                         .extension = "1.2.840.113549.1.9.15=DER:"
                                      "301a300b060960864801650304012e300b06092a864886f70d010107"});
    const auto &plain = personWith(MailKey::Rsa2048);
    Engine with({});
    for (const auto *person : {&modern, &plain}) {
        QVERIFY(with.fixture.store->importCertificates(person->certificatePem(), soon()));
    }
    const auto cipher = [&](const std::vector<std::string> &fingerprints) {
        return with.engine->cipherFor(fingerprints).value();
    };
    QVERIFY(cipher({modern.fingerprint()}) == ContentCipher::Aes256Gcm);
    QVERIFY(cipher({modern.fingerprint(), plain.fingerprint()}) == ContentCipher::Aes256Cbc);
    QVERIFY(cipher({}) == ContentCipher::Aes256Cbc);
    QVERIFY(!with.engine->cipherFor(std::vector<std::string>{std::string(64, 'a')}));
    const auto shown = [&](const std::string &fingerprint) {
        const auto message = encrypted(*with.engine, contentOf(kEntity), {{fingerprint}});
        const OpenSslCommand openssl;
        return QString::fromStdString(
            OpenSslCommand::run({QStringLiteral("asn1parse"), QStringLiteral("-inform"),
                                 QStringLiteral("DER"), QStringLiteral("-in"),
                                 openssl.put("message", *message)})
                .out);
    };
    QVERIFY(shown(modern.fingerprint()).contains(QStringLiteral("rsaesOaep")));
    QVERIFY(!shown(plain.fingerprint()).contains(QStringLiteral("rsaesOaep")));
}

void tst_SmimeEngine::largeMessagesStream_data() {
    QTest::addColumn<ContentCipher>("cipher");
    QTest::newRow("cbc") << ContentCipher::Aes256Cbc;
    QTest::newRow("gcm") << ContentCipher::Aes256Gcm;
}

void tst_SmimeEngine::largeMessagesStream() {
    QFETCH(ContentCipher, cipher);
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    constexpr int kMegabytes = 100;
    constexpr std::size_t kSize = std::size_t{kMegabytes} << 20U;
    const auto content = megabytes(kMegabytes);
    QVERIFY(encrypted(*with.engine, contentOf(kEntity), {{person.fingerprint()}}));
    const PeakMemory memory;
    CountingSink sink;
    QVERIFY(with.engine->encrypt(content, {{person.fingerprint()}, cipher}, sink));
    QVERIFY(sink.total > kSize && sink.total < kSize / 100 * 102);
    QVERIFY(sink.largest <= std::size_t{128} * 1024);
    QVERIFY(with.engine->signDetached(content, {person.fingerprint()}, soon()));
    CountingSink inside;
    QVERIFY(with.engine->signOpaque(content, {person.fingerprint()}, soon(), inside));
    QVERIFY(inside.total > kSize && inside.total < kSize / 100 * 102);
    const auto grown = memory.grownKiB();
    QVERIFY2(!grown || *grown <= 8L * 1024, std::to_string(grown.value_or(0)).c_str());
}

void tst_SmimeEngine::emptyMessages() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const auto message = encrypted(*with.engine, contentOf({}), {{person.fingerprint()}});
    QVERIFY(message);
    const auto envelope = parsed(*message);
    const BioPtr out(BIO_new(BIO_s_mem()));
    QCOMPARE(CMS_decrypt(envelope.get(), person.key.get(), person.certificate.get(), nullptr,
                         out.get(), CMS_BINARY),
             1);
    QCOMPARE(collected(out.get()), std::string());
    QVERIFY(with.engine->signDetached(contentOf({}), {person.fingerprint()}, soon()));
}

void tst_SmimeEngine::nobodyIsLeftOutSilently() {
    const auto &person = personWith(MailKey::P256);
    const auto edwards = mailPki().issue({.key = MailKey::Ed25519, .usage = "digitalSignature"});
    Engine with({&person});
    QVERIFY(with.fixture.store->importCertificates(edwards.certificatePem(), soon()));
    const auto code = [&](const std::vector<std::string> &fingerprints) {
        base::StringSink sink;
        const auto done = with.engine->encrypt(contentOf(kEntity), {fingerprints}, sink);
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
    const auto content = megabytes(1);
    for (const std::size_t room : {std::size_t(0), std::size_t(70'000), std::size_t(1'020'000)}) {
        FailingSink sink(room);
        const auto done = with.engine->encrypt(content, {{person.fingerprint()}}, sink);
        QVERIFY(!done);
        QCOMPARE(done.error().code, std::string("store.full"));
        FailingSink other(room);
        const auto signing =
            with.engine->signOpaque(content, {person.fingerprint()}, soon(), other);
        QVERIFY(!signing);
        QCOMPARE(signing.error().code, std::string("store.full"));
    }
}

void tst_SmimeEngine::contentThatFailsEndsIt() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const ContentWriter content = [](base::ByteSink &out) -> Result<void> {
        auto done = out.write(kEntity);
        return done ? fail("plan.changed", "test", Reaction::FixInput) : done;
    };
    base::StringSink sink;
    QCOMPARE(with.engine->encrypt(content, {{person.fingerprint()}}, sink).error().code,
             std::string("plan.changed"));
    QCOMPARE(with.engine->signDetached(content, {person.fingerprint()}, soon()).error().code,
             std::string("plan.changed"));
    QCOMPARE(with.engine->signOpaque(content, {person.fingerprint()}, soon(), sink).error().code,
             std::string("plan.changed"));
}

void tst_SmimeEngine::signingWithoutItsKey() {
    const auto &person = personWith(MailKey::P256);
    Engine with({});
    const auto code = [&] {
        return with.engine->signDetached(contentOf(kEntity), {person.fingerprint()}, soon())
            .error()
            .code;
    };
    QCOMPARE(code(), std::string("certificate.not-found"));
    QVERIFY(with.fixture.store->importCertificates(person.certificatePem(), soon()));
    QCOMPARE(code(), std::string("smime.no-key"));
}

void tst_SmimeEngine::signingWithALockedKeychain() {
    const auto &person = personWith(MailKey::P256);
    Engine with({&person});
    const auto code = [&] {
        const auto signature =
            with.engine->signDetached(contentOf(kEntity), {person.fingerprint()}, soon());
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
    running.reserve(8);
    for (int i = 0; i < 8; ++i) {
        running.push_back(std::async(std::launch::async, [&, i] {
            return i % 2 == 0
                       ? with.engine->signDetached(contentOf(kEntity), {person.fingerprint()},
                                                   soon())
                       : encrypted(*with.engine, contentOf(kEntity), {{person.fingerprint()}});
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
    QVERIFY(with.engine->signDetached(contentOf(kEntity), {person.fingerprint()}, soon()));
    with.fixture.store->internals().home.stopDaemons();
    QVERIFY(with.engine->signDetached(contentOf(kEntity), {person.fingerprint()}, soon()));
}

QTEST_GUILESS_MAIN(tst_SmimeEngine)
#include "tst_SmimeEngine.moc"
