// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/ChainReport.h"
#include "crypto/CrlCache.h"

#include <map>
#include <mutex>
#include <stop_token>

namespace sealpost::crypto {

//! Whether a certificate has been revoked: by its authority's lists, and where those say nothing by
//! asking its responder (OCSP, RFC 6960). Every question has a deadline of its own, so that a
//! silent server costs no more. A responder's answer is kept until its next update, a failure for a
//! minute. Any thread. Private to this room.
class RevocationSource {
public:
    RevocationSource(CrlCache &crls, UrlFetcher fetch, std::shared_ptr<const Clock> clock,
                     OcspNonce nonce);

    //! `issuer` has issued the certificate. Where there is an answer, it is signed.
    [[nodiscard]] RevocationFact ask(X509 *certificate, X509 *issuer, Deadline deadline,
                                     const std::stop_token &stop);

private:
    [[nodiscard]] RevocationFact askLists(X509 *certificate, X509 *issuer, Deadline deadline,
                                          const std::stop_token &stop);
    [[nodiscard]] RevocationFact askResponder(const std::string &url, X509 *certificate,
                                              X509 *issuer, Deadline deadline,
                                              const std::stop_token &stop);

    struct Kept {
        RevocationFact fact;
        Time until{};
    };
    CrlCache &m_crls;
    UrlFetcher m_fetch;
    std::shared_ptr<const Clock> m_clock;
    OcspNonce m_nonce;
    std::mutex m_mutex;
    std::map<std::string, Kept> m_answers; //!< by certificate
};

} // namespace sealpost::crypto
