// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStore.h"

#include <stop_token>

namespace sealpost::runtime {

class Runtime;

//! Fetches, before a message needs them, the revocation lists of the certificates that matter here:
//! one's own, those that a person has chosen for an address, and those of people whom mail has gone
//! to; at most 500 certificates. Lists that end within three hours are fetched anew.
//! CertificateStore's and the store's errors.
[[nodiscard]] Result<crypto::CertificateStore::Refresh>
refreshRevocation(Runtime &runtime, Deadline deadline, const std::stop_token &stop);

} // namespace sealpost::runtime
