// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::base {

//! Records that are looked up by key and replaced all at once; store keeps them sealed. Any thread.
//! Errors: those of the store ("store.…").
class LookupTable {
public:
    struct Record {
        std::vector<std::string> keys; //!< each finds it
        std::string value;
    };

    LookupTable() = default;
    LookupTable(const LookupTable &) = delete;
    LookupTable &operator=(const LookupTable &) = delete;
    virtual ~LookupTable() = default;
    //! All of these instead of all before, and a word about them; on an error nothing has changed.
    [[nodiscard]] virtual Result<void> replace(const std::vector<Record> &records,
                                               std::string_view about) = 0;
    //! What replace() was told; none before the first.
    [[nodiscard]] virtual Result<std::optional<std::string>> about() = 0;
    //! The values of a key, in the order of the records.
    [[nodiscard]] virtual Result<std::vector<std::string>> find(std::string_view key) = 0;
};

} // namespace sealpost::base
