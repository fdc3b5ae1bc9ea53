// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/SchemaJson.h"

#include "base/Text.h"
#include "policy/PolicySchema.h"

#include <QJsonArray>
#include <limits>

namespace sealpost::policy {

namespace {

QString toQString(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

QJsonObject typed(const char *type) {
    return {{QStringLiteral("type"), QLatin1String(type)}};
}

QJsonArray arrayOf(const std::vector<std::string> &words) {
    QJsonArray array;
    for (const auto &word : words) {
        array.append(toQString(word));
    }
    return array;
}

QJsonObject oneOf(const std::vector<std::string> &words) {
    return {{QStringLiteral("enum"), arrayOf(words)}};
}

QJsonObject patterned(const char *pattern) {
    auto text = typed("string");
    text.insert(QStringLiteral("pattern"), QLatin1String(pattern));
    return text;
}

QJsonObject listOf(const QJsonObject &items) {
    auto list = typed("array");
    list.insert(QStringLiteral("items"), items);
    return list;
}

QJsonObject closedTable(const QJsonObject &properties, const QJsonArray &required = {}) {
    auto table = typed("object");
    table.insert(QStringLiteral("properties"), properties);
    table.insert(QStringLiteral("additionalProperties"), false);
    if (!required.isEmpty()) {
        table.insert(QStringLiteral("required"), required);
    }
    return table;
}

QJsonObject jsonOf(const KeyShape &shape);

QJsonObject tableOf(const std::vector<FieldShape> &fields) {
    QJsonObject properties;
    QJsonArray required;
    for (const auto &field : fields) {
        properties.insert(toQString(field.name), jsonOf({field.kind, {}, field.words, {}}));
        if (field.presence == Presence::Required) {
            required.append(toQString(field.name));
        }
    }
    return closedTable(properties, required);
}

QJsonObject integer(IntegerRange range) {
    auto number = typed("integer");
    number.insert(QStringLiteral("minimum"), static_cast<qint64>(range.least));
    number.insert(QStringLiteral("maximum"), static_cast<qint64>(range.most));
    return number;
}

QJsonObject textOf(ValueKind kind, const KeyShape &shape) {
    switch (kind) {
    case ValueKind::Url:
        return patterned("^(https://[^/].*)?$");
    case ValueKind::HeaderField:
        return patterned("^([Xx]-[A-Za-z0-9-]+:.*)?$");
    case ValueKind::ObjectIdentifier:
        return patterned("^([0-2](\\.[0-9]+)+)?$");
    case ValueKind::Guid:
        return patterned("^([0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})?$");
    case ValueKind::Text:
    case ValueKind::Paragraph:
        return patterned("\\S");
    case ValueKind::Domain:
        return patterned("^[A-Za-z0-9.-]+$");
    case ValueKind::OptionalDomain:
        return patterned("^[A-Za-z0-9.-]*$");
    case ValueKind::Word:
        return oneOf(shape.words);
    case ValueKind::OptionalText:
    // A date or time as a JSON reader of TOML writes it.
    case ValueKind::Moment:
    case ValueKind::Boolean:
    case ValueKind::Integer:
    case ValueKind::Words:
    case ValueKind::Texts:
    case ValueKind::Domains:
    case ValueKind::Fingerprints:
    case ValueKind::Networks:
    case ValueKind::Directories:
    case ValueKind::Places:
    case ValueKind::Tables:
        break;
    }
    return typed("string");
}

// Fields of tables are no tables themselves.
// NOLINTNEXTLINE(misc-no-recursion)
QJsonObject jsonOf(const KeyShape &shape) {
    switch (shape.kind) {
    case ValueKind::Boolean:
        return typed("boolean");
    case ValueKind::Integer:
        return integer(shape.range);
    case ValueKind::Words:
        return listOf(oneOf(shape.words));
    case ValueKind::Texts:
        return listOf(textOf(ValueKind::Text, shape));
    case ValueKind::Domains:
        return listOf(textOf(ValueKind::Domain, shape));
    case ValueKind::Fingerprints:
        return listOf(patterned("^([0-9A-Fa-f]:?){64}$"));
    case ValueKind::Networks:
        return listOf(patterned("^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$"));
    case ValueKind::Directories:
        return listOf(patterned("^ldaps?://[!-~]+$"));
    case ValueKind::Places:
        return listOf(patterned("^(/|[A-Za-z]:[/\\\\]|https://[!-~]+$)"));
    case ValueKind::Tables:
        return listOf(tableOf(shape.fields));
    case ValueKind::Word:
    case ValueKind::Text:
    case ValueKind::OptionalText:
    case ValueKind::OptionalDomain:
    case ValueKind::Paragraph:
    case ValueKind::Guid:
    case ValueKind::Domain:
    case ValueKind::Url:
    case ValueKind::HeaderField:
    case ValueKind::ObjectIdentifier:
    case ValueKind::Moment:
        return textOf(shape.kind, shape);
    }
    return {};
}

//! The table's keys and the tables in it; `prefix` ends with a dot or is empty.
// Tables nest no deeper than the schema's keys.
// NOLINTNEXTLINE(misc-no-recursion)
QJsonObject propertiesUnder(const std::string &prefix) {
    QJsonObject properties;
    for (const auto &spec : schema()) {
        if (!spec.key.starts_with(prefix)) {
            continue;
        }
        const auto rest = spec.key.substr(prefix.size());
        const auto dot = rest.find('.');
        const auto name = toQString(rest.substr(0, dot));
        if (dot == std::string::npos) {
            properties.insert(name, jsonOf(spec.shape));
        } else if (!properties.contains(name)) {
            properties.insert(name,
                              closedTable(propertiesUnder(prefix + rest.substr(0, dot) + ".")));
        }
    }
    return properties;
}

} // namespace

QJsonObject schemaJson() {
    auto properties = propertiesUnder({});
    properties.insert(QStringLiteral("lock"), listOf(oneOf(allNames())));
    properties.insert(QStringLiteral("bundle"),
                      closedTable({{QStringLiteral("version"),
                                    integer({1, std::numeric_limits<std::int64_t>::max()})},
                                   {QStringLiteral("expires"), typed("string")}},
                                  {QStringLiteral("version"), QStringLiteral("expires")}));
    auto root = closedTable(properties);
    root.insert(QStringLiteral("$schema"),
                QStringLiteral("https://json-schema.org/draft/2020-12/schema"));
    root.insert(QStringLiteral("$id"), QStringLiteral("urn:sealpost:schema:policy"));
    root.insert(QStringLiteral("title"), QStringLiteral("A policy document, or the document of an "
                                                        "organisation's bundle"));
    return root;
}

} // namespace sealpost::policy
