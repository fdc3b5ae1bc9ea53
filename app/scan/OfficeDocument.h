// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: what people see of Office Open XML and OpenDocument, as text.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sealpost::scan {

//! Takes the parts of one document and gives their texts: runs joined, a paragraph or a table's row
//! a line, cells parted by tabs; hidden sheets and text, comments, notes and properties included.
class OfficeDocument {
public:
    //! Receives a part's path (and a sheet's name, where it has one) and its text.
    using Take = std::function<void(const std::string &part, const std::string &text)>;

    //! Whether the part has its text in XML that this class reads; others are ordinary files.
    [[nodiscard]] static bool reads(std::string_view path);
    void add(const std::string &path, std::string content) { m_parts[path] = std::move(content); }
    //! Whether the document says of itself that its parts are encrypted (OpenDocument 1.2).
    [[nodiscard]] bool isEncrypted() const;
    //! Each part's text; for a part without one (a list of connections) its XML.
    void texts(const Take &take) const;

private:
    std::map<std::string, std::string> m_parts;
};

} // namespace sealpost::scan
