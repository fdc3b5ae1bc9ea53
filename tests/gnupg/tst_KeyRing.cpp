// SPDX-License-Identifier: GPL-3.0-or-later
// gpgsm's key ring as it is read here: as gpgsm itself has it, and of many only what is asked for.
#include "base/Text.h"
#include "crypto/CertificateReader.h"
#include "crypto/CertificateStorePrivate.h"
#include "crypto/GnupgTool.h"
#include "gnupg/StoreFixture.h"

#include <QTest>
#include <algorithm>
#include <fstream>
#include <set>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace {

using Fingerprints = std::set<std::string>;

std::shared_ptr<const KeyboxContent> contentOf(const StoreFixture &fixture) {
    return *fixture.store->internals().keybox.content(soon());
}

Fingerprints all(const KeyboxContent &content) {
    Fingerprints found;
    for (const auto *one : content.all()) {
        found.insert(one->info.fingerprint);
    }
    return found;
}

Fingerprints asGpgsmHasThem(const StoreFixture &fixture) {
    const auto answer = runGnupgTool("gpgsm", fixture.home.path().toStdString(),
                                     {"--batch", "--no-tty", "--armor", "--export"}, {}, soon());
    Fingerprints found;
    const auto parsed = parseCertificates(answer->out);
    for (const auto &one : *parsed) {
        found.insert(readCertificate(one.get()).fingerprint);
    }
    return found;
}

void import(const StoreFixture &fixture, const std::string &pem) {
    QVERIFY(fixture.store->importCertificates(pem, soon()));
}

//! A subject's emailAddress as BMPString (UTF-16) or UniversalString (UTF-32), as no standard
//! allows and some programs wrote it.
std::string wideAddress(const std::string &address, unsigned width) {
    std::string wide;
    for (const char c : address) {
        wide += std::string(width - 1, '\0') + c;
    }
    return wide;
}

} // namespace

class TstKeyRing final : public QObject {
    Q_OBJECT
private slots:
    void itIsAsGpgsmHasIt() {
        StoreFixture fixture(mailPki());
        fixture.trust(mailPki());
        const auto jo = mailPki().issue({.name = "jo", .address = "jo@example.test"});
        const auto al = mailPki().issue({.name = "al", .address = "al@example.test"});
        import(fixture, jo.certificatePem() + al.certificatePem());
        QCOMPARE(all(*contentOf(fixture)), asGpgsmHasThem(fixture));
        QCOMPARE(all(*contentOf(fixture)).size(), std::size_t{4});
        QCOMPARE(contentOf(fixture)->authorities().size(), std::size_t{2});
        QVERIFY(fixture.store->remove(jo.fingerprint(), CertificateStore::Removal::CertificateAlone,
                                      soon()));
        QCOMPARE(all(*contentOf(fixture)), asGpgsmHasThem(fixture));
        QVERIFY(contentOf(fixture)->exactly(jo.fingerprint()) == nullptr);
        QVERIFY(contentOf(fixture)->exactly(al.fingerprint()) != nullptr);
    }

    void aFileOfAnotherFormIsLeftToGpgsm() {
        StoreFixture fixture(mailPki());
        fixture.trust(mailPki());
        {
            std::ofstream file(fixture.home.path().toStdString() + "/pubring.kbx",
                               std::ios::app | std::ios::binary);
            file << std::string("\0\0\0\1", 4); // a blob that is shorter than its own head
        }
        fixture.reopen();
        const auto found = fixture.store->list(soon(), {});
        // Whatever gpgsm makes of it: an error or its certificates, and no crash.
        QVERIFY(found || !found.error().code.empty());
    }

    void anAddressIsFoundHoweverItIsWritten_data() {
        QTest::addColumn<MailPerson>("person");
        QTest::addColumn<QString>("address");
        const auto row = [](const char *name, const MailPerson &person, const char *address) {
            QTest::newRow(name) << person << QString::fromUtf8(address);
        };
        row("plain", {.address = "jo.bloggs@example.test"}, "jo.bloggs@example.test");
        row("another case", {.address = "Jo.Bloggs@Example.TEST"}, "jo.bloggs@example.test");
        row("asked in another case", {.address = "jo@example.test"}, "JO@example.test");
        row("one letter", {.address = "j@example.test"}, "j@example.test");
        row("in the subject", {.address = "", .subjectAddress = "jo@example.test"},
            "jo@example.test");
        row("idn", {.address = "jo@xn--bcher-kva.example"}, "jo@xn--bcher-kva.example");
        row("plus", {.address = "jo+tag@example.test"}, "jo+tag@example.test");
    }
    void anAddressIsFoundHoweverItIsWritten() {
        QFETCH(MailPerson, person);
        QFETCH(QString, address);
        std::vector<X509Ptr> certificates;
        certificates.push_back(sharedCopy(mailPki().issue({}).certificate.get()));
        certificates.push_back(sharedCopy(mailPki().issue(person).certificate.get()));
        const KeyboxContent content(std::move(certificates));
        QCOMPARE(content.forAddress(address.toStdString()).size(), std::size_t{1});
        QVERIFY(content.forAddress("o" + address.toStdString()).empty());
    }

