// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/RuntimeTasks.h"

#include "runtime/Upkeep.h"
#include "send/SpokenFor.h"

#include <set>

namespace sealpost::ui {
namespace {

using namespace std::chrono_literals;

constexpr auto kSendDeadline = 10min;
constexpr auto kUpkeepDeadline = 30s;
constexpr auto kAttachmentDeadline = 10min;
constexpr ByteCount kMostCertificateBytes = 4 * base::kMiB;

//! The attachment that an error of the planner is about.
std::optional<std::size_t> attachmentOf(const Error &error, const mail::Draft &draft) {
    if (error.code.compare(0, 11, "attachment.") != 0) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < draft.attachments.size(); ++i) {
        if (draft.attachments[i].path.string() == error.subject ||
            draft.attachments[i].name == error.subject) {
            return i;
        }
    }
    return std::nullopt;
}

//! A program that was ended while it sent left the draft as it was: who is spoken for in the outbox
//! is taken out of it, and a draft for nobody is removed. How many went.
Result<int> takeOutWhoIsSpokenFor(std::vector<mail::Draft> &drafts, store::DraftStore &store,
                                  const store::Outbox &outbox) {
    // What was being sent is among the newest, or has not ended.
    constexpr int kNewest = 200;
    auto entries = outbox.page(std::nullopt, kNewest);
    auto open = entries ? outbox.open() : fail(entries.error());
    if (!open) {
        return fail(open.error());
    }
    std::move(open->begin(), open->end(), std::back_inserter(*entries));
    int gone = 0;
    std::vector<mail::Draft> left;
    for (auto &draft : drafts) {
        const auto before = mail::uniqueRecipients(draft).size();
        send::takeOutSpokenFor(draft, *entries);
        const auto after = mail::uniqueRecipients(draft).size();
        if (after < before) {
            ++gone;
            auto kept = after == 0 ? store.remove(draft.id)
                                   : store.save(draft).transform([](const auto &) {});
            if (!kept) {
                return fail(kept.error());
            }
        }
        if (after > 0 || before == 0) {
            left.push_back(std::move(draft));
        }
    }
    drafts = std::move(left);
    return gone;
}

//! What can't be read goes to the preview's errors, what nobody has read yet to its pending ones.
void leaveOutUnread(const send::SendPlanner &planner, mail::Draft &draft, Preview &preview) {
    std::vector<mail::Attachment> ready;
    for (auto &attachment : draft.attachments) {
        const auto known = planner.attachments().known(attachment, planner.maxAttachmentSize());
        if (!known) {
            preview.pending.push_back(attachment.path);
        } else if (!*known) {
            preview.attachmentErrors[attachment.path] = known->error();
        } else {
            ready.push_back(std::move(attachment));
        }
    }
    draft.attachments = std::move(ready);
}

} // namespace

Result<void> lookIntoNow(runtime::Runtime &runtime, const mail::Attachment &attachment,
                         const std::stop_token &stop, const scan::ScanProgress &progress) {
    const auto planner = runtime.planner();
    if (!planner) {
        return fail(planner.error());
    }
    int told = 0;
    const auto eachHundredth = [&](double share) {
        const int hundredths = static_cast<int>(share * 100);
        if (hundredths > told) {
            told = hundredths;
            progress(share);
        }
    };
    auto inspected = (*planner)->attachments().inspect(attachment, (*planner)->maxAttachmentSize(),
                                                       Deadline::after(kAttachmentDeadline), stop,
                                                       eachHundredth);
    return inspected ? Result<void>{} : fail(inspected.error());
}

Preview stopped() {
    Preview preview;
    preview.problem = Error{"plan.stopped", "preview", Reaction::Retry};
    return preview;
}

