// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/FakeComposeService.h"

#include "ui/OnFinished.h"

#include <algorithm>

namespace sealpost::testing {

FakeComposeService::FakeComposeService() {
    m_ordered.setMaxThreadCount(1);
    m_pool.setMaxThreadCount(8);
    session.accounts = {account()};
    session.handling = {"RECIPIENTS ONLY", "EMBARGOED"};
    session.descriptors = {"COMMERCIAL"};
    routes = {{"court.example", RouteKind::Smime}, {"council.example", RouteKind::Tls}};
}

FakeComposeService::~FakeComposeService() {
    attachmentLatch.open();
    previewLatch.open();
    sendLatch.open();
    m_ordered.waitForDone();
    m_pool.waitForDone();
}

std::vector<send::Approvals> FakeComposeService::sends() {
    const std::scoped_lock lock(m_mutex);
    return m_sends;
}

std::vector<std::string> FakeComposeService::blockedPlans() {
    const std::scoped_lock lock(m_mutex);
    return m_blockedPlans;
}

std::vector<mail::Draft> FakeComposeService::stored() {
    const std::scoped_lock lock(m_mutex);
    return m_drafts;
}

std::vector<std::filesystem::path> FakeComposeService::imported() {
    const std::scoped_lock lock(m_mutex);
    return m_imported;
}

std::map<std::filesystem::path, std::string> FakeComposeService::written() {
    const std::scoped_lock lock(m_mutex);
    return m_written;
}

QFuture<Result<ui::Session>> FakeComposeService::open() {
    {
        const std::scoped_lock lock(m_mutex);
        m_drafts = session.drafts;
        m_accounts = session.accounts;
    }
    return ui::runOn(m_ordered, [this]() -> Result<ui::Session> {
        if (openError) {
            return fail(*openError);
        }
        return session;
    });
}

std::vector<std::string> FakeComposeService::lookedInto() {
    const std::scoped_lock lock(m_mutex);
    return m_looked;
}

void FakeComposeService::forgetLook(const std::string &name) {
    const std::scoped_lock lock(m_mutex);
    std::erase(m_looked, name);
}

QFuture<ui::AttachmentEvent> FakeComposeService::lookInto(mail::Attachment attachment,
                                                          std::stop_token stop) {
    return ui::emitOn<ui::AttachmentEvent>(
        m_pool, [this, attachment = std::move(attachment), stop](const auto &deliver) {
            for (const auto share : shares) {
                deliver(share);
            }
            attachmentLatch.pass();
            if (stop.stop_requested()) {
                ++m_stoppedLooks;
                deliver(Result<void>(fail("scan.stopped", "scan", Reaction::Retry)));
                return;
            }
            {
                const std::scoped_lock lock(m_mutex);
                m_looked.push_back(attachment.name);
            }
            deliver(Result<void>());
        });
}

ui::Preview FakeComposeService::answerFor(const mail::Draft &draft) {
    ui::Preview preview;
    if (previewProblem) {
        preview.problem = previewProblem;
        return preview;
    }
    preview.attachmentErrors = attachmentErrors;
    std::vector<scan::Finding> findings;
    const auto at = draft.body.find("password is");
    if (at != std::string::npos) {
        const auto line =
            1 + std::count(draft.body.begin(), draft.body.begin() + static_cast<std::ptrdiff_t>(at),
                           '\n');
        findings.push_back(passwordInBody(static_cast<std::uint32_t>(line)));
    }
    const auto looked = lookedInto();
    for (const auto &attachment : draft.attachments) {
        if (attachmentErrors.contains(attachment.path)) {
            continue;
        }
        if (std::find(looked.begin(), looked.end(), attachment.name) == looked.end()) {
            preview.pending.push_back(attachment.path);
        } else if (attachment.name == "id_ed25519") {
            findings.push_back(keyInAttachment(attachment.name));
        }
    }
    for (auto &finding : findings) {
        for (const auto &dismissal : draft.dismissals) {
            if (dismissal.mark == finding.mark) {
                finding.dismissedBecause = dismissal.reason;
            }
        }
    }
    auto due = owed;
    if (std::any_of(findings.begin(), findings.end(), scan::stands) &&
        draft.classification == Classification::Official) {
        due.push_back(owedJustification());
    }
    auto plan = makePlan(draft, routes, findings, due);
    plan->skipped = skipped;
    preview.plan = std::move(plan);
    return preview;
}

QFuture<ui::PreviewEvent> FakeComposeService::preview(mail::Draft draft, assurance::Freshness,
                                                      std::stop_token stop) {
    ++m_previews;
    return ui::emitOn<ui::PreviewEvent>(
        m_pool, [this, draft = std::move(draft), stop = std::move(stop)](const auto &deliver) {
            previewLatch.pass();
            if (stop.stop_requested()) {
                ++m_stoppedPreviews;
            }
            // Answers even where it was stopped: the window must tell stale answers by itself.
            deliver(answerFor(draft));
        });
}

QFuture<ui::SendEvent> FakeComposeService::send(ui::PlanPtr plan, send::Approvals approvals,
                                                std::stop_token stop) {
    {
        const std::scoped_lock lock(m_mutex);
        m_sends.push_back(approvals);
        m_sentDraftIds.push_back(plan->draft.id);
    }
    return ui::emitOn<ui::SendEvent>(m_pool, [this, plan, stop](const auto &deliver) {
        using Answer = Result<std::vector<send::Receipt>>;
        deliver(ui::SendStepAt{send::SendStep::Checked, 0});
        if (sendError) {
            deliver(Answer(fail(*sendError)));
            return;
        }
        deliver(ui::SendStepAt{send::SendStep::Submitting, 0});
        sendLatch.pass();
        if (stop.stop_requested()) {
            deliver(Answer(fail("send.stopped", "send", Reaction::Retry)));
            return;
        }
        deliver(ui::SendStepAt{send::SendStep::Committing, 0});
        deliver(Answer(receiptsFor(*plan, delivery)));
    });
}

std::vector<std::string> FakeComposeService::sentDraftIds() {
    const std::scoped_lock lock(m_mutex);
    return m_sentDraftIds;
}

QFuture<Result<void>> FakeComposeService::recordBlocked(ui::PlanPtr plan) {
    return ui::runOn(m_ordered, [this, plan = std::move(plan)]() -> Result<void> {
        const std::scoped_lock lock(m_mutex);
        m_blockedPlans.push_back(plan->digest);
        return {};
    });
}

QFuture<Result<std::string>> FakeComposeService::saveDraft(mail::Draft draft) {
    return ui::runOn(m_ordered, [this, draft = std::move(draft)]() mutable -> Result<std::string> {
        if (saveError) {
            return fail(*saveError);
        }
        const std::scoped_lock lock(m_mutex);
        if (draft.id.empty()) {
            draft.id = "draft-" + std::to_string(m_nextId++);
        }
        std::erase_if(m_drafts, [&](const auto &one) { return one.id == draft.id; });
        m_drafts.insert(m_drafts.begin(), draft);
        return draft.id;
    });
}

QFuture<Result<void>> FakeComposeService::removeDraft(std::string id) {
    return ui::runOn(m_ordered, [this, id = std::move(id)]() -> Result<void> {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_drafts, [&](const auto &one) { return one.id == id; });
        return {};
    });
}

