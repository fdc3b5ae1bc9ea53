// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/CompressedRtf.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeader = 16;
constexpr std::size_t kDictionary = 4096;
constexpr std::uint32_t kCompressed = 0x75465A4C;   // "LZFu"
constexpr std::uint32_t kUncompressed = 0x414C454D; // "MELA"

//! What the dictionary starts with (§2.1.2.1).
constexpr auto kStart = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman "
                        "\\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New "
                        "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
                        "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"sv;
static_assert(kStart.size() == 207);

std::uint32_t numberAt(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) {
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    }
    return value;
}

//! The last 4096 bytes that came out, in a ring.
class Dictionary {
public:
    Dictionary() {
        for (const char c : kStart) {
            put(c);
        }
    }
    void put(char c) {
        m_bytes.at(m_end) = c;
        m_end = (m_end + 1) % kDictionary;
    }
    [[nodiscard]] char at(std::size_t index) const { return m_bytes.at(index % kDictionary); }
    [[nodiscard]] std::size_t end() const { return m_end; }

private:
    std::array<char, kDictionary> m_bytes{};
    std::size_t m_end = 0;
};

//! Groups of eight: a byte whose bits say what follows, a byte as it is or two that point into the
//! dictionary; one that points to its own end is the last (§3.1.3).
DecompressedRtf expanded(std::string_view bytes) {
    DecompressedRtf result;
    Dictionary dictionary;
    const auto put = [&](char c) {
        dictionary.put(c);
        result.text += c;
    };
    for (std::size_t at = 0; at < bytes.size();) {
        const auto control = static_cast<unsigned char>(bytes[at++]);
        for (unsigned bit = 0; bit < 8 && at < bytes.size(); ++bit) {
            if ((control >> bit & 1U) == 0) {
                put(bytes[at++]);
                continue;
            }
            if (bytes.size() - at < 2) {
                return result;
            }
            const auto pair = static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) << 8U |
                              static_cast<unsigned char>(bytes[at + 1]);
            at += 2;
            const std::size_t from = pair >> 4U;
            if (from == dictionary.end()) {
                result.whole = true;
                return result;
            }
            const auto length = (pair & 0xFU) + 2;
            for (std::size_t i = 0; i < length; ++i) {
                put(dictionary.at(from + i));
            }
        }
    }
    return result;
}

} // namespace

DecompressedRtf decompressRtf(std::string_view bytes) {
    if (bytes.size() < kHeader) {
        return {};
    }
    // Its sizes and its checksum are not asked: what is there is read, whatever they say.
    const auto content = bytes.substr(kHeader);
    switch (numberAt(bytes, 8)) {
    case kCompressed:
        return expanded(content);
    case kUncompressed:
        return {std::string(content), numberAt(bytes, 4) <= content.size()};
    default:
        return {};
    }
}

} // namespace sealpost::scan
