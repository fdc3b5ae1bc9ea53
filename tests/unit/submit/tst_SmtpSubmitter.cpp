// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/SmtpSubmitter.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "net/TlsaRecord.h"
#include "unit/submit/SubmissionRun.h"

#include <QtTest>

using namespace sealpost;
using namespace std::chrono_literals;
using namespace std::string_literals;
using submit::Delivery;
using test::Dialogue;
using test::Pacing;
using test::ScriptedServer;
using test::Step;
using namespace sealpost::submit::testing;

Q_DECLARE_METATYPE(sealpost::test::Pacing)

namespace {
const char *text(const std::string &words) {
    return words.c_str();
}
std::string word(Delivery delivery) {
    return std::string(toString(delivery));
}

//! What a server does wrong in the place of a step.
struct Fault {
    const char *name;
    Step step;
    const char *code;      //!< of the error before the last dot
    const char *afterDot;  //!< delivery where it is the reply to the last dot
    const char *beforeDot; //!< delivery where it comes earlier; "*": depends on the stage
};

std::vector<Fault> faults() {
    using Kind = Step::Kind;
    return {
        {"hangs up", {Kind::Close, {}}, "smtp.hung-up", "uncertain", "deferred"},
        {"is silent", {Kind::Hang, {}}, "net.deadline", "uncertain", "deferred"},
        {"sends garbage", {Kind::Send, "%&!\r\n"}, "smtp.garbage", "uncertain", "deferred"},
        {"sends an endless line",
         {Kind::SendAlways, std::string(1000, 'x')},
         "smtp.endless",
         "uncertain",
         "deferred"},
        {"sends an endless reply",
         {Kind::SendAlways, "250-more\r\n"},
         "smtp.endless",
         "uncertain",
         "deferred"},
        {"says 4xx", {Kind::Send, "451 4.3.0 later\r\n"}, "*", "deferred", "deferred"},
        {"says 5xx", {Kind::Send, "554 5.7.1 never\r\n"}, "*", "refused", "*"},
        {"closes with 421", {Kind::Send, "421 4.3.2 closing\r\n"}, "*", "deferred", "deferred"},
    };
}
} // namespace

class tst_SmtpSubmitter : public QObject {
    Q_OBJECT
private slots:
    void dialogue_data();
    void dialogue();
    void badCertificate_data();
    void badCertificate();
    void faultAtEachStage_data();
    void faultAtEachStage();
    void messageOnTheWire();
    void refusedBeforeLastDot();
    void stopBeforeAndAfterTheDot();
    void hostNotFound_data();
    void hostNotFound();
    void nobodyListens();
    void nonAsciiAddress();
    void headerInjectionInAnAddress();
    void testStopsAfterAuth();
    void testReportsAWrongPassword();
    void manyMessagesFillTheWindow();
    void largeMessageWaitsForItsRecipients();
    void sourceThatFailsHarmsNoOther();
    void utf8AddressWhereOffered();
    void daneInsteadOfAuthorities_data();
    void daneInsteadOfAuthorities();
    void pinnedAuthority();
    void sharedRelayByItsCertificate_data();
    void sharedRelayByItsCertificate();
    void tls13Demanded();
    void certificateSignsIn_data();
    void certificateSignsIn();
    void tokenIsRenewedInTheMiddle_data();
    void tokenIsRenewedInTheMiddle();
};

void tst_SmtpSubmitter::dialogue_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<Pacing>("pacing");
    for (const auto &name : Dialogue::names("submit-")) {
        const auto only = Dialogue::load(name).property("pacing", "");
        for (const auto pacing : test::kAllPacings) {
            if (only.empty() || only == toString(pacing)) {
                QTest::newRow(text(name + ", " + std::string(toString(pacing))))
                    << QByteArray::fromStdString(name) << pacing;
            }
        }
    }
}