Preview makePreview(runtime::Runtime &runtime, mail::Draft draft, const Deadline &deadline,
                    const std::stop_token &stop, const send::PlanProgress &progress) {
    Preview preview;
    const auto planner = runtime.planner();
    const auto accounts = runtime.accounts();
    if (!planner || !accounts) {
        preview.problem = planner ? accounts.error() : planner.error();
        return preview;
    }
    const auto account = (*accounts)->find(draft.account);
    if (!account) {
        preview.problem = account.error();
        return preview;
    }
    leaveOutUnread(**planner, draft, preview);
    while (!stop.stop_requested()) {
        auto plan = (*planner)->plan(draft, *account, deadline, stop, progress);
        if (plan) {
            preview.plan = *plan;
            return preview;
        }
        const auto bad = attachmentOf(plan.error(), draft);
        if (!bad) {
            preview.problem = plan.error();
            return preview;
        }
        preview.attachmentErrors[draft.attachments[*bad].path] = plan.error();
        draft.attachments.erase(draft.attachments.begin() + static_cast<std::ptrdiff_t>(*bad));
    }
    return stopped();
}

void lookAgain(runtime::Runtime &runtime, const mail::Draft &draft, const Deadline &deadline,
               const std::stop_token &stop) {
    const auto assessor = runtime.assessor();
    if (!assessor) {
        return; // the plan says so
    }
    std::set<std::string> domains;
    for (const auto &address : mail::uniqueRecipients(draft)) {
        domains.insert(address.domain());
    }
    for (const auto &domain : domains) {
        (void)(*assessor)->assess(domain, assurance::Freshness::Fresh, deadline, stop);
    }
}

Result<Session> makeSession(runtime::Runtime &runtime) {
    Session session;
    session.practice = runtime.mode() == runtime::Mode::Practice;
    session.practiceInbox = runtime.practiceInbox();
    const auto policy = runtime.effectivePolicy();
    if (!policy) {
        return fail(policy.error());
    }
    session.handling = policy->policy.marking.handling;
    session.descriptors = policy->policy.marking.descriptors;
    const auto accounts = runtime.accounts();
    if (!accounts) {
        return fail(accounts.error());
    }
    auto known = (*accounts)->list();
    if (!known) {
        return fail(known.error());
    }
    session.accounts = std::move(*known);
    const auto drafts = runtime.drafts();
    if (!drafts) {
        return fail(drafts.error());
    }
    auto kept = (*drafts)->list();
    if (!kept) {
        return fail(kept.error());
    }
    const auto outbox = runtime.outbox();
    const auto taken = outbox ? takeOutWhoIsSpokenFor(*kept, **drafts, **outbox)
                              : Result<int>(fail(outbox.error()));
    if (!taken) {
        return fail(taken.error());
    }
    session.spokenFor = *taken > 0;
    session.drafts = std::move(*kept);
    const auto journal = runtime.journal();
    const auto lines = journal ? (*journal)->list() : fail(journal.error());
    session.firstStart = session.drafts.empty() && lines && lines->empty();
    return session;
}

Result<std::string> readSmallFile(const std::filesystem::path &path) {
    auto loaded = mail::readAttachment({path, path.filename().string()}, kMostCertificateBytes);
    if (!loaded) {
        return fail(loaded.error());
    }
    return std::move(loaded->content);
}

Result<std::vector<send::Receipt>> sendNow(runtime::Runtime &runtime, const send::SendPlan &plan,
                                           const send::Approvals &approvals,
                                           const std::stop_token &stop,
                                           const send::SendProgress &progress) {
    const auto executor = runtime.executor();
    if (!executor) {
        return fail(executor.error());
    }
    const auto lock = runtime.profile().lockSending(runtime::kSendingPatience);
    if (!lock) {
        return fail(lock.error());
    }
    // What the network or the server can't take now waits in the outbox and goes by itself.
    auto receipts = (*executor)->execute(plan, approvals, send::OnTemporaryFailure::KeepWhatPasses,
                                         Deadline::after(kSendDeadline), stop, progress);
    // The message is on its way, whatever becomes of this.
    (void)runtime::keepUp(runtime, Deadline::after(kUpkeepDeadline), stop);
    return receipts;
}

} // namespace sealpost::ui
