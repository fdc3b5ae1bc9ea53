// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainAssessor.h"
#include "assurance/DomainReport.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "base/Units.h"
#include "crypto/CardSummary.h"
#include "crypto/CertificateInfo.h"
#include "crypto/CertificateStore.h"
#include "crypto/ChainReport.h"
#include "crypto/Renewal.h"
#include "mail/Account.h"
#include "mail/Draft.h"
#include "receive/OpenedMessage.h"
#include "runtime/CertificateSearch.h"
#include "scan/Scanner.h"
#include "send/Receipt.h"
#include "send/SendExecutor.h"
#include "send/SendPlan.h"
#include "store/AuditJournal.h"
#include "submit/AccountFinder.h"
#include "submit/AccountSignIn.h"
#include "submit/SubmitOutcome.h"

#include <QFuture>
#include <QStringList>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <variant>
#include <vector>

namespace sealpost::ui {

using PlanPtr = std::shared_ptr<const send::SendPlan>;

//! What a window starts with.
struct Session {
    bool practice = false;
    std::vector<mail::Account> accounts;    //!< by name
    std::vector<mail::Draft> drafts;        //!< newest first
    std::filesystem::path practiceInbox;    //!< empty outside practice mode
    bool firstStart = false;                //!< nothing was ever written or sent from this profile
    std::vector<std::string> handling{};    //!< what policy offers beside the classification
    std::vector<std::string> descriptors{}; //!< the same
    bool spokenFor = false; //!< of a draft some recipients have it already, or wait in the outbox
};

//! What would happen, were the draft sent as it stands.
struct Preview {
    PlanPtr plan; //!< with all that was found; empty where there is a `problem`
    std::map<std::filesystem::path, Error> attachmentErrors; //!< these are not in the plan
    std::vector<std::filesystem::path> pending; //!< not looked into yet, so not in it either
    std::optional<Error> problem;               //!< why there is no plan
};

//! In order: how much of a file has been gone through, from 0 to 1, where that can be told; then
//! how it ended.
using AttachmentEvent = std::variant<double, Result<void>>;

//! In order: any number of reports as they become known, then one Preview.
using PreviewEvent = std::variant<assurance::DomainReport, Preview>;

struct SendStepAt {
    send::SendStep step = send::SendStep::Checked;
    std::size_t transmission = 0;
};

//! In order: any number of steps, then one result.
using SendEvent = std::variant<SendStepAt, Result<std::vector<send::Receipt>>>;

//! In order: where the person has to go, then how it ended.
using SignInEvent = std::variant<submit::SignInPlace, Result<void>>;

struct JournalContents {
    std::vector<store::JournalLine> lines; //!< newest first
    store::JournalVerdict verdict;
};

//! What a person does about a message in the outbox.
enum class OutboxAct {
    TryAgain,
    Arrived,    //!< of an uncertain one: never again
    NotArrived, //!< of an uncertain one: it waits again
    TakeBack,   //!< it becomes a draft again, for those whom it has not reached
    Discard,
};

//! What came of it.
struct OutboxDone {
    std::optional<mail::Draft> draft{};     //!< of TakeBack
    std::optional<send::Receipt> receipt{}; //!< of TryAgain
};

//! What became of what was due, and what the outbox still holds.
struct DueSummary {
    int sent = 0;
    int refused = 0;      //!< or given up
    int needsAPerson = 0; //!< held back, for a reason that does not pass by itself
    int waiting = 0;
    int uncertain = 0;                  //!< for a person to decide
    std::optional<Error> copyProblem{}; //!< why a copy is not in the Sent folder yet
};

struct ImportResult {
    std::vector<crypto::CertificateInfo> certificates;
    int newlyAdded = 0;
    int privateKeys = 0;
};

//! A received message, and how it came to be here.
struct ReceivedMessage {
    receive::OpenedMessage opened;
    std::string bytes; //!< as they were received
};
using ReceivedPtr = std::shared_ptr<const ReceivedMessage>;

//! The certificates that are known here.
struct KeyRing {
    std::vector<crypto::CertificateInfo> certificates; //!< by address
    std::set<std::string> pinned{}; //!< fingerprints that a person has chosen for an address
};

//! Which certificates a person wants to know about: all for an address, one by its fingerprint, or
//! those of a file, which is not imported.
struct ExaminedCertificates {
    std::string address; //!< addr-spec
    std::string fingerprint;
    std::filesystem::path file;
    std::string bytes; //!< the same as a file's
};

//! All that the window asks of the program below it. Calls return at once; the work is done on
//! other threads. Drafts are written and removed in the order of the calls.
class ComposeService {
public:
    ComposeService() = default;
    ComposeService(const ComposeService &) = delete;
    ComposeService &operator=(const ComposeService &) = delete;
    virtual ~ComposeService() = default;

