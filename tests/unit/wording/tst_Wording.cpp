// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/RuleSet.h"
#include "wording/ChainText.h"
#include "wording/DomainText.h"
#include "wording/ErrorTable.h"
#include "wording/FindingNames.h"
#include "wording/OpenedText.h"
#include "wording/OutboxText.h"
#include "wording/StatusTable.h"
#include "wording/Wording.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>
#include <array>
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
    void whyACertificateIsNotTrusted();
    void anAuthorityThatEndsIsNamed();
    void reasonsDocumentIsTrue();
    void kindsDocumentIsTrue();
    void findingsSayWhyAndWhatNext();
    void unknownErrorStillSaysWhatToDo();
    void theOutboxSaysWhatIsKnownAndNoMore();
    void subjectAndDetailAreFilledIn();
    void uncertainIsNeverTriedAgainUnasked();
    void everyStatusCodeHasItsSentences_data();
    void everyStatusCodeHasItsSentences();
    void statusCodesThatNobodyKnows_data();
    void statusCodesThatNobodyKnows();
    void recipientsAreToldApart();
    void titleListsWhatWasFound();
    void weakServerIsNamedWithItsFault();
    void shapesOfDnsAreSaid();
    void whyADomainTakesNoMail();
    void whyMailIsNotProtected();
    void everyNoteAndFaultReadsWhole();
    void everyQuestionsOutcomeIsTold_data();
    void everyQuestionsOutcomeIsTold();
    void policyModesAreToldApart();
    void tamperingIsTold();
    void daneSpeaksForTheCertificate();
    void policyThatDoesNotNameTheServer();
    void whatTheVerdictStandsOn_data();
    void whatTheVerdictStandsOn();
    void cjsmIsNamed();
    void summaryNamesABlockedPort();
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

void TstWording::everyNoteAndFaultReadsWhole() {
    const auto whole = [](const QString &sentence) {
        return sentence.endsWith(QLatin1Char('.')) && !sentence.contains(QLatin1Char('%'));
    };
    for (const auto id : receive::kAllNotes) {
        const receive::Note note{std::string(id),
                                 {{"detail", "d"},
                                  {"state", "s"},
                                  {"from", "f"},
                                  {"signer", "g"},
                                  {"field", "subject"},
                                  {"name", "n"},
                                  {"address", "a"}}};
        QVERIFY2(whole(wording::text(note)), std::string(id).c_str());
    }
    for (const auto id : crypto::kAllChainFaults) {
        const crypto::ChainFault fault{std::string(id), "CN=x", "detail", {}, {}};
        QVERIFY2(whole(wording::text(fault)), std::string(id).c_str());
    }
    for (int mend = 0; mend <= static_cast<int>(crypto::Mend::AskAuthority); ++mend) {
        const crypto::ChainFault fault{
            "chain.expired", {}, {}, static_cast<crypto::Mend>(mend), "http://a.test/"};
        QVERIFY(whole(wording::mendText(fault)));
    }
    // The ids that the sources make are the ones that are listed.
    const auto made = collect(kRoot + QStringLiteral("/app/receive"), {QStringLiteral("*.cpp")},
                              QStringLiteral(R"re("(open\.[a-z-]+)")re"));
    for (const auto &id : made) {
        const bool stage =
            id == QLatin1String("open.decrypt") || id == QLatin1String("open.verify");
        const auto known =
            std::any_of(std::begin(receive::kAllNotes), std::end(receive::kAllNotes),
                        [&](std::string_view note) { return id.toStdString() == note; });
        QVERIFY2(known || stage, qPrintable(id));
    }
}

