// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/MatchRun.h"

#include "base/Redact.h"
#include "base/Text.h"

#include <QCryptographicHash>
#include <algorithm>
#include <tuple>

namespace sealpost::scan {

namespace {

constexpr std::size_t kMaxTally = 10'000; //!< a larger number says nothing more to a person
constexpr int kMaxGivenUp = 8; //!< of one rule in one text; then it is left out of the rest

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::uint32_t charactersIn(std::string_view text) {
    return static_cast<std::uint32_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return !isContinuation(c); }));
}

std::string_view slice(std::string_view text, Span span) {
    return text.substr(span.from, span.to - span.from);
}

Span shifted(Span span, std::size_t by) {
    return {span.from + by, span.to + by};
}

std::string digestOf(std::string_view secret) {
    return QCryptographicHash::hash({secret.data(), static_cast<qsizetype>(secret.size())},
                                    QCryptographicHash::Sha256)
        .toStdString();
}

//! Lines of a text, asked for in rising order.
class LineCounter {
public:
    explicit LineCounter(std::string_view text) : m_text(text) {}

    void place(Span span, Location &location) {
        for (auto at = m_text.find('\n', m_start); at < span.from;
             at = m_text.find('\n', m_start)) {
            ++m_line;
            m_start = at + 1;
            m_counted = m_start;
            m_column = 1;
        }
        // A line can be as long as the text: no part of it is counted twice.
        m_column += charactersIn(slice(m_text, {m_counted, span.from}));
        m_counted = span.from;
        location.line = m_line;
        location.column = m_column;
        location.length = charactersIn(slice(m_text, span));
    }

private:
    std::string_view m_text;
    std::uint32_t m_line = 1;
    std::size_t m_start = 0;   //!< of the line
    std::size_t m_counted = 0; //!< up to where its characters are counted
    std::uint32_t m_column = 1;
};

//! Of candidates whose secrets overlap the most specific stays.
std::vector<Candidate> mostSpecific(std::vector<Candidate> candidates) {
    std::sort(candidates.begin(), candidates.end(), [](const Candidate &a, const Candidate &b) {
        const auto rank = [](const Candidate &c) {
            return std::tuple(-c.rule->rule.specificity, c.secret.from,
                              -static_cast<std::ptrdiff_t>(c.secret.to), &c.rule->rule);
        };
        return rank(a) < rank(b);
    });
    // Kept spans do not overlap, so a map by start answers the question in O(log n).
    std::map<std::size_t, std::size_t> taken;
    std::vector<Candidate> kept;
    for (auto &candidate : candidates) {
        const auto [from, to] = candidate.secret;
        const auto after = taken.lower_bound(to);
        const bool overlaps = after != taken.begin() && std::prev(after)->second > from;
        if (!overlaps) {
            taken.emplace(from, to);
            kept.push_back(std::move(candidate));
        }
    }
    std::sort(kept.begin(), kept.end(),
              [](const Candidate &a, const Candidate &b) { return a.secret.from < b.secret.from; });
    return kept;
}

} // namespace

void Tallies::add(const Candidate &candidate, std::string_view text) {
    auto &tally = m_tallies[candidate.rule];
    if (tally.distinct.size() < kMaxTally) {
        tally.distinct.insert(slice(text, candidate.secret));
    }
    if (tally.first.rule == nullptr) {
        tally.first = candidate;
    }
}

std::vector<Candidate> Tallies::take() {
    std::vector<Candidate> enough;
    for (auto &[rule, tally] : m_tallies) {
        if (tally.distinct.size() < rule->rule.leastCount) {
            continue;
        }
        std::string all;
        for (const auto secret : tally.distinct) {
            all += secret;
            all += '\0';
        }
        tally.first.digest = digestOf(all);
        tally.first.because.push_back("count: " + std::to_string(tally.distinct.size()));
        enough.push_back(std::move(tally.first));
    }
    return enough;
}

void MatchRun::examine(const std::vector<HitRange> &hits, std::size_t offset, Extent extent) {
    for (auto from = hits.begin(); from != hits.end();) {
        const auto to = std::find_if(from, hits.end(),
                                     [&](const HitRange &hit) { return hit.rule != from->rule; });
        std::size_t ends = 0;
        std::for_each(from, to, [&](const HitRange &hit) { ends += hit.ends; });
        if (extent == Extent::Part || ends >= m_rules[from->rule].rule.leastCount) {
            examineRule({from, to}, offset);
        }
        from = to;
    }
}

//! Hits of one rule.
void MatchRun::examineRule(std::span<const HitRange> hits, std::size_t offset) {
    const auto &rule = m_rules[hits.front().rule];
    auto &state = m_states[hits.front().rule];
    for (const auto &hit : hits) {
        if (m_tooMany || !isOn(rule, state)) {
            return;
        }
        const auto first = hit.first + offset;
        const auto from =
            std::max(state.next, first > rule.rule.reach ? first - rule.rule.reach : 0);
        if (from <= hit.last + offset) {
            state.next = search(rule, state, from, hit.last + offset);
        }
    }
}

