// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/ContainerImage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <charconv>
#include <optional>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLargestManifest = std::size_t{4} * 1024 * 1024;

//! "sha256:ab…" → "blobs/sha256/ab…"
std::string blobPath(const QString &digest) {
    auto path = digest.toStdString();
    const auto colon = path.find(':');
    if (colon != std::string::npos) {
        path[colon] = '/';
    }
    return "blobs/" + path;
}

constexpr std::size_t kTarBlock = 512;

//! The size in a tar's header: octal digits, among spaces and zeros (POSIX.1-2017, ustar).
std::optional<std::size_t> sizeIn(std::string_view header) {
    auto field = header.substr(124, 12);
    field.remove_prefix(std::min(field.find_first_not_of(' '), field.size()));
    field = field.substr(0, field.find_first_of(" \0"sv));
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), size, 8);
    const bool read = field.empty() || (error == std::errc() && end == field.data() + field.size());
    return read ? std::optional(size) : std::nullopt;
}

} // namespace

bool mayBeContainerImage(std::string_view tar) {
    while (tar.size() >= kTarBlock) {
        const auto header = tar.substr(0, kTarBlock);
        const auto name = header.substr(0, std::min<std::size_t>(header.find('\0'), 100));
        if (name == "manifest.json" || name == "oci-layout") {
            return true;
        }
        const auto size = sizeIn(header);
        if (!size || *size > tar.size()) {
            return true;
        }
        const auto blocks = 1 + (*size + kTarBlock - 1) / kTarBlock;
        tar.remove_prefix(std::min(blocks * kTarBlock, tar.size()));
    }
    return false;
}

void ContainerImage::offer(const std::string &path, std::string_view content) {
    const bool mayBe = path == "manifest.json" || path.starts_with("blobs/");
    if (!mayBe || content.size() > kLargestManifest ||
        (!content.starts_with('{') && !content.starts_with('['))) {
        return;
    }
    const auto document =
        QJsonDocument::fromJson(QByteArray(content.data(), static_cast<qsizetype>(content.size())));
    const auto name = [&](const std::string &layer, int number) {
        m_layers.try_emplace(layer, "layer " + std::to_string(number));
    };
    for (const auto &image : document.array()) { // docker save
        int number = 0;
        for (const auto &layer : image.toObject()[QStringLiteral("Layers")].toArray()) {
            name(layer.toString().toStdString(), ++number);
        }
    }
    int number = 0; // an OCI image manifest
    for (const auto &layer : document.object()[QStringLiteral("layers")].toArray()) {
        name(blobPath(layer.toObject()[QStringLiteral("digest")].toString()), ++number);
    }
}

std::string ContainerImage::layerName(const std::string &path) const {
    const auto found = m_layers.find(path);
    return found == m_layers.end() ? std::string() : found->second;
}

std::string whiteoutTarget(std::string_view path) {
    constexpr auto kPrefix = ".wh."sv;
    constexpr auto kOpaque = ".wh..wh..opq"sv;
    const auto slash = path.find_last_of('/');
    const auto start = slash == std::string_view::npos ? 0 : slash + 1;
    const auto name = path.substr(start);
    const auto folder = std::string(path.substr(0, start));
    if (name == kOpaque) {
        return folder.empty() ? "./" : folder;
    }
    return name.starts_with(kPrefix) && name.size() > kPrefix.size()
               ? folder + std::string(name.substr(kPrefix.size()))
               : std::string();
}

} // namespace sealpost::scan
