// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

// In their order from strict to lax.
constexpr std::array kConcernWords = {OnConcern::Block, OnConcern::Justify, OnConcern::Confirm,
                                      OnConcern::Allow};
constexpr std::array kClassifications = {Classification::Official,
                                         Classification::OfficialSensitive};

std::string_view concernWord(OnConcern choice) {
    switch (choice) {
    case OnConcern::Block:
        return "block";
    case OnConcern::Justify:
        return "justify";
    case OnConcern::Confirm:
        return "confirm";
    case OnConcern::Allow:
        return "allow";
    }
    return "block";
}

constexpr auto kClassificationWord = [](Classification classification) {
    return base::toString(classification);
};

template <class Get> KeySpec onConcern(std::string key, Get get) {
    return oneWord(std::move(key), kConcernWords, concernWord, get, stricter::less<OnConcern>());
}

} // namespace

void addConductKeys(std::vector<KeySpec> &keys) {
    keys.push_back(onConcern(
        "content.key-with-lock", [](auto &policy) -> auto & { return policy.keyWithLock; }));
    keys.push_back(onConcern(
        "content.below-minimum", [](auto &policy) -> auto & { return policy.belowMinimum; }));
    keys.push_back(onConcern(
        "recipients.look-alike", [](auto &policy) -> auto & { return policy.lookAlike; }));
    keys.push_back(onConcern(
        "recipients.first-time", [](auto &policy) -> auto & { return policy.firstTime; }));
    keys.push_back(wordList(
        "forwarding.classifications", kClassifications, kClassificationWord,
        [](auto &policy) -> auto & { return policy.forwardable; },
        stricter::fewer<Classification>()));
    keys.push_back(domainList(
        "ome.tenants", [](auto &policy) -> auto & { return policy.ome.tenants; },
        stricter::fewer<std::string>()));
    keys.push_back(domainList(
        "ome.submission-hosts", [](auto &policy) -> auto & { return policy.ome.submissionHosts; },
        stricter::fewer<std::string>()));
    keys.push_back(optionalText(
        "ome.trigger-header", ValueKind::HeaderField,
        [](auto &policy) -> auto & { return policy.ome.triggerHeader; },
        stricter::neither<std::string>(), readHeaderField));
    keys.push_back(optionalText(
        "ome.trigger-subject", ValueKind::OptionalText,
        [](auto &policy) -> auto & { return policy.ome.triggerSubject; },
        stricter::neither<std::string>(), readText));
}

} // namespace sealpost::policy
