// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RuntimeComposeService.h"

#include "net/NetworkFingerprint.h"
#include "receive/SafeFiles.h"
#include "runtime/OutboxActs.h"
#include "runtime/RevocationUpkeep.h"
#include "runtime/SentCopies.h"
#include "runtime/SigningCertificate.h"
#include "send/PlanJournal.h"
#include "ui/OnFinished.h"
#include "ui/OutboxTasks.h"
#include "ui/RuntimeTasks.h"
#include "ui/SignInTasks.h"

#include <QFile>
#include <QSaveFile>
#include <algorithm>

namespace sealpost::ui {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPreviewDeadline = 30s;
constexpr auto kCertificateDeadline = 60s;
constexpr auto kSearchDeadline = 60s;
constexpr auto kUpkeepDeadline = 5min;
constexpr auto kTestDeadline = 30s;
constexpr auto kFindDeadline = 60s;
constexpr auto kSignInDeadline = 15min;
constexpr auto kChoiceDeadline = 60s;

} // namespace

RuntimeComposeService::RuntimeComposeService(runtime::RuntimeOptions options)
    : m_options(std::move(options)) {
    m_options.refreshAhead = true; // a window stays open
    m_store.setMaxThreadCount(1);
    m_previews.setMaxThreadCount(3);
    m_attachments.setMaxThreadCount(2);
    m_sending.setMaxThreadCount(1);
    m_signIns.setMaxThreadCount(3);
    m_searches.setMaxThreadCount(3);
    m_upkeep.setMaxThreadCount(1);
    m_other.setMaxThreadCount(2);
}

RuntimeComposeService::~RuntimeComposeService() {
    m_closing.request_stop();
    for (auto *pool : {&m_previews, &m_attachments, &m_signIns, &m_searches, &m_upkeep, &m_other,
                       &m_sending, &m_store}) {
        pool->waitForDone();
    }
}

Result<std::shared_ptr<runtime::Runtime>> RuntimeComposeService::runtime() const {
    const std::scoped_lock lock(m_mutex);
    if (!m_runtime) {
        return fail("runtime.not-open", "window", Reaction::Bug);
    }
    return m_runtime;
}

template <class Fn> auto RuntimeComposeService::withRuntime(QThreadPool &pool, Fn fn) {
    using R = std::invoke_result_t<Fn, runtime::Runtime &>;
    return runOn(pool, [this, fn = std::move(fn)]() -> R {
        const auto opened = runtime();
        if (!opened) {
            return fail(opened.error());
        }
        return fn(**opened);
    });
}

QFuture<Result<Session>> RuntimeComposeService::open() {
    return runOn(m_store, [this]() -> Result<Session> {
        auto opened = runtime();
        if (!opened) {
            opened = runtime::Runtime::open(m_options);
            if (!opened) {
                return fail(opened.error());
            }
        }
        if (!m_window) {
            auto window = (*opened)->profile().lockWindow();
            if (!window) {
                return fail(window.error());
            }
            m_window = std::move(*window);
        }
        auto session = makeSession(**opened);
        if (session) {
            const std::scoped_lock lock(m_mutex);
            m_runtime = *opened;
        }
        return session;
    });
}

QFuture<AttachmentEvent> RuntimeComposeService::lookInto(mail::Attachment attachment,
                                                         std::stop_token stop) {
    return emitOn<AttachmentEvent>(
        m_attachments, [this, attachment = std::move(attachment), stop = std::move(stop),
                        closing = m_closing.get_token()](const auto &deliver) {
            std::stop_source either;
            const std::stop_callback onStop(stop, [&either] { either.request_stop(); });
            const std::stop_callback onClosing(closing, [&either] { either.request_stop(); });
            const auto opened = runtime();
            deliver(opened ? lookIntoNow(**opened, attachment, either.get_token(),
                                         [&deliver](double share) { deliver(share); })
                           : Result<void>(fail(opened.error())));
        });
}

