// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"

#include "scan/validators/Validators.h"

#include <QFile>
#include <algorithm>
#include <array>
#include <set>

//! Outside every namespace, as Qt asks; a static library's resources are not registered by itself.
static void registerResources() {
    Q_INIT_RESOURCE(scan_rules);
}

namespace sealpost::scan {

namespace {

//! In this order: of two rules that fit a span equally well the first one stays.
constexpr std::array kFiles = {
    "keys.toml",      "cloud.toml",     "sources.toml",          "infrastructure.toml",
    "developer.toml", "messaging.toml", "services.toml",         "government.toml",
    "passwords.toml", "calls.toml",     "stored-passwords.toml", "sessions.toml",
    "commands.toml",  "prose.toml",     "personal-data.toml",    "markings.toml"};

} // namespace

Result<RuleSet> RuleSet::builtIn() {
    registerResources();
    std::vector<Rule> all;
    for (const auto *name : kFiles) {
        QFile file(QStringLiteral(":/rules/") + QString::fromLatin1(name));
        if (!file.open(QIODevice::ReadOnly)) {
            return fail("scan.rules", "scan.rules", Reaction::Bug, "resource missing", name);
        }
        const auto bytes = file.readAll();
        auto rules = parseRules({bytes.constData(), static_cast<std::size_t>(bytes.size())}, name);
        if (!rules) {
            rules.error().reaction = Reaction::Bug;
            return tl::unexpected(rules.error());
        }
        std::move(rules->begin(), rules->end(), std::back_inserter(all));
    }
    return from(std::move(all));
}

Result<RuleSet> RuleSet::builtInAnd(std::vector<Rule> own) {
    auto set = builtIn();
    if (!set || own.empty()) {
        return set;
    }
    std::set<std::string> taken;
    for (const auto &rule : set->m_rules) {
        taken.insert(rule.id);
    }
    auto all = std::move(set->m_rules);
    for (auto &rule : own) {
        rule.id = taken.contains(rule.id) ? "own-" + rule.id : rule.id;
        all.push_back(std::move(rule));
    }
    return from(std::move(all));
}

Result<RuleSet> RuleSet::from(std::vector<Rule> rules) {
    std::set<std::string> ids;
    for (const auto &rule : rules) {
        if (!ids.insert(rule.id).second) {
            return fail("scan.rules", "scan.rules", Reaction::AskAdmin, "id twice: " + rule.id);
        }
        for (const auto &validator : rule.validators) {
            if (findValidator(validator) == nullptr) {
                return fail("scan.rules", "scan.rules", Reaction::AskAdmin,
                            rule.id + ": unknown validator " + validator);
            }
        }
    }
    RuleSet set;
    set.m_rules = std::move(rules);
    return set;
}

std::vector<Anchor> RuleSet::anchors() const {
    std::vector<Anchor> anchors;
    for (const auto &rule : m_rules) {
        anchors.push_back({rule.anchor, rule.where});
    }
    return anchors;
}

} // namespace sealpost::scan
