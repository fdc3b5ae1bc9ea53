// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what sealpost-reader writes and the scanner reads.
#pragma once

#include "scan/Reader.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! A letter for the kind, the lengths of name and data (4 bytes each, little-endian), both.
[[nodiscard]] std::string toBytes(const ReaderRecord &record);

//! Appends the records in `bytes` but the end; whether the last one was the end, and all whole.
[[nodiscard]] bool parseRecords(std::string_view bytes, std::vector<ReaderRecord> &into);

} // namespace sealpost::scan
