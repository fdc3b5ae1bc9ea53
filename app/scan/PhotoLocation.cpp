// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/PhotoLocation.h"

#include <cstdint>
#include <optional>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::uint16_t kGpsDirectory = 0x8825;
constexpr std::uint16_t kLatitude = 2;
constexpr std::uint16_t kRational = 5;
constexpr std::size_t kEntry = 12;
constexpr std::size_t kSearched = std::size_t{512} * 1024; //!< Exif data stands near the start

//! The TIFF structure (TIFF 6.0 §2) that holds Exif data.
class Tiff {
public:
    explicit Tiff(std::string_view bytes)
        : m_bytes(bytes), m_bigEndian(bytes.starts_with("MM"sv)) {}

    [[nodiscard]] bool hasCoordinates() const {
        const auto first = number(4, 4);
        const auto gps = first ? value(*first, kGpsDirectory) : std::nullopt;
        const auto at = gps ? entry(*gps, kLatitude) : std::nullopt;
        if (!at || number(*at + 2, 2) != kRational) {
            return false;
        }
        // Cameras without a fix write zeros.
        const auto degrees = number(*at + 8, 4);
        const auto numerator = degrees ? number(*degrees, 4) : std::nullopt;
        const auto minutes = degrees ? number(*degrees + 8, 4) : std::nullopt;
        return numerator.value_or(0) != 0 || minutes.value_or(0) != 0;
    }

private:
    [[nodiscard]] std::optional<std::uint32_t> number(std::size_t at, std::size_t size) const {
        if (at > m_bytes.size() || m_bytes.size() - at < size) {
            return std::nullopt;
        }
        std::uint32_t result = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const auto place = m_bigEndian ? i : size - 1 - i;
            result = result << 8U | static_cast<unsigned char>(m_bytes[at + place]);
        }
        return result;
    }
    //! Where an entry of a directory starts.
    [[nodiscard]] std::optional<std::size_t> entry(std::size_t directory, std::uint16_t tag) const {
        const auto count = number(directory, 2);
        for (std::size_t i = 0; count && i < *count; ++i) {
            const auto at = directory + 2 + i * kEntry;
            const auto found = number(at, 2);
            if (!found || *found == tag) {
                return found ? std::optional(at) : std::nullopt;
            }
        }
        return std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint32_t> value(std::size_t directory,
                                                     std::uint16_t tag) const {
        const auto at = entry(directory, tag);
        return at ? number(*at + 8, 4) : std::nullopt;
    }

    std::string_view m_bytes;
    bool m_bigEndian;
};

} // namespace

bool hasCoordinates(std::string_view image) {
    if (image.starts_with("II*\0"sv) || image.starts_with("MM\0*"sv)) {
        return Tiff(image).hasCoordinates();
    }
    const auto head = image.substr(0, kSearched);
    if (head.find("exif:GPSLatitude"sv) != std::string_view::npos) { // XMP
        return true;
    }
    for (const auto mark : {"Exif\0\0"sv, "eXIf"sv, "EXIF"sv}) {
        const auto at = head.find(mark);
        if (at == std::string_view::npos) {
            continue;
        }
        // PNG's chunk starts with the structure itself, WebP's behind its length.
        for (const auto skip : {mark.size(), mark.size() + 4, mark.size() + 10}) {
            const auto tiff = image.substr(std::min(at + skip, image.size()));
            if ((tiff.starts_with("II*\0"sv) || tiff.starts_with("MM\0*"sv)) &&
                Tiff(tiff).hasCoordinates()) {
                return true;
            }
        }
    }
    return false;
}

} // namespace sealpost::scan
