// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/SecondLook.h"

#include "base/RouteKind.h"
#include "base/Text.h"
#include "routing/AccountRules.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

namespace sealpost::send {

namespace {
constexpr std::string_view kStage = "send";

//! Whether the revocation of one of its certificates was unknown when it was decided on, which
//! policy, or the person's reason, let by then.
bool wentWithoutRevocation(const store::OutboxEntry &entry) {
    const auto receipt =
        QJsonDocument::fromJson(QByteArray::fromStdString(entry.receiptJson)).object();
    const auto smime = receipt.value(QLatin1String("smime")).toObject();
    return !smime.value(QLatin1String("revocation_unknown")).toArray().isEmpty();
}

bool toleratesUnknown(policy::RevocationUnknown policy, const store::OutboxEntry &entry) {
    switch (policy) {
    case policy::RevocationUnknown::Allow:
        return true;
    case policy::RevocationUnknown::Justify:
        return wentWithoutRevocation(entry);
    case policy::RevocationUnknown::Block:
        return false;
    }
    return false;
}
} // namespace

Result<void> SecondLook::at(const store::OutboxEntry &entry, const mail::Account &account) const {
    if (entry.route == base::toString(RouteKind::Tls)) {
        return domainsOf(entry);
    }
    if (entry.route == base::toString(RouteKind::Smime) && m_now > entry.decidedUntil) {
        return certificatesOf(entry);
    }
    if (auto holds = accountOf(entry, account); !holds) {
        return holds;
    }
    return entry.route == base::toString(RouteKind::Cjsm) ? cjsmOf(entry) : Result<void>();
}

Result<void> SecondLook::cjsmOf(const store::OutboxEntry &entry) const {
    const auto waiting = entry.waiting();
    for (std::size_t i = 0; i < entry.recipients.size(); ++i) {
        const auto &recipient = entry.recipients[i];
        if (std::find(waiting.begin(), waiting.end(), recipient) == waiting.end()) {
            continue;
        }
        const auto written =
            mail::Address::parse(i < entry.writtenAs.size() ? entry.writtenAs[i] : recipient);
        if (!written) {
            return fail(written.error());
        }
        if (auto holds = cjsmOf(recipient, *written); !holds) {
            return holds;
        }
    }
    return {};
}

//! As routing::Candidates asks of the route cjsm; that a guess was confirmed is known.
Result<void> SecondLook::cjsmOf(const std::string &deliverTo, const mail::Address &written) const {
    using assurance::CjsmStatus;
    assurance::DomainReport report;
    report.domain = written.domain();
    const auto complete = [&] {
        if (m_cjsm) {
            m_cjsm->complete(report, written);
        }
    };
    complete();
    const bool isSecure = base::isSameOrSubdomain(written.domain(), "cjsm.net");
    if (!isSecure && report.cjsm != CjsmStatus::Listed &&
        report.cjsm != CjsmStatus::ListedInactive) {
        report =
            m_reports->assess(written.domain(), assurance::Freshness::Fresh, m_deadline, m_stop);
        complete();
    }
    const bool member = report.cjsm == CjsmStatus::Listed || report.cjsm == CjsmStatus::Dns;
    const bool same = member && base::equalsIgnoringCase(report.cjsmAddress, deliverTo);
    if (report.cjsm != CjsmStatus::ListedInactive && (isSecure || same)) {
        return {};
    }
    const bool notKnown =
        report.cjsm == CjsmStatus::NotChecked || report.cjsm == CjsmStatus::Unknown;
    return fail("outbox.cjsm-changed", kStage, notKnown ? Reaction::Retry : Reaction::FixInput,
                assurance::toString(report.cjsm), deliverTo);
}

Result<void> SecondLook::accountOf(const store::OutboxEntry &entry,
                                   const mail::Account &account) const {
    const routing::AccountFacts facts{
        account.host, account.mayUseCjsm, {}, account.address.domain(), account.provider};
    std::string_view against;
    if (entry.route == base::toString(RouteKind::Cjsm)) {
        const auto reasons = routing::againstCjsm(facts, m_policy);
        against = reasons.empty() ? std::string_view() : routing::specOf(reasons.front()).name;
    } else if (entry.route == base::toString(RouteKind::Ome)) {
        const bool holds =
            routing::isOmeSetUp(m_policy.ome) && routing::isOnOmeTenant(facts, m_policy.ome);
        against = holds ? std::string_view() : routing::specOf(routing::ReasonId::OmeAccount).name;
    }
    return against.empty()
               ? Result<void>()
               : fail("outbox.account-changed", kStage, Reaction::FixInput, against, account.name);
}

Result<void> SecondLook::domainsOf(const store::OutboxEntry &entry) const {
    for (const auto &recipient : entry.waiting()) {
        const auto domain = recipient.substr(recipient.rfind('@') + 1);
        const auto report =
            m_reports->assess(domain, assurance::Freshness::Fresh, m_deadline, m_stop);
        const auto word = std::string(base::toString(report.assurance));
        const auto &enough = entry.tlsSuffices;
        if (std::find(enough.begin(), enough.end(), word) == enough.end()) {
            return fail("outbox.domain-changed", kStage,
                        report.assurance == Assurance::Unknown ? Reaction::Retry
                                                               : Reaction::FixInput,
                        word, domain);
        }
    }
    return {};
}

Result<void> SecondLook::certificatesOf(const store::OutboxEntry &entry) const {
    const auto waiting = entry.waiting();
    for (std::size_t i = 0; i < entry.recipients.size(); ++i) {
        const auto &recipient = entry.recipients[i];
        if (std::find(waiting.begin(), waiting.end(), recipient) == waiting.end()) {
            continue;
        }
        const auto found = m_certificates->findForAddress(
            recipient, crypto::CertificatePurpose::Encrypt, m_deadline, m_stop);
        if (!found) {
            return fail(found.error());
        }
        const auto wanted = i < entry.encryptedFor.size() ? entry.encryptedFor[i] : std::string();
        const auto now = std::find_if(found->begin(), found->end(),
                                      [&](const auto &info) { return info.fingerprint == wanted; });
        const auto state = now == found->end() ? crypto::CertificateState::None : now->state;
        if (state == crypto::CertificateState::RevocationUnknown) {
            if (!toleratesUnknown(m_policy.revocationUnknown, entry)) {
                return fail("outbox.revocation-unknown", kStage, Reaction::Retry, {}, recipient);
            }
            continue;
        }
        if (state != crypto::CertificateState::Usable &&
            state != crypto::CertificateState::Expiring) {
            return fail("outbox.certificate-changed", kStage, Reaction::FixInput,
                        crypto::toString(state), recipient);
        }
    }
    return {};
}

} // namespace sealpost::send