std::vector<std::string> MatchRun::gaveUp() const {
    std::vector<std::string> rules;
    for (std::size_t i = 0; m_gaveUp && i < m_rules.size(); ++i) {
        if (m_states[i].gaveUp > 0) {
            rules.push_back(m_rules[i].rule.id);
        }
    }
    return rules;
}

//! Whether the rule is for this file, and still has patience with it.
bool MatchRun::isOn(const CompiledRule &rule, State &state) {
    if (state.use == Use::Unknown) {
        state.use = rule.isFor(m_path) && hasKeyword(rule.rule) ? Use::On : Use::Off;
    }
    return state.use == Use::On && state.gaveUp < kMaxGivenUp;
}

bool MatchRun::hasKeyword(const Rule &rule) {
    if (rule.keywords.empty()) {
        return true;
    }
    if (m_lower.empty()) {
        m_lower = base::asciiLower(m_text);
    }
    return std::any_of(rule.keywords.begin(), rule.keywords.end(), [&](const std::string &word) {
        return m_lower.find(word) != std::string::npos;
    });
}

//! All matches that start in [from, last]; where to go on.
std::size_t MatchRun::search(const CompiledRule &rule, State &state, std::size_t from,
                             std::size_t last) {
    // A window, since PCRE2 looks over all of its subject for broken UTF-8 at each call.
    const auto windowStart = from > kBehind ? from - kBehind : 0;
    const auto window = m_text.substr(windowStart, last - windowStart + rule.rule.ahead);
    const auto end =
        windowStart + window.size() < m_text.size() ? SubjectEnd::Cut : SubjectEnd::OfText;
    while (from <= last && !m_tooMany && state.gaveUp < kMaxGivenUp) {
        while (from < last && isContinuation(m_text[from])) {
            ++from; // PCRE2 starts at whole characters only
        }
        PatternMatch match;
        const auto outcome =
            rule.pattern->find(window, from - windowStart, last - windowStart, match, end);
        if (outcome == PatternOutcome::LimitReached) {
            ++state.gaveUp;
            m_gaveUp = true;
        }
        if (outcome != PatternOutcome::Match) {
            return last + 1;
        }
        Candidate candidate{&rule,
                            rule.rule.confidence,
                            shifted(match.whole, windowStart),
                            shifted(match.secret, windowStart),
                            {},
                            {}};
        bool gaveUp = false;
        const bool genuine = isGenuine(m_text, m_path, candidate, gaveUp);
        state.gaveUp += gaveUp ? 1 : 0;
        m_gaveUp = m_gaveUp || gaveUp;
        from = genuine ? candidate.whole.to : candidate.whole.from + 1;
        if (genuine) {
            if (rule.isAccount && !m_accounts.isEmpty()) {
                weighAccount(candidate);
            }
            keep(std::move(candidate));
        }
    }
    return from;
}

//! An account number that fits its sort code is one; one that doesn't may be a sample.
void MatchRun::weighAccount(Candidate &candidate) const {
    const auto around = std::string(slice(m_text, {candidate.whole.from, candidate.secret.from})) +
                        std::string(slice(m_text, {candidate.secret.to, candidate.whole.to}));
    const auto sortCode = digitsOf(around);
    const auto account = digitsOf(slice(m_text, candidate.secret));
    switch (m_accounts.judge(sortCode, account)) {
    case AccountChecks::Verdict::Unknown:
        break;
    case AccountChecks::Verdict::Fits:
        candidate.confidence = Confidence::High;
        candidate.because.emplace_back("check-digits");
        break;
    case AccountChecks::Verdict::DoesNotFit:
        candidate.confidence =
            candidate.confidence == Confidence::High ? Confidence::Medium : Confidence::Low;
        break;
    }
}

void MatchRun::keep(Candidate &&candidate) {
    if (candidate.rule->rule.leastCount > 1) {
        m_counted.push_back(std::move(candidate));
        return;
    }
    m_candidates.push_back(std::move(candidate));
    m_tooMany = m_candidates.size() >= kMaxFindings;
}

Finding findingOf(const Rule &rule, Confidence confidence) {
    Finding finding;
    finding.kind = rule.id;
    finding.title = rule.title;
    finding.nextStep = rule.nextStep;
    finding.category = rule.category;
    finding.confidence = confidence;
    finding.minimumClassification = rule.minimum;
    return finding;
}

std::vector<Finding> findingsOf(std::string_view text, std::vector<Candidate> candidates) {
    std::vector<Finding> findings;
    LineCounter lines(text);
    for (auto &candidate : mostSpecific(std::move(candidates))) {
        const auto &rule = candidate.rule->rule;
        auto finding = findingOf(rule, candidate.confidence);
        const auto secret = slice(text, candidate.secret);
        finding.because = std::move(candidate.because);
        lines.place(candidate.secret, finding.location);
        finding.excerpt =
            rule.category == Category::Marking ? std::string(secret) : base::redacted(secret);
        finding.digest = candidate.digest.empty() ? digestOf(secret) : std::move(candidate.digest);
        findings.push_back(std::move(finding));
    }
    return findings;
}

} // namespace sealpost::scan