void TstWording::whyACertificateIsNotTrusted() {
    const std::pair<const char *, const char *> rows[] = {
        {"root-not-trusted: CN=X", "issued by an authority that is not trusted"},
        {"issuer-missing: CN=X", "is missing here"},
        {"self-signed", "by nobody but its owner"},
        {"chain: unhandled critical extension", "breaks a rule"}};
    for (const auto &[detail, words] : rows) {
        const auto said =
            wording::text(routing::Reason{routing::ReasonId::SmimeUntrusted,
                                          {{"recipient", "jo@court.example"}, {"detail", detail}}});
        QVERIFY2(said.contains(QLatin1String(words)), qPrintable(said));
        QVERIFY2(said.contains(QLatin1String("jo@court.example")), qPrintable(said));
        crypto::CertificateInfo info;
        info.state = crypto::CertificateState::Untrusted;
        info.detail = detail;
        const auto state = wording::text(info);
        QVERIFY2(!state.contains(QLatin1String("not trusted")) ||
                     info.detail.starts_with("root-not-trusted"),
                 qPrintable(state));
    }
}

void TstWording::anAuthorityThatEndsIsNamed() {
    crypto::CertificateInfo info;
    info.state = crypto::CertificateState::Expiring;
    info.notAfter = base::fromIso8601("2030-01-01T00:00:00Z");
    info.detail = "issuer-expires: 2026-03-01T00:00:00Z, CN=Court Mail Authority,O=Courts";
    QCOMPARE(wording::text(info),
             QStringLiteral("It can be used, but an authority above it ends soon: CN=Court Mail "
                            "Authority,O=Courts, on 1 March 2026, 00:00."));
    info.detail = "expires: 2030-01-01T00:00:00Z";
    QCOMPARE(wording::text(info),
             QStringLiteral("It can be used, but ends soon: on 1 January 2030, 00:00."));
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

void TstWording::shapesOfDnsAreSaid() {
    assurance::DomainReport report;
    report.domain = "xn--curt-55d.example"; // "court" with a Cyrillic o
    report.evidence = {{"mx-implicit", Evidence::Proven, ""},
                       {"mx-null", Evidence::Proven, "beside others"},
                       {"mx-localhost", Evidence::Proven, ""},
                       {"mx-alias", Evidence::Proven, "other.example"},
                       {"mx-wildcard", Evidence::Proven, "*.wild.example"},
                       {"alias:mx.court.example", Evidence::Proven, "real.example"},
                       {"private:mx.court.example", Evidence::Proven, "10.0.0.1"}};
    assurance::MxReport mx;
    mx.host = "mx.court.example";
    mx.outcome = assurance::ProbeOutcome::Encrypted;
    mx.tls.emplace();
    mx.tls->version = "TLSv1.2";
    report.mx = {mx};
    QString all;
    for (const auto &line : wording::evidence(report)) {
        all += line.sentence + QLatin1Char('\n');
    }
    for (const auto *part : {"mixes Cyrillic and Latin letters", "goes to its own address",
                             "takes no mail (null MX). That is a mistake", "nobody's",
                             "It is another name for other.example", "Every name in wild.example",
                             "mx.court.example is another name for real.example", "10.0.0.1",
                             "latest version of TLS, 1.3"}) {
        QVERIFY2(all.contains(QLatin1String(part)), qPrintable(all));
    }
    QVERIFY(wording::summary(report).contains(QLatin1String("mixes Cyrillic and Latin letters")));
    QVERIFY(wording::summary(report).contains(QLatin1String("xn--curt-55d.example")));
}

void TstWording::whyADomainTakesNoMail() {
    assurance::DomainReport report;
    report.domain = "court.example";
    report.assurance = Assurance::Undeliverable;
    QCOMPARE(wording::summary(report),
             QStringLiteral("court.example does not take mail. The address may be misspelt."));
    report.evidence = {{"mx-no-domain", Evidence::Proven, ""}};
    QCOMPARE(wording::summary(report),
             QStringLiteral("There is no domain court.example. The address may be misspelt."));
    report.evidence = {{"mx-null", Evidence::Proven, "alone"}};
    QVERIFY(wording::summary(report).contains(QLatin1String("says itself that it takes no mail")));
}

//! "Offers no encryption" is not said of a server that offers it.
void TstWording::whyMailIsNotProtected() {
    assurance::DomainReport report;
    report.domain = "court.example";
    report.assurance = Assurance::None;
    report.mx.resize(1);
    report.mx[0].outcome = assurance::ProbeOutcome::NoStartTls;
    QVERIFY(wording::summary(report).contains(QLatin1String("offers no encryption")));
    report.mx[0].outcome = assurance::ProbeOutcome::TlsAlert;
    QVERIFY(!wording::summary(report).contains(QLatin1String("offers no encryption")));
    QVERIFY(wording::summary(report).contains(QLatin1String("does not come about")));
}

namespace {
QString allSentences(const assurance::DomainReport &report) {
    QStringList sentences;
    for (const auto &line : wording::evidence(report)) {
        sentences.append(line.sentence);
    }
    return sentences.join(QLatin1Char('\n'));
}
} // namespace

void TstWording::everyQuestionsOutcomeIsTold_data() {
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, Evidence outcome, const QStringList &expected) {
        QTest::newRow(name) << static_cast<int>(outcome) << expected;
    };
    row("proven", Evidence::Proven,
        {QStringLiteral("publishes which certificates its servers use (DANE)"),
         QStringLiteral("publishes that mail to it must be encrypted (MTA-STS)"),
         QStringLiteral("asks to be told where encryption fails (TLS-RPT)")});
    row("absent", Evidence::ProvenAbsent,
        {QStringLiteral("does not publish which certificates"),
         QStringLiteral("publishes no policy on encryption (MTA-STS)"),
         QStringLiteral("does not ask to be told")});
    row("bogus", Evidence::Bogus,
        {QStringLiteral("(DANE) was forged or broken"),
         QStringLiteral("(MTA-STS) can't be trusted"),
         QStringLiteral("(TLS-RPT) was forged or broken")});
    row("failed", Evidence::TempFailure,
        {QStringLiteral("could not be found out whether it publishes which certificates"),
         QStringLiteral("could not be found out whether it has a policy"),
         QStringLiteral("could not be found out whether it asks to be told")});
    row("not checked", Evidence::NotChecked,
        {QStringLiteral("policy on encryption (MTA-STS) was not looked up")});
}

