// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Strictness.h"

#include "base/Text.h"

#include <optional>
#include <tuple>

namespace sealpost::policy::stricter {

namespace {

using Domains = std::set<std::string>;

bool covers(const Domains &domains, const std::string &domain) {
    return std::any_of(domains.begin(), domains.end(), [&](const std::string &cover) {
        return base::isSameOrSubdomain(domain, cover);
    });
}

bool coversAll(const Domains &domains, const Domains &others) {
    return std::all_of(others.begin(), others.end(),
                       [&](const std::string &other) { return covers(domains, other); });
}

//! Without what another member covers already.
Domains reduced(const Domains &domains) {
    Domains least;
    for (const auto &domain : domains) {
        auto others = domains;
        others.erase(domain);
        if (!covers(others, domain)) {
            least.insert(domain);
        }
    }
    return least;
}

//! The narrower of two domains, where one covers the other.
std::optional<std::string> overlap(const std::string &a, const std::string &b) {
    if (base::isSameOrSubdomain(a, b)) {
        return a;
    }
    return base::isSameOrSubdomain(b, a) ? std::optional(b) : std::nullopt;
}

bool within(const TlsException &a, const TlsException &b) {
    return base::isSameOrSubdomain(a.domain, b.domain) && a.expires <= b.expires;
}

bool within(const RegisterEntry &a, const RegisterEntry &b) {
    return base::isSameOrSubdomain(a.domain, b.domain);
}

//! What both entries grant; the words are those of the entry that is narrower.
std::optional<TlsException> meet(const TlsException &held, const TlsException &below) {
    const auto domain = overlap(held.domain, below.domain);
    if (!domain) {
        return std::nullopt;
    }
    auto both = within(below, held) ? below : held;
    both.domain = *domain;
    both.expires = std::min(held.expires, below.expires);
    return both;
}

std::optional<RegisterEntry> meet(const RegisterEntry &held, const RegisterEntry &below) {
    const auto domain = overlap(held.domain, below.domain);
    if (!domain) {
        return std::nullopt;
    }
    auto both = within(below, held) ? below : held;
    both.domain = *domain;
    return both;
}

//! Grants: each entry of the stricter list is within one of the laxer.
template <class Entry> Strictness<std::vector<Entry>> fewerGrants() {
    using Entries = std::vector<Entry>;
    const auto granted = [](const Entry &entry, const Entries &entries) {
        return std::any_of(entries.begin(), entries.end(),
                           [&](const Entry &other) { return within(entry, other); });
    };
    const auto allGranted = [granted](const Entries &a, const Entries &b) {
        return std::all_of(a.begin(), a.end(),
                           [&](const Entry &entry) { return granted(entry, b); });
    };
    return {allGranted, [=](const Entries &held, const Entries &below) {
                if (allGranted(below, held)) {
                    return below;
                }
                Entries both;
                for (const auto &mine : held) {
                    for (const auto &theirs : below) {
                        const auto met = meet(mine, theirs);
                        if (met && !granted(*met, both)) {
                            both.push_back(*met);
                        }
                    }
                }
                return both;
            }};
}

} // namespace

Strictness<Domains> coversMore() {
    return {[](const Domains &a, const Domains &b) { return coversAll(a, b); },
            [](const Domains &held, const Domains &below) {
                if (coversAll(below, held)) {
                    return below;
                }
                auto all = held;
                all.insert(below.begin(), below.end());
                return reduced(all);
            }};
}

Strictness<Domains> coversLess() {
    return {[](const Domains &a, const Domains &b) { return coversAll(b, a); },
            [](const Domains &held, const Domains &below) {
                if (coversAll(held, below)) {
                    return below;
                }
                Domains both;
                for (const auto &mine : held) {
                    for (const auto &theirs : below) {
                        if (const auto common = overlap(mine, theirs)) {
                            both.insert(*common);
                        }
                    }
                }
                return reduced(both);
            }};
}

Strictness<std::vector<TlsException>> fewerExceptions() {
    return fewerGrants<TlsException>();
}

Strictness<std::vector<RegisterEntry>> fewerRegistered() {
    return fewerGrants<RegisterEntry>();
}

} // namespace sealpost::policy::stricter
