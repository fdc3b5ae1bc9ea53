// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Result.h"
#include "crypto/CertificateInfo.h"
#include "mail/Marking.h"
#include "policy/PolicyParser.h"
#include "routing/Route.h"
#include "scan/Finding.h"
#include "scan/Scanner.h"
#include "store/Outbox.h"
#include "submit/SubmitOutcome.h"

#include <QString>
#include <QStringList>
#include <optional>
#include <vector>

//! Facts into plain English (British, sentence case, GOV.UK style): the only place that has
//! sentences. Everything here is plain text, never markup.
namespace sealpost::wording {

//! An error as a person reads it: what happened, and what to do.
struct ErrorText {
    QString what; //!< one sentence, with its subject
    QString next; //!< the next step; never empty
    QString code; //!< for the telephone: "pkcs12.wrong-passphrase"
};
[[nodiscard]] ErrorText text(const Error &error);
//! Of an outcome with an error. Where it is uncertain whether the message was taken, the next step
//! is never to send it again unasked.
[[nodiscard]] ErrorText text(const submit::SubmitOutcome &outcome);
//! What the server's enhanced status code says of one recipient; none where it was not turned away
//! or the server gave no such code.
[[nodiscard]] std::optional<ErrorText> text(const submit::RecipientResult &recipient);

//! A route's state on a chip: "Protected (S/MIME)", "Encrypted in transit", "Blocked", …
[[nodiscard]] QString routeWord(RouteKind route);
//! A route in a sentence: "signed and encrypted end to end (S/MIME)".
[[nodiscard]] QString routeSentence(RouteKind route);

//! "Marked OFFICIAL-SENSITIVE - RECIPIENTS ONLY.", and why where that is more than what was chosen;
//! empty where there is nothing to say of plain OFFICIAL.
[[nodiscard]] QString markingText(const mail::Marking &marking, Classification chosen);

[[nodiscard]] QString text(const routing::Reason &reason);
//! Of an entry of the exceptions list that no longer counts: the same sentence as the reason's.
[[nodiscard]] QString endedText(const policy::TlsException &entry);
[[nodiscard]] QString text(routing::NextStep step);
//! The statement that a person ticks, or the question that a justification answers.
[[nodiscard]] QString text(const routing::Owed &owed);
//! The button for a blocked plan's best next step, or for sending.
[[nodiscard]] QString shortText(routing::NextStep step);

//! "SSH private key", for a rule's id; the id itself, made readable, where it has no name.
[[nodiscard]] QString findingName(const scan::Finding &finding);
//! What a person can do about it.
[[nodiscard]] QString nextStep(const scan::Finding &finding);
//! The link to say that it is wrong: "Not a secret?"
[[nodiscard]] QString dismissLink(const scan::Finding &finding);
//! The question that the reason answers: "Why is this not a secret?"
[[nodiscard]] QString dismissQuestion(const scan::Finding &finding);
//! Of a dismissed one: "Marked as not a secret: “a made-up word”"
[[nodiscard]] QString dismissedText(const scan::Finding &finding);
//! Why it is one: "It is written like one and its check characters fit." Empty where none is known.
[[nodiscard]] QString whyText(const scan::Finding &finding);
//! "an SSH private key", "a password"
[[nodiscard]] QString withArticle(const QString &name);
//! "in the message, line 3", "in keys.zip: id_ed25519, line 1"
[[nodiscard]] QString locationText(const scan::Location &location);
//! The title of the pre-send warning: "This message contains an SSH private key and a password".
[[nodiscard]] QString findingsTitle(const std::vector<scan::Finding> &findings);
//! "keys.7z was not looked into: it is encrypted."
[[nodiscard]] QString text(const scan::Skipped &skipped);

//! One word for a domain's state: "Encrypted in transit", "No encryption", "Not confirmed", …
[[nodiscard]] QString assuranceWord(Assurance assurance);
//! One or two sentences on how the domain protects mail, with when it was checked.
[[nodiscard]] QString summary(const assurance::DomainReport &report);
//! The evidence, a sentence for each fact; the technical detail folded under it.
struct EvidenceLine {
    QString sentence;
    QString technical;
};
[[nodiscard]] std::vector<EvidenceLine> evidence(const assurance::DomainReport &report);

//! One sentence on a certificate's state: "It ended on 3 March 2026."
[[nodiscard]] QString text(const crypto::CertificateInfo &certificate);

[[nodiscard]] QString text(submit::Delivery delivery);
[[nodiscard]] QString outboxStateWord(store::OutboxState state);
//! What the browser shows after a person has signed in.
[[nodiscard]] QString signedInPage();
[[nodiscard]] QString text(const policy::PolicyProblem &problem);
//! "23 November 2026, 14:02" in local time.
[[nodiscard]] QString timeText(Time time);

} // namespace sealpost::wording
