// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"
#include "policy/Policy.h"
#include "send/AttachmentInspector.h"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sealpost::send {

//! What a draft holds, as the scanner sees it: the one source of all that shows findings.
struct Contents {
    std::vector<scan::Finding> findings; //!< marked, and dismissed where the draft says so
    std::vector<scan::Skipped> skipped;
    std::string digest;        //!< of draft and attachments: SendPlan::digest
    std::string contentDigest; //!< SendPlan::contentDigest
};

//! Reads and scans a draft's subject, body and attachments. Remembers the last body, so that typing
//! costs what has changed, and attachments by their content. Any thread.
class ContentInspector {
public:
    //! `markKey` may be empty: then nothing can be dismissed.
    ContentInspector(std::shared_ptr<const scan::Scanner> scanner, const policy::Policy &policy,
                     std::shared_ptr<const SecretBytes> markKey);

    //! FixInput "message.too-large"; AttachmentInspector::inspect()'s errors.
    [[nodiscard]] Result<Contents> inspect(const mail::Draft &draft, Deadline deadline,
                                           const std::stop_token &stop);
    [[nodiscard]] AttachmentInspector &attachments() { return m_attachments; }

private:
    [[nodiscard]] scan::ScanReport scanBody(const std::string &body);

    std::shared_ptr<const scan::Scanner> m_scanner;
    const policy::Policy &m_policy;
    std::shared_ptr<const SecretBytes> m_markKey;
    AttachmentInspector m_attachments;
    std::mutex m_mutex;
    scan::LiveText m_body;
};

} // namespace sealpost::send
