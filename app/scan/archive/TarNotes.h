// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: what a tar says in its headers beside names, times and owners.
#pragma once

#include <string_view>
#include <vector>

namespace sealpost::scan::libarchive {

//! The comments and the users' attributes in extended headers (POSIX.1-2017, pax), out of the
//! headers that belong to one entry.
[[nodiscard]] std::vector<std::string_view> tarNotesIn(std::string_view headers);

} // namespace sealpost::scan::libarchive
