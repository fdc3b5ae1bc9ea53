// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/AccountStore.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"
#include "store/DraftJson.h"

#include <algorithm>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.accounts";

//! What stands for a name in the file.
std::string nameKey(const crypto::SealedBox &box, const std::string &name) {
    return crypto::hmacSha256(box.derive("sealpost account name").view(), name);
}

std::string accountPlace(std::string_view key) {
    return place("account", base::toHex(key), "sealed");
}

tl::unexpected<Error> notFound(const std::string &name) {
    return fail("account.not-found", kStage, Reaction::FixInput, {}, name);
}

} // namespace

AccountStore::AccountStore(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

Result<void> AccountStore::add(const mail::Account &account) {
    if (base::trimmed(account.name).empty() || base::hasControlCharacters(account.name)) {
        return fail("account.bad-name", kStage, Reaction::FixInput);
    }
    auto &internals = m_database->internals();
    const auto key = nameKey(internals.box, account.name);
    const auto sealed = internals.box.seal(accountToJson(account), accountPlace(key));
    if (!sealed) {
        return fail(sealed.error());
    }
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        const auto taken = connection.value(QStringLiteral("SELECT 1 FROM account WHERE name = ?"),
                                            kStage, {blob(key)});
        if (!taken) {
            return fail(taken.error());
        }
        if (taken->isValid()) {
            return fail("account.exists", kStage, Reaction::FixInput, {}, account.name);
        }
        return connection.run(QStringLiteral("INSERT INTO account (name, sealed) VALUES (?, ?)"),
                              kStage, {blob(key), blob(*sealed)});
    });
}

Result<void> AccountStore::change(const mail::Account &account) {
    auto &internals = m_database->internals();
    const auto key = nameKey(internals.box, account.name);
    const auto sealed = internals.box.seal(accountToJson(account), accountPlace(key));
    if (!sealed) {
        return fail(sealed.error());
    }
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        auto written =
            connection.run(QStringLiteral("UPDATE account SET sealed = ? WHERE name = ?"), kStage,
                           {blob(*sealed), blob(key)});
        if (!written) {
            return written;
        }
        const auto count = connection.value(QStringLiteral("SELECT changes()"), kStage);
        if (!count) {
            return fail(count.error());
        }
        return count->toInt() == 0 ? Result<void>(notFound(account.name)) : Result<void>();
    });
}

Result<std::vector<mail::Account>> AccountStore::list() const {
    using Accounts = std::vector<mail::Account>;
    auto &internals = m_database->internals();
    const auto read = [&](Connection &connection) -> Result<Accounts> {
        auto rows =
            Rows::of(connection, QStringLiteral("SELECT name, sealed FROM account"), kStage);
        if (!rows) {
            return fail(rows.error());
        }
        Accounts accounts;
        while (true) {
            const auto more = rows->next();
            if (!more) {
                return fail(more.error());
            }
            if (!*more) {
                return accounts;
            }
            const auto json = internals.box.open(rows->bytes(1), accountPlace(rows->bytes(0)));
            if (!json) {
                return damaged(kStage, "an account");
            }
            auto account = accountFromJson(*json);
            if (!account) {
                return fail(account.error());
            }
            accounts.push_back(std::move(*account));
        }
    };
    auto accounts = internals.transact(Access::Read, kStage, read);
    if (accounts) {
        std::sort(accounts->begin(), accounts->end(),
                  [](const auto &a, const auto &b) { return a.name < b.name; });
    }
    return accounts;
}

Result<mail::Account> AccountStore::find(const std::string &name) const {
    auto accounts = list();
    if (!accounts) {
        return fail(accounts.error());
    }
    if (name.empty()) {
        if (accounts->empty()) {
            return fail("account.none", kStage, Reaction::FixInput);
        }
        if (accounts->size() > 1) {
            return fail("account.choose", kStage, Reaction::FixInput);
        }
        return std::move(accounts->front());
    }
    const auto found = std::find_if(accounts->begin(), accounts->end(),
                                    [&](const auto &account) { return account.name == name; });
    return found == accounts->end() ? Result<mail::Account>(notFound(name)) : std::move(*found);
}

Result<void> AccountStore::remove(const std::string &name) {
    auto &internals = m_database->internals();
    const auto key = nameKey(internals.box, name);
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        auto removed = connection.run(QStringLiteral("DELETE FROM account WHERE name = ?"), kStage,
                                      {blob(key)});
        if (!removed) {
            return removed;
        }
        const auto count = connection.value(QStringLiteral("SELECT changes()"), kStage);
        if (!count) {
            return fail(count.error());
        }
        return count->toInt() == 0 ? Result<void>(notFound(name)) : Result<void>();
    });
}

} // namespace sealpost::store
