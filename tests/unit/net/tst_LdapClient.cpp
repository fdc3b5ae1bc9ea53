// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Base64.h"
#include "net/LdapClient.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::net;

class TstLdapClient : public QObject {
    Q_OBJECT
private slots:
    void urls_data() {
        QTest::addColumn<QByteArray>("directory");
        QTest::addColumn<QByteArray>("mail");
        QTest::addColumn<QByteArray>("url");
        const auto row = [](const char *name, const char *directory, const char *mail,
                            const char *url) {
            QTest::newRow(name) << QByteArray(directory) << QByteArray(mail) << QByteArray(url);
        };
        row("with-a-base", "ldaps://d.example/dc=lab", "jo@court.example",
            "ldaps://d.example/dc=lab?userCertificate;binary?sub?(mail=jo@court.example)");
        row("without", "ldap://d.example:3890", "jo@court.example",
            "ldap://d.example:3890/?userCertificate;binary?sub?(mail=jo@court.example)");
        // RFC 4515 §3: what means something in a filter is a character here.
        row("rfc4515-3-filter", "ldaps://d.example/dc=lab", "*)(uid=jo@a.example",
            "ldaps://d.example/dc=lab?userCertificate;binary?sub?"
            "(mail=%5c2a%5c29%5c28uid%5c3djo@a.example)");
        row("rfc4515-3-utf-8", "ldaps://d.example/dc=lab", "j\u00f6@a.example",
            "ldaps://d.example/dc=lab?userCertificate;binary?sub?(mail=j%5cc3%5cb6@a.example)");
        row("url-of-a-query", "ldaps://d.example/dc=lab?mail", "jo@a.example", "");
        row("other-scheme", "https://d.example/", "jo@a.example", "");
        row("no-host", "ldaps:///dc=lab", "jo@a.example", "");
    }
    void urls() {
        QFETCH(QByteArray, directory);
        QFETCH(QByteArray, mail);
        QFETCH(QByteArray, url);
        QCOMPARE(
            QByteArray::fromStdString(ldapUrl({directory.toStdString(), mail.toStdString(), {}})),
            url);
    }
    void answers() {
        const auto value = base::toBase64("a certificate");
        const auto found = certificatesInLdif(
            "DN: uid=jo,dc=lab\n\tmail: jo@a.example\n\tuserCertificate;binary:: " + value +
            "\n\n\tUSERCERTIFICATE;BINARY:: " + value +
            "\n\tuserCertificate;binary:: %%%\n\tother:: " + value + "\n");
        QCOMPARE(found.size(), 2U);
        QCOMPARE(found.front(), std::string("a certificate"));
        QVERIFY(certificatesInLdif("").empty());
    }
    void whatIsNoDirectory() {
        const auto refused = ldapCertificates({"https://d.example", "jo@a.example", {}},
                                              Deadline::after(std::chrono::seconds(1)), {});
        QCOMPARE(refused.error().code, std::string("ldap.url"));
    }
};

QTEST_APPLESS_MAIN(TstLdapClient)
#include "tst_LdapClient.moc"
