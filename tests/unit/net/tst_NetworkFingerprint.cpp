// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/NetworkFingerprint.h"

#include <QtTest>

using namespace sealpost;

class tst_NetworkFingerprint : public QObject {
    Q_OBJECT
private slots:
    void staysTheSame();
};

void tst_NetworkFingerprint::staysTheSame() {
    const auto first = net::networkFingerprint();
    QCOMPARE(first.size(), 64U);
    QCOMPARE(first.find_first_not_of("0123456789abcdef"), std::string::npos);
    QCOMPARE(net::networkFingerprint(), first);
}

QTEST_GUILESS_MAIN(tst_NetworkFingerprint)
#include "tst_NetworkFingerprint.moc"