void tst_SmtpSubmitter::dialogue() {
    QFETCH(QByteArray, name);
    QFETCH(Pacing, pacing);
    Setup setup;
    setup.dialogue = Dialogue::load(name.toStdString());
    setup.pacing = pacing;
    Run run(setup);
    const auto &expected = setup.dialogue;
    QCOMPARE(word(run.outcome.delivery), expected.property("delivery", "?"));
    QCOMPARE(run.errorCode(), expected.property("error", "-"));
    if (run.outcome.error) {
        QCOMPARE(run.outcome.error->stage, expected.property("stage", "?"));
        const auto &detail = run.outcome.error->logSafeDetail;
        QCOMPARE(detail, expected.property("detail", detail));
        QVERIFY(detail.find(expected.property("detail-part", "")) != std::string::npos);
    }
    QCOMPARE(run.outcome.queueId, expected.property("queue-id", ""));
    QCOMPARE(run.outcome.tls.has_value(), expected.property("tls", "?") == "yes");
    for (std::size_t i = 0; i < run.outcome.recipients.size(); ++i) {
        QCOMPARE(word(run.outcome.recipients[i].delivery),
                 expected.property("recipient-" + std::to_string(i + 1),
                                   expected.property("delivery", "?")));
    }
    for (std::size_t i = 1; i < run.outcomes.size(); ++i) {
        const auto suffix = "-" + std::to_string(i + 1);
        QCOMPARE(word(run.outcomes[i].delivery), expected.property("delivery" + suffix, "?"));
        const auto &error = run.outcomes[i].error;
        QCOMPARE(error ? error->code : "-", expected.property("error" + suffix, "-"));
    }
    for (std::size_t i = 0; i < run.outcomes.size(); ++i) {
        QCOMPARE(word(run.finished.at(i)), word(run.outcomes[i].delivery));
    }
    QVERIFY(run.server.waitForEnd());
    QCOMPARE(run.server.mismatches(), std::vector<std::string>());
    const auto turns = std::to_string(run.server.turns());
    QCOMPARE(turns, expected.property("turns", turns));
    const auto never = expected.property("never", "");
    QVERIFY(never.empty() || !run.server.hasReceived(never));
}

void tst_SmtpSubmitter::badCertificate_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("fault");
    QTest::addColumn<int>("problem");
    using crypto::PeerProblem;
    for (const auto *name : {"submit-starttls-accepted", "submit-implicit-accepted"}) {
        for (const auto &[fault, problem] : {std::pair("expired", PeerProblem::Expired),
                                             std::pair("wrong-name", PeerProblem::NameMismatch),
                                             std::pair("self-signed", PeerProblem::SelfSigned),
                                             std::pair("weak-key", PeerProblem::WeakKey)}) {
            QTest::newRow(text(fault + ", "s + name))
                << QByteArray(name) << QByteArray(fault) << static_cast<int>(problem);
        }
    }
}

void tst_SmtpSubmitter::badCertificate() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, fault);
    QFETCH(int, problem);
    Setup setup;
    setup.dialogue = Dialogue::load(name.toStdString());
    setup.fault = test::faultFrom(fault.toStdString());
    Run run(setup);
    QVERIFY2(run.server.mismatches().empty(), text(base::join(run.server.mismatches(), "; ")));
    QCOMPARE(run.errorCode(), "tls.certificate");
    QCOMPARE(run.outcome.error->stage, "submit.tls");
    QCOMPARE(run.outcome.error->reaction, Reaction::AskAdmin);
    QCOMPARE(word(run.outcome.delivery), "not-sent");
    QVERIFY(run.outcome.tls.has_value());
    const auto &problems = run.outcome.tls->problems;
    QVERIFY(std::find(problems.begin(), problems.end(),
                      static_cast<crypto::PeerProblem>(problem)) != problems.end());
    QVERIFY(run.server.waitForEnd());
    QVERIFY(!run.server.hasReceived("AUTH"));
    QVERIFY(!run.server.hasReceived("MAIL"));
}

void tst_SmtpSubmitter::faultAtEachStage_data() {
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("fault");
    const auto whole = Dialogue::load("submit-starttls-accepted");
    const auto all = faults();
    for (std::size_t i = 0; i < whole.steps.size(); ++i) {
        // Each place where the server is to reply: the greeting, and after what the client said.
        using Kind = Step::Kind;
        const bool greeting = i == 0;
        const bool afterClient = i > 0 && (whole.steps[i - 1].kind == Kind::Expect ||
                                           whole.steps[i - 1].kind == Kind::Message);
        if (!greeting && !afterClient) {
            continue;
        }
        for (std::size_t j = 0; j < all.size(); ++j) {
            const auto after = greeting ? "connect" : whole.steps[i - 1].text;
            QTest::newRow(text(std::to_string(i) + " after " + after + ": " + all[j].name))
                << static_cast<int>(i) << static_cast<int>(j);
        }
    }
}

