// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "crypto/CertificateStore.h"
#include "mail/Account.h"
#include "runtime/Runtime.h"

#include <stop_token>
#include <string>
#include <string_view>

namespace sealpost::runtime {

//! The whole fingerprint of one of the person's own certificates that an account can sign with: of
//! its address, and made for signing. One that has ended is taken too, since sending says so.
//! FixInput "smime.no-key" (it is another's), "account.other-certificate" (with the address as
//! detail); CertificateStore::assessFor()'s errors.
[[nodiscard]] Result<std::string>
signingCertificate(crypto::CertificateStore &store, const mail::Account &account,
                   std::string_view fingerprint, Deadline deadline, const std::stop_token &stop);

//! An account signs with this certificate from now on; with an empty fingerprint, with the best one
//! each time. FixInput "account.not-found"; signingCertificate()'s errors.
[[nodiscard]] Result<void> signWith(Runtime &runtime, const std::string &account,
                                    const std::string &fingerprint, Deadline deadline,
                                    const std::stop_token &stop);

} // namespace sealpost::runtime
