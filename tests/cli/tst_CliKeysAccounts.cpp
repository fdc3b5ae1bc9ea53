// SPDX-License-Identifier: GPL-3.0-or-later
#include "CliHarness.h"

#include <QJsonArray>
#include <QtTest>
#include <map>
#include <memory>

using namespace sealpost;
using namespace sealpost::test;

namespace {

//! Keeps secrets in memory, and refuses those whose key has `refused` in it.
class BrittleKeychain final : public crypto::Keychain {
public:
    std::string refused;

    Result<std::optional<SecretBytes>> read(std::string_view key) override {
        const auto found = m_secrets.find(std::string(key));
        if (found == m_secrets.end()) {
            return std::optional<SecretBytes>();
        }
        return found->second.clone();
    }
    Result<void> write(std::string_view key, const SecretBytes &secret) override {
        if (!refused.empty() && key.find(refused) != std::string_view::npos) {
            return fail("keychain.denied", "test", Reaction::FixInput);
        }
        m_secrets[std::string(key)] = secret.clone();
        return {};
    }
    Result<void> remove(std::string_view key) override {
        m_secrets.erase(std::string(key));
        return {};
    }
    [[nodiscard]] bool has(const std::string &key) const { return m_secrets.contains(key); }

private:
    std::map<std::string, SecretBytes> m_secrets;
};

QStringList certs(const QStringList &args) {
    return QStringList(QStringLiteral("certs")) + args;
}

} // namespace

class TestCliKeysAccounts : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void lists();
    void shows();
    void importsKey();
    void doctor();
    void finds();
    void fetchesListsAhead();
    void pinsAndExplains();
    void requestsExportsAndRemoves();
    void importTrusts();
    void badImports_data();
    void badImports();
    void missingImport();
    void addsAccount();
    void accountIsChanged();
    void accountSignsWithTheChosenCertificate();
    void passwordIsChanged();
    void badAccounts_data();
    void badAccounts();
    void noAccountWithoutItsSecret();
    void testsAccount();
    void providersPresets_data();
    void providersPresets();
    void asksForACertificate(); // last: the inbox is empty until then

private:
    [[nodiscard]] QString person(const char *file) const {
        return m_cli.profile() + QStringLiteral("/practice/people/") + QLatin1String(file);
    }

    CliHarness m_cli;
    std::shared_ptr<BrittleKeychain> m_keychain = std::make_shared<BrittleKeychain>();
};

void TestCliKeysAccounts::initTestCase() {
    m_cli.options.keychain = m_keychain;
}

void TestCliKeysAccounts::lists() {
    const auto ran = m_cli.json(certs({QStringLiteral("list")}));
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "certificate");
    QCOMPARE(ran.lines().size(), 2);
    const auto words = m_cli.run(certs({QStringLiteral("list")}));
    QVERIFY(words.out.contains("sam.okoro@justice.practice.example"));
    QVERIFY(words.out.contains("yours"));
}

void TestCliKeysAccounts::shows() {
    const auto byAddress = m_cli.json(
        certs({QStringLiteral("show"), QStringLiteral("jo.bloggs@court.practice.example")}));
    VERIFY_CODE(byAddress, 0);
    VERIFY_SCHEMA(byAddress.out, "certificate");
    QCOMPARE(byAddress.json()[QStringLiteral("state")].toString(), QStringLiteral("usable"));
    const auto print = byAddress.json()[QStringLiteral("fingerprint")].toString();
    const auto byPrint = m_cli.run(certs({QStringLiteral("show"), print.left(12).toUpper()}));
    VERIFY_CODE(byPrint, 0);
    QVERIFY(byPrint.out.contains(print.toUtf8()));
    const auto none = m_cli.run(certs({QStringLiteral("show"), QStringLiteral("x@y.example")}));
    VERIFY_CODE(none, 6);
    QVERIFY(none.err.contains("certificate.not-found"));
    VERIFY_CODE(m_cli.run(certs({QStringLiteral("show"), QStringLiteral("00000000aaaa")})), 6);
}

