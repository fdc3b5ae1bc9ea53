// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "send/SendExecutor.h"

#include <cstddef>
#include <optional>
#include <span>

namespace sealpost::send {

//! Hands queued messages to the server and writes down how it ended, each state before the act
//! that it stands for. Keeps references: used within one call of the executor.
class Transmitter {
public:
    Transmitter(const ExecutorParts &parts, Deadline deadline, std::stop_token stop,
                const SendProgress &progress)
        : m_parts(parts), m_deadline(deadline), m_stop(std::move(stop)), m_progress(progress) {}

    //! submit::readCredentials().
    [[nodiscard]] Result<submit::Credentials> credentials(const mail::Account &account) const;

    //! Fills outcome, time and notRecorded of receipts whose entries are Queued or Deferred, all of
    //! them in one session.
    void transmit(std::span<Receipt> receipts, const mail::Account &account,
                  const submit::Credentials &credentials) const;

private:
    //! What is to be submitted; none where it failed before, and then the receipt says so.
    [[nodiscard]] std::optional<submit::Submission> prepare(Receipt &receipt,
                                                            std::size_t index) const;
    void ask(submit::Submission &submission, const store::OutboxEntry &entry) const;
    void settle(Receipt &receipt, submit::SubmitOutcome outcome, std::size_t index) const;
    [[nodiscard]] store::OutboxResult resultOf(const Receipt &receipt, const std::string &json,
                                               const std::string &code) const;
    void remember(const submit::SubmitOutcome &outcome) const;
    void record(Receipt &receipt, std::size_t index) const;
    void report(SendStep step, std::size_t index) const {
        if (m_progress) {
            m_progress(step, index);
        }
    }

    const ExecutorParts &m_parts;
    Deadline m_deadline;
    std::stop_token m_stop;
    const SendProgress &m_progress;
};

} // namespace sealpost::send
