// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/SqlError.h"

#include <QByteArray>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QVariant>
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace sealpost::store {

[[nodiscard]] QString toQString(const std::filesystem::path &path);
//! For the subject of an error (UTF-8).
[[nodiscard]] std::string toText(const std::filesystem::path &path);
//! A blob to bind, without a copy: `bytes` outlives the statement's run.
[[nodiscard]] QByteArray blob(std::string_view bytes);

enum class OpenMode { ReadOnly, ReadWrite };

//! One SQLite connection, of the thread that made it; closed when it goes.
class Connection {
public:
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const std::filesystem::path &file,
                                                                  OpenMode mode);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    [[nodiscard]] QSqlDatabase handle() const;
    [[nodiscard]] const std::string &subject() const { return m_subject; }

    //! Runs a statement whose rows, if any, do not matter.
    [[nodiscard]] Result<void> run(const QString &sql, std::string_view stage,
                                   std::initializer_list<QVariant> values = {});
    //! The first column of the first row; an invalid QVariant where there is none.
    [[nodiscard]] Result<QVariant> value(const QString &sql, std::string_view stage,
                                         std::initializer_list<QVariant> values = {});

private:
    Connection(QString name, std::string subject);
    QString m_name;
    std::string m_subject;
};

//! The rows of one query, one at a time.
class Rows {
public:
    [[nodiscard]] static Result<Rows> of(const Connection &connection, const QString &sql,
                                         std::string_view stage,
                                         std::initializer_list<QVariant> values = {});
    //! False at the end.
    [[nodiscard]] Result<bool> next();
    [[nodiscard]] std::int64_t integer(int column) const {
        return m_query.value(column).toLongLong();
    }
    [[nodiscard]] std::string bytes(int column) const;

private:
    Rows(QSqlQuery query, std::string_view stage, std::string subject);
    QSqlQuery m_query;
    std::string m_stage;
    std::string m_subject;
};

//! The connections of one file, one for each thread that uses it; closed when their thread goes,
//! and all of them when the pool goes.
class ConnectionPool : public std::enable_shared_from_this<ConnectionPool> {
public:
    explicit ConnectionPool(std::filesystem::path file);
    [[nodiscard]] Result<Connection *> ofThisThread();

private:
    friend struct ThreadConnections;
    void close(const Connection *connection);

    std::filesystem::path m_file;
    std::mutex m_mutex;
    std::vector<std::unique_ptr<Connection>> m_open;
};

enum class Access { Read, Write };

//! Runs `work` (Connection& → Result<T>) in one transaction: all of it stays, durable, or nothing.
//! With Access::Write no other connection writes meanwhile, in this process or another.
template <class Work>
[[nodiscard]] auto transact(Connection &connection, Access access, std::string_view stage,
                            Work work) -> std::invoke_result_t<Work, Connection &> {
    const auto begin =
        access == Access::Write ? QStringLiteral("BEGIN IMMEDIATE") : QStringLiteral("BEGIN");
    if (auto begun = connection.run(begin, stage); !begun) {
        return fail(begun.error());
    }
    auto result = work(connection);
    if (result) {
        auto committed = connection.run(QStringLiteral("COMMIT"), stage);
        if (committed) {
            return result;
        }
        result = fail(committed.error());
    }
    // Where SQLite has rolled back by itself this fails, and that is well.
    (void)connection.run(QStringLiteral("ROLLBACK"), stage);
    return result;
}

} // namespace sealpost::store
