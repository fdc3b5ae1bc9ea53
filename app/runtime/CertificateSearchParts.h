// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStore.h"
#include "crypto/SystemKeyStore.h"
#include "net/DnsResolver.h"
#include "runtime/CertificateSearch.h"

#include <memory>

namespace sealpost::runtime {

//! What a search for certificates asks, without a Runtime.
struct CertificateSearchParts {
    std::shared_ptr<crypto::CertificateStore> store;
    std::shared_ptr<net::DnsResolver> resolver;
    assurance::CertificateSources sources;
    std::shared_ptr<crypto::SystemKeyStore> system; //!< empty: there is none
};

[[nodiscard]] Result<CertificateSearch> searchCertificates(const CertificateSearchParts &parts,
                                                           const mail::Address &address,
                                                           Deadline deadline,
                                                           const std::stop_token &stop);

} // namespace sealpost::runtime
