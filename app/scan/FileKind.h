// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what a file is, by its first bytes; its name can lie.
#pragma once

#include <string_view>

namespace sealpost::scan {

enum class FileKind {
    Text,              //!< text, or bytes of no kind below
    Archive,           //!< an archive or a compressed file that the unpacker reads
    Mail,              //!< a message (RFC 5322)
    Pkcs12,            //!< PFX (RFC 7292)
    DerPrivateKey,     //!< PKCS#8, PKCS#1, SEC 1
    JavaKeyStore,      //!< JKS, JCEKS
    KeePass,           //!< KDB, KDBX
    EncryptedDocument, //!< an Office file or PDF under a password
    Unsupported,       //!< a PDF, an old Office file, an image: not looked into
};

[[nodiscard]] FileKind fileKindOf(std::string_view bytes);

} // namespace sealpost::scan
