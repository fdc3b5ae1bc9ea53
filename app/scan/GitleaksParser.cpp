// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "scan/Pattern.h"
#include "scan/Prefilter.h"
#include "scan/RuleSet.h"
#include "scan/TomlReading.h"

#include <algorithm>
#include <optional>
#include <set>

namespace sealpost::scan {

namespace {

constexpr std::size_t kLongestMatch = 4096; //!< where the pattern itself sets no bound

//! A rule of the file, and what its place is needed for.
struct Draft {
    Rule rule;
    std::optional<int> secretGroup;
    toml::source_position at;
    toml::source_position regexAt;
};

//! What stays quiet, in one allow list.
struct AllowList {
    std::vector<std::string> regexes;
    AllowOn on = AllowOn::Secret;
    bool together = false; //!< each kind that it has must agree
    std::vector<std::string> stopwords;
    std::vector<std::string> paths;
    std::vector<std::string> rules; //!< of a global list: those it is for; none: all
};

//! Reads gitleaks' keys; keeps the first problem.
class GitleaksReader {
public:
    std::vector<Draft> read(const toml::table &file) {
        std::vector<Draft> drafts;
        std::vector<AllowList> everywhere;
        for (const auto &[key, value] : file) {
            if (key == "rules") {
                tables(value, [&](const toml::table &rule) { drafts.push_back(readRule(rule)); });
            } else if (key == "allowlist" || key == "allowlists") {
                tables(value,
                       [&](const toml::table &list) { everywhere.push_back(readAllowList(list)); });
            } else if (key == "extend") {
                tables(value, [&](const toml::table &extend) { readExtend(extend); });
            } else if (key != "title" && key != "description" && key != "minVersion") {
                refuse("not supported: " + std::string(key.str()), value);
            }
        }
        for (auto &draft : drafts) {
            for (const auto &list : everywhere) {
                const auto &rules = list.rules;
                if (rules.empty() ||
                    std::find(rules.begin(), rules.end(), draft.rule.id) != rules.end()) {
                    apply(list, draft.rule);
                }
            }
        }
        return drafts;
    }
    [[nodiscard]] const std::optional<Problem> &problem() const { return m_problem; }

private:
    void refuse(std::string what, const toml::node &node) {
        if (!m_problem) {
            m_problem = Problem{std::move(what), node.source().begin};
        }
    }

    //! A table, or each of a list of tables.
    template <class Take> void tables(const toml::node &node, Take take) {
        if (const auto *table = node.as_table()) {
            take(*table);
            return;
        }
        const auto *array = node.as_array();
        if (array == nullptr) {
            refuse("no table", node);
            return;
        }
        for (const auto &element : *array) {
            if (const auto *table = element.as_table()) {
                take(*table);
            } else {
                refuse("no table", element);
            }
        }
    }

    std::string text(const toml::node &node) {
        const auto value = node.value<std::string>();
        if (!value || !node.is_string()) {
            refuse("no text", node);
        }
        return value.value_or(std::string());
    }
    std::vector<std::string> texts(const toml::node &node) {
        std::vector<std::string> all;
        const auto *array = node.as_array();
        if (array == nullptr) {
            refuse("no list", node);
            return all;
        }
        for (const auto &element : *array) {
            all.push_back(text(element));
        }
        return all;
    }
    std::string pattern(const toml::node &node) {
        auto regex = text(node);
        const auto compiled = Pattern::compile(regex, 0);
        if (!compiled) {
            refuse(compiled.error().logSafeDetail, node);
        }
        return regex;
    }
    std::vector<std::string> patterns(const toml::node &node) {
        auto all = texts(node);
        if (const auto *array = node.as_array()) {
            for (const auto &element : *array) {
                pattern(element);
            }
        }
        return all;
    }
    static std::vector<std::string> lower(std::vector<std::string> words) {
        for (auto &word : words) {
            word = base::asciiLower(word);
        }
        return words;
    }

    //! The program's own rules are always there: a file that builds on gitleaks' has those below.
    void readExtend(const toml::table &table) {
        for (const auto &[key, value] : table) {
            if (key != "useDefault") {
                refuse("not supported: extend." + std::string(key.str()), value);
            } else if (!value.is_boolean()) {
                refuse("neither true nor false", value);
            }
        }
    }

    Draft readRule(const toml::table &table) {
        Draft draft;
        draft.at = table.source().begin;
        draft.regexAt = draft.at;
        auto &rule = draft.rule;
        for (const auto &[key, value] : table) {
            if (key == "id") {
                rule.id = text(value);
            } else if (key == "description") {
                rule.title = text(value);
            } else if (key == "regex") {
                rule.regex = text(value);
                draft.regexAt = value.source().begin;
            } else if (key == "path") {
                rule.path = pattern(value);
            } else if (key == "secretGroup") {
                draft.secretGroup = static_cast<int>(number(value, 30));
            } else if (key == "entropy") {
                rule.entropy = number(value, 8);
            } else if (key == "keywords") {
                rule.keywords = lower(texts(value));
            } else if (key == "allowlist" || key == "allowlists") {
                tables(value, [&](const toml::table &list) { apply(readAllowList(list), rule); });
            } else if (key != "tags") {
                refuse("not supported: " + std::string(key.str()), value);
            }
        }
        if (rule.id.empty() || (rule.regex.empty() && rule.path.empty())) {
            refuse("id is required, and regex or path", table);
        }
        return draft;
    }

