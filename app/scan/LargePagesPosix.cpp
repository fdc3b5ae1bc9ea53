// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/LargePages.h"

#include <cstdlib>
#include <sys/mman.h>

namespace sealpost::scan {

void LargeMemoryDeleter::operator()(char *memory) const {
    std::free(memory);
}

LargeMemory largeMemory(std::size_t size) {
    constexpr auto kPage = std::size_t{2} * 1024 * 1024;
    if (size < 2 * kPage) {
        return LargeMemory(static_cast<char *>(std::malloc(size == 0 ? 1 : size)));
    }
    const auto whole = (size + kPage - 1) / kPage * kPage;
    LargeMemory memory(static_cast<char *>(std::aligned_alloc(kPage, whole)));
#ifdef MADV_HUGEPAGE
    if (memory) {
        (void)::madvise(memory.get(), whole, MADV_HUGEPAGE); // advice: without it, it works too
    }
#endif
    return memory;
}

} // namespace sealpost::scan
