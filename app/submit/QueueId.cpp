// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/QueueId.h"

#include <array>

namespace sealpost::submit {

namespace {
constexpr std::size_t kLongestId = 128;

bool isIdCharacter(char c) {
    return c > ' ' && c < '\x7f' &&
           std::string_view(",;()[]<>\"").find(c) == std::string_view::npos;
}

//! The word at the start of the text.
std::string wordOf(std::string_view text) {
    std::size_t size = 0;
    while (size < text.size() && size < kLongestId && isIdCharacter(text[size])) {
        ++size;
    }
    return std::string(text.substr(0, size));
}

//! The word that ends where `text` ends.
std::string lastWordOf(std::string_view text) {
    auto from = text.size();
    while (from > 0 && text.size() - from < kLongestId && isIdCharacter(text[from - 1])) {
        --from;
    }
    return std::string(text.substr(from));
}
} // namespace

std::string queueIdFrom(std::string_view reply) {
    // "queued as 4F1" (Postfix), "[InternalId=123, …" (Exchange), "OK id=1abc-0" (Exim).
    constexpr std::array<std::string_view, 3> kBefore = {"queued as ", "InternalId=", " id="};
    for (const auto marker : kBefore) {
        if (const auto at = reply.find(marker); at != std::string_view::npos) {
            return wordOf(reply.substr(at + marker.size()));
        }
    }
    // "1700000000 ab12 - gsmtp" (Google), "x1 Message accepted for delivery" (sendmail).
    constexpr std::array<std::string_view, 2> kAfter = {" - gsmtp", " Message accepted"};
    for (const auto marker : kAfter) {
        if (const auto at = reply.find(marker); at != std::string_view::npos) {
            return lastWordOf(reply.substr(0, at));
        }
    }
    return {};
}

} // namespace sealpost::submit