    double number(const toml::node &node, double most) {
        const auto value = node.value<double>();
        if (!value || *value < 0 || *value > most) {
            refuse("no number from 0 to " + std::to_string(static_cast<int>(most)), node);
            return 0;
        }
        return *value;
    }

    AllowList readAllowList(const toml::table &table) {
        AllowList list;
        for (const auto &[key, value] : table) {
            if (key == "regexes") {
                list.regexes = patterns(value);
            } else if (key == "stopwords") {
                list.stopwords = lower(texts(value));
            } else if (key == "paths") {
                list.paths = patterns(value);
            } else if (key == "regexTarget") {
                list.on = target(value);
            } else if (key == "targetRules") {
                list.rules = texts(value);
            } else if (key == "condition") {
                list.together = isAnd(value);
            } else if (key != "description") {
                refuse("not supported: " + std::string(key.str()), value);
            }
        }
        if (list.regexes.empty() && list.stopwords.empty() && list.paths.empty()) {
            refuse("an allow list needs regexes, stopwords or paths", table);
        }
        return list;
    }

    AllowOn target(const toml::node &node) {
        const auto word = text(node);
        if (word == "match") {
            return AllowOn::Match;
        }
        if (word == "line") {
            return AllowOn::Line;
        }
        if (word != "secret") {
            refuse("not supported: regexTarget " + word, node);
        }
        return AllowOn::Secret;
    }

    bool isAnd(const toml::node &node) {
        const auto word = base::asciiLower(text(node));
        if (word != "and" && word != "&&" && word != "or" && word != "||") {
            refuse("not supported: condition " + word, node);
        }
        return word == "and" || word == "&&";
    }

    static void apply(const AllowList &list, Rule &rule) {
        if (list.together) {
            rule.allowTogether.push_back({list.paths, list.regexes, list.on, list.stopwords});
            return;
        }
        auto &regexes = list.on == AllowOn::Line    ? rule.allowLine
                        : list.on == AllowOn::Match ? rule.allowMatch
                                                    : rule.allow;
        const auto append = [](const std::vector<std::string> &from, std::vector<std::string> &to) {
            to.insert(to.end(), from.begin(), from.end());
        };
        append(list.regexes, regexes);
        append(list.stopwords, rule.stopwords);
        append(list.paths, rule.allowPath);
    }

    std::optional<Problem> m_problem;
};

//! The regex serves as its own anchor; so everything that it can match is found.
Result<void> complete(Draft &draft, std::string_view file) {
    auto &rule = draft.rule;
    if (rule.regex.empty()) {
        return {};
    }
    const auto refuse = [&](const Error &error) {
        return tl::unexpected(toError({rule.id + ": " + error.logSafeDetail, draft.regexAt}, file));
    };
    const auto pattern = Pattern::compile(rule.regex, draft.secretGroup.value_or(0));
    if (!pattern) {
        return refuse(pattern.error());
    }
    // Without a secretGroup, gitleaks takes the first group as the secret.
    rule.secretGroup = draft.secretGroup.value_or(pattern->groups() > 0 ? 1 : 0);
    const auto width = anchorWidth(rule.regex);
    if (!width) {
        return refuse(width.error());
    }
    if (width->least == 0) {
        return tl::unexpected(
            toError({rule.id + ": matches where there is nothing", draft.regexAt}, file));
    }
    rule.anchor = rule.regex;
    // A character of UTF-8 has up to four bytes.
    rule.reach = std::min(width->most.value_or(kLongestMatch) * 4 + 4, kLongestMatch);
    rule.ahead = rule.reach;
    return {};
}

Result<std::vector<Rule>> fromGitleaks(const toml::table &table, std::string_view file) {
    GitleaksReader reader;
    auto drafts = reader.read(table);
    if (reader.problem()) {
        return fail(toError(*reader.problem(), file));
    }
    std::vector<Rule> rules;
    std::set<std::string> ids;
    for (auto &draft : drafts) {
        if (!ids.insert(draft.rule.id).second) {
            return fail(toError({"id twice: " + draft.rule.id, draft.at}, file));
        }
        if (auto completed = complete(draft, file); !completed) {
            return fail(completed.error());
        }
        rules.push_back(std::move(draft.rule));
    }
    return rules;
}

} // namespace

Result<std::vector<Rule>> parseOwnRules(std::string_view toml, std::string_view file) {
    const auto parsed = parsedToml(toml, file);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    return parsed->contains("rule") ? parseRules(toml, file) : fromGitleaks(*parsed, file);
}

} // namespace sealpost::scan
