// SPDX-License-Identifier: GPL-3.0-or-later
// RSA_METHOD and EC_KEY_METHOD are deprecated in OpenSSL 3, but nothing else lets a key of ours
// serve OpenSSL's CMS without a whole provider (docs/adr/0004).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/AgentKey.h"

#include "crypto/KeySexp.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <openssl/ec.h>
#include <openssl/rsa.h>

namespace sealpost::crypto {
namespace {

using RsaPtr = OpenSslPtr<RSA, RSA_free>;
using EcPtr = OpenSslPtr<EC_KEY, EC_KEY_free>;
using SignaturePtr = OpenSslPtr<ECDSA_SIG, ECDSA_SIG_free>;

constexpr std::chrono::minutes kPinTime{2};

int rsaIndex() {
    static const int index = RSA_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}
int ecIndex() {
    static const int index = EC_KEY_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

const unsigned char *bytesOf(std::string_view text) {
    return reinterpret_cast<const unsigned char *>(text.data());
}
std::string_view viewOf(const unsigned char *bytes, std::size_t size) {
    return {reinterpret_cast<const char *>(bytes), size};
}

//! A big-endian number in exactly `size` bytes; empty where it does not fit.
SecretBytes sized(std::string_view value, std::size_t size) {
    while (!value.empty() && value.front() == '\0') {
        value.remove_prefix(1);
    }
    if (value.empty() || value.size() > size) {
        return {};
    }
    std::string out(size - value.size(), '\0');
    out.reserve(size);
    out += value;
    return SecretBytes(std::move(out));
}

std::string encVal(std::string_view algorithm, char name, std::string_view value) {
    return "(7:enc-val(" + std::to_string(algorithm.size()) + ":" + std::string(algorithm) +
           "(1:" + name + std::to_string(value.size()) + ":" + std::string(value) + ")))";
}

int rsaSign(int hash, const unsigned char *digest, unsigned digestSize, unsigned char *out,
            unsigned *outSize, const RSA *rsa) {
    auto *key = static_cast<AgentKey *>(RSA_get_ex_data(rsa, rsaIndex()));
    const auto answer = key->sign(hash, viewOf(digest, digestSize));
    const auto size = static_cast<std::size_t>(RSA_size(rsa));
    const auto signature = answer ? sized(sexp::valueOf(*answer, "s"), size) : SecretBytes();
    if (signature.empty()) {
        return 0;
    }
    std::copy_n(bytesOf(signature.view()), size, out);
    *outSize = static_cast<unsigned>(size);
    return 1;
}

int rsaDecrypt(int size, const unsigned char *from, unsigned char *to, RSA *rsa, int padding) {
    auto *key = static_cast<AgentKey *>(RSA_get_ex_data(rsa, rsaIndex()));
    // The zero keeps a number with its top bit set from reading as negative.
    const auto number = std::string(1, '\0') + std::string(viewOf(from, std::max(size, 0)));
    const auto answer = key->decrypt(encVal("rsa", 'a', number));
    if (!answer) {
        return -1;
    }
    if (answer->unpadded) {
        const SecretBytes content(sexp::valueOf(answer->expression.view(), "value"));
        if (padding != RSA_PKCS1_PADDING || content.size() > static_cast<std::size_t>(size)) {
            return -1;
        }
        std::copy_n(bytesOf(content.view()), content.size(), to);
        return static_cast<int>(content.size());
    }
    // gpg-agent gives the raw number, padding and all.
    const auto full = sized(sexp::valueOf(answer->expression.view(), "value"), RSA_size(rsa));
    if (full.empty()) {
        return -1;
    }
    const auto fullSize = static_cast<int>(full.size());
    if (padding == RSA_NO_PADDING) {
        std::copy_n(bytesOf(full.view()), full.size(), to);
        return fullSize;
    }
    return padding == RSA_PKCS1_PADDING
               ? RSA_padding_check_PKCS1_type_2(to, fullSize, bytesOf(full.view()) + 1,
                                                fullSize - 1, fullSize)
               : -1;
}

//! The bare private operation, for PSS, whose padding OpenSSL has made. gpg-agent 2.2 signs with
//! PKCS#1 v1.5 alone, but its decryption is the same operation and leaves padding to us.
int rsaPrivateEncrypt(int size, const unsigned char *from, unsigned char *to, RSA *rsa,
                      int padding) {
    return padding == RSA_NO_PADDING ? rsaDecrypt(size, from, to, rsa, padding) : -1;
}

//! A digest that gpg-agent takes for a key of that size: it refuses those that are shorter than the
//! key. ECDSA signs the digest as a number (FIPS 186-4 §6.4), so zeros in front change nothing.
struct FittingDigest {
    int hash = NID_undef;
    std::string bytes;
};

FittingDigest fitting(std::string_view digest, int keyBits) {
    struct Size {
        int hash;
        std::size_t bytes;
        int bits;
    };
    constexpr std::array kSizes = {Size{NID_sha256, 32, 256}, Size{NID_sha384, 48, 384},
                                   Size{NID_sha512, 64, 1024}};
    for (const auto &size : kSizes) {
        if (digest.size() <= size.bytes && keyBits <= size.bits) {
            return {size.hash, std::string(size.bytes - digest.size(), '\0') + std::string(digest)};
        }
    }
    return {};
}

ECDSA_SIG *ecSign(const unsigned char *digest, int size, const BIGNUM *, const BIGNUM *,
                  EC_KEY *ec) {
    auto *key = static_cast<AgentKey *>(EC_KEY_get_ex_data(ec, ecIndex()));
    const auto fitted = fitting(viewOf(digest, static_cast<std::size_t>(std::max(size, 0))),
                                EC_GROUP_order_bits(EC_KEY_get0_group(ec)));
    const auto answer = key->sign(fitted.hash, fitted.bytes);
    if (!answer) {
        return nullptr;
    }
    const auto number = [&answer](std::string_view name) {
        const auto value = sexp::valueOf(*answer, name);
        return BignumPtr(value.empty()
                             ? nullptr
                             : BN_bin2bn(bytesOf(value), static_cast<int>(value.size()), nullptr));
    };
    auto r = number("r");
    auto s = number("s");
    SignaturePtr signature(ECDSA_SIG_new());
    if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
        return nullptr;
    }
    static_cast<void>(r.release());
    static_cast<void>(s.release());
    return signature.release();
}

int ecSignDer(int, const unsigned char *digest, int size, unsigned char *out, unsigned *outSize,
              const BIGNUM *kInverse, const BIGNUM *r, EC_KEY *ec) {
    const SignaturePtr signature(ecSign(digest, size, kInverse, r, ec));
    const int written = signature ? i2d_ECDSA_SIG(signature.get(), &out) : 0;
    *outSize = static_cast<unsigned>(std::max(written, 0));
    return written > 0 ? 1 : 0;
}

int ecDerive(unsigned char **out, std::size_t *outSize, const EC_POINT *peer, const EC_KEY *ec) {
    auto *key = static_cast<AgentKey *>(EC_KEY_get_ex_data(ec, ecIndex()));
    std::array<unsigned char, 256> point{};
    const auto size = EC_POINT_point2oct(EC_KEY_get0_group(ec), peer, POINT_CONVERSION_UNCOMPRESSED,
                                         point.data(), point.size(), nullptr);
    const auto answer = key->decrypt(encVal("ecdh", 'e', viewOf(point.data(), size)));
    if (!answer || size < 3) {
        return 0;
    }
    // 04 ‖ x ‖ y, where only x is the shared secret; cards give x alone, or a prefix and x.
    const SecretBytes value(sexp::valueOf(answer->expression.view(), "value"));
    const auto field = (size - 1) / 2;
    if (value.size() != size && value.size() != field && value.size() != field + 1) {
        return 0;
    }
    *out = static_cast<unsigned char *>(OPENSSL_malloc(field));
    if (*out == nullptr) {
        return 0;
    }
    std::copy_n(bytesOf(value.view()) + (value.size() == field ? 0 : 1), field, *out);
    *outSize = field;
    return 1;
}

const RSA_METHOD *rsaMethod() {
    static const RSA_METHOD *const method = [] {
        auto *made = RSA_meth_dup(RSA_PKCS1_OpenSSL());
        RSA_meth_set1_name(made, "gpg-agent");
        RSA_meth_set_sign(made, rsaSign);
        RSA_meth_set_priv_dec(made, rsaDecrypt);
        RSA_meth_set_priv_enc(made, rsaPrivateEncrypt);
        RSA_meth_set_flags(made, RSA_METHOD_FLAG_NO_CHECK | RSA_FLAG_EXT_PKEY);
        return made;
    }();
    return method;
}

const EC_KEY_METHOD *ecMethod() {
    static const EC_KEY_METHOD *const method = [] {
        auto *made = EC_KEY_METHOD_new(EC_KEY_OpenSSL());
        EC_KEY_METHOD_set_sign(made, ecSignDer, nullptr, ecSign);
        EC_KEY_METHOD_set_compute_key(made, ecDerive);
        return made;
    }();
    return method;
}

bool attachRsa(EVP_PKEY *key, const EVP_PKEY *certified, AgentKey *agentKey) {
    RsaPtr rsa(RSAPublicKey_dup(EVP_PKEY_get0_RSA(certified)));
    if (!rsa || RSA_set_method(rsa.get(), rsaMethod()) != 1 ||
        RSA_set_ex_data(rsa.get(), rsaIndex(), agentKey) != 1 ||
        EVP_PKEY_assign_RSA(key, rsa.get()) != 1) {
        return false;
    }
    static_cast<void>(rsa.release());
    return true;
}

bool attachEc(EVP_PKEY *key, const EVP_PKEY *certified, AgentKey *agentKey) {
    EcPtr ec(EC_KEY_dup(EVP_PKEY_get0_EC_KEY(certified)));
    if (!ec || EC_KEY_set_method(ec.get(), ecMethod()) != 1 ||
        EC_KEY_set_ex_data(ec.get(), ecIndex(), agentKey) != 1 ||
        EVP_PKEY_assign_EC_KEY(key, ec.get()) != 1) {
        return false;
    }
    static_cast<void>(ec.release());
    return true;
}

} // namespace

Result<std::unique_ptr<AgentKey>> AgentKey::create(const GnupgHome &home, const X509 *certificate,
                                                   SecretBytes passphrase, Deadline deadline) {
    return create(home, X509_get0_pubkey(certificate), std::move(passphrase), deadline);
}

Result<std::unique_ptr<AgentKey>> AgentKey::create(const GnupgHome &home, const EVP_PKEY *certified,
                                                   SecretBytes passphrase, Deadline deadline) {
    std::unique_ptr<AgentKey> made(new AgentKey(home, std::move(passphrase), deadline));
    made->m_keygrip = sexp::keygrip(certified);
    made->m_place = home.privateKey(made->m_keygrip);
    made->m_key.reset(EVP_PKEY_new());
    const bool attached =
        !made->m_keygrip.empty() && made->m_key &&
        (EVP_PKEY_is_a(certified, "RSA") == 1 ? attachRsa(made->m_key.get(), certified, made.get())
                                              : attachEc(made->m_key.get(), certified, made.get()));
    if (!attached) {
        return fail("smime.no-key", "smime", Reaction::FixInput, "kind of key");
    }
    return made;
}

Result<GpgAgent> AgentKey::connect() const {
    // Whoever has to find a card and type its PIN is not hurried.
    const auto deadline =
        m_place == PrivateKey::OnCard
            ? Deadline::after(std::max<std::chrono::milliseconds>(kPinTime, m_deadline.remaining()))
            : m_deadline;
    return GpgAgent::connect(m_home, deadline, m_place);
}

std::optional<std::string> AgentKey::sign(int hash, std::string_view digest) {
    auto signature = connect().and_then(
        [&](GpgAgent &&agent) { return agent.sign(m_keygrip, hash, digest, m_passphrase); });
    if (!signature) {
        m_lastError = signature.error();
        return std::nullopt;
    }
    return std::move(*signature);
}

std::optional<AgentPlain> AgentKey::decrypt(std::string_view expression) {
    auto plain = connect().and_then(
        [&](GpgAgent &&agent) { return agent.decrypt(m_keygrip, expression, m_passphrase); });
    if (!plain) {
        m_lastError = plain.error();
        return std::nullopt;
    }
    return std::move(*plain);
}

} // namespace sealpost::crypto
