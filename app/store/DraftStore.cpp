// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/DraftStore.h"

#include "store/DatabasePrivate.h"
#include "store/DraftJson.h"

#include <QUuid>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.drafts";

std::string draftPlace(std::string_view id) {
    return place("draft", id, "sealed");
}

QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

Result<mail::Draft> openDraft(const crypto::SealedBox &box, const std::string &id,
                              std::string_view sealed) {
    const auto json = box.open(sealed, draftPlace(id));
    if (!json) {
        return damaged(kStage, "a draft", id);
    }
    return draftFromJson(*json);
}

} // namespace

DraftStore::DraftStore(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

Result<std::string> DraftStore::save(const mail::Draft &draft) {
    auto kept = draft;
    if (kept.id.empty()) {
        kept.id = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
    }
    auto &internals = m_database->internals();
    const auto sealed = internals.box.seal(draftToJson(kept), draftPlace(kept.id));
    if (!sealed) {
        return fail(sealed.error());
    }
    return internals.transact(
        Access::Write, kStage, [&](Connection &connection) -> Result<std::string> {
            const auto written = connection.run(
                QStringLiteral("INSERT INTO draft (id, revision, sealed, touched) VALUES "
                               "(?, (SELECT coalesce(max(revision), 0) + 1 FROM draft), ?, "
                               "unixepoch() / 86400) ON CONFLICT (id) DO UPDATE SET "
                               "revision = excluded.revision, sealed = excluded.sealed, "
                               "touched = excluded.touched"),
                kStage, {text(kept.id), blob(*sealed)});
            return written ? Result<std::string>(kept.id) : fail(written.error());
        });
}

Result<std::vector<mail::Draft>> DraftStore::list() const {
    using Drafts = std::vector<mail::Draft>;
    auto &internals = m_database->internals();
    return internals.transact(Access::Read, kStage, [&](Connection &connection) -> Result<Drafts> {
        auto rows =
            Rows::of(connection,
                     QStringLiteral("SELECT id, sealed FROM draft ORDER BY revision DESC"), kStage);
        if (!rows) {
            return fail(rows.error());
        }
        Drafts drafts;
        while (true) {
            const auto more = rows->next();
            if (!more) {
                return fail(more.error());
            }
            if (!*more) {
                return drafts;
            }
            auto draft = openDraft(internals.box, rows->bytes(0), rows->bytes(1));
            if (!draft) {
                return fail(draft.error());
            }
            drafts.push_back(std::move(*draft));
        }
    });
}

Result<void> DraftStore::remove(const std::string &id) {
    return m_database->internals().transact(Access::Write, kStage, [&](Connection &connection) {
        return connection.run(QStringLiteral("DELETE FROM draft WHERE id = ?"), kStage, {text(id)});
    });
}

Result<std::int64_t> DraftStore::removeUntouched(Time before) {
    const auto days = std::chrono::floor<std::chrono::days>(before).time_since_epoch().count();
    return m_database->internals().transact(
        Access::Write, kStage, [&](Connection &connection) -> Result<std::int64_t> {
            auto removed = connection.run(QStringLiteral("DELETE FROM draft WHERE touched < ?"),
                                          kStage, {static_cast<qint64>(days)});
            const auto count = removed
                                   ? connection.value(QStringLiteral("SELECT changes()"), kStage)
                                   : fail(removed.error());
            return count ? Result<std::int64_t>(count->toLongLong()) : fail(count.error());
        });
}

} // namespace sealpost::store
