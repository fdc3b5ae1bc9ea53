// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/OutboxRow.h"

#include "store/DatabasePrivate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <array>
#include <optional>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.outbox";

constexpr std::array kStates = {
    OutboxState::Writing,  OutboxState::Queued,   OutboxState::Submitting, OutboxState::Committing,
    OutboxState::Accepted, OutboxState::Deferred, OutboxState::Uncertain,  OutboxState::Failed};

std::string rowPlace(std::int64_t id) {
    return place("outbox", std::to_string(id), "sealed");
}

qint64 dayOf(Time time) {
    return std::chrono::floor<std::chrono::days>(time).time_since_epoch().count();
}

//! For the plain column: the day on which it ended; null while it has not.
QVariant settledDay(const OutboxEntry &entry) {
    const bool ended = entry.state == OutboxState::Accepted || entry.state == OutboxState::Failed;
    return ended ? QVariant(dayOf(entry.changed)) : QVariant(QMetaType(QMetaType::LongLong));
}

std::optional<OutboxState> stateFrom(std::string_view word) {
    for (const auto state : kStates) {
        if (toString(state) == word) {
            return state;
        }
    }
    return std::nullopt;
}

QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QJsonArray array(const std::vector<std::string> &texts) {
    QJsonArray out;
    for (const auto &one : texts) {
        out.append(text(one));
    }
    return out;
}

std::string string(const QJsonObject &object, const char *key) {
    return object.value(QLatin1String(key)).toString().toStdString();
}

std::vector<std::string> strings(const QJsonObject &object, const char *key) {
    std::vector<std::string> out;
    for (const auto &one : object.value(QLatin1String(key)).toArray()) {
        out.push_back(one.toString().toStdString());
    }
    return out;
}

std::string toBytes(const OutboxRow &row) {
    const auto &entry = row.entry;
    QJsonObject object{{QStringLiteral("state"), text(toString(entry.state))},
                       {QStringLiteral("created"), text(base::toIso8601(entry.created))},
                       {QStringLiteral("changed"), text(base::toIso8601(entry.changed))},
                       {QStringLiteral("account"), text(entry.account)},
                       {QStringLiteral("route"), text(entry.route)},
                       {QStringLiteral("envelope-from"), text(entry.envelopeFrom)},
                       {QStringLiteral("recipients"), array(entry.recipients)},
                       {QStringLiteral("tls-suffices"), array(entry.tlsSuffices)},
                       {QStringLiteral("message-id"), text(entry.messageId)},
                       {QStringLiteral("plan-digest"), text(entry.planDigest)},
                       {QStringLiteral("receipt"), text(entry.receiptJson)},
                       {QStringLiteral("last-error"), text(entry.lastError)},
                       {QStringLiteral("size"), static_cast<qint64>(entry.size)},
                       {QStringLiteral("attempts"), entry.attempts},
                       {QStringLiteral("next-try"), text(base::toIso8601(entry.nextTry))},
                       {QStringLiteral("decided-until"), text(base::toIso8601(entry.decidedUntil))},
                       {QStringLiteral("encrypted-for"), array(entry.encryptedFor)},
                       {QStringLiteral("settled"), array(entry.settled)},
                       {QStringLiteral("chunks"), static_cast<qint64>(row.chunks)}};
    // What most have not takes no room: a row that fits its page is opened in half the time.
    const auto insert = [&object](const char *name, const QJsonValue &value, bool there) {
        if (there) {
            object.insert(QLatin1String(name), value);
        }
    };
    insert("refused", array(entry.refused), !entry.refused.empty());
    insert("written-as", array(entry.writtenAs), !entry.writtenAs.empty());
    insert("content-digest", text(entry.contentDigest), !entry.contentDigest.empty());
    insert("draft-id", text(entry.draftId), !entry.draftId.empty());
    insert("draft", text(entry.draftJson), !entry.draftJson.empty());
    insert("copied", entry.copied, entry.copied);
    insert("copy-tries", entry.copyTries, entry.copyTries > 0);
    insert("next-copy", text(base::toIso8601(entry.nextCopy)), entry.nextCopy != Time{});
    return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

Result<OutboxRow> fromBox(const crypto::SealedBox &box, std::int64_t id, std::string_view sealed) {
    const auto bytes = box.open(sealed, rowPlace(id));
    if (!bytes) {
        return damaged(kStage, "entry " + std::to_string(id));
    }
    const auto object = QJsonDocument::fromJson(blob(*bytes)).object();
    const auto state = stateFrom(string(object, "state"));
    if (!state) {
        return damaged(kStage, "state of entry " + std::to_string(id));
    }
    OutboxRow row;
    auto &entry = row.entry;
    entry.id = id;
    entry.state = *state;
    entry.created = base::fromIso8601(string(object, "created"));
    entry.changed = base::fromIso8601(string(object, "changed"));
    entry.account = string(object, "account");
    entry.route = string(object, "route");
    entry.envelopeFrom = string(object, "envelope-from");
    entry.recipients = strings(object, "recipients");
    entry.tlsSuffices = strings(object, "tls-suffices");
    entry.messageId = string(object, "message-id");
    entry.planDigest = string(object, "plan-digest");
    entry.receiptJson = string(object, "receipt");
    entry.lastError = string(object, "last-error");
    entry.size = static_cast<ByteCount>(object.value(QStringLiteral("size")).toInteger());
    entry.attempts = object.value(QStringLiteral("attempts")).toInt();
    entry.nextTry = base::fromIso8601(string(object, "next-try"));
    entry.decidedUntil = base::fromIso8601(string(object, "decided-until"));
    entry.encryptedFor = strings(object, "encrypted-for");
    entry.settled = strings(object, "settled");
    entry.refused = strings(object, "refused");
    entry.writtenAs = strings(object, "written-as");
    entry.contentDigest = string(object, "content-digest");
    entry.draftId = string(object, "draft-id");
    entry.draftJson = string(object, "draft");
    entry.copied = object.value(QStringLiteral("copied")).toBool();
    entry.copyTries = object.value(QStringLiteral("copy-tries")).toInt();
    entry.nextCopy = base::fromIso8601(string(object, "next-copy"));
    row.chunks = object.value(QStringLiteral("chunks")).toInteger();
    return row;
}

Result<std::vector<OutboxRow>> rowsOf(const crypto::SealedBox &box, Result<Rows> rows) {
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<OutboxRow> out;
    while (true) {
        const auto more = rows->next();
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            return out;
        }
        auto row = fromBox(box, rows->integer(0), rows->bytes(1));
        if (!row) {
            return fail(row.error());
        }
        out.push_back(std::move(*row));
    }
}

