// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"
#include "wording/ErrorTable.h"
#include "wording/FindingNames.h"
#include "wording/Wording.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <set>

using namespace sealpost;
using namespace sealpost::routing;

namespace {

const QString kRoot = QStringLiteral(SEALPOST_SOURCE_DIR);

QString contentsOf(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

//! Every match of the pattern's first group in the files below a folder.
std::set<QString> collect(const QString &folder, const QStringList &names, const QString &pattern) {
    std::set<QString> found;
    const QRegularExpression expression(pattern);
    for (QDirIterator it(folder, names, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
        const auto text = contentsOf(it.next());
        for (auto match = expression.globalMatch(text); match.hasNext();) {
            found.insert(match.next().captured(1));
        }
    }
    return found;
}

Reason withAllFacts(ReasonId id) {
    const auto *marking = id == ReasonId::MarkingAboveOfficial ? "SECRET" : "OFFICIAL-SENSITIVE";
    const auto *found = id == ReasonId::KeyWithLock ? "prose-password" : "openssh-private-key";
    return {id,
            {{"recipient", "jo@court.example"},
             {"domain", "court.example"},
             {"host", "mx1.court.example"},
             {"finding", found},
             {"lock", "encrypted-archive"},
             {"known", "count.example"},
             {"route", "smime"},
             {"trigger", "X-Encrypt-This: yes"},
             {"classification", marking},
             {"expires", "2026-03-03T00:00:00Z"},
             {"reference", "CHG-1"},
             {"secure", "jo@court.example.cjsm.net"},
             {"state", "not-yet-valid"}}};
}

QString reasonsDocument() {
    QString out =
        QStringLiteral("# Reasons\n\nWhat a code means that the window, the command line or the "
                       "journal shows. Made from the program's own "
                       "table;\nwrite it anew with `SEALPOST_UPDATE_SNAPSHOTS=1 "
                       "build/release/bin/tst_Wording`.\n\n"
                       "| code | what it says | guide | next steps |\n|---|---|---|---|\n");
    for (const auto &spec : allReasons()) {
        QStringList steps;
        for (const auto step : spec.nextSteps) {
            steps.append(wording::text(step));
        }
        out += QStringLiteral("| `%1` | %2 | %3 | %4 |\n")
                   .arg(QString::fromUtf8(spec.name.data(), static_cast<int>(spec.name.size())),
                        wording::text(withAllFacts(spec.id)),
                        QString::fromUtf8(spec.clause.data(), static_cast<int>(spec.clause.size())),
                        steps.join(QLatin1Char(' ')));
    }
    return out;
}

//! Every kind that a rule finds, or that the structure of a file shows.
QString kindsDocument(const std::vector<scan::Rule> &rules) {
    QString out = QStringLiteral(
        "# Kinds of findings\n\nWhat the content scanner finds, the least classification that it "
        "calls "
        "for, and what to do about it. Made from the rules;\nwrite it anew with "
        "`SEALPOST_UPDATE_SNAPSHOTS=1 build/release/bin/tst_Wording`.\n\n"
        "| kind | what it is | category | least | what to do |\n|---|---|---|---|---|\n");
    for (const auto &words : wording::findingWords()) {
        const auto rule = std::find_if(rules.begin(), rules.end(),
                                       [&](const scan::Rule &one) { return one.id == words.id; });
        const auto text = [](std::string_view from) {
            return QString::fromUtf8(from.data(), static_cast<qsizetype>(from.size()));
        };
        const bool inFiles = rule == rules.end();
        out += QStringLiteral("| `%1` | %2 | %3 | %4 | %5 |\n")
                   .arg(text(words.id), QString::fromUtf8(words.name),
                        inFiles ? QStringLiteral("by the file's structure")
                                : text(scan::toString(rule->category)),
                        inFiles ? QStringLiteral("–") : text(base::toString(rule->minimum)),
                        QString::fromUtf8(words.nextStep));
    }
    return out;
}

} // namespace

class TstWording : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { qputenv("TZ", "UTC"); }
    void everyErrorCodeOfTheSourcesHasItsSentences();
    void everyRuleHasAName();
    void everyReasonReadsWhole();
    void reasonsDocumentIsTrue();
    void kindsDocumentIsTrue();
    void findingsSayWhyAndWhatNext();
    void unknownErrorStillSaysWhatToDo();
    void subjectAndDetailAreFilledIn();
    void uncertainIsNeverTriedAgainUnasked();
    void titleListsWhatWasFound();
    void weakServerIsNamedWithItsFault();
    void articles_data();
    void articles();
};

void TstWording::everyErrorCodeOfTheSourcesHasItsSentences() {
    std::set<QString> known;
    for (const auto &row : wording::errorTable()) {
        QVERIFY2(known.insert(QString::fromUtf8(row.code.data(), static_cast<int>(row.code.size())))
                     .second,
                 row.what);
    }
    // A code stands first in a call or braces, before its reaction; a fault of ours (Bug) has the
    // common sentence.
    const auto pattern =
        QStringLiteral(R"re([({]\s*"([a-z0-9]+\.[a-z0-9][a-z0-9.-]*)",[^;"]*Reaction::(?!Bug))re");
    auto used = collect(kRoot + QStringLiteral("/app"), {QStringLiteral("*.cpp")}, pattern);
    used.merge(collect(kRoot + QStringLiteral("/crypto"), {QStringLiteral("*.cpp")}, pattern));
    const auto refusals =
        QStringLiteral(R"re(\b(?:refuse|code =)\s*\(?"([a-z0-9]+\.[a-z0-9][a-z0-9.-]*)")re");
    used.merge(collect(kRoot + QStringLiteral("/app"), {QStringLiteral("*.cpp")}, refusals));
    QVERIFY(used.size() > 40);
    QStringList missing;
    for (const auto &code : used) {
        // A mistake in a policy file is no Error: it has its sentence by PolicyProblem.
        const bool policyProblem = code.startsWith(QLatin1String("policy."));
        if (!policyProblem && !known.contains(code)) {
            missing.append(code);
        }
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char(' '))));
}

