// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Matcher.h"

#include "base/Redact.h"
#include "base/Text.h"
#include "scan/Pattern.h"
#include "scan/Prefilter.h"
#include "scan/validators/Validators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>
#include <tuple>

namespace sealpost::scan {

namespace {

constexpr std::size_t kBlock = std::size_t{1024} * 1024; //!< text between two looks at the clock
constexpr std::size_t kOverlap = 1024;                   //!< more than any anchor is long
constexpr std::size_t kBehind = 64;                      //!< what look-behinds may see
constexpr std::size_t kAhead = 4096;                     //!< the longest match behind its anchor
constexpr std::size_t kContext = 120;                    //!< nearby words, bytes on either side
constexpr std::size_t kHeaderLine = 1024;                //!< a table's first line counts as nearby
constexpr std::size_t kMaxFindings = 1'000; //!< of one text; more add nothing for a person

double entropyOf(std::string_view text) {
    std::array<std::size_t, 256> counts{};
    for (const char c : text) {
        ++counts.at(static_cast<unsigned char>(c));
    }
    double bits = 0;
    for (const auto count : counts) {
        if (count > 0) {
            const auto share = static_cast<double>(count) / static_cast<double>(text.size());
            bits -= share * std::log2(share);
        }
    }
    return bits;
}

bool isContinuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::string_view slice(std::string_view text, Span span) {
    return text.substr(span.from, span.to - span.from);
}

bool isWordCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

//! Whole words only: "nin" is not in "running". `text` is lower case.
bool hasWord(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const auto end = at + word.size();
        const bool startsWord = at == 0 || !isWordCharacter(text[at - 1]);
        const bool endsWord = end == text.size() || !isWordCharacter(text[end]);
        if (startsWord && endsWord) {
            return true;
        }
    }
    return false;
}

bool hasAny(std::string_view text, const std::vector<std::string> &words) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string &word) { return hasWord(text, word); });
}

//! What stands around a match, lower case; the first line of a table among it.
std::string surroundings(std::string_view text, Span span) {
    const auto from = span.from > kContext ? span.from - kContext : 0;
    auto around = base::asciiLower(slice(text, {from, span.from}));
    around += ' ';
    around += base::asciiLower(slice(text, {span.to, std::min(span.to + kContext, text.size())}));
    const auto firstLine = text.substr(0, std::min(text.find('\n'), kHeaderLine));
    if (from > 0 && firstLine.find_first_of(",;\t|") != std::string_view::npos) {
        around += '\n' + base::asciiLower(firstLine);
    }
    return around;
}

Confidence raised(Confidence confidence) {
    return confidence == Confidence::Low ? Confidence::Medium : Confidence::High;
}

struct CompiledRule {
    Rule rule;
    Pattern pattern;
    std::vector<Pattern> allow;
    Validator validator = nullptr;
};

struct Candidate {
    const CompiledRule *rule = nullptr;
    Confidence confidence = Confidence::Medium;
    Span whole;
    Span secret;
};

//! The exact match has been seen; what is left speaks for it or against it.
bool isGenuine(const CompiledRule &compiled, std::string_view text, Candidate &candidate) {
    const auto &rule = compiled.rule;
    const auto secret = slice(text, candidate.secret);
    if (rule.entropy > 0 && entropyOf(secret) < rule.entropy) {
        return false;
    }
    if (compiled.validator != nullptr && !compiled.validator(secret)) {
        return false;
    }
    if (std::any_of(compiled.allow.begin(), compiled.allow.end(),
                    [&](const Pattern &pattern) { return pattern.contains(secret); })) {
        return false;
    }
    candidate.confidence = rule.confidence;
    if (rule.context.empty() && rule.notNear.empty()) {
        return true;
    }
    const auto around = surroundings(text, candidate.secret);
    if (hasAny(around, rule.context)) {
        candidate.confidence = raised(rule.confidence);
        return true;
    }
    return !rule.contextRequired && !hasAny(around, rule.notNear);
}

//! One text on its way.
class Run {
public:
    Run(std::string_view text, const std::vector<CompiledRule> &rules)
        : m_text(text), m_rules(rules) {}

