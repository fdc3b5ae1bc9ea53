// SPDX-License-Identifier: GPL-3.0-or-later
// Whole messages from planner, executor and the real engine, taken apart layer by layer.
#include "World.h"
#include "base/Text.h"
#include "crypto/SmimeEngine.h"
#include "gnupg/OpenSslCommand.h"
#include "gnupg/StoreFixture.h"
#include "mail/MimeReader.h"
#include "support/PeakMemory.h"

#include <QTest>
#include <fstream>
#include <openssl/cms.h>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;
using send::testing::draft;

namespace {

using Delivered = send::testing::FakeSubmitter::Delivered;

//! People with certificates, and a world whose sealer is the real engine.
class Office {
public:
    Office() : m_fixture(mailPki()), m_world(m_folder.path().toStdString()) {
        m_fixture.trust(mailPki());
        for (const auto *address : {"sam@justice.example", "jo@court.example", "al@court.example",
                                    "hidden@police.example", "secret@police.example"}) {
            auto person = mailPki().issue({.name = address, .address = address});
            const auto done =
                m_fixture.store->importPkcs12(mailPki().pkcs12(person, "secret"),
                                              SecretBytes(std::string_view("secret")), soon());
            if (!done) {
                qFatal("import: %s", done.error().code.c_str());
            }
            m_world.certificates->add(address);
            m_world.certificates->byAddress[address].fingerprint = person.fingerprint();
            people.emplace(address, std::move(person));
        }
        m_world.policy.maxMessageSize = 200 * base::kMiB;
    }
    send::testing::World &world() { return m_world; }

    Result<std::vector<send::Receipt>> execute(const send::SendPlan &plan,
                                               const send::SendProgress &progress = {}) {
        send::SendExecutor executor({std::make_shared<SmimeEngine>(m_fixture.store),
                                     m_world.submitter, m_world.outbox, m_world.journal,
                                     m_world.keychain, m_world.reports, m_world.clock,
                                     m_world.policy.maxMessageSize});
        m_world.submitter->delivered.clear();
        return executor.execute(plan, send::testing::World::approve(plan),
                                send::OnTemporaryFailure::Discard, Deadline::after(kLong), {},
                                progress);
    }
    //! What the server gets.
    std::vector<Delivered> send(const send::SendPlan &plan) {
        const auto receipts = execute(plan);
        if (!receipts) {
            qFatal("send: %s %s", receipts.error().code.c_str(),
                   receipts.error().logSafeDetail.c_str());
        }
        facts = receipts->front().smime;
        return m_world.submitter->delivered;
    }
    std::vector<Delivered> send(mail::Draft what) {
        what.protect = RouteKind::Smime;
        return send(*m_world.planFor(what));
    }

