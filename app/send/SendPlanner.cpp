// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/SendPlanner.h"

#include "base/Text.h"
#include "crypto/SealedBox.h"
#include "mail/MimeBuilder.h"
#include "routing/LookAlikes.h"
#include "routing/RouteDecider.h"
#include "send/Transmissions.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <tuple>

namespace sealpost::send {

namespace {

using routing::RecipientRole;

constexpr std::string_view kStage = "plan";
constexpr std::string_view kCjsmDomain = "cjsm.net";
constexpr std::string_view kNoRecipient = "draft.no-recipient"; //!< of mail::validate()
//! Domains at once: threads that mostly wait.
constexpr std::size_t kMostDomainsAtOnce = 8;

struct Addressee {
    mail::Address address;
    RecipientRole role;
};

//! Each mailbox once, in its most visible role: who is in To and in Bcc is in To.
std::vector<Addressee> addressees(const mail::Draft &draft) {
    std::vector<Addressee> all;
    const auto add = [&](const std::vector<mail::Address> &addresses, RecipientRole role) {
        for (const auto &address : addresses) {
            const bool known = std::any_of(all.begin(), all.end(), [&](const Addressee &other) {
                return other.address == address;
            });
            if (!known) {
                all.push_back({address, role});
            }
        }
    };
    add(draft.to, RecipientRole::To);
    add(draft.cc, RecipientRole::Cc);
    add(draft.bcc, RecipientRole::Bcc);
    return all;
}

//! Every domain's report; they are waited for at the same time.
std::map<std::string, assurance::DomainReport>
assessDomains(const std::vector<Addressee> &people, assurance::ReportSource &source,
              Deadline deadline, const std::stop_token &stop, const PlanProgress &progress) {
    std::vector<std::string> domains;
    for (const auto &one : people) {
        if (std::find(domains.begin(), domains.end(), one.address.domain()) == domains.end()) {
            domains.push_back(one.address.domain());
        }
    }
    std::map<std::string, assurance::DomainReport> reports;
    std::mutex mutex;
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (auto index = next++; index < domains.size(); index = next++) {
            auto report =
                source.assess(domains[index], assurance::Freshness::Cached, deadline, stop);
            if (progress.domainKnown) {
                progress.domainKnown(report);
            }
            const std::scoped_lock lock(mutex);
            reports.emplace(domains[index], std::move(report));
        }
    };
    {
        std::vector<std::jthread> pool;
        for (std::size_t i = 1; i < std::min(domains.size(), kMostDomainsAtOnce); ++i) {
            pool.emplace_back(work);
        }
        work();
    }
    return reports;
}

crypto::CertificateInfo bestOf(std::vector<crypto::CertificateInfo> found) {
    return found.empty() ? crypto::CertificateInfo{} : std::move(found.front());
}

std::vector<routing::Owed> allOwed(const routing::Decision &decision) {
    std::vector<routing::Owed> all;
    const auto add = [&](const std::vector<routing::Owed> &some) {
        for (const auto &owed : some) {
            const bool known = std::any_of(all.begin(), all.end(), [&](const routing::Owed &other) {
                return other.id == owed.id && other.reason.facts == owed.reason.facts;
            });
            if (!known) {
                all.push_back(owed);
            }
        }
    };
    add(decision.owed);
    for (const auto &recipient : decision.recipients) {
        add(recipient.owed);
    }
    return all;
}

std::set<std::string> tlsSuffices(const routing::Decision &decision, const policy::Policy &policy) {
    std::set<std::string> words;
    const auto row = policy.decision.find(decision.messageClass);
    if (row != policy.decision.end()) {
        for (const auto assurance : row->second.tlsSuffices) {
            words.emplace(base::toString(assurance));
        }
    }
    return words;
}

//! What an address could be mistaken for: own and partners' domains, those that mail went to, and
//! those that everybody imitates.
routing::LookAlikes lookAlikesFor(const PlannerParts &parts, const mail::Account &account) {
    auto known = parts.policy.internalDomains;
    known.insert(parts.policy.partnerDomains.begin(), parts.policy.partnerDomains.end());
    known.insert(account.address.domain());
    // Where the store can't say, nothing counts as used: more is asked, not less.
    if (const auto used = parts.used ? parts.used->domains() : std::set<std::string>(); used) {
        known.insert(used->begin(), used->end());
    }
    auto suffixes = parts.policy.tlsRequiredUnder;
    suffixes.emplace(kCjsmDomain);
    return {known, suffixes};
}

bool wasWrittenTo(const PlannerParts &parts, const routing::RecipientEvidence &recipient) {
    const auto has = [&](const mail::Address &address) {
        const auto found = parts.used->contains(address);
        return found && *found;
    };
    if (!parts.used) {
        return false;
    }
    const auto secure = mail::Address::parse(recipient.domain.cjsmAddress);
    return has(recipient.address) || (secure && has(*secure));
}

std::vector<routing::RecipientEvidence> gatherEvidence(const SendPlan &plan,
                                                       const std::vector<Addressee> &people,
                                                       const PlannerParts &parts) {
    const auto lookAlikes = lookAlikesFor(parts, plan.account);
    std::map<std::string, std::string> resembles; // each domain is compared once
    std::vector<routing::RecipientEvidence> evidence;
    evidence.reserve(people.size());
    for (const auto &one : people) {
        const auto &domain = one.address.domain();
        const auto [found, isNew] = resembles.try_emplace(domain);
        if (isNew) {
            found->second = lookAlikes.find(domain);
        }
        auto &of = evidence.emplace_back();
        of.address = one.address;
        of.role = one.role;
        of.domain = plan.reports.at(domain);
        of.certificate = plan.certificates.at(one.address.spec());
        of.resembles = found->second;
        if (parts.cjsm) {
            parts.cjsm->complete(of.domain, one.address);
        }
        if (wasWrittenTo(parts, of)) {
            of.acquaintance = routing::Acquaintance::WrittenBefore;
        }
    }
    return evidence;
}

Result<void> findCertificates(SendPlan &plan, const std::vector<Addressee> &people,
                              crypto::CertificateFinder &finder, Deadline deadline,
                              const std::stop_token &stop) {
    auto own = finder.findForAddress(plan.account.address.spec(), crypto::CertificatePurpose::Sign,
                                     deadline, stop);
    if (!own) {
        return fail(own.error());
    }
    const auto &wanted = plan.account.signingFingerprint;
    if (!wanted.empty()) {
        std::erase_if(*own, [&](const auto &info) { return info.fingerprint != wanted; });
    }
    plan.senderCertificate = bestOf(std::move(*own));
    for (const auto &one : people) {
        const auto spec = one.address.spec();
        auto found =
            finder.findForAddress(spec, crypto::CertificatePurpose::Encrypt, deadline, stop);
        if (!found) {
            return fail(found.error());
        }
        plan.certificates.emplace(spec, bestOf(std::move(*found)));
    }
    return {};
}

} // namespace

