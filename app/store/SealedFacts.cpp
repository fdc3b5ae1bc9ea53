// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/SealedFacts.h"

#include "store/DatabasePrivate.h"
#include "store/SqlError.h"

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.facts";

// Apart from the names that Database itself uses.
std::string rowName(std::string_view name) {
    return "sealed/" + std::string(name);
}

QString bound(const std::string &row) {
    return QString::fromStdString(row);
}

std::string factPlace(const std::string &row) {
    return place("fact", row, "value");
}

} // namespace

SealedFacts::SealedFacts(std::shared_ptr<Database> database) : m_database(std::move(database)) {}

Result<std::optional<std::string>> SealedFacts::read(std::string_view name) const {
    using Value = std::optional<std::string>;
    auto &internals = m_database->internals();
    const auto row = rowName(name);
    return internals.transact(Access::Read, kStage, [&](Connection &connection) -> Result<Value> {
        const auto found = connection.value(QStringLiteral("SELECT value FROM fact WHERE name = ?"),
                                            kStage, {bound(row)});
        if (!found) {
            return fail(found.error());
        }
        if (!found->isValid()) {
            return Value();
        }
        auto value = internals.box.open(found->toByteArray().toStdString(), factPlace(row));
        if (!value) {
            return damaged(kStage, "a remembered value", std::string(name));
        }
        return Value(std::move(*value));
    });
}

Result<void> SealedFacts::write(const std::vector<Fact> &facts) {
    auto &internals = m_database->internals();
    return internals.transact(Access::Write, kStage, [&](Connection &connection) -> Result<void> {
        for (const auto &fact : facts) {
            const auto row = rowName(fact.name);
            const auto sealed = internals.box.seal(fact.value, factPlace(row));
            if (!sealed) {
                return fail(sealed.error());
            }
            auto done = connection.run(
                QStringLiteral("INSERT INTO fact (name, value) VALUES (?, ?) "
                               "ON CONFLICT (name) DO UPDATE SET value = excluded.value"),
                kStage, {bound(row), blob(*sealed)});
            if (!done) {
                return done;
            }
        }
        return {};
    });
}

} // namespace sealpost::store
