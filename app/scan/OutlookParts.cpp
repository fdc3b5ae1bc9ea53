// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/OutlookParts.h"

#include <QString>
#include <QStringDecoder>
#include <algorithm>
#include <array>
#include <utility>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLongestName = 4096;
constexpr auto kProperty = "__substg1.0_"sv;
constexpr auto kAttachment = "__attach_version1.0_#"sv;
constexpr auto kRecipient = "__recip_version1.0_#"sv;

struct Tag {
    std::string_view id;   //!< four hexadecimal digits
    std::string_view type; //!< four more
};

std::string_view folderOf(std::string_view path) {
    return path.substr(0, path.find_last_of('/') + 1);
}

Tag tagOf(std::string_view path) {
    const auto name = path.substr(folderOf(path).size());
    return name.starts_with(kProperty)
               ? Tag{name.substr(kProperty.size(), 4), name.substr(kProperty.size()).size() >= 8
                                                           ? name.substr(kProperty.size() + 4, 4)
                                                           : std::string_view()}
               : Tag{};
}

//! Those that people know (MS-OXPROPS).
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTitles = {{
    {"0037", "subject"},
    {"007D", "header"},
    {"0C1A", "sender"},
    {"0C1F", "sender"},
    {"0E04", "to"},
    {"1000", "body"},
    {"1009", "body.rtf"},
    {"1013", "body.html"},
    {"3701", "content"},
}};

bool isText(std::string_view type) {
    return type == "001F" || type == "101F" || type == "001E" || type == "101E";
}

} // namespace

std::string fromUtf16(std::string_view littleEndian) {
    QStringDecoder decoder(QStringDecoder::Utf16LE);
    const QString text = decoder(QByteArray::fromRawData(
        littleEndian.data(), static_cast<qsizetype>(littleEndian.size() & ~std::size_t{1})));
    return text.toStdString();
}

OutlookParts::OutlookParts(const CompoundFile &file) {
    for (const auto &stream : file.streams()) {
        const auto tag = tagOf(stream.path);
        const auto folder = std::string(folderOf(stream.path));
        const bool longName = tag.id == "3707";
        const bool sized = stream.size <= kLongestName;
        if ((longName || tag.id == "3704") && isText(tag.type) && sized) {
            auto name = tag.type == "001F" ? fromUtf16(file.read(stream)) : file.read(stream);
            std::replace(name.begin(), name.end(), '/', '_');
            if (longName || !m_names.contains(folder)) {
                m_names[folder] = std::move(name);
            }
        }
    }
}

OutlookPart OutlookParts::kindOf(const CompoundFile::Stream &stream) const {
    const auto tag = tagOf(stream.path);
    if (tag.type == "001F" || tag.type == "101F") {
        return OutlookPart::WideText;
    }
    if (tag.type == "001E" || tag.type == "101E") {
        return OutlookPart::Text;
    }
    if (tag.type == "0102" && (tag.id == "3701" || tag.id == "1013")) {
        return OutlookPart::File;
    }
    if (tag.type == "0102") {
        return tag.id == "1009" ? OutlookPart::RichBody : OutlookPart::Bytes;
    }
    // An attached object is a storage with streams of its program's names.
    const bool isOfProgram = !stream.path.substr(folderOf(stream.path).size()).starts_with("__");
    return tag.type == "1102" || isOfProgram ? OutlookPart::Bytes : OutlookPart::Other;
}

std::string OutlookParts::nameOf(const CompoundFile::Stream &stream) const {
    std::string shown;
    const std::string_view path = stream.path;
    for (std::size_t from = 0; from < path.size();) {
        const auto to = std::min(path.find('/', from), path.size());
        const auto piece = path.substr(from, to - from);
        const auto known = m_names.find(path.substr(0, std::min(to + 1, path.size())));
        const auto tag = tagOf(piece);
        const auto *const title = std::find_if(
            kTitles.begin(), kTitles.end(), [&](const auto &one) { return one.first == tag.id; });
        std::string name(piece);
        if (known != m_names.end() && !known->second.empty()) {
            name = known->second;
        } else if (piece.starts_with(kAttachment)) {
            name = "attachment " + std::string(piece.substr(kAttachment.size()));
        } else if (piece.starts_with(kRecipient)) {
            name = "recipient " + std::string(piece.substr(kRecipient.size()));
        } else if (tag.type == "000D") {
            name = "message";
        } else if (title != kTitles.end()) {
            name = title->second;
        }
        const bool attached = to == path.size() && tag.id == "3701" && tag.type == "0102";
        if (!attached || shown.empty()) { // the attachment's name is its storage's
            shown += (shown.empty() ? "" : "/") + name;
        }
        from = to + 1;
    }
    return shown;
}

} // namespace sealpost::scan