QFuture<PreviewEvent> RuntimeComposeService::preview(mail::Draft draft,
                                                     assurance::Freshness freshness,
                                                     std::stop_token stop) {
    return emitOn<PreviewEvent>(m_previews, [this, draft = std::move(draft), freshness,
                                             stop = std::move(stop)](const auto &deliver) {
        const auto opened = runtime();
        if (stop.stop_requested() || !opened) {
            Preview preview = stopped();
            if (!opened) {
                preview.problem = opened.error();
            }
            deliver(preview);
            return;
        }
        const auto deadline = Deadline::after(kPreviewDeadline);
        switch (freshness) {
        case assurance::Freshness::Cached:
            break;
        case assurance::Freshness::FreshOnce:
        case assurance::Freshness::Fresh:
            lookAgain(**opened, draft, deadline, stop);
            break;
        }
        const send::PlanProgress progress{
            [&deliver](const assurance::DomainReport &report) { deliver(report); }};
        deliver(makePreview(**opened, draft, deadline, stop, progress));
    });
}

QFuture<SendEvent> RuntimeComposeService::send(PlanPtr plan, send::Approvals approvals,
                                               std::stop_token stop) {
    return emitOn<SendEvent>(m_sending, [this, plan = std::move(plan),
                                         approvals = std::move(approvals),
                                         stop = std::move(stop)](const auto &deliver) {
        const auto opened = runtime();
        if (!opened) {
            deliver(Result<std::vector<send::Receipt>>(fail(opened.error())));
            return;
        }
        deliver(sendNow(**opened, *plan, approvals, stop,
                        [&deliver](send::SendStep step, std::size_t transmission) {
                            deliver(SendStepAt{step, transmission});
                        }));
    });
}

QFuture<Result<void>> RuntimeComposeService::recordBlocked(PlanPtr plan) {
    return withRuntime(m_store, [plan = std::move(plan)](runtime::Runtime &r) -> Result<void> {
        const auto journal = r.journal();
        if (!journal) {
            return fail(journal.error());
        }
        return send::journalBlocked(*plan, **journal);
    });
}

QFuture<Result<std::string>> RuntimeComposeService::saveDraft(mail::Draft draft) {
    return withRuntime(m_store,
                       [draft = std::move(draft)](runtime::Runtime &r) -> Result<std::string> {
                           const auto store = r.drafts();
                           return store ? (*store)->save(draft) : fail(store.error());
                       });
}

QFuture<Result<void>> RuntimeComposeService::removeDraft(std::string id) {
    return withRuntime(m_store, [id = std::move(id)](runtime::Runtime &r) -> Result<void> {
        const auto store = r.drafts();
        return store ? (*store)->remove(id) : fail(store.error());
    });
}

QFuture<Result<std::vector<mail::Draft>>> RuntimeComposeService::drafts() {
    return withRuntime(m_store, [](runtime::Runtime &r) -> Result<std::vector<mail::Draft>> {
        const auto store = r.drafts();
        return store ? (*store)->list() : fail(store.error());
    });
}

QFuture<Result<ByteCount>> RuntimeComposeService::fileSize(std::filesystem::path path) {
    return runOn(m_other, [path = std::move(path)]() -> Result<ByteCount> {
        std::error_code error;
        const auto size = fs::file_size(path, error);
        if (error) {
            return fail("attachment.unreadable", "attach", Reaction::FixInput, error.message(),
                        path.string());
        }
        return static_cast<ByteCount>(size);
    });
}

QFuture<Result<void>> RuntimeComposeService::writeFile(std::filesystem::path path,
                                                       std::string bytes) {
    return runOn(m_other, [path = std::move(path), bytes = std::move(bytes)]() -> Result<void> {
        QSaveFile file(QFile::decodeName(path.c_str()));
        if (!file.open(QIODevice::WriteOnly) ||
            file.write(bytes.data(), static_cast<qint64>(bytes.size())) < 0 || !file.commit()) {
            return fail("file.unwritable", "save", Reaction::FixInput,
                        file.errorString().toStdString(), path.string());
        }
        return {};
    });
}

QFuture<Result<KeyRing>> RuntimeComposeService::certificates() {
    return withRuntime(m_other, [stop = m_closing.get_token()](runtime::Runtime &r) {
        return keyRingNow(r, stop);
    });
}