void TstWording::everyQuestionsOutcomeIsTold() {
    QFETCH(int, outcome);
    QFETCH(QStringList, expected);
    const auto evidence = static_cast<Evidence>(outcome);
    assurance::DomainReport report;
    report.domain = "court.example";
    report.dane = evidence;
    report.tlsRpt = evidence;
    report.mtaSts.status = evidence;
    if (evidence == Evidence::Proven) {
        report.mtaSts.policy = assurance::MtaStsPolicy{
            assurance::MtaStsMode::Enforce, std::chrono::hours(1), {"*.court.example"}};
    }
    report.evidence = {{"mta-sts-record", Evidence::ProvenAbsent, {}},
                       {"mta-sts", evidence, "detail"},
                       {"tls-rpt", evidence, "detail"}};
    const auto said = allSentences(report);
    for (const auto &part : expected) {
        QVERIFY2(said.contains(part), qPrintable(part + QLatin1String(" is not in: ") + said));
    }
    QCOMPARE(said.count(QLatin1Char('\n')) + 1, expected.size());
}

void TstWording::policyModesAreToldApart() {
    assurance::DomainReport report;
    report.mtaSts.status = Evidence::Proven;
    report.mtaSts.policy = assurance::MtaStsPolicy{};
    report.mtaSts.policy->mode = assurance::MtaStsMode::Testing;
    QVERIFY(allSentences(report).contains(QLatin1String("does not demand anything yet")));
    report.mtaSts.policy->mode = assurance::MtaStsMode::None;
    QVERIFY(allSentences(report).contains(QLatin1String("has given up its policy")));
    report.mtaSts = {Evidence::ProvenAbsent, {}, {}, {}};
    report.evidence = {{"mta-sts-record", Evidence::Proven, "id 1"}};
    QVERIFY(allSentences(report).contains(QLatin1String("what it offers is not a valid one")));
}

