// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/OcspStapleCheck.h"

#include "crypto/OpenSslPtr.h"
#include "crypto/X509Facts.h"

#include <chrono>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>

namespace sealpost::crypto {
namespace {
using namespace std::chrono_literals;

using Response = OpenSslPtr<OCSP_RESPONSE, OCSP_RESPONSE_free>;
using BasicResponse = OpenSslPtr<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using CertificateId = OpenSslPtr<OCSP_CERTID, OCSP_CERTID_free>;
using Store = OpenSslPtr<X509_STORE, X509_STORE_free>;

//! The list alone; sk_X509_free is a macro.
void freeList(STACK_OF(X509) * list) {
    sk_X509_free(list);
}
using Certificates = OpenSslPtr<STACK_OF(X509), freeList>;

//! How far the responder's clock may be from ours.
constexpr auto kClockSkew = 5min;

BasicResponse parse(std::string_view der) {
    const auto *at = reinterpret_cast<const unsigned char *>(der.data());
    const Response response(d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
    if (!response || OCSP_response_status(response.get()) != OCSP_RESPONSE_STATUS_SUCCESSFUL) {
        return {};
    }
    return BasicResponse(OCSP_response_get1_basic(response.get()));
}

//= RFC 6960 §4.2.2.2: signed by the issuer itself, or by one whom it names for that alone.
bool isSignedFor(OCSP_BASICRESP *basic, X509 *issuer, Time now) {
    const Store store(X509_STORE_new());
    const Certificates known(sk_X509_new_null());
    if (!store || !known || X509_STORE_add_cert(store.get(), issuer) != 1 ||
        sk_X509_push(known.get(), issuer) == 0) {
        return false;
    }
    // The issuer is where trust ends: whether it is itself trusted is the chain's affair.
    auto *param = X509_STORE_get0_param(store.get());
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    X509_VERIFY_PARAM_set_time(param, now.time_since_epoch().count());
    return OCSP_basic_verify(basic, known.get(), store.get(), 0) == 1;
}

//! Whether `id` is of `leaf`, under whichever digest the responder chose.
bool isOf(const OCSP_CERTID *id, const X509 *leaf, const X509 *issuer) {
    ASN1_OBJECT *digest = nullptr;
    if (OCSP_id_get0_info(nullptr, &digest, nullptr, nullptr, const_cast<OCSP_CERTID *>(id)) != 1) {
        return false;
    }
    const auto *method = EVP_get_digestbyobj(digest);
    const CertificateId own(method != nullptr ? OCSP_cert_to_id(method, leaf, issuer) : nullptr);
    return own && OCSP_id_cmp(own.get(), id) == 0;
}

OcspState stateFrom(int status) {
    switch (status) {
    case V_OCSP_CERTSTATUS_GOOD:
        return OcspState::Good;
    case V_OCSP_CERTSTATUS_REVOKED:
        return OcspState::Revoked;
    default:
        return OcspState::Unknown;
    }
}

OcspStaple stapleFrom(OCSP_SINGLERESP *single, Time now) {
    ASN1_GENERALIZEDTIME *revoked = nullptr;
    ASN1_GENERALIZEDTIME *from = nullptr;
    ASN1_GENERALIZEDTIME *until = nullptr;
    OcspStaple staple;
    staple.state = stateFrom(OCSP_single_get0_status(single, nullptr, &revoked, &from, &until));
    staple.thisUpdate = from != nullptr ? x509::timeOf(from) : Time{};
    staple.nextUpdate = until != nullptr ? x509::timeOf(until) : Time{};
    staple.revokedAt = revoked != nullptr ? x509::timeOf(revoked) : Time{};
    //= RFC 6960 §3.2: thisUpdate is past, nextUpdate is to come.
    const bool inTime = staple.thisUpdate != Time{} && staple.thisUpdate <= now + kClockSkew &&
                        (until == nullptr || staple.nextUpdate >= now - kClockSkew);
    if (!inTime) {
        staple.state = OcspState::Invalid;
    }
    return staple;
}

//! Whether the answer is to this question, as far as a nonce can tell.
bool answersNonce(OCSP_BASICRESP *basic, std::string_view nonce, AnswerWithoutNonce without) {
    if (nonce.empty()) {
        return true;
    }
    const int at = OCSP_BASICRESP_get_ext_by_NID(basic, NID_id_pkix_OCSP_Nonce, -1);
    if (at < 0) {
        return without == AnswerWithoutNonce::Counts;
    }
    const auto *value = X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(basic, at));
    const std::string_view said(reinterpret_cast<const char *>(ASN1_STRING_get0_data(value)),
                                static_cast<std::size_t>(ASN1_STRING_length(value)));
    return said == nonce;
}

} // namespace

OcspStaple checkStaple(std::string_view response, x509_st *leaf, x509_st *issuer, Time now) {
    return checkAnswer(response, leaf, issuer, now, {}, AnswerWithoutNonce::Counts);
}

OcspStaple checkAnswer(std::string_view response, x509_st *leaf, x509_st *issuer, Time now,
                       std::string_view nonce, AnswerWithoutNonce without) {
    OcspStaple staple;
    if (response.empty()) {
        return staple;
    }
    staple.state = OcspState::Invalid;
    if (now == Time{}) {
        now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
    }
    const auto basic = parse(response);
    if (basic && leaf != nullptr && issuer != nullptr &&
        answersNonce(basic.get(), nonce, without) && isSignedFor(basic.get(), issuer, now)) {
        for (int i = 0; i < OCSP_resp_count(basic.get()); ++i) {
            auto *single = OCSP_resp_get0(basic.get(), i);
            if (isOf(OCSP_SINGLERESP_get0_id(single), leaf, issuer)) {
                staple = stapleFrom(single, now);
                break;
            }
        }
    }
    ERR_clear_error();
    return staple;
}

} // namespace sealpost::crypto
