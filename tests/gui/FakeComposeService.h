// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/Latch.h"
#include "gui/Plans.h"
#include "ui/ComposeService.h"

#include <QThreadPool>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace sealpost::testing {

//! What the window stands on, without a network, a keychain or a disk; on real threads, so that
//! its asynchrony is the real one. A body with "password is" holds a password.
class FakeComposeService final : public ui::ComposeService {
public:
    FakeComposeService();
    ~FakeComposeService() override;

    ui::Session session; //!< what open() gives
    std::optional<Error> openError;
    std::map<std::string, RouteKind> routes; //!< by domain
    std::vector<routing::Owed> owed;
    std::optional<Error> previewProblem;
    std::map<std::filesystem::path, Error> attachmentErrors;
    std::vector<scan::Skipped> skipped; //!< what no preview has looked into
    std::optional<Error> sendError;
    submit::Delivery delivery = submit::Delivery::Accepted;
    std::optional<Error> saveError;
    std::vector<crypto::CertificateInfo> known;
    std::set<std::string> pinned;              //!< fingerprints
    Result<crypto::CardSummary> card;          //!< what readCard() gives
    Result<runtime::CertificateSearch> search; //!< what findCertificates() gives
    Latch searchLatch;                         //!< before it does
    [[nodiscard]] std::vector<std::string> searchedFor();
    [[nodiscard]] int stoppedSearches() const { return m_stoppedSearches; }
    ui::JournalContents journalContents;
    std::optional<Error> testError;
    //! What findAccount() gives; not set: nothing is found.
    std::optional<submit::FoundAccount> settings;
    std::optional<Error> signInError; //!< how signIn() ends, once finishSignIn() was called
    void finishSignIn();
    std::vector<store::OutboxEntry> entries;                //!< the outbox, newest first
    ui::DueSummary dueSummary;                              //!< what sendDue() gives
    ui::OutboxDone outboxDone;                              //!< what actOn() gives
    std::map<std::string, receive::OpenedMessage> messages; //!< by file name, or by bytes
    std::vector<crypto::RenewalDue> renewalsDue;            //!< what renewals() gives
    std::vector<crypto::ChainReport> chains;                //!< what examine() gives
    std::vector<crypto::ChainReport> mended;                //!< the same once something was done

    std::vector<double> shares{0.4}; //!< that a look into an attachment tells of
    Latch attachmentLatch;           //!< after them
    Latch previewLatch;              //!< before a preview is answered
    Latch sendLatch;                 //!< after the last dot

    [[nodiscard]] int previews() const { return m_previews; }
    [[nodiscard]] int stoppedLooks() const { return m_stoppedLooks; }
    [[nodiscard]] std::vector<std::string> lookedInto();
    //! As if the file had changed: it is pending until it is looked into again.
    void forgetLook(const std::string &name);
    [[nodiscard]] int stoppedPreviews() const { return m_stoppedPreviews; }
    [[nodiscard]] std::vector<send::Approvals> sends();
    [[nodiscard]] std::vector<std::string> sentDraftIds();
    [[nodiscard]] std::vector<std::string> blockedPlans(); //!< digests
    [[nodiscard]] std::vector<mail::Draft> stored();
    [[nodiscard]] std::vector<std::filesystem::path> imported();
    [[nodiscard]] std::map<std::filesystem::path, std::string> written();
    //! "fetch 0a", "trust 0b", "keep", "keep DER", "pin jo@court.example 0c", in order.
    [[nodiscard]] std::vector<std::string> deeds();

