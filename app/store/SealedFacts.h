// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "store/Database.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::store {

//! Single values that the program itself remembers, each under a fixed name and sealed to it: what
//! was changed from outside is an error, never another value. Any thread. Database's errors.
class SealedFacts {
public:
    explicit SealedFacts(std::shared_ptr<Database> database);

    struct Fact {
        std::string name;
        std::string value;
    };
    //! None where nothing was written yet. AskAdmin "store.damaged" with the name as subject.
    [[nodiscard]] Result<std::optional<std::string>> read(std::string_view name) const;
    //! All of them or none.
    [[nodiscard]] Result<void> write(const std::vector<Fact> &facts);

private:
    std::shared_ptr<Database> m_database;
};

} // namespace sealpost::store
