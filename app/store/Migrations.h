// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/Connection.h"

#include <QString>
#include <filesystem>
#include <span>
#include <vector>

namespace sealpost::store {

//! The statements that bring a file from one version to the next.
using Migration = std::vector<QString>;

//! From an empty file (version 0) to this program's version: element n leads from n to n + 1. What
//! has been released is never changed; a new version is a new element.
[[nodiscard]] std::span<const Migration> migrations();

//! "SPst": marks the file as ours.
inline constexpr int kApplicationId = 0x53507374;

//! Brings the file that `connection` has open to the last version of `steps`, in one transaction.
//! A file that has a version already is copied to "FILE.vN.bak" first.
[[nodiscard]] Result<void> upgrade(Connection &connection, const std::filesystem::path &file,
                                   std::span<const Migration> steps);

//! An empty file that only its owner may read. AskAdmin "store.unwritable".
[[nodiscard]] Result<void> makePrivateFile(const std::filesystem::path &file);

} // namespace sealpost::store
