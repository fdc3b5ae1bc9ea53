// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/FileState.h"

#include <QDateTime>
#include <QFileInfo>

namespace sealpost::send {

namespace {

std::int64_t milliseconds(const QDateTime &time) {
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

} // namespace

std::optional<FileState> FileState::of(const std::filesystem::path &path) {
    const QFileInfo info(path);
    if (!info.isFile()) {
        return std::nullopt;
    }
    return FileState{static_cast<std::uint64_t>(info.size()), milliseconds(info.lastModified()),
                     milliseconds(info.metadataChangeTime())};
}

} // namespace sealpost::send
