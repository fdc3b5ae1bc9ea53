// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Database.h"

#include "base/Units.h"
#include "store/DatabasePrivate.h"
#include "store/JournalChain.h"
#include "store/Migrations.h"

#include <QFileInfo>
#include <QLockFile>
#include <system_error>

namespace sealpost::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kStage = "store.open";
constexpr int kLockTimeoutMs = 10'000;

const QString kReadFact = QStringLiteral("SELECT value FROM fact WHERE name = ?");
const QString kProbeName = QStringLiteral("probe");
const QString kKeyIdName = QStringLiteral("key-id");
const QString kRootName = QStringLiteral("derivation");

fs::path beside(const fs::path &file, std::string_view suffix) {
    auto other = file;
    other += suffix;
    return other;
}

bool isThere(const fs::path &file) {
    std::error_code error;
    return fs::symlink_status(file, error).type() != fs::file_type::not_found;
}

Result<std::unique_ptr<QLockFile>> lockOpening(const fs::path &file) {
    auto lock = std::make_unique<QLockFile>(toQString(beside(file, ".opening")));
    if (lock->tryLock(kLockTimeoutMs)) {
        return lock;
    }
    if (lock->error() == QLockFile::LockFailedError) {
        return fail("store.locked", kStage, Reaction::Retry, "another program is opening it",
                    toText(file));
    }
    return fail("store.unwritable", kStage, Reaction::AskAdmin, "its folder can't be written to",
                toText(file));
}

Result<void> writeFacts(Connection &connection, const crypto::SealedBox &box,
                        const std::string &id) {
    const auto probe = box.seal(kProbe, probePlace());
    if (!probe) {
        return fail(probe.error());
    }
    const auto insert = QStringLiteral("INSERT INTO fact (name, value) VALUES (?, ?)");
    if (auto done = connection.run(insert, kStage, {kProbeName, blob(*probe)}); !done) {
        return done;
    }
    if (auto done = connection.run(insert, kStage, {kKeyIdName, blob(id)}); !done) {
        return done;
    }
    return startJournal(connection, box);
}

Result<void> fillNewFile(const fs::path &file, const crypto::SealedBox &box,
                         const std::string &id) {
    auto connection = Connection::open(file, OpenMode::ReadWrite);
    if (!connection) {
        return fail(connection.error());
    }
    auto &open = **connection;
    // Before the first table: a removed message gives its space back.
    for (const auto &pragma : {QStringLiteral("PRAGMA auto_vacuum = FULL"),
                               QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId)}) {
        if (auto set = open.run(pragma, kStage); !set) {
            return set;
        }
    }
    if (auto made = upgrade(open, file, migrations()); !made) {
        return made;
    }
    return transact(open, Access::Write, kStage,
                    [&](Connection &inside) { return writeFacts(inside, box, id); });
}

//! Makes the file under another name and moves it to its place once it is whole: what stands in
//! its place is never half made, so that an empty file there is damage.
Result<void> create(const fs::path &file, const crypto::SealedBox &box, const std::string &keyId) {
    const auto lock = lockOpening(file);
    if (!lock) {
        return fail(lock.error());
    }
    if (isThere(file)) {
        return {};
    }
    std::error_code error;
    if (fs::file_size(beside(file, "-wal"), error) > 0 && !error) {
        // A log without its file: a new one beside it would be mixed with the lost one's pages.
        return damaged(kStage, "the file is missing, its write-ahead log is there", toText(file));
    }
    const auto unfinished = beside(file, ".new");
    for (const auto *suffix : {"", "-journal"}) {
        fs::remove(beside(unfinished, suffix), error);
    }
    auto made = makePrivateFile(unfinished);
    if (made) {
        made = fillNewFile(unfinished, box, keyId);
    }
    if (made) {
        fs::rename(unfinished, file, error);
        if (!error) {
            return {};
        }
        made = fail("store.unwritable", kStage, Reaction::AskAdmin, error.message(), toText(file));
    }
    made.error().subject = toText(file);
    fs::remove(unfinished, error);
    return made;
}

