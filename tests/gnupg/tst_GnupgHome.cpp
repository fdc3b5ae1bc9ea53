// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/CertificateStorePrivate.h"
#include "crypto/GpgAgent.h"
#include "gnupg/StoreFixture.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>
#include <csignal>
#include <fstream>

using namespace sealpost;
using namespace sealpost::crypto;
using namespace sealpost::test;

namespace fs = std::filesystem;

namespace {
const SecretBytes &passphrase() {
    static const SecretBytes kPassphrase(std::string_view("secret"));
    return kPassphrase;
}
} // namespace

class tst_GnupgHome : public QObject {
    Q_OBJECT
private slots:
    void makesAPrivateFolderAndItsConfiguration();
    void aFolderThatCantBeMade();
    void aPathTooLongForSockets();
    void aFolderWithSpaces();
    void twoHomesInOneProcess();
    void theAgentEndsWithTheStore();
    void anAgentThatWasEndedStartsAgain();
    void anAgentThatHangsEndsAtTheDeadline();
};

void tst_GnupgHome::makesAPrivateFolderAndItsConfiguration() {
    const QTemporaryDir parent(QStringLiteral("/tmp/sp-XXXXXX"));
    const fs::path folder = fs::path(parent.path().toStdString()) / "new" / "gnupg";
    const auto home = GnupgHome::prepare(folder);
    QVERIFY(home);
    QCOMPARE(fs::status(folder).permissions(), fs::perms::owner_all);
    QFile agent(QString::fromStdString((folder / "gpg-agent.conf").string()));
    QVERIFY(agent.open(QIODevice::ReadOnly));
    const auto lines = agent.readAll().split('\n');
    for (const auto *line :
         {"s2k-count 65536", "default-cache-ttl 0", "max-cache-ttl 0", "no-allow-mark-trusted"}) {
        QVERIFY2(lines.contains(line), line);
    }
    // Only cards ask, by the system's pinentry; where there is none, nothing is found to ask with.
    const auto pinentry = QStandardPaths::findExecutable(QStringLiteral("pinentry"));
    QVERIFY(lines.contains("pinentry-program " + (pinentry.isEmpty()
                                                      ? QByteArray((folder / "no-pinentry").c_str())
                                                      : QFile::encodeName(pinentry))));
    QVERIFY(!fs::exists(folder / "no-pinentry"));
    QVERIFY(fs::exists(folder / "gpgsm.conf"));
    QVERIFY(fs::exists(folder / "dirmngr.conf"));
}

void tst_GnupgHome::aFolderThatCantBeMade() {
    const QTemporaryDir parent(QStringLiteral("/tmp/sp-XXXXXX"));
    const fs::path file = fs::path(parent.path().toStdString()) / "file";
    std::ofstream(file) << "x";
    for (const auto &folder : {file, file / "below", fs::path("/tmp/line\nbreak")}) {
        const auto home = GnupgHome::prepare(folder);
        QVERIFY(!home);
        QCOMPARE(home.error().code, std::string("gnupg.home"));
        QCOMPARE(home.error().reaction, Reaction::AskAdmin);
    }
}

void tst_GnupgHome::aPathTooLongForSockets() {
    const QTemporaryDir parent(QStringLiteral("/tmp/sp-XXXXXX"));
    const auto folder = fs::path(parent.path().toStdString()) / std::string(110, 'x');
    const auto home = GnupgHome::prepare(folder);
    if (home) { // there is a /run/user for short sockets here
        QVERIFY(home->agentSocket().size() <= 100);
        QVERIFY(!QString::fromStdString(home->agentSocket()).contains(QStringLiteral("xxx")));
        QVERIFY(home->startAgent(soon()));
        home->stopDaemons();
        return;
    }
    QCOMPARE(home.error().code, std::string("gnupg.home"));
    QVERIFY(home.error().logSafeDetail.find("too long") != std::string::npos);
    QVERIFY(home.error().logSafeDetail.find("choose a shorter folder") != std::string::npos);
}

