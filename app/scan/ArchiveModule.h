// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what libarchive does for it. libarchive and the nine libraries below it are in
// the module "sealpost-archive", which is loaded with the first archive (docs/adr/0012).
#pragma once

#include "scan/Unpacker.h"

namespace sealpost::scan {

struct ArchiveModule {
    decltype(&scan::unpack) unpack;
};

} // namespace sealpost::scan
