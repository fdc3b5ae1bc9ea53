// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/FileKind.h"

#include "base/Text.h"
#include "mail/MimeReader.h"
#include "scan/BerElement.h"
#include "scan/ClosedKind.h"
#include "scan/OpenPgpKind.h"
#include "scan/SignedContent.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr char kInteger = 0x02;
constexpr char kOctetString = 0x04;
constexpr char kOid = 0x06;
constexpr char kSequence = 0x30;

constexpr auto kPkcs7 = "\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv;
constexpr std::array kKeyAlgorithms = {
    "\x2A\x86\x48\x86\xF7\x0D\x01\x01"sv, // PKCS#1, RSA
    "\x2A\x86\x48\x86\xF7\x0D\x01\x05"sv, // PKCS#5, an encrypted key
    "\x2A\x86\x48\x86\xF7\x0D\x01\x0C"sv, // PKCS#12 PBE, an encrypted key
    "\x2A\x86\x48\xCE\x3D\x02\x01"sv,     // EC
    "\x2A\x86\x48\xCE\x38\x04\x01"sv,     // DSA
    "\x2B\x65"sv,                         // X25519 to Ed448
};

//= RFC 5652 §6.1, RFC 5083 (EnvelopedData and AuthEnvelopedData, in a ContentInfo)
bool isCmsEncrypted(std::string_view bytes) {
    const auto outer = berElement(bytes, kSequence);
    const auto type = outer ? berElement(outer->content, kOid) : std::nullopt;
    return type && (type->content == "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"sv ||
                    type->content == "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17"sv);
}

//= RFC 3274 (CompressedData, in a ContentInfo)
bool isCmsCompressed(std::string_view bytes) {
    const auto outer = berElement(bytes, kSequence);
    const auto type = outer ? berElement(outer->content, kOid) : std::nullopt;
    return type && type->content == "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x09"sv;
}

//! Whether an AlgorithmIdentifier names one that a key can have.
bool isKeyAlgorithm(const BerElement &sequence) {
    const auto oid = berElement(sequence.content, kOid);
    return oid && std::any_of(kKeyAlgorithms.begin(), kKeyAlgorithms.end(),
                              [&](auto prefix) { return oid->content.starts_with(prefix); });
}

//= RFC 7292 §4 (PFX: version 3, then a ContentInfo)
bool isPkcs12(std::string_view bytes) {
    const auto outer = berElement(bytes, kSequence);
    const auto version = outer ? berElement(outer->content, kInteger) : std::nullopt;
    if (!version || version->content != "\x03"sv) {
        return false;
    }
    const auto info = berElement(version->rest, kSequence);
    const auto type = info ? berElement(info->content, kOid) : std::nullopt;
    return type && type->content.starts_with(kPkcs7);
}

bool isDerPrivateKey(std::string_view bytes) {
    constexpr std::size_t kSmallestModulus = 64;
    const auto outer = berElement(bytes, kSequence);
    if (!outer || !outer->exact || !outer->rest.empty()) {
        return false;
    }
    if (const auto algorithm = berElement(outer->content, kSequence)) {
        // EncryptedPrivateKeyInfo: an algorithm, then octets to the end (RFC 5958 §3).
        const auto data = berElement(algorithm->rest, kOctetString);
        return data && data->rest.empty() && isKeyAlgorithm(*algorithm);
    }
    const auto version = berElement(outer->content, kInteger);
    if (!version || version->content.size() != 1 || version->content.front() > 1) {
        return false;
    }
    if (const auto algorithm = berElement(version->rest, kSequence)) { // PKCS#8 (RFC 5958 §2)
        return isKeyAlgorithm(*algorithm);
    }
    if (const auto modulus = berElement(version->rest, kInteger)) { // PKCS#1 (RFC 8017 §A.1.2), DSA
        return modulus->content.size() >= kSmallestModulus;
    }
    const auto ecKey = berElement(version->rest, kOctetString); // SEC 1 (RFC 5915 §3)
    return ecKey && ecKey->content.size() >= 20 && ecKey->content.size() <= 66;
}

constexpr auto kCompoundFile = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;

