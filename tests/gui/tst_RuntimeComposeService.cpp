// SPDX-License-Identifier: GPL-3.0-or-later
// The window's service over the real runtime in practice mode: real planner, executor, S/MIME and
// loopback servers; no network and no keychain of the operating system.
#include "ui/PracticeSample.h"
#include "ui/RuntimeComposeService.h"

#include <QDir>
#include <QFutureWatcher>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sealpost;

class TestRuntimeComposeService final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QVERIFY(m_profile.isValid());
        runtime::RuntimeOptions options;
        options.mode = runtime::Mode::Practice;
        options.profile = m_profile.path().toStdString();
        m_service = std::make_unique<ui::RuntimeComposeService>(std::move(options));
        const auto early = last(m_service->drafts());
        QCOMPARE(early.error().code, std::string("runtime.not-open"));
        const auto session = last(m_service->open());
        QVERIFY2(session, session ? "" : session.error().code.c_str());
        QVERIFY(session->practice);
        QVERIFY(session->firstStart);
        QCOMPARE(static_cast<int>(session->accounts.size()), 1);
        m_session = *session;
    }
    void cleanupTestCase() { m_service.reset(); }

    void aSecondWindowIsToldAndTheFirstGoesOn() {
        runtime::RuntimeOptions options;
        options.mode = runtime::Mode::Practice;
        options.profile = m_profile.path().toStdString();
        ui::RuntimeComposeService second(options);
        const auto refused = last(second.open());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("profile.open-elsewhere"));
        QVERIFY(last(m_service->accounts()).has_value());
        QVERIFY(last(m_service->open()).has_value()); // its own does not stand in its way
    }

    void withoutRecipientThereAreFindings() {
        const auto preview = previewOf(draft());
        QVERIFY(!preview.problem);
        QVERIFY(preview.plan->decision.recipients.empty());
        QCOMPARE(static_cast<int>(preview.plan->findings.size()), 1);
    }

    void anAttachmentThatIsGoneIsNamedAndTheRestIsShown() {
        auto message = draft();
        message.to = {ui::practicePeople().front()};
        message.attachments = {{"/nowhere/gone.pdf", "gone.pdf"}};
        const auto preview = previewOf(message);
        QVERIFY(preview.plan != nullptr);
        QCOMPARE(static_cast<int>(preview.attachmentErrors.size()), 1);
        QCOMPARE(preview.attachmentErrors.begin()->second.code, std::string("attachment.missing"));
        QCOMPARE(static_cast<int>(preview.plan->decision.recipients.size()), 1);
    }

    void anAttachmentIsPendingUntilItIsLookedInto() {
        const auto path = m_profile.filePath(QStringLiteral("notes.txt"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("The password is tulipwednesday42.\n");
        file.close();
        auto message = draft();
        message.body = "Hello";
        message.attachments = {{path.toStdString(), "notes.txt"}};
        const auto before = previewOf(message);
        QCOMPARE(before.pending.size(), std::size_t{1});
        QVERIFY(before.plan->findings.empty());
        const auto end = last(m_service->lookInto(message.attachments.front(), {}));
        QVERIFY(std::get<Result<void>>(end).has_value());
        const auto after = previewOf(message);
        QVERIFY(after.pending.empty());
        QCOMPARE(after.plan->findings.size(), std::size_t{1});
        QVERIFY(after.plan->findings.front().dismissible);
        message.dismissals = {{after.plan->findings.front().mark, "password", "It is made up"}};
        QVERIFY(!scan::stands(previewOf(message).plan->findings.front()));
    }

    void aStoppedLookEndsAndIsNotRemembered() {
        std::stop_source stop;
        stop.request_stop();
        const auto path = m_profile.filePath(QStringLiteral("other.txt"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("nothing");
        file.close();
        const mail::Attachment attachment{path.toStdString(), "other.txt"};
        const auto end = last(m_service->lookInto(attachment, stop.get_token()));
        QCOMPARE(std::get<Result<void>>(end).error().code, std::string("scan.stopped"));
        auto message = draft();
        message.attachments = {attachment};
        QCOMPARE(previewOf(message).pending.size(), std::size_t{1});
    }

    void aStoppedPreviewSaysSo() {
        std::stop_source stop;
        stop.request_stop();
        const auto event =
            last(m_service->preview(draft(), assurance::Freshness::Cached, stop.get_token()));
        QCOMPARE(std::get<ui::Preview>(event).problem->code, std::string("plan.stopped"));
    }

    void draftsAreKeptAndRemoved() {
        const auto id = last(m_service->saveDraft(draft()));
        QVERIFY(id.has_value());
        const auto kept = last(m_service->drafts());
        QCOMPARE(static_cast<int>(kept->size()), 1);
        QCOMPARE(kept->front().subject, draft().subject);
        QVERIFY(last(m_service->removeDraft(*id)).has_value());
        QVERIFY(last(m_service->drafts())->empty());
    }

    void aMessageGoesOutAndIsInTheJournal() {
        auto message = draft();
        message.to = {ui::practicePeople().front()};
        message.classification = Classification::OfficialSensitive;
        const auto preview = previewOf(message);
        QVERIFY(preview.plan != nullptr);
        QVERIFY(preview.plan->decision.recipients.front().route == RouteKind::Smime);
        send::Approvals approvals;
        approvals.planDigest = preview.plan->digest;
        const auto end = last(m_service->send(preview.plan, approvals, {}));
        const auto &receipts = std::get<Result<std::vector<send::Receipt>>>(end);
        QVERIFY2(receipts, receipts ? "" : receipts.error().code.c_str());
        QVERIFY(receipts->front().outcome.delivery == submit::Delivery::Accepted);
        QVERIFY(!receipts->front().smime.encryptedTo.empty());
        const QDir inbox(QString::fromStdString(m_session.practiceInbox.string()));
        QCOMPARE(inbox.entryList({QStringLiteral("*.eml")}).size(), 1);
        const auto journal = last(m_service->journal());
        QVERIFY(journal->verdict.intact);
        QVERIFY(!journal->lines.empty());
    }

    //! The draft of a program that was killed while it sent is there still.
    void aDraftLosesWhoIsSpokenForAtTheNextStart() {
        auto message = draft();
        message.body = "See you on Tuesday.";
        const auto busy = mail::Address::parse("busy@council.practice.example").value();
        message.to = {ui::practicePeople().front(), busy};
        message.id = *last(m_service->saveDraft(message));
        const auto receipts = sendAll(message);
        QVERIFY2(receipts, receipts ? "" : receipts.error().code.c_str());
        QVERIFY(std::any_of(receipts->begin(), receipts->end(),
                            [](const auto &receipt) { return receipt.waits; }));
        const auto other = mail::Address::parse("it@oldmail.practice.example").value();
        message.cc = {other};
        QVERIFY(last(m_service->saveDraft(message)).has_value());
        const auto again = last(m_service->open());
        QVERIFY(again->spokenFor);
        QCOMPARE(again->drafts.size(), std::size_t{1});
        QVERIFY(again->drafts.front().to.empty());
        QCOMPARE(again->drafts.front().cc, std::vector<mail::Address>{other});
        message.cc.clear();
        QVERIFY(last(m_service->saveDraft(message)).has_value());
        QVERIFY(last(m_service->open())->drafts.empty());
        QVERIFY(last(m_service->drafts())->empty());
    }

    void aWrongApprovalSendsNothing() {
        auto message = draft();
        message.to = {ui::practicePeople().front()};
        const auto preview = previewOf(message);
        const auto end = last(m_service->send(preview.plan, {}, {}));
        const auto &receipts = std::get<Result<std::vector<send::Receipt>>>(end);
        QCOMPARE(receipts.error().code, std::string("plan.changed"));
    }

    void certificatesAndAFileThatIsNone() {
        const auto known = last(m_service->certificates());
        QVERIFY(known->certificates.size() >= 2);
        const auto file = m_profile.filePath(QStringLiteral("not-a-key.p12"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write("no key");
        out.close();
        const auto result = last(m_service->importCertificates(
            file.toStdString(), std::make_shared<SecretBytes>(std::string("x"))));
        QCOMPARE(result.error().code, std::string("pkcs12.unreadable"));
        QVERIFY(result.error().subject.find("not-a-key.p12") != std::string::npos);
    }

    void accountsComeAndGo() {
        auto account = m_session.accounts.front();
        account.name = "Another";
        const auto password = std::make_shared<SecretBytes>(std::string("secret"));
        QVERIFY(last(m_service->addAccount(account, password)).has_value());
        QCOMPARE(last(m_service->addAccount(account, password)).error().code,
                 std::string("account.exists"));
        QCOMPARE(static_cast<int>(last(m_service->accounts())->size()), 2);
        QVERIFY(last(m_service->changePassword("Another", password)).has_value());
        QCOMPARE(last(m_service->changePassword("Nobody", password)).error().code,
                 std::string("account.not-found"));
        QVERIFY(last(m_service->removeAccount("Another")).has_value());
        QCOMPARE(static_cast<int>(last(m_service->accounts())->size()), 1);
    }

    void anAccountSignsWithTheChosenCertificate() {
        const auto &account = m_session.accounts.front();
        const auto signsWith = [this] {
            return last(m_service->accounts())->front().signingFingerprint;
        };
        const auto ring = last(m_service->certificates());
        const auto withAddress = [&](const std::string &spec) {
            return std::find_if(ring->certificates.begin(), ring->certificates.end(),
                                [&](const crypto::CertificateInfo &one) {
                                    return std::find(one.addresses.begin(), one.addresses.end(),
                                                     spec) != one.addresses.end();
                                });
        };
        const auto own = withAddress(account.address.spec());
        const auto other = withAddress(ui::practicePeople().front().spec());
        QVERIFY(own != ring->certificates.end() && other != ring->certificates.end());
        QVERIFY(last(m_service->signWith(account.name, own->fingerprint)).has_value());
        QCOMPARE(signsWith(), own->fingerprint);
        QCOMPARE(last(m_service->signWith(account.name, other->fingerprint)).error().code,
                 std::string("smime.no-key"));
        QCOMPARE(signsWith(), own->fingerprint);
        QCOMPARE(last(m_service->signWith("Nobody", own->fingerprint)).error().code,
                 std::string("account.not-found"));
        QVERIFY(last(m_service->signWith(account.name, {})).has_value());
        QCOMPARE(signsWith(), std::string());
    }

    void signingInSaysWhyNot() {
        using Way = submit::SignInWay;
        const auto errorOf = [this](const std::string &account) {
            const auto event = last(m_service->signIn(account, Way::Browser, {}));
            return std::get<Result<void>>(event).error().code;
        };
        QCOMPARE(errorOf("nobody's"), std::string("account.not-found"));
        auto account = m_session.accounts.front();
        account.name = "By page";
        account.signIn = mail::SignIn::OAuth;
        account.oauth = {"http://plain.example", "sealpost", {}, "openid"};
        QVERIFY(last(m_service->addAccount(account, std::make_shared<SecretBytes>())).has_value());
        QCOMPARE(errorOf("By page"), std::string("oauth.discovery"));
        QVERIFY(last(m_service->removeAccount("By page")).has_value());
    }

    void settingsAreLookedFor() {
        const auto found =
            last(m_service->findAccount(*mail::Address::parse("sam@nowhere.practice.example"), {}));
        QVERIFY(!found);
        QCOMPARE(found.error().code, std::string("account.not-found-for"));
    }

    void whatCannotBeWrittenIsSaid() {
        const auto result = last(m_service->writeFile("/nowhere/receipt.json", "{}"));
        QCOMPARE(result.error().code, std::string("file.unwritable"));
        const auto file = m_profile.filePath(QStringLiteral("receipt.json"));
        QVERIFY(last(m_service->writeFile(file.toStdString(), "{}")).has_value());
        QVERIFY(QFile::exists(file));
        QVERIFY(!last(m_service->fileSize("/nowhere/at-all")).has_value());
    }

private:
    //! The future's last result, with the event loop running until it is there.
    template <class T> static T last(QFuture<T> future) {
        QFutureWatcher<T> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(future);
        if (finished.isEmpty()) {
            finished.wait(50'000);
        }
        return future.resultAt(future.resultCount() - 1);
    }
    ui::Preview previewOf(const mail::Draft &draft) {
        return std::get<ui::Preview>(
            last(m_service->preview(draft, assurance::Freshness::Cached, {})));
    }
    Result<std::vector<send::Receipt>> sendAll(const mail::Draft &message) {
        const auto preview = previewOf(message);
        send::Approvals approvals;
        approvals.planDigest = preview.plan->digest;
        approvals.justification = "It is a practice message";
        for (const auto &owed : preview.plan->owed) {
            approvals.confirmed.insert(owed.id);
        }
        return std::get<Result<std::vector<send::Receipt>>>(
            last(m_service->send(preview.plan, approvals, {})));
    }
    [[nodiscard]] mail::Draft draft() const {
        auto message = ui::practiceDraft();
        if (!m_session.accounts.empty()) {
            message.account = m_session.accounts.front().name;
            message.from = m_session.accounts.front().address;
        }
        return message;
    }

    QTemporaryDir m_profile{QStringLiteral("/tmp/spg-XXXXXX")};
    std::unique_ptr<ui::RuntimeComposeService> m_service;
    ui::Session m_session;
};

QTEST_MAIN(TestRuntimeComposeService)
#include "tst_RuntimeComposeService.moc"
