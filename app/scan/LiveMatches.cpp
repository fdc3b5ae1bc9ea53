// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/LiveMatches.h"

#include "base/Text.h"
#include "scan/LiveText.h"
#include "scan/MatchRun.h"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace sealpost::scan {

namespace {

constexpr std::size_t kStride = 4096; //!< compared at once

std::size_t commonStart(std::string_view a, std::string_view b) {
    const auto most = std::min(a.size(), b.size());
    std::size_t at = 0;
    while (at + kStride <= most && std::memcmp(a.data() + at, b.data() + at, kStride) == 0) {
        at += kStride;
    }
    while (at < most && a[at] == b[at]) {
        ++at;
    }
    return at;
}

std::size_t commonEnd(std::string_view a, std::string_view b) {
    const auto most = std::min(a.size(), b.size());
    std::size_t at = 0;
    while (at + kStride <= most && std::memcmp(a.data() + a.size() - at - kStride,
                                               b.data() + b.size() - at - kStride, kStride) == 0) {
        at += kStride;
    }
    while (at < most && a[a.size() - 1 - at] == b[b.size() - 1 - at]) {
        ++at;
    }
    return at;
}

std::size_t minus(std::size_t value, std::size_t by) {
    return value - std::min(value, by);
}

void sortByPlace(std::vector<Candidate> &candidates) {
    std::sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        return std::tuple(a.whole.from, a.rule, a.secret.from) <
               std::tuple(b.whole.from, b.rule, b.secret.from);
    });
}

//! The candidates that start in [from, to), of a list in order of place.
std::pair<std::size_t, std::size_t> startingIn(const std::vector<Candidate> &candidates,
                                               std::size_t from, std::size_t to) {
    const auto first = [&](std::size_t place) {
        const auto found = std::lower_bound(
            candidates.begin(), candidates.end(), place,
            [](const Candidate &one, std::size_t at) { return one.whole.from < at; });
        return static_cast<std::size_t>(found - candidates.begin());
    };
    return {first(from), first(std::max(from, to))};
}

Candidate moved(Candidate candidate, std::size_t oldTo, std::size_t newTo) {
    for (auto *place : {&candidate.whole.from, &candidate.whole.to, &candidate.secret.from,
                        &candidate.secret.to}) {
        *place = *place - oldTo + newTo;
    }
    return candidate;
}

//! The stretches of the new text that a scan around an edit tells apart. What starts before `keep`
//! and from `keepAfter` on is as it was. A rule's matches don't overlap, so where one starts
//! depends on those before: in [check, keep) and [checkAfter, keepAfter) old and new scan must
//! agree. Each is longer than a match, so that they agree from there on too.
struct Zones {
    std::size_t window = 0;
    std::size_t check = 0;
    std::size_t keep = 0;
    std::size_t checkAfter = 0;
    std::size_t keepAfter = 0;
    std::size_t windowEnd = 0;
};

Zones zonesAround(const TextEdit &edit, const MatchExtent &extent, std::size_t size) {
    Zones zones;
    zones.keep = minus(edit.from, extent.match + extent.context);
    zones.check = minus(zones.keep, extent.match);
    zones.window = minus(zones.check, extent.match);
    zones.checkAfter = std::min(size, edit.newTo + extent.context);
    zones.keepAfter = std::min(size, zones.checkAfter + extent.match);
    zones.windowEnd = std::min(size, zones.keepAfter + extent.match);
    return zones;
}

enum class Spliced { Same, Changed, Disagreement };

//! The old list on its way to the new text.
class Splice {
public:
    Splice(const std::vector<Candidate> &old, const std::vector<Candidate> &fresh,
           const TextEdit &edit)
        : m_old(old), m_fresh(fresh), m_edit(edit) {}

    //! Whether both have the same from one place on to another, both before the edit or both after.
    [[nodiscard]] bool agree(std::size_t from, std::size_t to) const {
        const bool after = from >= m_edit.newTo;
        const auto [a, b] = startingIn(m_fresh, from, to);
        const auto [c, d] =
            after ? startingIn(m_old, oldPlace(from), oldPlace(to)) : startingIn(m_old, from, to);
        return equal(a, b, c, d, after);
    }

    Spliced into(std::vector<Candidate> &all, const Zones &zones) const {
        const auto kept = startingIn(m_old, 0, zones.keep).second;
        const auto after = startingIn(m_old, 0, oldPlace(zones.keepAfter)).second;
        const auto [first, last] = startingIn(m_fresh, zones.keep, zones.keepAfter);
        all.reserve(kept + (last - first) + (m_old.size() - after));
        all.insert(all.end(), m_old.begin(), m_old.begin() + static_cast<std::ptrdiff_t>(kept));
        all.insert(all.end(), m_fresh.begin() + static_cast<std::ptrdiff_t>(first),
                   m_fresh.begin() + static_cast<std::ptrdiff_t>(last));
        for (auto i = after; i < m_old.size(); ++i) {
            all.push_back(movedBy(m_old[i]));
        }
        return first == last && kept == after ? Spliced::Same : Spliced::Changed;
    }

private:
    [[nodiscard]] std::size_t oldPlace(std::size_t place) const {
        return place - m_edit.newTo + m_edit.oldTo;
    }
    [[nodiscard]] Candidate movedBy(const Candidate &old) const {
        return moved(old, m_edit.oldTo, m_edit.newTo);
    }
    [[nodiscard]] bool equal(std::size_t a, std::size_t b, std::size_t c, std::size_t d,
                             bool after) const {
        if (b - a != d - c) {
            return false;
        }
        for (std::size_t i = 0; i < b - a; ++i) {
            const auto &old = m_old[c + i];
            if (!(m_fresh[a + i] == (after ? movedBy(old) : old))) {
                return false;
            }
        }
        return true;
    }