    static constexpr std::chrono::minutes kLong{2};
    std::map<std::string, MailIdentity> people;
    send::SmimeFacts facts;

private:
    QTemporaryDir m_folder;
    StoreFixture m_fixture;
    send::testing::World m_world;
};

CmsPtr envelopeIn(const std::string &message) {
    const auto read = mail::readMessage(message);
    const auto bio = readerOf(read->parts.at(0).content);
    return CmsPtr(d2i_CMS_bio(bio.get(), nullptr));
}

//! Whose certificates the recipientInfos of an envelope name, and nobody else's.
std::set<std::string> readersOf(const std::string &message, const Office &office) {
    const auto envelope = envelopeIn(message);
    auto *infos = CMS_get0_RecipientInfos(envelope.get());
    std::set<std::string> readers;
    for (int i = 0; i < sk_CMS_RecipientInfo_num(infos); ++i) {
        auto *info = sk_CMS_RecipientInfo_value(infos, i);
        auto *encrypted =
            sk_CMS_RecipientEncryptedKey_value(CMS_RecipientInfo_kari_get0_reks(info), 0);
        std::string reader = "unknown";
        for (const auto &[address, person] : office.people) {
            if (CMS_RecipientEncryptedKey_cert_cmp(encrypted, person.certificate.get()) == 0) {
                reader = address;
            }
        }
        readers.insert(reader);
    }
    return readers;
}

std::string decrypted(const std::string &message, const MailIdentity &person) {
    const auto envelope = envelopeIn(message);
    const BioPtr out(BIO_new(BIO_s_mem()));
    return CMS_decrypt(envelope.get(), person.key.get(), person.certificate.get(), nullptr,
                       out.get(), CMS_BINARY) == 1
               ? collected(out.get())
               : std::string();
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

std::string serialOf(const MailIdentity &person) {
    const auto *serial = X509_get0_serialNumber(person.certificate.get());
    return {reinterpret_cast<const char *>(ASN1_STRING_get0_data(serial)),
            static_cast<std::size_t>(ASN1_STRING_length(serial))};
}

} // namespace

class TstSealedMessages : public QObject {
    Q_OBJECT
private slots:
    void eachBccHasAnEnvelopeOfItsOwn();
    void formsThatPolicyAsksFor_data();
    void formsThatPolicyAsksFor();
    void hundredMegabytesStream();
    void anAttachmentThatChangesWhileItIsSealed();
};

//! On the ASN.1 and on the bytes of each layer: no message shows anybody else's hidden recipient.
void TstSealedMessages::eachBccHasAnEnvelopeOfItsOwn() {
    Office office;
    auto what = draft("jo@court.example, al@court.example");
    what.bcc = mail::Address::parseList("hidden@police.example, secret@police.example").value();
    const auto delivered = office.send(what);
    QCOMPARE(delivered.size(), std::size_t{3});
    const std::string sam = "sam@justice.example";
    const std::vector<std::set<std::string>> expected = {
        {"jo@court.example", "al@court.example", sam},
        {"hidden@police.example", sam},
        {"secret@police.example", sam}};
    for (std::size_t i = 0; i < delivered.size(); ++i) {
        const auto &message = delivered[i].message;
        QVERIFY(readersOf(message, office) == expected[i]);
        std::set<std::string> envelope(delivered[i].recipients.begin(),
                                       delivered[i].recipients.end());
        envelope.insert(sam);
        QVERIFY(envelope == expected[i]);
        const auto outer = mail::readMessage(message)->parts.at(0).content;
        const auto inner = decrypted(message, office.people.at(*expected[i].begin()));
        QVERIFY(contains(inner, "minutes are below"));
        for (const std::string bcc : {"hidden@police.example", "secret@police.example"}) {
            QVERIFY(!contains(message, bcc) && !contains(inner, bcc));
            QVERIFY(expected[i].contains(bcc) == contains(outer, serialOf(office.people.at(bcc))));
            QVERIFY(expected[i].contains(bcc) ==
                    !decrypted(message, office.people.at(bcc)).empty());
        }
        QVERIFY(!contains(base::asciiLower(message), "bcc:"));
        QVERIFY(!contains(base::asciiLower(inner), "bcc:"));
    }
}

void TstSealedMessages::formsThatPolicyAsksFor_data() {
    QTest::addColumn<SignedForm>("form");
    QTest::addColumn<ContentCipher>("cipher");
    QTest::addColumn<QByteArray>("smimeType");
    QTest::newRow("detached-cbc") << SignedForm::Detached << ContentCipher::Aes256Cbc
                                  << QByteArray("enveloped-data");
    QTest::newRow("detached-gcm") << SignedForm::Detached << ContentCipher::Aes256Gcm
                                  << QByteArray("authEnveloped-data");
    QTest::newRow("opaque-cbc") << SignedForm::Opaque << ContentCipher::Aes128Cbc
                                << QByteArray("enveloped-data");
    QTest::newRow("opaque-gcm") << SignedForm::Opaque << ContentCipher::Aes256Gcm
                                << QByteArray("authEnveloped-data");
}

void TstSealedMessages::formsThatPolicyAsksFor() {
    QFETCH(SignedForm, form);
    QFETCH(ContentCipher, cipher);
    QFETCH(QByteArray, smimeType);
    Office office;
    office.world().policy.smime.signedForm = form;
    office.world().policy.smime.cipher = cipher;
    const auto message = office.send(draft("Jo <jo@court.example>")).front().message;
    QCOMPARE(office.facts.cipher, std::string(toString(cipher)));
    QVERIFY(contains(message, "smime-type=" + smimeType.toStdString()));
    QVERIFY(contains(message, "\r\nSubject: [...]\r\n"));
    const auto &jo = office.people.at("jo@court.example");
    const auto inner = decrypted(message, jo);
    QVERIFY(contains(inner,
                     form == SignedForm::Opaque ? "smime-type=signed-data" : "multipart/signed"));
    const OpenSslCommand openssl;
    const auto verified = OpenSslCommand::run(
        {QStringLiteral("cms"), QStringLiteral("-verify"), QStringLiteral("-inform"),
         QStringLiteral("SMIME"), QStringLiteral("-in"), openssl.put("inner", inner),
         QStringLiteral("-CAfile"), openssl.put("root", mailPki().root.certificatePem()),
         QStringLiteral("-purpose"), QStringLiteral("smimesign")});
    QVERIFY2(verified.exitCode == 0, qPrintable(verified.said));
    QVERIFY(contains(verified.out, "Subject: Minutes of Tuesday\r\n"));
    QVERIFY(contains(verified.out, "hp=cipher"));
    QVERIFY(contains(verified.out, "minutes are below"));
}

//! From the approved file to the outbox: at most 48 MiB beside the message.
void TstSealedMessages::hundredMegabytesStream() {
    Office office;
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "large.bin";
    std::ofstream(file).close();
    std::filesystem::resize_file(file, 100 * base::kMiB);
    auto what = draft("jo@court.example");
    what.attachments = {{file, "large.bin"}};
    what.protect = RouteKind::Smime;
    office.world().submitter->keepsContent = false;
    const auto plan = office.world().planFor(what); // the scan, which holds the file
    const PeakMemory memory;
    const auto delivered = office.send(*plan);
    const auto grown = memory.grownKiB();
    QCOMPARE(delivered.size(), std::size_t{1});
    QVERIFY2(!grown || *grown <= 48L * 1024, std::to_string(grown.value_or(0)).c_str());
    qInfo("grown by %ld KiB", grown.value_or(0));
}

//! The file is the approved one when it is signed, and another when it is written.
void TstSealedMessages::anAttachmentThatChangesWhileItIsSealed() {
    Office office;
    const QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "large.bin";
    std::ofstream(file).close();
    std::filesystem::resize_file(file, 40 * base::kMiB);
    auto what = draft("jo@court.example");
    what.attachments = {{file, "large.bin"}};
    what.protect = RouteKind::Smime;
    const auto plan = office.world().planFor(what);
    const auto failed = office.execute(*plan, [&](send::SendStep step, std::size_t) {
        if (step == send::SendStep::Sealing) {
            std::fstream change(file, std::ios::in | std::ios::out | std::ios::binary);
            change.seekp(1000);
            change << "changed";
        }
    });
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, std::string("plan.changed"));
    QVERIFY(office.world().outbox->list().value().empty());
    QVERIFY(office.world().submitter->delivered.empty());
}

QTEST_GUILESS_MAIN(TstSealedMessages)
#include "tst_SealedMessages.moc"
