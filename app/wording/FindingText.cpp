// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/FindingNames.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <QStringList>

namespace sealpost::wording {

namespace {

QString nameOfKind(const std::string &kind) {
    for (const auto &[id, name] : kFindingNames) {
        if (id == kind) {
            return tr(name);
        }
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

const char *skippedBecause(const std::string &why) {
    if (why == "encrypted") {
        return "it is encrypted";
    }
    if (why == "damaged") {
        return "it is damaged";
    }
    if (why == "too-large") {
        return "it is too large";
    }
    if (why == "too-deep") {
        return "it is packed too many times over";
    }
    if (why == "too-many") {
        return "it holds too many files";
    }
    if (why == "not-supported") {
        return "its kind can't be looked into yet";
    }
    if (why == "unreadable") {
        return "it can't be read";
    }
    return nullptr;
}

} // namespace

QString findingName(const scan::Finding &finding) {
    return nameOfKind(finding.kind);
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
    return why != nullptr ? tr("%1 was not looked into: %2.").arg(path, tr(why))
                          : tr("%1 was not looked into (%2).").arg(path, toQString(skipped.why));
}

} // namespace sealpost::wording
