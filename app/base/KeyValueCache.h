// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::base {

//! What assurance keeps between runs; store implements it. Any thread. A cache that fails is a
//! cache that misses: no errors.
class KeyValueCache {
public:
    KeyValueCache() = default;
    KeyValueCache(const KeyValueCache &) = delete;
    KeyValueCache &operator=(const KeyValueCache &) = delete;
    virtual ~KeyValueCache() = default;
    //! The value, unless none is there or it has expired at `now`.
    [[nodiscard]] virtual std::optional<std::string> get(std::string_view key, Time now) = 0;
    virtual void put(std::string_view key, std::string_view value, Time expires) = 0;
};

} // namespace sealpost::base