void tst_SmtpSubmitter::faultAtEachStage() {
    QFETCH(int, step);
    QFETCH(int, fault);
    const auto wrong = faults()[static_cast<std::size_t>(fault)];
    Setup setup;
    setup.dialogue = Dialogue::load("submit-starttls-accepted");
    auto &steps = setup.dialogue.steps;
    const auto before = steps[static_cast<std::size_t>(std::max(step - 1, 0))];
    const bool afterQuit = before.text == "QUIT";
    const bool afterDot = before.kind == Step::Kind::Message;
    steps.resize(static_cast<std::size_t>(step));
    steps.push_back(wrong.step);
    if (wrong.step.kind == Step::Kind::Hang && !afterQuit) {
        setup.deadline = afterDot ? 2s : 400ms;
    }
    Run run(setup);
    if (afterQuit) {
        QCOMPARE(word(run.outcome.delivery), "accepted");
        QCOMPARE(run.errorCode(), "-");
        return;
    }
    const std::string expected = afterDot ? wrong.afterDot : wrong.beforeDot;
    if (expected != "*") {
        QCOMPARE(word(run.outcome.delivery), expected);
    }
    QVERIFY(run.outcome.delivery != Delivery::Accepted);
    QCOMPARE(run.outcome.delivery == Delivery::Uncertain, afterDot && expected == "uncertain");
    QVERIFY(run.outcome.error.has_value());
    if (wrong.code != "*"s) {
        QCOMPARE(run.errorCode(), wrong.code);
    }
    QVERIFY(run.outcome.error->stage.starts_with("submit."));
    QCOMPARE(run.committed, afterDot ? 1 : 0);
    for (const auto &recipient : run.outcome.recipients) {
        QCOMPARE(word(recipient.delivery), word(run.outcome.delivery));
    }
}

void tst_SmtpSubmitter::messageOnTheWire() {
    Setup setup;
    setup.dialogue = Dialogue::load("submit-starttls-accepted");
    Run run(setup);
    QVERIFY(run.server.waitForEnd());
    QCOMPARE(run.server.message(), "Subject: x\r\n\r\n..dot\r\nlast\r\n.\r\n");
    QVERIFY(run.server.hasReceived("MAIL FROM:<sam@sender.example> SIZE=" +
                                   std::to_string(kMessage.size())));
    QCOMPARE(run.outcome.reply, "250 2.0.0 Ok: queued as 4F1ABC");
    QVERIFY(run.outcome.tls->problems.empty());
    QVERIFY(run.outcome.tls->version.starts_with("TLSv1."));
    QCOMPARE(run.outcome.server,
             "smtp.example:" + std::to_string(static_cast<std::uint16_t>(run.server.port())));
}

void tst_SmtpSubmitter::refusedBeforeLastDot() {
    Setup setup;
    setup.dialogue = Dialogue::load("submit-starttls-accepted");
    setup.beforeLastDot = []() -> Result<void> {
        return fail("outbox.full", "outbox", Reaction::FixInput);
    };
    Run run(setup);
    QCOMPARE(word(run.outcome.delivery), "not-sent");
    QCOMPARE(run.errorCode(), "outbox.full");
    QVERIFY(run.server.waitForEnd());
    QCOMPARE(run.server.received().back(), "last");
}

void tst_SmtpSubmitter::stopBeforeAndAfterTheDot() {
    std::stop_source stopped;
    stopped.request_stop();
    Setup before;
    before.dialogue = Dialogue::parse("HANG\n", "inline");
    before.stop = stopped.get_token();
    Run first(before);
    QCOMPARE(word(first.outcome.delivery), "not-sent");
    QCOMPARE(first.errorCode(), "net.stopped");

    std::stop_source stop;
    Setup after;
    after.dialogue = Dialogue::load("submit-starttls-accepted");
    auto &steps = after.dialogue.steps;
    const auto message = std::find_if(steps.begin(), steps.end(), [](const auto &step) {
        return step.kind == Step::Kind::Message;
    });
    steps.erase(message + 1, steps.end());
    steps.push_back({Step::Kind::Hang, {}});
    after.stop = stop.get_token();
    after.deadline = 60s;
    after.beforeLastDot = [&]() -> Result<void> {
        stop.request_stop();
        return {};
    };
    Run second(after);
    QCOMPARE(word(second.outcome.delivery), "uncertain");
    QCOMPARE(second.errorCode(), "net.stopped");
}

