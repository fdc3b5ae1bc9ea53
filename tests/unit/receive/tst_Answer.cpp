// SPDX-License-Identifier: GPL-3.0-or-later
#include "receive/Answer.h"
#include "receive/SafeFiles.h"

#include <QTest>

using namespace sealpost;
using namespace sealpost::receive;

namespace {

const std::vector<std::string> kOwn = {"sam@justice.example"};

OpenedMessage received(SenderVerdict sender = SenderVerdict::Verified) {
    OpenedMessage message;
    message.sender = sender;
    message.headers.from = {"Jo Bloggs", "jo@court.example"};
    message.headers.to = {{"", "Sam@Justice.example"}, {"Al", "al@council.example"}};
    message.headers.cc = {{"", "jo@court.example"}, {"Clerk \"C\"", "c@court.example"}};
    message.headers.subject = "Minutes";
    message.text = "One\r\nTwo\r\n";
    return message;
}

std::vector<std::string> specs(const std::vector<mail::Address> &addresses) {
    std::vector<std::string> all;
    for (const auto &address : addresses) {
        all.push_back(address.spec());
    }
    return all;
}

mail::Draft answer(const OpenedMessage &message, AnswerTo whom = AnswerTo::Sender) {
    return answerTo(message, whom, kOwn, "Jo wrote:");
}

using Specs = std::vector<std::string>;

} // namespace

class TstAnswer : public QObject {
    Q_OBJECT
private slots:
    void toTheSender() {
        const auto draft = answer(received());
        QCOMPARE(specs(draft.to), Specs{"jo@court.example"});
        QCOMPARE(draft.to.front().displayName(), std::string("Jo Bloggs"));
        QVERIFY(draft.cc.empty());
        QCOMPARE(draft.subject, std::string("Re: Minutes"));
        QCOMPARE(draft.body, std::string("\n\nJo wrote:\n> One\n> Two\n> \n"));
        QVERIFY(!draft.protect);
    }

    void toEveryoneButOneself() {
        const auto draft = answer(received(), AnswerTo::Everyone);
        QCOMPARE(specs(draft.to), (Specs{"jo@court.example", "al@council.example"}));
        QCOMPARE(specs(draft.cc), Specs{"c@court.example"});
    }

    void subjectIsAnsweredOnce_data() {
        QTest::addColumn<QString>("subject");
        for (const char *subject : {"Minutes", "Re: Minutes", "RE:Re: re: Minutes", " Minutes "}) {
            QTest::newRow(subject) << QString::fromLatin1(subject);
        }
    }
    void subjectIsAnsweredOnce() {
        QFETCH(QString, subject);
        auto message = received();
        message.headers.subject = subject.toStdString();
        QCOMPARE(answer(message).subject, std::string("Re: Minutes"));
    }

    //! "Reply and forward keep the strength."
    void encryptedIsAnsweredEncrypted() {
        auto message = received();
        message.encrypted = true;
        QVERIFY(answer(message).protect == RouteKind::Smime);
        QVERIFY(mayBeQuoted(message));
    }

    void markingsAreKept_data() {
        QTest::addColumn<QString>("subject");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("label");
        QTest::newRow("subject") << "[OFFICIAL-SENSITIVE] Minutes"
                                 << "One"
                                 << "";
        QTest::newRow("text") << "Minutes"
                              << "OFFICIAL-SENSITIVE - COMMERCIAL\n\nOne"
                              << "";
        QTest::newRow("label") << "Minutes"
                               << "One"
                               << "OFFICIAL-SENSITIVE";
        QTest::newRow("the-highest") << "[OFFICIAL] Minutes"
                                     << "One"
                                     << "OFFICIAL-SENSITIVE";
    }
    void markingsAreKept() {
        QFETCH(QString, subject);
        QFETCH(QString, text);
        QFETCH(QString, label);
        auto message = received();
        message.headers.subject = subject.toStdString();
        message.text = text.toStdString();
        Layer layer;
        layer.signatures.emplace_back().label = label.toStdString();
        message.layers.push_back(layer);
        QVERIFY(answer(message).classification == Classification::OfficialSensitive);
        QVERIFY(answer(received()).classification == Classification::Official);
    }

    //! A stranger's ciphertext, sent on under another name to get it back in the clear.
    void aStrangersSecretIsNotQuoted_data() {
        QTest::addColumn<SenderVerdict>("sender");
        QTest::addColumn<bool>("encrypted");
        QTest::addColumn<bool>("quoted");
        QTest::newRow("encrypted-verified") << SenderVerdict::Verified << true << true;
        QTest::newRow("encrypted-unsigned") << SenderVerdict::Unsigned << true << false;
        QTest::newRow("encrypted-unproven") << SenderVerdict::Unproven << true << false;
        QTest::newRow("plain-unsigned") << SenderVerdict::Unsigned << false << true;
        QTest::newRow("plain-unproven") << SenderVerdict::Unproven << false << true;
    }
    void aStrangersSecretIsNotQuoted() {
        QFETCH(SenderVerdict, sender);
        QFETCH(bool, encrypted);
        auto message = received(sender);
        message.encrypted = encrypted;
        QTEST(mayBeQuoted(message), "quoted");
        QTEST(answer(message).body.find("Two") != std::string::npos, "quoted");
    }

    void whatIsNotShownIsNotQuoted() {
        auto message = received(SenderVerdict::Forged);
        message.text.reset();
        QVERIFY(!mayBeQuoted(message));
        QVERIFY(answer(message).body.empty());
    }

    void aLongTextIsQuotedInPart() {
        auto message = received();
        message.text = std::string();
        for (int i = 0; i < 20'000; ++i) {
            *message.text += "A line\n";
        }
        const auto body = answer(message).body;
        QVERIFY(body.size() < 100'000);
        QVERIFY(body.ends_with("> [...]\n"));
        message.text = std::string(200'000, 'x'); // no line end to cut at
        QVERIFY(answer(message).body.size() < 100'000);
    }

    void whatRuns_data() {
        QTest::addColumn<bool>("runs");
        QTest::newRow("invoice.pdf") << false;
        QTest::newRow("minutes.docx") << false;
        QTest::newRow("invoice.pdf.exe") << true;
        QTest::newRow("INVOICE.EXE") << true;
        QTest::newRow("macros.docm") << true;
        QTest::newRow("page.html") << true;
        QTest::newRow("README") << false;
    }
    void whatRuns() { QTEST(runsWhenOpened(QString::fromLatin1(QTest::currentDataTag())), "runs"); }
};

QTEST_APPLESS_MAIN(TstAnswer)
#include "tst_Answer.moc"
