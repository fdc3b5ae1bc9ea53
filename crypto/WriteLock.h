// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "crypto/GnupgHome.h"

#include <QLockFile>
#include <algorithm>
#include <limits>

namespace sealpost::crypto {

//! One writer at a time, among all processes: two of them could make two passphrases. Private to
//! this room.
class WriteLock {
public:
    explicit WriteLock(const GnupgHome &home)
        : m_file(QString::fromStdString(home.file("sealpost.lock").string())) {
        m_file.setStaleLockTime(0); // never by age; a dead process is found out all the same
    }
    [[nodiscard]] Result<void> take(Deadline deadline) {
        constexpr long long kMost = std::numeric_limits<int>::max();
        const auto wait =
            static_cast<int>(std::min<long long>(deadline.remaining().count(), kMost));
        if (m_file.tryLock(wait)) {
            return {};
        }
        return m_file.error() == QLockFile::LockFailedError
                   ? fail("gnupg.deadline", "import", Reaction::Retry, "lock")
                   : fail("gnupg.home", "import", Reaction::AskAdmin, "it can't be written to");
    }

private:
    QLockFile m_file;
};

} // namespace sealpost::crypto