void TestCliKeysAccounts::importsKey() {
    const auto passphrase = m_cli.file(QStringLiteral("passphrase"), "practice\nsecond line\n");
    const auto ran = m_cli.json(certs({QStringLiteral("import"), person("jo-bloggs.p12"),
                                       QStringLiteral("--passphrase-file"), passphrase}));
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "certs-import");
    QCOMPARE(ran.json()[QStringLiteral("private_keys")].toInt(), 1);
    const auto again = m_cli.run(certs({QStringLiteral("import"), person("jo-bloggs.p12"),
                                        QStringLiteral("--passphrase-file"), QStringLiteral("-")}),
                                 "practice");
    VERIFY_CODE(again, 0);
}

void TestCliKeysAccounts::importTrusts() {
    const auto root = m_cli.profile() + QStringLiteral("/practice/authority/root.pem");
    const auto ran = m_cli.run(certs({QStringLiteral("import"), root, QStringLiteral("--trust")}));
    VERIFY_CODE(ran, 0);
    QVERIFY(ran.err.contains("Trusting "));
    QVERIFY(ran.err.contains("SHA-256 "));
    QVERIFY(ran.out.contains("usable"));
    QVERIFY(!ran.out.contains("untrusted"));
}

void TestCliKeysAccounts::badImports_data() {
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("code");
    QTest::addColumn<QByteArray>("says");
    QTest::newRow("wrong-passphrase") << QByteArray() << QString() << QByteArray("wrong\n") << 6
                                      << QByteArray("pkcs12.wrong-passphrase");
    QTest::newRow("not-pkcs12") << QByteArray("hello") << QStringLiteral("a.p12")
                                << QByteArray("x\n") << 6 << QByteArray("pkcs12.unreadable");
    QTest::newRow("not-a-certificate") << QByteArray("hello") << QStringLiteral("a.pem")
                                       << QByteArray() << 6 << QByteArray("certificate.unreadable");
    QTest::newRow("empty") << QByteArray("") << QStringLiteral("b.pem") << QByteArray() << 6
                           << QByteArray("certificate.unreadable");
}

//! It is not called an attachment.
void TestCliKeysAccounts::missingImport() {
    const auto ran = m_cli.run(certs({QStringLiteral("import"), m_cli.path(QStringLiteral("no"))}));
    VERIFY_CODE(ran, 6);
    QVERIFY2(ran.err.contains("The file ") && ran.err.contains("file.missing"),
             ran.all().constData());
}

void TestCliKeysAccounts::badImports() {
    QFETCH(QByteArray, content);
    QFETCH(QString, name);
    QFETCH(QByteArray, input);
    QFETCH(int, code);
    QFETCH(QByteArray, says);
    const auto file = name.isEmpty() ? person("sam-okoro.p12") : m_cli.file(name, content);
    const auto ran = m_cli.json(certs({QStringLiteral("import"), file,
                                       QStringLiteral("--passphrase-file"), QStringLiteral("-")}),
                                input);
    VERIFY_CODE(ran, code);
    VERIFY_SCHEMA(ran.out, "error");
    QVERIFY2(ran.out.contains(says), ran.all().constData());
    QVERIFY(!ran.all().contains("wrong\n"));
}

void TestCliKeysAccounts::doctor() {
    const auto jo = QStringLiteral("jo.bloggs@court.practice.example");
    const auto ran = m_cli.json(certs({QStringLiteral("doctor"), jo}));
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "certs-doctor");
    const auto links = ran.json()[QStringLiteral("links")].toArray();
    QVERIFY(links.size() >= 2);
    QVERIFY(links.last()[QStringLiteral("trusted_root")].toBool());
    QCOMPARE(links.first()[QStringLiteral("revocation")][QStringLiteral("status")].toString(),
             QStringLiteral("good"));
    QCOMPARE(ran.json()[QStringLiteral("faults")].toArray(), QJsonArray());
    const auto text = m_cli.run(certs({QStringLiteral("doctor"), jo}));
    QVERIFY2(text.out.contains("issued by ") && text.out.contains("Nothing is wrong with it."),
             text.all().constData());

    // For somebody else's address the same certificate is wrong, and the words say so.
    const auto fingerprint = links.first()[QStringLiteral("fingerprint")].toString();
    const QStringList other{QStringLiteral("doctor"), fingerprint, QStringLiteral("--address"),
                            QStringLiteral("someone@court.practice.example")};
    const auto wrong = m_cli.json(certs(other));
    VERIFY_CODE(wrong, 6);
    VERIFY_SCHEMA(wrong.out, "certs-doctor");
    QCOMPARE(wrong.json()[QStringLiteral("faults")][0][QStringLiteral("id")].toString(),
             QStringLiteral("chain.other-address"));
    QVERIFY(m_cli.run(certs(other)).out.contains("What to do: "));
    VERIFY_CODE(m_cli.run(certs({QStringLiteral("doctor"), QStringLiteral("nobody@x.example")})),
                6);
}

