// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what the streams of a message of Outlook are (MS-OXMSG §2.1).
#pragma once

#include "scan/CompoundFile.h"

#include <map>
#include <string>
#include <string_view>

namespace sealpost::scan {

enum class OutlookPart {
    WideText, //!< UTF-16
    Text,     //!< in some code page
    File,     //!< an attachment, or the body in HTML
    RichBody, //!< the body as compressed RTF (MS-OXRTFCP)
    Bytes,    //!< of properties that programs fill as they like
    Other,    //!< numbers, times, identifiers
};

class OutlookParts {
public:
    explicit OutlookParts(const CompoundFile &file);

    [[nodiscard]] OutlookPart kindOf(const CompoundFile::Stream &stream) const;
    //! For people: "body", "subject", "report.pdf", "message/body".
    [[nodiscard]] std::string nameOf(const CompoundFile::Stream &stream) const;

private:
    std::map<std::string, std::string, std::less<>> m_names; //!< of attachments, by storage
};

//! Broken characters are replaced.
[[nodiscard]] std::string fromUtf16(std::string_view littleEndian);

} // namespace sealpost::scan
