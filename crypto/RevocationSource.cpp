// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/RevocationSource.h"

#include "base/Text.h"
#include "crypto/CertificateReader.h"
#include "crypto/ChainVerifier.h"
#include "crypto/OcspStapleCheck.h"
#include "crypto/X509Facts.h"

#include <QByteArray>
#include <chrono>
#include <openssl/err.h>
#include <openssl/ocsp.h>

namespace sealpost::crypto {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kAskTime{10'000};
constexpr std::chrono::minutes kRetryAfter{1};
constexpr std::chrono::hours kKeptWithoutEnd{1}; //!< an answer that promises no next update

struct Question {
    std::string url;   //!< by GET (RFC 6960 appendix A.1); empty where it can't be put
    std::string nonce; //!< the extension's value, DER; empty: none
};

//! A nonce of 32 random bytes (RFC 9654 §2.1) in the question.
std::string addNonce(OCSP_REQUEST *request) {
    constexpr int kNonceSize = 32;
    if (OCSP_request_add1_nonce(request, nullptr, kNonceSize) != 1) {
        return {};
    }
    const int at = OCSP_REQUEST_get_ext_by_NID(request, NID_id_pkix_OCSP_Nonce, -1);
    const auto *value = X509_EXTENSION_get_data(OCSP_REQUEST_get_ext(request, at));
    return {reinterpret_cast<const char *>(ASN1_STRING_get0_data(value)),
            static_cast<std::size_t>(ASN1_STRING_length(value))};
}

Question questionTo(const std::string &responder, const X509 *certificate, const X509 *issuer,
                    OcspNonce nonce) {
    const OpenSslPtr<OCSP_REQUEST, OCSP_REQUEST_free> request(OCSP_REQUEST_new());
    auto *id = OCSP_cert_to_id(EVP_sha1(), certificate, issuer); // what all responders know
    if (!request || id == nullptr || OCSP_request_add0_id(request.get(), id) == nullptr) {
        OCSP_CERTID_free(id);
        return {};
    }
    Question question;
    if (nonce != OcspNonce::No) {
        question.nonce = addNonce(request.get());
    }
    unsigned char *der = nullptr;
    const int size = i2d_OCSP_REQUEST(request.get(), &der);
    const OpenSslPtr<unsigned char, [](unsigned char *p) { OPENSSL_free(p); }> owner(der);
    if (size <= 0) {
        return {};
    }
    const auto base64 =
        QByteArray(reinterpret_cast<const char *>(der), size).toBase64().toPercentEncoding();
    question.url = responder + (responder.ends_with('/') ? "" : "/") + base64.toStdString();
    return question;
}

RevocationFact fromList(const CrlPtr &crl, X509 *certificate, X509 *issuer, Time now,
                        const std::string &url) {
    RevocationFact fact{RevocationStatus::Unknown,
                        "crl",
                        url,
                        x509::timeOf(X509_CRL_get0_lastUpdate(crl.get())),
                        {}};
    const auto verdict = verifyRevocation(certificate, issuer, now, crl);
    fact.problem = verdict.detail;
    if (verdict.state == CertificateState::Usable) {
        fact.status = RevocationStatus::Good;
    } else if (verdict.state == CertificateState::Revoked) {
        fact.status = RevocationStatus::Revoked;
    }
    return fact;
}

} // namespace

RevocationSource::RevocationSource(CrlCache &crls, UrlFetcher fetch,
                                   std::shared_ptr<const Clock> clock, OcspNonce nonce)
    : m_crls(crls), m_fetch(std::move(fetch)), m_clock(std::move(clock)), m_nonce(nonce) {}

RevocationFact RevocationSource::askLists(X509 *certificate, X509 *issuer, Deadline deadline,
                                          const std::stop_token &stop) {
    RevocationFact fact;
    fact.problem = "no-crl-distribution-point";
    for (const auto &url : crlUrls(certificate)) {
        const auto answer = m_crls.get(url, issuer, deadline, stop);
        if (answer.crl) {
            return fromList(answer.crl, certificate, issuer, m_clock->now(), url);
        }
        fact.problem = answer.problem;
        fact.source = url;
    }
    return fact;
}

RevocationFact RevocationSource::askResponder(const std::string &url, X509 *certificate,
                                              X509 *issuer, Deadline deadline,
                                              const std::stop_token &stop) {
    const auto now = m_clock->now();
    const auto key = x509::sha256Of(certificate);
    {
        const std::lock_guard lock(m_mutex);
        const auto at = m_answers.find(key);
        if (at != m_answers.end() && now < at->second.until) {
            return at->second.fact;
        }
    }
    RevocationFact fact;
    fact.source = url;
    auto until = now + kRetryAfter;
    const auto question = questionTo(url, certificate, issuer, m_nonce);
    if (!m_fetch || question.url.empty() || stop.stop_requested() || deadline.passed()) {
        fact.problem = "ocsp-not-asked: " + url;
        return fact;
    }
    const auto answer = m_fetch(question.url, deadline.within(kAskTime), stop);
    // A responder that answers from a store knows no nonce: what is fresh is then told by times.
    const auto without =
        m_nonce == OcspNonce::Required ? AnswerWithoutNonce::Invalid : AnswerWithoutNonce::Counts;
    const auto said = answer
                          ? checkAnswer(*answer, certificate, issuer, now, question.nonce, without)
                          : OcspStaple{};
    switch (said.state) {
    case OcspState::Good:
        fact.status = RevocationStatus::Good;
        break;
    case OcspState::Revoked:
        fact.status = RevocationStatus::Revoked;
        fact.problem = "revoked: " + base::toIso8601(said.revokedAt);
        break;
    case OcspState::Absent:
        fact.problem = "ocsp-unreachable: " + url;
        break;
    case OcspState::Unknown:
        fact.problem = "ocsp-unknown: " + url;
        break;
    case OcspState::Invalid:
        fact.problem = "ocsp-invalid: " + url;
        break;
    }
    if (fact.status != RevocationStatus::Unknown) {
        fact.kind = "ocsp";
        fact.issued = said.thisUpdate;
        until = said.nextUpdate != Time{} ? said.nextUpdate : now + kKeptWithoutEnd;
    }
    const std::lock_guard lock(m_mutex);
    m_answers.insert_or_assign(key, Kept{fact, until});
    return fact;
}

RevocationFact RevocationSource::ask(X509 *certificate, X509 *issuer, Deadline deadline,
                                     const std::stop_token &stop) {
    auto fact = askLists(certificate, issuer, deadline, stop);
    if (fact.status != RevocationStatus::Unknown) {
        return fact;
    }
    for (const auto &url : responderUrls(certificate)) {
        auto answer = askResponder(url, certificate, issuer, deadline, stop);
        if (answer.status != RevocationStatus::Unknown) {
            return answer;
        }
        if (fact.source.empty()) {
            fact = std::move(answer);
        }
    }
    return fact;
}

} // namespace sealpost::crypto