    //! First; the others are for afterwards.
    [[nodiscard]] virtual QFuture<Result<Session>> open() = 0;

    //! Reads and scans a file for the previews that follow; `stop` ends it at once. Errors:
    //! AttachmentInspector::inspect()'s.
    [[nodiscard]] virtual QFuture<AttachmentEvent> lookInto(mail::Attachment attachment,
                                                            std::stop_token stop) = 0;
    //! Scans no attachment itself: see lookInto(). Retry "plan.stopped" as the problem where `stop`
    //! was asked for.
    [[nodiscard]] virtual QFuture<PreviewEvent>
    preview(mail::Draft draft, assurance::Freshness freshness, std::stop_token stop) = 0;
    [[nodiscard]] virtual QFuture<SendEvent> send(PlanPtr plan, send::Approvals approvals,
                                                  std::stop_token stop) = 0;

    //! The journal is told that this was to be sent and is blocked.
    [[nodiscard]] virtual QFuture<Result<void>> recordBlocked(PlanPtr plan) = 0;

    //! Its id.
    [[nodiscard]] virtual QFuture<Result<std::string>> saveDraft(mail::Draft draft) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> removeDraft(std::string id) = 0;
    [[nodiscard]] virtual QFuture<Result<std::vector<mail::Draft>>> drafts() = 0;
    [[nodiscard]] virtual QFuture<Result<ByteCount>> fileSize(std::filesystem::path path) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> writeFile(std::filesystem::path path,
                                                          std::string bytes) = 0;

    [[nodiscard]] virtual QFuture<Result<KeyRing>> certificates() = 0;
    //! A PKCS#12 file where the passphrase is there, else certificates alone.
    [[nodiscard]] virtual QFuture<Result<ImportResult>>
    importCertificates(std::filesystem::path file, std::shared_ptr<SecretBytes> passphrase) = 0;
    //! Looks for an address's certificates everywhere; nothing is kept. searchCertificates()'s
    //! errors.
    [[nodiscard]] virtual QFuture<Result<runtime::CertificateSearch>>
    findCertificates(mail::Address address, std::stop_token stop) = 0;
    //! Imports certificates that were found; nothing is trusted for it.
    [[nodiscard]] virtual QFuture<Result<ImportResult>> keepCertificates(std::string bytes) = 0;
    //! Makes one the one that counts for an address; an empty fingerprint takes that back.
    [[nodiscard]] virtual QFuture<Result<void>> pinCertificate(std::string addressSpec,
                                                               std::string fingerprint) = 0;
    //! Makes the keys of the smart card in the reader usable.
    [[nodiscard]] virtual QFuture<Result<crypto::CardSummary>> readCard() = 0;