QFuture<Result<std::vector<mail::Draft>>> FakeComposeService::drafts() {
    return ui::runOn(m_ordered, [this]() -> Result<std::vector<mail::Draft>> { return stored(); });
}

QFuture<Result<ByteCount>> FakeComposeService::fileSize(std::filesystem::path) {
    return ui::runOn(m_pool, []() -> Result<ByteCount> { return ByteCount(1234); });
}

QFuture<Result<void>> FakeComposeService::writeFile(std::filesystem::path path, std::string bytes) {
    return ui::runOn(m_pool, [this, path, bytes]() -> Result<void> {
        const std::scoped_lock lock(m_mutex);
        m_written[path] = bytes;
        return {};
    });
}

QFuture<Result<ui::KeyRing>> FakeComposeService::certificates() {
    return ui::runOn(m_pool, [this]() -> Result<ui::KeyRing> {
        const std::scoped_lock lock(m_mutex);
        return ui::KeyRing{known, pinned};
    });
}

QFuture<Result<runtime::CertificateSearch>>
FakeComposeService::findCertificates(mail::Address address, std::stop_token stop) {
    return ui::runOn(m_pool, [this, address, stop]() -> Result<runtime::CertificateSearch> {
        {
            const std::scoped_lock lock(m_mutex);
            m_searched.push_back(address.spec());
        }
        searchLatch.pass();
        m_stoppedSearches += stop.stop_requested() ? 1 : 0;
        const std::scoped_lock lock(m_mutex);
        return search;
    });
}

QFuture<Result<crypto::CertificateStore::Refresh>> FakeComposeService::refreshRevocation() {
    return ui::runOn(m_pool, [this]() -> Result<crypto::CertificateStore::Refresh> {
        ++m_refreshes;
        return crypto::CertificateStore::Refresh{};
    });
}

std::vector<std::string> FakeComposeService::searchedFor() {
    const std::scoped_lock lock(m_mutex);
    return m_searched;
}

QFuture<Result<ui::ImportResult>> FakeComposeService::keepCertificates(std::string bytes) {
    return ui::runOn(m_pool, [this, bytes]() -> Result<ui::ImportResult> {
        did("keep " + bytes);
        return ui::ImportResult{known, 1, 0};
    });
}

