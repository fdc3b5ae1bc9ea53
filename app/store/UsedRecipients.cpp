// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/UsedRecipients.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.used";

std::string keyOf(const crypto::SealedBox &box, std::string_view text) {
    return crypto::hmacSha256(box.derive("sealpost used recipient").view(), text);
}

std::string rowPlace(std::string_view key) {
    return place("used_domain", base::toHex(key), "sealed");
}

Result<void> addDomain(Connection &connection, const crypto::SealedBox &box,
                       const std::string &domain) {
    const auto key = keyOf(box, domain);
    const auto sealed = box.seal(domain, rowPlace(key));
    if (!sealed) {
        return fail(sealed.error());
    }
    return connection.run(
        QStringLiteral("INSERT OR IGNORE INTO used_domain (key, sealed) VALUES (?, ?)"), kStage,
        {blob(key), blob(*sealed)});
}

} // namespace

UsedRecipients::UsedRecipients(std::shared_ptr<Database> database)
    : m_database(std::move(database)) {}

Result<void> UsedRecipients::add(const std::vector<mail::Address> &addresses) {
    if (addresses.empty()) {
        return {};
    }
    auto &internals = m_database->internals();
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        for (const auto &address : addresses) {
            const auto key = keyOf(internals.box, base::asciiLower(address.spec()));
            auto done = connection.run(
                QStringLiteral("INSERT OR IGNORE INTO used_address (key) VALUES (?)"), kStage,
                {blob(key)});
            if (done) {
                done = addDomain(connection, internals.box, address.domain());
            }
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

Result<bool> UsedRecipients::contains(const mail::Address &address) {
    auto &internals = m_database->internals();
    const auto key = keyOf(internals.box, base::asciiLower(address.spec()));
    return internals.transact(Access::Read, kStage, [&](Connection &connection) -> Result<bool> {
        const auto found = connection.value(
            QStringLiteral("SELECT 1 FROM used_address WHERE key = ?"), kStage, {blob(key)});
        if (!found) {
            return fail(found.error());
        }
        return found->isValid();
    });
}

Result<std::set<std::string>> UsedRecipients::domains() {
    using Domains = std::set<std::string>;
    auto &internals = m_database->internals();
    return internals.transact(Access::Read, kStage, [&](Connection &connection) -> Result<Domains> {
        auto rows =
            Rows::of(connection, QStringLiteral("SELECT key, sealed FROM used_domain"), kStage, {});
        if (!rows) {
            return fail(rows.error());
        }
        Domains all;
        while (true) {
            const auto more = rows->next();
            if (!more) {
                return fail(more.error());
            }
            if (!*more) {
                return all;
            }
            auto domain = internals.box.open(rows->bytes(1), rowPlace(rows->bytes(0)));
            if (!domain) {
                return damaged(kStage, "the domains written to", {});
            }
            all.insert(std::move(*domain));
        }
    });
}

} // namespace sealpost::store
