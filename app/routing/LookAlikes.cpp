// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/LookAlikes.h"

#include "base/EditDistance.h"
#include "base/Skeleton.h"
#include "mail/Address.h"

#include <algorithm>
#include <bit>

namespace sealpost::routing {

namespace {

constexpr std::size_t kShortest = 3;
constexpr std::size_t kLong = 10;
constexpr std::size_t kMostSlips = 2;
constexpr unsigned kLetterBits = 64;

std::uint64_t lettersOf(std::u32string_view text) {
    std::uint64_t letters = 0;
    for (const auto code : text) {
        letters |= std::uint64_t{1} << (static_cast<std::uint32_t>(code) % kLetterBits);
    }
    return letters;
}

std::u32string skeletonOf(std::string_view aLabelDomain) {
    return base::skeleton(mail::toULabelDomain(aLabelDomain));
}

//! Without the labels at the end that both have.
void dropCommonLabels(std::u32string_view &a, std::u32string_view &b) {
    const auto last = [](std::u32string_view text) {
        const auto dot = text.rfind(U'.');
        return dot == std::u32string_view::npos ? text : text.substr(dot);
    };
    while (!a.empty() && !b.empty() && last(a) == last(b)) {
        const auto size = last(a).size();
        a.remove_suffix(size);
        b.remove_suffix(size);
    }
}

bool isSlip(std::u32string_view a, std::u32string_view b) {
    dropCommonLabels(a, b);
    const auto shorter = std::min(a.size(), b.size());
    const auto longer = std::max(a.size(), b.size());
    const std::size_t most = shorter < kShortest ? 0 : shorter < kLong ? 1 : kMostSlips;
    return longer - shorter <= most && most > 0 && base::editDistance(a, b) <= most;
}

//! The domain and its parents with at least two labels, the longest first.
std::vector<std::string_view> withParents(std::string_view domain) {
    std::vector<std::string_view> all{domain};
    for (auto dot = domain.find('.'); dot != std::string_view::npos; dot = domain.find('.')) {
        domain.remove_prefix(dot + 1);
        if (domain.find('.') != std::string_view::npos) {
            all.push_back(domain);
        }
    }
    return all;
}

} // namespace

LookAlikes::LookAlikes(const std::set<std::string> &known, const std::set<std::string> &suffixes)
    : m_covering(known.begin(), known.end()) {
    add(known);
    add(suffixes);
}

void LookAlikes::add(const std::set<std::string> &domains) {
    for (const auto &domain : domains) {
        auto skeleton = skeletonOf(domain);
        const auto letters = lettersOf(skeleton);
        m_known.push_back({domain, std::move(skeleton), letters});
    }
}

std::string LookAlikes::find(std::string_view domain) const {
    const auto names = withParents(domain);
    if (std::any_of(names.begin(), names.end(),
                    [&](std::string_view name) { return m_covering.contains(name); })) {
        return {};
    }
    std::string slip;
    for (const auto name : names) {
        const auto skeleton = skeletonOf(name);
        const auto letters = lettersOf(skeleton);
        for (const auto &known : m_known) {
            if (known.domain == name) {
                continue; // a suffix that it is under
            }
            if (known.skeleton == skeleton) {
                return known.domain;
            }
            // Each edit adds one letter or takes one away, or both.
            const auto differing = static_cast<std::size_t>(std::popcount(letters ^ known.letters));
            if (slip.empty() && differing <= 2 * kMostSlips && isSlip(skeleton, known.skeleton)) {
                slip = known.domain;
            }
        }
    }
    return slip;
}

} // namespace sealpost::routing
