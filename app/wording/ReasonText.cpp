// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/Translate.h"
#include "wording/Wording.h"

#include "mail/Address.h"

namespace sealpost::wording {

namespace {

using routing::NextStep;
using routing::ReasonId;

//! Sentences with the facts' names in braces: {domain}, {host}, {recipient}, …
const char *sentence(ReasonId id) {
    switch (id) {
    case ReasonId::SmimeChosen:
        return "Signed and encrypted end to end with the certificate of {recipient}.";
    case ReasonId::TlsEnforced:
        return "{domain} publishes that its mail servers must use encryption, and they do.";
    case ReasonId::TlsPublished:
        return "{domain} publishes that its mail servers must use encryption. They were not heard "
               "from here, so we rely on what is published.";
    case ReasonId::TlsVerified:
        return "Every mail server of {domain} offers encryption with a valid certificate.";
    case ReasonId::TlsRegistered:
        return "Your administrator vouches for the encryption of {domain}.";
    case ReasonId::TlsJustified:
        return "Mail to {domain} would be encrypted in transit only. Your organisation asks why "
               "that will do for this message.";
    case ReasonId::CjsmChosen:
        return "{recipient} is reached through Criminal Justice Secure Mail (CJSM).";
    case ReasonId::OmeChosen:
        return "Office 365 Message Encryption encrypts it for {recipient}. That is not end to end: "
               "Microsoft and your organisation hold the keys.";
    case ReasonId::OmeRuleNeeded:
        return "The message carries {trigger}, and a mail-flow rule of your Office 365 tenant "
               "encrypts what carries it. That rule must exist: without it, the message goes out "
               "as "
               "it is.";
    case ReasonId::RouteJustified:
        return "The message would reach {recipient} {route}. Your organisation asks why that will "
               "do for this message.";
    case ReasonId::MarkingAboveOfficial:
        return "This message is marked {classification}. Anything above OFFICIAL-SENSITIVE must "
               "not be sent from this computer by e-mail.";
    case ReasonId::ScanMinimumClassification:
        return "This message contains {finding}, which calls for {classification}.";
    case ReasonId::KeyWithLock:
        return "This message contains {finding} and, beside it, what it may open: {lock}. Whoever "
               "gets the one gets the other too.";
    case ReasonId::ForwardAccount:
        return "Mail may be forwarded from an account of your organisation alone, and {domain} is "
               "not known as one of its domains.";
    case ReasonId::ForwardForbidden:
        return "Your organisation does not let {classification} mail be forwarded.";
    case ReasonId::ForwardWeaker:
        return "The original came {route}. It may not go on to {recipient} by a weaker way.";
    case ReasonId::RecipientLookAlike:
        return "{domain} looks like {known}, but it is another domain.";
    case ReasonId::RecipientFirstTime:
        return "Nothing has been sent from here to {recipient} yet.";
    case ReasonId::SmimeNoCertificate:
        return "There is no certificate for {recipient}, so the message can't be encrypted end "
               "to end.";
    case ReasonId::SmimeExpired:
        return "The certificate of {recipient} ended on {expires}.";
    case ReasonId::SmimeNotYetValid:
        return "The certificate of {recipient} is not valid yet.";
    case ReasonId::SmimeRevoked:
        return "The certificate of {recipient} has been revoked by its authority.";
    case ReasonId::SmimeRevocationUnknown:
        return "It could not be found out whether the certificate of {recipient} has been "
               "revoked.";
    case ReasonId::SmimeUntrusted:
        return "The certificate of {recipient} was issued by an authority that is not trusted "
               "here.";
    case ReasonId::SmimeWrongUsage:
        return "The certificate of {recipient} is not meant for encrypting mail.";
    case ReasonId::SmimeWrongAddress:
        return "The certificate is not for {recipient}.";
    case ReasonId::SmimeWeakKey:
        return "The certificate of {recipient} has a key or signature that is too weak.";
    case ReasonId::SmimeExpiring:
        return "The certificate of {recipient} can soon no longer be used: it is good until "
               "{expires}.";
    case ReasonId::SmimeSenderCertificate:
        return "You have no certificate of your own that can sign ({state}), so the message "
               "can't be protected end to end.";
    case ReasonId::SmimeSenderRevocationUnknown:
        return "It could not be found out whether your own certificate has been revoked.";
    case ReasonId::TlsWeak:
        return "The encryption of {domain} can't be relied on: the certificate or the settings "
               "of its server {host} fall short.";
    case ReasonId::TlsNone:
        return "Mail to {domain} can't be protected in transit: its server {host} offers no "
               "encryption.";
    case ReasonId::TlsViolated:
        return "{domain} publishes how its mail servers must use encryption, but what is seen from "
               "here does not keep to that. It may be a fault there, or somebody may be "
               "interfering here.";
    case ReasonId::TlsUndeliverable:
        return "{domain} does not take mail. The address may be misspelt.";
    case ReasonId::TlsUnknown:
        return "It could not be found out how {domain} protects mail.";
    case ReasonId::TlsInsufficient:
        return "Encryption in transit to {domain} is not enough for what this message contains.";
    case ReasonId::TlsGovUkRequired:
        return "{domain} must be reached with encryption, and its server {host} offers none.";
    case ReasonId::TlsExcepted:
        return "{domain} is on your organisation's exceptions list ({reference}), so only "
               "end-to-end encryption will do.";
    case ReasonId::TlsExceptionExpired:
        return "The exception for {domain} ({reference}) ended on {expires} and no longer counts.";
    case ReasonId::CjsmOnly:
        return "{recipient} is a CJSM address: it can be reached through CJSM only.";
    case ReasonId::CjsmNotAMember:
        return "{recipient} is not known to be on CJSM.";
    case ReasonId::CjsmAccount:
        return "This account may not send through CJSM.";
    case ReasonId::CjsmUnmanagedComputer:
        return "CJSM must not be used from a computer that your organisation does not manage.";
    case ReasonId::CjsmRelay:
        return "Mail for CJSM must not go through {host}, which many customers share.";
    case ReasonId::CjsmBusiness:
        return "This message is about criminal justice business.";
    case ReasonId::CjsmGuessed:
        return "{secure} is the CJSM address of {recipient}. It follows from the domain's name and "
               "is in no directory, so make sure of it.";
    case ReasonId::CjsmInactive:
        return "{recipient} is listed on CJSM, but the account is locked, suspended or deleted.";
    case ReasonId::OmeNotSetUp:
        return "Office 365 Message Encryption is not set up.";
    case ReasonId::OmeAccount:
        return "Office 365 Message Encryption is set up for other accounts, not for this one.";
    case ReasonId::PolicyNoRoute:
        return "Your organisation's policy allows no such way for this message.";
    case ReasonId::ProtectRequested:
        return "You asked for one particular way of sending.";
    }
    return "";
}

const char *sentence(NextStep step) {
    switch (step) {
    case NextStep::AskForCertificate:
        return "Ask the recipient to send you a signed message, or their certificate.";
    case NextStep::FindCertificate:
        return "Look for their certificate in DNS and in your organisation's directories, or "
               "import it if "
               "you have it as a file.";
    case NextStep::RenewCertificate:
        return "Ask your helpdesk for a new certificate.";
    case NextStep::ImportOwnCertificate:
        return "Import your own certificate and key (a .p12 or .pfx file).";
    case NextStep::CheckCertificate:
        return "Look at the certificate's details.";
    case NextStep::TrustAuthority:
        return "Ask your administrator whether the authority that issued it can be trusted.";
    case NextStep::UseCjsm:
        return "Send it through CJSM.";
    case NextStep::UseCjsmAccount:
        return "Send it from an account that may use CJSM.";
    case NextStep::UseManagedComputer:
        return "Send it from a computer that your organisation manages.";
    case NextStep::RemoveSecret:
        return "Take the secret out, and hand it over in another way.";
    case NextStep::UseTwoWays:
        return "Use two ways: send one of the two here, and tell the other by telephone or in "
               "person.";
    case NextStep::RaiseClassification:
        return "Raise the classification.";
    case NextStep::UseOrganisationAccount:
        return "Send it from another account of your organisation.";
    case NextStep::RemoveMessage:
        return "Do not send it. Ask your security team which system is meant for it.";
    case NextStep::AskForException:
        return "Ask your administrator for an entry in the exceptions list.";
    case NextStep::WaitAndCheckAgain:
        return "Wait a little and check again.";
    case NextStep::CheckAddress:
        return "Check the address for a typing mistake.";
    case NextStep::TellTheirPostmaster:
        return "Tell the people who run the recipient's mail.";
    case NextStep::AskAdministrator:
        return "Ask your administrator.";
    }
    return "";
}

const char *button(NextStep step) {
    switch (step) {
    case NextStep::AskForCertificate:
        return "Ask for a certificate";
    case NextStep::FindCertificate:
        return "Find a certificate";
    case NextStep::RenewCertificate:
        return "Renew your certificate";
    case NextStep::ImportOwnCertificate:
        return "Import your certificate";
    case NextStep::CheckCertificate:
        return "Show the certificate";
    case NextStep::TrustAuthority:
        return "Ask about the authority";
    case NextStep::UseCjsm:
        return "Use CJSM";
    case NextStep::UseCjsmAccount:
        return "Use a CJSM account";
    case NextStep::UseManagedComputer:
        return "Use a managed computer";
    case NextStep::RemoveSecret:
        return "Take the secret out";
    case NextStep::UseTwoWays:
        return "Use two ways";
    case NextStep::RaiseClassification:
        return "Raise the classification";
    case NextStep::UseOrganisationAccount:
        return "Use another account";
    case NextStep::RemoveMessage:
        return "Back to message";
    case NextStep::AskForException:
        return "Ask for an exception";
    case NextStep::WaitAndCheckAgain:
        return "Check again";
    case NextStep::CheckAddress:
        return "Check the address";
    case NextStep::TellTheirPostmaster:
        return "Tell their postmaster";
    case NextStep::AskAdministrator:
        return "Ask your administrator";
    }
    return "";
}

QString factText(const std::string &name, const std::string &value) {
    if (name == "expires") {
        return timeText(base::fromIso8601(value));
    }
    if (name == "domain" || name == "host" || name == "known") {
        return toQString(mail::toULabelDomain(value));
    }
    if (name == "route") {
        return routeSentence(base::routeKindFrom(value).value_or(RouteKind::Blocked));
    }
    if (name == "finding" || name == "lock") {
        scan::Finding finding;
        finding.kind = value;
        return withArticle(findingName(finding));
    }
    if (name == "state") {
        return toQString(value).replace(QLatin1Char('-'), QLatin1Char(' '));
    }
    return toQString(value);
}

//! Facts that a reason may lack, in words that leave the sentence whole.
QString missingFact(const QString &name) {
    if (name == QLatin1String("finding") || name == QLatin1String("lock")) {
        return tr("something");
    }
    if (name == QLatin1String("classification")) {
        return tr("higher");
    }
    if (name == QLatin1String("route")) {
        return tr("in another way");
    }
    if (name == QLatin1String("trigger")) {
        return tr("a trigger");
    }
    if (name == QLatin1String("host")) {
        return tr("mail server");
    }
    if (name == QLatin1String("recipient")) {
        return tr("the recipient");
    }
    if (name == QLatin1String("domain")) {
        return tr("the recipient's domain");
    }
    if (name == QLatin1String("reference")) {
        return tr("no reference");
    }
    if (name == QLatin1String("known")) {
        return tr("a known domain");
    }
    if (name == QLatin1String("secure")) {
        return tr("the secure address");
    }
    return tr("an unknown date");
}

QString filled(const QString &sentence, const std::map<std::string, std::string> &facts) {
    QString out;
    qsizetype from = 0;
    for (auto open = sentence.indexOf(QLatin1Char('{')); open >= 0;
         open = sentence.indexOf(QLatin1Char('{'), from)) {
        const auto close = sentence.indexOf(QLatin1Char('}'), open);
        const auto name = sentence.mid(open + 1, close - open - 1);
        const auto fact = facts.find(name.toStdString());
        out += sentence.mid(from, open - from);
        out += fact == facts.end() ? missingFact(name) : factText(fact->first, fact->second);
        from = close + 1;
    }
    return out + sentence.mid(from);
}

//! Where more is known than that it is not trusted (CertificateInfo::detail).
const char *untrustedSentence(const std::map<std::string, std::string> &facts) {
    const auto at = facts.find("detail");
    const std::string_view detail = at == facts.end() ? std::string_view() : at->second;
    if (detail.starts_with("chain: ")) {
        return "The certificate of {recipient}, or one above it, breaks a rule, so it can't be "
               "relied on.";
    }
    if (detail.starts_with("issuer-missing: ")) {
        return "The certificate of {recipient} can't be checked: that of the authority that issued "
               "it is missing here.";
    }
    if (detail == "self-signed") {
        return "The certificate of {recipient} was issued by nobody but its owner.";
    }
    return sentence(ReasonId::SmimeUntrusted);
}

} // namespace

QString endedText(const policy::TlsException &entry) {
    routing::Reason reason;
    reason.id = routing::ReasonId::TlsExceptionExpired;
    reason.facts = {{"domain", entry.domain},
                    {"reference", entry.reference},
                    {"expires", base::toIso8601(entry.expires)}};
    return text(reason);
}

QString text(const routing::Reason &reason) {
    return filled(tr(reason.id == ReasonId::SmimeUntrusted ? untrustedSentence(reason.facts)
                                                           : sentence(reason.id)),
                  reason.facts);
}

QString text(NextStep step) {
    return tr(sentence(step));
}

QString shortText(NextStep step) {
    return tr(button(step));
}

namespace {

//! What a person ticks, where the reason by itself is no statement of theirs.
const char *statement(ReasonId id) {
    if (id == ReasonId::RecipientLookAlike || id == ReasonId::RecipientFirstTime) {
        return "I have checked that {recipient} is the right address.";
    }
    if (id == ReasonId::KeyWithLock) {
        return "Use two ways: send one of them here, and tell the other by telephone or in person. "
               "Tick this only where both may go in one message.";
    }
    return id == ReasonId::ScanMinimumClassification ? "The classification may stay as it is."
                                                     : nullptr;
}

//! What a justification answers, where the reason by itself does not ask.
const char *question(ReasonId id) {
    if (id == ReasonId::TlsJustified || id == ReasonId::RouteJustified) {
        return nullptr;
    }
    if (id == ReasonId::KeyWithLock) {
        return "Use two ways: send one of them here, and tell the other by telephone or in person. "
               "Else write why both may go in one message.";
    }
    return id == ReasonId::ScanMinimumClassification
               ? "Raise the classification, or write why it may stay as it is."
               : "Write why the message may go all the same.";
}

} // namespace

QString text(const routing::Owed &owed) {
    const auto *more = owed.kind == routing::OwedKind::Confirmation ? statement(owed.reason.id)
                                                                    : question(owed.reason.id);
    const auto reason = text(owed.reason);
    return more == nullptr ? reason
                           : reason + QLatin1Char(' ') + filled(tr(more), owed.reason.facts);
}

} // namespace sealpost::wording
