// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/CertificateSearchParts.h"

#include "crypto/SealedBox.h"
#include "gnupg/StoreFixture.h"
#include "support/FakeResolver.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;
using assurance::SourceKind;

namespace {

std::string derOf(const test::MailIdentity &identity) {
    unsigned char *bytes = nullptr;
    const int size = i2d_X509(identity.certificate.get(), &bytes);
    std::string der(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return der;
}

std::string publicKeyOf(const test::MailIdentity &identity) {
    unsigned char *bytes = nullptr;
    const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(identity.certificate.get()), &bytes);
    std::string key(reinterpret_cast<const char *>(bytes), static_cast<std::size_t>(size));
    OPENSSL_free(bytes);
    return key;
}

//! Remembers choices alone.
class Pins final : public crypto::CorrespondentMemory {
public:
    crypto::ReaderCapabilities capabilities(std::string_view) override { return {}; }
    Result<void> learn(std::string_view, const crypto::ReaderCapabilities &, Time) override {
        return {};
    }
    Result<std::optional<std::string>> pinned(std::string_view spec) override {
        const auto at = m_pins.find(std::string(spec));
        return at == m_pins.end() ? std::nullopt : std::optional(at->second);
    }
    Result<void> pin(std::string_view spec, std::string_view fingerprint) override {
        m_pins[std::string(spec)] = fingerprint;
        return {};
    }

private:
    std::map<std::string, std::string> m_pins;
};

//! An operating system that keeps certificates; its keys are not asked for.
class FakeSystemKeys final : public crypto::SystemKeyStore {
public:
    Result<std::vector<std::string>> mine{std::vector<std::string>{}};
    Result<std::vector<std::string>> known{std::vector<std::string>{}};

    Result<std::vector<std::string>> own() override { return mine; }
    Result<std::vector<std::string>> others() override { return known; }
    Result<std::string> sign(std::string_view, const crypto::SystemSignature &,
                             std::string_view) override {
        return unsupported();
    }
    Result<SecretBytes> decrypt(std::string_view, crypto::SystemTransport,
                                std::string_view) override {
        return unsupported();
    }
    Result<SecretBytes> agree(std::string_view, std::string_view) override { return unsupported(); }

private:
    static tl::unexpected<Error> unsupported() {
        return fail("system-store.unsupported", "test", Reaction::AskAdmin);
    }
};

void write(const QString &path, const std::string &content) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content.data(), static_cast<qint64>(content.size()));
}

} // namespace

