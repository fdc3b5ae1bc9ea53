// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/GpgmeSession.h"

#include "crypto/GnupgHome.h"

#include <gpg-error.h>
#include <gpgme++/global.h>
#include <string>

namespace sealpost::crypto {
namespace {

constexpr auto kStage = "gnupg";

std::string describe(const GpgME::Error &error, const char *what) {
    const auto code = static_cast<gpg_error_t>(error.encodedError());
    return std::string(what) + ": " + gpg_strerror(code) + " [" +
           std::to_string(gpg_err_code(code)) + ", " + gpg_strsource(code) + "]";
}

tl::unexpected<Error> noEngine(const char *which) {
    return fail("gnupg.missing", kStage, Reaction::AskAdmin, which);
}

} // namespace

GpgmeSession::GpgmeSession(std::unique_ptr<GpgME::Context> context, Deadline deadline)
    : m_context(std::move(context)), m_deadline(deadline),
      m_watch([this](const std::stop_token &finished) { cancelWhenLate(finished); }) {}

void GpgmeSession::cancelWhenLate(const std::stop_token &finished) {
    std::unique_lock lock(m_mutex);
    m_wake.wait_for(lock, finished, m_deadline.remaining(), [] { return false; });
    if (!finished.stop_requested()) {
        m_context->cancelPendingOperation(); // from another thread: takes effect within a second
    }
}

Result<std::unique_ptr<GpgmeSession>> GpgmeSession::agent(const GnupgHome &home,
                                                          Deadline deadline) {
    GpgME::initializeLibrary();
    GpgME::Error error;
    auto context = GpgME::Context::createForEngine(GpgME::AssuanEngine, &error);
    // The Assuan engine's "file" is the socket: so two homes can live in one process.
    if (!context || error.encodedError() != 0 ||
        context->setEngineFileName(home.agentSocket().c_str()).encodedError() != 0) {
        return noEngine("gpg-agent");
    }
    return std::unique_ptr<GpgmeSession>(new GpgmeSession(std::move(context), deadline));
}

Result<void> GpgmeSession::check(const GpgME::Error &error, const char *what) const {
    // Not `if (error)`: GpgME::Error is false for a cancelled operation too.
    if (error.encodedError() == 0) {
        return {};
    }
    if (m_deadline.passed()) {
        return fail("gnupg.deadline", kStage, Reaction::Retry, what);
    }
    return fail("gnupg.failed", kStage, Reaction::Retry, describe(error, what));
}

} // namespace sealpost::crypto
