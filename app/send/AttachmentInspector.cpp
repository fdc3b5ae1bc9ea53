// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/AttachmentInspector.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"

namespace sealpost::send {

namespace {

//! Enough for every attachment of a few drafts; past it the memory starts anew.
constexpr std::size_t kMostRemembered = 256;

//! The report of the same content under another name.
scan::ScanReport renamed(scan::ScanReport report, const std::string &from, const std::string &to) {
    for (auto &finding : report.findings) {
        finding.location.source = to;
    }
    for (auto &skipped : report.skipped) {
        if (skipped.path.starts_with(from)) {
            skipped.path = to + skipped.path.substr(from.size());
        }
    }
    return report;
}

//! What may be different the next time, with the same file.
bool passes(const Error &error) {
    return error.reaction == Reaction::Retry || error.code == "attachment.changed";
}

} // namespace

AttachmentInspector::AttachmentInspector(std::shared_ptr<const scan::Scanner> scanner)
    : m_scanner(std::move(scanner)) {}

std::optional<Result<InspectedAttachment>>
AttachmentInspector::recall(const mail::Attachment &attachment, const FileState &state) {
    const std::scoped_lock lock(m_mutex);
    const auto file = m_files.find({attachment.path, attachment.name});
    if (file == m_files.end() || !(file->second.state == state)) {
        return std::nullopt;
    }
    if (file->second.error) {
        return Result<InspectedAttachment>(fail(*file->second.error));
    }
    const auto content = m_contents.find(file->second.content);
    if (content == m_contents.end()) {
        return std::nullopt;
    }
    return InspectedAttachment{
        file->second.content.first, file->second.size,
        renamed(content->second.report, content->second.name, attachment.name)};
}

std::optional<Result<InspectedAttachment>>
AttachmentInspector::known(const mail::Attachment &attachment, ByteCount limit) {
    if (attachment.content) {
        return std::nullopt;
    }
    const auto state = FileState::of(attachment.path);
    if (!state || state->size > limit) {
        // Refused without being read.
        return inspect(attachment, limit, Deadline::after(std::chrono::seconds(1)), {});
    }
    return recall(attachment, *state);
}

Result<InspectedAttachment> AttachmentInspector::inspect(const mail::Attachment &attachment,
                                                         ByteCount limit, Deadline deadline,
                                                         const std::stop_token &stop,
                                                         const scan::ScanProgress &progress) {
    const auto state = attachment.content ? std::nullopt : FileState::of(attachment.path);
    if (state && state->size <= limit) {
        auto recalled = recall(attachment, *state);
        if (recalled && (*recalled || !passes(recalled->error()))) {
            return std::move(*recalled);
        }
    }
    auto loaded = mail::readAttachment(attachment, limit);
    if (!loaded) {
        if (state) {
            remember(attachment, {*state, {}, 0, loaded.error()});
        }
        return fail(loaded.error());
    }
    const ContentKey key{base::toHex(crypto::sha256(loaded->content)),
                         m_scanner->meaningOf(loaded->name)};
    auto report = reportOf(*loaded, key, deadline, stop, progress);
    if (!report) {
        if (state && !stop.stop_requested()) {
            remember(attachment, {*state, {}, 0, report.error()});
        }
        return fail(report.error());
    }
    if (state) {
        remember(attachment, {*state, key, loaded->content.size(), {}});
    }
    return InspectedAttachment{key.first, loaded->content.size(), std::move(*report)};
}

//! Waits for another thread that is scanning the same content; what it gave up is begun anew.
Result<scan::ScanReport> AttachmentInspector::reportOf(const mail::LoadedAttachment &loaded,
                                                       const ContentKey &key, Deadline deadline,
                                                       const std::stop_token &stop,
                                                       const scan::ScanProgress &progress) {
    {
        std::unique_lock lock(m_mutex);
        m_scanned.wait(lock, stop, [&] { return !m_running.contains(key); });
        if (const auto found = m_contents.find(key); found != m_contents.end()) {
            return renamed(found->second.report, found->second.name, loaded.name);
        }
        if (stop.stop_requested()) {
            return fail("scan.stopped", "scan", Reaction::Retry);
        }
        m_running.insert(key);
        ++m_scans;
    }
    auto report = m_scanner->scanBytes(loaded.content, loaded.name, deadline, stop, progress);
    const std::scoped_lock lock(m_mutex);
    m_running.erase(key);
    if (report) {
        if (m_contents.size() >= kMostRemembered) {
            m_contents.clear();
            m_files.clear();
        }
        m_contents[key] = {loaded.name, *report};
    }
    m_scanned.notify_all();
    return report;
}

void AttachmentInspector::remember(const mail::Attachment &attachment, KnownFile file) {
    const std::scoped_lock lock(m_mutex);
    if (m_files.size() >= kMostRemembered) {
        m_files.clear();
    }
    m_files[{attachment.path, attachment.name}] = std::move(file);
}

int AttachmentInspector::scans() const {
    const std::scoped_lock lock(m_mutex);
    return m_scans;
}

} // namespace sealpost::send
