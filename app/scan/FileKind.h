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
    PgpPrivateKey,     //!< OpenPGP, without armour
    EncryptedDocument, //!< an Office file under a password
    EncryptedFile,     //!< by OpenPGP, age, CMS, OpenSSL or LUKS
    Pdf,
    Image,      //!< PNG, JPEG, GIF, TIFF, WebP, BMP, HEIF, PNM, ICO
    Media,      //!< sound, film, pictures and more that no reader here knows
    OldOffice,  //!< a compound file: doc, xls, ppt, msg
    RichText,   //!< RTF
    SignedFile, //!< CMS with its content inside
    Tnef,       //!< winmail.dat
    Program,    //!< ELF, PE, Mach-O: read as text, but never what a document's name promises
    Closed,     //!< packed or encrypted in a way that is not read here (ClosedKind.h)
};

[[nodiscard]] FileKind fileKindOf(std::string_view bytes, std::string_view name);

//! Whether the name promises a kind of file that the bytes are not: "holiday.jpg" that is a zip.
[[nodiscard]] bool nameLies(std::string_view name, std::string_view bytes, FileKind kind);

//! Whether the name is that of a part of an archive that was cut into several files, and not of the
//! first.
[[nodiscard]] bool isLaterVolume(std::string_view name);

//! Whether a zip holds an Office document (ECMA-376, OpenDocument).
[[nodiscard]] bool isOfficeZip(std::string_view bytes);

} // namespace sealpost::scan