    //! Verifies and decrypts a message's file; nothing is imported, nothing written. Errors:
    //! readAttachment()'s and MessageOpener::open()'s.
    [[nodiscard]] virtual QFuture<Result<ReceivedPtr>> openMessage(std::filesystem::path file,
                                                                   std::stop_token stop) = 0;
    //! The same of a message that was inside another one.
    [[nodiscard]] virtual QFuture<Result<ReceivedPtr>> openMessage(std::string bytes,
                                                                   std::stop_token stop) = 0;
    //! Into a folder that is there, writing over nothing; the names as written.
    [[nodiscard]] virtual QFuture<Result<QStringList>>
    saveAttachments(std::filesystem::path folder, std::vector<mail::MessagePart> parts) = 0;
    //! Imports the certificates that came with a good signature; nothing is trusted for it.
    [[nodiscard]] virtual QFuture<Result<ImportResult>> keepSigners(ReceivedPtr message) = 0;

    [[nodiscard]] virtual QFuture<Result<std::vector<crypto::ChainReport>>>
    examine(ExaminedCertificates what) = 0;
    //! Fetches what is missing above a certificate from where it names; how many came.
    [[nodiscard]] virtual QFuture<Result<int>> fetchIssuers(std::string fingerprint) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> trustRoot(std::string fingerprint) = 0;
    //! Which of the accounts' own certificates have to be renewed, by policy's days.
    [[nodiscard]] virtual QFuture<Result<std::vector<crypto::RenewalDue>>> renewals() = 0;

    //! Fetches revocation lists before a message needs them. refreshRevocation()'s errors.
    [[nodiscard]] virtual QFuture<Result<crypto::CertificateStore::Refresh>>
    refreshRevocation() = 0;

    [[nodiscard]] virtual QFuture<Result<std::vector<mail::Account>>> accounts() = 0;
    //! What an account of this address needs, as its domain says; none where policy does not want
    //! that to be asked. AccountFinder::find()'s errors.
    [[nodiscard]] virtual QFuture<Result<std::optional<submit::FoundAccount>>>
    findAccount(mail::Address address, std::stop_token stop) = 0;
    //! OAuth 2.0, for an account that is there; its tokens go to the operating system's keychain.
    //! submit::signIn()'s errors.
    [[nodiscard]] virtual QFuture<SignInEvent> signIn(std::string account, submit::SignInWay way,
                                                      std::stop_token stop) = 0;
    //! Up to AUTH with the account's server; the outcome's error is empty where all went well.
    [[nodiscard]] virtual QFuture<submit::SubmitOutcome>
    testAccount(mail::Account account, std::shared_ptr<SecretBytes> password) = 0;
    //! The password goes to the operating system's keychain; an account with OAuth has none.
    [[nodiscard]] virtual QFuture<Result<void>>
    addAccount(mail::Account account, std::shared_ptr<SecretBytes> password) = 0;
    //! Another password into the keychain; what waited for one is due again. FixInput
    //! "account.not-found".
    [[nodiscard]] virtual QFuture<Result<void>>
    changePassword(std::string account, std::shared_ptr<SecretBytes> password) = 0;
    //! Which of the person's certificates an account signs with from now on; an empty fingerprint:
    //! the best one each time. FixInput "account.not-found"; runtime::signingCertificate()'s.
    [[nodiscard]] virtual QFuture<Result<void>> signWith(std::string account,
                                                         std::string fingerprint) = 0;
    [[nodiscard]] virtual QFuture<Result<void>> removeAccount(std::string name) = 0;

    [[nodiscard]] virtual QFuture<Result<JournalContents>> journal() = 0;

    //! The newest messages of the outbox, newest first; those that have not ended are all there.
    [[nodiscard]] virtual QFuture<Result<std::vector<store::OutboxEntry>>> outbox() = 0;
    [[nodiscard]] virtual QFuture<Result<OutboxDone>> actOn(std::int64_t id, OutboxAct act) = 0;
    //! Sends what waits and is due; once the network is another, what failed for want of one too.
    [[nodiscard]] virtual QFuture<Result<DueSummary>> sendDue() = 0;
};

} // namespace sealpost::ui