    QFuture<Result<ui::Session>> open() override;
    QFuture<ui::AttachmentEvent> lookInto(mail::Attachment attachment,
                                          std::stop_token stop) override;
    QFuture<ui::PreviewEvent> preview(mail::Draft draft, assurance::Freshness freshness,
                                      std::stop_token stop) override;
    QFuture<ui::SendEvent> send(ui::PlanPtr plan, send::Approvals approvals,
                                std::stop_token stop) override;
    QFuture<Result<void>> recordBlocked(ui::PlanPtr plan) override;
    QFuture<Result<std::string>> saveDraft(mail::Draft draft) override;
    QFuture<Result<void>> removeDraft(std::string id) override;
    QFuture<Result<std::vector<mail::Draft>>> drafts() override;
    QFuture<Result<ByteCount>> fileSize(std::filesystem::path path) override;
    QFuture<Result<void>> writeFile(std::filesystem::path path, std::string bytes) override;
    QFuture<Result<ui::KeyRing>> certificates() override;
    QFuture<Result<ui::ImportResult>>
    importCertificates(std::filesystem::path file,
                       std::shared_ptr<SecretBytes> passphrase) override;
    QFuture<Result<runtime::CertificateSearch>> findCertificates(mail::Address address,
                                                                 std::stop_token stop) override;
    QFuture<Result<ui::ImportResult>> keepCertificates(std::string bytes) override;
    QFuture<Result<void>> pinCertificate(std::string addressSpec, std::string fingerprint) override;
    QFuture<Result<crypto::CardSummary>> readCard() override;
    QFuture<Result<ui::ReceivedPtr>> openMessage(std::filesystem::path file,
                                                 std::stop_token stop) override;
    QFuture<Result<ui::ReceivedPtr>> openMessage(std::string bytes, std::stop_token stop) override;
    QFuture<Result<QStringList>> saveAttachments(std::filesystem::path folder,
                                                 std::vector<mail::MessagePart> parts) override;
    QFuture<Result<ui::ImportResult>> keepSigners(ui::ReceivedPtr message) override;
    QFuture<Result<std::vector<crypto::ChainReport>>>
    examine(ui::ExaminedCertificates what) override;
    QFuture<Result<int>> fetchIssuers(std::string fingerprint) override;
    QFuture<Result<void>> trustRoot(std::string fingerprint) override;
    QFuture<Result<std::vector<crypto::RenewalDue>>> renewals() override;
    QFuture<Result<crypto::CertificateStore::Refresh>> refreshRevocation() override;
    QFuture<Result<std::vector<mail::Account>>> accounts() override;
    QFuture<Result<std::optional<submit::FoundAccount>>> findAccount(mail::Address address,
                                                                     std::stop_token stop) override;
    QFuture<ui::SignInEvent> signIn(std::string account, submit::SignInWay way,
                                    std::stop_token stop) override;
    QFuture<submit::SubmitOutcome> testAccount(mail::Account account,
                                               std::shared_ptr<SecretBytes> password) override;
    QFuture<Result<void>> addAccount(mail::Account account,
                                     std::shared_ptr<SecretBytes> password) override;
    QFuture<Result<void>> changePassword(std::string account,
                                         std::shared_ptr<SecretBytes> password) override;
    QFuture<Result<void>> signWith(std::string account, std::string fingerprint) override;
    QFuture<Result<void>> removeAccount(std::string name) override;
    QFuture<Result<ui::JournalContents>> journal() override;
    QFuture<Result<std::vector<store::OutboxEntry>>> outbox() override;
    QFuture<Result<ui::OutboxDone>> actOn(std::int64_t id, ui::OutboxAct act) override;
    QFuture<Result<ui::DueSummary>> sendDue() override;
    [[nodiscard]] int stoppedSignIns() const { return m_stoppedSignIns; }
    //! What addAccount() was given, in order.
    [[nodiscard]] std::vector<mail::Account> added();
    [[nodiscard]] int refreshes() const { return m_refreshes; }
    [[nodiscard]] int dueRuns() const { return m_dueRuns; }
    [[nodiscard]] std::vector<std::pair<std::int64_t, ui::OutboxAct>> acts();

private:
    void did(const std::string &deed);
    [[nodiscard]] Result<ui::ReceivedPtr> received(const std::string &key);
    [[nodiscard]] ui::Preview answerFor(const mail::Draft &draft);

    std::atomic<int> m_previews = 0;
    std::atomic<int> m_dueRuns = 0;
    std::atomic<int> m_stoppedSignIns = 0;
    std::atomic<int> m_stoppedSearches = 0;
    std::atomic<int> m_refreshes = 0;
    std::vector<std::string> m_searched;
    std::mutex m_signInMutex;
    std::condition_variable_any m_signInChanged;
    bool m_signInDone = false;
    std::vector<mail::Account> m_added;
    std::vector<std::pair<std::int64_t, ui::OutboxAct>> m_acts;
    std::atomic<int> m_stoppedPreviews = 0;
    std::atomic<int> m_stoppedLooks = 0;
    std::vector<std::string> m_looked;
    std::mutex m_mutex;
    std::vector<send::Approvals> m_sends;
    std::vector<std::string> m_sentDraftIds;
    std::vector<std::string> m_blockedPlans;
    std::vector<mail::Draft> m_drafts; //!< newest first
    std::vector<mail::Account> m_accounts;
    std::vector<std::filesystem::path> m_imported;
    std::map<std::filesystem::path, std::string> m_written;
    std::vector<std::string> m_deeds;
    int m_nextId = 1;
    QThreadPool m_ordered;
    QThreadPool m_pool;
};

} // namespace sealpost::testing