void TstWording::everyRuleHasAName() {
    std::set<QString> named;
    for (const auto &words : wording::findingWords()) {
        named.insert(QString::fromUtf8(words.id.data(), static_cast<int>(words.id.size())));
        QVERIFY2(QByteArray(words.nextStep).endsWith('.'), words.name);
    }
    QCOMPARE(named.size(), wording::findingWords().size());
    const auto rules =
        collect(kRoot + QStringLiteral("/resources/rules"), {QStringLiteral("*.toml")},
                QStringLiteral(R"re((?:^|\n)\s*id\s*=\s*"([^"]+)")re"));
    QVERIFY(rules.size() > 20);
    QStringList missing;
    for (const auto &id : rules) {
        if (!named.contains(id)) {
            missing.append(id);
        }
    }
    QVERIFY2(missing.isEmpty(), qPrintable(missing.join(QLatin1Char(' '))));
}

void TstWording::everyReasonReadsWhole() {
    for (const auto &spec : allReasons()) {
        for (const auto &reason : {withAllFacts(spec.id), Reason{spec.id, {}}}) {
            const auto sentence = wording::text(reason);
            QVERIFY(sentence.endsWith(QLatin1Char('.')));
            QVERIFY2(!sentence.contains(QLatin1Char('{')), qPrintable(sentence));
        }
        for (const auto step : spec.nextSteps) {
            QVERIFY(!wording::text(step).isEmpty());
            QVERIFY(!wording::shortText(step).isEmpty());
        }
    }
}

void TstWording::reasonsDocumentIsTrue() {
    const auto path = kRoot + QStringLiteral("/docs/reasons.md");
    if (qEnvironmentVariableIsSet("SEALPOST_UPDATE_SNAPSHOTS")) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(reasonsDocument().toUtf8()) > 0);
        return;
    }
    QCOMPARE(contentsOf(path), reasonsDocument());
}

void TstWording::kindsDocumentIsTrue() {
    const auto rules = scan::RuleSet::builtIn();
    QVERIFY(rules);
    const auto path = kRoot + QStringLiteral("/docs/kinds.md");
    if (qEnvironmentVariableIsSet("SEALPOST_UPDATE_SNAPSHOTS")) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.write(kindsDocument(rules->rules()).toUtf8()) > 0);
        return;
    }
    QCOMPARE(contentsOf(path), kindsDocument(rules->rules()));
}

