// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/FindingNames.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <QStringList>
#include <algorithm>
#include <array>
#include <utility>

namespace sealpost::wording {

namespace {

QString nameOfKind(const std::string &kind) {
    if (const auto *words = wordsOfKind(kind)) {
        return tr(words->name);
    }
    auto readable = toQString(kind);
    return readable.replace(QLatin1Char('-'), QLatin1Char(' '));
}

QString sourceText(const std::string &source) {
    if (source == "body") {
        return tr("the message");
    }
    if (source == "subject") {
        return tr("the subject");
    }
    return toQString(source);
}

constexpr std::array<std::pair<std::string_view, const char *>, 25> kSkippedBecause = {{
    {"encrypted", "it is encrypted"},
    {"damaged", "it is damaged"},
    {"too-large", "it is too large"},
    {"too-deep", "it is packed too many times over"},
    {"too-many-items", "it holds too many files"},
    {"too-many-findings", "it holds more findings than can be listed"},
    {"rule-gave-up", "a rule found it too complicated"},
    {"suspicious-ratio", "it unpacks to far more than its size, as a trap would"},
    {"not-supported", "its kind can't be looked into"},
    {"engine", "the scanner failed"},
    {"image-too-large", "the picture is too large"},
    {"image-damaged", "the picture is damaged"},
    {"pdf-damaged", "the PDF is damaged"},
    {"too-many-pages", "it has too many pages"},
    {"no-text", "its pages are pictures"},
    {"took-too-long", "it took too long"},
    {"helper-failed", "the part of the scanner that reads such files failed on it"},
    {"helper-missing", "the part of the scanner that reads such files is missing"},
    {"symlink", "it is a link"},
    {"not-a-file", "it is no ordinary file"},
    {"unreadable", "it can't be read"},
    {"not-found", "it is not there"},
    {"changed", "it changed while it was read"},
    {"deadline", "there was not enough time"},
    {"stopped", "the scan was stopped"},
}};

//! One of Finding::because as a clause.
QString reasonText(const QString &because) {
    static const auto kNear = QStringLiteral("near: ");
    static const auto kCount = QStringLiteral("count: ");
    if (because == QLatin1String("shape")) {
        return tr("it is written like one");
    }
    if (because == QLatin1String("check-digits")) {
        return tr("its check characters fit");
    }
    if (because == QLatin1String("random")) {
        return tr("it looks random");
    }
    if (because == QLatin1String("file")) {
        return tr("the file is built like one");
    }
    if (because.startsWith(kNear)) {
        return tr("“%1” stands near it").arg(because.mid(kNear.size()));
    }
    if (because.startsWith(kCount)) {
        return tr("there are %1 different ones").arg(because.mid(kCount.size()));
    }
    return because;
}

const char *stepOf(scan::Category category) {
    switch (category) {
    case scan::Category::PrivateKey:
        return "Leave the key where it was made, and send the certificate or public key alone.";
    case scan::Category::Credential:
        return "Take it out, and replace it where it is used if it has gone out before.";
    case scan::Category::OneTimeSeed:
        return "Take it out, and set the authenticator up anew if it has gone out before.";
    case scan::Category::PersonalData:
        return "Send it encrypted to those who need it alone, or leave it out.";
    case scan::Category::Marking:
        return "Send it by the route for that marking.";
    case scan::Category::Hidden:
        return "Look into it yourself before you send it.";
    }
    return "";
}

const char *skippedBecause(const std::string &why) {
    const auto *found = std::find_if(kSkippedBecause.begin(), kSkippedBecause.end(),
                                     [&](const auto &entry) { return entry.first == why; });
    return found == kSkippedBecause.end() ? nullptr : found->second;
}

} // namespace

QString findingName(const scan::Finding &finding) {
    if (!finding.title.empty()) {
        return toQString(finding.title);
    }
    return nameOfKind(finding.kind);
}

QString nextStep(const scan::Finding &finding) {
    if (const auto *words = wordsOfKind(finding.kind)) {
        return tr(words->nextStep);
    }
    // An organisation's rule says what to do in its own words, or by its category.
    return finding.nextStep.empty() ? tr(stepOf(finding.category)) : toQString(finding.nextStep);
}

QString dismissLink(const scan::Finding &finding) {
    switch (finding.category) {
    case scan::Category::PrivateKey:
    case scan::Category::Credential:
    case scan::Category::OneTimeSeed:
        return tr("Not a secret?");
    case scan::Category::PersonalData:
        return tr("Not personal data?");
    case scan::Category::Marking:
    case scan::Category::Hidden:
        return tr("Wrongly found?");
    }
    return {};
}

QString dismissQuestion(const scan::Finding &finding) {
    switch (finding.category) {
    case scan::Category::PrivateKey:
    case scan::Category::Credential:
    case scan::Category::OneTimeSeed:
        return tr("Why is this not a secret?");
    case scan::Category::PersonalData:
        return tr("Why is this not personal data?");
    case scan::Category::Marking:
    case scan::Category::Hidden:
        return tr("Why was this wrongly found?");
    }
    return {};
}

QString dismissedText(const scan::Finding &finding) {
    const auto reason = toQString(finding.dismissedBecause);
    switch (finding.category) {
    case scan::Category::PrivateKey:
    case scan::Category::Credential:
    case scan::Category::OneTimeSeed:
        return tr("Marked as not a secret: “%1”").arg(reason);
    case scan::Category::PersonalData:
        return tr("Marked as not personal data: “%1”").arg(reason);
    case scan::Category::Marking:
    case scan::Category::Hidden:
        return tr("Marked as wrongly found: “%1”").arg(reason);
    }
    return {};
}

QString whyText(const scan::Finding &finding) {
    QStringList reasons;
    for (const auto &because : finding.because) {
        reasons.append(reasonText(toQString(because)));
    }
    auto text = listed(reasons);
    if (!text.isEmpty()) {
        text[0] = text.at(0).toUpper();
        text += QLatin1Char('.');
    }
    return text;
}

QString withArticle(const QString &name) {
    if (name.isEmpty()) {
        return name;
    }
    // Letters that are read out with a vowel first: "an SSH private key", "an NHS number".
    static const QString kVowelAcronyms = QStringLiteral("AEFHILMNORSX");
    const bool acronym =
        name.size() > 1 && name.at(0).isUpper() && (name.at(1).isUpper() || name.at(1).isDigit());
    const bool vowel = acronym ? kVowelAcronyms.contains(name.at(0))
                               : QStringLiteral("aeioAEIO").contains(name.at(0));
    return (vowel ? tr("an %1") : tr("a %1")).arg(name);
}

QString listed(const QStringList &items) {
    if (items.size() < 2) {
        return items.join(QString());
    }
    return tr("%1 and %2")
        .arg(items.mid(0, items.size() - 1).join(QStringLiteral(", ")), items.last());
}

QString locationText(const scan::Location &location) {
    auto place = sourceText(location.source);
    if (!location.part.empty()) {
        place = tr("%1: %2").arg(place, toQString(location.part));
    }
    if (location.line > 0) {
        place = tr("%1, line %2").arg(place).arg(location.line);
    }
    return place;
}

QString findingsTitle(const std::vector<scan::Finding> &findings) {
    constexpr qsizetype kNamed = 3;
    QStringList names;
    for (const auto &finding : findings) {
        if (!scan::stands(finding)) {
            continue;
        }
        const auto name = withArticle(findingName(finding));
        if (!names.contains(name)) {
            names.append(name);
        }
    }
    if (names.isEmpty()) {
        return tr("Before you send");
    }
    if (names.size() > kNamed) {
        const auto more = names.size() - kNamed + 1;
        names = names.mid(0, kNamed - 1);
        names.append(tr("%1 other things to protect").arg(more));
    }
    return tr("This message contains %1").arg(listed(names));
}

QString text(const scan::Skipped &skipped) {
    const auto path = toQString(skipped.path);
    const auto *why = skippedBecause(skipped.why);
    if (skipped.why == "rule-gave-up") {
        return tr("%1 was not looked into by the rule %2: the rule gave up on it.")
            .arg(path, toQString(skipped.detail));
    }
    return why != nullptr ? tr("%1 was not looked into: %2.").arg(path, tr(why))
                          : tr("%1 was not looked into (%2).").arg(path, toQString(skipped.why));
}

} // namespace sealpost::wording
