// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/TomlDocument.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_UNRELEASED_FEATURES 0
#include <toml++/toml.h>

namespace sealpost::policy {

namespace {

SourcePosition positionOf(const toml::source_region &region, std::string_view source) {
    return {std::string(source), region.begin.line, region.begin.column};
}

std::chrono::sys_days daysOf(const toml::date &date) {
    return std::chrono::sys_days(std::chrono::year(date.year) / std::chrono::month(date.month) /
                                 std::chrono::day(date.day));
}

Time endOf(const toml::date &date) {
    return daysOf(date) + std::chrono::days(1) - std::chrono::seconds(1);
}

Time momentOf(const toml::date_time &moment) {
    return daysOf(moment.date) + std::chrono::hours(moment.time.hour) +
           std::chrono::minutes(moment.time.minute) + std::chrono::seconds(moment.time.second) -
           std::chrono::minutes(moment.offset ? moment.offset->minutes : 0);
}

// Its depth is bounded by the parser's own limit on nesting.
// NOLINTNEXTLINE(misc-no-recursion)
TomlValue convert(const toml::node &node, std::string_view source) {
    using Kind = TomlValue::Kind;
    TomlValue value;
    value.position = positionOf(node.source(), source);
    if (const auto *table = node.as_table()) {
        value.kind = Kind::Table;
        for (const auto &[key, member] : *table) {
            value.members.push_back({std::string(key.str()), positionOf(key.source(), source),
                                     convert(member, source)});
        }
    } else if (const auto *array = node.as_array()) {
        value.kind = Kind::Array;
        for (const auto &item : *array) {
            value.items.push_back(convert(item, source));
        }
    } else if (const auto *text = node.as_string()) {
        value.kind = Kind::String;
        value.text = text->get();
    } else if (const auto *integer = node.as_integer()) {
        value.kind = Kind::Integer;
        value.integer = integer->get();
    } else if (const auto *boolean = node.as_boolean()) {
        value.kind = Kind::Boolean;
        value.boolean = boolean->get();
    } else if (const auto *date = node.as_date()) {
        value.kind = Kind::Moment;
        value.moment = endOf(date->get());
    } else if (const auto *moment = node.as_date_time(); moment && moment->get().offset) {
        value.kind = Kind::Moment;
        value.moment = momentOf(moment->get());
    }
    return value;
}

} // namespace

tl::expected<TomlValue, PolicyProblem> parseToml(std::string_view toml, std::string_view source) {
    const auto parsed = toml::parse(toml);
    if (!parsed) {
        PolicyProblem problem;
        problem.position = positionOf(parsed.error().source(), source);
        problem.key = std::string(parsed.error().description());
        problem.code = "policy.syntax";
        return tl::unexpected(std::move(problem));
    }
    return convert(parsed.table(), source);
}

std::string tomlText(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += "\\u00";
            out += kDigits[byte >> 4U];
            out += kDigits[byte & 15U];
        } else {
            out += c;
        }
    }
    out += '"';
    return out;
}

} // namespace sealpost::policy
