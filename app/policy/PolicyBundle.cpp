// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicyBundle.h"

#include "policy/TomlDocument.h"
#include "policy/ValueReaders.h"

#include <algorithm>
#include <limits>

namespace sealpost::policy {

namespace {

constexpr std::string_view kTable = "bundle";

std::optional<BundleHeader> readHeader(const TomlValue &table,
                                       std::vector<PolicyProblem> &problems) {
    static const std::vector<std::string> kFields = {"version", "expires"};
    const auto fields = readFields(table, kFields, Reading{std::string(kTable), problems});
    if (!fields) {
        return std::nullopt;
    }
    const auto version = readInteger(*(*fields)[0], {1, std::numeric_limits<std::int64_t>::max()},
                                     Reading{"bundle.version", problems});
    const auto expires = readMoment(*(*fields)[1], Reading{"bundle.expires", problems});
    if (!version || !expires) {
        return std::nullopt;
    }
    return BundleHeader{static_cast<std::uint64_t>(*version), *expires};
}

//! The table [bundle], taken out of the document.
std::optional<TomlValue> takeHeader(TomlValue &document) {
    auto &members = document.members;
    const auto found = std::find_if(members.begin(), members.end(),
                                    [](const auto &member) { return member.key == kTable; });
    if (found == members.end()) {
        return std::nullopt;
    }
    auto table = std::move(found->value);
    members.erase(found);
    return table;
}

} // namespace

BundleDocument parseBundle(std::string_view toml, std::string_view source) {
    BundleDocument bundle;
    bundle.layer.source = source;
    auto document = parseToml(toml, source);
    if (!document) {
        bundle.layer.problems.push_back(document.error());
        return bundle;
    }
    const auto table = takeHeader(*document);
    bundle.layer = parseTable(*document, source);
    if (!table) {
        bundle.layer.problems.push_back({{std::string(source), 1, 1},
                                         std::string(kTable),
                                         "policy.missing-field",
                                         {},
                                         "a table [bundle] with version and expires"});
        return bundle;
    }
    bundle.header = readHeader(*table, bundle.layer.problems);
    sortProblems(bundle.layer);
    return bundle;
}

PolicyLayer parsePolicyOrBundle(std::string_view toml, std::string_view source) {
    auto document = parseToml(toml, source);
    if (document && takeHeader(*document)) {
        return parseBundle(toml, source).layer;
    }
    return parsePolicy(toml, source);
}

} // namespace sealpost::policy
