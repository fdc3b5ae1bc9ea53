// SPDX-License-Identifier: GPL-3.0-or-later
// Windows' certificate stores through CryptoAPI, their keys through CNG. Compiles with MinGW; never
// run.
#include "crypto/SystemKeyStore.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <utility>

// Its macros min and max would break the standard library's.
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>
#include <wincrypt.h>

namespace sealpost::crypto {
namespace {

constexpr std::string_view kStage = "system-store";
// Some headers of MinGW-w64 lack these (ncrypt.h, bcrypt.h of the Windows SDK).
constexpr auto kRawSecret = L"TRUNCATE";  // BCRYPT_KDF_RAW_SECRET
constexpr ULONG kPublicP256 = 0x314B4345; // BCRYPT_ECDH_PUBLIC_P256_MAGIC
constexpr ULONG kPublicP384 = 0x334B4345;
constexpr ULONG kPublicP521 = 0x354B4345;

tl::unexpected<Error> failed(std::string_view what, long code) {
    // The person closed the system's window, or there is no card in the reader.
    constexpr long kCancelled = static_cast<long>(0x8010006EUL); // SCARD_W_CANCELLED_BY_USER
    constexpr long kUserCancelled = static_cast<long>(0x800704C7UL);
    constexpr long kNoCard = static_cast<long>(0x8010000CUL); // SCARD_E_NO_SMARTCARD
    if (code == kCancelled || code == kUserCancelled) {
        return fail("system-store.cancelled", kStage, Reaction::FixInput, what);
    }
    if (code == kNoCard) {
        return fail("system-store.no-card", kStage, Reaction::FixInput, what);
    }
    if (code == static_cast<long>(NTE_NOT_SUPPORTED) || code == static_cast<long>(NTE_BAD_TYPE)) {
        return fail("system-store.unsupported", kStage, Reaction::AskAdmin, what);
    }
    return fail("system-store.failed", kStage, Reaction::AskAdmin,
                std::string(what) + ": " + std::to_string(static_cast<unsigned long>(code)));
}

BYTE *bytesOf(std::string_view text) {
    // CNG takes its input as pointers to what it does not change.
    return reinterpret_cast<BYTE *>(const_cast<char *>(text.data()));
}

BYTE *bytesOf(std::string &text) {
    return reinterpret_cast<BYTE *>(text.data());
}

//! One of the person's stores, opened to read.
class OpenStore {
public:
    explicit OpenStore(const wchar_t *name)
        : m_store(CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0,
                                CERT_SYSTEM_STORE_CURRENT_USER | CERT_STORE_READONLY_FLAG |
                                    CERT_STORE_OPEN_EXISTING_FLAG,
                                name)) {}
    OpenStore(const OpenStore &) = delete;
    OpenStore &operator=(const OpenStore &) = delete;
    ~OpenStore() {
        if (m_store != nullptr) {
            CertCloseStore(m_store, 0);
        }
    }
    //! None where there is no such store.
    [[nodiscard]] HCERTSTORE get() const { return m_store; }

private:
    HCERTSTORE m_store;
};

bool hasKey(PCCERT_CONTEXT certificate) {
    DWORD size = 0;
    return CertGetCertificateContextProperty(certificate, CERT_KEY_PROV_INFO_PROP_ID, nullptr,
                                             &size) != FALSE;
}

std::vector<std::string> certificatesOf(const wchar_t *name, bool withKeyAlone) {
    std::vector<std::string> all;
    const OpenStore store(name);
    PCCERT_CONTEXT one = nullptr;
    while (store.get() != nullptr &&
           (one = CertEnumCertificatesInStore(store.get(), one)) != nullptr) {
        if (!withKeyAlone || hasKey(one)) {
            all.emplace_back(reinterpret_cast<const char *>(one->pbCertEncoded),
                             one->cbCertEncoded);
        }
    }
    return all;
}

//! The private key of a certificate in "MY".
class OpenKey {
public:
    OpenKey() = default;
    OpenKey(const OpenKey &) = delete;
    OpenKey &operator=(const OpenKey &) = delete;
    ~OpenKey() {
        if (m_mustFree != FALSE) {
            NCryptFreeObject(m_key);
        }
        if (m_certificate != nullptr) {
            CertFreeCertificateContext(m_certificate);
        }
    }

