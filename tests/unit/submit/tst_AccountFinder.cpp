// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/AccountFinder.h"
#include "submit/AutoconfigXml.h"
#include "submit/ProviderPresets.h"
#include "support/FakeResolver.h"

#include <QTest>
#include <map>

using namespace sealpost;
using namespace sealpost::submit;
using namespace std::chrono_literals;

namespace {

const mail::Address kAna = mail::Address::parse("ana@justice.example").value();
const std::string kFirstUrl = "https://autoconfig.justice.example/mail/config-v1.1.xml";
const std::string kSecondUrl =
    "https://justice.example/.well-known/autoconfig/mail/config-v1.1.xml";

std::string server(const std::string &inner, const std::string &type = "smtp") {
    return "<outgoingServer type=\"" + type + "\">" + inner + "</outgoingServer>";
}

std::string document(const std::string &servers) {
    return "<?xml version=\"1.0\"?><clientConfig version=\"1.1\"><emailProvider "
           "id=\"justice.example\"><domain>justice.example</domain><incomingServer "
           "type=\"imap\"><hostname>imap.justice.example</hostname><port>993</port>"
           "<socketType>SSL</socketType></incomingServer>" +
           servers + "</emailProvider></clientConfig>";
}

const std::string kStartTls =
    server("<hostname>start.justice.example</hostname><port>587</port>"
           "<socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username>"
           "<authentication>OAuth2</authentication><authentication>password-cleartext"
           "</authentication>");
const std::string kImplicit =
    server("<hostname>Smtp.Justice.Example</hostname><port>465</port><socketType>SSL</socketType>"
           "<username>%EMAILADDRESS%</username>"
           "<authentication>password-cleartext</authentication>");
const std::string kPlain = server("<hostname>plain.justice.example</hostname><port>25</port>"
                                  "<socketType>plain</socketType>");

//! A network that the test writes.
struct World {
    std::shared_ptr<test::FakeResolver> resolver = std::make_shared<test::FakeResolver>();
    std::map<std::string, std::string> pages;
    std::vector<std::string> asked;

    Result<FoundAccount> find() {
        const AccountFinder finder(
            resolver, [this](const std::string &url, Deadline, std::stop_token) {
                asked.push_back(url);
                const auto page = pages.find(url);
                return page == pages.end()
                           ? Result<std::string>(fail("http.status", "test", Reaction::Retry))
                           : Result<std::string>(page->second);
            });
        return finder.find(kAna, Deadline::after(5s), {});
    }
    void addSrv(const char *service, const std::vector<net::SrvRecord> &records,
                net::DnsSecurity security = net::DnsSecurity::Insecure) const {
        std::vector<std::string> rdata;
        for (const auto &record : records) {
            rdata.push_back(net::encodeSrv(record));
        }
        resolver->addRecords(std::string(service) + "._tcp.justice.example", net::DnsType::Srv,
                             rdata, security);
    }
};

} // namespace

class TstAccountFinder : public QObject {
    Q_OBJECT
private slots:
    void providersByMx_data();
    void providersByMx();
    void autoconfigPrefersTlsFromTheStart();
    void autoconfigHasAMailbox_data();
    void autoconfigHasAMailbox();
    void autoconfigUnreadable_data();
    void autoconfigUnreadable();
    void autoconfigAtBothPlaces();
    void srvPrefersSubmissions();
    void srvHasAMailbox();
    void mailboxThatNobodyVouchesFor();
    void srvOfAnotherDomainIsNotCertain();
    void srvThatSaysNo();
    void srvRecordsInOrder();
    void nothingFound();
    void clientsFromPolicy();
};

void TstAccountFinder::providersByMx_data() {
    QTest::addColumn<QString>("mx");
    QTest::addColumn<QString>("host");
    const auto row = [](const char *mx, const char *host) {
        QTest::newRow(mx) << QString::fromLatin1(mx) << QString::fromLatin1(host);
    };
    row("justice-example.mail.protection.outlook.com", "smtp.office365.com");
    row("aspmx.l.google.com", "smtp.gmail.com");
    row("aspmx2.googlemail.com", "smtp.gmail.com");
    row("evilgoogle.com", "");
    row("outlook.com.evil.example", "");
}

