// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Matcher.h"

#include "base/Redact.h"
#include "base/Text.h"
#include "scan/Judge.h"
#include "scan/Prefilter.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace sealpost::scan {

namespace {

constexpr std::size_t kBlock = std::size_t{1024} * 1024; //!< text between two looks at the clock
constexpr std::size_t kOverlap = 1024;                   //!< more than any anchor is long
constexpr std::size_t kBehind = 64;                      //!< what look-behinds may see
constexpr std::size_t kMaxFindings = 1'000; //!< of one text; more add nothing for a person
constexpr std::size_t kMaxTally = 10'000;   //!< nor does a larger number
constexpr int kMaxGivenUp = 8; //!< of one rule in one text; then it is left out of the rest

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string_view slice(std::string_view text, Span span) {
    return text.substr(span.from, span.to - span.from);
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

//! The secrets of a rule that says something by their number alone.
struct Tally {
    std::set<std::string_view> distinct;
    Candidate first;
};

//! One text on its way.
class Run {
public:
    Run(std::string_view text, std::string_view path, const std::vector<CompiledRule> &rules)
        : m_text(text), m_path(path), m_rules(rules), m_states(rules.size()) {}

    void examine(const std::vector<HitRange> &hits, std::size_t offset) {
        for (const auto &hit : hits) {
            if (m_tooMany) {
                return;
            }
            const auto &rule = m_rules[hit.rule];
            auto &state = m_states[hit.rule];
            if (!isOn(rule, state)) {
                continue;
            }
            const auto first = hit.first + offset;
            const auto from =
                std::max(state.next, first > rule.rule.reach ? first - rule.rule.reach : 0);
            if (from <= hit.last + offset) {
                state.next = search(rule, state, from, hit.last + offset);
            }
        }
    }

    MatchReport finish() {
        addTallies();
        keepMostSpecific();
        MatchReport report;
        report.tooMany = m_tooMany;
        for (std::size_t i = 0; i < m_rules.size(); ++i) {
            if (m_states[i].gaveUp > 0) {
                report.gaveUp.push_back(m_rules[i].rule.id);
            }
        }
        std::size_t at = 0;
        std::uint32_t line = 1;
        std::size_t lineStart = 0;
        for (const auto &candidate : m_candidates) {
            for (; at < candidate.secret.from; ++at) {
                if (m_text[at] == '\n') {
                    ++line;
                    lineStart = at + 1;
                }
            }
            report.findings.push_back(toFinding(candidate, line, lineStart));
        }
        return report;
    }

private:
    enum class Use { Unknown, On, Off };
    struct State {
        Use use = Use::Unknown;
        std::size_t next = 0; //!< nothing that starts before it is looked at again
        int gaveUp = 0;
    };

    //! Whether the rule is for this file, and still has patience with it.
    bool isOn(const CompiledRule &rule, State &state) {
        if (state.use == Use::Unknown) {
            state.use = rule.isFor(m_path) && hasKeyword(rule.rule) ? Use::On : Use::Off;
        }
        return state.use == Use::On && state.gaveUp < kMaxGivenUp;
    }

    bool hasKeyword(const Rule &rule) {
        if (rule.keywords.empty()) {
            return true;
        }
        if (m_lower.empty()) {
            m_lower = base::asciiLower(m_text);
        }
        return std::any_of(
            rule.keywords.begin(), rule.keywords.end(),
            [&](const std::string &word) { return m_lower.find(word) != std::string::npos; });
    }

    //! All matches that start in [from, last]; where to go on.
    std::size_t search(const CompiledRule &rule, State &state, std::size_t from, std::size_t last) {
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
            }
            if (outcome != PatternOutcome::Match) {
                return last + 1;
            }
            Candidate candidate{&rule,
                                rule.rule.confidence,
                                shifted(match.whole, windowStart),
                                shifted(match.secret, windowStart),
                                {}};
            bool gaveUp = false;
            const bool genuine = isGenuine(m_text, candidate, gaveUp);
            state.gaveUp += gaveUp ? 1 : 0;
            from = genuine ? candidate.whole.to : candidate.whole.from + 1;
            if (genuine) {
                keep(std::move(candidate));
            }
        }
        return from;
    }

    void keep(Candidate &&candidate) {
        if (candidate.rule->rule.leastCount > 1) {
            auto &tally = m_tallies[candidate.rule];
            if (tally.distinct.empty()) {
                tally.first = candidate;
            }
            if (tally.distinct.size() < kMaxTally) {
                tally.distinct.insert(slice(m_text, candidate.secret));
            }
            return;
        }
        m_candidates.push_back(std::move(candidate));
        m_tooMany = m_candidates.size() >= kMaxFindings;
    }

    void addTallies() {
        for (auto &[rule, tally] : m_tallies) {
            if (tally.distinct.size() >= rule->rule.leastCount) {
                tally.first.because.push_back("count: " + std::to_string(tally.distinct.size()));
                m_candidates.push_back(std::move(tally.first));
            }
        }
    }