QFuture<Result<void>> FakeComposeService::pinCertificate(std::string addressSpec,
                                                         std::string fingerprint) {
    return ui::runOn(m_pool, [this, addressSpec, fingerprint]() -> Result<void> {
        did("pin " + addressSpec + " " + fingerprint);
        const std::scoped_lock lock(m_mutex);
        pinned = fingerprint.empty() ? std::set<std::string>() : std::set{fingerprint};
        return {};
    });
}

QFuture<Result<ui::ImportResult>>
FakeComposeService::importCertificates(std::filesystem::path file,
                                       std::shared_ptr<SecretBytes> passphrase) {
    return ui::runOn(m_pool, [this, file, passphrase]() -> Result<ui::ImportResult> {
        if (passphrase && passphrase->view() != "right") {
            return fail("pkcs12.wrong-passphrase", "import", Reaction::FixInput, {},
                        file.filename().string());
        }
        const std::scoped_lock lock(m_mutex);
        m_imported.push_back(file);
        return ui::ImportResult{known, 1, passphrase ? 1 : 0};
    });
}

QFuture<Result<crypto::CardSummary>> FakeComposeService::readCard() {
    return ui::runOn(m_pool, [this]() -> Result<crypto::CardSummary> {
        const std::scoped_lock lock(m_mutex);
        return card;
    });
}

std::vector<std::string> FakeComposeService::deeds() {
    const std::scoped_lock lock(m_mutex);
    return m_deeds;
}

void FakeComposeService::did(const std::string &deed) {
    const std::scoped_lock lock(m_mutex);
    m_deeds.push_back(deed);
    if (!mended.empty()) {
        chains = mended;
    }
}

Result<ui::ReceivedPtr> FakeComposeService::received(const std::string &key) {
    const auto at = messages.find(key);
    if (at == messages.end()) {
        return fail("mime.not-a-message", "open", Reaction::FixInput, {}, key);
    }
    return std::make_shared<ui::ReceivedMessage>(ui::ReceivedMessage{at->second, key});
}

QFuture<Result<ui::ReceivedPtr>> FakeComposeService::openMessage(std::filesystem::path file,
                                                                 std::stop_token) {
    return ui::runOn(m_pool, [this, file] { return received(file.filename().string()); });
}

QFuture<Result<ui::ReceivedPtr>> FakeComposeService::openMessage(std::string bytes,
                                                                 std::stop_token) {
    return ui::runOn(m_pool, [this, bytes] { return received(bytes); });
}

QFuture<Result<QStringList>>
FakeComposeService::saveAttachments(std::filesystem::path folder,
                                    std::vector<mail::MessagePart> parts) {
    return ui::runOn(m_pool, [this, folder, parts]() -> Result<QStringList> {
        const std::scoped_lock lock(m_mutex);
        QStringList names;
        for (const auto &part : parts) {
            m_written[folder / part.fileName] = part.content;
            names << QString::fromStdString(part.fileName);
        }
        return names;
    });
}

QFuture<Result<ui::ImportResult>> FakeComposeService::keepSigners(ui::ReceivedPtr) {
    return ui::runOn(m_pool, [this]() -> Result<ui::ImportResult> {
        did("keep");
        return ui::ImportResult{known, 1, 0};
    });
}

QFuture<Result<std::vector<crypto::ChainReport>>>
FakeComposeService::examine(ui::ExaminedCertificates) {
    return ui::runOn(m_pool, [this]() -> Result<std::vector<crypto::ChainReport>> {
        const std::scoped_lock lock(m_mutex);
        return chains;
    });
}

QFuture<Result<int>> FakeComposeService::fetchIssuers(std::string fingerprint) {
    return ui::runOn(m_pool, [this, fingerprint]() -> Result<int> {
        did("fetch " + fingerprint);
        return 1;
    });
}

QFuture<Result<void>> FakeComposeService::trustRoot(std::string fingerprint) {
    return ui::runOn(m_pool, [this, fingerprint]() -> Result<void> {
        did("trust " + fingerprint);
        return {};
    });
}

QFuture<Result<std::vector<crypto::RenewalDue>>> FakeComposeService::renewals() {
    return ui::runOn(m_pool,
                     [this]() -> Result<std::vector<crypto::RenewalDue>> { return renewalsDue; });
}

QFuture<Result<std::vector<mail::Account>>> FakeComposeService::accounts() {
    return ui::runOn(m_ordered, [this]() -> Result<std::vector<mail::Account>> {
        const std::scoped_lock lock(m_mutex);
        return m_accounts;
    });
}

