// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Skeleton.h"
#include "mail/Address.h"
#include "routing/LookAlikes.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::routing;

class TstLookAlikes : public QObject {
    Q_OBJECT
private slots:
    void skeletons_data();
    void skeletons();
    void find_data();
    void find();
};

void TstLookAlikes::skeletons_data() {
    QTest::addColumn<QString>("a");
    QTest::addColumn<QString>("b");
    QTest::addColumn<bool>("alike");
    const auto row = [](const char *name, const QString &a, const QString &b, bool alike) {
        QTest::newRow(name) << a << b << alike;
    };
    row("uts39-cyrillic", QStringLiteral("сourt"), QStringLiteral("court"), true);
    row("uts39-greek", QStringLiteral("cοurt"), QStringLiteral("court"), true);
    row("uts39-rn-m", QStringLiteral("rnail"), QStringLiteral("mail"), true);
    row("uts39-one-ell", QStringLiteral("c1erk"), QStringLiteral("clerk"), true);
    row("uts39-composed", QStringLiteral("caf\u00e9"), QStringLiteral("cafe\u0301"), true);
    row("zero-o", QStringLiteral("c0urt"), QStringLiteral("court"), true);
    row("vv-w", QStringLiteral("lavv"), QStringLiteral("law"), true);
    row("accent-shows", QStringLiteral("cafe"), QStringLiteral("caf\u00e9"), false);
    row("another-letter", QStringLiteral("court"), QStringLiteral("count"), false);
    row("beyond-bmp", QStringLiteral("\U0001D41Aa"), QStringLiteral("aa"), true);
}

void TstLookAlikes::skeletons() {
    QFETCH(QString, a);
    QFETCH(QString, b);
    QFETCH(bool, alike);
    QCOMPARE(base::skeleton(a.toStdString()) == base::skeleton(b.toStdString()), alike);
}

void TstLookAlikes::find_data() {
    QTest::addColumn<QString>("domain");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *domain, const char *expected) {
        QTest::newRow(domain) << QString::fromUtf8(domain) << QString::fromUtf8(expected);
    };
    row("court.example", "");
    row("mail.court.example", "");
    row("c0urt.example", "court.example");
    row("сourt.example", "court.example");
    row("mail.c0urt.example", "court.example");
    row("cuort.example", "court.example"); // neighbours swapped: one slip
    row("court.exmaple", "court.example");
    row("courts.example", "court.example");
    row("copra.example", ""); // three slips
    row("kent.police.uk", "");
    row("essex.police.uk", "");
    row("sussex.police.uk", ""); // two letters of six: another county
    row("justise.gov.uk", "justice.gov.uk");
    row("justice-gov.uk", "justice.gov.uk");
    row("probatoin-serivce.example", "probation-service.example"); // two slips in a long name
    row("council.g0v.uk", "gov.uk");
    row("council.gov.uk", "");
    row("firm.co.uk.cjsn.net", "cjsm.net");
    row("b.co.uk", "");
    row("x.example", "");
}

void TstLookAlikes::find() {
    QFETCH(QString, domain);
    QFETCH(QString, expected);
    const LookAlikes known({"court.example", "justice.gov.uk", "a.co.uk", "essex.police.uk",
                            "probation-service.example"},
                           {"gov.uk", "cjsm.net"});
    const auto aLabel = mail::toALabelDomain(domain.toStdString());
    QVERIFY(aLabel);
    QCOMPARE(QString::fromStdString(known.find(*aLabel)), expected);
}

QTEST_GUILESS_MAIN(TstLookAlikes)
#include "tst_LookAlikes.moc"