void TestCliKeysAccounts::finds() {
    const auto ran = m_cli.json(
        certs({QStringLiteral("find"), QStringLiteral("jo.bloggs@court.practice.example")}));
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "certs-find");
    QCOMPARE(ran.json()[QStringLiteral("source")].toString(), QStringLiteral("key-ring"));
    const auto none =
        m_cli.run(certs({QStringLiteral("find"), QStringLiteral("nobody@x.example")}));
    VERIFY_CODE(none, 6);
    QVERIFY(none.out.contains("Nothing usable was found. Ask nobody@x.example"));
}

void TestCliKeysAccounts::fetchesListsAhead() {
    const auto ran = m_cli.json(certs({QStringLiteral("refresh")}));
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "certs-refresh");
    // The practice authority's list covers one's own and the acquaintances' certificates.
    QVERIFY(ran.json()[QStringLiteral("lists")].toInt() >= 1);
    QVERIFY(m_cli.run(certs({QStringLiteral("refresh")})).out.contains("fetched anew: 0"));
}

void TestCliKeysAccounts::pinsAndExplains() {
    const auto jo = QStringLiteral("jo.bloggs@court.practice.example");
    const auto shown = [&] { return m_cli.json(certs({QStringLiteral("show"), jo})); };
    const auto before = shown();
    VERIFY_SCHEMA(before.out, "certificate");
    QCOMPARE(before.json()[QStringLiteral("choice")].toString(), QStringLiteral("only-one"));
    const auto print = before.json()[QStringLiteral("fingerprint")].toString();
    const auto pinned = m_cli.json(certs({QStringLiteral("pin"), jo, print.left(16)}));
    VERIFY_CODE(pinned, 0);
    VERIFY_SCHEMA(pinned.out, "certs-pin");
    QCOMPARE(pinned.json()[QStringLiteral("pinned")].toString(), print);
    QCOMPARE(shown().json()[QStringLiteral("choice")].toString(), QStringLiteral("pinned"));
    QVERIFY(
        m_cli.run(certs({QStringLiteral("show"), jo})).out.contains("You have chosen this one"));
    const auto other = m_cli.json(certs(
        {QStringLiteral("pin"), QStringLiteral("alex.marsh@council.practice.example"), print}));
    VERIFY_CODE(other, 6);
    QVERIFY(other.all().contains("certificate.other-address"));
    VERIFY_CODE(m_cli.run(certs({QStringLiteral("unpin"), jo})), 0);
    QCOMPARE(shown().json()[QStringLiteral("choice")].toString(), QStringLiteral("only-one"));
}

void TestCliKeysAccounts::asksForACertificate() {
    const auto before = m_cli.inbox().size();
    const auto ran = m_cli.json(
        certs({QStringLiteral("ask"), QStringLiteral("alex.marsh@council.practice.example"),
               QStringLiteral("--account"), QStringLiteral("Practice")}));
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "send");
    QCOMPARE(m_cli.inbox().size(), before + 1);
    const auto arrived = m_cli.arrived(m_cli.inbox().last());
    QVERIFY(arrived.contains("multipart/signed"));
    QVERIFY(arrived.contains("Ask your organisation's IT helpdesk"));
}

