// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeSigning.h"
#include "runtime/ReceiptFile.h"

#include <QJsonDocument>
#include <QTest>

using namespace sealpost;
using namespace sealpost::runtime;
using namespace sealpost::runtime::testing;
using namespace std::chrono_literals;

namespace {

Deadline soon() {
    return Deadline::after(30s);
}

ReceiptStatement someStatement() {
    ReceiptStatement statement;
    statement.receipt = {{QStringLiteral("envelope_from"), QStringLiteral("ana@justice.example")},
                         {QStringLiteral("reply"), QStringLiteral("250 2.0.0 Ok: queued as 1A")}};
    statement.line.emplace();
    statement.line->sequence = 5;
    statement.line->chain = "c0ffee";
    statement.title = "Receipt";
    statement.note = "A note.";
    statement.page = {{"Outcome", "accepted by the server"}, {"Recipient", "Bea (é)"}};
    return statement;
}

std::string made(ReceiptForm form, const std::string &signer = "fp") {
    FakeSealer sealer;
    return writeReceipt(someStatement(), form, sealer, signer, soon()).value();
}

std::string faultOf(const std::string &file, FakeReader &reader) {
    const auto checked = checkReceipt(file, reader, soon(), {});
    return checked ? checked->fault : checked.error().code;
}

std::string replaced(std::string text, const std::string &what, const std::string &by) {
    const auto at = text.find(what);
    if (at == std::string::npos) {
        qFatal("%s is not in the receipt", what.c_str());
    }
    return text.replace(at, what.size(), by);
}

} // namespace

class TstReceiptFile : public QObject {
    Q_OBJECT
private slots:
    void bothFormsHold();
    void changesShow();
    void thePageIsWhatWasSigned();
    void whoSigned();
    void othersAreRefused();
};

void TstReceiptFile::bothFormsHold() {
    FakeReader reader;
    for (const auto form : {ReceiptForm::Json, ReceiptForm::Pdf}) {
        const auto checked = checkReceipt(made(form), reader, soon(), {}).value();
        QCOMPARE(checked.fault, "");
        QCOMPARE(checked.receipt, someStatement().receipt);
        QCOMPARE(checked.page, someStatement().page);
        QCOMPARE(checked.signature->signer.fingerprint, "fp");
    }
    // What was signed is a text of its own: openssl can check it without us.
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(made(ReceiptForm::Json)));
    const auto statement =
        QJsonDocument::fromJson(object[QLatin1String("statement")].toString().toUtf8());
    QCOMPARE(statement[QLatin1String("journal")][QLatin1String("line")].toInt(), 5);
    QCOMPARE(statement[QLatin1String("journal")][QLatin1String("chain")].toString(),
             QStringLiteral("c0ffee"));
}

void TstReceiptFile::changesShow() {
    FakeReader reader;
    const auto json = made(ReceiptForm::Json);
    QCOMPARE(faultOf(replaced(json, "queued as 1A", "queued as 2B"), reader), "signature");
    QCOMPARE(faultOf(replaced(json, "\"signature\": \"", "\"signature\": \"!"), reader),
             "signature");
    QCOMPARE(faultOf(made(ReceiptForm::Json, {}), reader), "unsigned");
    QCOMPARE(faultOf(made(ReceiptForm::Pdf, {}), reader), "unsigned");
}

void TstReceiptFile::thePageIsWhatWasSigned() {
    FakeReader reader;
    const auto pdf = made(ReceiptForm::Pdf);
    // The page alone, and the file inside alone.
    QCOMPARE(faultOf(replaced(pdf, "(accepted by the server)", "(refused by the server )"), reader),
             "page");
    QCOMPARE(faultOf(replaced(pdf, "queued as 1A", "queued as 2B"), reader), "signature");
    QCOMPARE(faultOf(pdf + "%", reader), "page");
}

void TstReceiptFile::whoSigned() {
    FakeReader reader;
    const auto json = made(ReceiptForm::Json);
    reader.address = "Ana@Justice.Example";
    QCOMPARE(faultOf(json, reader), "");
    reader.address = "mallory@justice.example";
    QCOMPARE(faultOf(json, reader), "address");
    reader.state = crypto::CertificateState::Untrusted;
    QCOMPARE(faultOf(json, reader), "signer");
}

void TstReceiptFile::othersAreRefused() {
    FakeReader reader;
    for (const auto *bytes : {"", "{}", "[]", "%PDF-1.7\n", "{\"format\": \"other\"}"}) {
        QCOMPARE(faultOf(bytes, reader), "receipt.unreadable");
    }
}

QTEST_GUILESS_MAIN(TstReceiptFile)
#include "tst_ReceiptFile.moc"
