// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: archives and compressed files, in memory and within bounds.
#pragma once

#include "base/Result.h"
#include "scan/Patience.h"
#include "scan/Scanner.h"

#include <functional>
#include <string>
#include <string_view>

namespace sealpost::scan {

//! What one scan may still use; shared by all levels of nesting.
struct Budget {
    ScanLimits limits;
    std::uint64_t items = 0;
    ByteCount bytes = 0;
};

struct UnpackVisitor {
    //! One entry with its path in the archive (UTF-8; empty where the format has no names).
    std::function<Result<void>(const std::string &path, std::string_view bytes)> take;
    //! An entry, or with an empty path the rest of the archive, that was not looked into.
    std::function<void(const std::string &path, std::string_view why)> skip;
};

//! Visits the plain files in zip, tar, 7z, rar, cpio, ar and cab, and what gzip, bzip2, xz, lzma,
//! zstd, lz4 or compress hold. Folders and links have no content and are passed over. Skips with
//! "encrypted", "damaged", "too-large", "too-many-items", "suspicious-ratio". Never writes a file.
//! Errors are those of `patience` and of `take`; AskAdmin "app.incomplete".
[[nodiscard]] Result<void> unpack(std::string_view archive, Budget &budget,
                                  const Patience &patience, const UnpackVisitor &visitor);

} // namespace sealpost::scan