void TstAccountFinder::providersByMx() {
    QFETCH(QString, mx);
    QFETCH(QString, host);
    World world;
    world.resolver->addMx("justice.example", {{10, mx.toStdString()}, {20, "x.example"}});
    const auto found = world.find();
    QCOMPARE(found ? found->account.host : "", host.toStdString());
    if (found) {
        QVERIFY(found->certain);
        QVERIFY(found->account.signIn == mail::SignIn::OAuth);
        QCOMPARE(found->account.userName, "ana@justice.example");
        QVERIFY(world.asked.empty());          // no need to ask anybody else
        QCOMPARE(found->account.imapHost, ""); // they file what they take by themselves
    }
}

void TstAccountFinder::autoconfigPrefersTlsFromTheStart() {
    const auto best = readAutoconfig(document(kPlain + kStartTls + kImplicit), kAna);
    QVERIFY(best);
    QCOMPARE(best->submission.host, "smtp.justice.example");
    QVERIFY(best->submission.port == Port{465});
    QVERIFY(best->submission.tls == mail::SubmissionTls::Implicit);
    QCOMPARE(best->submission.userName, "ana@justice.example");
    QVERIFY(best->submission.signIn == mail::SignIn::Password);
    const auto second = readAutoconfig(document(kPlain + kStartTls), kAna);
    QVERIFY(second);
    QVERIFY(second->submission.tls == mail::SubmissionTls::StartTls);
    QCOMPARE(second->submission.userName, "ana");
    QVERIFY(second->submission.signIn == mail::SignIn::OAuth); // the first that it names
}

//! The mailbox, for the Sent folder: in the same way, and only where one sign-in does for both.
void TstAccountFinder::autoconfigHasAMailbox_data() {
    QTest::addColumn<QByteArray>("servers");
    QTest::addColumn<QString>("imap");
    const auto row = [](const char *name, const std::string &servers, const char *imap) {
        QTest::newRow(name) << QByteArray::fromStdString(servers) << QString::fromLatin1(imap);
    };
    const auto incoming = [](const char *host, int port, const char *tls,
                             const char *user = "%EMAILADDRESS%", const char *type = "imap") {
        return "<incomingServer type=\"" + std::string(type) + "\"><hostname>" + host +
               "</hostname><port>" + std::to_string(port) + "</port><socketType>" + tls +
               "</socketType><username>" + user + "</username></incomingServer>";
    };
    const auto a = incoming("a.example", 143, "STARTTLS");
    const auto b = incoming("b.example", 993, "SSL");
    row("none", kImplicit, "");
    row("tls-first", a + kImplicit + b, "b.example:993");
    row("starttls", kImplicit + a, "a.example:143");
    row("starttls-elsewhere", kImplicit + incoming("a.example", 1143, "STARTTLS"), "");
    row("plain", incoming("a.example", 143, "plain") + kImplicit, "");
    row("another-user", incoming("a.example", 993, "SSL", "boss") + kImplicit, "");
    row("pop3", incoming("a.example", 995, "SSL", "%EMAILADDRESS%", "pop3") + kImplicit, "");
}

void TstAccountFinder::autoconfigHasAMailbox() {
    QFETCH(QByteArray, servers);
    QFETCH(QString, imap);
    World world;
    world.pages[kFirstUrl] = "<clientConfig version=\"1.1\"><emailProvider>" +
                             servers.toStdString() + "</emailProvider></clientConfig>";
    const auto found = world.find();
    QVERIFY(found);
    const auto &account = found->account;
    QCOMPARE(account.host, "smtp.justice.example");
    QCOMPARE(account.imapHost.empty()
                 ? ""
                 : account.imapHost + ":" +
                       std::to_string(static_cast<std::uint16_t>(account.imapPort)),
             imap.toStdString());
}