QFuture<Result<runtime::CertificateSearch>>
RuntimeComposeService::findCertificates(mail::Address address, std::stop_token stop) {
    return withRuntime(
        m_searches, [address = std::move(address), stop = std::move(stop)](runtime::Runtime &r) {
            return runtime::searchCertificates(r, address, Deadline::after(kSearchDeadline), stop);
        });
}

QFuture<Result<ImportResult>> RuntimeComposeService::keepCertificates(std::string bytes) {
    return withRuntime(
        m_other, [bytes = std::move(bytes)](runtime::Runtime &r) { return keepNow(r, bytes); });
}

QFuture<Result<void>> RuntimeComposeService::pinCertificate(std::string addressSpec,
                                                            std::string fingerprint) {
    return withRuntime(m_other,
                       [addressSpec = std::move(addressSpec), fingerprint = std::move(fingerprint)](
                           runtime::Runtime &r) { return pinNow(r, addressSpec, fingerprint); });
}

QFuture<Result<ImportResult>>
RuntimeComposeService::importCertificates(std::filesystem::path file,
                                          std::shared_ptr<SecretBytes> passphrase) {
    return withRuntime(
        m_other,
        [file = std::move(file),
         passphrase = std::move(passphrase)](runtime::Runtime &r) -> Result<ImportResult> {
            const auto store = r.certificates();
            if (!store) {
                return fail(store.error());
            }
            const auto bytes = readSmallFile(file);
            if (!bytes) {
                return fail(bytes.error());
            }
            const auto deadline = Deadline::after(kCertificateDeadline);
            auto summary = passphrase ? (*store)->importPkcs12(*bytes, *passphrase, deadline)
                                      : (*store)->importCertificates(*bytes, deadline);
            if (!summary) {
                auto error = summary.error();
                if (error.subject.empty()) {
                    error.subject = file.filename().string();
                }
                return fail(std::move(error));
            }
            return ImportResult{summary->certificates, summary->newlyAdded, summary->privateKeys};
        });
}

QFuture<Result<crypto::CardSummary>> RuntimeComposeService::readCard() {
    return withRuntime(m_other, [](runtime::Runtime &r) -> Result<crypto::CardSummary> {
        const auto store = r.certificates();
        return store ? (*store)->readCard(Deadline::after(kCertificateDeadline))
                     : fail(store.error());
    });
}

QFuture<Result<ReceivedPtr>> RuntimeComposeService::openMessage(std::filesystem::path file,
                                                                std::stop_token stop) {
    return withRuntime(m_other,
                       [file = std::move(file),
                        stop = std::move(stop)](runtime::Runtime &r) -> Result<ReceivedPtr> {
                           auto bytes = readMessageFile(file);
                           return bytes ? openNow(r, std::move(*bytes), stop) : fail(bytes.error());
                       });
}

QFuture<Result<ReceivedPtr>> RuntimeComposeService::openMessage(std::string bytes,
                                                                std::stop_token stop) {
    return withRuntime(m_other, [bytes = std::move(bytes), stop = std::move(stop)](
                                    runtime::Runtime &r) { return openNow(r, bytes, stop); });
}

QFuture<Result<QStringList>>
RuntimeComposeService::saveAttachments(std::filesystem::path folder,
                                       std::vector<mail::MessagePart> parts) {
    return runOn(m_other, [folder = std::move(folder), parts = std::move(parts)] {
        return receive::saveAttachments(folder, parts);
    });
}

QFuture<Result<ImportResult>> RuntimeComposeService::keepSigners(ReceivedPtr message) {
    return withRuntime(m_other, [message = std::move(message)](runtime::Runtime &r) {
        return keepSignersNow(r, message->opened);
    });
}

QFuture<Result<std::vector<crypto::ChainReport>>>
RuntimeComposeService::examine(ExaminedCertificates what) {
    return withRuntime(m_other, [what = std::move(what), stop = m_closing.get_token()](
                                    runtime::Runtime &r) { return examineNow(r, what, stop); });
}

