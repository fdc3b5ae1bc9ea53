// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/Transmissions.h"

#include "mail/MimeBuilder.h"

#include <algorithm>
#include <map>
#include <memory>

namespace sealpost::send {

namespace {

using routing::RecipientRole;

//! The trigger in front of everything, the marking too: the tenant's rule may look nowhere else.
//! One that a person typed is not doubled.
std::string withTrigger(std::string subject, const std::string &trigger) {
    if (const auto typed = subject.find(trigger); typed != std::string::npos) {
        const auto end = subject.find_first_not_of(' ', typed + trigger.size());
        subject.erase(typed, std::min(end, subject.size()) - typed);
    }
    return trigger + " " + subject;
}

std::string outerSubject(const SendPlan &plan, RouteKind route, const policy::OmePolicy &ome) {
    const auto &subject = plan.subject;
    switch (route) {
    case RouteKind::Smime:
        return plan.smime.hideHeaders == HeaderHiding::None ? subject
                                                            : std::string(mail::kObscuredSubject);
    case RouteKind::Ome:
        return ome.triggerSubject.empty() ? subject : withTrigger(subject, ome.triggerSubject);
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
                             const policy::OmePolicy &ome,
                             const std::vector<std::string> &marking) {
    Transmission made;
    made.route = route;
    made.role = role == RecipientRole::Bcc ? role : RecipientRole::To;
    made.envelopeFrom = plan.account.address.spec();
    made.subjectOuter = outerSubject(plan, route, ome);
    made.signerFingerprint = signerOf(plan, route);
    made.extraHeaders = marking;
    if (route == RouteKind::Ome && !ome.triggerHeader.empty()) {
        made.extraHeaders.push_back(ome.triggerHeader);
    }
    return made;
}

//! The texts by relation; those that are the same are one.
class Bodies {
public:
    explicit Bodies(const MessageComposer &composer) : m_composer(composer) {}

    std::shared_ptr<const std::string> of(routing::Relation relation) {
        auto &known = m_byRelation[relation];
        if (!known) {
            known = shared(m_composer.body(relation));
        }
        return known;
    }

private:
    std::shared_ptr<const std::string> shared(std::string text) {
        for (const auto &[relation, body] : m_byRelation) {
            if (body && *body == text) {
                return body;
            }
        }
        return std::make_shared<const std::string>(std::move(text));
    }

    const MessageComposer &m_composer;
    std::map<routing::Relation, std::shared_ptr<const std::string>> m_byRelation;
};

} // namespace

std::vector<Transmission> transmissionsOf(const SendPlan &plan, const MessageComposer &composer,
                                          const policy::OmePolicy &ome, Time now) {
    const auto marking = composer.headerFields(now);
    Bodies bodies(composer);
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
        const auto body = bodies.of(decided.relation);
        const bool bcc = decided.role == RecipientRole::Bcc;
        const auto same =
            std::find_if(transmissions.begin(), transmissions.end(), [&](const Transmission &t) {
                return !bcc && t.route == decided.route && t.role != RecipientRole::Bcc &&
                       t.body == body;
            });
        if (same != transmissions.end()) {
            same->recipients.push_back(std::move(recipient));
            continue;
        }
        transmissions.push_back(newTransmission(plan, decided.route, decided.role, ome, marking));
        transmissions.back().body = body;
        transmissions.back().recipients.push_back(std::move(recipient));
    }
    return transmissions;
}

} // namespace sealpost::send