    const std::vector<Candidate> &m_old;
    const std::vector<Candidate> &m_fresh;
    const TextEdit &m_edit;
};

//! Puts what was found anew between what stays, where old and new scan agree.
Spliced splice(std::vector<Candidate> &old, std::vector<Candidate> fresh, const TextEdit &edit,
               const Zones &zones) {
    sortByPlace(fresh);
    const Splice work(old, fresh, edit);
    if (!work.agree(zones.check, zones.keep) || !work.agree(zones.checkAfter, zones.keepAfter)) {
        return Spliced::Disagreement;
    }
    std::vector<Candidate> all;
    const auto outcome = work.into(all, zones);
    old = std::move(all);
    return outcome;
}

bool hasAny(const std::set<std::string> &words, std::string_view text) {
    const auto lower = base::asciiLower(text);
    return std::any_of(words.begin(), words.end(), [&](const std::string &word) {
        return lower.find(word) != std::string::npos;
    });
}

//! The stretch with as much around it as a word is long.
std::string_view around(std::string_view text, std::size_t from, std::size_t to,
                        std::size_t length) {
    const auto start = minus(from, length);
    return text.substr(start, to - start + length);
}

} // namespace

TextEdit editBetween(std::string_view before, std::string_view after) {
    TextEdit edit;
    edit.from = commonStart(before, after);
    const auto same = commonEnd(before.substr(edit.from), after.substr(edit.from));
    edit.oldTo = before.size() - same;
    edit.newTo = after.size() - same;
    return edit;
}

//! What a rule may look at wherever it is: a table's first line, and whether a keyword is there.
bool LiveMatches::reachesEverywhere(const TextEdit &edit, std::string_view text) const {
    if (tableHeader(m_text) != tableHeader(text)) {
        return true;
    }
    std::size_t longest = 0;
    for (const auto &word : m_extent.keywords) {
        longest = std::max(longest, word.size());
    }
    return longest > 0 &&
           (hasAny(m_extent.keywords, around(m_text, edit.from, edit.oldTo, longest)) ||
            hasAny(m_extent.keywords, around(text, edit.from, edit.newTo, longest)));
}

Result<bool> LiveMatches::scanAround(const Matcher &matcher, const TextEdit &edit,
                                     std::string_view text, std::string_view path,
                                     const Patience &patience) {
    if (reachesEverywhere(edit, text)) {
        return false;
    }
    const auto zones = zonesAround(edit, m_extent, text.size());
    auto fresh = matcher.matchesIn(text, {zones.window, zones.windowEnd}, path, patience);
    if (!fresh) {
        return tl::unexpected(fresh.error());
    }
    m_looked = zones.windowEnd - zones.window;
    if (fresh->tooMany || !fresh->gaveUp.empty()) {
        return false;
    }
    const auto counted = splice(m_matches.counted, std::move(fresh->counted), edit, zones);
    if (counted == Spliced::Disagreement ||
        splice(m_matches.found, std::move(fresh->found), edit, zones) == Spliced::Disagreement ||
        m_matches.found.size() >= kMaxFindings) {
        return false;
    }
    counted == Spliced::Changed ? recount(text) : relocate();
    return true;
}

Result<void> LiveMatches::scanWhole(const Matcher &matcher, std::string_view text,
                                    std::string_view path, const Patience &patience) {
    auto whole = matcher.matchesIn(text, {0, text.size()}, path, patience);
    if (!whole) {
        return tl::unexpected(whole.error());
    }
    m_looked = text.size();
    m_matches = std::move(*whole);
    sortByPlace(m_matches.found);
    sortByPlace(m_matches.counted);
    recount(text);
    return {};
}

void LiveMatches::recount(std::string_view text) {
    Tallies tallies;
    for (const auto &candidate : m_matches.counted) {
        tallies.add(candidate, text);
    }
    m_tallied = tallies.take();
}

//! The number is the same; the first may have moved.
void LiveMatches::relocate() {
    for (auto &tallied : m_tallied) {
        const auto first = std::find_if(
            m_matches.counted.begin(), m_matches.counted.end(),
            [&](const Candidate &candidate) { return candidate.rule == tallied.rule; });
        if (first != m_matches.counted.end()) {
            tallied.whole = first->whole;
            tallied.secret = first->secret;
        }
    }
}

Result<MatchReport> LiveMatches::match(const Matcher &matcher, std::string_view text,
                                       std::string_view path, const Patience &patience) {
    const bool usable = m_known && !m_matches.tooMany && m_matches.gaveUp.empty();
    if (!m_known) {
        m_extent = matcher.extent();
    }
    m_known = false; // until this is through
    bool done = false;
    if (usable) {
        auto scanned = scanAround(matcher, editBetween(m_text, text), text, path, patience);
        if (!scanned) {
            return tl::unexpected(scanned.error());
        }
        done = *scanned;
    }
    if (!done) {
        if (auto scanned = scanWhole(matcher, text, path, patience); !scanned) {
            return tl::unexpected(scanned.error());
        }
    }
    m_text = text;
    m_known = true;
    auto candidates = m_matches.found;
    candidates.insert(candidates.end(), m_tallied.begin(), m_tallied.end());
    return MatchReport{findingsOf(text, std::move(candidates)), m_matches.tooMany,
                       m_matches.gaveUp};
}

LiveText::LiveText() : m_matches(std::make_unique<LiveMatches>()) {}
LiveText::~LiveText() = default;

ByteCount LiveText::looked() const {
    return m_matches->looked();
}

} // namespace sealpost::scan