//! All of a file, where that takes no time; of a large one all but the messages themselves: each
//! piece of those is authenticated whenever it is read, and its page checked then.
Result<void> checkIntegrity(Connection &open, std::uintmax_t size) {
    constexpr std::uintmax_t kLarge = 32 * base::kMiB;
    std::vector<QString> checks{QStringLiteral("PRAGMA quick_check(1)")};
    if (size > kLarge) {
        checks.clear();
        for (const auto &table : open.handle().tables()) {
            if (table != QLatin1String("outbox_chunk")) {
                checks.push_back(QStringLiteral("PRAGMA quick_check('%1')").arg(table));
            }
        }
    }
    for (const auto &check : checks) {
        const auto checked = open.value(check, kStage);
        if (!checked) {
            return fail(checked.error());
        }
        if (checked->toString() != QLatin1String("ok")) {
            return damaged(kStage, "SQLite's integrity check", open.subject());
        }
    }
    return {};
}

//! Looks at a file without changing a byte of it.
Result<void> inspect(const fs::path &file) {
    std::error_code error;
    const auto subject = toText(file);
    const auto status = fs::status(file, error);
    if (error || !fs::is_regular_file(status)) {
        return fail("store.unwritable", kStage, Reaction::AskAdmin,
                    error ? error.message() : "not a file", subject);
    }
    // SQLite would open it all the same, and fail at the first message.
    if (!QFileInfo(toQString(file)).isWritable()) {
        return fail("store.unwritable", kStage, Reaction::AskAdmin, "write-protected", subject);
    }
    if (fs::file_size(file, error) == 0) {
        return damaged(kStage, "the file is empty", subject);
    }
    const auto connection = Connection::open(file, OpenMode::ReadOnly);
    if (!connection) {
        return fail(connection.error());
    }
    auto &open = **connection;
    const auto application = open.value(QStringLiteral("PRAGMA application_id"), kStage);
    if (!application) {
        return fail(application.error());
    }
    if (application->toInt() != kApplicationId) {
        return damaged(kStage, "not a file of ours", subject);
    }
    const auto version = open.value(QStringLiteral("PRAGMA user_version"), kStage);
    if (!version) {
        return fail(version.error());
    }
    if (version->toInt() > static_cast<int>(migrations().size())) {
        return fail("store.newer", kStage, Reaction::AskAdmin,
                    "version " + version->toString().toStdString(), subject);
    }
    if (version->toInt() < 1) {
        return damaged(kStage, "no version", subject);
    }
    return checkIntegrity(open, fs::file_size(file, error));
}

Result<void> checkKey(Connection &connection, const crypto::SealedBox &box,
                      const std::string &keyId) {
    const auto probe = connection.value(kReadFact, kStage, {kProbeName});
    if (!probe) {
        return fail(probe.error());
    }
    const auto id = connection.value(kReadFact, kStage, {kKeyIdName});
    if (!id) {
        return fail(id.error());
    }
    const auto opened = box.open(probe->toByteArray().toStdString(), probePlace());
    const bool probeFits = opened && *opened == kProbe;
    const bool idFits = id->toByteArray().toStdString() == keyId;
    if (probeFits && idFits) {
        return {};
    }
    // One of the two fits: it is the key, and the other has been damaged.
    if (probeFits || idFits || !probe->isValid() || !id->isValid()) {
        return damaged(kStage, "the key's probe", connection.subject());
    }
    return fail("store.wrong-key", kStage, Reaction::AskAdmin, {}, connection.subject());
}

//! Where the store was put under another key: what derive() stood on before. None else.
Result<std::optional<SecretBytes>> readRoot(Connection &connection, const crypto::SealedBox &box) {
    const auto sealed = connection.value(kReadFact, kStage, {kRootName});
    if (!sealed) {
        return fail(sealed.error());
    }
    if (!sealed->isValid()) {
        return std::optional<SecretBytes>();
    }
    auto root = box.open(sealed->toByteArray().toStdString(), rootPlace());
    if (!root) {
        return damaged(kStage, "what keys are derived from", connection.subject());
    }
    return std::optional(SecretBytes(std::move(*root)));
}

