// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "policy/Policy.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace sealpost::policy {

//! Which of a key's values are stricter than others: a partial order, and what of a lower layer's
//! value a lock lets through. Held by property tests over every key of the schema:
//! tighten(held, below) is within `held`; it is `below` where that already is within `held`; and it
//! is monotone in both: a stricter `held` or `below` never gives a laxer result.
template <class T> struct Strictness {
    //! Whether `a` is as strict as `b`, or stricter.
    std::function<bool(const T &a, const T &b)> within;
    std::function<T(const T &held, const T &below)> tighten;
};

namespace stricter {

//! A number, switch or choice of which the lesser is stricter (false before true).
template <class T> Strictness<T> less() {
    return {[](const T &a, const T &b) { return a <= b; },
            [](const T &held, const T &below) { return std::min(held, below); }};
}

template <class T> Strictness<T> greater() {
    return {[](const T &a, const T &b) { return a >= b; },
            [](const T &held, const T &below) { return std::max(held, below); }};
}

//! Neither is stricter: a locked value stays as it is.
template <class T> Strictness<T> neither() {
    return {[](const T &a, const T &b) { return a == b; },
            [](const T &held, const T & /*below*/) { return held; }};
}

//! A list in order of preference, strongest way first: stricter is what leaves the last ones out.
//! To leave out the first would send by a later way what went by the first; a list that is not the
//! beginning of the locked one counts for nothing.
template <class T> Strictness<std::vector<T>> endsEarlier() {
    const auto within = [](const std::vector<T> &a, const std::vector<T> &b) {
        return a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin());
    };
    return {within, [within](const std::vector<T> &held, const std::vector<T> &below) {
                return within(below, held) ? below : held;
            }};
}

//! A set of what is allowed: the smaller is stricter.
template <class T> Strictness<std::set<T>> fewer() {
    return {[](const std::set<T> &a, const std::set<T> &b) {
                return std::includes(b.begin(), b.end(), a.begin(), a.end());
            },
            [](const std::set<T> &held, const std::set<T> &below) {
                std::set<T> both;
                std::set_intersection(held.begin(), held.end(), below.begin(), below.end(),
                                      std::inserter(both, both.end()));
                return both;
            }};
}

//! A set of what is demanded: the larger is stricter.
template <class T> Strictness<std::set<T>> more() {
    return {[](const std::set<T> &a, const std::set<T> &b) {
                return std::includes(a.begin(), a.end(), b.begin(), b.end());
            },
            [](const std::set<T> &held, const std::set<T> &below) {
                auto all = held;
                all.insert(below.begin(), below.end());
                return all;
            }};
}

//! The same for a list whose order says nothing.
template <class T> Strictness<std::vector<T>> moreOf() {
    const auto has = [](const std::vector<T> &list, const T &item) {
        return std::find(list.begin(), list.end(), item) != list.end();
    };
    const auto within = [has](const std::vector<T> &a, const std::vector<T> &b) {
        return std::all_of(b.begin(), b.end(), [&](const T &item) { return has(a, item); });
    };
    return {within, [=](const std::vector<T> &held, const std::vector<T> &below) {
                if (within(below, held)) {
                    return below;
                }
                auto all = held;
                std::copy_if(below.begin(), below.end(), std::back_inserter(all),
                             [&](const T &item) { return !has(held, item); });
                return all;
            }};
}

//! Domains, each with all under it. Compared by what they cover, not by how they are written:
//! { gov.uk } covers more than { justice.gov.uk }.
[[nodiscard]] Strictness<std::set<std::string>> coversMore();
[[nodiscard]] Strictness<std::set<std::string>> coversLess();

//! Fewer domains, or a sooner end, is stricter.
[[nodiscard]] Strictness<std::vector<TlsException>> fewerExceptions();
[[nodiscard]] Strictness<std::vector<RegisterEntry>> fewerRegistered();

} // namespace stricter
} // namespace sealpost::policy
