// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStore.h"
#include "receive/OpenedMessage.h"

namespace sealpost::receive {

//! Imports the certificates that came with a message's good signatures, because a person wants to
//! write to their owners, and remembers what those say that they can read. Nothing is trusted for
//! it. FixInput "certificate.not-found" where none came along; importCertificates()'s errors.
[[nodiscard]] Result<crypto::ImportSummary>
keepSigners(crypto::CertificateStore &store, const OpenedMessage &message, Deadline deadline);

} // namespace sealpost::receive
