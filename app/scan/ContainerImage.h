// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: which files of an archive are a container image's layers.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace sealpost::scan {

//! What `docker save` writes (manifest.json) and an OCI image layout (OCI image spec v1, index.json
//! and blobs), read from the JSON files of an archive.
class ContainerImage {
public:
    //! Whether a file of this name may belong to it: small JSON by its content.
    void offer(const std::string &path, std::string_view content);
    //! How a person calls the layer at this path, "layer 2"; empty where it is none. The first
    //! layer is the lowest.
    [[nodiscard]] std::string layerName(const std::string &path) const;

private:
    std::map<std::string, std::string> m_layers;
};

//! Whether a tar holds what names an image's layers. Its headers alone are read; where they can't
//! be, it may.
[[nodiscard]] bool mayBeContainerImage(std::string_view tar);

//! For a whiteout (OCI image spec, layer.md): the path that it hides, "etc/passwd"; "etc/" for an
//! opaque folder; else empty.
[[nodiscard]] std::string whiteoutTarget(std::string_view path);

} // namespace sealpost::scan
