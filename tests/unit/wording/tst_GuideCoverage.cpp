// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicySchema.h"
#include "routing/Reason.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTest>
#include <map>
#include <set>

using namespace sealpost;

namespace {

const QString kRoot = QStringLiteral(SEALPOST_SOURCE_DIR "/");

struct Row {
    QString clause; //!< "7b"
    QString here;
    QStringList names; //!< what stands between backticks in `here`
};

std::vector<Row> rows() {
    QFile file(kRoot + QStringLiteral("docs/guide-coverage.md"));
    std::vector<Row> all;
    if (!file.open(QIODevice::ReadOnly)) {
        return all;
    }
    static const QRegularExpression kRow(
        QStringLiteral("^\\| (\\d[a-z]) \\| ([^|]+) \\| ([^|]+) \\|$"));
    static const QRegularExpression kName(QStringLiteral("`([^`]+)`"));
    for (const auto &line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
        const auto match = kRow.match(line);
        if (!match.hasMatch()) {
            continue;
        }
        Row row{match.captured(1), match.captured(3), {}};
        for (auto it = kName.globalMatch(row.here); it.hasNext();) {
            row.names.append(it.next().captured(1));
        }
        all.push_back(row);
    }
    return all;
}

bool isReason(const QString &name) {
    const auto reasons = routing::allReasons();
    return std::any_of(reasons.begin(), reasons.end(), [&](const routing::ReasonSpec &spec) {
        return spec.name == name.toStdString();
    });
}

//! A field of an entry of the exceptions list.
bool isField(const QString &name) {
    return name == QLatin1String("authorised-by") || name == QLatin1String("reference");
}

} // namespace

class TstGuideCoverage : public QObject {
    Q_OBJECT
private slots:
    void everyClauseIsThere();
    void everyNameExists();
    void everyReasonHasItsPlace();
};

void TstGuideCoverage::everyClauseIsThere() {
    std::map<int, QString> letters;
    for (const auto &row : rows()) {
        const auto clause = row.clause.left(1).toInt();
        auto &seen = letters[clause];
        QCOMPARE(row.clause.back().unicode(), char16_t(u'a' + seen.size()));
        seen.append(row.clause.back());
        QVERIFY2(!row.names.isEmpty() || row.here.startsWith(QLatin1String("Not here")),
                 qPrintable(row.clause));
    }
    for (int clause = 1; clause <= 9; ++clause) {
        QVERIFY2(letters.contains(clause), qPrintable(QString::number(clause)));
    }
    QCOMPARE(letters.size(), 9U);
    QVERIFY(rows().size() >= 40);
}

void TstGuideCoverage::everyNameExists() {
    for (const auto &row : rows()) {
        for (const auto &name : row.names) {
            const bool exists = isReason(name) || policy::findKey(name.toStdString()) != nullptr ||
                                isField(name) || QFileInfo::exists(kRoot + name);
            QVERIFY2(exists, qPrintable(row.clause + QLatin1Char(' ') + name));
        }
    }
}

void TstGuideCoverage::everyReasonHasItsPlace() {
    std::map<QString, std::set<int>> places;
    for (const auto &row : rows()) {
        for (const auto &name : row.names) {
            places[name].insert(row.clause.left(1).toInt());
        }
    }
    for (const auto &spec : routing::allReasons()) {
        const auto name = QString::fromStdString(std::string(spec.name));
        const auto clause = QString::fromStdString(std::string(spec.clause));
        QVERIFY2(places.contains(name), qPrintable(name));
        // And it says the same clause to people.
        QVERIFY2(places.at(name).contains(clause.section(QLatin1Char(' '), 1).toInt()),
                 qPrintable(name + QLatin1Char(' ') + clause));
    }
}

QTEST_GUILESS_MAIN(TstGuideCoverage)
#include "tst_GuideCoverage.moc"
