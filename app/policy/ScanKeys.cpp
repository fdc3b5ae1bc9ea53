// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>
#include <string>

namespace sealpost::policy {

namespace {

//! Categories of findings, but for markings: what calls for one is raised to, or justified.
const std::array<std::string, 5> kDismissible = {"private-key", "credential", "one-time-seed",
                                                 "personal-data", "hidden-content"};

} // namespace

//! More rules, and bounds that are further out, find more.
void addScanKeys(std::vector<KeySpec> &keys) {
    keys.push_back(textList(
        "scan.rules", [](auto &policy) -> auto & { return policy.scan.rules; },
        stricter::moreOf<std::string>()));
    keys.push_back(plainNumber(
        "scan.max-depth", {1, 32}, [](auto &policy) -> auto & { return policy.scan.maxDepth; },
        stricter::greater<int>()));
    keys.push_back(plainNumber(
        "scan.max-items", {1, 10'000'000},
        [](auto &policy) -> auto & { return policy.scan.maxItems; },
        stricter::greater<std::uint64_t>()));
    keys.push_back(mebibytes(
        "scan.max-total-mib", {1, 100'000},
        [](auto &policy) -> auto & { return policy.scan.maxTotal; },
        stricter::greater<ByteCount>()));
    keys.push_back(mebibytes(
        "scan.max-item-mib", {1, 2'000}, [](auto &policy) -> auto & { return policy.scan.maxItem; },
        stricter::greater<ByteCount>()));
    keys.push_back(plainNumber(
        "scan.max-ratio", {10, 100'000},
        [](auto &policy) -> auto & { return policy.scan.maxRatio; },
        stricter::greater<std::uint64_t>()));
    keys.push_back(wordList(
        "scan.dismissible", kDismissible, [](const std::string &word) { return word; },
        [](auto &policy) -> auto & { return policy.scan.dismissible; },
        stricter::fewer<std::string>()));
}

} // namespace sealpost::policy
