// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/Profile.h"

#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <csignal>
#include <fstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace sealpost;
using runtime::Profile;

class TstProfile : public QObject {
    Q_OBJECT
private slots:
    void aNewFolderIsForItsOwnerAlone();
    void eachFolderHasAKeychainOfItsOwn();
    void aFileInItsPlaceIsNamed();
    void onlyOneSendsAtATime();
    void onlyOneWindow();
    void theLocksOfAKilledProgramAreTakenOver();
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

void TstProfile::onlyOneWindow() {
    const QTemporaryDir temporary;
    const auto profile = Profile::open(temporary.path().toStdString(), false);
    {
        const auto first = profile->lockWindow();
        QVERIFY(first);
        const auto second = profile->lockWindow();
        QVERIFY(!second);
        QCOMPARE(second.error().code, "profile.open-elsewhere");
        QVERIFY(profile->lockSending()); // the command line sends beside a window
    }
    QVERIFY(profile->lockWindow());
}

void TstProfile::theLocksOfAKilledProgramAreTakenOver() {
    const QTemporaryDir temporary;
    const auto profile = Profile::open(temporary.path().toStdString(), false);
    std::array<int, 2> pipe{};
    QCOMPARE(::pipe(pipe.data()), 0);
    const auto child = fork();
    if (child == 0) {
        const auto window = profile->lockWindow();
        const auto sending = profile->lockSending();
        const char held = window && sending ? 'y' : 'n';
        (void)!write(pipe[1], &held, 1);
        pause();
        _exit(0);
    }
    char held = 'n';
    QCOMPARE(read(pipe[0], &held, 1), 1);
    QCOMPARE(held, 'y');
    QCOMPARE(profile->lockWindow().error().code, "profile.open-elsewhere");
    QCOMPARE(profile->lockSending().error().code, "profile.busy");
    kill(child, SIGKILL);
    int status = 0;
    QCOMPARE(waitpid(child, &status, 0), child);
    close(pipe[0]);
    close(pipe[1]);
    QVERIFY(std::filesystem::exists(profile->windowLock())); // nobody has tidied up
    QVERIFY(profile->lockWindow());
    QVERIFY(profile->lockSending());
}

QTEST_GUILESS_MAIN(TstProfile)
#include "tst_Profile.moc"
