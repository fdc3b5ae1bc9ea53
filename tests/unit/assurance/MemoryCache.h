// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/KeyValueCache.h"

#include <map>
#include <mutex>
#include <utility>

namespace sealpost::test {

class MemoryCache final : public base::KeyValueCache {
public:
    std::optional<std::string> get(std::string_view key, Time now) override {
        const std::lock_guard lock(m_mutex);
        const auto found = values.find(std::string(key));
        return found == values.end() || found->second.second <= now
                   ? std::nullopt
                   : std::optional(found->second.first);
    }
    void put(std::string_view key, std::string_view value, Time expires) override {
        const std::lock_guard lock(m_mutex);
        values[std::string(key)] = {std::string(value), expires};
    }
    std::map<std::string, std::pair<std::string, Time>> values;

private:
    std::mutex m_mutex;
};

} // namespace sealpost::test
