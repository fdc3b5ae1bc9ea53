// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace sealpost::base {

//! The folder of this process's program, links resolved; empty where the system does not say.
[[nodiscard]] std::filesystem::path programFolder();

} // namespace sealpost::base