struct Magic {
    std::size_t offset;
    std::string_view bytes;
    FileKind kind;
};
constexpr std::array kMagics = {
    Magic{0, "PK\x03\x04"sv, FileKind::Archive},
    Magic{0, "PK\x05\x06"sv, FileKind::Archive},
    Magic{0, "\x1F\x8B\x08"sv, FileKind::Archive},
    Magic{0, "\x1F\x9D"sv, FileKind::Archive},
    Magic{0, "\xFD\x37zXZ\0"sv, FileKind::Archive},
    Magic{0, "\x28\xB5\x2F\xFD"sv, FileKind::Archive},
    Magic{0, "\x04\x22\x4D\x18"sv, FileKind::Archive},
    Magic{0, "7z\xBC\xAF\x27\x1C"sv, FileKind::Archive},
    Magic{0, "Rar!\x1A\x07"sv, FileKind::Archive},
    Magic{0, "MSCF\0\0\0\0"sv, FileKind::Archive},
    Magic{0, "!<arch>\n"sv, FileKind::Archive},
    Magic{0, "070701"sv, FileKind::Archive},
    Magic{0, "070702"sv, FileKind::Archive},
    Magic{0, "070707"sv, FileKind::Archive},
    Magic{0, "LZIP\1"sv, FileKind::Archive},
    Magic{4, "1AY&SY"sv, FileKind::Archive}, // bzip2, behind "BZh" and its level
    Magic{257, "ustar"sv, FileKind::Archive},
    Magic{0, "\xFE\xED\xFE\xED\0\0\0"sv, FileKind::JavaKeyStore},
    Magic{0, "\xCE\xCE\xCE\xCE\0\0\0"sv, FileKind::JavaKeyStore},
    Magic{0, "\x03\xD9\xA2\x9A"sv, FileKind::KeePass},
    Magic{0, kCompoundFile, FileKind::OldOffice},
    Magic{0, "\x78\x9F\x3E\x22"sv, FileKind::Tnef},
    Magic{0, "%PDF-"sv, FileKind::Pdf},
    Magic{0, "{\\rtf"sv, FileKind::RichText},
    Magic{0, "age-encryption.org/v1\n"sv, FileKind::EncryptedFile},
    Magic{0, "-----BEGIN AGE ENCRYPTED FILE-----"sv, FileKind::EncryptedFile},
    Magic{0, "-----BEGIN PGP MESSAGE-----"sv, FileKind::EncryptedFile},
    Magic{0, "Salted__"sv, FileKind::EncryptedFile}, // openssl enc
    Magic{0, "LUKS\xBA\xBE"sv, FileKind::EncryptedFile},
    Magic{0, "\x89PNG\r\n"sv, FileKind::Image},
    Magic{0, "\xFF\xD8\xFF"sv, FileKind::Image},
    Magic{0, "GIF8"sv, FileKind::Image},
    Magic{0, "II*\0"sv, FileKind::Image},
    Magic{0, "MM\0*"sv, FileKind::Image},
    Magic{8, "WEBP"sv, FileKind::Image},
    Magic{4, "ftyphei"sv, FileKind::Image},
    Magic{4, "ftypavif"sv, FileKind::Image},
    Magic{4, "ftypmif1"sv, FileKind::Image},
    Magic{0, "P4\n"sv, FileKind::Image},
    Magic{0, "P5\n"sv, FileKind::Image},
    Magic{0, "P6\n"sv, FileKind::Image},
    Magic{0, "\0\0\1\0"sv, FileKind::Image},       // ICO
    Magic{4, "ftyp"sv, FileKind::Media},           // MPEG-4, QuickTime
    Magic{0, "\0\0\0\x0CjP  "sv, FileKind::Media}, // JPEG 2000
    Magic{0, "\0\0\0\x0CJXL "sv, FileKind::Media}, // JPEG XL
    Magic{0, "\xFF\x0A"sv, FileKind::Media},       // JPEG XL without a container
    Magic{0, "II\xBC\1"sv, FileKind::Media},       // JPEG XR
    Magic{0, "8BPS\0"sv, FileKind::Media},         // Photoshop
    Magic{8, "WAVE"sv, FileKind::Media},
    Magic{8, "AVI "sv, FileKind::Media},
    Magic{0, "OggS\0"sv, FileKind::Media},
    Magic{0, "fLaC\0"sv, FileKind::Media},
    Magic{0, "ID3\3"sv, FileKind::Media},
    Magic{0, "ID3\4"sv, FileKind::Media},
    Magic{0, "\xFF\xFB\x90"sv, FileKind::Media},             // MPEG sound
    Magic{0, "\x1A\x45\xDF\xA3"sv, FileKind::Media},         // Matroska, WebM
    Magic{0, "\x30\x26\xB2\x75\x8E\x66"sv, FileKind::Media}, // Windows Media
    Magic{0, "AT&TFORM"sv, FileKind::Media},                 // DjVu
    Magic{0,
          "\x7F"
          "ELF"sv,
          FileKind::Program},
    Magic{0, "\xCF\xFA\xED\xFE"sv, FileKind::Program},
};

