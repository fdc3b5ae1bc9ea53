// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

constexpr std::array kClassifications = {Classification::Official,
                                         Classification::OfficialSensitive};
constexpr auto kClassificationWord = [](Classification classification) {
    return base::toString(classification);
};

constexpr std::array kHeaders = {MarkingHeader::SioLabel, MarkingHeader::XProtectiveMarking,
                                 MarkingHeader::MsipLabels};
constexpr std::array kRelations = {DisclaimerFor::External, DisclaimerFor::Partner,
                                   DisclaimerFor::GovUk, DisclaimerFor::Internal};

std::string_view headerWord(MarkingHeader header) {
    switch (header) {
    case MarkingHeader::SioLabel:
        return "SIO-Label";
    case MarkingHeader::XProtectiveMarking:
        return "X-Protective-Marking";
    case MarkingHeader::MsipLabels:
        return "msip_labels";
    }
    return "SIO-Label";
}

std::string_view relationWord(DisclaimerFor relation) {
    switch (relation) {
    case DisclaimerFor::External:
        return "external";
    case DisclaimerFor::Partner:
        return "partner";
    case DisclaimerFor::GovUk:
        return "gov.uk";
    case DisclaimerFor::Internal:
        return "internal";
    }
    return "external";
}

//! The first of the text's fields, "{nmae}", that nothing is known for; empty: there is none.
std::string unknownField(std::string_view text) {
    for (auto open = text.find('{'); open != std::string_view::npos;
         open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        const auto name =
            text.substr(open + 1, close == std::string_view::npos ? close : close - open - 1);
        if (std::find(std::begin(kDisclaimerFields), std::end(kDisclaimerFields), name) ==
            std::end(kDisclaimerFields)) {
            return std::string(text.substr(open, name.size() + 2));
        }
    }
    return {};
}

std::optional<DisclaimerText> readDisclaimer(const TomlValue &value, const Reading &reading) {
    static const std::vector<std::string> kFields = {"relation", "language", "text"};
    const auto fields = readFields(value, kFields, reading);
    if (!fields) {
        return std::nullopt;
    }
    const auto at = [&](std::size_t field) {
        return Reading{reading.key + "." + kFields[field], reading.problems};
    };
    const auto relation = readWord(*(*fields)[0], wordsOf(kRelations, relationWord), at(0));
    const auto language = readText(*(*fields)[1], at(1));
    const auto text = readParagraph(*(*fields)[2], at(2));
    if (!relation || !language || !text) {
        return std::nullopt;
    }
    if (const auto unknown = unknownField(*text); !unknown.empty()) {
        const std::vector<std::string> known(std::begin(kDisclaimerFields),
                                             std::end(kDisclaimerFields));
        const auto meant = nearest(base::trimmed(std::string_view(unknown).substr(1)), known);
        at(2).problem((*fields)[2]->position, "policy.bad-value",
                      "the fields {name}, {organisation} and {classification}, and no other brace",
                      meant.empty() ? meant : "{" + meant + "}");
        return std::nullopt;
    }
    return DisclaimerText{valueOf(kRelations, relationWord, *relation), *language, *text};
}

std::string disclaimerText(const DisclaimerText &entry) {
    return "{ relation = " + tomlText(relationWord(entry.relation)) +
           ", language = " + tomlText(entry.language) + ", text = " + tomlText(entry.text) + " }";
}

//! Each entry is the same: what is said is the administrator's, not more or less strict.
Strictness<std::vector<DisclaimerText>> sameTexts() {
    const auto same = [](const std::vector<DisclaimerText> &a,
                         const std::vector<DisclaimerText> &b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](const DisclaimerText &x, const DisclaimerText &y) {
                              return disclaimerText(x) == disclaimerText(y);
                          });
    };
    return {same, [](const std::vector<DisclaimerText> &held,
                     const std::vector<DisclaimerText> & /*below*/) { return held; }};
}

void addDisclaimerKeys(std::vector<KeySpec> &keys) {
    keys.push_back(boolean(
        "disclaimer.append", [](auto &policy) -> auto & { return policy.disclaimer.append; },
        stricter::greater<bool>()));
    keys.push_back(optionalText(
        "disclaimer.organisation", ValueKind::OptionalText,
        [](auto &policy) -> auto & { return policy.disclaimer.organisation; },
        stricter::neither<std::string>(), readText));
    keys.push_back(textList(
        "disclaimer.languages", [](auto &policy) -> auto & { return policy.disclaimer.languages; },
        stricter::neither<std::vector<std::string>>()));
    keys.push_back(tableList(
        "disclaimer.texts",
        {{"relation", ValueKind::Word, wordsOf(kRelations, relationWord)},
         {"language", ValueKind::Text, {}},
         {"text", ValueKind::Paragraph, {}}},
        [](auto &policy) -> auto & { return policy.disclaimer.texts; }, sameTexts(), readDisclaimer,
        disclaimerText));
}

template <class Get> KeySpec guid(std::string key, Get get) {
    return textValue(std::move(key), ValueKind::Guid, get, stricter::neither<std::string>(),
                     readGuid);
}

} // namespace

void addMarkingKeys(std::vector<KeySpec> &keys) {
    keys.push_back(wordList(
        "marking.classifications", kClassifications, kClassificationWord,
        [](auto &policy) -> auto & { return policy.marking.written; },
        stricter::more<Classification>()));
    keys.push_back(boolean(
        "marking.subject", [](auto &policy) -> auto & { return policy.marking.inSubject; },
        stricter::greater<bool>()));
    keys.push_back(boolean(
        "marking.body", [](auto &policy) -> auto & { return policy.marking.inBody; },
        stricter::greater<bool>()));
    keys.push_back(textList(
        "marking.handling", [](auto &policy) -> auto & { return policy.marking.handling; },
        stricter::neither<std::vector<std::string>>()));
    keys.push_back(textList(
        "marking.descriptors", [](auto &policy) -> auto & { return policy.marking.descriptors; },
        stricter::neither<std::vector<std::string>>()));
    keys.push_back(wordList(
        "marking.headers", kHeaders, headerWord,
        [](auto &policy) -> auto & { return policy.marking.headers; },
        stricter::more<MarkingHeader>()));
    keys.push_back(guid(
        "marking.msip-site", [](auto &policy) -> auto & { return policy.marking.msipSite; }));
    keys.push_back(guid(
        "marking.msip-official",
        [](auto &policy) -> auto & { return policy.marking.msipOfficial; }));
    keys.push_back(guid(
        "marking.msip-official-sensitive",
        [](auto &policy) -> auto & { return policy.marking.msipOfficialSensitive; }));
    addDisclaimerKeys(keys);
}

} // namespace sealpost::policy
