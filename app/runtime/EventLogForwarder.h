// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/SystemEventLog.h"
#include "store/AuditJournal.h"
#include "store/SealedFacts.h"

#include <cstdint>
#include <memory>

namespace sealpost::runtime {

//! Reports the journal's lines to the operating system's event log, each once, as JSON.
class EventLogForwarder {
public:
    EventLogForwarder(std::shared_ptr<store::AuditJournal> journal, store::SealedFacts facts);
    //! How many lines were reported: those that this log has not got yet; where one fails, the
    //! others before it count as reported. The log's and the store's errors.
    [[nodiscard]] Result<std::int64_t> forward(SystemEventLog &log);

private:
    std::shared_ptr<store::AuditJournal> m_journal;
    store::SealedFacts m_facts;
};

} // namespace sealpost::runtime