void TstAccountFinder::autoconfigUnreadable_data() {
    QTest::addColumn<QByteArray>("xml");
    const auto row = [](const char *name, const std::string &xml) {
        QTest::newRow(name) << QByteArray::fromStdString(xml);
    };
    row("empty", "");
    row("html", "<html><body>Not here</body></html>");
    row("plain-alone", document(kPlain));
    row("cut", document(kImplicit).substr(0, 400));
    row("other-type", document(server("<hostname>a.example</hostname><port>465</port>"
                                      "<socketType>SSL</socketType>",
                                      "jmap")));
    row("no-port", document(server("<hostname>a.example</hostname><socketType>SSL</socketType>")));
    row("port-too-large", document(server("<hostname>a.example</hostname><port>70000</port>"
                                          "<socketType>SSL</socketType>")));
    row("bad-host", document(server("<hostname>a b</hostname><port>465</port>"
                                    "<socketType>SSL</socketType>")));
    row("line-break-in-user", document(server("<hostname>a.example</hostname><port>465</port>"
                                              "<socketType>SSL</socketType>"
                                              "<username>a&#10;b</username>")));
    row("entities-without-end",
        "<!DOCTYPE c [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d "
        "\"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>"
        "<clientConfig><emailProvider>" +
            server("<hostname>&d;&d;&d;</hostname><port>465</port><socketType>SSL</socketType>") +
            "</emailProvider></clientConfig>");
}

void TstAccountFinder::autoconfigUnreadable() {
    QFETCH(QByteArray, xml);
    QVERIFY(!readAutoconfig(xml.toStdString(), kAna));
}

void TstAccountFinder::autoconfigAtBothPlaces() {
    World world;
    world.pages[kSecondUrl] = document(kImplicit);
    const auto found = world.find();
    QVERIFY(found);
    QCOMPARE(world.asked, (std::vector<std::string>{kFirstUrl, kSecondUrl}));
    QVERIFY(found->source == SettingsSource::Autoconfig);
    QVERIFY(found->certain);
    QCOMPARE(found->account.host, "smtp.justice.example");
}

void TstAccountFinder::srvPrefersSubmissions() {
    World world;
    world.addSrv("_submission", {{0, 0, Port{587}, "start.justice.example"}});
    auto found = world.find();
    QVERIFY(found);
    QVERIFY(found->account.tls == mail::SubmissionTls::StartTls);
    world.addSrv("_submissions", {{10, 0, Port{465}, "second.justice.example"},
                                  {0, 0, Port{10465}, "smtp.justice.example"}});
    found = world.find();
    QVERIFY(found);
    QVERIFY(found->account.tls == mail::SubmissionTls::Implicit);
    QCOMPARE(found->account.host, "smtp.justice.example");
    QVERIFY(found->account.port == Port{10465});
    QVERIFY(found->certain); // it is under the domain
}

void TstAccountFinder::srvHasAMailbox() {
    World world;
    world.addSrv("_submissions", {{0, 0, Port{465}, "smtp.justice.example"}});
    QCOMPARE(world.find()->account.imapHost, "");
    world.addSrv("_imap", {{0, 0, Port{143}, "start.justice.example"}});
    QCOMPARE(world.find()->account.imapHost, "start.justice.example");
    QVERIFY(world.find()->account.imapPort == Port{143});
    world.addSrv("_imaps", {{0, 0, Port{10993}, "imap.justice.example"}});
    QCOMPARE(world.find()->account.imapHost, "imap.justice.example");
    QVERIFY(world.find()->account.imapPort == Port{10993});
}

