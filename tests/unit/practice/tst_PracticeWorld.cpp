// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/SmtpSession.h"
#include "net/TcpStream.h"
#include "practice/PracticePeople.h"
#include "practice/PracticeResolver.h"
#include "practice/PracticeWorld.h"
#include "unit/practice/SmtpCalls.h"

#include <QDir>
#include <QTemporaryDir>
#include <QtTest>
#include <filesystem>

using namespace sealpost;
using namespace sealpost::practice;
using namespace sealpost::practice::testing;
using namespace std::chrono_literals;

namespace {

Deadline soon() {
    return Deadline::after(10s);
}

QByteArray contentOf(const std::filesystem::path &path) {
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TestPracticeWorld : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void keepsItsPeople();
    void halfMadeFolderIsMadeAnew();
    void changedFolderIsAnError();
    void unwritableFolder();
    void resolver_data();
    void resolver();
    void exchangersAnswer();
    void submission();
    void crl();

private:
    [[nodiscard]] std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    QTemporaryDir m_folder;
    std::shared_ptr<Clock> m_clock = std::make_shared<base::SystemClock>();
    std::unique_ptr<PracticeWorld> m_world;
};

void TestPracticeWorld::initTestCase() {
    auto world = PracticeWorld::start(folder(), m_clock);
    QVERIFY2(world, world ? "" : world.error().code.c_str());
    m_world = std::move(*world);
}

void TestPracticeWorld::keepsItsPeople() {
    const auto key = contentOf(folder() / "people/sam-okoro.p12");
    const auto root = contentOf(m_world->caFile());
    QVERIFY(!key.isEmpty());
    QVERIFY(root.contains("BEGIN CERTIFICATE"));
    const auto again = PracticeWorld::start(folder(), m_clock);
    QVERIFY(again);
    QCOMPARE(contentOf(folder() / "people/sam-okoro.p12"), key);
    QCOMPARE(contentOf((*again)->caFile()), root);
    QCOMPARE((*again)->accountPassword(), m_world->accountPassword());
    QVERIFY((*again)->account().port != m_world->account().port);
    QVERIFY(std::filesystem::exists(folder() / "people/jo-bloggs.p12"));
    const auto kept = m_world->keychain()->read(m_world->account().keychainKey());
    QVERIFY(kept && *kept);
    QCOMPARE(std::string((*kept)->view()), m_world->accountPassword());
    QVERIFY(m_world->accountPassword().size() >= 32);
}

void TestPracticeWorld::halfMadeFolderIsMadeAnew() {
    const QTemporaryDir other;
    const std::filesystem::path path(other.path().toStdString());
    std::filesystem::create_directories(path / "authority");
    QFile stray(other.filePath(QStringLiteral("authority/root.pem")));
    QVERIFY(stray.open(QIODevice::WriteOnly));
    stray.write("half");
    stray.close();
    QVERIFY(PracticePeople::open(path, m_clock->now()));
    QVERIFY(contentOf(path / "authority/root.pem").contains("END CERTIFICATE"));
}

void TestPracticeWorld::changedFolderIsAnError() {
    const QTemporaryDir other;
    const std::filesystem::path path(other.path().toStdString());
    QVERIFY(PracticePeople::open(path, m_clock->now()));
    std::filesystem::resize_file(path / "authority/root.key", 10);
    const auto people = PracticePeople::open(path, m_clock->now());
    QVERIFY(!people);
    QCOMPARE(people.error().code, std::string("practice.folder"));
    QCOMPARE(people.error().reaction, Reaction::AskAdmin);
}

void TestPracticeWorld::unwritableFolder() {
    QFile inTheWay(m_folder.filePath(QStringLiteral("a-file")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    const auto world = PracticeWorld::start(folder() / "a-file" / "practice", m_clock);
    QVERIFY(!world);
    QCOMPARE(world.error().code, std::string("practice.folder"));
}

void TestPracticeWorld::resolver_data() {
    using net::DnsOutcome;
    using net::DnsSecurity;
    using net::DnsType;
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("security");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *tag, const char *name, DnsType type, DnsOutcome outcome,
                        DnsSecurity security, const char *value) {
        QTest::newRow(tag) << QByteArray(name) << static_cast<int>(type)
                           << static_cast<int>(outcome) << static_cast<int>(security)
                           << QByteArray(value);
    };
    row("mx-secure", "court.practice.example", DnsType::Mx, DnsOutcome::Records,
        DnsSecurity::Secure, "mx.court.practice.example");
    row("mx-insecure", "Council.practice.example.", DnsType::Mx, DnsOutcome::Records,
        DnsSecurity::Insecure, "mx.council.practice.example");
    row("address-tls", "mx.court.practice.example", DnsType::A, DnsOutcome::Records,
        DnsSecurity::Secure, "127.0.0.2");
    row("address-plain", "mx.oldmail.practice.example", DnsType::A, DnsOutcome::Records,
        DnsSecurity::Insecure, "127.0.0.3");
    row("submission", "smtp.justice.practice.example", DnsType::A, DnsOutcome::Records,
        DnsSecurity::Secure, "127.0.0.1");
    row("no-aaaa", "mx.court.practice.example", DnsType::Aaaa, DnsOutcome::NoData,
        DnsSecurity::Secure, "");
    row("unsure", "unsure.practice.example", DnsType::Mx, DnsOutcome::TempFailure,
        DnsSecurity::Insecure, "");
    row("nothing-else-exists", "gov.uk", DnsType::Mx, DnsOutcome::NxDomain, DnsSecurity::Secure,
        "");
    row("unknown-below", "x.court.practice.example", DnsType::Mx, DnsOutcome::NxDomain,
        DnsSecurity::Secure, "");
}

void TestPracticeWorld::resolver() {
    QFETCH(QByteArray, name);
    QFETCH(int, type);
    QFETCH(QByteArray, value);
    const auto answer =
        m_world->resolver()->query(name.toStdString(), static_cast<net::DnsType>(type), soon(), {});
    QTEST(static_cast<int>(answer.outcome), "outcome");
    QTEST(static_cast<int>(answer.security), "security");
    const auto hosts = net::mxRecords(answer);
    const auto addresses = net::addressRecords(answer);
    const auto found = type == static_cast<int>(net::DnsType::Mx)
                           ? (hosts.empty() ? std::string() : hosts.front().host)
                           : (addresses.empty() ? std::string() : addresses.front());
    QCOMPARE(QByteArray::fromStdString(found), value);
}

void TestPracticeWorld::exchangersAnswer() {
    for (const auto address : {kGoodMxAddress, kPlainMxAddress}) {
        auto stream = net::connectTcp({std::string(address)}, m_world->smtpPort(), soon(), {});
        QVERIFY(stream);
        net::SmtpSession session(std::move(*stream));
        session.setDeadline(soon(), {});
        QCOMPARE(session.readGreeting()->code, 220);
        QCOMPARE(session.ehlo("c.example")->code, 250);
        QCOMPARE(session.capabilities().contains("STARTTLS"), address == kGoodMxAddress);
        if (address == kGoodMxAddress) {
            crypto::TlsClientConfig config;
            config.host = "mx.council.practice.example";
            config.caFile = m_world->caFile();
            QCOMPARE(session.startTls(config)->code, 220);
        }
    }
}

void TestPracticeWorld::submission() {
    const auto account = m_world->account();
    QCOMPARE(account.address.spec(), std::string(kSam.address));
    QVERIFY(account.provider == mail::ProviderKind::Practice);
    auto stream = net::connectTcp({"127.0.0.1"}, account.port, soon(), {});
    QVERIFY(stream);
    net::SmtpSession session(std::move(*stream));
    session.setDeadline(soon(), {});
    crypto::TlsClientConfig config;
    config.host = account.host;
    config.caFile = m_world->caFile();
    QVERIFY(session.implicitTls(config));
    QCOMPARE(session.readGreeting()->code, 220);
    QCOMPARE(session.ehlo("c.example")->code, 250);
    QCOMPARE(signIn(session, account.userName, m_world->accountPassword())->code, 235);
    QCOMPARE(mailFrom(session, account.address.spec(), "")->code, 250);
    QCOMPARE(rcptTo(session, std::string(kAlex.address))->code, 250);
    QCOMPARE(data(session)->code, 354);
    QCOMPARE(content(session, "Subject: hello\r\n\r\nhello\r\n")->code, 250);
    const QDir inbox(QString::fromStdString(m_world->inbox().string()));
    QCOMPARE(inbox.entryList(QDir::Files), QStringList(QStringLiteral("0001.eml")));
    QVERIFY(contentOf(m_world->inbox() / "0001.eml").endsWith("\r\n\r\nhello\r\n"));
}

void TestPracticeWorld::crl() {
    const auto fetch = m_world->crlFetcher();
    const auto list = fetch(std::string(kPracticeCrlUrl), soon(), {});
    QVERIFY(list);
    QVERIFY(list->size() > 100);
    const auto other = fetch("http://crl.example/other.crl", soon(), {});
    QVERIFY(!other);
    QCOMPARE(other.error().code, std::string("http.failed"));
}

QTEST_GUILESS_MAIN(TestPracticeWorld)
#include "tst_PracticeWorld.moc"
