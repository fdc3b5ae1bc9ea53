// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/Command.h"
#include "crypto/CertificateStore.h"

#include <memory>

namespace sealpost::cli {

//! The key ring of this profile.
[[nodiscard]] Result<std::shared_ptr<crypto::CertificateStore>> openStore(Context &context);

//! The verbs of "certs" that have files of their own.
[[nodiscard]] std::unique_ptr<Command> makeCertsAskCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsDoctorCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsPinCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsUnpinCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsFindCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsRefreshCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsRequestCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsExportCommand();
[[nodiscard]] std::unique_ptr<Command> makeCertsRemoveCommand();

} // namespace sealpost::cli
