// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "send/SendExecutor.h"

#include <cstddef>

namespace sealpost::send {

//! Hands one queued message to the server and writes down how it ended, each state before the act
//! that it stands for. Keeps references: used within one call of the executor.
class Transmitter {
public:
    Transmitter(const ExecutorParts &parts, Deadline deadline, std::stop_token stop,
                const SendProgress &progress)
        : m_parts(parts), m_deadline(deadline), m_stop(std::move(stop)), m_progress(progress) {}

    //! Empty where the account needs none. FixInput "account.no-password"; Keychain's errors.
    [[nodiscard]] Result<SecretBytes> password(const mail::Account &account) const;

    //! Fills outcome, time and notRecorded of a receipt whose entry is Queued or Deferred.
    void transmit(Receipt &receipt, const mail::Account &account, const SecretBytes &password,
                  std::size_t index) const;

private:
    [[nodiscard]] submit::SubmitOutcome submit(const Receipt &receipt, const mail::Account &account,
                                               const SecretBytes &password,
                                               std::size_t index) const;
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