void TestCliKeysAccounts::requestsExportsAndRemoves() {
    const auto out = m_cli.path(QStringLiteral("me.csr"));
    const QStringList request{QStringLiteral("request"), QStringLiteral("me@court.example"),
                              QStringLiteral("--key"),   QStringLiteral("p256"),
                              QStringLiteral("--out"),   out};
    const auto made = m_cli.json(certs(request));
    VERIFY_CODE(made, 0);
    VERIFY_SCHEMA(made.out, "certs-pem");
    QVERIFY(made.json()[QStringLiteral("pem")].toString().startsWith(
        QLatin1String("-----BEGIN CERTIFICATE REQUEST-----")));
    VERIFY_CODE(m_cli.run(certs(request)), 6); // nothing is written over
    VERIFY_CODE(m_cli.run(certs({QStringLiteral("request"), QStringLiteral("no address")})), 2);

    const auto jo = m_cli.json(
        certs({QStringLiteral("show"), QStringLiteral("jo.bloggs@court.practice.example")}));
    const auto fingerprint = jo.json()[QStringLiteral("fingerprint")].toString();
    const auto exported = m_cli.run(certs({QStringLiteral("export"), fingerprint}));
    VERIFY_CODE(exported, 0);
    QVERIFY(exported.out.count("-----BEGIN CERTIFICATE-----") >= 2);
    const QStringList withKey{QStringLiteral("export"), fingerprint, QStringLiteral("--with-key")};
    VERIFY_CODE(m_cli.run(certs(withKey)), 2);
    const QStringList remove{QStringLiteral("remove"), fingerprint};
    VERIFY_CODE(m_cli.run(certs(remove)), 4);
    VERIFY_CODE(m_cli.run(certs({QStringLiteral("show"), fingerprint})), 0);
}

void TestCliKeysAccounts::addsAccount() {
    const auto ran = m_cli.json(
        {QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("Work"),
         QStringLiteral("--address"), QStringLiteral("sam@justice.example"),
         QStringLiteral("--host"), QStringLiteral("SMTP.justice.example"), QStringLiteral("--tls"),
         QStringLiteral("starttls"), QStringLiteral("--password-file"), QStringLiteral("-")},
        "s3cret-of-the-account\n");
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "account");
    QCOMPARE(ran.json()[QStringLiteral("port")].toInt(), 587);
    QCOMPARE(ran.json()[QStringLiteral("host")].toString(), QStringLiteral("smtp.justice.example"));
    QVERIFY(m_keychain->has("account/Work"));
    QVERIFY(!ran.all().contains("s3cret"));
    QCOMPARE(m_cli.profileFilesWith("s3cret"), QStringList());
    const auto list = m_cli.json({QStringLiteral("account"), QStringLiteral("list")});
    VERIFY_SCHEMA(list.out, "account");
    QCOMPARE(list.lines().size(), 2);
    QCOMPARE(ran.json()[QStringLiteral("cjsm")].toBool(), false);
}

void TestCliKeysAccounts::accountIsChanged() {
    const auto account = [](const QStringList &more) {
        return QStringList{QStringLiteral("account")} + more;
    };
    const auto name = QStringLiteral("Work");
    const auto changed = m_cli.json(
        account({QStringLiteral("edit"), name, QStringLiteral("--cjsm"), QStringLiteral("yes"),
                 QStringLiteral("--sieve-server"), QStringLiteral("mail.justice.example:4190")}));
    VERIFY_CODE(changed, 0);
    VERIFY_SCHEMA(changed.out, "account");
    QCOMPARE(changed.json()[QStringLiteral("cjsm")].toBool(), true);
    QCOMPARE(changed.json()[QStringLiteral("sieve_server")].toString(),
             QStringLiteral("mail.justice.example:4190"));
    VERIFY_CODE(m_cli.run(account({QStringLiteral("edit"), name})), 2);
    VERIFY_CODE(m_cli.run(account({QStringLiteral("edit"), name, QStringLiteral("--cjsm"),
                                   QStringLiteral("perhaps")})),
                2);
    VERIFY_CODE(m_cli.run(account({QStringLiteral("edit"), name, QStringLiteral("--sieve-server"),
                                   QStringLiteral("mail example")})),
                2);
    const auto nobody = m_cli.run(account({QStringLiteral("edit"), QStringLiteral("Nobody"),
                                           QStringLiteral("--cjsm"), QStringLiteral("no")}));
    QVERIFY(nobody.err.contains("account.not-found"));
    const auto taken =
        m_cli.json(account({QStringLiteral("edit"), name, QStringLiteral("--cjsm"),
                            QStringLiteral("no"), QStringLiteral("--sieve-server"), QString()}));
    QCOMPARE(taken.json()[QStringLiteral("cjsm")].toBool(), false);
    QCOMPARE(taken.json()[QStringLiteral("sieve_server")].toString(), QString());
    const auto imap = [&](const char *server) {
        return m_cli.json(account({QStringLiteral("edit"), name, QStringLiteral("--imap-server"),
                                   QString::fromLatin1(server)}));
    };
    const auto imaps = imap("IMAP.justice.example");
    VERIFY_CODE(imaps, 0);
    VERIFY_SCHEMA(imaps.out, "account");
    QCOMPARE(imaps.json()[QStringLiteral("imap_server")].toString(),
             QStringLiteral("imap.justice.example:993"));
    QCOMPARE(imap("imap.justice.example:143").json()[QStringLiteral("imap_server")].toString(),
             QStringLiteral("imap.justice.example:143"));
    VERIFY_CODE(imap("imap.justice.example:none"), 2);
    VERIFY_CODE(imap("imap.justice.example:0"), 2);
    QCOMPARE(imap("").json()[QStringLiteral("imap_server")].toString(), QString());
    // Without a server nothing is asked.
    const auto check = m_cli.run(account({QStringLiteral("forwarding-check"), name}));
    QVERIFY(check.code != 0);
    QVERIFY(check.err.contains("sieve.not-configured"));
}