    static Span shifted(Span span, std::size_t by) { return {span.from + by, span.to + by}; }

    //! Of candidates whose secrets overlap the most specific stays.
    void keepMostSpecific() {
        std::sort(
            m_candidates.begin(), m_candidates.end(), [](const Candidate &a, const Candidate &b) {
                const auto rank = [](const Candidate &c) {
                    return std::tuple(-c.rule->rule.specificity, c.secret.from,
                                      -static_cast<std::ptrdiff_t>(c.secret.to), &c.rule->rule);
                };
                return rank(a) < rank(b);
            });
        // Kept spans do not overlap, so a map by start answers the question in O(log n).
        std::map<std::size_t, std::size_t> taken;
        std::vector<Candidate> kept;
        for (const auto &candidate : m_candidates) {
            const auto [from, to] = candidate.secret;
            const auto after = taken.lower_bound(to);
            const bool overlaps = after != taken.begin() && std::prev(after)->second > from;
            if (!overlaps) {
                taken.emplace(from, to);
                kept.push_back(candidate);
            }
        }
        std::sort(kept.begin(), kept.end(), [](const Candidate &a, const Candidate &b) {
            return a.secret.from < b.secret.from;
        });
        m_candidates = std::move(kept);
    }

    Finding toFinding(const Candidate &candidate, std::uint32_t line, std::size_t lineStart) const {
        const auto &rule = candidate.rule->rule;
        const auto before = slice(m_text, {lineStart, candidate.secret.from});
        const auto characters =
            std::count_if(before.begin(), before.end(), [](char c) { return !isContinuation(c); });
        auto finding = findingOf(rule, candidate.confidence);
        finding.because = candidate.because;
        finding.location.line = line;
        finding.location.column = static_cast<std::uint32_t>(characters) + 1;
        const auto secret = slice(m_text, candidate.secret);
        finding.excerpt =
            rule.category == Category::Marking ? std::string(secret) : base::redacted(secret);
        return finding;
    }

    std::string_view m_text;
    std::string_view m_path;
    std::string m_lower; //!< the text in lower case, once a rule with keywords needs it
    const std::vector<CompiledRule> &m_rules;
    std::vector<State> m_states; //!< of each rule
    std::vector<Candidate> m_candidates;
    std::map<const CompiledRule *, Tally> m_tallies;
    bool m_tooMany = false;
};

} // namespace

Result<void> Patience::check() const {
    if (stop.stop_requested()) {
        return fail("scan.stopped", "scan", Reaction::Retry);
    }
    if (deadline.passed()) {
        return fail("scan.deadline", "scan", Reaction::Retry);
    }
    return {};
}

struct Matcher::Private {
    std::vector<CompiledRule> rules;
    Prefilter prefilter;
};

Matcher::Matcher(std::unique_ptr<Private> data) : d(std::move(data)) {}
Matcher::Matcher(Matcher &&other) noexcept = default;
Matcher &Matcher::operator=(Matcher &&other) noexcept = default;
Matcher::~Matcher() = default;

Result<Matcher> Matcher::create(const RuleSet &rules, std::string_view serialisedAnchors,
                                PatternCompilation when) {
    std::vector<CompiledRule> compiledRules;
    for (const auto &rule : rules.rules()) {
        auto one = compileRule(rule, when);
        if (!one) {
            return tl::unexpected(one.error());
        }
        compiledRules.push_back(std::move(*one));
    }
    auto prefilter = Prefilter::load(rules.anchors(), serialisedAnchors);
    if (!prefilter) {
        return tl::unexpected(prefilter.error());
    }
    return Matcher(
        std::make_unique<Private>(Private{std::move(compiledRules), std::move(*prefilter)}));
}

Result<std::string> Matcher::serialisedAnchors(const RuleSet &rules) const {
    return d->prefilter.serialised(rules.anchors());
}

Result<MatchReport> Matcher::match(std::string_view text, std::string_view path,
                                   const Patience &patience) const {
    Run run(text, path, d->rules);
    for (std::size_t from = 0; from < text.size(); from += kBlock) {
        if (auto patient = patience.check(); !patient) {
            return tl::unexpected(patient.error());
        }
        const auto start = from > kOverlap ? from - kOverlap : 0;
        const auto hits = d->prefilter.hits(text.substr(start, from + kBlock - start));
        if (!hits) {
            return tl::unexpected(hits.error());
        }
        run.examine(*hits, start);
    }
    return run.finish();
}

std::vector<Finding> Matcher::matchPath(std::string_view path) const {
    std::vector<Finding> findings;
    for (const auto &rule : d->rules) {
        if (!rule.pattern && rule.isFor(path)) {
            findings.push_back(findingOf(rule.rule, rule.rule.confidence));
            findings.back().because = {"file"};
        }
    }
    return findings;
}

} // namespace sealpost::scan
