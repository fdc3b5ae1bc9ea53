// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/KeySexp.h"

#include "base/Text.h"
#include "crypto/OpenSslTypes.h"

#include <array>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/objects.h>
#include <openssl/sha.h>

namespace sealpost::crypto::sexp {
namespace {

struct Curve {
    std::string_view openSsl;
    std::string_view gcrypt;
};
constexpr std::array kCurves = {
    Curve{"prime256v1", "NIST P-256"},
    Curve{"secp384r1", "NIST P-384"},
    Curve{"secp521r1", "NIST P-521"},
    Curve{"brainpoolP256r1", "brainpoolP256r1"},
    Curve{"brainpoolP384r1", "brainpoolP384r1"},
    Curve{"brainpoolP512r1", "brainpoolP512r1"},
};

std::string groupName(const EVP_PKEY *key) {
    std::array<char, 80> name{};
    std::size_t size = 0;
    return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                          &size) == 1
               ? std::string(name.data(), size)
               : std::string();
}

std::string_view gcryptCurve(std::string_view openSslName) {
    for (const auto &curve : kCurves) {
        if (curve.openSsl == openSslName) {
            return curve.gcrypt;
        }
    }
    return {};
}

BignumPtr number(const EVP_PKEY *key, const char *name) {
    BIGNUM *value = nullptr;
    EVP_PKEY_get_bn_param(key, name, &value);
    return BignumPtr(value);
}

//! Big-endian and unsigned, as short as can be.
std::string unsignedBytes(const BIGNUM *value) {
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(value)), '\0');
    BN_bn2bin(value, reinterpret_cast<unsigned char *>(bytes.data()));
    return bytes;
}

//! The same with a zero in front where it would read as negative.
std::string signedBytes(const BIGNUM *value) {
    auto bytes = unsignedBytes(value);
    if (!bytes.empty() && (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0) {
        bytes.insert(bytes.begin(), '\0');
    }
    return bytes;
}

//! Grows an expression in one allocation, so that no copy of a secret is left behind.
class Writer {
public:
    Writer() { m_bytes.reserve(16384); }
    ~Writer() { base::wipe(m_bytes); }
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;
    void raw(std::string_view text) { m_bytes += text; }
    void pair(std::string_view name, std::string_view value) {
        m_bytes += '(';
        atom(name);
        atom(value);
        m_bytes += ')';
    }
    void secretPair(std::string_view name, const BIGNUM *value) {
        auto bytes = signedBytes(value);
        pair(name, bytes);
        base::wipe(bytes);
    }
    [[nodiscard]] SecretBytes take() { return SecretBytes(std::move(m_bytes)); }

private:
    void atom(std::string_view value) {
        m_bytes += std::to_string(value.size());
        m_bytes += ':';
        m_bytes += value;
    }
    std::string m_bytes;
};

tl::unexpected<Error> unsupported(std::string_view detail) {
    return fail("pkcs12.unsupported-key", "import", Reaction::FixInput, detail);
}

Result<SecretBytes> rsaPrivateKey(const EVP_PKEY *key) {
    const auto n = number(key, OSSL_PKEY_PARAM_RSA_N);
    const auto e = number(key, OSSL_PKEY_PARAM_RSA_E);
    const auto d = number(key, OSSL_PKEY_PARAM_RSA_D);
    auto p = number(key, OSSL_PKEY_PARAM_RSA_FACTOR1);
    auto q = number(key, OSSL_PKEY_PARAM_RSA_FACTOR2);
    if (!n || !e || !d || !p || !q) {
        return unsupported("RSA without its prime factors");
    }
    // libgcrypt wants p < q and u = p⁻¹ mod q; most files have the larger one first.
    if (BN_cmp(p.get(), q.get()) > 0) {
        p.swap(q);
    }
    const OpenSslPtr<BN_CTX, BN_CTX_free> context(BN_CTX_secure_new());
    BN_set_flags(p.get(), BN_FLG_CONSTTIME);
    const BignumPtr u(BN_mod_inverse(nullptr, p.get(), q.get(), context.get()));
    if (!u) {
        return unsupported("RSA with factors that do not fit");
    }
    Writer out;
    out.raw("(11:private-key(3:rsa");
    out.pair("n", signedBytes(n.get()));
    out.pair("e", signedBytes(e.get()));
    out.secretPair("d", d.get());
    out.secretPair("p", p.get());
    out.secretPair("q", q.get());
    out.secretPair("u", u.get());
    out.raw("))");
    return out.take();
}

//! 04 ‖ x ‖ y
std::string uncompressedPoint(const EVP_PKEY *key, const EC_GROUP *group) {
    std::array<unsigned char, 256> encoded{};
    std::size_t size = 0;
    const OpenSslPtr<EC_POINT, EC_POINT_free> point(EC_POINT_new(group));
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, encoded.data(),
                                        encoded.size(), &size) != 1 ||
        !point || EC_POINT_oct2point(group, point.get(), encoded.data(), size, nullptr) != 1) {
        return {};
    }
    size = EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, encoded.data(),
                              encoded.size(), nullptr);
    return {reinterpret_cast<const char *>(encoded.data()), size};
}