void TstWording::tamperingIsTold() {
    assurance::DomainReport report;
    report.domain = "court.example";
    report.assurance = Assurance::Violated;
    assurance::MxReport mx;
    mx.host = "mx1.court.example";
    mx.outcome = assurance::ProbeOutcome::NoStartTls;
    report.mx = {mx};
    QVERIFY(!allSentences(report).contains(QLatin1String("tampering")));
    report.evidence = {{"tampering:mx1.court.example", Evidence::Bogus, "no-starttls"}};
    const auto said = allSentences(report);
    QVERIFY(said.contains(QLatin1String("mx1.court.example offers no encryption.")));
    QVERIFY(said.contains(QLatin1String("between this computer and the server may be tampering")));
    QVERIFY(wording::summary(report).contains(QLatin1String("somebody may be tampering")));
    QCOMPARE(wording::assuranceWord(Assurance::Violated), QStringLiteral("Tampering suspected"));
}

void TstWording::daneSpeaksForTheCertificate() {
    assurance::DomainReport report;
    assurance::MxReport mx;
    mx.host = "mx1.court.example";
    mx.outcome = assurance::ProbeOutcome::Encrypted;
    mx.tls.emplace();
    mx.tls->problems = {crypto::PeerProblem::SelfSigned};
    mx.dane = {Evidence::Proven, {"3 1 1 00"}, 1, assurance::DaneMatch::EndEntity};
    report.mx = {mx};
    auto said = allSentences(report);
    QVERIFY(!said.contains(QLatin1String("signed its certificate itself")));
    QVERIFY(said.contains(QLatin1String("shows the certificate that its domain publishes")));
    report.mx.front().dane.match = assurance::DaneMatch::Mismatch;
    said = allSentences(report);
    QVERIFY(said.contains(QLatin1String("signed its certificate itself")));
    QVERIFY(said.contains(QLatin1String("does not show the certificate")));
    report.mx.front().dane.match = assurance::DaneMatch::Unusable;
    QVERIFY(allSentences(report).contains(QLatin1String("nothing says by whom")));
}

void TstWording::policyThatDoesNotNameTheServer() {
    assurance::DomainReport report;
    assurance::MxReport mx;
    mx.host = "mx1.court.example";
    report.mx = {mx};
    report.mtaSts.status = Evidence::Proven;
    report.mtaSts.policy = assurance::MtaStsPolicy{
        assurance::MtaStsMode::Enforce, std::chrono::hours(1), {"other.example"}};
    QVERIFY(allSentences(report).contains(QLatin1String("is not one of the servers")));
    report.mtaSts.policy->mx = {"*.court.example"};
    QVERIFY(!allSentences(report).contains(QLatin1String("is not one of the servers")));
}

void TstWording::whatTheVerdictStandsOn_data() {
    QTest::addColumn<int>("assurance");
    QTest::addColumn<int>("port25");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char *name, Assurance assurance, Evidence port25,
                        const char *expected) {
        QTest::newRow(name) << static_cast<int>(assurance) << static_cast<int>(port25)
                            << QString::fromLatin1(expected);
    };
    row("published, blocked", Assurance::Published, Evidence::ProvenAbsent,
        "Port 25 is blocked on this network, so we rely on the domain's published policy.");
    row("registered, blocked", Assurance::Registered, Evidence::ProvenAbsent,
        "Port 25 is blocked on this network, so we rely on your administrator's register.");
    row("published, not asked", Assurance::Published, Evidence::NotChecked,
        "None of its servers was heard from here, so we rely on the domain's published policy.");
    row("registered, unreachable", Assurance::Registered, Evidence::TempFailure,
        "None of its servers was heard from here, so we rely on your administrator's register.");
    row("violated, blocked", Assurance::Violated, Evidence::ProvenAbsent,
        "Port 25 is blocked on this network, so its servers could not be asked.");
}

