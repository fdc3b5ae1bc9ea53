// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "base/Text.h"
#include "scan/ContentWalk.h"
#include "scan/LiveMatches.h"
#include "scan/Matcher.h"
#include "scan/OwnRules.h"
#include "scan/TextDecoder.h"

#include <QFile>

//! Outside every namespace, as Qt asks; a static library's resources are not registered by itself.
static void registerAnchors() {
    Q_INIT_RESOURCE(scan_anchors);
}

namespace sealpost::scan {

namespace {

Result<Matcher> builtInMatcher() {
    const auto rules = RuleSet::builtIn();
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    registerAnchors();
    QFile file(QStringLiteral(":/rules/anchors.hsdb"));
    const auto anchors = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    return Matcher::create(*rules, {anchors.constData(), static_cast<std::size_t>(anchors.size())},
                           PatternCompilation::OnFirstUse);
}

Result<Matcher> matcherWith(std::vector<Rule> own, const std::string &cache) {
    const auto rules = RuleSet::builtInAnd(std::move(own));
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    const auto kept = keptAnchors(cache);
    auto matcher = Matcher::create(*rules, kept, PatternCompilation::Now);
    if (matcher && !cache.empty()) {
        const auto anchors = matcher->serialisedAnchors(*rules);
        if (anchors && *anchors != kept) {
            keepAnchors(cache, *anchors);
        }
    }
    return matcher;
}

Result<Matcher> extendedMatcher(const std::vector<std::string> &files, const std::string &cache) {
    auto own = readOwnRules(files);
    if (!own) {
        return tl::unexpected(own.error());
    }
    auto matcher =
        own->rules.empty() ? builtInMatcher() : matcherWith(std::move(own->rules), cache);
    if (matcher && !own->accounts.isEmpty()) {
        matcher->check(std::move(own->accounts));
    }
    return matcher;
}

//! What a person types is short; there is nothing to wait for.
Patience patienceWhileWriting() {
    return {Deadline::after(std::chrono::minutes(1)), {}};
}

ScanReport reportOf(std::string_view text, std::string_view source, Result<MatchReport> matched) {
    ScanReport report;
    report.items = 1;
    report.bytes = text.size();
    if (!matched) {
        report.skipped.push_back({std::string(source), "engine"});
        return report;
    }
    if (matched->tooMany) {
        report.skipped.push_back({std::string(source), "too-many-findings"});
    }
    for (auto &rule : matched->gaveUp) {
        report.skipped.push_back({std::string(source), "rule-gave-up", std::move(rule)});
    }
    report.findings = std::move(matched->findings);
    for (auto &finding : report.findings) {
        finding.location.source = source;
    }
    return report;
}

} // namespace

struct Scanner::Private {
    Matcher matcher;
    Reader reader;
    ScanLimits limits;
};

Scanner::Scanner(std::unique_ptr<Private> data) : d(std::move(data)) {}
Scanner::~Scanner() = default;

void ScanReport::append(ScanReport &&other) {
    std::move(other.findings.begin(), other.findings.end(), std::back_inserter(findings));
    std::move(other.skipped.begin(), other.skipped.end(), std::back_inserter(skipped));
    items += other.items;
    bytes += other.bytes;
}

Result<std::shared_ptr<const Scanner>> Scanner::create(ScanLimits limits) {
    return create(ScannerOptions{limits, {}, {}});
}

Result<std::shared_ptr<const Scanner>> Scanner::create(const ScannerOptions &with) {
    auto matcher = with.ruleFiles.empty() ? builtInMatcher()
                                          : extendedMatcher(with.ruleFiles, with.cacheFolder);
    if (!matcher) {
        return tl::unexpected(matcher.error());
    }
    return std::shared_ptr<const Scanner>(new Scanner(
        std::make_unique<Private>(Private{std::move(*matcher), Reader(), with.limits})));
}

ScanReport Scanner::scanText(std::string_view text, std::string_view source) const {
    const auto plain = plainlySpaced(text);
    const auto read = plain.empty() ? text : std::string_view(plain);
    return reportOf(text, source, d->matcher.match(read, source, patienceWhileWriting()));
}

ScanReport Scanner::scanText(std::string_view text, std::string_view source, LiveText &live) const {
    const auto plain = plainlySpaced(text);
    const auto read = plain.empty() ? text : std::string_view(plain);
    return reportOf(text, source,
                    live.m_matches->match(d->matcher, read, source, patienceWhileWriting()));
}

Result<ScanReport> Scanner::scanBytes(std::string_view bytes, std::string_view name,
                                      Deadline deadline, std::stop_token stop,
                                      ScanProgress progress) const {
    ContentWalk walk(d->matcher, d->reader, d->limits,
                     Patience{deadline, std::move(stop), std::move(progress)}, std::string(name));
    if (auto walked = walk.visit(bytes, {}, 0); !walked) {
        return tl::unexpected(walked.error());
    }
    return walk.take();
}

std::string Scanner::meaningOf(std::string_view name) const {
    const auto dot = name.find('.');
    const auto suffixes = dot == std::string_view::npos ? "" : base::asciiLower(name.substr(dot));
    // What is in a compressed file is named after it.
    return namesItsContent(name) ? std::string(name)
                                 : suffixes + '\n' + d->matcher.meaningOfPath(name);
}

} // namespace sealpost::scan