    void anAddressInWideLettersIsFound() {
        for (const auto &[type, width] :
             {std::pair{V_ASN1_BMPSTRING, 2U}, std::pair{V_ASN1_UNIVERSALSTRING, 4U}}) {
            auto person = mailPki().issue({.address = ""});
            const auto wide = wideAddress("jo@example.test", width);
            auto *subject = X509_get_subject_name(person.certificate.get());
            QVERIFY(X509_NAME_add_entry_by_NID(subject, NID_pkcs9_emailAddress, type,
                                               reinterpret_cast<const unsigned char *>(wide.data()),
                                               static_cast<int>(wide.size()), -1, 0) == 1);
            // Signed again, since OpenSSL encodes what has changed only then.
            X509_sign(person.certificate.get(), mailPki().intermediate.key.get(), EVP_sha256());
            std::vector<X509Ptr> certificates;
            certificates.push_back(std::move(person.certificate));
            const KeyboxContent content(std::move(certificates));
            QCOMPARE(content.all().front()->info.addresses,
                     std::vector<std::string>{"jo@example.test"});
            QCOMPARE(content.forAddress("jo@example.test").size(), std::size_t{1});
        }
    }

    void everyAuthorityIsKnownAsOne() {
        const auto bounded =
            mailPki().authorityUnder(mailPki().root, "Bounded", "CA:TRUE,pathlen:0");
        const auto critical =
            mailPki().authorityUnder(mailPki().root, "Critical", "critical,CA:TRUE");
        const auto none = mailPki().authorityUnder(mailPki().root, "None", "CA:FALSE");
        std::vector<X509Ptr> certificates;
        for (const auto *one : {&bounded, &critical, &none, &mailPki().root}) {
            certificates.push_back(sharedCopy(one->certificate.get()));
        }
        certificates.push_back(sharedCopy(mailPki().issue({}).certificate.get()));
        const KeyboxContent read(std::move(certificates));
        Fingerprints authorities;
        for (const auto *one : read.authorities()) {
            authorities.insert(one->info.fingerprint);
        }
        QCOMPARE(authorities, Fingerprints({bounded.fingerprint(), critical.fingerprint(),
                                            mailPki().root.fingerprint()}));
    }

    void listsAreFetchedBeforeTheyEnd() {
        StoreFixture fixture(mailPki());
        fixture.trust(mailPki());
        const auto person = mailPki().issue({});
        import(fixture, person.certificatePem());
        const std::vector<std::string> who{person.fingerprint(), std::string(64, '0')};
        const auto refresh = [&] {
            return *fixture.store->refreshRevocation(who, std::chrono::hours(3), soon(), {});
        };
        auto done = refresh(); // none yet
        QCOMPARE(std::tuple(done.lists, done.fetched, done.failed), std::tuple(2, 2, 0));
        done = refresh();
        QCOMPARE(std::tuple(done.lists, done.fetched, done.failed), std::tuple(2, 0, 0));
        fixture.clock->advance(std::chrono::hours(22)); // two of a day are left
        done = refresh();
        QCOMPARE(done.fetched, 2);
        // A message finds it fresh: nobody is asked.
        const auto asked = fixture.crls.asked();
        QCOMPARE(wordOf(fixture.store->show(person.fingerprint(), soon(), {})->state),
                 QStringLiteral("usable"));
        QCOMPARE(fixture.crls.asked(), asked);
        // What can't be fetched goes on counting until its end.
        fixture.crls.remove(kIntermediateCrl);
        fixture.clock->advance(std::chrono::hours(22));
        done = refresh();
        QCOMPARE(std::tuple(done.fetched, done.failed), std::tuple(1, 1));
        QCOMPARE(wordOf(fixture.store->show(person.fingerprint(), soon(), {})->state),
                 QStringLiteral("usable"));
    }

    void nobodyAsksForListsOfWhoIsNotTrusted() {
        StoreFixture fixture(mailPki());
        const auto stranger = mailPki().issue({.issuer = MailIssuer::UnknownRoot});
        import(fixture, stranger.certificatePem() + mailPki().unknownRoot.certificatePem());
        const auto done = fixture.store->refreshRevocation(std::vector{stranger.fingerprint()},
                                                           std::chrono::hours(3), soon(), {});
        QCOMPARE(done->lists, 0);
        QCOMPARE(fixture.crls.asked(), 0);
    }
};

QTEST_GUILESS_MAIN(TstKeyRing)
#include "tst_KeyRing.moc"