Result<void> prepare(Connection &connection, const fs::path &file, const crypto::SealedBox &box,
                     const std::string &keyId) {
    // The key first: with a wrong one nothing is changed.
    if (auto fits = checkKey(connection, box, keyId); !fits) {
        return fits;
    }
    const auto mode = connection.value(QStringLiteral("PRAGMA journal_mode = WAL"), kStage);
    if (!mode) {
        return fail(mode.error());
    }
    if (mode->toString() != QLatin1String("wal")) {
        return fail("store.unwritable", kStage, Reaction::AskAdmin, "no write-ahead log here",
                    connection.subject());
    }
    const auto version = connection.value(QStringLiteral("PRAGMA user_version"), kStage);
    if (!version) {
        return fail(version.error());
    }
    if (version->toInt() == static_cast<int>(migrations().size())) {
        return {};
    }
    const auto lock = lockOpening(file);
    if (!lock) {
        return fail(lock.error());
    }
    return upgrade(connection, file, migrations());
}

} // namespace

std::string keyIdOf(const SecretBytes &key) {
    return std::string(crypto::SealedBox(key.clone()).derive("sealpost store key id").view());
}

std::string probePlace() {
    return place("fact", "probe", "value");
}

std::string rootPlace() {
    return place("fact", "derivation", "value");
}

std::string place(std::string_view table, std::string_view row, std::string_view column) {
    std::string out(table);
    out += '/';
    out += row;
    out += '/';
    out += column;
    return out;
}

Database::Private::Private(std::filesystem::path file_, SecretBytes key)
    : file(std::move(file_)), box(key.clone()), keyId(keyIdOf(key)),
      pool(std::make_shared<ConnectionPool>(file)) {}

Result<void> Database::Private::checkKeyId(Connection &connection) const {
    const auto id = connection.value(kReadFact, kStage, {kKeyIdName});
    if (!id) {
        return fail(id.error());
    }
    return id->toByteArray().toStdString() == keyId
               ? Result<void>()
               : fail("store.key-changed", kStage, Reaction::AskAdmin, {}, connection.subject());
}

Database::Database(std::unique_ptr<Private> d_) : d(std::move(d_)) {}
Database::~Database() = default;

Result<std::shared_ptr<Database>> Database::open(const std::filesystem::path &file,
                                                 SecretBytes key) {
    if (key.size() != crypto::kSealedBoxKeySize) {
        return fail("store.key-size", kStage, Reaction::Bug);
    }
    auto made = std::make_unique<Private>(file, key.clone());
    if (!isThere(file)) {
        if (auto created = create(file, made->box, made->keyId); !created) {
            return fail(created.error());
        }
    }
    if (auto sound = inspect(file); !sound) {
        return fail(sound.error());
    }
    const auto connection = made->pool->ofThisThread();
    if (!connection) {
        return fail(connection.error());
    }
    if (auto ready = prepare(**connection, file, made->box, made->keyId); !ready) {
        return fail(ready.error());
    }
    auto root = readRoot(**connection, made->box);
    if (!root) {
        return fail(root.error());
    }
    if (*root) {
        made->box = crypto::SealedBox(std::move(key), std::move(**root));
    }
    return std::shared_ptr<Database>(new Database(std::move(made)));
}

Result<void> Database::copyTo(const fs::path &copy) {
    const auto connection = d->pool->ofThisThread();
    if (!connection) {
        return fail(connection.error());
    }
    if (auto made = makePrivateFile(copy); !made) {
        return made;
    }
    return (*connection)->run(QStringLiteral("VACUUM INTO ?"), kStage, {toQString(copy)});
}

Result<void> Database::settle() {
    const auto connection = d->pool->ofThisThread();
    return connection ? (*connection)
                            ->run(QStringLiteral("PRAGMA wal_checkpoint(TRUNCATE)"), "store.settle")
                      : fail(connection.error());
}

const crypto::SealedBox &Database::box() const {
    return d->box;
}

} // namespace sealpost::store
