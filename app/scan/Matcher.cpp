// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Matcher.h"

#include "scan/Judge.h"
#include "scan/MatchRun.h"
#include "scan/Prefilter.h"

#include <algorithm>

namespace sealpost::scan {

namespace {

constexpr std::size_t kBlock = std::size_t{1024} * 1024; //!< text between two looks at the clock
constexpr std::size_t kOverlap = 1024;                   //!< more than any anchor is long

} // namespace

struct Matcher::Private {
    std::vector<CompiledRule> rules;
    Prefilter prefilter;
    AccountChecks accounts{};

    //! Takes the text from `from` on, one block of it.
    Result<void> examine(MatchRun &run, std::string_view text, Span block, MatchRun::Extent extent,
                         const Patience &patience) const {
        if (auto patient = patience.check(); !patient) {
            return patient;
        }
        const auto hits = prefilter.hits(text.substr(block.from, block.to - block.from));
        if (!hits) {
            return tl::unexpected(hits.error());
        }
        run.examine(*hits, block.from, extent);
        return {};
    }
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
        std::make_unique<Private>(Private{std::move(compiledRules), std::move(*prefilter), {}}));
}

Result<std::string> Matcher::serialisedAnchors(const RuleSet &rules) const {
    return d->prefilter.serialised(rules.anchors());
}

void Matcher::check(AccountChecks accounts) {
    d->accounts = std::move(accounts);
}

Result<MatchReport> Matcher::match(std::string_view text, std::string_view path,
                                   const Patience &patience) const {
    MatchRun run(text, path, d->rules, d->accounts);
    Tallies tallies;
    const auto extent = text.size() <= kBlock ? MatchRun::Extent::Whole : MatchRun::Extent::Part;
    for (std::size_t from = 0; from < text.size(); from += kBlock) {
        const auto start = from > kOverlap ? from - kOverlap : 0;
        const auto end = std::min(text.size(), from + kBlock);
        if (auto examined = d->examine(run, text, {start, end}, extent, patience); !examined) {
            return tl::unexpected(examined.error());
        }
        for (const auto &candidate : run.takeCounted()) {
            tallies.add(candidate, text);
        }
        patience.reached(end, text.size());
    }
    auto candidates = run.takeFound();
    auto enough = tallies.take();
    std::move(enough.begin(), enough.end(), std::back_inserter(candidates));
    return MatchReport{findingsOf(text, std::move(candidates)), run.tooMany(), run.gaveUp()};
}

Result<Matches> Matcher::matchesIn(std::string_view text, Span window, std::string_view path,
                                   const Patience &patience) const {
    MatchRun run(text, path, d->rules, d->accounts);
    for (auto from = window.from; from < window.to; from += kBlock) {
        const auto start = from - window.from > kOverlap ? from - kOverlap : window.from;
        const auto end = std::min(window.to, from + kBlock);
        if (auto examined = d->examine(run, text, {start, end}, MatchRun::Extent::Part, patience);
            !examined) {
            return tl::unexpected(examined.error());
        }
    }
    return Matches{run.takeFound(), run.takeCounted(), run.tooMany(), run.gaveUp()};
}

MatchExtent Matcher::extent() const {
    MatchExtent extent;
    for (const auto &compiled : d->rules) {
        const auto &rule = compiled.rule;
        extent.match = std::max(extent.match, rule.reach + Prefilter::kLongest + rule.ahead);
        extent.context = std::max(extent.context, rule.distance);
        extent.keywords.insert(rule.keywords.begin(), rule.keywords.end());
    }
    extent.context += kLineNearby + kBehind;
    return extent;
}

std::string Matcher::meaningOfPath(std::string_view path) const {
    const auto inside = std::string(path) + "/x";
    std::string meaning;
    for (const auto &rule : d->rules) {
        meaning += rule.meaningOf(path) + rule.meaningOf(inside);
    }
    return meaning;
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
