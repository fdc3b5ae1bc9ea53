// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what a file of OpenPGP packets is (RFC 9580), without armour.
#pragma once

#include <string_view>

namespace sealpost::scan {

enum class OpenPgpKind {
    None,      //!< no such packets, or none that matter: certificates, signatures
    SecretKey, //!< protected by a passphrase or not
    Encrypted, //!< a message to keys or under a passphrase
};

[[nodiscard]] OpenPgpKind openPgpKindOf(std::string_view bytes);

} // namespace sealpost::scan
