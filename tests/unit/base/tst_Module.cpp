// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Module.h"

#include "base/ProgramFolder.h"
#include "unit/base/modules/Numbers.h"

#include <QCoreApplication>
#include <QFile>
#include <QtTest>

using namespace sealpost;

class tst_Module : public QObject {
    Q_OBJECT
private slots:
    void programFolderIsQts() {
        QCOMPARE(QString::fromStdU16String(base::programFolder().u16string()),
                 QCoreApplication::applicationDirPath());
    }

    void itsTableIsGiven() {
        const auto numbers = base::moduleTable<test::Numbers>("tst-module");
        QVERIFY2(numbers, numbers ? "" : numbers.error().logSafeDetail.c_str());
        QCOMPARE((*numbers)->answer(), 42);
        QCOMPARE(*base::loadModule("tst-module"), static_cast<const void *>(*numbers));
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("why");
        QTest::newRow("no such file") << QByteArray("tst-none") << QByteArray("missing");
        QTest::newRow("of another version")
            << QByteArray("tst-module-other") << QByteArray("of another version");
        QTest::newRow("no library") << QByteArray("tst-module-text") << QByteArray("does not load");
        QTest::newRow("a library on the search path alone")
            << QByteArray("libQt6Core") << QByteArray("missing");
    }

    void refused() {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, why);
        QFile text(QCoreApplication::applicationDirPath() + QStringLiteral("/tst-module-text.so"));
        QVERIFY(text.open(QIODevice::WriteOnly));
        text.write("no library");
        text.close();
        const auto module = base::loadModule(name.toStdString());
        QVERIFY(!module);
        QCOMPARE(module.error().code, "app.incomplete");
        QVERIFY(module.error().reaction == Reaction::AskAdmin);
        QCOMPARE(module.error().logSafeDetail, (name + ": " + why).toStdString());
        QVERIFY(text.remove());
    }
};

QTEST_GUILESS_MAIN(tst_Module)
#include "tst_Module.moc"
