// SPDX-License-Identifier: GPL-3.0-or-later
#include "FakeCms.h"
#include "World.h"

#include "mail/MimeReader.h"
#include "send/Forwarding.h"

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <fstream>

using namespace sealpost;
using namespace sealpost::send;
using namespace sealpost::send::testing;
using mail::ForwardForm;

namespace {

const std::string kPlain =
    "Received: from mx.council.example by mx.justice.example with ESMTPS id 1; Mon, 23 Nov 2026\r\n"
    "From: Alex <alex@council.example>\r\nTo: sam@justice.example\r\n"
    "Subject: [OFFICIAL-SENSITIVE] Bid\r\nDate: Mon, 23 Nov 2026 14:02:00 +0000\r\n"
    "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    "Content-Type: text/plain\r\n\r\nThe bid is attached.\r\n--b\r\n"
    "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"../bid.pdf\"\r\n"
    "\r\n%PDF-bid\r\n--b--\r\n";

const std::string kInner = "From: Alex <alex@council.example>\r\nTo: sam@justice.example\r\n"
                           "Subject: The true subject\r\nDate: Mon, 23 Nov 2026 14:02:00 +0000\r\n"
                           "Message-ID: <1@council.example>\r\n"
                           "Content-Type: text/plain; charset=utf-8; hp=\"cipher\"\r\n\r\n"
                           "Only for Sam.\r\n";

} // namespace

class TstForwarding : public QObject {
    Q_OBJECT
private slots:
    void attachedAsItIs();
    void inlineWithItsAttachments();
    void whatWasSealedGoesOnReadable();
    void whatMayNotBeShownDoesNotGoOn();
    void waysThatItCameBy_data();
    void waysThatItCameBy();
    void markingOfTheOriginalIsKept();
    void neverByAWeakerWay();
    void onlyFromTheOrganisation_data();
    void onlyFromTheOrganisation();
    void aboveOfficialNever();
    void changedSinceThePlanIsNotSent();

private:
    std::filesystem::path write(const std::string &bytes) {
        const auto path = std::filesystem::path(m_folder.path().toStdString()) /
                          (std::to_string(++m_files) + ".eml");
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }
    [[nodiscard]] Result<ForwardedContent> read(const std::string &bytes, ForwardForm form) {
        const Forwarder forwarder(
            std::make_shared<receive::MessageOpener>(std::make_shared<FakeCms>()));
        return forwarder.read({write(bytes), form}, base::kMiB, soon(), {});
    }
    //! A world whose organisation is known, and which can open messages.
    [[nodiscard]] World world() const {
        World there(m_folder.path().toStdString());
        there.opener = std::make_shared<receive::MessageOpener>(std::make_shared<FakeCms>());
        there.policy.internalDomains = {"justice.example"};
        (void)there.used->add({mail::Address::parse("jo@court.example").value(),
                               mail::Address::parse("al@council.example").value()});
        return there;
    }
    [[nodiscard]] mail::Draft forwarding(const std::string &bytes, const char *to,
                                         ForwardForm form = ForwardForm::Attached) {
        auto what = draft(to);
        what.subject.clear();
        what.body = "FYI\n";
        what.forward = mail::Forwarded{write(bytes), form};
        return what;
    }

    QTemporaryDir m_folder;
    int m_files = 0;
};

void TstForwarding::attachedAsItIs() {
    const auto content = read(kPlain, ForwardForm::Attached);
    QVERIFY(content);
    QCOMPARE(content->attachments.size(), 1U);
    QCOMPARE(content->attachments.front().name, "[OFFICIAL-SENSITIVE] Bid.eml");
    QCOMPARE(*content->attachments.front().content, kPlain);
    QVERIFY(content->text.empty());
    const auto whole = withForwarded(draft("jo@court.example"), *content);
    QCOMPARE(whole.subject, "Minutes of Tuesday");
    QCOMPARE(whole.attachments.size(), 1U);
    auto untitled = draft("jo@court.example");
    untitled.subject = " ";
    QCOMPARE(withForwarded(untitled, *content).subject, "Fwd: [OFFICIAL-SENSITIVE] Bid");
    // A name that every system can save.
    auto answer = kPlain;
    answer.replace(answer.find("Subject: "), 9, "Subject: Re: ");
    QCOMPARE(read(answer, ForwardForm::Attached)->attachments.front().name,
             "Re_ [OFFICIAL-SENSITIVE] Bid.eml");
}

