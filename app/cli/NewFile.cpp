// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/NewFile.h"

#include "cli/Text.h"

#include <QFile>

namespace sealpost::cli {

Result<void> writeNew(const std::string &name, std::string_view bytes) {
    QFile file(pathText(toPath(name)));
    const bool opened = file.open(QIODevice::WriteOnly | QIODevice::NewOnly);
    const bool good = opened && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) &&
                      file.write(bytes.data(), static_cast<qint64>(bytes.size())) ==
                          static_cast<qint64>(bytes.size()) &&
                      file.flush();
    if (opened && !good) {
        file.remove();
    }
    return good ? Result<void>{} : fail("extract.failed", "write", Reaction::FixInput, {}, name);
}

} // namespace sealpost::cli
