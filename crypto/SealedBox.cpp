// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SealedBox.h"

#include "crypto/OpenSslPtr.h"

#include <QtGlobal>
#include <algorithm>
#include <array>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace sealpost::crypto {
namespace {

using CipherContext = OpenSslPtr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

constexpr char kVersion = 1;
constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
constexpr std::size_t kHeaderSize = 1 + kNonceSize;
constexpr std::size_t kDigestSize = 32;
// EVP counts in int; a box may be longer.
constexpr std::size_t kPiece = std::size_t{1} << 30;

const unsigned char *bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char *>(text.data());
}

unsigned char *bytesOf(std::string &text) {
    return reinterpret_cast<unsigned char *>(text.data());
}

// A digest that can't be computed has no safe stand-in, and only exhausted memory or a broken
// library gets here.
void require(bool holds, const char *what) {
    if (!holds) {
        qFatal("OpenSSL: %s failed", what);
    }
}

enum class Direction { Open = 0, Seal = 1 };

class Gcm {
public:
    Gcm(Direction direction, const SecretBytes &key, const char *nonce)
        : m_context(EVP_CIPHER_CTX_new()) {
        m_good = m_context &&
                 EVP_CipherInit_ex(m_context.get(), EVP_aes_256_gcm(), nullptr, bytesOf(key.view()),
                                   reinterpret_cast<const unsigned char *>(nonce),
                                   static_cast<int>(direction)) == 1;
    }

    void authenticate(std::string_view data) {
        update(data, [](std::size_t) -> unsigned char * { return nullptr; });
    }

    //! `into` has room for as many bytes.
    void transform(std::string_view data, char *into) {
        update(data, [into](std::size_t offset) {
            return reinterpret_cast<unsigned char *>(into + offset);
        });
    }

    bool finish() {
        std::array<unsigned char, kTagSize> unused{};
        int length = 0;
        return m_good && EVP_CipherFinal_ex(m_context.get(), unused.data(), &length) == 1;
    }

    bool readTag(char *tag) { return control(EVP_CTRL_AEAD_GET_TAG, tag); }
    bool expectTag(char *tag) { return control(EVP_CTRL_AEAD_SET_TAG, tag); }

private:
    template <class Target> void update(std::string_view data, Target target) {
        for (std::size_t offset = 0; m_good && offset < data.size(); offset += kPiece) {
            const auto piece = data.substr(offset, kPiece);
            int length = 0;
            m_good = EVP_CipherUpdate(m_context.get(), target(offset), &length, bytesOf(piece),
                                      static_cast<int>(piece.size())) == 1;
        }
    }

    bool control(int command, char *tag) {
        return m_good && EVP_CIPHER_CTX_ctrl(m_context.get(), command, kTagSize, tag) == 1;
    }

    CipherContext m_context;
    bool m_good = false;
};

auto damaged(std::string_view detail) {
    return fail("store.damaged", "unseal", Reaction::AskAdmin, detail);
}

} // namespace

// HKDF-Extract without a salt (RFC 5869 §2.2): the salt is a string of zeros then.
SealedBox::SealedBox(SecretBytes key)
    : m_key(std::move(key)), m_root(hmacSha256(std::string(kDigestSize, '\0'), m_key.view())) {}

SealedBox::SealedBox(SecretBytes key, SecretBytes root)
    : m_key(std::move(key)), m_root(std::move(root)) {}

Result<std::string> SealedBox::seal(std::string_view plain, std::string_view context) const {
    if (m_key.size() != kSealedBoxKeySize) {
        return fail("store.key-size", "seal", Reaction::Bug);
    }
    std::string box(kHeaderSize + plain.size() + kTagSize, '\0');
    box[0] = kVersion;
    if (RAND_bytes(bytesOf(box) + 1, kNonceSize) != 1) {
        return fail("store.seal", "seal", Reaction::Bug, "no random bytes");
    }
    Gcm gcm(Direction::Seal, m_key, box.data() + 1);
    gcm.authenticate(std::string_view(box).substr(0, 1));
    gcm.authenticate(context);
    gcm.transform(plain, box.data() + kHeaderSize);
    if (!gcm.finish() || !gcm.readTag(box.data() + kHeaderSize + plain.size())) {
        return fail("store.seal", "seal", Reaction::Bug, "AES-256-GCM");
    }
    return box;
}

Result<std::string> SealedBox::open(std::string_view box, std::string_view context) const {
    if (m_key.size() != kSealedBoxKeySize) {
        return fail("store.key-size", "unseal", Reaction::Bug);
    }
    if (box.size() < kHeaderSize + kTagSize) {
        return damaged("too short");
    }
    if (box[0] != kVersion) {
        return damaged("unknown version");
    }
    const auto sealed = box.substr(kHeaderSize, box.size() - kHeaderSize - kTagSize);
    std::string tag(box.substr(kHeaderSize + sealed.size()));
    std::string plain(sealed.size(), '\0');
    Gcm gcm(Direction::Open, m_key, box.data() + 1);
    gcm.authenticate(box.substr(0, 1));
    gcm.authenticate(context);
    gcm.transform(sealed, plain.data());
    if (!gcm.expectTag(tag.data()) || !gcm.finish()) {
        base::wipe(plain);
        return damaged("authentication failed");
    }
    return plain;
}

SecretBytes SealedBox::derive(std::string_view purpose) const {
    const OpenSslPtr<EVP_KDF, EVP_KDF_free> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
    require(kdf != nullptr, "EVP_KDF_fetch");
    const OpenSslPtr<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(kdf.get()));
    require(context != nullptr, "EVP_KDF_CTX_new");
    std::string digest("SHA256");
    std::string info(purpose);
    auto key = m_root.clone();
    int mode = EVP_KDF_HKDF_MODE_EXPAND_ONLY;
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, const_cast<char *>(key.view().data()),
                                          key.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end()};
    std::string derived(kSealedBoxKeySize, '\0');
    require(EVP_KDF_derive(context.get(), bytesOf(derived), derived.size(), parameters.data()) == 1,
            "HKDF");
    return SecretBytes(std::move(derived));
}

std::string hmacSha256(std::string_view key, std::string_view data) {
    std::string mac(kDigestSize, '\0');
    std::size_t size = 0;
    // An empty key is allowed, but a null pointer would mean no key at all.
    const char *keyBytes = key.empty() ? "" : key.data();
    require(EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, keyBytes, key.size(),
                      bytesOf(data), data.size(), bytesOf(mac), mac.size(), &size) != nullptr,
            "HMAC");
    require(size == kDigestSize, "HMAC");
    return mac;
}

std::string sha256(std::string_view data) {
    Sha256 digest;
    digest.add(data);
    return digest.finish();
}

Sha256::Sha256() : m_context(EVP_MD_CTX_new()) {
    require(m_context != nullptr, "EVP_MD_CTX_new");
    require(EVP_DigestInit_ex(static_cast<EVP_MD_CTX *>(m_context), EVP_sha256(), nullptr) == 1,
            "SHA-256");
}

Sha256::~Sha256() {
    EVP_MD_CTX_free(static_cast<EVP_MD_CTX *>(m_context));
}

void Sha256::add(std::string_view data) {
    require(EVP_DigestUpdate(static_cast<EVP_MD_CTX *>(m_context), data.data(), data.size()) == 1,
            "SHA-256");
}

std::string Sha256::finish() {
    std::string digest(kDigestSize, '\0');
    require(EVP_DigestFinal_ex(static_cast<EVP_MD_CTX *>(m_context), bytesOf(digest), nullptr) == 1,
            "SHA-256");
    return digest;
}

} // namespace sealpost::crypto
