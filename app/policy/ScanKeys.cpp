// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

namespace sealpost::policy {

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
}

} // namespace sealpost::policy
