// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/CertificateStorePrivate.h"
#include "crypto/ChainReport.h"

#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

namespace sealpost::crypto {

//! Looks at a certificate and all above it, for a person who wants to know what is wrong. Collects
//! every fault. One call's work. Private to this room.
class ChainExaminer {
public:
    ChainExaminer(CertificateStore::Private &store, std::shared_ptr<const KeyboxContent> content,
                  Deadline deadline, std::stop_token stop);
    [[nodiscard]] ChainReport examine(const StoredCertificate &certificate,
                                      std::optional<std::string_view> address);

private:
    [[nodiscard]] ChainLink linkOf(X509 *certificate, X509 *issuer, bool trusted);
    [[nodiscard]] RevocationFact revocationOf(X509 *certificate, X509 *issuer);
    void judgeLink(const ChainLink &link, X509 *certificate, bool endEntity);
    void judgeEnd(const std::vector<X509Ptr> &chain);
    void judgeUse(const StoredCertificate &certificate, std::optional<std::string_view> address);
    void fault(std::string id, const CertificateInfo &info, std::string detail, Mend mend,
               std::string target = {});

    CertificateStore::Private &m_store;
    std::shared_ptr<const KeyboxContent> m_content;
    Deadline m_deadline;
    std::stop_token m_stop;
    bool m_mayAsk = false; //!< about revocation: the chain ends in a trusted root
    ChainReport m_report;
};

} // namespace sealpost::crypto