void TstWording::findingsSayWhyAndWhatNext() {
    scan::Finding finding;
    finding.kind = "nhs-number";
    finding.because = {"shape", "check-digits", "near: nhs"};
    QCOMPARE(wording::whyText(finding),
             QStringLiteral("It is written like one, its check characters fit and “nhs” stands "
                            "near it."));
    QVERIFY(!wording::nextStep(finding).isEmpty());
    finding.kind = "an-organisations-own";
    finding.nextStep = "Ask the registry.";
    QCOMPARE(wording::nextStep(finding), QStringLiteral("Ask the registry."));
    finding.nextStep.clear();
    QVERIFY(wording::nextStep(finding).endsWith(QLatin1Char('.')));
    finding.because.clear();
    QVERIFY(wording::whyText(finding).isEmpty());
}

void TstWording::unknownErrorStillSaysWhatToDo() {
    for (const auto reaction :
         {Reaction::Retry, Reaction::FixInput, Reaction::AskAdmin, Reaction::Bug}) {
        const auto text = wording::text(Error{"never.heard-of", "x", reaction, "why", "thing"});
        QVERIFY(text.what.contains(QLatin1String("thing")));
        QVERIFY(!text.next.isEmpty());
        QCOMPARE(text.code, QStringLiteral("never.heard-of"));
    }
}

void TstWording::subjectAndDetailAreFilledIn() {
    const auto text = wording::text(
        Error{"tls.certificate", "tls", Reaction::AskAdmin, "expired", "smtp.justice.example"});
    QVERIFY(text.what.contains(QLatin1String("smtp.justice.example")));
    QVERIFY(text.what.contains(QLatin1String("expired")));
    for (const auto &row : wording::errorTable()) {
        const auto filled =
            wording::text(Error{std::string(row.code), "x", Reaction::Retry, {}, {}});
        QVERIFY2(!filled.what.contains(QLatin1Char('{')), row.what);
        QVERIFY2(!filled.next.contains(QLatin1Char('{')), row.what);
    }
}

void TstWording::uncertainIsNeverTriedAgainUnasked() {
    submit::SubmitOutcome outcome;
    outcome.error = Error{"smtp.hung-up", {}, Reaction::Retry, {}, {}};
    outcome.delivery = submit::Delivery::Deferred;
    QVERIFY(wording::text(outcome).next.contains(QLatin1String("Try again")));
    outcome.delivery = submit::Delivery::Uncertain;
    QVERIFY(!wording::text(outcome).next.contains(QLatin1String("Try again")));
    QVERIFY(wording::text(outcome).next.startsWith(QLatin1String("Ask the recipient")));
    QCOMPARE(wording::text(outcome).what, wording::text(*outcome.error).what);
}

void TstWording::titleListsWhatWasFound() {
    scan::Finding key;
    key.kind = "openssh-private-key";
    scan::Finding again = key;
    again.location.line = 9;
    const auto title = wording::findingsTitle({key, again});
    QVERIFY(title.startsWith(QLatin1String("This message contains ")));
    QCOMPARE(title.count(QLatin1String("private key")), 1);
}

void TstWording::weakServerIsNamedWithItsFault() {
    assurance::DomainReport report;
    report.domain = "court.example";
    report.assurance = Assurance::Weak;
    assurance::MxReport mx;
    mx.host = "mx1.court.example";
    mx.outcome = assurance::ProbeOutcome::Encrypted;
    mx.tls.emplace();
    mx.tls->problems = {crypto::PeerProblem::Expired};
    report.mx = {mx};
    const auto lines = wording::evidence(report);
    QCOMPARE(lines.size(), 1U);
    QVERIFY(lines.front().sentence.contains(QLatin1String("mx1.court.example")));
    QVERIFY(lines.front().sentence.contains(QLatin1String("expired")));
}

void TstWording::articles_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    QTest::newRow("vowel") << QStringLiteral("OpenSSH private key")
                           << QStringLiteral("an OpenSSH private key");
    QTest::newRow("acronym-with-vowel-sound")
        << QStringLiteral("NHS number") << QStringLiteral("an NHS number");
    QTest::newRow("acronym-with-consonant-sound")
        << QStringLiteral("PGP key") << QStringLiteral("a PGP key");
    QTest::newRow("plain") << QStringLiteral("password") << QStringLiteral("a password");
}

void TstWording::articles() {
    QFETCH(QString, name);
    QFETCH(QString, expected);
    QCOMPARE(wording::withArticle(name), expected);
}

QTEST_GUILESS_MAIN(TstWording)
#include "tst_Wording.moc"
