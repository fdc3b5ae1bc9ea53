// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ProgramFolder.h"

#include <string>
#include <windows.h>

namespace sealpost::base {

std::filesystem::path programFolder() {
    constexpr std::size_t kLongestPath = 32'768;
    std::wstring path(kLongestPath, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return std::filesystem::path(path).parent_path();
}

} // namespace sealpost::base
