// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"

#include <condition_variable>
#include <gpgme++/context.h>
#include <gpgme++/error.h>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace sealpost::crypto {

class GnupgHome;

//! A GpgME context for one conversation with gpg-agent, cancelled when its deadline passes. Private
//! to this room. A context that saw an error is dead: never keep one.
class GpgmeSession {
public:
    [[nodiscard]] static Result<std::unique_ptr<GpgmeSession>> agent(const GnupgHome &home,
                                                                     Deadline deadline);

    [[nodiscard]] GpgME::Context &context() { return *m_context; }
    //! CertificateStore's error for one of GpgME's; none where it is no error.
    [[nodiscard]] Result<void> check(const GpgME::Error &error, const char *what) const;

private:
    GpgmeSession(std::unique_ptr<GpgME::Context> context, Deadline deadline);
    void cancelWhenLate(const std::stop_token &finished);

    std::unique_ptr<GpgME::Context> m_context;
    Deadline m_deadline;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_watch; // last: joined before the context goes
};

} // namespace sealpost::crypto
