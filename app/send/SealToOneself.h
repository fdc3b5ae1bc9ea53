// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "crypto/SmimeEngine.h"
#include "policy/Policy.h"

#include <functional>
#include <memory>
#include <string>

namespace sealpost::send {

//! A message from its first byte, each time.
using MessageSource = std::function<Result<std::unique_ptr<base::ByteSource>>()>;

//! A message as it went out, encrypted to its sender alone, for a place that others look after: a
//! Sent folder. What stood in its header is inside too (RFC 9788), the subject there alone. Errors:
//! Bug "message.no-header"; the sealer's, the source's and the sink's.
[[nodiscard]] Result<void> sealToOneself(const MessageSource &message,
                                         const std::string &fingerprint,
                                         const policy::SmimePolicy &rules,
                                         crypto::MessageSealer &sealer, base::ByteSink &out);

} // namespace sealpost::send