class TstCertificateSearch final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        m_fixture = std::make_unique<test::StoreFixture>(test::mailPki());
        m_fixture->trust(test::mailPki());
        m_bundle = std::make_unique<QTemporaryDir>();
        m_system = std::make_shared<FakeSystemKeys>();
        m_resolver = std::make_shared<test::FakeResolver>();
        m_memory = std::make_shared<Pins>();
        auto config = m_fixture->config();
        config.memory = m_memory;
        m_parts.store = *crypto::CertificateStore::open(config);
        m_parts.resolver = m_resolver;
        m_parts.sources.bundles = {m_bundle->path().toStdString()};
        m_parts.system = m_system;
    }
    void cleanup() {
        m_parts = {};
        m_fixture.reset();
    }

    void everySourceIsNamed() {
        const auto kept = issue("kept");
        const auto bundled = issue("bundled");
        const auto systems = issue("systems");
        const auto &store = m_parts.store;
        QVERIFY(store->importCertificates(kept.certificatePem(), test::soon()));
        write(m_bundle->filePath(QStringLiteral("jo.pem")),
              bundled.certificatePem() + kept.certificatePem());
        m_system->known = {derOf(systems), derOf(bundled), derOf(test::mailPki().intermediate)};
        const auto found = search();
        QVERIFY(found);
        QCOMPARE(found->candidates.size(), std::size_t{3}); // each once, from the first source
        QVERIFY(sourceOf(*found, kept) == SourceKind::KeyRing);
        QVERIFY(sourceOf(*found, bundled) == SourceKind::Bundle);
        QVERIFY(sourceOf(*found, systems) == SourceKind::System);
        QCOMPARE(found->counts, kept.fingerprint()); // what is elsewhere is not encrypted to
        QCOMPARE(found->candidates.front().info().fingerprint, kept.fingerprint());
        QVERIFY(found->why.reason == crypto::ChoiceReason::OnlyOne);
        QVERIFY(found->dns.evidence != Evidence::Proven);
        QVERIFY(!found->pinned);
        QVERIFY(store->pin(kJo, kept.fingerprint(), test::soon()));
        QVERIFY(search()->pinned);
    }

    void dnsNamesCertificates_data() {
        QTest::addColumn<int>("usage");
        QTest::addColumn<int>("selector");
        QTest::addColumn<bool>("authoritys");
        QTest::addColumn<bool>("confirms");
        for (int usage = 0; usage <= 4; ++usage) {
            for (int selector = 0; selector <= 1; ++selector) {
                for (const bool authoritys : {false, true}) {
                    // Usages 0 and 2 mean authorities, 1 and 3 the certificate itself.
                    const bool confirms = usage <= 3 && (usage % 2 == 0) == authoritys;
                    QTest::addRow("rfc8162-2 usage %d selector %d, %s", usage, selector,
                                  authoritys ? "the authority's" : "its own")
                        << usage << selector << authoritys << confirms;
                }
            }
        }
    }
    void dnsNamesCertificates() {
        QFETCH(const int, usage);
        QFETCH(const int, selector);
        QFETCH(const bool, authoritys);
        QFETCH(const bool, confirms);
        const auto jo = issue("jo");
        QVERIFY(m_parts.store->importCertificates(jo.certificatePem(), test::soon()));
        const auto &named = authoritys ? test::mailPki().intermediate : jo;
        const auto data = selector == 0 ? derOf(named) : publicKeyOf(named);
        m_resolver->addRecords(
            assurance::smimeaName(mail::Address::parse(kJo).value()), net::DnsType::Smimea,
            {std::string{static_cast<char>(usage), static_cast<char>(selector), '\1'} +
             crypto::sha256(data)},
            net::DnsSecurity::Secure);
        const auto found = search();
        QVERIFY(found);
        QCOMPARE(found->candidates.front().confirmed, confirms);
    }

    void dnsHasTheWholeCertificate() {
        const auto jo = issue("jo");
        m_resolver->addRecords(assurance::smimeaName(mail::Address::parse(kJo).value()),
                               net::DnsType::Smimea, {std::string("\3\0\0", 3) + derOf(jo)},
                               net::DnsSecurity::Secure);
        const auto found = search();
        QVERIFY(found);
        QCOMPARE(found->candidates.size(), std::size_t{1});
        QVERIFY(found->candidates.front().source == SourceKind::Dns);
        QVERIFY(found->candidates.front().confirmed);
        QVERIFY(!found->candidates.front().kept());
        QVERIFY(found->counts.empty()); // nothing is kept for being found
    }

    void aStoreThatFailsIsATrouble() {
        m_system->mine = fail("system-store.failed", "system", Reaction::AskAdmin, "0x80090016");
        const auto found = search();
        QVERIFY(found);
        QCOMPARE(found->troubles.size(), std::size_t{1});
        QCOMPARE(found->troubles.front().error.code, std::string("system-store.failed"));
    }

    void aStoppedSearchSaysSo() {
        std::stop_source stop;
        stop.request_stop();
        const auto found = runtime::searchCertificates(m_parts, mail::Address::parse(kJo).value(),
                                                       test::soon(), stop.get_token());
        QVERIFY(!found);
        QCOMPARE(found.error().code, std::string("certificate.search-stopped"));
    }

private:
    static constexpr auto kJo = "jo@court.example";

    test::MailIdentity issue(const std::string &name) {
        return test::mailPki().issue({.name = name, .address = kJo});
    }
    Result<runtime::CertificateSearch> search() {
        return runtime::searchCertificates(m_parts, mail::Address::parse(kJo).value(), test::soon(),
                                           {});
    }
    static SourceKind sourceOf(const runtime::CertificateSearch &found,
                               const test::MailIdentity &who) {
        for (const auto &candidate : found.candidates) {
            if (candidate.info().fingerprint == who.fingerprint()) {
                return candidate.source;
            }
        }
        return SourceKind::Dns;
    }

    std::unique_ptr<test::StoreFixture> m_fixture;
    std::unique_ptr<QTemporaryDir> m_bundle;
    std::shared_ptr<FakeSystemKeys> m_system;
    std::shared_ptr<test::FakeResolver> m_resolver;
    std::shared_ptr<Pins> m_memory;
    runtime::CertificateSearchParts m_parts;
};

QTEST_GUILESS_MAIN(TstCertificateSearch)
#include "tst_CertificateSearch.moc"
