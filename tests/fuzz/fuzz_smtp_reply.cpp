// SPDX-License-Identifier: GPL-3.0-or-later
// A server's bytes, in whole and in halves: the same replies must come out.
#include "net/SmtpReplyParser.h"

#include <cstdint>
#include <cstdlib>

using sealpost::net::SmtpReplyParser;

namespace {

std::string replies(SmtpReplyParser &parser) {
    std::string all;
    for (;;) {
        const auto reply = parser.next();
        if (!reply || !*reply) {
            return reply ? all : all + reply.error().code;
        }
        all += (*reply)->text() + "\n";
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    SmtpReplyParser whole;
    whole.feed(bytes);
    const auto expected = replies(whole);
    SmtpReplyParser halves;
    halves.feed(bytes.substr(0, size / 2));
    auto first = replies(halves);
    if (first.find("smtp.") == std::string::npos) {
        halves.feed(bytes.substr(size / 2));
        if (first + replies(halves) != expected) {
            std::abort();
        }
    }
    return 0;
}
