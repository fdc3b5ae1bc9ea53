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
    case ReasonId::MarkingAboveOfficial:
        return "This message is marked {classification}. Anything above OFFICIAL-SENSITIVE must "
               "not be sent from this computer by e-mail.";
    case ReasonId::ScanMinimumClassification:
        return "This message contains {finding}, which calls for {classification}.";
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
        return "The certificate of {recipient} ends soon, on {expires}.";
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
        return "If you have their certificate as a file, import it.";
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
        return "Import a certificate";
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
    if (name == "domain" || name == "host") {
        return toQString(mail::toULabelDomain(value));
    }
    if (name == "finding") {
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

} // namespace

QString text(const routing::Reason &reason) {
    return filled(tr(sentence(reason.id)), reason.facts);
}

QString text(NextStep step) {
    return tr(sentence(step));
}

QString shortText(NextStep step) {
    return tr(button(step));
}

QString text(const routing::Owed &owed) {
    switch (owed.kind) {
    case routing::OwedKind::Confirmation:
        break;
    case routing::OwedKind::Justification:
        if (owed.reason.id == ReasonId::ScanMinimumClassification) {
            return text(owed.reason) + QLatin1Char(' ') +
                   tr("Raise the classification, or write why it may stay as it is.");
        }
        if (owed.reason.id != ReasonId::TlsJustified) {
            return text(owed.reason) + QLatin1Char(' ') +
                   tr("Write why the message may go all the same.");
        }
        break;
    }
    return text(owed.reason);
}

} // namespace sealpost::wording