QFuture<Result<std::optional<submit::FoundAccount>>>
FakeComposeService::findAccount(mail::Address address, std::stop_token) {
    return ui::runOn(m_pool, [this, address]() -> Result<std::optional<submit::FoundAccount>> {
        if (!settings) {
            return fail("account.not-found-for", "account.find", Reaction::FixInput, {},
                        address.domain());
        }
        return settings;
    });
}

QFuture<ui::SignInEvent> FakeComposeService::signIn(std::string account, submit::SignInWay way,
                                                    std::stop_token stop) {
    return ui::emitOn<ui::SignInEvent>(m_pool, [this, account, way, stop](const auto &deliver) {
        const bool device = way == submit::SignInWay::Device;
        deliver(device ? submit::SignInPlace{"https://id.example/device", "WDJB-MJHT"}
                       : submit::SignInPlace{"https://id.example/auth?x=1", {}});
        std::unique_lock lock(m_signInMutex);
        if (!m_signInChanged.wait(lock, stop, [this] { return m_signInDone; })) {
            ++m_stoppedSignIns;
            deliver(Result<void>(fail("http.stopped", "oauth", Reaction::Retry)));
            return;
        }
        m_signInDone = false;
        did("sign in " + account + (device ? " by device" : " by browser"));
        deliver(signInError ? Result<void>(fail(*signInError)) : Result<void>());
    });
}

void FakeComposeService::finishSignIn() {
    const std::scoped_lock lock(m_signInMutex);
    m_signInDone = true;
    m_signInChanged.notify_all();
}

std::vector<mail::Account> FakeComposeService::added() {
    const std::scoped_lock lock(m_mutex);
    return m_added;
}

QFuture<submit::SubmitOutcome> FakeComposeService::testAccount(mail::Account,
                                                               std::shared_ptr<SecretBytes>) {
    return ui::runOn(m_pool, [this] {
        submit::SubmitOutcome outcome;
        outcome.error = testError;
        return outcome;
    });
}

QFuture<Result<void>> FakeComposeService::addAccount(mail::Account account,
                                                     std::shared_ptr<SecretBytes>) {
    return ui::runOn(m_ordered, [this, account]() -> Result<void> {
        if (account.signIn == mail::SignIn::OAuth && account.oauth.clientId.empty()) {
            return fail("account.no-oauth-client", "account.add", Reaction::AskAdmin);
        }
        const std::scoped_lock lock(m_mutex);
        m_accounts.push_back(account);
        m_added.push_back(account);
        return {};
    });
}

QFuture<Result<void>> FakeComposeService::changePassword(std::string account,
                                                         std::shared_ptr<SecretBytes> password) {
    return ui::runOn(m_ordered, [this, account, password]() -> Result<void> {
        did("password of " + account + ": " + std::string(password->view()));
        return {};
    });
}

QFuture<Result<void>> FakeComposeService::signWith(std::string account, std::string fingerprint) {
    return ui::runOn(m_ordered, [this, account, fingerprint]() -> Result<void> {
        const std::scoped_lock lock(m_mutex);
        const auto one = std::find_if(m_accounts.begin(), m_accounts.end(),
                                      [&](const auto &each) { return each.name == account; });
        if (one == m_accounts.end()) {
            return fail("account.not-found", "account", Reaction::FixInput);
        }
        one->signingFingerprint = fingerprint;
        return {};
    });
}

QFuture<Result<void>> FakeComposeService::removeAccount(std::string name) {
    return ui::runOn(m_ordered, [this, name]() -> Result<void> {
        const std::scoped_lock lock(m_mutex);
        std::erase_if(m_accounts, [&](const auto &one) { return one.name == name; });
        return {};
    });
}

QFuture<Result<ui::JournalContents>> FakeComposeService::journal() {
    return ui::runOn(m_pool, [this]() -> Result<ui::JournalContents> { return journalContents; });
}

QFuture<Result<std::vector<store::OutboxEntry>>> FakeComposeService::outbox() {
    return ui::runOn(m_ordered, [this]() -> Result<std::vector<store::OutboxEntry>> {
        const std::scoped_lock lock(m_mutex);
        return entries;
    });
}

QFuture<Result<ui::OutboxDone>> FakeComposeService::actOn(std::int64_t id, ui::OutboxAct act) {
    return ui::runOn(m_ordered, [this, id, act]() -> Result<ui::OutboxDone> {
        const std::scoped_lock lock(m_mutex);
        m_acts.emplace_back(id, act);
        return outboxDone;
    });
}

QFuture<Result<ui::DueSummary>> FakeComposeService::sendDue() {
    return ui::runOn(m_pool, [this]() -> Result<ui::DueSummary> {
        ++m_dueRuns;
        return dueSummary;
    });
}

std::vector<std::pair<std::int64_t, ui::OutboxAct>> FakeComposeService::acts() {
    const std::scoped_lock lock(m_mutex);
    return m_acts;
}

} // namespace sealpost::testing
