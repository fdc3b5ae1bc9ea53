// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: memory for contents of many MiB.
#pragma once

#include <cstddef>
#include <memory>

namespace sealpost::scan {

struct LargeMemoryDeleter {
    void operator()(char *memory) const;
};
using LargeMemory = std::unique_ptr<char[], LargeMemoryDeleter>;

//! Not cleared first, and in large pages where the system has them: half of the time that it takes
//! to fill memory for the first time goes into its pages else. Null where memory is short.
[[nodiscard]] LargeMemory largeMemory(std::size_t size);

} // namespace sealpost::scan