void TestCliKeysAccounts::providersPresets_data() {
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("host");
    QTest::addColumn<int>("port");
    QTest::newRow("office365") << QStringLiteral("office365")
                               << QStringLiteral("smtp.office365.com") << 587;
    QTest::newRow("google") << QStringLiteral("google") << QStringLiteral("smtp.gmail.com") << 465;
}

//! A token instead of a password, and nobody has signed in yet.
void TestCliKeysAccounts::providersPresets() {
    QFETCH(QString, provider);
    QFETCH(QString, host);
    QFETCH(int, port);
    const auto ran = m_cli.json(
        {QStringLiteral("account"), QStringLiteral("add"), provider, QStringLiteral("--address"),
         QStringLiteral("sam@justice.example"), QStringLiteral("--provider"), provider,
         QStringLiteral("--oauth-issuer"), QStringLiteral("https://id.example"),
         QStringLiteral("--oauth-client"), QStringLiteral("c1")});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "account");
    QCOMPARE(ran.json()[QStringLiteral("host")].toString(), host);
    QCOMPARE(ran.json()[QStringLiteral("port")].toInt(), port);
    QCOMPARE(ran.json()[QStringLiteral("sign_in")].toString(), QStringLiteral("oauth"));
    QVERIFY(!m_keychain->has("account/" + provider.toStdString()));
    const auto tested = m_cli.json({QStringLiteral("account"), QStringLiteral("test"), provider});
    VERIFY_CODE(tested, 6);
    QVERIFY2(tested.out.contains("oauth.no-tokens"), tested.all().constData());
}

void TestCliKeysAccounts::accountSignsWithTheChosenCertificate() {
    const auto certificateOf = [this](const char *address) {
        return m_cli.json(certs({QStringLiteral("show"), QString::fromLatin1(address)}))
            .json()[QStringLiteral("fingerprint")]
            .toString();
    };
    const auto choose = [this](const char *account, const QString &which) {
        return m_cli.json({QStringLiteral("account"), QStringLiteral("edit"),
                           QString::fromLatin1(account), QStringLiteral("--signing-certificate"),
                           which});
    };
    const auto own = certificateOf("sam.okoro@justice.practice.example");
    const auto chosen = choose("Practice", own.left(12).toUpper());
    VERIFY_CODE(chosen, 0);
    VERIFY_SCHEMA(chosen.out, "account");
    QCOMPARE(chosen.json()[QStringLiteral("signing_certificate")].toString(), own);
    // Somebody else's, one without its key here, and none at all.
    QVERIFY(choose("Work", own).out.contains("account.other-certificate"));
    VERIFY_CODE(choose("Practice", QStringLiteral("00000000aaaa")), 6);
    const auto none = choose("Practice", QString());
    QCOMPARE(none.json()[QStringLiteral("signing_certificate")].toString(), QString());
}

void TestCliKeysAccounts::passwordIsChanged() {
    const auto change = [this](const char *account) {
        return m_cli.run({QStringLiteral("account"), QStringLiteral("edit"),
                          QString::fromLatin1(account), QStringLiteral("--password-file"),
                          QStringLiteral("-")},
                         "an0ther-one\n");
    };
    const auto changed = change("Work");
    VERIFY_CODE(changed, 0);
    QCOMPARE((*m_keychain->read("account/Work"))->view(), "an0ther-one");
    QVERIFY(!changed.all().contains("an0ther"));
    VERIFY_CODE(change("Nobody"), 6);
    m_keychain->refused = "account/Work";
    VERIFY_CODE(change("Work"), 6);
    m_keychain->refused.clear();
}

