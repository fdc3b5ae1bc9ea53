// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runtime/Runtime.h"
#include "ui/ComposeService.h"

#include <QLockFile>
#include <QThreadPool>
#include <memory>
#include <mutex>

namespace sealpost::ui {

//! ComposeService over a Runtime. Each kind of work has its own threads, so that a slow preview
//! holds up neither a draft nor a sending; the destructor waits for all of them.
class RuntimeComposeService final : public ComposeService {
public:
    explicit RuntimeComposeService(runtime::RuntimeOptions options);
    ~RuntimeComposeService() override;

    QFuture<Result<Session>> open() override;
    QFuture<AttachmentEvent> lookInto(mail::Attachment attachment, std::stop_token stop) override;
    QFuture<PreviewEvent> preview(mail::Draft draft, assurance::Freshness freshness,
                                  std::stop_token stop) override;
    QFuture<SendEvent> send(PlanPtr plan, send::Approvals approvals, std::stop_token stop) override;
    QFuture<Result<void>> recordBlocked(PlanPtr plan) override;
    QFuture<Result<std::string>> saveDraft(mail::Draft draft) override;
    QFuture<Result<void>> removeDraft(std::string id) override;
    QFuture<Result<std::vector<mail::Draft>>> drafts() override;
    QFuture<Result<ByteCount>> fileSize(std::filesystem::path path) override;
    QFuture<Result<void>> writeFile(std::filesystem::path path, std::string bytes) override;
    QFuture<Result<KeyRing>> certificates() override;
    QFuture<Result<ImportResult>>
    importCertificates(std::filesystem::path file,
                       std::shared_ptr<SecretBytes> passphrase) override;
    QFuture<Result<runtime::CertificateSearch>> findCertificates(mail::Address address,
                                                                 std::stop_token stop) override;
    QFuture<Result<ImportResult>> keepCertificates(std::string bytes) override;
    QFuture<Result<void>> pinCertificate(std::string addressSpec, std::string fingerprint) override;
    QFuture<Result<crypto::CardSummary>> readCard() override;
    QFuture<Result<ReceivedPtr>> openMessage(std::filesystem::path file,
                                             std::stop_token stop) override;
    QFuture<Result<ReceivedPtr>> openMessage(std::string bytes, std::stop_token stop) override;
    QFuture<Result<QStringList>> saveAttachments(std::filesystem::path folder,
                                                 std::vector<mail::MessagePart> parts) override;
    QFuture<Result<ImportResult>> keepSigners(ReceivedPtr message) override;
    QFuture<Result<std::vector<crypto::ChainReport>>> examine(ExaminedCertificates what) override;
    QFuture<Result<int>> fetchIssuers(std::string fingerprint) override;
    QFuture<Result<void>> trustRoot(std::string fingerprint) override;
    QFuture<Result<std::vector<crypto::RenewalDue>>> renewals() override;
    QFuture<Result<crypto::CertificateStore::Refresh>> refreshRevocation() override;
    QFuture<Result<std::vector<mail::Account>>> accounts() override;
    QFuture<Result<std::optional<submit::FoundAccount>>> findAccount(mail::Address address,
                                                                     std::stop_token stop) override;
    QFuture<SignInEvent> signIn(std::string account, submit::SignInWay way,
                                std::stop_token stop) override;
    QFuture<submit::SubmitOutcome> testAccount(mail::Account account,
                                               std::shared_ptr<SecretBytes> password) override;
    QFuture<Result<void>> addAccount(mail::Account account,
                                     std::shared_ptr<SecretBytes> password) override;
    QFuture<Result<void>> changePassword(std::string account,
                                         std::shared_ptr<SecretBytes> password) override;
    QFuture<Result<void>> signWith(std::string account, std::string fingerprint) override;
    QFuture<Result<void>> removeAccount(std::string name) override;
    QFuture<Result<JournalContents>> journal() override;
    QFuture<Result<std::vector<store::OutboxEntry>>> outbox() override;
    QFuture<Result<OutboxDone>> actOn(std::int64_t id, OutboxAct act) override;
    QFuture<Result<DueSummary>> sendDue() override;

private:
    [[nodiscard]] Result<std::shared_ptr<runtime::Runtime>> runtime() const;
    //! Runs `fn(Runtime &) -> Result<T>` on the pool, or gives the error of there being none.
    template <class Fn> auto withRuntime(QThreadPool &pool, Fn fn);

    runtime::RuntimeOptions m_options;
    mutable std::mutex m_mutex;
    std::shared_ptr<runtime::Runtime> m_runtime;
    std::unique_ptr<QLockFile> m_window; //!< this profile is in no other window
    std::string m_network; //!< of the last look for what is due; m_sending's thread alone
    std::stop_source m_closing;
    QThreadPool m_store;    //!< one thread: in the order of the calls
    QThreadPool m_previews; //!< an older one may still be stopping
    QThreadPool m_attachments;
    QThreadPool m_sending;
    QThreadPool m_signIns;  //!< wait for a person; one that was given up may still be stopping
    QThreadPool m_searches; //!< an older one may still be stopping
    QThreadPool m_upkeep;   //!< nobody waits for it
    QThreadPool m_other;
};

} // namespace sealpost::ui
