// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/PictureParts.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

//! Takes from the front; what is missing marks the picture as cut off.
class Reading {
public:
    Reading(std::string_view bytes, PictureParts &parts) : m_left(bytes), m_parts(parts) {}

    [[nodiscard]] bool isOver() const { return !m_parts.whole || m_ended; }
    std::string_view take(std::size_t size) {
        if (m_left.size() < size) {
            m_parts.whole = false;
        }
        const auto taken = m_left.substr(0, size);
        m_left.remove_prefix(taken.size());
        return taken;
    }
    std::size_t byte() {
        const auto one = take(1);
        return one.empty() ? 0 : static_cast<unsigned char>(one.front());
    }
    std::size_t bigEndian(int size) {
        std::size_t value = 0;
        for (int i = 0; i < size; ++i) {
            value = value << 8U | byte();
        }
        return value;
    }
    std::size_t littleEndian(int size) {
        std::size_t value = 0;
        for (int i = 0; i < size; ++i) {
            value |= byte() << (8U * static_cast<unsigned>(i));
        }
        return value;
    }
    [[nodiscard]] std::string_view left() const { return m_left; }
    void keep(std::string_view beside) { (m_parts.beside += beside) += '\0'; }
    void end() {
        m_ended = true;
        m_parts.behind = m_left;
    }

private:
    std::string_view m_left;
    PictureParts &m_parts;
    bool m_ended = false;
};

//= PNG 1.2 §3.2 (chunks)
void readPng(Reading &file) {
    file.take(8);
    while (!file.isOver()) {
        const auto size = file.bigEndian(4);
        const auto type = file.take(4);
        const auto data = file.take(size);
        file.take(4);
        if (type == "IEND"sv) {
            file.end();
        } else if (type != "IDAT"sv && type != "fdAT"sv && type != "iCCP"sv) {
            file.keep(data);
        }
    }
}

//= ITU-T T.81, B.1.1 (markers)
void readJpeg(Reading &file) {
    constexpr std::size_t kEnd = 0xD9;
    constexpr std::size_t kScan = 0xDA;
    file.take(2);
    while (!file.isOver()) {
        auto marker = file.byte();
        while (!file.isOver() && marker != 0xFF) { // points, up to the next marker
            const auto next = file.left().find('\xFF');
            file.take(std::min(next, file.left().size() + 1));
            marker = file.byte();
        }
        while (marker == 0xFF && !file.isOver()) {
            marker = file.byte();
        }
        const bool alone = marker <= 1 || (marker >= 0xD0 && marker <= 0xD8);
        if (file.isOver() || alone) {
            continue;
        }
        if (marker == kEnd) {
            file.end();
            return;
        }
        const auto size = file.bigEndian(2);
        const auto data = file.take(size - std::min<std::size_t>(size, 2));
        const bool isText = marker == 0xFE || (marker >= 0xE0 && marker <= 0xEF);
        if (isText && marker != kScan) {
            file.keep(data);
        }
    }
}

//! A list of pieces, each behind its size.
std::string gifData(Reading &file) {
    std::string data;
    while (!file.isOver()) {
        const auto size = file.byte();
        if (size == 0) {
            break;
        }
        data += file.take(size);
    }
    return data;
}

//! The colours that a byte of flags announces.
void skipColours(Reading &file, std::size_t flags) {
    if ((flags & 0x80U) != 0) {
        file.take(std::size_t{3} << ((flags & 7U) + 1));
    }
}

//= GIF 89a §18 to §27
void readGif(Reading &file) {
    file.take(10);
    const auto flags = file.byte();
    file.take(2);
    skipColours(file, flags);
    while (!file.isOver()) {
        switch (file.byte()) {
        case 0x2C: // points
            file.take(8);
            skipColours(file, file.byte());
            file.take(1);
            gifData(file);
            break;
        case 0x21: // a comment, or something else beside the points
            file.take(1);
            file.keep(gifData(file));
            break;
        case 0x3B:
            file.end();
            break;
        default:
            break;
        }
    }
}

//= RFC 9649 §2.3 (RIFF), §2.7
void readWebp(Reading &file) {
    file.take(4);
    const auto whole = file.littleEndian(4);
    if (file.left().size() < whole) {
        file.take(whole); // cut off
        return;
    }
    auto inside = file.take(whole);
    inside.remove_prefix(std::min<std::size_t>(4, inside.size()));
    file.end();
    PictureParts inner;
    Reading chunks(inside, inner);
    while (!chunks.isOver() && !chunks.left().empty()) {
        const auto type = chunks.take(4);
        const auto size = chunks.littleEndian(4);
        const auto data = chunks.take(size + size % 2);
        if (!type.starts_with("VP8"sv) && type != "ALPH"sv && type != "ANMF"sv &&
            type != "ICCP"sv) {
            file.keep(data);
        }
    }
}

} // namespace

PictureParts partsOfPicture(std::string_view bytes) {
    PictureParts parts;
    Reading file(bytes, parts);
    if (bytes.starts_with("\x89PNG\r\n"sv)) {
        readPng(file);
    } else if (bytes.starts_with("\xFF\xD8\xFF"sv)) {
        readJpeg(file);
    } else if (bytes.starts_with("GIF8"sv)) {
        readGif(file);
    } else if (bytes.starts_with("RIFF"sv)) {
        readWebp(file);
    } else {
        parts.beside = bytes;
    }
    return parts;
}

} // namespace sealpost::scan
