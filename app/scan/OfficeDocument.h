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
    enum class Shown { Yes, No };
    //! Receives a part's path (and a sheet's name, where it has one) and its text; then what it
    //! doesn't show: descriptions, names, values that stand in attributes (scan/AttributeText.h).
    using Take = std::function<void(const std::string &part, const std::string &text, Shown shown)>;

    //! Whether the part has its text in XML that this class reads; others are ordinary files.
    [[nodiscard]] static bool reads(std::string_view path);
    //! An archive can have two parts of one path: programs differ in which they show.
    void add(std::string path, std::string content);
    //! Whether the document says of itself that its parts are encrypted (OpenDocument 1.2).
    [[nodiscard]] bool isEncrypted() const;
    //! Whether bytes are a document, or a drawing (SVG), that is one file of XML and no archive.
    [[nodiscard]] static bool isInOneFile(std::string_view bytes);
    //! What the XML of any part shows, as far as it is known how.
    [[nodiscard]] static std::string flowText(std::string_view xml);
    //! Each part's text; for a part without one (a list of connections) its XML.
    void texts(const Take &take) const;

private:
    std::map<std::string, std::string> m_parts;
};

} // namespace sealpost::scan
