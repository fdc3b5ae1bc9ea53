// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/Base64.h"

#include "mail/MimeBuilder.h"

#include <algorithm>

namespace sealpost::mail {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

//! One to three bytes to four characters.
void appendGroup(std::string &out, std::string_view group) {
    const auto byteAt = [&](std::size_t i) -> unsigned {
        return i < group.size() ? static_cast<unsigned char>(group[i]) : 0U;
    };
    const unsigned bits = byteAt(0) << 16U | byteAt(1) << 8U | byteAt(2);
    out += kAlphabet[bits >> 18U];
    out += kAlphabet[bits >> 12U & 63U];
    out += group.size() > 1 ? kAlphabet[bits >> 6U & 63U] : '=';
    out += group.size() > 2 ? kAlphabet[bits & 63U] : '=';
}

} // namespace

std::size_t base64Size(std::size_t size) {
    const auto lines = (size + kBase64BytesInLine - 1) / kBase64BytesInLine;
    return (size + 2) / 3 * 4 + lines * 2;
}

void appendBase64(std::string &out, std::string_view bytes) {
    while (!bytes.empty()) {
        auto line = bytes.substr(0, kBase64BytesInLine);
        bytes.remove_prefix(line.size());
        while (!line.empty()) {
            const auto group = line.substr(0, 3);
            line.remove_prefix(group.size());
            appendGroup(out, group);
        }
        out += "\r\n";
    }
}

Result<void> Base64Sink::write(std::string_view bytes) {
    constexpr std::size_t kChunk = 1024 * kBase64BytesInLine;
    std::string encoded;
    if (!m_pending.empty()) {
        const auto missing = std::min(kBase64BytesInLine - m_pending.size(), bytes.size());
        m_pending += bytes.substr(0, missing);
        bytes.remove_prefix(missing);
        if (m_pending.size() < kBase64BytesInLine) {
            return {};
        }
        appendBase64(encoded, m_pending);
        m_pending.clear();
    }
    auto whole = bytes.size() - bytes.size() % kBase64BytesInLine;
    m_pending = bytes.substr(whole);
    while (whole > 0 || !encoded.empty()) {
        const auto chunk = bytes.substr(0, std::min(whole, kChunk));
        bytes.remove_prefix(chunk.size());
        whole -= chunk.size();
        appendBase64(encoded, chunk);
        if (auto written = m_out.write(encoded); !written) {
            return written;
        }
        encoded.clear();
    }
    return {};
}

Result<void> Base64Sink::finish() {
    std::string encoded;
    appendBase64(encoded, m_pending);
    m_pending.clear();
    return encoded.empty() ? Result<void>{} : m_out.write(encoded);
}

} // namespace sealpost::mail
