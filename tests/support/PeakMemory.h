// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fstream>
#include <optional>
#include <string>

namespace sealpost::test {

//! How much resident memory this process needed beyond what it has now, as Linux counts it. Nothing
//! elsewhere, and under a sanitizer, whose own memory says nothing.
class PeakMemory {
public:
    PeakMemory() {
        std::ofstream reset("/proc/self/clear_refs");
        reset << "5\n"; // the peak is the present
        reset.flush();
        if (reset) {
            m_before = field("VmRSS:");
        }
    }
    [[nodiscard]] std::optional<long> grownKiB() const {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        return std::nullopt;
#else
        const auto peak = field("VmHWM:");
        return m_before && peak ? std::optional(*peak - *m_before) : std::nullopt;
#endif
    }

private:
    static std::optional<long> field(const std::string &name) {
        std::ifstream status("/proc/self/status");
        std::string word;
        long value = 0;
        while (status >> word) {
            if (word == name && status >> value) {
                return value;
            }
        }
        return std::nullopt;
    }
    std::optional<long> m_before;
};

} // namespace sealpost::test
