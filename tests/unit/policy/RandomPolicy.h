// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/PolicySchema.h"

#include <random>
#include <string>

namespace sealpost::policy::testing {

//! Random values of every key of the schema, by its shape; from few candidates, so that they often
//! overlap. The same seed gives the same values.
class RandomPolicy {
public:
    explicit RandomPolicy(unsigned seed) : m_random(seed) {}

    //! Inclusive.
    [[nodiscard]] int between(int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(m_random);
    }
    [[nodiscard]] bool oneIn(int count) { return between(1, count) == 1; }

    //! As TOML.
    [[nodiscard]] std::string value(const KeyShape &shape) {
        switch (shape.kind) {
        case ValueKind::Boolean:
            return oneIn(2) ? "true" : "false";
        case ValueKind::Integer:
            return std::to_string(std::min(shape.range.least + between(0, 3), shape.range.most));
        case ValueKind::Word:
            return tomlText(shape.words.at(index(shape.words)));
        case ValueKind::Words:
            return words(shape.words);
        case ValueKind::Text:
            return tomlText(text());
        case ValueKind::Texts:
            return list([this] { return tomlText(text()); });
        case ValueKind::Domain:
            return tomlText(domain());
        case ValueKind::OptionalDomain:
            return tomlText(oneIn(3) ? "" : domain());
        case ValueKind::Domains:
            return list([this] { return tomlText(domain()); });
        case ValueKind::Paragraph:
            return tomlText(text() + ".\nFrom {organisation}.");
        case ValueKind::Guid:
            return tomlText(pick({"", "0cd8d1d3-3a2b-4c5d-8e9f-a0b1c2d3e4f5"}));
        case ValueKind::HeaderField:
            return tomlText(oneIn(3) ? "" : "X-Encrypt: " + text());
        case ValueKind::ObjectIdentifier:
            return tomlText(pick({"", "1.2.826.1", "1.2.826.2"}));
        case ValueKind::OptionalText:
            return tomlText(oneIn(3) ? "" : text());
        case ValueKind::Url:
            return tomlText(oneIn(3) ? "" : "https://" + domain() + "/policy");
        case ValueKind::Fingerprints:
            return list([this] { return tomlText(std::string(64, pick({"a", "b", "c"})[0])); });
        case ValueKind::Directories:
            return list([this] { return tomlText("ldaps://" + domain() + "/dc=people"); });
        case ValueKind::Places:
            return list(
                [this] { return tomlText((oneIn(2) ? "https://" : "/etc/people/") + domain()); });
        case ValueKind::Networks:
            return list([this] {
                return tomlText(pick({"10.0.0.0/8", "10.1.0.0/16", "fd00::/8"}));
            });
        case ValueKind::Moment:
            return "2027-0" + std::to_string(between(1, 3)) + "-01";
        case ValueKind::Tables:
            return list([&] { return entry(shape.fields); });
        }
        return "false";
    }

    //! A document with about half of the keys, and locks on about a quarter where `lock` is true.
    [[nodiscard]] std::string document(bool lock) {
        std::string locks;
        std::string lines;
        for (const auto &spec : schema()) {
            if (oneIn(2)) {
                lines += spec.key + " = " + value(spec.shape) + "\n";
            }
            if (lock && oneIn(4)) {
                locks += (locks.empty() ? "" : ", ") + tomlText(spec.key);
            }
        }
        return "lock = [" + locks + "]\n" + lines;
    }

private:
    template <class List> std::size_t index(const List &list) {
        return static_cast<std::size_t>(between(0, static_cast<int>(list.size()) - 1));
    }
    std::string pick(const std::vector<std::string> &from) { return from.at(index(from)); }
    std::string text() { return pick({"one", "two", "three"}); }
    std::string domain() {
        return pick({"gov.uk", "x.gov.uk", "a.x.gov.uk", "y.gov.uk", "nhs.uk", "b.example"});
    }
    std::string words(std::vector<std::string> from) {
        std::shuffle(from.begin(), from.end(), m_random);
        from.resize(static_cast<std::size_t>(between(0, static_cast<int>(from.size()))));
        // Lists of routes have an order; half of them in the one that most have.
        if (oneIn(2)) {
            std::sort(from.begin(), from.end());
        }
        std::string out;
        for (const auto &word : from) {
            out += (out.empty() ? "" : ", ") + tomlText(word);
        }
        return "[" + out + "]";
    }
    template <class Item> std::string list(Item item) {
        std::string out;
        for (int count = between(0, 3); count > 0; --count) {
            out += (out.empty() ? "" : ", ") + item();
        }
        return "[" + out + "]";
    }
    std::string entry(const std::vector<FieldShape> &fields) {
        std::string out;
        for (const auto &field : fields) {
            if (field.presence == Presence::Optional && oneIn(2)) {
                continue;
            }
            const KeyShape shape{field.kind, {}, field.words, {}};
            out += (out.empty() ? "" : ", ") + field.name + " = " + value(shape);
        }
        return "{ " + out + " }";
    }

    std::mt19937 m_random;
};

} // namespace sealpost::policy::testing
