// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ProgramFolder.h"

#include <system_error>

namespace sealpost::base {

std::filesystem::path programFolder() {
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
}

} // namespace sealpost::base
