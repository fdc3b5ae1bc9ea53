// SPDX-License-Identifier: GPL-3.0-or-later
#include "Evidence.h"
#include "base/Text.h"
#include "policy/PolicyLayers.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTest>
#include <algorithm>

using namespace sealpost;
using namespace sealpost::routing;
using namespace sealpost::routing::testing;

namespace {

const QString kFolder = QStringLiteral(SEALPOST_SOURCE_DIR "/resources/policy/examples");

//! One line "#= what | to whom | what is known => route".
struct Expectation {
    MessageFacts message;
    RecipientEvidence recipient;
    AccountFacts account;
    QString route; //!< with " with justification" where one is owed
};

MessageFacts messageOf(const QString &what) {
    if (what == QLatin1String("secrets")) {
        return message(Classification::OfficialSensitive,
                       {finding("openssh-private-key", scan::Category::PrivateKey)});
    }
    const auto classification = base::classificationFrom(what.toStdString());
    if (!classification) {
        qFatal("an example's message: %s", qPrintable(what));
    }
    return message(*classification);
}

CertificateState certificateOf(const QString &word) {
    for (const auto state :
         {CertificateState::None, CertificateState::Usable, CertificateState::Expired,
          CertificateState::RevocationUnknown, CertificateState::Revoked}) {
        if (QLatin1String(crypto::toString(state).data()) == word) {
            return state;
        }
    }
    qFatal("an example's certificate: %s", qPrintable(word));
}

assurance::CjsmStatus cjsmOf(const QString &word) {
    using assurance::CjsmStatus;
    for (const auto status : {CjsmStatus::Listed, CjsmStatus::ListedInactive, CjsmStatus::Dns}) {
        if (QLatin1String(assurance::toString(status).data()) == word) {
            return status;
        }
    }
    qFatal("an example's CJSM status: %s", qPrintable(word));
}

void addFact(const QString &fact, const QString &to, Expectation &into) {
    const auto word = fact.section(QLatin1Char(' '), 0, 0);
    const auto value = fact.section(QLatin1Char(' '), 1);
    if (word == QLatin1String("domain")) {
        const auto assurance = base::assuranceFrom(value.toStdString());
        if (!assurance) {
            qFatal("an example's domain: %s", qPrintable(value));
        }
        into.recipient.domain.assurance = *assurance;
    } else if (word == QLatin1String("certificate")) {
        into.recipient.certificate = certificate(certificateOf(value));
    } else if (word == QLatin1String("cjsm")) {
        into.recipient.domain.cjsm = cjsmOf(value);
        into.recipient.domain.cjsmAddress = to.toStdString() + ".cjsm.net";
    } else if (fact == QLatin1String("account cjsm")) {
        into.account.mayUseCjsm = true;
    } else if (word == QLatin1String("through")) {
        into.account.host = value.toStdString();
    } else {
        qFatal("an example's fact: %s", qPrintable(fact));
    }
}

Expectation read(const QString &line) {
    const auto sides = line.split(QStringLiteral("=>"));
    const auto parts = sides.at(0).split(QLatin1Char('|'));
    if (sides.size() != 2 || parts.size() != 3) {
        qFatal("an example's line: %s", qPrintable(line));
    }
    Expectation expected;
    const auto to = parts.at(1).trimmed();
    expected.message = messageOf(parts.at(0).trimmed());
    expected.recipient = recipient(to.toStdString(), Assurance::Unknown, CertificateState::None);
    expected.account = account();
    for (const auto &fact : parts.at(2).split(QLatin1Char(','))) {
        addFact(fact.trimmed(), to, expected);
    }
    expected.route = sides.at(1).trimmed();
    return expected;
}

QString decided(const Expectation &expected, const policy::Policy &policy) {
    const auto decision =
        decide(expected.message, {expected.recipient}, expected.account, policy, kNow);
    const auto &one = decision.recipients.front();
    auto text = QString::fromUtf8(base::toString(one.route).data());
    // What is owed for this way of sending; other things may be owed whatever the way.
    const bool justified = std::any_of(one.owed.begin(), one.owed.end(), [](const Owed &owed) {
        return owed.kind == OwedKind::Justification &&
               (owed.id.starts_with("tls.") || owed.id.starts_with("smime."));
    });
    return justified ? text + QStringLiteral(" with justification") : text;
}

} // namespace

class TstPolicyExamples : public QObject {
    Q_OBJECT
private slots:
    void loads_data();
    void loads();
    void decidesAsItsCommentsSay_data();
    void decidesAsItsCommentsSay();

private:
    static QStringList files() {
        return QDir(kFolder).entryList({QStringLiteral("*.toml")}, QDir::Files, QDir::Name);
    }
};

void TstPolicyExamples::loads_data() {
    QTest::addColumn<QString>("file");
    for (const auto &file : files()) {
        QTest::newRow(qPrintable(file)) << file;
    }
    QCOMPARE(files().size(), 3);
}

void TstPolicyExamples::loads() {
    QFETCH(QString, file);
    const auto layer = policy::readPolicyFile((kFolder + QLatin1Char('/') + file).toStdString());
    QVERIFY(layer);
    for (const auto &problem : layer->problems) {
        QFAIL((std::to_string(problem.position.line) + " " + problem.key).c_str());
    }
    QVERIFY(policy::layerPolicies(policy::builtInPolicy(), {std::nullopt, {*layer}, std::nullopt}));
}

void TstPolicyExamples::decidesAsItsCommentsSay_data() {
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("line");
    for (const auto &file : files()) {
        QFile opened(kFolder + QLatin1Char('/') + file);
        QVERIFY(opened.open(QIODevice::ReadOnly));
        const auto lines = QString::fromUtf8(opened.readAll()).split(QLatin1Char('\n'));
        int count = 0;
        for (int number = 0; number < lines.size(); ++number) {
            if (lines.at(number).startsWith(QStringLiteral("#= "))) {
                ++count;
                QTest::newRow(qPrintable(QStringLiteral("%1:%2").arg(file).arg(number + 1)))
                    << file << lines.at(number).mid(3);
            }
        }
        QVERIFY2(count >= 10, qPrintable(file));
    }
}

void TstPolicyExamples::decidesAsItsCommentsSay() {
    QFETCH(QString, file);
    QFETCH(QString, line);
    const auto layer = policy::readPolicyFile((kFolder + QLatin1Char('/') + file).toStdString());
    QVERIFY(layer);
    const auto effective =
        policy::layerPolicies(policy::builtInPolicy(), {std::nullopt, {*layer}, std::nullopt});
    QVERIFY(effective);
    const auto expected = read(line);
    QCOMPARE(decided(expected, effective->policy), expected.route);
}

QTEST_GUILESS_MAIN(TstPolicyExamples)
#include "tst_PolicyExamples.moc"
