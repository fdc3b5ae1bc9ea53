// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Transmissions.h"

#include "mail/MimeBuilder.h"

#include <algorithm>

namespace sealpost::send {

namespace {

using routing::RecipientRole;

std::string outerSubject(const SendPlan &plan, RouteKind route, const policy::OmePolicy &ome) {
    const auto &subject = plan.draft.subject;
    switch (route) {
    case RouteKind::Smime:
        return plan.smime.hideHeaders == HeaderHiding::None ? subject
                                                            : std::string(mail::kObscuredSubject);
    case RouteKind::Ome:
        return ome.triggerSubject.empty() || subject.starts_with(ome.triggerSubject)
                   ? subject
                   : ome.triggerSubject + " " + subject;
    case RouteKind::Tls:
    case RouteKind::Cjsm:
    case RouteKind::Blocked:
        break;
    }
    return subject;
}

//! Who signs: always the sender with S/MIME, and with TLS where there is a certificate for it. What
//! Office 365 is to encrypt stays unsigned: it would have to break the signature.
std::string signerOf(const SendPlan &plan, RouteKind route) {
    const auto own = plan.senderCertificate.state;
    const bool canSign =
        own == crypto::CertificateState::Usable || own == crypto::CertificateState::Expiring;
    const bool isSigned = route == RouteKind::Smime || (route == RouteKind::Tls && canSign);
    return isSigned ? plan.senderCertificate.fingerprint : std::string();
}

Transmission newTransmission(const SendPlan &plan, RouteKind route, RecipientRole role,
                             const policy::OmePolicy &ome) {
    Transmission made;
    made.route = route;
    made.role = role == RecipientRole::Bcc ? role : RecipientRole::To;
    made.envelopeFrom = plan.account.address.spec();
    made.subjectOuter = outerSubject(plan, route, ome);
    made.signerFingerprint = signerOf(plan, route);
    if (route == RouteKind::Ome && !ome.triggerHeader.empty()) {
        made.extraHeaders.push_back(ome.triggerHeader);
    }
    return made;
}

} // namespace

std::vector<Transmission> transmissionsOf(const SendPlan &plan, const policy::OmePolicy &ome) {
    std::vector<Transmission> transmissions;
    for (const auto &decided : plan.decision.recipients) {
        if (decided.route == RouteKind::Blocked) {
            continue;
        }
        PlannedRecipient recipient{decided.address, decided.deliverTo, {}, decided.reasons};
        if (decided.route == RouteKind::Smime) {
            recipient.certificateFingerprint =
                plan.certificates.at(decided.address.spec()).fingerprint;
        }
        const bool bcc = decided.role == RecipientRole::Bcc;
        const auto same =
            std::find_if(transmissions.begin(), transmissions.end(), [&](const Transmission &t) {
                return !bcc && t.route == decided.route && t.role != RecipientRole::Bcc;
            });
        if (same != transmissions.end()) {
            same->recipients.push_back(std::move(recipient));
            continue;
        }
        transmissions.push_back(newTransmission(plan, decided.route, decided.role, ome));
        transmissions.back().recipients.push_back(std::move(recipient));
    }
    return transmissions;
}

} // namespace sealpost::send