    Result<void> open(std::string_view der) {
        const OpenStore store(L"MY");
        const auto *wanted = CertCreateCertificateContext(X509_ASN_ENCODING, bytesOf(der),
                                                          static_cast<DWORD>(der.size()));
        if (wanted != nullptr && store.get() != nullptr) {
            m_certificate = CertFindCertificateInStore(store.get(), X509_ASN_ENCODING, 0,
                                                       CERT_FIND_EXISTING, wanted, nullptr);
        }
        if (wanted != nullptr) {
            CertFreeCertificateContext(wanted);
        }
        if (m_certificate == nullptr || !hasKey(m_certificate)) {
            return fail("system-store.no-key", kStage, Reaction::FixInput);
        }
        DWORD kind = 0;
        HCRYPTPROV_OR_NCRYPT_KEY_HANDLE handle = 0;
        if (CryptAcquireCertificatePrivateKey(
                m_certificate, CRYPT_ACQUIRE_ONLY_NCRYPT_KEY_FLAG | CRYPT_ACQUIRE_COMPARE_KEY_FLAG,
                nullptr, &handle, &kind, &m_mustFree) == FALSE) {
            return failed("CryptAcquireCertificatePrivateKey", static_cast<long>(GetLastError()));
        }
        m_key = handle;
        return {};
    }
    [[nodiscard]] NCRYPT_KEY_HANDLE get() const { return m_key; }

private:
    PCCERT_CONTEXT m_certificate = nullptr;
    NCRYPT_KEY_HANDLE m_key = 0;
    BOOL m_mustFree = FALSE;
};

const wchar_t *nameOf(SystemSignature::Digest digest) {
    switch (digest) {
    case SystemSignature::Digest::Sha256:
        return BCRYPT_SHA256_ALGORITHM;
    case SystemSignature::Digest::Sha384:
        return BCRYPT_SHA384_ALGORITHM;
    case SystemSignature::Digest::Sha512:
        return BCRYPT_SHA512_ALGORITHM;
    }
    return BCRYPT_SHA256_ALGORITHM;
}

//! 04 ‖ x ‖ y as CNG imports it: a head with the curve and the field's size, then x ‖ y.
std::string publicBlob(std::string_view point) {
    const auto field = (point.size() - 1) / 2;
    BCRYPT_ECCKEY_BLOB head{};
    head.cbKey = static_cast<ULONG>(field);
    switch (field) {
    case 32:
        head.dwMagic = kPublicP256;
        break;
    case 48:
        head.dwMagic = kPublicP384;
        break;
    case 66:
        head.dwMagic = kPublicP521;
        break;
    default:
        return {};
    }
    std::string blob(sizeof head, '\0');
    std::memcpy(blob.data(), &head, sizeof head);
    return blob + std::string(point.substr(1));
}

//! A handle of CNG's, freed at the end.
class Handle {
public:
    Handle() = default;
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() {
        if (value != 0) {
            NCryptFreeObject(value);
        }
    }
    NCRYPT_HANDLE value = 0;
};

class WindowsKeyStore final : public SystemKeyStore {
public:
    Result<std::vector<std::string>> own() override { return certificatesOf(L"MY", true); }

    Result<std::vector<std::string>> others() override {
        auto all = certificatesOf(L"AddressBook", false);
        for (auto &authority : certificatesOf(L"CA", false)) {
            all.push_back(std::move(authority));
        }
        return all;
    }

