// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/ContainerImage.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

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

} // namespace

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