QFuture<Result<int>> RuntimeComposeService::fetchIssuers(std::string fingerprint) {
    return withRuntime(m_other,
                       [fingerprint = std::move(fingerprint),
                        stop = m_closing.get_token()](runtime::Runtime &r) -> Result<int> {
                           const auto store = r.certificates();
                           return store ? (*store)->fetchIssuers(
                                              fingerprint, Deadline::after(kCertificateDeadline),
                                              stop)
                                        : fail(store.error());
                       });
}

QFuture<Result<void>> RuntimeComposeService::trustRoot(std::string fingerprint) {
    return withRuntime(
        m_other, [fingerprint = std::move(fingerprint)](runtime::Runtime &r) -> Result<void> {
            const auto store = r.certificates();
            return store ? (*store)->trustRoot(fingerprint, Deadline::after(kCertificateDeadline))
                         : fail(store.error());
        });
}

QFuture<Result<std::vector<crypto::RenewalDue>>> RuntimeComposeService::renewals() {
    return withRuntime(m_other, [stop = m_closing.get_token()](runtime::Runtime &r) {
        return renewalsNow(r, stop);
    });
}

QFuture<Result<crypto::CertificateStore::Refresh>> RuntimeComposeService::refreshRevocation() {
    return withRuntime(m_upkeep, [stop = m_closing.get_token()](runtime::Runtime &r) {
        return runtime::refreshRevocation(r, Deadline::after(kUpkeepDeadline), stop);
    });
}

QFuture<Result<std::vector<mail::Account>>> RuntimeComposeService::accounts() {
    return withRuntime(m_store, [](runtime::Runtime &r) -> Result<std::vector<mail::Account>> {
        const auto store = r.accounts();
        return store ? (*store)->list() : fail(store.error());
    });
}

QFuture<Result<std::optional<submit::FoundAccount>>>
RuntimeComposeService::findAccount(mail::Address address, std::stop_token stop) {
    return withRuntime(
        m_other,
        [address = std::move(address), stop = std::move(stop), closing = m_closing.get_token()](
            runtime::Runtime &r) -> Result<std::optional<submit::FoundAccount>> {
            std::stop_source either;
            const std::stop_callback onStop(stop, [&either] { either.request_stop(); });
            const std::stop_callback onClosing(closing, [&either] { either.request_stop(); });
            return findAccountNow(r, address, Deadline::after(kFindDeadline), either.get_token());
        });
}

QFuture<SignInEvent> RuntimeComposeService::signIn(std::string account, submit::SignInWay way,
                                                   std::stop_token stop) {
    return emitOn<SignInEvent>(m_signIns, [this, account = std::move(account), way,
                                           stop = std::move(stop),
                                           closing = m_closing.get_token()](const auto &deliver) {
        std::stop_source either;
        const std::stop_callback onStop(stop, [&either] { either.request_stop(); });
        const std::stop_callback onClosing(closing, [&either] { either.request_stop(); });
        const auto opened = runtime();
        deliver(opened ? signInNow(
                             **opened, account, way,
                             [&deliver](const submit::SignInPlace &place) { deliver(place); },
                             Deadline::after(kSignInDeadline), either.get_token())
                       : fail(opened.error()));
    });
}

QFuture<submit::SubmitOutcome>
RuntimeComposeService::testAccount(mail::Account account, std::shared_ptr<SecretBytes> password) {
    return runOn(m_other,
                 [this, account = std::move(account), password = std::move(password),
                  stop = m_closing.get_token()]() -> submit::SubmitOutcome {
                     submit::SubmitOutcome outcome;
                     const auto opened = runtime();
                     if (!opened) {
                         outcome.error = opened.error();
                         return outcome;
                     }
                     const auto submitter = (*opened)->submitter();
                     if (!submitter) {
                         outcome.error = submitter.error();
                         return outcome;
                     }
                     outcome = (*submitter)
                                   ->test(account, submit::Credentials(password->clone()),
                                          Deadline::after(kTestDeadline), stop);
                     if (!outcome.error && !account.imapHost.empty()) {
                         const auto folder = runtime::testImap(
                             **opened, account, *password, Deadline::after(kTestDeadline), stop);
                         if (!folder) {
                             outcome.error = folder.error();
                         }
                     }
                     return outcome;
                 });
}

