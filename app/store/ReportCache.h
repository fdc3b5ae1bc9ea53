// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/KeyValueCache.h"
#include "store/Database.h"

#include <memory>

namespace sealpost::store {

//! base::KeyValueCache in the store; keys are kept as HMACs and values sealed, since they tell whom
//! a person writes to. What is put can be got at once and is written a moment later, many values in
//! one transaction; the last of them when this object goes. A program that is killed loses that
//! moment, and asks again. Of more than some thousand, those that would expire first go.
class ReportCache final : public base::KeyValueCache {
public:
    explicit ReportCache(std::shared_ptr<Database> database);
    ~ReportCache() override;
    [[nodiscard]] std::optional<std::string> get(std::string_view key, Time now) override;
    void put(std::string_view key, std::string_view value, Time expires) override;
    //! Returns when all that was put is written, or could not be.
    void flush();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::store
