// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MimeReader.h"

#include "base/Text.h"
#include "mail/HeaderText.h"
#include "mail/MessageRest.h"
#include "mail/MimeModule.h"

#include <algorithm>
#include <array>

namespace sealpost::mail {

std::string fieldName(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) {
        return {};
    }
    const auto name = line.substr(0, colon);
    const bool valid =
        std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7F; });
    return valid ? base::asciiLower(name) : std::string();
}

Result<ReadMessage> readMessage(std::string_view bytes) {
    if (!looksLikeMessage(bytes)) {
        return fail("mime.not-a-message", "mime.read", Reaction::FixInput);
    }
    std::vector<PartRange> ranges;
    auto read = mime().readMessage(bytes, ranges);
    if (read) {
        read->rest = restOfMessage(bytes, std::move(ranges));
        read->subject = decodedText(read->subject);
        for (auto &inner : read->innerSubjects) {
            inner.text = decodedText(inner.text);
        }
    }
    return read;
}

Result<std::vector<MessagePart>> readParts(std::string_view entity) {
    return mime().readParts(entity);
}

bool looksLikeMessage(std::string_view bytes) {
    constexpr std::size_t kHeaderEnough = std::size_t{64} * 1024;
    constexpr std::array<std::string_view, 7> kTelling = {
        "from", "to", "subject", "date", "received", "message-id", "mime-version"};
    auto rest = bytes.substr(0, kHeaderEnough);
    if (rest.starts_with("From ")) { // mbox
        rest.remove_prefix(std::min(rest.find('\n'), rest.size() - 1) + 1);
    }
    int fields = 0;
    bool telling = false;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (base::trimmed(line).empty()) {
            break;
        }
        if (line.front() == ' ' || line.front() == '\t') {
            if (fields == 0) {
                return false;
            }
            continue;
        }
        const auto name = fieldName(line);
        if (name.empty()) {
            return false;
        }
        ++fields;
        telling = telling || std::find(kTelling.begin(), kTelling.end(), name) != kTelling.end();
    }
    return fields >= 2 && telling;
}

} // namespace sealpost::mail