QFuture<Result<void>> RuntimeComposeService::addAccount(mail::Account account,
                                                        std::shared_ptr<SecretBytes> password) {
    return withRuntime(m_store,
                       [account = std::move(account),
                        password = std::move(password)](runtime::Runtime &r) -> Result<void> {
                           const auto whole = withOAuthClient(r, account);
                           if (!whole) {
                               return fail(whole.error());
                           }
                           const auto store = r.accounts();
                           if (!store) {
                               return fail(store.error());
                           }
                           // The account first: a name that is taken must not change the other
                           // one's password.
                           if (auto added = (*store)->add(*whole); !added) {
                               return added;
                           }
                           if (account.signIn == mail::SignIn::OAuth) {
                               return {}; // its tokens come when the person signs in
                           }
                           auto kept = r.keychain()->write(account.keychainKey(), *password);
                           if (!kept) {
                               (void)(*store)->remove(account.name);
                           }
                           return kept;
                       });
}

QFuture<Result<void>> RuntimeComposeService::changePassword(std::string account,
                                                            std::shared_ptr<SecretBytes> password) {
    return withRuntime(m_store,
                       [account = std::move(account),
                        password = std::move(password)](runtime::Runtime &r) -> Result<void> {
                           const auto store = r.accounts();
                           const auto known = store ? (*store)->find(account) : fail(store.error());
                           if (!known) {
                               return fail(known.error());
                           }
                           auto kept = r.keychain()->write(known->keychainKey(), *password);
                           return kept ? runtime::tryAgainFor(r, known->name) : kept;
                       });
}

QFuture<Result<void>> RuntimeComposeService::signWith(std::string account,
                                                      std::string fingerprint) {
    return withRuntime(m_other, [account = std::move(account),
                                 fingerprint = std::move(fingerprint)](runtime::Runtime &r) {
        return runtime::signWith(r, account, fingerprint, Deadline::after(kChoiceDeadline), {});
    });
}

QFuture<Result<void>> RuntimeComposeService::removeAccount(std::string name) {
    return withRuntime(m_store, [name = std::move(name)](runtime::Runtime &r) -> Result<void> {
        const auto store = r.accounts();
        if (!store) {
            return fail(store.error());
        }
        const auto account = (*store)->find(name);
        if (!account) {
            return fail(account.error());
        }
        if (auto removed = (*store)->remove(name); !removed) {
            return removed;
        }
        return r.keychain()->remove(account->keychainKey());
    });
}

QFuture<Result<JournalContents>> RuntimeComposeService::journal() {
    return withRuntime(m_store, [](runtime::Runtime &r) -> Result<JournalContents> {
        const auto journal = r.journal();
        if (!journal) {
            return fail(journal.error());
        }
        auto lines = (*journal)->list();
        const auto verdict = (*journal)->verify();
        if (!lines || !verdict) {
            return fail(lines ? verdict.error() : lines.error());
        }
        std::reverse(lines->begin(), lines->end());
        return JournalContents{std::move(*lines), *verdict};
    });
}

QFuture<Result<std::vector<store::OutboxEntry>>> RuntimeComposeService::outbox() {
    return withRuntime(m_store, [](runtime::Runtime &r) { return listOutbox(r); });
}

QFuture<Result<OutboxDone>> RuntimeComposeService::actOn(std::int64_t id, OutboxAct act) {
    return withRuntime(m_sending, [id, act, stop = m_closing.get_token()](runtime::Runtime &r) {
        return actOnEntry(r, id, act, stop);
    });
}

QFuture<Result<DueSummary>> RuntimeComposeService::sendDue() {
    return withRuntime(m_sending, [this, stop = m_closing.get_token()](runtime::Runtime &r) {
        auto network = net::networkFingerprint();
        const bool another = !m_network.empty() && network != m_network;
        m_network = std::move(network);
        return sendDueNow(r, another ? send::DueFor::NetworkBack : send::DueFor::Time, stop);
    });
}

} // namespace sealpost::ui
