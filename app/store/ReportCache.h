// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/KeyValueCache.h"
#include "store/Database.h"

#include <memory>

namespace sealpost::store {

//! base::KeyValueCache in the store; keys are kept as HMACs and values sealed, since they tell whom
//! a person writes to.
class ReportCache final : public base::KeyValueCache {
public:
    explicit ReportCache(std::shared_ptr<Database> database);
    [[nodiscard]] std::optional<std::string> get(std::string_view key, Time now) override;
    void put(std::string_view key, std::string_view value, Time expires) override;

private:
    std::shared_ptr<Database> m_database;
};

} // namespace sealpost::store