namespace {

//! Each field goes in with its length, so that none can run into the next.
class FieldDigest {
public:
    void add(std::string_view field) {
        m_hash.add(std::to_string(field.size()) + ":");
        m_hash.add(field);
    }
    void add(const std::vector<mail::Address> &addresses) {
        add(std::to_string(addresses.size()));
        for (const auto &address : addresses) {
            add(address.spec());
            add(address.displayName());
        }
    }
    void add(const std::vector<mail::Attachment> &attachments,
             const std::vector<std::string> &digests) {
        for (std::size_t i = 0; i < attachments.size(); ++i) {
            add(attachments[i].name);
            add(i < digests.size() ? digests[i] : std::string());
        }
    }
    [[nodiscard]] std::string hex() { return base::toHex(m_hash.finish()); }

private:
    crypto::Sha256 m_hash;
};

} // namespace

std::string draftDigest(const mail::Draft &draft,
                        const std::vector<std::string> &attachmentDigests) {
    FieldDigest digest;
    const auto add = [&digest](const auto &field) { digest.add(field); };
    add("sealpost-draft-2");
    add(draft.account);
    add(draft.from.spec());
    add(draft.to);
    add(draft.cc);
    add(draft.bcc);
    add(draft.subject);
    add(draft.body);
    add(base::toString(draft.classification));
    add(draft.handling);
    add(draft.descriptor);
    add(draft.protect ? base::toString(*draft.protect) : "auto");
    add(std::to_string(draft.dismissals.size()));
    for (const auto &dismissal : draft.dismissals) {
        add(dismissal.mark);
        add(dismissal.reason);
    }
    digest.add(draft.attachments, attachmentDigests);
    return digest.hex();
}

std::string contentDigest(const mail::Draft &draft,
                          const std::vector<std::string> &attachmentDigests) {
    FieldDigest digest;
    digest.add("sealpost-content-1");
    digest.add(draft.subject);
    digest.add(draft.body);
    digest.add(draft.attachments, attachmentDigests);
    return digest.hex();
}

SendPlanner::SendPlanner(PlannerParts parts)
    : m_parts(std::move(parts)), m_contents(std::make_unique<ContentInspector>(
                                     m_parts.scanner, m_parts.policy, m_parts.markKey)) {}
