// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: the tags and texts of XML, damaged XML included.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

struct XmlAttribute {
    std::string_view name;
    std::string value;
};

//! Walks over XML without building a tree and without entities but the five of XML and numbers, so
//! nothing can grow. What is not well-formed is passed over: a scanner wants the text all the same.
class XmlTokens {
public:
    enum class Kind { Start, Empty, End, Text };

    explicit XmlTokens(std::string_view xml) : m_rest(xml) {}

    //! False at the end.
    bool next();
    [[nodiscard]] Kind kind() const { return m_kind; }
    //! Of a tag, with its prefix: "w:p".
    [[nodiscard]] std::string_view name() const { return m_name; }
    //! Of a tag, without its prefix: "p".
    [[nodiscard]] std::string_view localName() const;
    //! The value of an attribute with this full name; empty where there is none.
    [[nodiscard]] std::string attribute(std::string_view name) const;
    //! All attributes of a tag, names as they stand and values as in attribute().
    [[nodiscard]] std::vector<XmlAttribute> attributes() const;
    //! How many bytes of the tag are attributes.
    [[nodiscard]] std::size_t attributesSize() const { return m_attributes.size(); }
    //! A text, entities undone.
    [[nodiscard]] std::string text() const;
    //! Whether a text is nothing but the indentation of the file.
    [[nodiscard]] bool isIndentation() const;

private:
    bool readMarkup();
    void takeText(std::string_view text, bool literal);

    std::string_view m_rest;
    Kind m_kind = Kind::Text;
    std::string_view m_name;
    std::string_view m_attributes;
    std::string_view m_text;
    bool m_literal = false; //!< CDATA: no entities
};

} // namespace sealpost::scan