tl::unexpected<Error> notFound(std::int64_t id) {
    return fail("outbox.not-found", kStage, Reaction::FixInput, {}, std::to_string(id));
}

} // namespace

Result<std::int64_t> insertRow(Connection &connection, const crypto::SealedBox &box,
                               OutboxRow row) {
    // The box is bound to the id, which is known only once there is a row.
    auto made =
        connection.run(QStringLiteral("INSERT INTO outbox (sealed) VALUES (x'00')"), kStage);
    if (!made) {
        return fail(made.error());
    }
    const auto id = connection.value(QStringLiteral("SELECT last_insert_rowid()"), kStage);
    if (!id) {
        return fail(id.error());
    }
    row.entry.id = id->toLongLong();
    if (auto filled = updateRow(connection, box, row); !filled) {
        return fail(filled.error());
    }
    return row.entry.id;
}

Result<void> updateRow(Connection &connection, const crypto::SealedBox &box, const OutboxRow &row) {
    const auto sealed = box.seal(toBytes(row), rowPlace(row.entry.id));
    if (!sealed) {
        return fail(sealed.error());
    }
    return connection.run(
        QStringLiteral("UPDATE outbox SET sealed = ?, settled = ? WHERE id = ?"), kStage,
        {blob(*sealed), settledDay(row.entry), static_cast<qint64>(row.entry.id)});
}

Result<OutboxRow> readRow(Connection &connection, const crypto::SealedBox &box, std::int64_t id) {
    const auto sealed = connection.value(QStringLiteral("SELECT sealed FROM outbox WHERE id = ?"),
                                         kStage, {static_cast<qint64>(id)});
    if (!sealed) {
        return fail(sealed.error());
    }
    if (!sealed->isValid()) {
        return notFound(id);
    }
    return fromBox(box, id, sealed->toByteArray().toStdString());
}

Result<std::vector<OutboxRow>> readRows(Connection &connection, const crypto::SealedBox &box) {
    return rowsOf(
        box,
        Rows::of(connection, QStringLiteral("SELECT id, sealed FROM outbox ORDER BY id"), kStage));
}

Result<std::vector<OutboxRow>> readOpenRows(Connection &connection, const crypto::SealedBox &box) {
    return rowsOf(box, Rows::of(connection,
                                QStringLiteral("SELECT id, sealed FROM outbox "
                                               "WHERE settled IS NULL ORDER BY id"),
                                kStage));
}

Result<std::vector<OutboxRow>> readPage(Connection &connection, const crypto::SealedBox &box,
                                        std::int64_t before, int most) {
    return rowsOf(box, Rows::of(connection,
                                QStringLiteral("SELECT id, sealed FROM outbox WHERE id < ? "
                                               "ORDER BY id DESC LIMIT ?"),
                                kStage, {static_cast<qint64>(before), most}));
}

Result<void> removeRow(Connection &connection, std::int64_t id) {
    auto removed = connection.run(QStringLiteral("DELETE FROM outbox WHERE id = ?"), kStage,
                                  {static_cast<qint64>(id)});
    if (!removed) {
        return removed;
    }
    const auto count = connection.value(QStringLiteral("SELECT changes()"), kStage);
    if (!count) {
        return fail(count.error());
    }
    return count->toInt() == 0 ? Result<void>(notFound(id)) : Result<void>();
}

} // namespace sealpost::store
