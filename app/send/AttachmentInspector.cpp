// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/AttachmentInspector.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"

namespace sealpost::send {

namespace {
//! Enough for every attachment of a few drafts; past it the memory starts anew.
constexpr std::size_t kMostRemembered = 256;
} // namespace

AttachmentInspector::AttachmentInspector(std::shared_ptr<const scan::Scanner> scanner)
    : m_scanner(std::move(scanner)) {}

Result<InspectedAttachment> AttachmentInspector::inspect(const mail::Attachment &attachment,
                                                         ByteCount limit, Deadline deadline,
                                                         std::stop_token stop) {
    std::error_code ignored;
    const auto changed = std::filesystem::last_write_time(attachment.path, ignored);
    const auto size = ignored ? 0 : std::filesystem::file_size(attachment.path, ignored);
    const std::pair key{attachment.path, attachment.name};
    if (!ignored && size <= limit) {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_remembered.find(key);
        if (found != m_remembered.end() && found->second.changed == changed &&
            found->second.inspected.size == size) {
            return found->second.inspected;
        }
    }
    auto loaded = mail::readAttachment(attachment, limit);
    if (!loaded) {
        return fail(loaded.error());
    }
    auto report = m_scanner->scanBytes(loaded->content, loaded->name, deadline, std::move(stop));
    if (!report) {
        return fail(report.error());
    }
    InspectedAttachment inspected{base::toHex(crypto::sha256(loaded->content)),
                                  loaded->content.size(), std::move(*report)};
    if (!ignored) {
        const std::scoped_lock lock(m_mutex);
        if (m_remembered.size() >= kMostRemembered) {
            m_remembered.clear();
        }
        m_remembered[key] = {changed, inspected};
    }
    return inspected;
}

} // namespace sealpost::send
