// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <mutex>
#include <optional>

namespace sealpost::runtime {

//! A part that is made when it is first asked for. A failure is not remembered: once the person has
//! unlocked the keychain, the next call goes through. Any thread; parts may ask for other parts as
//! long as they don't ask in a circle.
template <class T> class Lazy {
public:
    template <class Make> [[nodiscard]] Result<T> get(const Make &make) {
        const std::scoped_lock lock(m_mutex);
        if (!m_value) {
            Result<T> made = make();
            if (!made) {
                return made;
            }
            m_value = std::move(*made);
        }
        return *m_value;
    }

private:
    std::mutex m_mutex;
    std::optional<T> m_value;
};

} // namespace sealpost::runtime