    Result<std::string> sign(std::string_view certificate, const SystemSignature &how,
                             std::string_view digest) override {
        OpenKey key;
        if (auto opened = key.open(certificate); !opened) {
            return tl::unexpected(opened.error());
        }
        BCRYPT_PKCS1_PADDING_INFO pkcs1{nameOf(how.digest)};
        BCRYPT_PSS_PADDING_INFO pss{nameOf(how.digest), static_cast<ULONG>(digest.size())};
        void *padding = nullptr;
        DWORD flags = 0;
        if (how.padding == SystemSignature::Padding::Pkcs1) {
            padding = &pkcs1;
            flags = BCRYPT_PAD_PKCS1;
        } else if (how.padding == SystemSignature::Padding::Pss) {
            padding = &pss;
            flags = BCRYPT_PAD_PSS;
        }
        const auto call = [&](BYTE *out, DWORD room, DWORD *size) {
            return NCryptSignHash(key.get(), padding, bytesOf(digest),
                                  static_cast<DWORD>(digest.size()), out, room, size, flags);
        };
        DWORD size = 0;
        auto status = call(nullptr, 0, &size);
        std::string signature(size, '\0');
        if (status == ERROR_SUCCESS) {
            status = call(bytesOf(signature), size, &size);
        }
        if (status != ERROR_SUCCESS) {
            return failed("NCryptSignHash", status);
        }
        signature.resize(size);
        return signature;
    }

    Result<SecretBytes> decrypt(std::string_view certificate, SystemTransport transport,
                                std::string_view encrypted) override {
        OpenKey key;
        if (auto opened = key.open(certificate); !opened) {
            return tl::unexpected(opened.error());
        }
        BCRYPT_OAEP_PADDING_INFO oaep{BCRYPT_SHA1_ALGORITHM, nullptr, 0};
        const bool isOaep = transport == SystemTransport::Oaep;
        std::string content(encrypted.size(), '\0');
        DWORD size = 0;
        const auto status = NCryptDecrypt(
            key.get(), bytesOf(encrypted), static_cast<DWORD>(encrypted.size()),
            isOaep ? &oaep : nullptr, bytesOf(content), static_cast<DWORD>(content.size()), &size,
            isOaep ? NCRYPT_PAD_OAEP_FLAG : NCRYPT_PAD_PKCS1_FLAG);
        content.resize(status == ERROR_SUCCESS ? size : 0);
        SecretBytes secret(std::move(content));
        if (status != ERROR_SUCCESS) {
            return failed("NCryptDecrypt", status);
        }
        return secret;
    }

    Result<SecretBytes> agree(std::string_view certificate, std::string_view point) override {
        OpenKey key;
        if (auto opened = key.open(certificate); !opened) {
            return tl::unexpected(opened.error());
        }
        const auto blob = point.size() > 1 ? publicBlob(point) : std::string();
        if (blob.empty()) {
            return fail("system-store.unsupported", kStage, Reaction::AskAdmin, "curve");
        }
        // The other side's key belongs to the provider that has ours.
        Handle provider;
        DWORD read = 0;
        auto status = NCryptGetProperty(key.get(), NCRYPT_PROVIDER_HANDLE_PROPERTY,
                                        reinterpret_cast<BYTE *>(&provider.value),
                                        sizeof provider.value, &read, 0);
        Handle peer;
        if (status == ERROR_SUCCESS) {
            status = NCryptImportKey(provider.value, 0, BCRYPT_ECCPUBLIC_BLOB, nullptr, &peer.value,
                                     bytesOf(blob), static_cast<DWORD>(blob.size()), 0);
        }
        Handle shared;
        if (status == ERROR_SUCCESS) {
            status = NCryptSecretAgreement(key.get(), peer.value, &shared.value, 0);
        }
        std::string x((point.size() - 1) / 2, '\0');
        if (status == ERROR_SUCCESS) {
            status = NCryptDeriveKey(shared.value, kRawSecret, nullptr, bytesOf(x),
                                     static_cast<DWORD>(x.size()), &read, 0);
        }
        // CNG gives the number with its last byte first.
        std::reverse(x.begin(), x.end());
        SecretBytes secret(std::move(x));
        if (status != ERROR_SUCCESS) {
            return failed("NCryptDeriveKey", status);
        }
        return secret;
    }
};

} // namespace

std::unique_ptr<SystemKeyStore> systemKeyStore() {
    return std::make_unique<WindowsKeyStore>();
}

} // namespace sealpost::crypto
