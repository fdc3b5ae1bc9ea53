// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "crypto/CertificateInfo.h"
#include "mail/Account.h"
#include "mail/Draft.h"
#include "mail/Marking.h"
#include "policy/Policy.h"
#include "routing/Route.h"
#include "scan/Scanner.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sealpost::send {

struct PlannedRecipient {
    mail::Address address;              //!< as the person wrote it
    std::string deliverTo;              //!< addr-spec of the envelope
    std::string certificateFingerprint; //!< S/MIME alone
    std::vector<routing::Reason> reasons;
};

//! One message on the wire: recipients that share a route and a text; a Bcc recipient always stands
//! alone.
struct Transmission {
    RouteKind route = RouteKind::Blocked;
    routing::RecipientRole role = routing::RecipientRole::To; //!< Bcc, or To for all others
    std::vector<PlannedRecipient> recipients;
    std::string envelopeFrom;
    std::string subjectOuter;      //!< what stands outside the protection
    std::string signerFingerprint; //!< empty: not signed
    //! Header fields beside the usual ones, each "Name: value" in ASCII: the marking's, and the
    //! trigger of Office 365 Message Encryption.
    std::vector<std::string> extraHeaders{};
    //! The text as it goes out: the draft's, with marking and disclaimer.
    std::shared_ptr<const std::string> body{};
};

//! What will happen, as decided from the evidence; immutable. SendExecutor takes nothing else.
struct SendPlan {
    mail::Draft draft;    //!< as the person wrote it
    mail::Draft outgoing; //!< with what it forwards in it; what is sent comes from this
    mail::Account account;
    mail::Marking marking; //!< chosen, or found on it and higher
    std::string subject;   //!< as recipients read it, with the marking
    routing::Decision decision;
    std::vector<Transmission> transmissions;
    std::vector<scan::Finding> findings;
    std::vector<scan::Skipped> skipped;
    std::map<std::string, assurance::DomainReport> reports; //!< by A-label domain
    crypto::CertificateInfo senderCertificate;
    std::map<std::string, crypto::CertificateInfo> certificates; //!< by addr-spec: the best one
    std::vector<routing::Owed> owed;   //!< of the message and of all recipients, each id once
    std::string digest;                //!< SHA-256 of draft and attachments, lower-case hexadecimal
    std::string contentDigest;         //!< of what it says, whoever gets it
    std::set<std::string> tlsSuffices; //!< assurance words that the route TLS needs here
    policy::SmimePolicy smime;         //!< how its messages are signed and encrypted
    Time createdAt{};
    Time expiresAt{};

    [[nodiscard]] bool blocked() const;
};

//! What the person has said to a plan.
struct Approvals {
    std::string planDigest;          //!< of the plan that was shown
    std::set<std::string> confirmed; //!< Owed::id of confirmations
    std::string justification;       //!< answers every justification that is owed
};

//! What of the plan's owed items the approvals leave open. A justification of fewer than ten
//! characters is none.
[[nodiscard]] std::vector<routing::Owed> stillOwed(const SendPlan &plan,
                                                   const Approvals &approvals);

} // namespace sealpost::send
