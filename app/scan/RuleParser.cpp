// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"
#include "scan/TomlReading.h"

#include <array>
#include <optional>
#include <set>

namespace sealpost::scan {

namespace {

std::string_view toString(AnchorPlace place) {
    switch (place) {
    case AnchorPlace::Anywhere:
        return "anywhere";
    case AnchorPlace::Numbers:
        return "numbers";
    case AnchorPlace::LongNumbers:
        return "long-numbers";
    case AnchorPlace::Codes:
        return "codes";
    case AnchorPlace::Hex:
        return "hex";
    case AnchorPlace::Capitals:
        return "capitals";
    case AnchorPlace::Addresses:
        return "addresses";
    }
    return {};
}

template <class Enum, std::size_t N>
std::optional<Enum> fromWord(const std::array<Enum, N> &all, std::string_view word) {
    for (const auto value : all) {
        if (toString(value) == word) {
            return value;
        }
    }
    return std::nullopt;
}

constexpr std::array kCategories = {Category::PrivateKey,  Category::Credential,
                                    Category::OneTimeSeed, Category::PersonalData,
                                    Category::Marking,     Category::Hidden};
constexpr std::array kConfidences = {Confidence::Low, Confidence::Medium, Confidence::High};

//! Reads one [[rule]]; keeps the first problem.
class RuleReader {
public:
    explicit RuleReader(const toml::table &table) : m_table(table) {}

    Rule read() {
        Rule rule;
        text("id", rule.id);
        text("anchor", rule.anchor);
        text("regex", rule.regex);
        text("title", rule.title);
        text("next_step", rule.nextStep);
        text("path", rule.path);
        oneOrMore("validator", rule.validators);
        word("category", rule.category,
             [](std::string_view value) { return fromWord(kCategories, value); });
        word("confidence", rule.confidence,
             [](std::string_view value) { return fromWord(kConfidences, value); });
        word("minimum", rule.minimum, base::classificationFrom);
        number("secret", rule.secretGroup);
        number("specificity", rule.specificity);
        number("reach", rule.reach);
        number("ahead", rule.ahead);
        number("distance", rule.distance);
        number("least_count", rule.leastCount);
        number("entropy", rule.entropy);
        flag("context_required", rule.contextRequired);
        word("anchor_in", rule.where,
             [](std::string_view value) { return fromWord(kAnchorPlaces, value); });
        list("allow", rule.allow);
        list("allow_match", rule.allowMatch);
        list("allow_line", rule.allowLine);
        list("allow_path", rule.allowPath);
        list("stopwords", rule.stopwords);
        list("keywords", rule.keywords);
        list("near", rule.near);
        list("context", rule.context);
        list("not_near", rule.notNear);
        list("match", rule.matches);
        list("quiet", rule.quiet);
        for (const auto &[key, value] : m_table) {
            if (!m_known.contains(std::string(key.str()))) {
                refuse("unknown key " + std::string(key.str()), value);
            }
        }
        if (rule.id.empty() || rule.regex.empty() != rule.anchor.empty() ||
            (rule.regex.empty() && rule.path.empty())) {
            refuse("id is required, and anchor with regex, or path alone", m_table);
        }
        return rule;
    }

    [[nodiscard]] const std::optional<Problem> &problem() const { return m_problem; }

private:
    void refuse(std::string what, const toml::node &node) {
        if (!m_problem) {
            m_problem = Problem{std::move(what), node.source().begin};
        }
    }

    const toml::node *find(const std::string &key) {
        m_known.insert(key);
        return m_table.get(key);
    }

    //! Calls `take` with the value of `key` where it is there and of type T.
    template <class T, class Take> void value(const std::string &key, Take take) {
        const auto *node = find(key);
        if (node == nullptr) {
            return;
        }
        if (const auto typed = node->value<T>()) {
            take(*typed, *node);
        } else {
            refuse(key + " has the wrong type", *node);
        }
    }

    void text(const std::string &key, std::string &into) {
        value<std::string>(key,
                           [&](std::string text, const toml::node &) { into = std::move(text); });
    }
    void flag(const std::string &key, bool &into) {
        value<bool>(key, [&](bool flag, const toml::node &) { into = flag; });
    }
    template <class Number> void number(const std::string &key, Number &into) {
        value<double>(key, [&](double number, const toml::node &node) {
            if (number < 0 || number > 1'000'000) {
                refuse(key + " is out of range", node);
            } else {
                into = static_cast<Number>(number);
            }
        });
    }
    void oneOrMore(const std::string &key, std::vector<std::string> &into) {
        const auto *node = find(key);
        if (node != nullptr && node->is_string()) {
            into.push_back(*node->value<std::string>());
        } else {
            list(key, into);
        }
    }
    template <class Enum, class Convert>
    void word(const std::string &key, Enum &into, Convert convert) {
        value<std::string>(key, [&](const std::string &text, const toml::node &node) {
            if (const auto converted = convert(text)) {
                into = *converted;
            } else {
                refuse("unknown " + key + ' ' + text, node);
            }
        });
    }
    void list(const std::string &key, std::vector<std::string> &into) {
        const auto *node = find(key);
        if (node == nullptr) {
            return;
        }
        const auto *array = node->as_array();
        if (array == nullptr) {
            refuse(key + " is no list", *node);
            return;
        }
        for (const auto &element : *array) {
            if (auto text = element.value<std::string>()) {
                into.push_back(std::move(*text));
            } else {
                refuse(key + " holds something that is no text", element);
            }
        }
    }

    const toml::table &m_table;
    std::set<std::string> m_known;
    std::optional<Problem> m_problem;
};

} // namespace

Result<std::vector<Rule>> parseRules(std::string_view toml, std::string_view file) {
    const auto parsed = parsedToml(toml, file);
    if (!parsed) {
        return tl::unexpected(parsed.error());
    }
    const auto *tables = (*parsed)["rule"].as_array();
    if (tables == nullptr) {
        return fail(toError({"no [[rule]]", {1, 1}}, file));
    }
    std::vector<Rule> rules;
    for (const auto &node : *tables) {
        const auto *table = node.as_table();
        if (table == nullptr) {
            return fail(toError({"rule is no table", node.source().begin}, file));
        }
        RuleReader reader(*table);
        rules.push_back(reader.read());
        if (reader.problem()) {
            return fail(toError(*reader.problem(), file));
        }
    }
    return rules;
}

} // namespace sealpost::scan
