// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/ChainText.h"

#include "wording/Translate.h"
#include "wording/Wording.h"

#include <algorithm>
#include <array>

namespace sealpost::wording {

using crypto::ChainFault;
using crypto::Mend;
using crypto::RevocationStatus;

namespace {

struct Sentence {
    std::string_view id;
    const char *text;
};

// %1 is the certificate's subject, %2 the fault's detail.
constexpr std::array kSentences = {
    Sentence{"chain.expired", "%1 ended on %2."},
    Sentence{"chain.not-yet-valid", "%1 is not valid before %2."},
    Sentence{"chain.issuer-missing", "%1 was issued by \"%2\", whose certificate is not here."},
    Sentence{"chain.root-not-trusted", "The root of the chain, %1, is not trusted here."},
    Sentence{"chain.self-signed", "%1 was issued by nobody but itself."},
    Sentence{"chain.invalid", "The chain above %1 breaks a rule: %2."},
    Sentence{"chain.wrong-usage", "%1 is not meant for mail (%2)."},
    Sentence{"chain.not-for-signing", "%1 can't sign mail (%2)."},
    Sentence{"chain.not-for-encryption", "Mail can't be encrypted to %1 (%2)."},
    Sentence{"chain.no-address", "%1 names no mail address."},
    Sentence{"chain.other-address", "%1 is for other addresses: %2."},
    Sentence{"chain.weak", "Key or signature of %1 is too weak (%2)."},
    Sentence{"chain.revoked", "The authority of %1 has revoked it (%2)."},
    Sentence{"chain.revocation-unknown",
             "It could not be found out whether %1 has been revoked (%2)."},
};

} // namespace

QString text(const ChainFault &fault) {
    const auto at = std::find_if(kSentences.begin(), kSentences.end(),
                                 [&](const Sentence &one) { return one.id == fault.id; });
    if (at == kSentences.end()) {
        return {};
    }
    const auto sentence = tr(at->text);
    const bool aboutTime = fault.id == "chain.expired" || fault.id == "chain.not-yet-valid";
    const auto time = aboutTime ? base::fromIso8601(fault.detail) : Time{};
    const auto detail = time != Time{} ? timeText(time) : toQString(fault.detail);
    return sentence.contains(QLatin1String("%2"))
               ? sentence.arg(toQString(fault.certificate), detail)
               : sentence.arg(toQString(fault.certificate));
}

QString mendText(const ChainFault &fault) {
    const auto target = toQString(fault.target);
    switch (fault.mend) {
    case Mend::AskForNew:
        return tr("Ask its owner for a new certificate: for one of your own, run \"sealpost-cli "
                  "certs request\".");
    case Mend::FetchIssuer:
        return tr("Fetch it from %1: add --mend to this command.").arg(target);
    case Mend::ImportIssuer:
        return tr("Ask the authority for that certificate, and import it: \"sealpost-cli certs "
                  "import FILE\".");
    case Mend::TrustRoot:
        return tr("If your organisation trusts it, and its fingerprint is %1, run \"sealpost-cli "
                  "certs import FILE --trust\" with the root's file.")
            .arg(target);
    case Mend::FetchRevocation:
        return tr("Check that %1 can be reached, and try again.").arg(target);
    case Mend::UseOther:
        return tr("Use a certificate for the address that you write to: \"sealpost-cli certs find "
                  "ADDRESS\".");
    case Mend::CheckClock:
        return tr("Check this computer's date and time; if they are right, wait until that day.");
    case Mend::AskAuthority:
        return tr("Only the authority that issued it can mend this: tell it.");
    }
    return {};
}

MendChoice mendChoice(const ChainFault &fault) {
    const auto target = toQString(fault.target);
    switch (fault.mend) {
    case Mend::AskForNew:
        return {tr("Its owner has to get a new certificate from the authority."),
                tr("Ask for a new one…")};
    case Mend::FetchIssuer:
        return {tr("It can be fetched from %1. Nothing is trusted for it.").arg(target),
                tr("Fetch it")};
    case Mend::ImportIssuer:
        return {tr("Ask the authority for that certificate, and import its file."),
                tr("Import a file…")};
    case Mend::TrustRoot:
        return {tr("If your organisation trusts it, and gave you the fingerprint %1, trust it.")
                    .arg(target),
                tr("Trust this root…")};
    case Mend::FetchRevocation:
        return {tr("Check that %1 can be reached.").arg(target), tr("Try again")};
    case Mend::UseOther:
        return {tr("Use a certificate for the address that you write to."), {}};
    case Mend::CheckClock:
    case Mend::AskAuthority:
        return {mendText(fault), {}};
    }
    return {};
}

QString text(const crypto::RevocationFact &fact) {
    const auto source = fact.kind.empty()
                            ? QString()
                            : tr("%1 of %2, %3")
                                  .arg(fact.kind == "ocsp" ? tr("answer") : tr("list"),
                                       timeText(fact.issued), toQString(fact.source));
    switch (fact.status) {
    case RevocationStatus::NotNeeded:
        return tr("revocation does not apply");
    case RevocationStatus::Good:
        return tr("not revoked (%1)").arg(source);
    case RevocationStatus::Revoked:
        return tr("revoked (%1)").arg(source);
    case RevocationStatus::Unknown:
        return tr("revocation not known");
    }
    return {};
}

} // namespace sealpost::wording
