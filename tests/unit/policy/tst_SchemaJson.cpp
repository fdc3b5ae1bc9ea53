// SPDX-License-Identifier: GPL-3.0-or-later
#include "RandomPolicy.h"
#include "policy/PolicyParser.h"
#include "policy/SchemaJson.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>
#include <QTest>

using namespace sealpost;
using namespace sealpost::policy;

namespace {

const QString kSource = QStringLiteral(SEALPOST_SOURCE_DIR);
const QString kSchema = kSource + QStringLiteral("/resources/schema/policy.schema.json");

QByteArray read(const QString &path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

//! JSON with each value on one line where it fits: a file that people look into.
QByteArray toText(const QJsonValue &value, qsizetype indent = 0) {
    constexpr qsizetype kWidth = 110;
    const auto wrapped = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    const auto oneLine = wrapped.mid(1, wrapped.size() - 2);
    if (indent + oneLine.size() <= kWidth || !(value.isObject() || value.isArray())) {
        return oneLine;
    }
    const QByteArray margin(indent + 2, ' ');
    QByteArrayList lines;
    const auto object = value.toObject();
    for (auto at = object.begin(); at != object.end(); ++at) {
        lines.append(margin + '"' + at.key().toUtf8() + "\": " + toText(at.value(), indent + 2));
    }
    for (const auto one : value.toArray()) {
        lines.append(margin + toText(one, indent + 2));
    }
    return (value.isObject() ? "{\n" : "[\n") + lines.join(",\n") + '\n' + QByteArray(indent, ' ') +
           (value.isObject() ? '}' : ']');
}

//! "" where the TOML documents, one after another with a line "# ----" between, fulfil the schema.
QString complaint(const QByteArray &documents) {
    QProcess python;
    python.start(QStringLiteral(SEALPOST_PYTHON),
                 {kSource + QStringLiteral("/tests/unit/policy/validate_toml.py"), kSchema});
    python.write(documents);
    python.closeWriteChannel();
    if (!python.waitForFinished(60'000)) {
        return QStringLiteral("no answer");
    }
    return QString::fromUtf8(python.readAllStandardOutput() + python.readAllStandardError());
}

} // namespace

class TstSchemaJson : public QObject {
    Q_OBJECT
private slots:
    void fileIsWhatTheKeysSay();
    void examplesFulfilIt();
    void whatTheParserTakesFulfilsIt();
    void mistakesAreRefused_data();
    void mistakesAreRefused();
};

void TstSchemaJson::fileIsWhatTheKeysSay() {
    const auto made = toText(schemaJson()) + '\n';
    if (qEnvironmentVariableIsSet("SEALPOST_UPDATE_SNAPSHOTS")) {
        QFile file(kSchema);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(made), made.size());
        return;
    }
    QCOMPARE(read(kSchema), made);
}

void TstSchemaJson::examplesFulfilIt() {
    QByteArray documents = read(kSource + QStringLiteral("/resources/policy/default.toml"));
    const QDir folder(kSource + QStringLiteral("/resources/policy/examples"));
    const auto files = folder.entryList({QStringLiteral("*.toml")}, QDir::Files);
    QCOMPARE(files.size(), 3);
    for (const auto &file : files) {
        documents += "\n# ----\n" + read(folder.filePath(file));
    }
    QCOMPARE(complaint(documents), QString());
}

void TstSchemaJson::whatTheParserTakesFulfilsIt() {
    policy::testing::RandomPolicy random(11);
    QByteArray documents = "bundle = { version = 1, expires = 2027-01-01 }";
    for (int round = 0; round < 50; ++round) {
        const auto document = random.document(true);
        QVERIFY(parsePolicy(document, "random").problems.empty());
        documents += "\n# ----\n" + QByteArray::fromStdString(document);
    }
    QCOMPARE(complaint(documents), QString());
}

void TstSchemaJson::mistakesAreRefused_data() {
    QTest::addColumn<QByteArray>("toml");
    QTest::newRow("misspelt-key") << QByteArray("[tls]\nminimum-vesion = \"1.2\"\n");
    QTest::newRow("unknown-table") << QByteArray("[nonsense]\n");
    QTest::newRow("wrong-type") << QByteArray("probe.port-25 = \"yes\"\n");
    QTest::newRow("no-such-word") << QByteArray("decision.secrets.routes = [\"fax\"]\n");
    QTest::newRow("out-of-range") << QByteArray("tls.minimum-rsa-bits = 1024\n");
    QTest::newRow("exception-without-authoriser")
        << QByteArray("tls.exceptions = [{ domain = \"a.example\", reason = \"r\", "
                      "reference = \"x\", expires = 2027-01-01 }]\n");
    QTest::newRow("locked-unknown-key") << QByteArray("lock = [\"tls.minimum\"]\n");
    QTest::newRow("bundle-without-version") << QByteArray("bundle = { expires = 2027-01-01 }\n");
    QTest::newRow("http-url") << QByteArray("organisation.bundle-url = \"http://a.example/\"\n");
}

void TstSchemaJson::mistakesAreRefused() {
    QFETCH(QByteArray, toml);
    QVERIFY(!complaint(toml).isEmpty());
}

QTEST_GUILESS_MAIN(TstSchemaJson)
#include "tst_SchemaJson.moc"
