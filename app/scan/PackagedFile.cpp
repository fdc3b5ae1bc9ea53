// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/PackagedFile.h"

#include "scan/TextDecoder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

//! Takes from the front; what is not there is not given.
class Fields {
public:
    explicit Fields(std::string_view bytes) : m_left(bytes) {}

    std::optional<std::uint32_t> number(std::size_t size) {
        const auto bytes = take(size);
        if (!bytes) {
            return std::nullopt;
        }
        std::uint32_t value = 0;
        for (std::size_t i = size; i-- > 0;) {
            value = value << 8U | static_cast<unsigned char>((*bytes)[i]);
        }
        return value;
    }
    std::optional<std::string_view> take(std::size_t size) {
        if (m_left.size() < size) {
            return std::nullopt;
        }
        const auto taken = m_left.substr(0, size);
        m_left.remove_prefix(size);
        return taken;
    }
    std::optional<std::string_view> upToZero() {
        const auto end = m_left.find('\0');
        if (end == std::string_view::npos) {
            return std::nullopt;
        }
        const auto taken = take(end);
        m_left.remove_prefix(1);
        return taken;
    }
    //! Behind its own size.
    std::optional<std::string_view> sized() {
        const auto size = number(4);
        return size ? take(*size) : std::nullopt;
    }

private:
    std::string_view m_left;
};

std::string shownName(std::string_view name) {
    name = name.substr(name.find_last_of("\\/") + 1);
    std::string shown;
    for (const char c : name) {
        appendUtf8(fromWindows1252(static_cast<unsigned char>(c)), shown);
    }
    return shown;
}

//! How the "packager" of Windows writes a file: a label, two paths, the bytes.
std::optional<PackagedFile> packaged(std::string_view native) {
    Fields fields(native);
    if (fields.number(2) != 2U) {
        return std::nullopt;
    }
    const auto label = fields.upToZero();
    const auto path = fields.upToZero();
    const auto kind = fields.number(4); // 0x30000: embedded, not linked
    const auto temporary = fields.sized();
    const auto bytes = fields.sized();
    if (!label || !path || kind != 0x30000U || !temporary || !bytes) {
        return std::nullopt;
    }
    return PackagedFile{shownName(label->empty() ? *path : *label), *bytes};
}

} // namespace

std::optional<PackagedFile> packagedIn(std::string_view nativeStream) {
    const auto native = Fields(nativeStream).sized();
    if (!native) {
        return std::nullopt;
    }
    const auto file = packaged(*native);
    return file ? file : PackagedFile{{}, *native};
}

std::optional<std::string> embeddedIn(std::string_view objectData) {
    constexpr std::uint32_t kEmbedded = 2;
    Fields fields(objectData);
    const bool known = fields.number(4) && fields.number(4) == kEmbedded;
    // The program's name, and two more for links.
    if (!known || !fields.sized() || !fields.sized() || !fields.sized()) {
        return std::nullopt;
    }
    const auto native = fields.sized();
    if (!native) {
        return std::nullopt;
    }
    const auto file = packaged(*native);
    return std::string(file ? file->bytes : *native);
}

} // namespace sealpost::scan
