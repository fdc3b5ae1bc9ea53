// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <memory>
#include <string>

namespace sealpost::runtime {

//! Where an operating system collects what its programs report; a seam for tests.
class SystemEventLog {
public:
    SystemEventLog() = default;
    SystemEventLog(const SystemEventLog &) = delete;
    SystemEventLog &operator=(const SystemEventLog &) = delete;
    virtual ~SystemEventLog() = default;
    //! One event, for information; UTF-8. AskAdmin "eventlog.unwritable".
    [[nodiscard]] virtual Result<void> report(const std::string &text) = 0;
};

//! Windows' event log, log Application, source Sealpost; null on systems that have none. AskAdmin
//! "eventlog.unwritable".
[[nodiscard]] Result<std::unique_ptr<SystemEventLog>> systemEventLog();

} // namespace sealpost::runtime