void TstForwarding::inlineWithItsAttachments() {
    const auto content = read(kPlain, ForwardForm::Inline);
    QVERIFY(content);
    QCOMPARE(content->attachments.size(), 1U);
    QCOMPARE(content->attachments.front().name, "_bid.pdf");
    QCOMPARE(*content->attachments.front().content, "%PDF-bid");
    QVERIFY(content->text.starts_with("---------- Forwarded message ----------\n"
                                      "From: Alex <alex@council.example>\n"));
    QVERIFY(content->text.find("Subject: [OFFICIAL-SENSITIVE] Bid\n") != std::string::npos);
    QVERIFY(content->text.find("\n\nThe bid is attached.") != std::string::npos);
}

void TstForwarding::whatWasSealedGoesOnReadable() {
    const auto inlined = read(sealedMessage("SEALED:", kInner), ForwardForm::Inline);
    QVERIFY(inlined);
    QCOMPARE(inlined->subject, "The true subject");
    QVERIFY(inlined->text.find("Only for Sam.") != std::string::npos);
    QVERIFY(inlined->facts.cameBy == RouteKind::Smime);
    const auto attached = read(sealedMessage("SEALED:", kInner), ForwardForm::Attached);
    QVERIFY(attached);
    const auto again = mail::readMessage(*attached->attachments.front().content);
    QVERIFY(again);
    QCOMPARE(again->subject, "The true subject");
    QVERIFY(again->parts.front().content.find("Only for Sam.") != std::string::npos);
}

void TstForwarding::whatMayNotBeShownDoesNotGoOn() {
    const auto content = read(sealedMessage("OTHERS:", kInner), ForwardForm::Attached);
    QVERIFY(!content);
    QCOMPARE(content.error().code, "forward.unreadable");
    QVERIFY(content.error().subject.ends_with(".eml"));
    QCOMPARE(read("no message\n", ForwardForm::Inline).error().code, "mime.not-a-message");
    const Forwarder without(nullptr);
    QCOMPARE(
        without.read({write(kPlain), ForwardForm::Inline}, base::kMiB, soon(), {}).error().code,
        "forward.unreadable");
}

void TstForwarding::waysThatItCameBy_data() {
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QString>("way");
    const QByteArray rest = "From: a@b.example\r\nSubject: x\r\n\r\ntext\r\n";
    QTest::newRow("nothing-shows-it") << rest << QString();
    QTest::newRow("plain-smtp") << "Received: from a by b with ESMTP id 1\r\n" + rest << QString();
    QTest::newRow("tls") << "Received: from a by b with ESMTPS id 1\r\n" + rest
                         << QStringLiteral("tls");
    QTest::newRow("only-our-own-hop-counts")
        << "Received: from a by b with ESMTP id 1\r\nReceived: from c by a with ESMTPSA\r\n" + rest
        << QString();
    QTest::newRow("cjsm") << QByteArray("From: a@firm.example.cjsm.net\r\nSubject: x\r\n\r\nt\r\n")
                          << QStringLiteral("cjsm");
    QTest::newRow("not-quite-cjsm")
        << QByteArray("From: a@evilcjsm.net\r\nSubject: x\r\n\r\nt\r\n") << QString();
}

void TstForwarding::waysThatItCameBy() {
    QFETCH(QByteArray, message);
    QFETCH(QString, way);
    const auto content = read(message.toStdString(), ForwardForm::Inline);
    QVERIFY(content);
    const auto &came = content->facts.cameBy;
    QCOMPARE(came ? QString::fromStdString(std::string(base::toString(*came))) : QString(), way);
}

