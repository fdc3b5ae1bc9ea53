// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/ValueReaders.h"

#include <string>
#include <vector>

namespace sealpost::policy {

enum class ValueKind {
    Boolean,
    Integer,
    Word,
    Words,
    Text,
    Texts,
    Domain,
    OptionalDomain, //!< a domain, or empty
    Domains,
    Url,              //!< https://…, or empty
    HeaderField,      //!< "X-Name: value", or empty
    ObjectIdentifier, //!< 1.2.826.…, or empty
    OptionalText,     //!< a text, or empty
    Paragraph,        //!< plain text of several lines
    Guid,             //!< or empty
    Fingerprints,     //!< SHA-256, hexadecimal, with or without colons
    Networks,         //!< "10.53.0.0/24" or an address
    Directories,      //!< of people: "ldaps://host/base"
    Places,           //!< absolute paths, or "https://…"
    Moment,
    Tables,
};

enum class Presence { Required, Optional };

//! One field of an entry of an array of tables.
struct FieldShape {
    std::string name;
    ValueKind kind = ValueKind::Text;
    std::vector<std::string> words; //!< Word: what may stand there
    Presence presence = Presence::Required;
};

//! What a key's value looks like: the JSON Schema and the reading of typed sources (the Windows
//! registry) come from it.
struct KeyShape {
    ValueKind kind = ValueKind::Text;
    IntegerRange range{0, 0};       //!< Integer
    std::vector<std::string> words; //!< Word, Words
    std::vector<FieldShape> fields; //!< Tables
};

} // namespace sealpost::policy
