// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyParser.h"

#include "policy/PolicySchema.h"

#include <algorithm>

namespace sealpost::policy {

namespace {

constexpr std::string_view kLock = "lock";

class Parser {
public:
    explicit Parser(PolicyLayer &layer) : m_layer(layer) {}

    // Tables nest no deeper than the schema does.
    // NOLINTNEXTLINE(misc-no-recursion)
    void readTable(const TomlValue &table, const std::string &prefix) {
        for (const auto &member : table.members) {
            const auto name = prefix + member.key;
            if (const auto *spec = findKey(name)) {
                m_layer.set[name] = member.position;
                spec->read(member.value, m_layer.values, Reading{name, m_layer.problems});
            } else if (name == kLock) {
                readLock(member.value);
            } else if (!isTable(name)) {
                report(member.position, name, "policy.unknown-key", nearest(name, allNames()));
            } else if (member.value.kind != TomlValue::Kind::Table) {
                report(member.value.position, name, "policy.wrong-type", {},
                       "a table, [" + name + "]");
            } else {
                readTable(member.value, name + ".");
            }
        }
    }

private:
    void readLock(const TomlValue &value) {
        const Reading reading{std::string(kLock), m_layer.problems};
        if (value.kind != TomlValue::Kind::Array) {
            reading.problem(value.position, "policy.wrong-type", "a list of keys");
            return;
        }
        for (const auto &item : value.items) {
            const auto name = readText(item, reading);
            if (!name) {
                continue;
            }
            if (findKey(*name) == nullptr && !isTable(*name)) {
                report(item.position, *name, "policy.unknown-key", nearest(*name, allNames()));
                continue;
            }
            for (const auto &spec : schema()) {
                if (spec.key == *name || spec.key.starts_with(*name + ".")) {
                    m_layer.locked.insert(spec.key);
                }
            }
        }
    }

    void report(const SourcePosition &position, const std::string &key, std::string_view code,
                std::string meant, std::string allowed = {}) {
        m_layer.problems.push_back(
            {position, key, std::string(code), std::move(meant), std::move(allowed)});
    }

    PolicyLayer &m_layer;
};

} // namespace

void sortProblems(PolicyLayer &layer) {
    std::stable_sort(layer.problems.begin(), layer.problems.end(),
                     [](const PolicyProblem &a, const PolicyProblem &b) {
                         return std::pair(a.position.line, a.position.column) <
                                std::pair(b.position.line, b.position.column);
                     });
}

PolicyLayer parseTable(const TomlValue &document, std::string_view source) {
    PolicyLayer layer;
    layer.source = source;
    Parser(layer).readTable(document, {});
    sortProblems(layer);
    return layer;
}

PolicyLayer parsePolicy(std::string_view toml, std::string_view source) {
    const auto document = parseToml(toml, source);
    if (!document) {
        PolicyLayer layer;
        layer.source = source;
        layer.problems.push_back(document.error());
        return layer;
    }
    return parseTable(*document, source);
}

} // namespace sealpost::policy