void TestCliKeysAccounts::badAccounts_data() {
    QTest::addColumn<QStringList>("args");
    QTest::addColumn<int>("code");
    const auto row = [](const char *tag, const char *name, const char *address, const char *host,
                        const QStringList &more, int code) {
        QTest::newRow(tag) << QStringList{QStringLiteral("account"), QStringLiteral("add"),
                                          QLatin1String(name),       QStringLiteral("--address"),
                                          QLatin1String(address),    QStringLiteral("--host"),
                                          QLatin1String(host)} +
                                  more
                           << code;
    };
    const QStringList secret{QStringLiteral("--password-file"), QStringLiteral("-")};
    row("taken", "Work", "sam@justice.example", "smtp.justice.example", secret, 6);
    row("malformed-address", "A", "sam", "smtp.justice.example", secret, 2);
    row("malformed-host", "A", "sam@justice.example", "smtp..example", secret, 2);
    row("no-password", "A", "sam@justice.example", "smtp.justice.example", {}, 2);
    row("bad-port", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--port"), QStringLiteral("70000")}, 2);
    row("bad-tls", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--tls"), QStringLiteral("none")}, 2);
    row("oauth-without-client", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--sign-in"), QStringLiteral("oauth"), QStringLiteral("--oauth-issuer"),
         QStringLiteral("https://id.example")},
        2);
    row("oauth-in-plain-text", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--sign-in"), QStringLiteral("oauth"), QStringLiteral("--oauth-issuer"),
         QStringLiteral("http://id.example"), QStringLiteral("--oauth-client"), QStringLiteral("c"),
         QStringLiteral("--oauth-scope"), QStringLiteral("s")},
        2);
    row("certificate-that-is-none", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--sign-in"), QStringLiteral("certificate")}, 2);
    row("certificate-without-key", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--certificate"), QStringLiteral("/nowhere.pem")}, 2);
    row("missing-certificate", "A", "sam@justice.example", "smtp.justice.example",
        QStringList{QStringLiteral("--certificate"), QStringLiteral("/nowhere.pem"),
                    QStringLiteral("--certificate-key"), QStringLiteral("/nowhere.key")} +
            secret,
        6);
    row("missing-password-file", "A", "sam@justice.example", "smtp.justice.example",
        {QStringLiteral("--password-file"), QStringLiteral("/nowhere/secret")}, 6);
}

void TestCliKeysAccounts::badAccounts() {
    QFETCH(QStringList, args);
    QFETCH(int, code);
    VERIFY_CODE(m_cli.run(args, "password\n"), code);
    QVERIFY(!m_keychain->has("account/A"));
}

void TestCliKeysAccounts::noAccountWithoutItsSecret() {
    m_keychain->refused = "account/Denied";
    const auto ran =
        m_cli.run({QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("Denied"),
                   QStringLiteral("--address"), QStringLiteral("sam@justice.example"),
                   QStringLiteral("--host"), QStringLiteral("smtp.justice.example"),
                   QStringLiteral("--password-file"), QStringLiteral("-")},
                  "password\n");
    VERIFY_CODE(ran, 6);
    QVERIFY(ran.err.contains("keychain.denied"));
    const auto list = m_cli.run({QStringLiteral("account"), QStringLiteral("list")});
    QVERIFY(!list.out.contains("Denied"));
}

void TestCliKeysAccounts::testsAccount() {
    const auto ran =
        m_cli.json({QStringLiteral("account"), QStringLiteral("test"), QStringLiteral("Practice")});
    VERIFY_CODE(ran, 0);
    VERIFY_SCHEMA(ran.out, "account-test");
    QVERIFY(ran.json()[QStringLiteral("ok")].toBool());
    QVERIFY(m_cli.inbox().isEmpty());
    const auto choose = m_cli.run({QStringLiteral("account"), QStringLiteral("test")});
    VERIFY_CODE(choose, 6);
    QVERIFY(choose.err.contains("account.choose"));
}

QTEST_GUILESS_MAIN(TestCliKeysAccounts)
#include "tst_CliKeysAccounts.moc"
