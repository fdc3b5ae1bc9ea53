// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Core.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace sealpost;

class TestCore final : public QObject {
    Q_OBJECT
private slots:
    void serviceOfTheLibraryOpens() {
        const QTemporaryDir profile(QStringLiteral("/tmp/core-XXXXXX"));
        const auto service = ui::loadCore(
            {ui::StartMode::Practice, std::filesystem::path(profile.path().toStdString()), {}});
        QVERIFY2(service, service ? "" : service.error().logSafeDetail.c_str());
        auto session = (*service)->open();
        session.waitForFinished();
        QVERIFY(session.result().has_value());
        QVERIFY(session.result()->practice);
        QVERIFY(!session.result()->accounts.empty());
    }
};

QTEST_GUILESS_MAIN(TestCore)
#include "tst_Core.moc"