    //! `hits` of one rule, ascending.
    void examine(const CompiledRule &rule, std::span<const Hit> hits, std::size_t offset) {
        std::size_t next = 0; // nothing that starts before it is looked at again
        for (std::size_t i = 0; i < hits.size() && !m_limitReached; ++i) {
            const auto end = hits[i].end + offset;
            const auto from = std::max(next, end > rule.rule.reach ? end - rule.rule.reach : 0);
            if (from <= end) {
                next = search(rule, from, end);
            }
        }
    }

    void examineAll(const std::vector<Hit> &hits, std::size_t offset) {
        for (std::size_t i = 0; i < hits.size();) {
            std::size_t j = i;
            while (j < hits.size() && hits[j].rule == hits[i].rule) {
                ++j;
            }
            examine(m_rules[hits[i].rule], std::span(hits).subspan(i, j - i), offset);
            i = j;
        }
    }

    MatchReport finish() {
        keepMostSpecific();
        MatchReport report;
        report.limitReached = m_limitReached || m_gaveUp;
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
    //! All matches that start in [from, last]; where to go on.
    std::size_t search(const CompiledRule &rule, std::size_t from, std::size_t last) {
        // A window, since PCRE2 looks over all of its subject for broken UTF-8 at each call.
        const auto windowStart = from > kBehind ? from - kBehind : 0;
        const auto window = m_text.substr(windowStart, last - windowStart + kAhead);
        while (from <= last) {
            while (from < last && isContinuation(m_text[from])) {
                ++from; // PCRE2 starts at whole characters only
            }
            PatternMatch match;
            const auto outcome =
                rule.pattern.find(window, from - windowStart, last - windowStart, match);
            m_gaveUp = m_gaveUp || outcome == PatternOutcome::LimitReached;
            if (outcome != PatternOutcome::Match) {
                return last + 1;
            }
            Candidate candidate{&rule, rule.rule.confidence, shifted(match.whole, windowStart),
                                shifted(match.secret, windowStart)};
            from = isGenuine(rule, m_text, candidate) ? keep(candidate) : candidate.whole.from + 1;
        }
        return from;
    }

    std::size_t keep(const Candidate &candidate) {
        m_candidates.push_back(candidate);
        m_limitReached = m_candidates.size() >= kMaxFindings;
        return candidate.whole.to;
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
        Finding finding;
        finding.kind = rule.id;
        finding.category = rule.category;
        finding.confidence = candidate.confidence;
        finding.minimumClassification = rule.minimum;
        finding.location.line = line;
        finding.location.column = static_cast<std::uint32_t>(characters) + 1;
        const auto secret = slice(m_text, candidate.secret);
        finding.excerpt =
            rule.category == Category::Marking ? std::string(secret) : base::redacted(secret);
        return finding;
    }

    std::string_view m_text;
    const std::vector<CompiledRule> &m_rules;
    std::vector<Candidate> m_candidates;
    bool m_limitReached = false;
    bool m_gaveUp = false;
};

Result<CompiledRule> compiled(const Rule &rule) {
    const auto named = [&](Error error) {
        error.logSafeDetail = rule.id + ": " + error.logSafeDetail;
        return tl::unexpected(std::move(error));
    };
    auto pattern = Pattern::compile(rule.regex, rule.secretGroup);
    if (!pattern) {
        return named(pattern.error());
    }
    CompiledRule result{rule, std::move(*pattern), {}, findValidator(rule.validator)};
    for (const auto &regex : rule.allow) {
        auto allow = Pattern::compile(regex, 0);
        if (!allow) {
            return named(allow.error());
        }
        result.allow.push_back(std::move(*allow));
    }
    return result;
}

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

Result<Matcher> Matcher::create(const RuleSet &rules, std::string_view serialisedAnchors) {
    std::vector<CompiledRule> compiledRules;
    for (const auto &rule : rules.rules()) {
        auto one = compiled(rule);
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

Result<MatchReport> Matcher::match(std::string_view text, const Patience &patience) const {
    Run run(text, d->rules);
    for (std::size_t from = 0; from < text.size(); from += kBlock) {
        if (auto patient = patience.check(); !patient) {
            return tl::unexpected(patient.error());
        }
        const auto start = from > kOverlap ? from - kOverlap : 0;
        const auto hits = d->prefilter.hits(text.substr(start, from + kBlock - start));
        if (!hits) {
            return tl::unexpected(hits.error());
        }
        run.examineAll(*hits, start);
    }
    return run.finish();
}

} // namespace sealpost::scan
