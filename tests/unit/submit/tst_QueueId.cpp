// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/QueueId.h"

#include <QtTest>

class tst_QueueId : public QObject {
    Q_OBJECT
private slots:
    void reads_data();
    void reads();
};

void tst_QueueId::reads_data() {
    QTest::addColumn<QByteArray>("reply");
    QTest::addColumn<QByteArray>("id");
    QTest::newRow("Postfix") << QByteArray("250 2.0.0 Ok: queued as 4F1ABC0D12")
                             << QByteArray("4F1ABC0D12");
    QTest::newRow("Exim") << QByteArray("250 OK id=1sAbCd-000001-2x")
                          << QByteArray("1sAbCd-000001-2x");
    QTest::newRow("sendmail") << QByteArray("250 2.0.0 3AB12 Message accepted for delivery")
                              << QByteArray("3AB12");
    QTest::newRow("Exchange")
        << QByteArray("250 2.6.0 <a@b.example> [InternalId=123456, Hostname=X.PROD.OUTLOOK.COM] "
                      "Queued mail for delivery")
        << QByteArray("123456");
    QTest::newRow("Google") << QByteArray("250 2.0.0 OK  1700000000 ab12-cd34si567 - gsmtp")
                            << QByteArray("ab12-cd34si567");
    QTest::newRow("none") << QByteArray("250 taken") << QByteArray();
    QTest::newRow("marker at the end") << QByteArray("250 queued as ") << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
    QTest::newRow("very long") << "250 queued as " + QByteArray(400, 'x') << QByteArray(128, 'x');
}

void tst_QueueId::reads() {
    QFETCH(QByteArray, reply);
    QFETCH(QByteArray, id);
    QCOMPARE(sealpost::submit::queueIdFrom(reply.toStdString()), id.toStdString());
}

QTEST_GUILESS_MAIN(tst_QueueId)
#include "tst_QueueId.moc"