void tst_SmtpSubmitter::hostNotFound_data() {
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QByteArray>("delivery");
    using net::DnsOutcome;
    const auto row = [](const char *name, DnsOutcome outcome, const char *code,
                        const char *delivery) {
        QTest::newRow(name) << static_cast<int>(outcome) << QByteArray(code)
                            << QByteArray(delivery);
    };
    row("no such name", DnsOutcome::NxDomain, "submit.host-unknown", "not-sent");
    row("no address", DnsOutcome::NoData, "submit.host-unknown", "not-sent");
    row("forged", DnsOutcome::Bogus, "submit.host-bogus", "not-sent");
    row("no answer", DnsOutcome::TempFailure, "submit.resolve", "deferred");
}

void tst_SmtpSubmitter::hostNotFound() {
    QFETCH(int, outcome);
    QFETCH(QByteArray, code);
    QFETCH(QByteArray, delivery);
    const auto dns = std::make_shared<test::FakeResolver>();
    for (const auto type : {net::DnsType::A, net::DnsType::Aaaa}) {
        dns->addOutcome(kHost, type, static_cast<net::DnsOutcome>(outcome));
    }
    submit::SmtpSubmitter submitter(config(dns));
    mail::Account account;
    account.host = kHost;
    const auto submission = submissionOf();
    const auto result =
        submitter.submit(account, {}, {&submission, 1}, Deadline::after(1s), {}).front();
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, code.toStdString());
    QCOMPARE(result.error->stage, "submit.resolve");
    QCOMPARE(result.error->subject, "smtp.example:465");
    QCOMPARE(word(result.delivery), delivery.toStdString());
    QCOMPARE(word(result.recipients.at(0).delivery), delivery.toStdString());
}

void tst_SmtpSubmitter::nobodyListens() {
    mail::Account account;
    account.host = "localhost";
    account.port = (*net::TcpListener::listen("127.0.0.1", Port{0}))->port();
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto result = submitter.test(account, {}, Deadline::after(5s), {});
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, "net.refused");
    QCOMPARE(result.error->stage, "submit.connect");
    QCOMPARE(word(result.delivery), "not-sent");
}