//! An Office file under a password is a compound file around an encrypted stream (MS-OFFCRYPTO).
bool isEncryptedDocument(std::string_view bytes) {
    constexpr std::size_t kDirectory = std::size_t{64} * 1024;
    constexpr auto kStream = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
    return bytes.substr(0, kDirectory).find(kStream) != std::string_view::npos ||
           bytes.substr(bytes.size() - std::min(bytes.size(), kDirectory)).find(kStream) !=
               std::string_view::npos;
}

//! Two letters alone would fit much text: the header that they point to is looked for too.
bool isWindowsProgram(std::string_view bytes) {
    constexpr std::size_t kPointer = 0x3C;
    if (!bytes.starts_with("MZ") || bytes.size() < kPointer + 4) {
        return false;
    }
    const auto at = static_cast<std::size_t>(static_cast<unsigned char>(bytes[kPointer])) |
                    static_cast<std::size_t>(static_cast<unsigned char>(bytes[kPointer + 1])) << 8U;
    return at < bytes.size() && bytes.substr(at).starts_with("PE\0\0"sv);
}

//! A file of LZMA alone has no mark: its usual properties, a size that is not told or below a
//! terabyte, and the zero that its coder begins with (LZMA specification, "LZMA file format").
bool isLzma(std::string_view bytes) {
    return bytes.size() > 18 && bytes.starts_with("\x5D\0\0"sv) &&
           (bytes.substr(5, 8) == "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"sv ||
            bytes.substr(10, 3) == "\0\0\0"sv) &&
           bytes[13] == '\0';
}

bool isBitmap(std::string_view bytes) {
    return bytes.starts_with("BM") && bytes.size() > 18 && bytes.substr(6, 4) == "\0\0\0\0"sv;
}

//! What a file's name may promise.
struct Promise {
    std::string_view suffix;
    FileKind kind;
};

constexpr std::array kPromises = {
    Promise{"pdf", FileKind::Pdf},       Promise{"png", FileKind::Image},
    Promise{"jpg", FileKind::Image},     Promise{"jpeg", FileKind::Image},
    Promise{"gif", FileKind::Image},     Promise{"tif", FileKind::Image},
    Promise{"tiff", FileKind::Image},    Promise{"webp", FileKind::Image},
    Promise{"bmp", FileKind::Image},     Promise{"heic", FileKind::Image},
    Promise{"docx", FileKind::Archive},  Promise{"xlsx", FileKind::Archive},
    Promise{"pptx", FileKind::Archive},  Promise{"docm", FileKind::Archive},
    Promise{"xlsm", FileKind::Archive},  Promise{"odt", FileKind::Archive},
    Promise{"ods", FileKind::Archive},   Promise{"odp", FileKind::Archive},
    Promise{"zip", FileKind::Archive},   Promise{"7z", FileKind::Archive},
    Promise{"rar", FileKind::Archive},   Promise{"gz", FileKind::Archive},
    Promise{"jar", FileKind::Archive},   Promise{"doc", FileKind::OldOffice},
    Promise{"xls", FileKind::OldOffice}, Promise{"ppt", FileKind::OldOffice},
    Promise{"msg", FileKind::OldOffice}, Promise{"txt", FileKind::Text},
    Promise{"csv", FileKind::Text},      Promise{"md", FileKind::Text},
    Promise{"log", FileKind::Text},      Promise{"html", FileKind::Text},
    Promise{"json", FileKind::Text},     Promise{"xml", FileKind::Text},
};

std::string lowerSuffix(std::string_view name) {
    const auto dot = name.find_last_of("./\\");
    if (dot == std::string_view::npos || name[dot] != '.') {
        return {};
    }
    return base::asciiLower(name.substr(dot + 1));
}

} // namespace

