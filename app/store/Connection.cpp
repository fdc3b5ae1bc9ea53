// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Connection.h"

#include <QSqlError>
#include <algorithm>
#include <atomic>

namespace sealpost::store {

namespace {

constexpr int kBusyTimeoutMs = 10'000;

QString nextName() {
    static std::atomic<std::uint64_t> counter{0};
    return QStringLiteral("sealpost-store-%1").arg(counter++);
}

QString optionsFor(OpenMode mode) {
    auto options = QStringLiteral("QSQLITE_BUSY_TIMEOUT=%1").arg(kBusyTimeoutMs);
    if (mode == OpenMode::ReadOnly) {
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    }
    return options;
}

Result<QSqlQuery> ran(const Connection &connection, const QString &sql, std::string_view stage,
                      std::initializer_list<QVariant> values) {
    QSqlQuery query(connection.handle());
    query.setForwardOnly(true);
    bool good = query.prepare(sql);
    if (good) {
        for (const auto &value : values) {
            query.addBindValue(value);
        }
        good = query.exec();
    }
    if (!good) {
        return fail(sqlError(query.lastError(), stage, connection.subject()));
    }
    return query;
}

//! What each connection needs before its first statement of ours.
Result<void> prepare(Connection &connection) {
    constexpr std::string_view kStage = "store.open";
    // Damage is looked for in each page that is read; views and triggers of a tampered file stay
    // without power.
    for (const auto &pragma :
         {QStringLiteral("PRAGMA cell_size_check = ON"),
          QStringLiteral("PRAGMA trusted_schema = OFF"), QStringLiteral("PRAGMA foreign_keys = ON"),
          QStringLiteral("PRAGMA temp_store = MEMORY"),
          // What is removed is overwritten.
          QStringLiteral("PRAGMA secure_delete = ON"),
          QStringLiteral("PRAGMA journal_size_limit = 16777216"),
          // With the write-ahead log only FULL outlives a loss of power after each commit.
          QStringLiteral("PRAGMA synchronous = FULL")}) {
        if (auto set = connection.run(pragma, kStage); !set) {
            return set;
        }
    }
    return {};
}

} // namespace

QString toQString(const std::filesystem::path &path) {
    const auto text = path.u8string();
    return QString::fromUtf8(reinterpret_cast<const char *>(text.data()),
                             static_cast<qsizetype>(text.size()));
}

std::string toText(const std::filesystem::path &path) {
    return toQString(path).toStdString();
}

QByteArray blob(std::string_view bytes) {
    return QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

Connection::Connection(QString name, std::string subject)
    : m_name(std::move(name)), m_subject(std::move(subject)) {}

Connection::~Connection() {
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path &file,
                                                     OpenMode mode) {
    std::unique_ptr<Connection> connection(new Connection(nextName(), toText(file)));
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), connection->m_name);
        if (!database.isValid()) {
            return fail("store.no-driver", "store.open", Reaction::AskAdmin,
                        "Qt's SQLite driver is not installed");
        }
        database.setDatabaseName(toQString(file));
        database.setConnectOptions(optionsFor(mode));
        if (!database.open()) {
            return fail(sqlError(database.lastError(), "store.open", connection->m_subject));
        }
    }
    if (auto prepared = prepare(*connection); !prepared) {
        return fail(prepared.error());
    }
    return connection;
}

QSqlDatabase Connection::handle() const {
    return QSqlDatabase::database(m_name, false);
}

Result<void> Connection::run(const QString &sql, std::string_view stage,
                             std::initializer_list<QVariant> values) {
    const auto query = ran(*this, sql, stage, values);
    return query ? Result<void>() : fail(query.error());
}

Result<QVariant> Connection::value(const QString &sql, std::string_view stage,
                                   std::initializer_list<QVariant> values) {
    auto query = ran(*this, sql, stage, values);
    if (!query) {
        return fail(query.error());
    }
    if (query->next()) {
        return query->value(0);
    }
    if (query->lastError().isValid()) {
        return fail(sqlError(query->lastError(), stage, m_subject));
    }
    return QVariant();
}

Rows::Rows(QSqlQuery query, std::string_view stage, std::string subject)
    : m_query(std::move(query)), m_stage(stage), m_subject(std::move(subject)) {}

Result<Rows> Rows::of(const Connection &connection, const QString &sql, std::string_view stage,
                      std::initializer_list<QVariant> values) {
    auto query = ran(connection, sql, stage, values);
    if (!query) {
        return fail(query.error());
    }
    return Rows(std::move(*query), stage, connection.subject());
}

Result<bool> Rows::next() {
    if (m_query.next()) {
        return true;
    }
    if (m_query.lastError().isValid()) {
        return fail(sqlError(m_query.lastError(), m_stage, m_subject));
    }
    return false;
}

std::string Rows::bytes(int column) const {
    return m_query.value(column).toByteArray().toStdString();
}

//! What one thread has open; closes it when the thread ends.
struct ThreadConnections {
    struct Entry {
        std::weak_ptr<ConnectionPool> pool;
        Connection *connection;
    };
    std::vector<Entry> entries;

    ThreadConnections() = default;
    ThreadConnections(const ThreadConnections &) = delete;
    ThreadConnections &operator=(const ThreadConnections &) = delete;
    ~ThreadConnections() {
        for (const auto &entry : entries) {
            if (const auto pool = entry.pool.lock()) {
                pool->close(entry.connection);
            }
        }
    }
};

ConnectionPool::ConnectionPool(std::filesystem::path file) : m_file(std::move(file)) {}

Result<Connection *> ConnectionPool::ofThisThread() {
    thread_local ThreadConnections mine;
    std::erase_if(mine.entries, [](const auto &entry) { return entry.pool.expired(); });
    for (const auto &entry : mine.entries) {
        if (entry.pool.lock().get() == this) {
            return entry.connection;
        }
    }
    auto opened = Connection::open(m_file, OpenMode::ReadWrite);
    if (!opened) {
        return fail(opened.error());
    }
    auto *connection = opened->get();
    mine.entries.push_back({weak_from_this(), connection});
    const std::lock_guard lock(m_mutex);
    m_open.push_back(std::move(*opened));
    return connection;
}

void ConnectionPool::close(const Connection *connection) {
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_open, [&](const auto &open) { return open.get() == connection; });
}

} // namespace sealpost::store
