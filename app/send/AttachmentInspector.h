// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Units.h"
#include "mail/Draft.h"
#include "scan/Scanner.h"
#include "send/FileState.h"

#include <condition_variable>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>

namespace sealpost::send {

//! What the planner knows of one attachment's bytes.
struct InspectedAttachment {
    std::string sha256; //!< lower-case hexadecimal
    ByteCount size = 0;
    scan::ScanReport report;
};

//! Reads and scans attachments. Remembers, in this process's memory alone, which content a file has
//! for as long as the file stays as it is, and what was found in each content: the same bytes,
//! attached again or under a name that means the same, are not scanned twice, not even by two
//! threads at once. Any thread.
class AttachmentInspector {
public:
    explicit AttachmentInspector(std::shared_ptr<const scan::Scanner> scanner);
    //! Errors: mail::readAttachment()'s and Scanner::scanBytes()'s.
    [[nodiscard]] Result<InspectedAttachment> inspect(const mail::Attachment &attachment,
                                                      ByteCount limit, Deadline deadline,
                                                      const std::stop_token &stop,
                                                      const scan::ScanProgress &progress = {});
    //! How inspect() ended, where that is known without reading the file: it is as it was then, or
    //! can't be read at all. A scan that was stopped is not known.
    [[nodiscard]] std::optional<Result<InspectedAttachment>>
    known(const mail::Attachment &attachment, ByteCount limit);
    //! For tests: how many contents were scanned.
    [[nodiscard]] int scans() const;

private:
    //! Hash, and what the name means to the scanner.
    using ContentKey = std::pair<std::string, std::string>;
    struct KnownFile {
        FileState state;
        ContentKey content;
        ByteCount size = 0;
        std::optional<Error> error; //!< instead of the content
    };
    struct KnownContent {
        std::string name; //!< that it was scanned under
        scan::ScanReport report;
    };

    [[nodiscard]] std::optional<Result<InspectedAttachment>>
    recall(const mail::Attachment &attachment, const FileState &state);
    [[nodiscard]] Result<scan::ScanReport> reportOf(const mail::LoadedAttachment &loaded,
                                                    const ContentKey &key, Deadline deadline,
                                                    const std::stop_token &stop,
                                                    const scan::ScanProgress &progress);
    void remember(const mail::Attachment &attachment, KnownFile file);

    std::shared_ptr<const scan::Scanner> m_scanner;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_scanned;
    std::map<std::pair<std::filesystem::path, std::string>, KnownFile> m_files; //!< and its name
    std::map<ContentKey, KnownContent> m_contents;
    std::set<ContentKey> m_running;
    int m_scans = 0;
};

} // namespace sealpost::send
