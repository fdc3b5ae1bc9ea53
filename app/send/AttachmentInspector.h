// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Units.h"
#include "mail/Draft.h"
#include "scan/Scanner.h"

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

namespace sealpost::send {

//! What the planner knows of one attachment's bytes.
struct InspectedAttachment {
    std::string sha256; //!< lower-case hexadecimal
    ByteCount size = 0;
    scan::ScanReport report;
};

//! Reads and scans attachments, and remembers the result while path, size and time of change stay
//! the same, so that typing in the body does not scan a large file again. Any thread.
class AttachmentInspector {
public:
    explicit AttachmentInspector(std::shared_ptr<const scan::Scanner> scanner);
    //! Errors: mail::readAttachment()'s and Scanner::scanBytes()'s.
    [[nodiscard]] Result<InspectedAttachment> inspect(const mail::Attachment &attachment,
                                                      ByteCount limit, Deadline deadline,
                                                      std::stop_token stop);

private:
    struct Remembered {
        std::filesystem::file_time_type changed;
        InspectedAttachment inspected;
    };
    std::shared_ptr<const scan::Scanner> m_scanner;
    std::mutex m_mutex;
    std::map<std::pair<std::filesystem::path, std::string>, Remembered> m_remembered;
};

} // namespace sealpost::send