FileKind fileKindOf(std::string_view bytes, std::string_view name) {
    for (const auto &magic : kMagics) {
        if (bytes.size() > magic.offset && bytes[magic.offset] == magic.bytes.front() &&
            bytes.substr(magic.offset).starts_with(magic.bytes)) {
            const bool closed = magic.kind == FileKind::OldOffice && isEncryptedDocument(bytes);
            return closed ? FileKind::EncryptedDocument : magic.kind;
        }
    }
    if (isWindowsProgram(bytes)) {
        return FileKind::Program;
    }
    if (isBitmap(bytes)) {
        return FileKind::Image;
    }
    if (isPkcs12(bytes)) {
        return FileKind::Pkcs12;
    }
    if (isDerPrivateKey(bytes)) {
        return FileKind::DerPrivateKey;
    }
    if (isCmsEncrypted(bytes)) {
        return FileKind::EncryptedFile;
    }
    if (isCmsCompressed(bytes)) {
        return FileKind::Media;
    }
    if (isSignedContent(bytes)) {
        return FileKind::SignedFile;
    }
    switch (openPgpKindOf(bytes)) {
    case OpenPgpKind::SecretKey:
        return FileKind::PgpPrivateKey;
    case OpenPgpKind::Encrypted:
        return FileKind::EncryptedFile;
    case OpenPgpKind::None:
        break;
    }
    // Readers of PDF look for its mark in the first kilobyte (ISO 32000-1, annex H.3.4.1).
    if (lowerSuffix(name) == "pdf" && bytes.substr(0, 1024).find("%PDF-") != std::string::npos) {
        return FileKind::Pdf;
    }
    if (isLzma(bytes)) {
        return FileKind::Archive;
    }
    if (isClosed(bytes)) {
        return FileKind::Closed;
    }
    return mail::looksLikeMessage(bytes) ? FileKind::Mail : FileKind::Text;
}

bool nameLies(std::string_view name, std::string_view bytes, FileKind kind) {
    const auto suffix = lowerSuffix(name);
    const auto *promise = std::find_if(kPromises.begin(), kPromises.end(),
                                       [&](const Promise &one) { return one.suffix == suffix; });
    if (promise == kPromises.end() || bytes.empty() || kind == promise->kind) {
        return false;
    }
    switch (kind) {
    case FileKind::EncryptedDocument: // told of as that
    case FileKind::EncryptedFile:
    case FileKind::Mail: // a text like any other
        return promise->kind != FileKind::Archive && promise->kind != FileKind::OldOffice &&
               promise->kind != FileKind::Text;
    case FileKind::RichText:
        return promise->kind != FileKind::OldOffice && promise->kind != FileKind::Text;
    case FileKind::Closed:
    case FileKind::Text:
        // RTF and HTML under Word's and Excel's old names open there, and are common.
        return promise->kind != FileKind::OldOffice;
    case FileKind::Archive: // Word opens its new kind under the old name
        return promise->kind != FileKind::OldOffice || !isOfficeZip(bytes);
    case FileKind::OldOffice:
        return promise->kind != FileKind::Archive;
    case FileKind::Pkcs12:
    case FileKind::DerPrivateKey:
    case FileKind::JavaKeyStore:
    case FileKind::KeePass:
    case FileKind::PgpPrivateKey:
    case FileKind::Pdf:
    case FileKind::Image:
    case FileKind::Media:
    case FileKind::SignedFile:
    case FileKind::Tnef:
    case FileKind::Program:
        return true;
    }
    return false;
}

bool isLaterVolume(std::string_view name) {
    const auto suffix = lowerSuffix(name);
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const auto digits =
        static_cast<std::size_t>(std::count_if(suffix.begin(), suffix.end(), isDigit));
    if (suffix.size() == 3 && (suffix.front() == 'z' || suffix.front() == 'r')) {
        return digits == 2; // "a.z01" of a zip, "a.r00" of a rar
    }
    if (suffix.size() != 3 || digits != 3 || suffix == "001") {
        return false;
    }
    const auto before = lowerSuffix(name.substr(0, name.size() - 4)); // "a.7z.002"
    return before == "7z" || before == "zip" || before == "rar" || before == "tar" ||
           before == "gz";
}

bool isOfficeZip(std::string_view bytes) {
    constexpr std::size_t kNear = std::size_t{64} * 1024;
    constexpr std::size_t kFirstName = 30;
    const auto head = bytes.substr(0, kNear);
    const auto tail = bytes.substr(bytes.size() - std::min(bytes.size(), kNear));
    return bytes.starts_with("PK\3\4") &&
           (head.find("mimetypeapplication/vnd.oasis.") != std::string_view::npos ||
            (head.size() > kFirstName && head.substr(kFirstName).starts_with("mimetype") &&
             tail.find("META-INF/manifest.xml") != std::string_view::npos) ||
            head.find("[Content_Types].xml") != std::string_view::npos ||
            tail.find("[Content_Types].xml") != std::string_view::npos);
}

} // namespace sealpost::scan
