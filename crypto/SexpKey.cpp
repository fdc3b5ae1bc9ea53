// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/SexpKey.h"

#include "base/SecretBytes.h"
#include "crypto/KeySexp.h"

#include <array>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <optional>

namespace sealpost::crypto::sexp {
namespace {

using BuilderPtr = OpenSslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using ParametersPtr = OpenSslPtr<OSSL_PARAM, OSSL_PARAM_free>;
using ContextPtr = OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using BnContextPtr = OpenSslPtr<BN_CTX, BN_CTX_free>;

struct Curve {
    const char *openSsl;
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

//! Null where the expression has no such number.
BignumPtr number(std::string_view expression, std::string_view name) {
    auto bytes = valueOf(expression, name);
    BignumPtr value;
    if (!bytes.empty()) {
        value.reset(BN_secure_new());
        BN_bin2bn(reinterpret_cast<const unsigned char *>(bytes.data()),
                  static_cast<int>(bytes.size()), value.get());
    }
    base::wipe(bytes);
    return value;
}

KeyPtr build(const char *kind, OSSL_PARAM_BLD *builder, bool isPrivate) {
    const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(builder));
    const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
    EVP_PKEY *key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, isPrivate ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                          parameters.get()) != 1) {
        ERR_clear_error();
        return nullptr;
    }
    return KeyPtr(key);
}

//! What PKCS#8 has beside the primes: d mod (p-1), d mod (q-1), q⁻¹ mod p.
struct Crt {
    BignumPtr dp{BN_secure_new()};
    BignumPtr dq{BN_secure_new()};
    BignumPtr qInverse;
};

std::optional<Crt> crtOf(const BIGNUM *d, const BIGNUM *p, const BIGNUM *q) {
    Crt crt;
    const BnContextPtr context(BN_CTX_secure_new());
    const BignumPtr less(BN_secure_new());
    const auto reduce = [&](BIGNUM *to, const BIGNUM *prime) {
        return BN_sub(less.get(), prime, BN_value_one()) == 1 &&
               BN_mod(to, d, less.get(), context.get()) == 1;
    };
    crt.qInverse.reset(BN_mod_inverse(nullptr, q, p, context.get()));
    return reduce(crt.dp.get(), p) && reduce(crt.dq.get(), q) && crt.qInverse
               ? std::optional(std::move(crt))
               : std::nullopt;
}

KeyPtr rsaKey(std::string_view expression) {
    const auto n = number(expression, "n");
    const auto e = number(expression, "e");
    const auto d = number(expression, "d");
    const auto p = number(expression, "p");
    const auto q = number(expression, "q");
    const BuilderPtr builder(OSSL_PARAM_BLD_new());
    bool good = n && e && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) &&
                OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    std::optional<Crt> crt;
    if (good && d && p && q) {
        crt = crtOf(d.get(), p.get(), q.get());
        good = crt.has_value();
    }
    const auto push = [&](const char *name, const BIGNUM *value) {
        good = good && OSSL_PARAM_BLD_push_BN(builder.get(), name, value) == 1;
    };
    if (good && crt) {
        push(OSSL_PKEY_PARAM_RSA_D, d.get());
        push(OSSL_PKEY_PARAM_RSA_FACTOR1, p.get());
        push(OSSL_PKEY_PARAM_RSA_FACTOR2, q.get());
        push(OSSL_PKEY_PARAM_RSA_EXPONENT1, crt->dp.get());
        push(OSSL_PKEY_PARAM_RSA_EXPONENT2, crt->dq.get());
        push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, crt->qInverse.get());
    }
    return good ? build("RSA", builder.get(), crt.has_value()) : nullptr;
}

const char *openSslCurve(std::string_view gcrypt) {
    for (const auto &curve : kCurves) {
        if (curve.gcrypt == gcrypt) {
            return curve.openSsl;
        }
    }
    return nullptr;
}

KeyPtr ecKey(std::string_view expression) {
    const auto *curve = openSslCurve(valueOf(expression, "curve"));
    const auto q = valueOf(expression, "q");
    const auto d = number(expression, "d");
    const BuilderPtr builder(OSSL_PARAM_BLD_new());
    const bool good =
        curve != nullptr && !q.empty() &&
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, q.data(),
                                         q.size()) == 1 &&
        (!d || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, d.get()) == 1);
    return good ? build("EC", builder.get(), d != nullptr) : nullptr;
}

} // namespace

KeyPtr keyFrom(std::string_view expression) {
    return expression.find("(3:rsa") != std::string_view::npos ? rsaKey(expression)
                                                               : ecKey(expression);
}

} // namespace sealpost::crypto::sexp
