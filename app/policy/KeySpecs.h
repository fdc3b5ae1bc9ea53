// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Text.h"
#include "policy/PolicySchema.h"
#include "policy/Strictness.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

//! Makers of the schema's rows. `get` gives the key's place in a policy, const or not; `order` says
//! which of its values are stricter.
namespace sealpost::policy {

//! What a place in a policy holds.
template <class Get> using PlaceOf = std::remove_cvref_t<std::invoke_result_t<Get, Policy &>>;

//! The row's part that is the same for every kind of key.
template <class Get>
KeySpec baseSpec(std::string key, KeyShape shape, Get get, Strictness<PlaceOf<Get>> order) {
    KeySpec spec;
    spec.key = std::move(key);
    spec.shape = std::move(shape);
    spec.copy = [=](const Policy &from, Policy &to) { get(to) = get(from); };
    spec.within = [=](const Policy &a, const Policy &b) { return order.within(get(a), get(b)); };
    spec.tighten = [=](const Policy &below, Policy &held) {
        get(held) = order.tighten(get(held), get(below));
    };
    return spec;
}

[[nodiscard]] inline std::string listText(const std::vector<std::string> &items) {
    std::vector<std::string> quoted;
    std::transform(items.begin(), items.end(), std::back_inserter(quoted), tomlText);
    return "[" + base::join(quoted, ", ") + "]";
}

//! The words of enum values; `word` is an overload that names one.
template <class Values, class Word>
std::vector<std::string> wordsOf(const Values &values, Word word) {
    std::vector<std::string> words;
    std::transform(values.begin(), values.end(), std::back_inserter(words),
                   [&](auto value) { return std::string(word(value)); });
    return words;
}

//! One of `values` by its word, which readWord() has checked.
template <class Values, class Word>
auto valueOf(const Values &values, Word word, const std::string &text) {
    return *std::find_if(values.begin(), values.end(),
                         [&](auto value) { return word(value) == text; });
}

//! One of an enum's `values`.
template <class Values, class Word, class Get>
KeySpec oneWord(std::string key, const Values &values, Word word, Get get,
                Strictness<PlaceOf<Get>> order) {
    const auto words = wordsOf(values, word);
    auto spec = baseSpec(std::move(key), {ValueKind::Word, {}, words, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (const auto read = readWord(value, words, reading)) {
            get(policy) = valueOf(values, word, *read);
        }
    };
    spec.text = [=](const Policy &policy) { return tomlText(std::string(word(get(policy)))); };
    return spec;
}

//! A list of words into a vector or set.
template <class Values, class Word, class Get>
KeySpec wordList(std::string key, const Values &values, Word word, Get get,
                 Strictness<PlaceOf<Get>> order) {
    const auto words = wordsOf(values, word);
    auto spec = baseSpec(std::move(key), {ValueKind::Words, {}, words, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (const auto read = readWords(value, words, reading)) {
            auto &target = get(policy);
            target.clear();
            for (const auto &text : *read) {
                target.insert(target.end(), valueOf(values, word, text));
            }
        }
    };
    spec.text = [=](const Policy &policy) { return listText(wordsOf(get(policy), word)); };
    return spec;
}

template <class Get> KeySpec domainList(std::string key, Get get, Strictness<PlaceOf<Get>> order) {
    auto spec = baseSpec(std::move(key), {ValueKind::Domains, {}, {}, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (auto read = readDomains(value, reading)) {
            get(policy) = std::move(*read);
        }
    };
    spec.text = [=](const Policy &policy) {
        const auto &domains = get(policy);
        return listText({domains.begin(), domains.end()});
    };
    return spec;
}

//! A list of texts, into a vector or set.
template <class Get> KeySpec textList(std::string key, Get get, Strictness<PlaceOf<Get>> order) {
    auto spec = baseSpec(std::move(key), {ValueKind::Texts, {}, {}, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (const auto read = readTexts(value, reading)) {
            get(policy) = {read->begin(), read->end()};
        }
    };
    spec.text = [=](const Policy &policy) {
        const auto &texts = get(policy);
        return listText({texts.begin(), texts.end()});
    };
    return spec;
}

//! A text by `readValue`.
template <class Get, class ReadValue>
KeySpec textValue(std::string key, ValueKind kind, Get get, Strictness<std::string> order,
                  ReadValue readValue) {
    auto spec = baseSpec(std::move(key), {kind, {}, {}, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (auto read = readValue(value, reading)) {
            get(policy) = std::move(*read);
        }
    };
    spec.text = [=](const Policy &policy) { return tomlText(get(policy)); };
    return spec;
}

//! A text by `readValue`, or an empty one for none.
template <class Get, class ReadValue>
KeySpec optionalText(std::string key, ValueKind kind, Get get, Strictness<std::string> order,
                     ReadValue readValue) {
    return textValue(std::move(key), kind, get, std::move(order),
                     [=](const TomlValue &value, const Reading &reading) {
                         const bool none =
                             value.kind == TomlValue::Kind::String && value.text.empty();
                         return none ? std::optional(std::string()) : readValue(value, reading);
                     });
}

template <class Get> KeySpec boolean(std::string key, Get get, Strictness<bool> order) {
    auto spec = baseSpec(std::move(key), {ValueKind::Boolean, {}, {}, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (const auto read = readBoolean(value, reading)) {
            get(policy) = *read;
        }
    };
    spec.text = [=](const Policy &policy) { return std::string(get(policy) ? "true" : "false"); };
    return spec;
}

//! A number in the file; `toNumber` and `fromNumber` change the policy's type into it and back.
template <class Get, class ToNumber, class FromNumber>
KeySpec number(std::string key, IntegerRange range, Get get, Strictness<PlaceOf<Get>> order,
               ToNumber toNumber, FromNumber fromNumber) {
    auto spec =
        baseSpec(std::move(key), {ValueKind::Integer, range, {}, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (const auto read = readInteger(value, range, reading)) {
            get(policy) = fromNumber(*read);
        }
    };
    spec.text = [=](const Policy &policy) {
        return std::to_string(static_cast<std::int64_t>(toNumber(get(policy))));
    };
    return spec;
}

template <class Get>
KeySpec plainNumber(std::string key, IntegerRange range, Get get, Strictness<PlaceOf<Get>> order) {
    using Number = PlaceOf<Get>;
    return number(
        std::move(key), range, get, std::move(order), [](Number value) { return value; },
        [](std::int64_t read) { return static_cast<Number>(read); });
}

//! In the unit of the policy's own type: days, hours, minutes.
template <class Get>
KeySpec duration(std::string key, IntegerRange range, Get get, Strictness<PlaceOf<Get>> order) {
    using Duration = PlaceOf<Get>;
    return number(
        std::move(key), range, get, std::move(order), [](Duration value) { return value.count(); },
        [](std::int64_t read) { return Duration(read); });
}

template <class Get>
KeySpec mebibytes(std::string key, IntegerRange range, Get get, Strictness<ByteCount> order) {
    return number(
        std::move(key), range, get, std::move(order),
        [](ByteCount size) { return size / base::kMiB; },
        [](std::int64_t read) { return static_cast<ByteCount>(read) * base::kMiB; });
}

//! The entries of an array of tables, each by `readEntry`; none where one has problems.
template <class Entry, class ReadEntry>
std::optional<std::vector<Entry>> readEntries(const TomlValue &value, const Reading &reading,
                                              ReadEntry readEntry) {
    if (value.kind != TomlValue::Kind::Array) {
        reading.problem(value.position, "policy.wrong-type",
                        "a list of tables, [[" + reading.key + "]]");
        return std::nullopt;
    }
    std::vector<Entry> entries;
    bool whole = true;
    for (const auto &item : value.items) {
        std::optional<Entry> entry = readEntry(item, reading);
        whole = whole && entry;
        if (entry) {
            entries.push_back(std::move(*entry));
        }
    }
    return whole ? std::optional(std::move(entries)) : std::nullopt;
}

//! An array of tables into a vector; `readEntry` gives an optional entry, `entryText` its TOML.
template <class Get, class ReadEntry, class EntryText>
KeySpec tableList(std::string key, std::vector<FieldShape> fields, Get get,
                  Strictness<PlaceOf<Get>> order, ReadEntry readEntry, EntryText entryText) {
    using Entry = typename PlaceOf<Get>::value_type;
    auto spec = baseSpec(std::move(key), {ValueKind::Tables, {}, {}, std::move(fields)}, get,
                         std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (auto read = readEntries<Entry>(value, reading, readEntry)) {
            get(policy) = std::move(*read);
        }
    };
    spec.text = [=](const Policy &policy) {
        std::vector<std::string> texts;
        for (const auto &entry : get(policy)) {
            texts.push_back(entryText(entry));
        }
        return "[" + base::join(texts, ", ") + "]";
    };
    return spec;
}

} // namespace sealpost::policy
