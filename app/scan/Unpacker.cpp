// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Unpacker.h"

#include "base/Module.h"
#include "scan/ArchiveModule.h"

namespace sealpost::scan {

Result<void> unpack(std::string_view archive, Budget &budget, const Patience &patience,
                    const UnpackVisitor &visitor) {
    static const auto module = base::moduleTable<ArchiveModule>("sealpost-archive");
    return module ? (*module)->unpack(archive, budget, patience, visitor) : fail(module.error());
}

} // namespace sealpost::scan
