// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/Plans.h"

#include <QCryptographicHash>
#include <algorithm>

namespace sealpost::testing {
namespace {

using routing::NextStep;
using routing::ReasonId;

constexpr auto kNow = Time(std::chrono::seconds(1'795'442'520)); // 23 November 2026, 14:02 UTC

crypto::TlsPeerInfo peer(const std::string &host) {
    crypto::TlsPeerInfo info;
    info.version = "TLSv1.3";
    info.cipher = "TLS_AES_256_GCM_SHA384";
    info.subject = "CN=" + host;
    info.issuer = "CN=Example Authority";
    info.sha256 = std::string(64, 'a');
    info.names = {host};
    info.keyType = "EC";
    info.keyBits = 256;
    info.signature = "ecdsa-with-SHA256";
    info.notAfter = kNow + std::chrono::hours(24 * 90);
    info.chainValid = true;
    info.nameMatches = true;
    return info;
}

assurance::DomainReport reportFor(const std::string &domain, Assurance assurance) {
    assurance::DomainReport report;
    report.domain = domain;
    report.assurance = assurance;
    report.minimumMet = assurance == Assurance::Verified;
    report.checkedAt = kNow;
    report.expiresAt = kNow + std::chrono::hours(1);
    assurance::MxReport mx;
    mx.host = "mx1." + domain;
    mx.addresses = {"192.0.2.25"};
    switch (assurance) {
    case Assurance::Verified:
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Registered:
    case Assurance::Weak:
        mx.outcome = assurance::ProbeOutcome::Encrypted;
        mx.tls = peer(mx.host);
        break;
    case Assurance::None:
        mx.outcome = assurance::ProbeOutcome::NoStartTls;
        break;
    case Assurance::Unknown:
    case Assurance::Violated:
    case Assurance::Undeliverable:
        mx.outcome = assurance::ProbeOutcome::Unreachable;
        break;
    }
    report.mx = {mx};
    return report;
}

routing::Reason reason(ReasonId id, const mail::Address &address) {
    return {id,
            {{"recipient", address.shortName()},
             {"domain", address.domain()},
             {"host", "mx1." + address.domain()}}};
}

struct Way {
    RouteKind route = RouteKind::Blocked;
    ReasonId reason = ReasonId::TlsNone;
    Assurance assurance = Assurance::None;
};

Way wayTo(const mail::Address &address, const std::map<std::string, RouteKind> &routes) {
    if (address.domain().compare(0, 7, "unknown") == 0) {
        return {RouteKind::Tls, ReasonId::TlsUnknown, Assurance::Unknown};
    }
    const auto known = routes.find(address.domain());
    const auto route = known == routes.end() ? RouteKind::Blocked : known->second;
    switch (route) {
    case RouteKind::Smime:
        return {route, ReasonId::SmimeChosen, Assurance::Verified};
    case RouteKind::Tls:
        return {route, ReasonId::TlsVerified, Assurance::Verified};
    case RouteKind::Cjsm:
        return {route, ReasonId::CjsmChosen, Assurance::Verified};
    case RouteKind::Ome:
    case RouteKind::Blocked:
        break;
    }
    return {};
}

void addRecipient(send::SendPlan &plan, const mail::Address &to, routing::RecipientRole role,
                  const Way &way) {
    plan.reports[to.domain()] = reportFor(to.domain(), way.assurance);
    routing::RecipientDecision decision;
    decision.address = to;
    decision.role = role;
    decision.route = way.route;
    decision.reasons = {reason(way.reason, to)};
    if (way.route == RouteKind::Blocked) {
        decision.reasons.push_back(reason(ReasonId::SmimeNoCertificate, to));
        decision.nextSteps = {NextStep::AskForCertificate, NextStep::FindCertificate,
                              NextStep::UseCjsm};
    }
    if (way.route == RouteKind::Smime) {
        plan.certificates[to.spec()] = certificate(to.spec(), crypto::CertificateState::Usable);
    }
    plan.decision.recipients.push_back(decision);
    if (way.route == RouteKind::Blocked) {
        return;
    }
    const bool bcc = role == routing::RecipientRole::Bcc;
    auto same = std::find_if(
        plan.transmissions.begin(), plan.transmissions.end(), [&](const send::Transmission &t) {
            return !bcc && t.route == way.route && t.role != routing::RecipientRole::Bcc;
        });
    if (same == plan.transmissions.end()) {
        plan.transmissions.push_back({way.route, bcc ? role : routing::RecipientRole::To});
        same = plan.transmissions.end() - 1;
    }
    same->recipients.push_back({to, to.spec(), {}, decision.reasons});
}

} // namespace

mail::Address address(std::string_view text) {
    return mail::Address::parse(text).value();
}

mail::Account account() {
    mail::Account account;
    account.name = "Work";
    account.address = address("Sam Okoro <sam.okoro@justice.example>");
    account.host = "smtp.justice.example";
    return account;
}

scan::Finding passwordInBody(std::uint32_t line) {
    scan::Finding finding;
    finding.kind = "prose-password";
    finding.category = scan::Category::Credential;
    finding.location = {"body", {}, line, 17, 5};
    finding.excerpt = "tuli… (24 characters)";
    finding.mark = "mark-of-the-password";
    finding.digest = QCryptographicHash::hash("tulip", QCryptographicHash::Sha256).toStdString();
    finding.dismissible = true;
    return finding;
}

scan::Finding keyInAttachment(const std::string &name) {
    scan::Finding finding;
    finding.kind = "openssh-private-key";
    finding.category = scan::Category::PrivateKey;
    finding.confidence = scan::Confidence::High;
    finding.location = {name, {}, 1, 1};
    finding.mark = "mark-of-the-key";
    return finding;
}

routing::Owed owedConfirmation() {
    return {"cjsm.business", routing::OwedKind::Confirmation, {ReasonId::CjsmBusiness, {}}};
}

routing::Owed owedJustification() {
    return {"scan.min-classification",
            routing::OwedKind::Justification,
            {ReasonId::ScanMinimumClassification,
             {{"finding", "prose-password"}, {"classification", "OFFICIAL-SENSITIVE"}}}};
}

std::shared_ptr<send::SendPlan> makePlan(const mail::Draft &draft,
                                         const std::map<std::string, RouteKind> &routes,
                                         std::vector<scan::Finding> findings,
                                         std::vector<routing::Owed> owed) {
    auto plan = std::make_shared<send::SendPlan>();
    plan->draft = draft;
    plan->marking = {draft.classification, draft.handling, draft.descriptor};
    plan->account = account();
    plan->findings = std::move(findings);
    plan->owed = std::move(owed);
    plan->digest = "digest of " + draft.subject;
    plan->createdAt = kNow;
    plan->expiresAt = kNow + std::chrono::minutes(15);
    for (const auto &to : draft.to) {
        addRecipient(*plan, to, routing::RecipientRole::To, wayTo(to, routes));
    }
    for (const auto &cc : draft.cc) {
        addRecipient(*plan, cc, routing::RecipientRole::Cc, wayTo(cc, routes));
    }
    for (const auto &bcc : draft.bcc) {
        addRecipient(*plan, bcc, routing::RecipientRole::Bcc, wayTo(bcc, routes));
    }
    return plan;
}

std::vector<send::Receipt> receiptsFor(const send::SendPlan &plan, submit::Delivery delivery) {
    std::vector<send::Receipt> receipts;
    for (const auto &transmission : plan.transmissions) {
        send::Receipt receipt;
        receipt.route = transmission.route;
        receipt.messageId = "<1234@justice.example>";
        receipt.account = plan.account.name;
        receipt.envelopeFrom = plan.account.address.spec();
        receipt.time = kNow;
        receipt.outcome.delivery = delivery;
        receipt.waits = delivery == submit::Delivery::Deferred;
        receipt.outcome.server = "smtp.justice.example:465";
        receipt.outcome.tls = peer("smtp.justice.example");
        if (delivery == submit::Delivery::Accepted) {
            receipt.outcome.reply = "250 2.0.0 Ok: queued as 4F1";
            receipt.outcome.queueId = "4F1";
        }
        for (const auto &recipient : transmission.recipients) {
            receipt.outcome.recipients.push_back({recipient.deliverTo, delivery, "250 2.1.5 Ok"});
        }
        if (transmission.route == RouteKind::Smime) {
            receipt.smime = {
                std::string(64, 'b'), {std::string(64, 'c')}, "AES-256-CBC", "SHA-256"};
        }
        receipts.push_back(std::move(receipt));
    }
    return receipts;
}

crypto::CertificateInfo certificate(std::string_view addressSpec, crypto::CertificateState state) {
    crypto::CertificateInfo info;
    info.fingerprint = std::string(64, 'd');
    info.subject = "CN=" + std::string(addressSpec);
    info.issuer = "CN=Example Authority";
    info.addresses = {std::string(addressSpec)};
    info.notAfter = kNow + std::chrono::hours(24 * 300);
    info.keyType = "EC";
    info.keyBits = 256;
    info.signature = "ecdsa-with-SHA256";
    info.state = state;
    return info;
}

std::vector<store::OutboxEntry> outboxEntries() {
    using store::OutboxState;
    std::vector<store::OutboxEntry> entries;
    const auto add = [&entries](std::int64_t id, OutboxState state, const std::string &recipient) {
        store::OutboxEntry entry;
        entry.id = id;
        entry.state = state;
        entry.created = kNow;
        entry.changed = kNow;
        entry.attempts = 2;
        entry.recipients = {recipient};
        entry.writtenAs = {recipient};
        entry.messageId = "<" + std::to_string(id) + "@justice.example>";
        entry.draftJson = state == OutboxState::Accepted ? "" : "{}";
        entries.push_back(std::move(entry));
    };
    add(7, OutboxState::Uncertain, "jo@court.example");
    entries.back().receiptJson =
        R"({"delivery":"uncertain","time":"2026-11-23T14:02:00Z",)"
        R"("server":"smtp.justice.example:465","tls_version":"TLSv1.3",)"
        R"("recipients":[{"address":"jo@court.example","delivery":"uncertain","reply":""}]})";
    add(6, OutboxState::Deferred, "al@council.example");
    entries.back().nextTry = kNow + std::chrono::minutes(4);
    entries.back().lastError = "submit.deferred";
    entries.back().receiptJson =
        R"({"delivery":"deferred","time":"2026-11-23T14:02:00Z",)"
        R"("error":{"code":"submit.deferred","stage":"submit.rcpt","detail":"451 4.7.1"},)"
        R"("server":"smtp.justice.example:465","tls_version":"TLSv1.3",)"
        R"("recipients":[{"address":"al@council.example","delivery":"deferred",)"
        R"("reply":"451 4.7.1 Try again later"}]})";
    add(5, OutboxState::Failed, "it@oldmail.example");
    entries.back().lastError = "outbox.gave-up";
    add(4, OutboxState::Accepted, "mo@court.example");
    return entries;
}

} // namespace sealpost::testing
