// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/FileKind.h"

#include "mail/MimeReader.h"

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

//! A value of DER, or of BER with an indefinite length.
struct Element {
    std::string_view content; //!< up to the end of the input where the length is indefinite
    std::string_view rest;
    bool exact = false; //!< a definite length that fits
};

std::optional<Element> element(std::string_view bytes, char tag) {
    if (bytes.size() < 2 || bytes.front() != tag) {
        return std::nullopt;
    }
    const auto first = static_cast<unsigned char>(bytes[1]);
    bytes.remove_prefix(2);
    if (first == 0x80) {
        return Element{bytes, {}, false};
    }
    std::size_t length = first;
    if (first > 0x80) {
        const std::size_t count = first & 0x7FU;
        if (count > 4 || count > bytes.size()) {
            return std::nullopt;
        }
        length = 0;
        for (std::size_t i = 0; i < count; ++i) {
            length = length << 8U | static_cast<unsigned char>(bytes[i]);
        }
        bytes.remove_prefix(count);
    }
    if (length > bytes.size()) {
        return std::nullopt;
    }
    return Element{bytes.substr(0, length), bytes.substr(length), true};
}

constexpr auto kPkcs7 = "\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv;
constexpr std::array kKeyAlgorithms = {
    "\x2A\x86\x48\x86\xF7\x0D\x01\x01"sv, // PKCS#1, RSA
    "\x2A\x86\x48\x86\xF7\x0D\x01\x05"sv, // PKCS#5, an encrypted key
    "\x2A\x86\x48\x86\xF7\x0D\x01\x0C"sv, // PKCS#12 PBE, an encrypted key
    "\x2A\x86\x48\xCE\x3D\x02\x01"sv,     // EC
    "\x2A\x86\x48\xCE\x38\x04\x01"sv,     // DSA
    "\x2B\x65"sv,                         // X25519 to Ed448
};

//! Whether an AlgorithmIdentifier names one that a key can have.
bool isKeyAlgorithm(const Element &sequence) {
    const auto oid = element(sequence.content, kOid);
    return oid && std::any_of(kKeyAlgorithms.begin(), kKeyAlgorithms.end(),
                              [&](auto prefix) { return oid->content.starts_with(prefix); });
}

//= RFC 7292 §4 (PFX: version 3, then a ContentInfo)
bool isPkcs12(std::string_view bytes) {
    const auto outer = element(bytes, kSequence);
    const auto version = outer ? element(outer->content, kInteger) : std::nullopt;
    if (!version || version->content != "\x03"sv) {
        return false;
    }
    const auto info = element(version->rest, kSequence);
    const auto type = info ? element(info->content, kOid) : std::nullopt;
    return type && type->content.starts_with(kPkcs7);
}

bool isDerPrivateKey(std::string_view bytes) {
    constexpr std::size_t kSmallestModulus = 64;
    const auto outer = element(bytes, kSequence);
    if (!outer || !outer->exact || !outer->rest.empty()) {
        return false;
    }
    if (const auto algorithm = element(outer->content, kSequence)) {
        // EncryptedPrivateKeyInfo: an algorithm, then octets to the end (RFC 5958 §3).
        const auto data = element(algorithm->rest, kOctetString);
        return data && data->rest.empty() && isKeyAlgorithm(*algorithm);
    }
    const auto version = element(outer->content, kInteger);
    if (!version || version->content.size() != 1 || version->content.front() > 1) {
        return false;
    }
    if (const auto algorithm = element(version->rest, kSequence)) { // PKCS#8 (RFC 5958 §2)
        return isKeyAlgorithm(*algorithm);
    }
    if (const auto modulus = element(version->rest, kInteger)) { // PKCS#1 (RFC 8017 §A.1.2), DSA
        return modulus->content.size() >= kSmallestModulus;
    }
    const auto ecKey = element(version->rest, kOctetString); // SEC 1 (RFC 5915 §3)
    return ecKey && ecKey->content.size() >= 20 && ecKey->content.size() <= 66;
}

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
    Magic{4, "1AY&SY"sv, FileKind::Archive}, // bzip2, behind "BZh" and its level
    Magic{257, "ustar"sv, FileKind::Archive},
    Magic{0, "\xFE\xED\xFE\xED\0\0\0"sv, FileKind::JavaKeyStore},
    Magic{0, "\xCE\xCE\xCE\xCE\0\0\0"sv, FileKind::JavaKeyStore},
    Magic{0, "\x03\xD9\xA2\x9A"sv, FileKind::KeePass},
    Magic{0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, FileKind::Unsupported}, // OLE: doc, xls, msg
    Magic{0, "%PDF-"sv, FileKind::Unsupported},
    Magic{0, "\x89PNG\r\n"sv, FileKind::Unsupported},
    Magic{0, "\xFF\xD8\xFF"sv, FileKind::Unsupported},
    Magic{0, "GIF8"sv, FileKind::Unsupported},
    Magic{0, "II*\0"sv, FileKind::Unsupported},
    Magic{0, "MM\0*"sv, FileKind::Unsupported},
    Magic{8, "WEBP"sv, FileKind::Unsupported},
    Magic{4, "ftyphei"sv, FileKind::Unsupported},
};

bool isEncryptedDocument(std::string_view bytes) {
    if (bytes.starts_with("%PDF-")) {
        return bytes.find("/Encrypt") != std::string_view::npos;
    }
    constexpr std::size_t kDirectory = std::size_t{64} * 1024;
    constexpr auto kStream = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"sv;
    const bool ole = bytes.starts_with("\xD0\xCF\x11\xE0"sv);
    return ole && (bytes.substr(0, kDirectory).find(kStream) != std::string_view::npos ||
                   bytes.substr(bytes.size() - std::min(bytes.size(), kDirectory)).find(kStream) !=
                       std::string_view::npos);
}

} // namespace

FileKind fileKindOf(std::string_view bytes) {
    for (const auto &magic : kMagics) {
        if (bytes.size() >= magic.offset && bytes.substr(magic.offset).starts_with(magic.bytes)) {
            const bool closed = magic.kind == FileKind::Unsupported && isEncryptedDocument(bytes);
            return closed ? FileKind::EncryptedDocument : magic.kind;
        }
    }
    if (isPkcs12(bytes)) {
        return FileKind::Pkcs12;
    }
    if (isDerPrivateKey(bytes)) {
        return FileKind::DerPrivateKey;
    }
    return mail::looksLikeMessage(bytes) ? FileKind::Mail : FileKind::Text;
}

} // namespace sealpost::scan