void tst_SmtpSubmitter::nonAsciiAddress() {
    Setup setup;
    setup.dialogue = Dialogue::load("submit-starttls-accepted");
    ScriptedServer server({setup.dialogue, Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto account = localAccount(server.port());
    auto submission = submissionOf();
    submission.recipients = {"j\xc3\xb6@court.example"};
    const auto result =
        submitter.submit(account, secret(), {&submission, 1}, Deadline::after(60s), {}).front();
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, "submit.smtputf8");
    QVERIFY(server.waitForEnd());
    QVERIFY(!server.hasReceived("MAIL"));
}

void tst_SmtpSubmitter::headerInjectionInAnAddress() {
    ScriptedServer server(
        {Dialogue::load("submit-starttls-accepted"), Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto account = localAccount(server.port());
    auto submission = submissionOf();
    submission.recipients = {"a@court.example>\r\nRCPT TO:<evil@x.example"};
    const auto result =
        submitter.submit(account, secret(), {&submission, 1}, Deadline::after(60s), {}).front();
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, "smtp.argument");
    QCOMPARE(result.error->stage, "submit.rcpt");
    QCOMPARE(word(result.delivery), "not-sent");
    QVERIFY(server.waitForEnd());
    QVERIFY(!server.hasReceived("RCPT"));
}

void tst_SmtpSubmitter::testStopsAfterAuth() {
    auto dialogue = Dialogue::load("submit-implicit-accepted");
    dialogue.steps.resize(static_cast<std::size_t>(
        std::find_if(dialogue.steps.begin(), dialogue.steps.end(),
                     [](const auto &step) { return step.text.starts_with("MAIL"); }) -
        dialogue.steps.begin()));
    dialogue.steps.push_back({Step::Kind::Expect, "QUIT"});
    dialogue.steps.push_back({Step::Kind::Send, "221 bye\r\n"});
    ScriptedServer server({dialogue, Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto account = localAccount(server.port(), mail::SubmissionTls::Implicit);
    const auto result = submitter.test(account, secret(), Deadline::after(60s), {});
    QVERIFY2(!result.error, result.error ? text(result.error->code) : "");
    QCOMPARE(word(result.delivery), "not-sent");
    QVERIFY(result.tls.has_value());
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
}

void tst_SmtpSubmitter::testReportsAWrongPassword() {
    ScriptedServer server(
        {Dialogue::load("submit-auth-failed"), Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto account = localAccount(server.port());
    const auto result = submitter.test(account, secret("wrong"), Deadline::after(60s), {});
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, "submit.auth-failed");
    QCOMPARE(result.error->reaction, Reaction::FixInput);
    QCOMPARE(word(result.delivery), "not-sent");
}

namespace {
//! A dialogue after AUTH, for a server with PIPELINING and CHUNKING under implicit TLS.
Dialogue chunking(const std::string &rest, const std::string &auth = "PLAIN") {
    return Dialogue::parse("TLS\nS: 220 hi\nC: EHLO\nS: 250-smtp\nS: 250-PIPELINING\n"
                           "S: 250-SMTPUTF8\nS: 250-CHUNKING\nS: 250 AUTH " +
                               auth + "\nC: AUTH " + auth + "\nS: 235 2.7.0 ok\n" + rest,
                           "inline");
}

//! The first certificate.
std::string derOf(const std::string &pem) {
    const auto begin = pem.find('\n') + 1;
    const auto lines = pem.substr(begin, pem.find("-----END") - begin);
    return QByteArray::fromBase64(QByteArray::fromStdString(lines)).toStdString();
}
} // namespace

//! 40 messages, of which at most 16 are without a reply at any time.
void tst_SmtpSubmitter::manyMessagesFillTheWindow() {
    constexpr int kCount = 40;
    constexpr int kWindow = 16;
    std::string script;
    const auto say = [&](int i) { script += (i > 0 ? "C: RSET\n" : ""); };
    const auto answer = [&](int i) {
        script += std::string(i > 0 ? "S: 250 reset\n" : "") +
                  "S: 250 from\nS: 250 to\nS: 250 queued as Q" + std::to_string(i) + "\n";
    };
    // The server answers nothing before the window is full, and then one for each further one.
    for (int i = 0; i < kCount; ++i) {
        say(i);
        script += "C: MAIL\nC: RCPT\nCHUNK\n";
        if (i >= kWindow - 1) {
            answer(i - (kWindow - 1));
        }
    }
    script += "C: QUIT\n";
    for (int i = kCount - kWindow + 1; i < kCount; ++i) {
        answer(i);
    }
    ScriptedServer server({chunking(script), Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const std::vector<submit::Submission> all(kCount, submissionOf());
    const auto outcomes =
        submitter.submit(localAccount(server.port(), mail::SubmissionTls::Implicit), secret(), all,
                         Deadline::after(20s), {});
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
    QCOMPARE(outcomes.size(), std::size_t{kCount});
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        QCOMPARE(word(outcomes[i].delivery), "accepted");
        QCOMPARE(outcomes[i].queueId, "Q" + std::to_string(i));
    }
}

//! Nobody reads a long message who does not take its recipient.
void tst_SmtpSubmitter::largeMessageWaitsForItsRecipients() {
    std::string large = "Subject: x\r\n\r\n";
    while (large.size() < 100'000) {
        large += "0123456789012345678901234567890123456789\r\n";
    }
    ScriptedServer server({chunking("C: MAIL\nC: RCPT\nS: 250 from\nS: 550 5.1.1 nobody\n"
                                    "C: RSET\nC: MAIL\nC: RCPT\nS: 250 reset\nS: 250 from\n"
                                    "S: 250 to\nCHUNK\nS: 250 queued as Q2\nC: QUIT\n"),
                           Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const std::vector<submit::Submission> both(2, submissionOf(large));
    const auto outcomes =
        submitter.submit(localAccount(server.port(), mail::SubmissionTls::Implicit), secret(), both,
                         Deadline::after(20s), {});
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
    QCOMPARE(word(outcomes[0].delivery), "refused");
    QCOMPARE(word(outcomes[1].delivery), "accepted");
    QVERIFY(server.message() == large);
}

void tst_SmtpSubmitter::sourceThatFailsHarmsNoOther() {
    ScriptedServer server({chunking("C: MAIL\nC: RCPT\nCHUNK\nC: QUIT\nS: 250 from\nS: 250 to\n"
                                    "S: 250 queued as Q\n"),
                           Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    std::vector<submit::Submission> all(5, submissionOf());
    all[0].open = []() -> Result<std::unique_ptr<base::ByteSource>> {
        return fail("store.damaged", "outbox", Reaction::AskAdmin);
    };
    all[1].size += 1;
    all[2].beforeLastDot = []() -> Result<void> {
        return fail("store.full", "outbox", Reaction::FixInput);
    };
    all[3] = submissionOf("Subject: x\r\n\r\nbare\nnewline\r\n");
    const auto outcomes =
        submitter.submit(localAccount(server.port(), mail::SubmissionTls::Implicit), secret(), all,
                         Deadline::after(20s), {});
    const std::array codes = {"store.damaged", "smtp.size-differs", "store.full",
                              "smtp.bare-newline"};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        QVERIFY(outcomes[i].error.has_value());
        QCOMPARE(outcomes[i].error->code, codes[i]);
        QCOMPARE(word(outcomes[i].delivery), "not-sent");
    }
    QCOMPARE(word(outcomes[4].delivery), "accepted");
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
}

void tst_SmtpSubmitter::utf8AddressWhereOffered() {
    ScriptedServer server({chunking("C: MAIL FROM:<sam@sender.example> SMTPUTF8\n"
                                    "C: RCPT TO:<j\xc3\xb6@court.example>\nCHUNK\nC: QUIT\n"
                                    "S: 250 from\nS: 250 to\nS: 250 queued as Q\n"),
                           Pacing::Whole, test::serverTls("localhost")});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    auto submission = submissionOf();
    submission.recipients = {"j\xc3\xb6@court.example"};
    const auto outcome = submitter
                             .submit(localAccount(server.port(), mail::SubmissionTls::Implicit),
                                     secret(), {&submission, 1}, Deadline::after(20s), {})
                             .front();
    QCOMPARE(word(outcome.delivery), "accepted");
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
}

void tst_SmtpSubmitter::daneInsteadOfAuthorities_data() {
    QTest::addColumn<QByteArray>("records"); //!< "match", "other" or "none"
    QTest::addColumn<bool>("secure");
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("rfc7672-3.1.1-dane-ee") << QByteArray("match") << true << QByteArray("-");
    QTest::newRow("another key") << QByteArray("other") << true << QByteArray("tls.certificate");
    QTest::newRow("rfc7672-2.2-not-proven")
        << QByteArray("match") << false << QByteArray("submit.dane-missing");
    QTest::newRow("no record") << QByteArray("none") << true << QByteArray("submit.dane-missing");
}

//! A self-signed certificate that no authority knows, and a TLSA record of it.
void tst_SmtpSubmitter::daneInsteadOfAuthorities() {
    QFETCH(QByteArray, records);
    QFETCH(bool, secure);
    QFETCH(QByteArray, code);
    const auto tls = test::serverTls("localhost", test::ServerFault::SelfSigned);
    ScriptedServer server({chunking("C: QUIT\n"), Pacing::Whole, tls});
    const auto dns = std::make_shared<test::FakeResolver>();
    const auto account = localAccount(server.port(), mail::SubmissionTls::Implicit);
    const auto name =
        "_" + std::to_string(static_cast<std::uint16_t>(server.port())) + "._tcp.localhost";
    const auto certificate = derOf(tls.certificateChainPem);
    if (records != "none") {
        const crypto::TlsaRecord record{
            3, 0, 1, crypto::sha256(records == "match" ? certificate : certificate + "x")};
        net::DnsAnswer answer;
        answer.outcome = net::DnsOutcome::Records;
        answer.security = secure ? net::DnsSecurity::Secure : net::DnsSecurity::Insecure;
        answer.rdata = {net::encodeTlsa(record)};
        dns->add(name, net::DnsType::Tlsa, std::move(answer));
    } else {
        dns->addOutcome(name, net::DnsType::Tlsa, net::DnsOutcome::NoData);
    }
    auto made = config(dns);
    made.hosts["localhost"].dane = true;
    submit::SmtpSubmitter submitter(std::move(made));
    const auto result = submitter.test(account, secret(), Deadline::after(60s), {});
    QCOMPARE(result.error ? result.error->code : "-", code.toStdString());
    if (code != "-") {
        QVERIFY(!server.hasReceived("AUTH"));
    }
}

void tst_SmtpSubmitter::pinnedAuthority() {
    const test::TestCa other;
    ScriptedServer server({chunking("C: QUIT\n"), Pacing::Whole, test::serverTls("localhost")});
    auto made = config(std::make_shared<test::FakeResolver>());
    made.hosts["localhost"].caFile = other.rootFile();
    submit::SmtpSubmitter submitter(std::move(made));
    const auto result = submitter.test(localAccount(server.port(), mail::SubmissionTls::Implicit),
                                       secret(), Deadline::after(60s), {});
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, "tls.certificate");
    QVERIFY(!server.hasReceived("AUTH"));
}

void tst_SmtpSubmitter::sharedRelayByItsCertificate_data() {
    QTest::addColumn<QStringList>("alsoNamed");
    QTest::addColumn<bool>("shared");
    QTest::newRow("its own name alone") << QStringList() << false;
    QTest::newRow("the relay's name too")
        << QStringList{QStringLiteral("DNS:smtp.mailgun.org")} << true;
    QTest::newRow("a pattern of the relay's")
        << QStringList{QStringLiteral("DNS:*.mailgun.org")} << true;
    QTest::newRow("in capitals") << QStringList{QStringLiteral("DNS:SMTP.MailGun.ORG")} << true;
    QTest::newRow("one that only ends alike")
        << QStringList{QStringLiteral("DNS:smtp.notmailgun.org")} << false;
}

//! The account names a server of one's own, behind which is a relay that many customers share.
void tst_SmtpSubmitter::sharedRelayByItsCertificate() {
    QFETCH(QStringList, alsoNamed);
    QFETCH(bool, shared);
    std::vector<std::string> names{"DNS:localhost"};
    for (const auto &name : alsoNamed) {
        names.push_back(name.toStdString());
    }
    const auto certificate = test::testCa().serverNamed(names, "localhost");
    ScriptedServer server({Dialogue::load("submit-shared-relay"), Pacing::Whole,
                           crypto::TlsServerConfig{certificate.chainPem, certificate.keyPem}});
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    auto submission = submissionOf();
    submission.notThrough = {"mailgun.org"};
    const std::vector<submit::Submission> all{submission};
    const auto outcome =
        submitter.submit(localAccount(server.port()), secret(), all, Deadline::after(60s), {})
            .front();
    // Otherwise the message is begun, at which this server ends.
    QCOMPARE(outcome.error && outcome.error->code == "submit.shared-relay", shared);
    QCOMPARE(server.hasReceived("MAIL FROM"), !shared);
    QCOMPARE(outcome.error && outcome.error->logSafeDetail == "mailgun.org", shared);
}

void tst_SmtpSubmitter::tls13Demanded() {
    auto tls = test::serverTls("localhost");
    tls.maximumVersion = 12;
    ScriptedServer server({chunking("C: QUIT\n"), Pacing::Whole, tls});
    const auto account = localAccount(server.port(), mail::SubmissionTls::Implicit);
    auto made = config(std::make_shared<test::FakeResolver>());
    QVERIFY(!submit::SmtpSubmitter(made).test(account, secret(), Deadline::after(60s), {}).error);
    made.trust.minimumTls = 13;
    const auto result =
        submit::SmtpSubmitter(made).test(account, secret(), Deadline::after(60s), {});
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code, "tls.version");
}

void tst_SmtpSubmitter::certificateSignsIn_data() {
    QTest::addColumn<bool>("shown");
    QTest::newRow("with a certificate") << true;
    QTest::newRow("without one") << false;
}

//! As CJSM's server connection asks: a client certificate in TLS, and AUTH EXTERNAL.
void tst_SmtpSubmitter::certificateSignsIn() {
    QFETCH(bool, shown);
    auto tls = test::serverTls("localhost");
    tls.clientCaPem = test::testCa().rootPem();
    ScriptedServer server({chunking("C: QUIT\n", "EXTERNAL"), Pacing::Whole, tls});
    auto account = localAccount(server.port(), mail::SubmissionTls::Implicit);
    account.signIn = mail::SignIn::Certificate;
    account.userName.clear();
    submit::Credentials credentials;
    if (shown) {
        const auto own = test::testCa().server("client.example", test::ServerFault::ClientPurpose);
        credentials.certificate = std::make_shared<const crypto::ClientCertificate>(
            crypto::ClientCertificate{own.chainPem, base::SecretBytes(std::string(own.keyPem))});
    }
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto result = submitter.test(account, credentials, Deadline::after(60s), {});
    QVERIFY(server.waitForEnd());
    if (shown) {
        QVERIFY2(!result.error, result.error ? text(result.error->code) : "");
        QCOMPARE(result.mechanism, "EXTERNAL");
        QVERIFY(server.hasReceived("AUTH EXTERNAL ="));
    } else {
        QVERIFY(result.error.has_value());
        QVERIFY(!server.hasReceived("EHLO"));
    }
}

void tst_SmtpSubmitter::tokenIsRenewedInTheMiddle_data() {
    QTest::addColumn<QByteArray>("renewed"); //!< empty: the provider says no
    QTest::addColumn<QByteArray>("code");
    QTest::newRow("renewed") << QByteArray("fresh") << QByteArray("-");
    QTest::newRow("revoked") << QByteArray() << QByteArray("oauth.sign-in");
    QTest::newRow("refused again") << QByteArray("worse") << QByteArray("submit.auth-failed");
}

//! The server takes the token no more: another one in the same session, once.
void tst_SmtpSubmitter::tokenIsRenewedInTheMiddle() {
    QFETCH(QByteArray, renewed);
    QFETCH(QByteArray, code);
    auto script = "TLS\nS: 220 hi\nC: EHLO\nS: 250-smtp\nS: 250 AUTH XOAUTH2\n"
                  "C: AUTH XOAUTH2 dXNlcj1zYW0BYXV0aD1CZWFyZXIgc2VjcmV0AQE=\nS: 334 e30=\nC: \n"
                  "S: 535 5.7.8 expired\n"s;
    if (!renewed.isEmpty()) {
        script += "C: AUTH XOAUTH2 " +
                  QByteArray("user=sam\x01"
                             "auth=Bearer " +
                             renewed + "\x01\x01")
                      .toBase64()
                      .toStdString() +
                  (renewed == "fresh" ? "\nS: 235 2.7.0 ok\n"s
                                      : "\nS: 334 e30=\nC: \nS: 535 5.7.8 expired\n"s);
    }
    ScriptedServer server({Dialogue::parse(script + "C: QUIT\n", "inline"), Pacing::Whole,
                           test::serverTls("localhost")});
    auto account = localAccount(server.port(), mail::SubmissionTls::Implicit);
    account.signIn = mail::SignIn::OAuth;
    auto credentials = secret();
    int asked = 0;
    credentials.renew = [&]() -> Result<base::SecretBytes> {
        ++asked;
        if (renewed.isEmpty()) {
            return fail("oauth.sign-in", "oauth", Reaction::FixInput);
        }
        return base::SecretBytes(renewed.toStdString());
    };
    submit::SmtpSubmitter submitter(config(std::make_shared<test::FakeResolver>()));
    const auto result = submitter.test(account, credentials, Deadline::after(60s), {});
    QCOMPARE(result.error ? result.error->code : "-", code.toStdString());
    QCOMPARE(asked, 1);
    QVERIFY(server.waitForEnd());
    QCOMPARE(server.mismatches(), std::vector<std::string>());
}

QTEST_GUILESS_MAIN(tst_SmtpSubmitter)
#include "tst_SmtpSubmitter.moc"
