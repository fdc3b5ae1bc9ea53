// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/SmtpSession.h"
#include "submit/Failure.h"
#include "submit/Submission.h"

#include <string>

namespace sealpost::submit {

//! Whether this server can take the message at all, by what it offers; nothing has been said yet.
//! "submit.too-large", "submit.smtputf8", "submit.requiretls-missing"; Bug "smtp.argument".
[[nodiscard]] Step<void> fits(const Submission &submission, const net::SmtpCapabilities &offered);

//! What follows the address in MAIL FROM, with a space before each parameter: SIZE (RFC 1870),
//! RET and ENVID (RFC 3461), REQUIRETLS (RFC 8689), BY (RFC 2852), SMTPUTF8 (RFC 6531); each only
//! where it is offered.
[[nodiscard]] std::string mailParameters(const Submission &submission,
                                         const net::SmtpCapabilities &offered);
//! NOTIFY and ORCPT (RFC 3461).
[[nodiscard]] std::string rcptParameters(const Submission &submission, const std::string &recipient,
                                         const net::SmtpCapabilities &offered);

} // namespace sealpost::submit
