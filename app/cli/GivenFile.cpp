// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/GivenFile.h"

#include "mail/PlainFile.h"

#include <string_view>

namespace sealpost::cli {

Result<std::string> readGivenFile(const std::filesystem::path &path, ByteCount limit) {
    constexpr std::string_view kOfAttachments = "attachment.";
    auto content = mail::readPlainFile(path, limit);
    if (!content && content.error().code.starts_with(kOfAttachments)) {
        content.error().code.replace(0, kOfAttachments.size(), "file.");
    }
    return content;
}

} // namespace sealpost::cli