using GroupPtr = OpenSslPtr<EC_GROUP, EC_GROUP_free>;

GroupPtr groupOf(std::string_view openSslName) {
    return GroupPtr(EC_GROUP_new_by_curve_name(OBJ_txt2nid(std::string(openSslName).c_str())));
}

Result<SecretBytes> ecPrivateKey(const EVP_PKEY *key) {
    const auto name = groupName(key);
    const auto curve = gcryptCurve(name);
    if (curve.empty()) {
        return unsupported("EC on " + (name.empty() ? "an unnamed curve" : name));
    }
    const auto group = groupOf(name);
    const auto d = number(key, OSSL_PKEY_PARAM_PRIV_KEY);
    const auto q = group ? uncompressedPoint(key, group.get()) : std::string();
    if (!d || q.empty()) {
        return unsupported("EC without its point");
    }
    Writer out;
    out.raw("(11:private-key(3:ecc");
    out.pair("curve", curve);
    out.pair("q", q);
    out.secretPair("d", d.get());
    out.raw("))");
    return out.take();
}

std::string sha1Hex(std::string_view bytes) {
    std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    return base::asciiUpper(
        base::toHex({reinterpret_cast<const char *>(digest.data()), digest.size()}));
}

//! SHA-1 over the curve's parameters and the point, each as a list of one letter and its bytes.
std::string ecKeygrip(const EVP_PKEY *key) {
    const auto name = groupName(key);
    const auto group = gcryptCurve(name).empty() ? nullptr : groupOf(name);
    const BignumPtr p(BN_new());
    const BignumPtr a(BN_new());
    const BignumPtr b(BN_new());
    if (!group || EC_GROUP_get_curve(group.get(), p.get(), a.get(), b.get(), nullptr) != 1) {
        return {};
    }
    std::array<unsigned char, 256> generator{};
    const auto size = EC_POINT_point2oct(group.get(), EC_GROUP_get0_generator(group.get()),
                                         POINT_CONVERSION_UNCOMPRESSED, generator.data(),
                                         generator.size(), nullptr);
    std::string hashed;
    const auto add = [&hashed](char letter, std::string_view value) {
        hashed += std::string("(1:") + letter + std::to_string(value.size()) + ":";
        hashed += value;
        hashed += ')';
    };
    add('p', unsignedBytes(p.get()));
    add('a', unsignedBytes(a.get()));
    add('b', unsignedBytes(b.get()));
    add('g', {reinterpret_cast<const char *>(generator.data()), size});
    add('n', unsignedBytes(EC_GROUP_get0_order(group.get())));
    add('q', uncompressedPoint(key, group.get()));
    return sha1Hex(hashed);
}

} // namespace

Result<SecretBytes> privateKey(const evp_pkey_st *key) {
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        return rsaPrivateKey(key);
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        return ecPrivateKey(key);
    }
    const char *name = EVP_PKEY_get0_type_name(key);
    return unsupported(name != nullptr ? name : "unknown");
}

std::string keygrip(const evp_pkey_st *key) {
    if (key == nullptr) {
        return {};
    }
    if (EVP_PKEY_is_a(key, "RSA") == 1) {
        const auto n = number(key, OSSL_PKEY_PARAM_RSA_N);
        return n ? sha1Hex(signedBytes(n.get())) : std::string();
    }
    return EVP_PKEY_is_a(key, "EC") == 1 ? ecKeygrip(key) : std::string();
}

std::string valueOf(std::string_view expression, std::string_view name) {
    const auto token = std::string("(") + std::to_string(name.size()) + ":" + std::string(name);
    auto at = expression.find(token);
    if (at == std::string_view::npos) {
        return {};
    }
    at += token.size();
    std::size_t size = 0;
    while (at < expression.size() && expression[at] >= '0' && expression[at] <= '9' &&
           size < expression.size()) {
        size = size * 10 + static_cast<std::size_t>(expression[at++] - '0');
    }
    if (at >= expression.size() || expression[at] != ':' || expression.size() - at - 1 < size) {
        return {};
    }
    return std::string(expression.substr(at + 1, size));
}

} // namespace sealpost::crypto::sexp
