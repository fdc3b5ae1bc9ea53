// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/ContentInspector.h"

#include "base/SizeText.h"
#include "send/Dismissals.h"
#include "send/SendPlanner.h"

namespace sealpost::send {

ContentInspector::ContentInspector(std::shared_ptr<const scan::Scanner> scanner,
                                   const policy::Policy &policy,
                                   std::shared_ptr<const SecretBytes> markKey)
    : m_scanner(std::move(scanner)), m_policy(policy), m_markKey(std::move(markKey)),
      m_attachments(m_scanner) {}

scan::ScanReport ContentInspector::scanBody(const std::string &body) {
    const std::unique_lock lock(m_mutex, std::try_to_lock);
    return lock.owns_lock() ? m_scanner->scanText(body, "body", m_body)
                            : m_scanner->scanText(body, "body");
}

Result<Contents> ContentInspector::inspect(const mail::Draft &draft, Deadline deadline,
                                           const std::stop_token &stop) {
    Contents contents;
    const auto take = [&](scan::ScanReport &&report, std::string_view file) {
        applyDismissals(report.findings, file, draft.dismissals, m_policy, m_markKey.get());
        std::move(report.findings.begin(), report.findings.end(),
                  std::back_inserter(contents.findings));
        std::move(report.skipped.begin(), report.skipped.end(),
                  std::back_inserter(contents.skipped));
    };
    take(m_scanner->scanText(draft.subject, "subject"), {});
    take(scanBody(draft.body), {});
    std::vector<std::string> digests;
    ByteCount total = draft.body.size();
    for (const auto &attachment : draft.attachments) {
        auto inspected = m_attachments.inspect(attachment, m_policy.maxMessageSize, deadline, stop);
        if (!inspected) {
            return fail(inspected.error());
        }
        total += inspected->size;
        digests.push_back(inspected->sha256);
        take(std::move(inspected->report), inspected->sha256);
    }
    if (total > m_policy.maxMessageSize) {
        return fail("message.too-large", "plan", Reaction::FixInput,
                    base::sizeText(total) + ", at most " + base::sizeText(m_policy.maxMessageSize));
    }
    contents.digest = draftDigest(draft, digests);
    contents.contentDigest = contentDigest(draft, digests);
    return contents;
}

} // namespace sealpost::send
