// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/Scanner.h"

#include "scan/ContentWalk.h"
#include "scan/Matcher.h"

#include <QFile>

//! Outside every namespace, as Qt asks; a static library's resources are not registered by itself.
static void registerAnchors() {
    Q_INIT_RESOURCE(scan_anchors);
}

namespace sealpost::scan {

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
    const auto rules = RuleSet::builtIn();
    if (!rules) {
        return tl::unexpected(rules.error());
    }
    registerAnchors();
    QFile file(QStringLiteral(":/rules/anchors.hsdb"));
    const auto anchors = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    auto matcher =
        Matcher::create(*rules, {anchors.constData(), static_cast<std::size_t>(anchors.size())},
                        PatternCompilation::OnFirstUse);
    if (!matcher) {
        return tl::unexpected(matcher.error());
    }
    return std::shared_ptr<const Scanner>(
        new Scanner(std::make_unique<Private>(Private{std::move(*matcher), Reader(), limits})));
}

ScanReport Scanner::scanText(std::string_view text, std::string_view source) const {
    ScanReport report;
    report.items = 1;
    report.bytes = text.size();
    // What a person types is short; there is nothing to wait for.
    const Patience patience{Deadline::after(std::chrono::minutes(1)), {}};
    auto matched = d->matcher.match(text, source, patience);
    if (!matched) {
        report.skipped.push_back({std::string(source), "engine"});
    } else {
        if (matched->tooMany) {
            report.skipped.push_back({std::string(source), "too-many-findings"});
        }
        for (auto &rule : matched->gaveUp) {
            report.skipped.push_back({std::string(source), "rule-gave-up", std::move(rule)});
        }
        report.findings = std::move(matched->findings);
    }
    for (auto &finding : report.findings) {
        finding.location.source = source;
    }
    return report;
}

Result<ScanReport> Scanner::scanBytes(std::string_view bytes, std::string_view name,
                                      Deadline deadline, std::stop_token stop) const {
    ContentWalk walk(d->matcher, d->reader, d->limits, Patience{deadline, std::move(stop)},
                     std::string(name));
    if (auto walked = walk.visit(bytes, {}, 0); !walked) {
        return tl::unexpected(walked.error());
    }
    return walk.take();
}

} // namespace sealpost::scan