SendPlanner::~SendPlanner() = default;

AttachmentInspector &SendPlanner::attachments() const {
    return m_contents->attachments();
}

//! A draft with what it forwards in it, and what is known of that.
struct SendPlanner::Outgoing {
    mail::Draft draft;
    std::optional<ForwardedContent> forwarded;
};

Result<SendPlanner::Outgoing> SendPlanner::outgoing(mail::Draft draft, Deadline deadline,
                                                    const std::stop_token &stop) const {
    if (!draft.forward) {
        return Outgoing{std::move(draft), std::nullopt};
    }
    auto content = Forwarder(m_parts.opener)
                       .read(*draft.forward, m_parts.policy.maxMessageSize, deadline, stop);
    if (!content) {
        return fail(content.error());
    }
    auto whole = withForwarded(std::move(draft), *content);
    return Outgoing{std::move(whole), std::move(*content)};
}

Result<Contents> SendPlanner::inspect(const mail::Draft &draft, Deadline deadline,
                                      const std::stop_token &stop) const {
    const auto whole = outgoing(draft, deadline, stop);
    return whole ? m_contents->inspect(whole->draft, deadline, stop) : fail(whole.error());
}

Result<std::shared_ptr<const SendPlan>>
SendPlanner::plan(const mail::Draft &draft, const mail::Account &account, Deadline deadline,
                  const std::stop_token &stop, const PlanProgress &progress) const {
    auto plan = std::make_shared<SendPlan>();
    plan->draft = draft;
    plan->account = account;
    if (draft.from.empty()) {
        plan->draft.from = account.address;
    }
    // Without a recipient there is nothing to send yet, but already something to show: the
    // executor refuses such a plan.
    if (auto valid = mail::validate(plan->draft); !valid && valid.error().code != kNoRecipient) {
        return fail(valid.error());
    }
    // As one of its identities: whatever follows is about that address.
    if (std::find(account.identities.begin(), account.identities.end(), plan->draft.from) !=
        account.identities.end()) {
        plan->account.address = plan->draft.from;
    }
    if (!(plan->draft.from == plan->account.address)) {
        return fail("draft.from-not-account", kStage, Reaction::FixInput, {}, draft.from.spec());
    }
    if (auto known = checkMarkingWords(draft, m_parts.policy.marking); !known) {
        return fail(known.error());
    }
    const auto people = addressees(draft);

    auto whole = outgoing(plan->draft, deadline, stop);
    if (!whole) {
        return fail(whole.error());
    }
    plan->outgoing = std::move(whole->draft);
    // What is forwarded is somebody else's: it may hold what no message may.
    if (auto valid = mail::validate(plan->outgoing); !valid && valid.error().code != kNoRecipient) {
        return fail(valid.error());
    }
    const MessageComposer composer(plan->outgoing, m_parts.policy,
                                   whole->forwarded ? whole->forwarded->marking : std::nullopt);
    plan->marking = composer.marking();
    plan->subject = composer.subject();
    auto contents = m_contents->inspect(plan->outgoing, deadline, stop);
    if (!contents) {
        return fail(contents.error());
    }
    plan->findings = std::move(contents->findings);
    plan->skipped = std::move(contents->skipped);
    plan->digest = std::move(contents->digest);
    plan->contentDigest = std::move(contents->contentDigest);

    if (auto found = findCertificates(*plan, people, *m_parts.certificates, deadline, stop);
        !found) {
        return fail(found.error());
    }
    plan->reports = assessDomains(people, *m_parts.reports, deadline, stop, progress);
    if (stop.stop_requested()) {
        return fail("plan.stopped", kStage, Reaction::Retry);
    }

    const auto evidence = gatherEvidence(*plan, people, m_parts);
    const auto now = m_parts.clock->now();
    std::optional<routing::ForwardFacts> forward;
    if (whole->forwarded) {
        forward = whole->forwarded->facts;
    }
    plan->decision = routing::decide(
        {plan->marking.classification, plan->findings, draft.protect, forward}, evidence,
        {account.host, account.mayUseCjsm, plan->senderCertificate, plan->account.address.domain(),
         account.provider},
        m_parts.policy, now);
    plan->smime = m_parts.policy.smime;
    plan->transmissions = transmissionsOf(*plan, composer, m_parts.policy.ome, now);
    plan->owed = allOwed(plan->decision);
    plan->tlsSuffices = tlsSuffices(plan->decision, m_parts.policy);
    plan->createdAt = now;
    plan->expiresAt = now + m_parts.policy.planLifetime;
    return plan;
}

} // namespace sealpost::send
