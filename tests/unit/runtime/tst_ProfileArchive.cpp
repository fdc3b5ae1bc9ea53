// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/ProfileArchive.h"
#include "runtime/SealedArchive.h"
#include "runtime/StoreKey.h"
#include "store/AccountStore.h"
#include "support/MemoryKeychain.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <iterator>

using namespace sealpost;
using namespace sealpost::runtime;

namespace fs = std::filesystem;

namespace {

const std::string kGrip = "0123456789ABCDEF0123456789ABCDEF01234567";

SecretBytes phrase(const char *text = "correct horse battery") {
    return SecretBytes(std::string_view(text));
}

std::string readFile(const fs::path &file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void writeFile(const fs::path &file, const std::string &bytes) {
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

template <class T> std::string codeOf(const Result<T> &result) {
    return result ? "ok" : result.error().code;
}

//! A person's computer.
struct Computer {
    Computer() {
        profile.folder = dir.path().toStdString() + "/profile";
        fs::create_directory(profile.folder);
    }
    [[nodiscard]] std::shared_ptr<store::Database> open() {
        return openStore(keychain, profile.database()).value();
    }
    [[nodiscard]] fs::path file() const { return dir.path().toStdString() + "/me.sealpost"; }

    QTemporaryDir dir;
    Profile profile;
    test::MemoryKeychain keychain;
};

//! Somebody who has used it.
struct Used : Computer {
    Used() {
        mail::Account account;
        account.name = "work";
        account.address = mail::Address::parse("ana@justice.example").value();
        database = open();
        const bool good = store::AccountStore(database).add(account) &&
                          keychain.write("account/work", phrase("the password")) &&
                          keychain.write("key-passphrase", phrase("the keys'"));
        if (!good) {
            qFatal("the profile can't be made");
        }
        writeFile(profile.folder / "policy.toml", "# mine\n");
        writeFile(profile.folder / "gnupg/pubring.kbx", "certificates");
        writeFile(profile.folder / "gnupg/private-keys-v1.d" / (kGrip + ".key"), "a key");
        writeFile(profile.folder / "gnupg/S.gpg-agent", "no file of ours");
    }
    [[nodiscard]] std::string exported() {
        return codeOf(exportProfile(profile, keychain, database, file(), phrase()));
    }
    std::shared_ptr<store::Database> database;
};

std::string imported(Computer &into, const fs::path &file, const SecretBytes &secret) {
    return codeOf(importProfile(into.profile, into.keychain, file, secret));
}

} // namespace

class TstProfileArchive : public QObject {
    Q_OBJECT
private slots:
    void allOfItArrives();
    void nothingIsInPlain();
    void wrongPassphraseChangesNothing();
    void everyChangeShows();
    void intoAnEmptyProfileAlone();
    void nothingIsWrittenOver();
    void entriesOfOtherKindsAreRefused();
    void piecesOfEverySize();
    void keyChangeCutShort();
};

void TstProfileArchive::allOfItArrives() {
    Used here;
    QCOMPARE(here.exported(), "ok");
    Computer there;
    QCOMPARE(imported(there, here.file(), phrase()), "ok");
    QCOMPARE(store::AccountStore(there.open()).list().value().front().name, "work");
    QVERIFY(there.keychain.read("account/work").value()->view() == "the password");
    QVERIFY(there.keychain.read("key-passphrase").value()->view() == "the keys'");
    QCOMPARE(readFile(there.profile.folder / "policy.toml"), "# mine\n");
    QCOMPARE(readFile(there.profile.folder / "gnupg/pubring.kbx"), "certificates");
    QCOMPARE(readFile(there.profile.folder / "gnupg/private-keys-v1.d" / (kGrip + ".key")),
             "a key");
    QVERIFY(!fs::exists(there.profile.folder / "gnupg/S.gpg-agent"));
    QVERIFY(!fs::exists(there.profile.folder / "import.tmp"));
    QVERIFY(!fs::exists(here.profile.folder / "export.tmp"));
    const auto mode = fs::status(here.file()).permissions();
    QVERIFY(mode == (fs::perms::owner_read | fs::perms::owner_write));
}

void TstProfileArchive::nothingIsInPlain() {
    Used here;
    QCOMPARE(here.exported(), "ok");
    const auto bytes = QByteArray::fromStdString(readFile(here.file()));
    for (const auto *plain :
         {"the password", "certificates", "a key", "# mine", "SQLite format", "account/work"}) {
        QVERIFY2(!bytes.contains(plain), plain);
    }
}

void TstProfileArchive::wrongPassphraseChangesNothing() {
    Used here;
    QCOMPARE(here.exported(), "ok");
    Computer there;
    QCOMPARE(imported(there, here.file(), phrase("correct horse batterz")),
             "archive.wrong-passphrase");
    QCOMPARE(there.keychain.size(), 0U);
    QVERIFY(fs::is_empty(there.profile.folder));
}

void TstProfileArchive::everyChangeShows() {
    Used here;
    QCOMPARE(here.exported(), "ok");
    const auto bytes = readFile(here.file());
    const auto refused = [&](const std::string &changed) {
        Computer there;
        writeFile(there.file(), changed);
        const auto code = imported(there, there.file(), phrase());
        return code != "ok" && there.keychain.size() == 0 && fs::is_empty(there.profile.folder);
    };
    // In the mark, the salt, the first box, and the last byte; cut, and with a byte more.
    for (const auto at : {std::size_t{3}, std::size_t{22}, bytes.size() - 1}) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        QVERIFY2(refused(changed), std::to_string(at).c_str());
    }
    for (const auto size : {std::size_t{0}, std::size_t{10}, std::size_t{36}, bytes.size() - 1}) {
        QVERIFY2(refused(bytes.substr(0, size)), std::to_string(size).c_str());
    }
    QVERIFY(refused(bytes + "x"));
}

void TstProfileArchive::intoAnEmptyProfileAlone() {
    Used here;
    QCOMPARE(here.exported(), "ok");
    Used other;
    QCOMPARE(imported(other, here.file(), phrase()), "profile.not-empty");
    Computer withKey;
    writeFile(withKey.profile.folder / "gnupg/private-keys-v1.d" / (kGrip + ".key"), "a key");
    QCOMPARE(imported(withKey, here.file(), phrase()), "profile.not-empty");
}

void TstProfileArchive::nothingIsWrittenOver() {
    Used here;
    writeFile(here.file(), "precious");
    QCOMPARE(here.exported(), "archive.unwritable");
    QCOMPARE(readFile(here.file()), "precious");
    Used locked;
    locked.keychain.set(test::KeychainMood::HidesAll);
    QCOMPARE(locked.exported(), "keychain.locked");
    QVERIFY(!fs::exists(locked.file()));
}

void TstProfileArchive::entriesOfOtherKindsAreRefused() {
    for (const auto *name : {"file/../evil", "file/gnupg/private-keys-v1.d/../../x.key", "other"}) {
        Computer there;
        {
            auto writer = ArchiveWriter::create(there.file(), phrase()).value();
            QVERIFY(writer->add(name, "x"));
            QVERIFY(writer->finish());
        }
        QCOMPARE(imported(there, there.file(), phrase()), "archive.unreadable");
        QVERIFY(fs::is_empty(there.profile.folder));
    }
    Computer empty;
    {
        auto writer = ArchiveWriter::create(empty.file(), phrase()).value();
        QVERIFY(writer->add("keychain/store-key", "x"));
        QVERIFY(writer->finish());
    }
    QCOMPARE(imported(empty, empty.file(), phrase()), "archive.unreadable");
    QCOMPARE(empty.keychain.size(), 0U);
}

void TstProfileArchive::piecesOfEverySize() {
    const Computer here;
    constexpr std::size_t kPiece = 256 * 1024;
    const std::vector<std::size_t> sizes = {0, 1, kPiece - 1, kPiece, kPiece + 1, 3 * kPiece + 7};
    {
        auto writer = ArchiveWriter::create(here.file(), phrase()).value();
        for (const auto size : sizes) {
            QVERIFY(writer->add(std::to_string(size), std::string(size, 'x')));
        }
        QVERIFY(writer->finish());
    }
    class Count final : public base::ByteSink {
    public:
        explicit Count(std::size_t &into) : m_into(into) {}
        [[nodiscard]] Result<void> write(std::string_view bytes) override {
            m_into += bytes == std::string(bytes.size(), 'x') ? bytes.size() : 0;
            return {};
        }

    private:
        std::size_t &m_into;
    };
    std::map<std::string, std::size_t> got;
    const auto taker = [&](const std::string &name, std::uint64_t) {
        return Result<std::unique_ptr<base::ByteSink>>(std::make_unique<Count>(got[name]));
    };
    QVERIFY(readArchive(here.file(), phrase(), taker));
    QCOMPARE(got.size(), sizes.size());
    for (const auto size : sizes) {
        QCOMPARE(got.at(std::to_string(size)), size);
    }
}

void TstProfileArchive::keyChangeCutShort() {
    Used here;
    const auto before = here.keychain.read(kStoreKey).value()->clone();
    QVERIFY(changeStoreKey(here.keychain, here.database));
    here.database.reset();
    const auto after = here.keychain.read(kStoreKey).value()->clone();
    QVERIFY(before.view() != after.view());
    QVERIFY(!here.keychain.read(kNextStoreKey).value());
    QCOMPARE(store::AccountStore(here.open()).list().value().size(), 1U);
    // As if the program had ended between the file's change and the keychain's.
    QVERIFY(here.keychain.write(kStoreKey, before));
    QCOMPARE(codeOf(openStore(here.keychain, here.profile.database())), "store.wrong-key");
    QVERIFY(here.keychain.write(kNextStoreKey, after));
    QCOMPARE(store::AccountStore(here.open()).list().value().size(), 1U);
    QVERIFY(here.keychain.read(kStoreKey).value()->view() == after.view());
    QVERIFY(!here.keychain.read(kNextStoreKey).value());
    // And before it: the next key seals nothing yet.
    QVERIFY(here.keychain.write(kNextStoreKey, before));
    QCOMPARE(store::AccountStore(here.open()).list().value().size(), 1U);
}

QTEST_GUILESS_MAIN(TstProfileArchive)
#include "tst_ProfileArchive.moc"