//! The password goes there by itself: only where it is certain whose it is.
void TstAccountFinder::mailboxThatNobodyVouchesFor() {
    World world;
    world.addSrv("_submissions", {{0, 0, Port{465}, "smtp.justice.example"}});
    world.addSrv("_imaps", {{0, 0, Port{993}, "imap.evil.example"}});
    QCOMPARE(world.find()->account.imapHost, "");
    world.addSrv("_imaps", {{0, 0, Port{993}, "imap.evil.example"}}, net::DnsSecurity::Secure);
    QCOMPARE(world.find()->account.imapHost, "imap.evil.example");
    world.addSrv("_imaps", {{0, 0, Port{0}, "."}});
    QCOMPARE(world.find()->account.imapHost, "");
}

void TstAccountFinder::srvOfAnotherDomainIsNotCertain() {
    World world;
    world.addSrv("_submissions", {{0, 0, Port{465}, "smtp.evil.example"}});
    QVERIFY(!world.find()->certain);
    world.addSrv("_submissions", {{0, 0, Port{465}, "smtp.evil.example"}},
                 net::DnsSecurity::Secure);
    QVERIFY(world.find()->certain); // the domain itself says so
}

void TstAccountFinder::srvThatSaysNo() {
    World world;
    world.addSrv("_submissions", {{0, 0, Port{0}, ""}});
    world.addSrv("_submission", {{0, 0, Port{587}, "smtp.justice.example"}});
    QVERIFY(world.find()->account.tls == mail::SubmissionTls::StartTls);
}

void TstAccountFinder::srvRecordsInOrder() {
    net::DnsAnswer answer;
    for (const auto &record : std::vector<net::SrvRecord>{{20, 9, Port{1}, "c.example"},
                                                          {10, 1, Port{2}, "b.example"},
                                                          {10, 5, Port{3}, "a.example"}}) {
        answer.rdata.push_back(net::encodeSrv(record));
    }
    answer.rdata.emplace_back("\0\1\0\1\0", 5);       // cut short
    answer.rdata.emplace_back("\0\1\0\1\0\1\7ab", 9); // a label that is cut
    const auto records = net::srvRecords(answer);
    QCOMPARE(records.size(), 3U);
    QCOMPARE(records[0].host, "a.example");
    QVERIFY(records[0].port == Port{3});
    QCOMPARE(records[0].weight, 5);
    QCOMPARE(records[1].host, "b.example");
    QCOMPARE(records[2].priority, 20);
}

void TstAccountFinder::nothingFound() {
    World world;
    const auto found = world.find();
    QVERIFY(!found);
    QCOMPARE(found.error().code, "account.not-found-for");
    QCOMPARE(found.error().subject, "justice.example");
}

void TstAccountFinder::clientsFromPolicy() {
    policy::AccountPolicy policy;
    policy.oauthClients = {{"https://login.microsoftonline.com/T/v2.0", "m-id", ""},
                           {"https://accounts.google.com", "g-id", "g-secret"}};
    const auto filled = [&](mail::ProviderKind kind, const char *issuer, const char *id) {
        mail::Account account;
        applyPreset(account, kind);
        account.oauth.issuer = *issuer != '\0' ? issuer : account.oauth.issuer;
        account.oauth.clientId = id;
        fillOAuthClient(account, policy);
        return account.oauth.clientId + "|" + account.oauth.issuer;
    };
    using mail::ProviderKind;
    QCOMPARE(filled(ProviderKind::Google, "", ""), "g-id|https://accounts.google.com");
    QCOMPARE(filled(ProviderKind::Google, "", "own"), "own|https://accounts.google.com");
    QCOMPARE(filled(ProviderKind::Office365, "", ""),
             "m-id|https://login.microsoftonline.com/T/v2.0");
    QCOMPARE(filled(ProviderKind::Office365, "https://login.microsoftonline.com/U/v2.0", ""),
             "|https://login.microsoftonline.com/U/v2.0");
    policy.oauthClients.push_back({"https://login.microsoftonline.com/U/v2.0", "u-id", ""});
    QCOMPARE(filled(ProviderKind::Office365, "", ""), "|"); // which tenant, a person says
}

QTEST_GUILESS_MAIN(TstAccountFinder)
#include "tst_AccountFinder.moc"