void tst_GnupgHome::aFolderWithSpaces() {
    const QTemporaryDir parent(QStringLiteral("/tmp/sp-XXXXXX"));
    StoreFixture fixture(mailPki());
    auto config = fixture.config();
    config.gnupgHome = fs::path(parent.path().toStdString()) / "my keys & more";
    const auto store = CertificateStore::open(config);
    QVERIFY(store);
    const auto file = mailPki().pkcs12(mailPki().issue({}), "secret");
    QVERIFY((*store)->importPkcs12(file, passphrase(), soon()));
    QCOMPARE((*store)->list(soon(), {})->size(), std::size_t(1));
}

void tst_GnupgHome::twoHomesInOneProcess() {
    StoreFixture first(mailPki());
    StoreFixture second(mailPki());
    const auto ours = mailPki().issue({});
    const auto theirs = mailPki().issue({.key = MailKey::P256});
    QVERIFY(first.store->importPkcs12(mailPki().pkcs12(ours, "secret"), passphrase(), soon()));
    QVERIFY(second.store->importPkcs12(mailPki().pkcs12(theirs, "secret"), passphrase(), soon()));
    QCOMPARE(first.store->show(ours.fingerprint(), soon(), {})->privateKey, PrivateKey::InAgent);
    QCOMPARE(first.store->show(theirs.fingerprint(), soon(), {}).error().code,
             std::string("certificate.not-found"));
    QCOMPARE(second.store->show(theirs.fingerprint(), soon(), {})->privateKey, PrivateKey::InAgent);
    QCOMPARE(second.store->show(ours.fingerprint(), soon(), {}).error().code,
             std::string("certificate.not-found"));
}

void tst_GnupgHome::theAgentEndsWithTheStore() {
    StoreFixture fixture(mailPki());
    const auto socket = fixture.store->internals().home.agentSocket();
    QVERIFY(fixture.store->importPkcs12(mailPki().pkcs12(mailPki().issue({}), "secret"),
                                        passphrase(), soon()));
    QVERIFY(fs::exists(socket));
    fixture.store.reset();
    QTRY_VERIFY_WITH_TIMEOUT(!fs::exists(socket), 30000);
}

void tst_GnupgHome::anAgentThatWasEndedStartsAgain() {
    StoreFixture fixture(mailPki());
    const auto &home = fixture.store->internals().home;
    QVERIFY(GpgAgent::connect(home, soon()));
    home.stopDaemons();
    QTRY_VERIFY_WITH_TIMEOUT(!fs::exists(home.agentSocket()), 30000);
    QVERIFY(GpgAgent::connect(home, soon()));
}

//! By its state in proc(5); true where there is no proc to ask.
static bool isStopped(int pid) {
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly)) {
        return true;
    }
    const auto line = stat.readAll();
    const auto state = line.mid(line.lastIndexOf(')') + 2, 1);
    return state == "T" || state == "t";
}

void tst_GnupgHome::anAgentThatHangsEndsAtTheDeadline() {
#ifdef Q_OS_UNIX
    StoreFixture fixture(mailPki());
    const auto &home = fixture.store->internals().home;
    QVERIFY(GpgAgent::connect(home, soon()));
    QProcess query;
    query.start(QStringLiteral("gpg-connect-agent"),
                {QStringLiteral("--homedir"), fixture.home.path(), QStringLiteral("GETINFO pid"),
                 QStringLiteral("/bye")});
    QVERIFY(query.waitForFinished());
    const auto pid = query.readAllStandardOutput().split('\n').front().mid(2).toInt();
    QVERIFY(pid > 1);
    // On a busy machine an agent was seen to run on after the first signal, and to stop at the
    // second.
    QTRY_VERIFY_WITH_TIMEOUT(::kill(pid, SIGSTOP) == 0 && isStopped(pid), 30000);
    const auto start = std::chrono::steady_clock::now();
    const auto done = GpgAgent::connect(home, Deadline::after(std::chrono::milliseconds(500)));
    const auto took = std::chrono::steady_clock::now() - start;
    ::kill(pid, SIGCONT);
    QVERIFY(!done);
    QCOMPARE(done.error().code, std::string("gnupg.deadline"));
    QVERIFY(took < std::chrono::seconds(5));
#else
    QSKIP("no signals here");
#endif
}

QTEST_GUILESS_MAIN(tst_GnupgHome)
#include "tst_GnupgHome.moc"