void TstForwarding::markingOfTheOriginalIsKept() {
    auto there = world();
    there.reports->assurances["court.example"] = Assurance::Enforced;
    const auto plan = there.planFor(forwarding(kPlain, "jo@court.example"));
    QVERIFY(!plan->blocked());
    QCOMPARE(plan->subject, "[OFFICIAL-SENSITIVE] Fwd: Bid");
    QVERIFY(plan->marking.classification == Classification::OfficialSensitive);
    QVERIFY(plan->decision.messageClass == policy::MessageClass::Sensitive);
    QVERIFY(plan->transmissions.front().body->starts_with("OFFICIAL-SENSITIVE\n\nFYI\n"));
    // What the person wrote stays as it was: it can be sent again, kept and edited.
    QVERIFY(plan->draft.attachments.empty());
    QVERIFY(plan->draft.subject.empty());
}

void TstForwarding::neverByAWeakerWay() {
    const auto there = world();
    const auto sealed = sealedMessage("SEALED:", kInner);
    // court.example has a certificate, council.example has TLS alone.
    auto goes = forwarding(sealed, "jo@court.example");
    QVERIFY(there.planFor(goes)->transmissions.front().route == RouteKind::Smime);
    const auto stays = there.planFor(forwarding(sealed, "al@council.example"));
    QVERIFY(stays->blocked());
    const auto &reasons = stays->decision.recipients.front().reasons;
    QVERIFY(std::any_of(reasons.begin(), reasons.end(), [](const auto &reason) {
        return reason.id == routing::ReasonId::ForwardWeaker;
    }));
}

void TstForwarding::onlyFromTheOrganisation_data() {
    QTest::addColumn<QString>("internal");
    QTest::addColumn<bool>("goes");
    QTest::newRow("own") << QStringLiteral("justice.example") << true;
    QTest::newRow("another") << QStringLiteral("court.example") << false;
    // Fewer internal domains are stricter; none at all can't be the laxest. Unknown is untrusted.
    QTest::newRow("none-named") << QString() << false;
}

void TstForwarding::onlyFromTheOrganisation() {
    QFETCH(QString, internal);
    QFETCH(bool, goes);
    auto there = world();
    there.policy.internalDomains.clear();
    if (!internal.isEmpty()) {
        there.policy.internalDomains.insert(internal.toStdString());
    }
    const auto message =
        QByteArray("From: a@b.example\r\nSubject: x\r\n\r\ntext\r\n").toStdString();
    const auto plan = there.planFor(forwarding(message, "al@council.example"));
    QCOMPARE(!plan->blocked(), goes);
    if (!goes) {
        QVERIFY(plan->decision.recipients.front().reasons.front().id ==
                routing::ReasonId::ForwardAccount);
    }
}

void TstForwarding::aboveOfficialNever() {
    const auto there = world();
    const auto plan =
        there.planFor(forwarding("From: a@b.example\r\nSubject: [SECRET] x\r\n\r\ntext\r\n",
                                 "jo@court.example", ForwardForm::Inline));
    QVERIFY(plan->blocked());
    QVERIFY(plan->decision.recipients.front().reasons.front().id ==
            routing::ReasonId::MarkingAboveOfficial);
}

void TstForwarding::changedSinceThePlanIsNotSent() {
    const auto there = world();
    const auto sealed = sealedMessage("SEALED:", kInner);
    const auto plan = there.planFor(forwarding(sealed, "jo@court.example", ForwardForm::Inline));
    // What was planned is in the plan: the file may go.
    std::filesystem::remove(plan->draft.forward->path);
    auto executor = there.executor();
    const auto receipts =
        executor.execute(*plan, World::approve(*plan), OnTemporaryFailure::Keep, soon(), {});
    QVERIFY(receipts);
    QVERIFY(receipts->front().outcome.delivery == submit::Delivery::Accepted);
    auto other = *plan;
    other.outgoing.body += "and more";
    QCOMPARE(executor.execute(other, World::approve(other), OnTemporaryFailure::Keep, soon(), {})
                 .error()
                 .code,
             "plan.changed");
}

QTEST_GUILESS_MAIN(TstForwarding)
#include "tst_Forwarding.moc"
