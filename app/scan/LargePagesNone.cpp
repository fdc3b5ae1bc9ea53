// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/LargePages.h"

#include <new>

namespace sealpost::scan {

void LargeMemoryDeleter::operator()(char *memory) const {
    delete[] memory;
}

LargeMemory largeMemory(std::size_t size) {
    return LargeMemory(new (std::nothrow) char[size == 0 ? 1 : size]);
}

} // namespace sealpost::scan
