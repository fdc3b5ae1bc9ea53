// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: where the list at a zip's end says that things lie, and what lies
// elsewhere.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace sealpost::scan::libarchive {

//! All views are of the zip.
struct ZipLayout {
    std::uint64_t entries = 0; //!< of the list, at places of their own
    //! What the zip says beside its files: its comment, those of its entries, and more in their
    //! extra fields than times and owners.
    std::vector<std::string_view> notes;
    //! What the list does not speak of, in its order, and is not zeros alone: an entry that was
    //! taken out of the list (it begins with its header), anything before, between and behind the
    //! entries. A program that goes by the list does not show it; one that reads from the start
    //! does.
    std::vector<std::string_view> unlisted;
};

//! By the list that libarchive goes by (APPNOTE 4.3.12, 4.3.14 to 4.3.16). Nothing where libarchive
//! finds none and reads from the start, where the list is that of another zip inside, the end of
//! this one being cut off, and where it has more than `most` entries.
[[nodiscard]] std::optional<ZipLayout> zipLayoutOf(std::string_view zip, std::uint64_t most);

} // namespace sealpost::scan::libarchive
