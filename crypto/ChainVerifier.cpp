// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/ChainVerifier.h"

#include "crypto/X509Facts.h"

#include <algorithm>
#include <array>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

namespace sealpost::crypto {
namespace {

using ContextPtr = OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using StorePtr = OpenSslPtr<X509_STORE, X509_STORE_free>;

struct Problem {
    CertificateState state;
    std::string detail;
};

int severity(CertificateState state) {
    switch (state) {
    case CertificateState::Expired:
    case CertificateState::NotYetValid:
        return 4;
    case CertificateState::Revoked:
        return 3;
    case CertificateState::Untrusted:
    case CertificateState::None:
        return 2;
    case CertificateState::RevocationUnknown:
        return 1;
    case CertificateState::Usable:
    case CertificateState::Expiring:
    case CertificateState::WrongUsage:
    case CertificateState::WrongAddress:
    case CertificateState::WeakKey:
        return 0;
    }
    return 0;
}

std::string subjectOf(const X509 *certificate) {
    return x509::nameOf(X509_get_subject_name(certificate));
}

//! When and why; the list that says so is the context's current one.
std::string revocationOf(X509_STORE_CTX *context, X509 *certificate) {
    X509_REVOKED *entry = nullptr;
    auto *crl = X509_STORE_CTX_get0_current_crl(context);
    if (crl == nullptr || X509_CRL_get0_by_cert(crl, &entry, certificate) != 1) {
        return "revoked";
    }
    auto text =
        "revoked: " + base::toIso8601(x509::timeOf(X509_REVOKED_get0_revocationDate(entry)));
    const OpenSslPtr<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(static_cast<ASN1_ENUMERATED *>(
        X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, nullptr, nullptr)));
    // RFC 5280 §5.3.1, by number; 7 is not used.
    constexpr std::array kReasons = {
        "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
        "superseded",    "cessationOfOperation", "certificateHold", "",
        "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};
    const auto number = reason ? ASN1_ENUMERATED_get(reason.get()) : 0;
    if (number > 0 && number < static_cast<long>(kReasons.size())) {
        text += std::string(", ") + kReasons.at(static_cast<std::size_t>(number));
    }
    return text;
}

Problem aboutTime(const X509 *certificate, bool endEntity, bool over) {
    if (!endEntity) {
        return {CertificateState::Untrusted,
                (over ? "issuer-expired: " : "issuer-not-yet-valid: ") + subjectOf(certificate)};
    }
    const auto *time = over ? X509_get0_notAfter(certificate) : X509_get0_notBefore(certificate);
    return {over ? CertificateState::Expired : CertificateState::NotYetValid,
            (over ? "expired: " : "not-yet-valid: ") + base::toIso8601(x509::timeOf(time))};
}

Problem problemOf(X509_STORE_CTX *context) {
    const int error = X509_STORE_CTX_get_error(context);
    auto *certificate = X509_STORE_CTX_get_current_cert(context);
    const bool endEntity = X509_STORE_CTX_get_error_depth(context) == 0;
    const std::string said = X509_verify_cert_error_string(error);
    if (certificate == nullptr) {
        return {CertificateState::Untrusted, "chain: " + said};
    }
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return aboutTime(certificate, endEntity, true);
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return aboutTime(certificate, endEntity, false);
    case X509_V_ERR_CERT_REVOKED:
        return {CertificateState::Revoked, endEntity ? revocationOf(context, certificate)
                                                     : "issuer-revoked: " + subjectOf(certificate)};
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        return {CertificateState::Untrusted, X509_check_ca(certificate) == 1
                                                 ? "root-not-trusted: " + subjectOf(certificate)
                                                 : "self-signed"};
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return {CertificateState::Untrusted, "root-not-trusted: " + subjectOf(certificate)};
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        return {CertificateState::Untrusted,
                "issuer-missing: " + x509::nameOf(X509_get_issuer_name(certificate))};
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
        return {CertificateState::RevocationUnknown, "crl: " + said};
    default:
        return {CertificateState::Untrusted, "chain: " + said};
    }
}

//! Collects every problem instead of stopping at the first.
int collect(int ok, X509_STORE_CTX *context) {
    if (ok != 1) {
        auto *problems = static_cast<std::vector<Problem> *>(X509_STORE_CTX_get_app_data(context));
        problems->push_back(problemOf(context));
    }
    return 1;
}

CertificateStackPtr stackOf(std::span<X509 *const> certificates) {
    CertificateStackPtr stack(sk_X509_new_null());
    for (auto *certificate : certificates) {
        if (stack && X509_up_ref(certificate) == 1) {
            sk_X509_push(stack.get(), certificate);
        }
    }
    return stack;
}

CrlStackPtr stackOf(std::span<const CrlPtr> crls) {
    CrlStackPtr stack(sk_X509_CRL_new_null());
    for (const auto &crl : crls) {
        if (stack && X509_CRL_up_ref(crl.get()) == 1) {
            sk_X509_CRL_push(stack.get(), crl.get());
        }
    }
    return stack;
}

enum class Counts { Everything, RevocationAlone };

ChainVerdict verify(X509 *certificate, const ChainMaterial &material, std::span<const CrlPtr> crls,
                    unsigned long flags, Counts counts) {
    const StorePtr store(X509_STORE_new());
    for (auto *root : material.roots) {
        X509_STORE_add_cert(store.get(), root);
    }
    const auto authorities = stackOf(material.authorities);
    const auto crlStack = stackOf(crls);
    const ContextPtr context(X509_STORE_CTX_new());
    if (!store || !context ||
        X509_STORE_CTX_init(context.get(), store.get(), certificate, authorities.get()) != 1) {
        return {CertificateState::Untrusted, "chain: " + takeOpenSslError(), {}};
    }
    std::vector<Problem> problems;
    X509_STORE_CTX_set_app_data(context.get(), &problems);
    X509_STORE_CTX_set_verify_cb(context.get(), collect);
    X509_STORE_CTX_set0_crls(context.get(), crlStack.get());
    auto *parameters = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(parameters, std::chrono::system_clock::to_time_t(material.now));
    X509_VERIFY_PARAM_set_flags(parameters, flags);

    const bool ran = X509_verify_cert(context.get()) == 1;
    ERR_clear_error();
    if (!ran && problems.empty()) {
        problems.push_back({CertificateState::Untrusted,
                            std::string("chain: ") + X509_verify_cert_error_string(
                                                         X509_STORE_CTX_get_error(context.get()))});
    }
    ChainVerdict verdict{CertificateState::Usable, {}, {}};
    auto *chain = X509_STORE_CTX_get0_chain(context.get());
    for (int i = 0; i < sk_X509_num(chain); ++i) {
        verdict.chain.push_back(sharedCopy(sk_X509_value(chain, i)));
    }
    for (const auto &problem : problems) {
        const bool revocation = problem.state == CertificateState::Revoked ||
                                problem.state == CertificateState::RevocationUnknown;
        if (counts == Counts::RevocationAlone && !revocation) {
            continue;
        }
        if (severity(problem.state) > severity(verdict.state)) {
            verdict.state = problem.state;
            verdict.detail = problem.detail;
        }
    }
    return verdict;
}

} // namespace

ChainVerdict verifyChain(X509 *certificate, const ChainMaterial &material) {
    return verify(certificate, material, {}, 0, Counts::Everything);
}

ChainVerdict verifyRevocation(X509 *certificate, X509 *issuer, Time now, const CrlPtr &crl) {
    X509 *const roots[] = {issuer};
    return verify(certificate, {{}, roots, now}, std::span(&crl, 1),
                  X509_V_FLAG_CRL_CHECK | X509_V_FLAG_PARTIAL_CHAIN, Counts::RevocationAlone);
}

} // namespace sealpost::crypto
