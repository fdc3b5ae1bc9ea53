// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/LookupTable.h"
#include "store/Database.h"

#include <memory>

namespace sealpost::store {

//! The imported CJSM directory in the store: values sealed, keys kept as HMACs, since both name
//! people.
class CjsmTable final : public base::LookupTable {
public:
    explicit CjsmTable(std::shared_ptr<Database> database);
    [[nodiscard]] Result<void> replace(const std::vector<Record> &records,
                                       std::string_view about) override;
    [[nodiscard]] Result<std::optional<std::string>> about() override;
    [[nodiscard]] Result<std::vector<std::string>> find(std::string_view key) override;

private:
    std::shared_ptr<Database> m_database;
};

} // namespace sealpost::store
