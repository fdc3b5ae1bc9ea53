// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyRegistry.h"

#include "base/Text.h"
#include "policy/PolicySchema.h"
#include "policy/TomlDocument.h"

#include <algorithm>

namespace sealpost::policy {

namespace {

//! The path of what stands in that key of the registry.
std::string pathIn(const std::string &place, const std::string &name) {
    auto path = place;
    path += '\\';
    path += name;
    return path;
}

constexpr std::string_view kLock = "lock";

using Kind = TomlValue::Kind;

TomlValue at(const std::string &place, Kind kind) {
    TomlValue value;
    value.kind = kind;
    value.position.source = place;
    return value;
}

TomlValue textAt(const std::string &place, const std::string &text) {
    auto value = at(place, Kind::String);
    value.text = text;
    return value;
}

//! "2027-03-31" as the moment that it is in TOML; anything else stays a text.
TomlValue momentAt(const std::string &place, const std::string &text) {
    const auto parsed = parseToml("v = " + text, place);
    const bool isMoment =
        parsed && parsed->members.size() == 1 && parsed->members.front().value.kind == Kind::Moment;
    auto value = isMoment ? parsed->members.front().value : textAt(place, text);
    value.position = {place, 0, 0};
    return value;
}

bool isList(ValueKind kind) {
    switch (kind) {
    case ValueKind::Words:
    case ValueKind::Texts:
    case ValueKind::Domains:
    case ValueKind::Fingerprints:
    case ValueKind::Networks:
    case ValueKind::Directories:
    case ValueKind::Places:
        return true;
    case ValueKind::Boolean:
    case ValueKind::Integer:
    case ValueKind::Word:
    case ValueKind::Text:
    case ValueKind::Domain:
    case ValueKind::Url:
    case ValueKind::HeaderField:
    case ValueKind::ObjectIdentifier:
    case ValueKind::OptionalText:
    case ValueKind::OptionalDomain:
    case ValueKind::Paragraph:
    case ValueKind::Guid:
    case ValueKind::Moment:
    case ValueKind::Tables:
        return false;
    }
    return false;
}

//! One value of the registry as `kind` of value; what does not fit comes as it is, and the key's
//! own reading refuses it.
TomlValue valueAt(const std::string &place, const RegistryValue &stored, ValueKind kind) {
    if (const auto *number = std::get_if<std::uint64_t>(&stored)) {
        const bool isSwitch = kind == ValueKind::Boolean && *number <= 1;
        auto value = at(place, isSwitch ? Kind::Boolean : Kind::Integer);
        value.boolean = *number == 1;
        value.integer = static_cast<std::int64_t>(*number);
        return value;
    }
    if (const auto *text = std::get_if<std::string>(&stored)) {
        return kind == ValueKind::Moment ? momentAt(place, *text) : textAt(place, *text);
    }
    if (const auto *texts = std::get_if<std::vector<std::string>>(&stored)) {
        auto list = at(place, Kind::Array);
        for (const auto &text : *texts) {
            list.items.push_back(textAt(place, text));
        }
        return list;
    }
    return at(place, Kind::Other);
}

//! A list as a key: its values in the order of their names, "1", "2", … "10" as numbers.
TomlValue listAt(const std::string &place, const RegistryKey &key) {
    std::vector<std::pair<std::string, const RegistryValue *>> items;
    for (const auto &[name, value] : key.values) {
        items.emplace_back(name, &value);
    }
    std::sort(items.begin(), items.end(), [](const auto &a, const auto &b) {
        return std::pair(a.first.size(), a.first) < std::pair(b.first.size(), b.first);
    });
    auto list = at(place, Kind::Array);
    for (const auto &[name, value] : items) {
        list.items.push_back(valueAt(pathIn(place, name), *value, ValueKind::Text));
    }
    return list;
}

ValueKind kindOf(const std::vector<FieldShape> &fields, const std::string &name) {
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&](const FieldShape &shape) { return shape.name == name; });
    return field == fields.end() ? ValueKind::Text : field->kind;
}

TomlValue tablesAt(const std::string &place, const RegistryKey &key, const KeyShape &shape) {
    auto list = at(place, Kind::Array);
    for (const auto &[name, entry] : key.keys) {
        const auto where = pathIn(place, name);
        auto table = at(where, Kind::Table);
        for (const auto &[written, value] : entry.values) {
            const auto field = base::asciiLower(written);
            const auto path = pathIn(where, written);
            table.members.push_back(
                {field, {path, 0, 0}, valueAt(path, value, kindOf(shape.fields, field))});
        }
        list.items.push_back(std::move(table));
    }
    return list;
}

// Its depth is bounded by the schema's.
// NOLINTNEXTLINE(misc-no-recursion)
TomlValue tableAt(const std::string &place, const RegistryKey &key, const std::string &prefix) {
    auto table = at(place, Kind::Table);
    for (const auto &[written, value] : key.values) {
        const auto name = base::asciiLower(written);
        const auto *spec = findKey(prefix + name);
        const auto path = pathIn(place, written);
        table.members.push_back(
            {name, {path, 0, 0}, valueAt(path, value, spec ? spec->shape.kind : ValueKind::Text)});
    }
    for (const auto &[written, below] : key.keys) {
        const auto name = base::asciiLower(written);
        const auto path = pathIn(place, written);
        const auto *spec = findKey(prefix + name);
        TomlValue value;
        if (spec != nullptr && spec->shape.kind == ValueKind::Tables) {
            value = tablesAt(path, below, spec->shape);
        } else if ((spec != nullptr && isList(spec->shape.kind)) ||
                   (prefix.empty() && name == kLock)) {
            value = listAt(path, below);
        } else if (isTable(prefix + name)) {
            value = tableAt(path, below, prefix + name + ".");
        } else {
            value = at(path, Kind::Table);
        }
        table.members.push_back({name, {path, 0, 0}, std::move(value)});
    }
    return table;
}

} // namespace

PolicyLayer parseRegistry(const RegistryKey &key) {
    const std::string place(kRegistryPlace);
    return parseTable(tableAt(place, key, {}), place);
}

} // namespace sealpost::policy
