// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/Profile.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace sealpost;
using runtime::Profile;

class TstProfile : public QObject {
    Q_OBJECT
private slots:
    void aNewFolderIsForItsOwnerAlone();
    void eachFolderHasAKeychainOfItsOwn();
    void aFileInItsPlaceIsNamed();
    void onlyOneSendsAtATime();
};

void TstProfile::aNewFolderIsForItsOwnerAlone() {
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString() + "/a/b";
    const auto profile = Profile::open(folder, false);
    QVERIFY(profile);
    QVERIFY(std::filesystem::status(profile->folder).permissions() ==
            std::filesystem::perms::owner_all);
}

void TstProfile::eachFolderHasAKeychainOfItsOwn() {
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString();
    const auto one = Profile::open(folder / "one", false);
    const auto two = Profile::open(folder / "two", false);
    QVERIFY(!one->keychainId.empty());
    QVERIFY(one->keychainId != two->keychainId);
    QCOMPARE(Profile::open(folder / "two" / ".." / "one", false)->keychainId, one->keychainId);
}

void TstProfile::aFileInItsPlaceIsNamed() {
    const QTemporaryDir temporary;
    const std::filesystem::path file = temporary.path().toStdString() + "/file";
    std::ofstream(file) << "x";
    const auto profile = Profile::open(file, false);
    QVERIFY(!profile);
    QCOMPARE(profile.error().code, "profile.unwritable");
    QCOMPARE(profile.error().subject, file.string());
}

void TstProfile::onlyOneSendsAtATime() {
    const QTemporaryDir temporary;
    const auto profile = Profile::open(temporary.path().toStdString(), false);
    {
        const auto first = profile->lockSending();
        QVERIFY(first);
        const auto second = profile->lockSending();
        QVERIFY(!second);
        QCOMPARE(second.error().code, "profile.busy");
    }
    QVERIFY(profile->lockSending());
}

QTEST_GUILESS_MAIN(TstProfile)
#include "tst_Profile.moc"