void TstWording::whatTheVerdictStandsOn() {
    QFETCH(int, assurance);
    QFETCH(int, port25);
    QFETCH(QString, expected);
    assurance::DomainReport report;
    report.assurance = static_cast<Assurance>(assurance);
    report.port25 = static_cast<Evidence>(port25);
    QCOMPARE(allSentences(report), expected);
}

void TstWording::cjsmIsNamed() {
    assurance::DomainReport report;
    report.domain = "court.example";
    QCOMPARE(wording::cjsmText(report), QString());
    report.cjsm = assurance::CjsmStatus::Listed;
    report.cjsmAddress = "jo@court.example.cjsm.net";
    report.evidence = {
        {"cjsm-directory", Evidence::Proven, "active; imported 2026-11-30T12:00:00Z"}};
    const auto listed = wording::cjsmText(report);
    QVERIFY2(listed.contains(QLatin1String("address is jo@court.example.cjsm.net")) &&
                 listed.contains(QLatin1String("30 November 2026")) &&
                 listed.contains(QLatin1String("as active")),
             qPrintable(listed));
    QVERIFY(allSentences(report).contains(listed));
    report.cjsm = assurance::CjsmStatus::ListedInactive;
    report.evidence.front().detail = "suspended; imported 2026-11-30T12:00:00Z";
    QVERIFY(wording::cjsmText(report).contains(QLatin1String("can't be used")));
    QVERIFY(wording::cjsmText(report).contains(QLatin1String("as suspended")));
    // By DNS alone it is a guess, and said to be.
    report.cjsm = assurance::CjsmStatus::Dns;
    report.cjsmAddress.clear();
    report.evidence.clear();
    QVERIFY(wording::cjsmText(report).contains(
        QLatin1String("addresses may end in court.example.cjsm.net")));
}

//! Who reads the summary alone is told as well.
void TstWording::summaryNamesABlockedPort() {
    assurance::DomainReport report;
    report.domain = "court.example";
    for (const auto assurance : {Assurance::Published, Assurance::Registered, Assurance::Unknown}) {
        report.assurance = assurance;
        report.port25 = Evidence::ProvenAbsent;
        QVERIFY(
            wording::summary(report).contains(QLatin1String("Port 25 is blocked on this network")));
        report.port25 = Evidence::TempFailure;
        QVERIFY(!wording::summary(report).contains(QLatin1String("Port 25")));
    }
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

//! IANA's registry "SMTP Enhanced Status Codes": RFC 3463, 3886, 4468, 4954, 5248, 6531, 6710,
//! 7293, 7372, 7505, 8616, 8689 and 8617.
void TstWording::everyStatusCodeHasItsSentences_data() {
    QTest::addColumn<QByteArray>("code");
    const std::array<int, 8> last = {0, 10, 4, 6, 7, 6, 10, 30};
    for (std::size_t subject = 0; subject < last.size(); ++subject) {
        for (int detail = 0; detail <= last[subject]; ++detail) {
            const auto code = std::to_string(subject) + "." + std::to_string(detail);
            QTest::newRow(code.c_str()) << QByteArray::fromStdString(code);
        }
    }
}

void TstWording::everyStatusCodeHasItsSentences() {
    QFETCH(QByteArray, code);
    const auto table = wording::statusTable();
    QCOMPARE(std::count_if(table.begin(), table.end(),
                           [&](const auto &row) { return row.code == code.toStdString(); }),
             1);
    const auto row = wording::statusRow("550 5." + code.toStdString());
    QVERIFY(row.has_value());
    QCOMPARE(row->code, code.toStdString());
    QVERIFY(QByteArray(row->what).endsWith('.'));
    QVERIFY(QByteArray(row->next).endsWith('.'));

    const Error refused{
        "submit.refused", "submit.rcpt", Reaction::AskAdmin, "550 5." + code.toStdString(), {}};
    const auto forGood = wording::text(refused);
    QCOMPARE(forGood.what, QString::fromUtf8(row->what) +
                               QStringLiteral(" (550 5.%1)").arg(QString::fromUtf8(code)));
    QCOMPARE(forGood.next, QString::fromUtf8(row->next));
    const Error later{
        "submit.deferred", "submit.rcpt", Reaction::Retry, "450 4." + code.toStdString(), {}};
    QVERIFY(wording::text(later).what.startsWith(QString::fromUtf8(row->what)));
    QCOMPARE(wording::text(later).next, QStringLiteral("Try again in a little while."));
}

void TstWording::statusCodesThatNobodyKnows_data() {
    QTest::addColumn<QByteArray>("codes");
    QTest::addColumn<QByteArray>("row"); //!< empty: none
    QTest::newRow("a detail of later") << QByteArray("550 5.1.99") << QByteArray("1.0");
    QTest::newRow("a subject of later") << QByteArray("550 5.9.1") << QByteArray("0.0");
    QTest::newRow("none") << QByteArray("550") << QByteArray();
    QTest::newRow("success") << QByteArray("250 2.1.5") << QByteArray();
    QTest::newRow("an address in the text") << QByteArray("550 no 5.1.1") << QByteArray();
    QTest::newRow("empty") << QByteArray() << QByteArray();
}

void TstWording::statusCodesThatNobodyKnows() {
    QFETCH(QByteArray, codes);
    QFETCH(QByteArray, row);
    const auto found = wording::statusRow(codes.toStdString());
    QCOMPARE(found.has_value(), !row.isEmpty());
    if (found) {
        QCOMPARE(found->code, row.toStdString());
    }
}

void TstWording::recipientsAreToldApart() {
    using submit::Delivery;
    const auto words = wording::text(
        submit::RecipientResult{"jo@court.example", Delivery::Refused, "550 5.1.1 who is that"});
    QVERIFY(words.has_value());
    QVERIFY(words->what.contains(QStringLiteral("no such mailbox")));
    QVERIFY(
        !wording::text(submit::RecipientResult{"jo@court.example", Delivery::Refused, "550 no"}));
    QVERIFY(!wording::text(
        submit::RecipientResult{"jo@court.example", Delivery::Accepted, "550 5.1.1"}));
}

void TstWording::theOutboxSaysWhatIsKnownAndNoMore() {
    store::OutboxEntry entry;
    entry.messageId = "<7@justice.example>";
    entry.state = store::OutboxState::Uncertain;
    // The program was killed after the last dot: there is no receipt.
    QVERIFY(wording::outboxSentences(entry).front().startsWith(QLatin1String("Sealpost ended")));
    const auto evidence = wording::outboxEvidence(entry).join(QLatin1Char('\n'));
    QVERIFY(evidence.contains(QLatin1String("<7@justice.example>")));
    QVERIFY2(!evidence.contains(QLatin1String("1970")), qPrintable(evidence));
    QVERIFY2(!evidence.contains(QLatin1String("not sent")), qPrintable(evidence));

    entry.state = store::OutboxState::Deferred;
    entry.lastError = "submit.deferred";
    entry.receiptJson = R"({"server":"smtp.justice.example:465","delivery":"deferred",)"
                        R"("error":{"code":"submit.deferred","detail":"452 4.2.2"}})";
    auto sentences = wording::outboxSentences(entry).join(QLatin1Char(' '));
    QVERIFY2(sentences.contains(QLatin1String("mailbox is full")), qPrintable(sentences));
    // Held back since by something of which the receipt says nothing.
    entry.lastError = "outbox.domain-changed";
    sentences = wording::outboxSentences(entry).join(QLatin1Char(' '));
    QVERIFY2(!sentences.contains(QLatin1String("smtp.justice.example")), qPrintable(sentences));
}

QTEST_GUILESS_MAIN(TstWording)
#include "tst_Wording.moc"
