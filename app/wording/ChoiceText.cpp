// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/ChoiceText.h"

#include "wording/Translate.h"

namespace sealpost::wording {

using crypto::ChoiceReason;

QString text(const crypto::CertificateChoice &choice) {
    switch (choice.reason) {
    case ChoiceReason::Pinned:
        return tr("You have chosen this one for the address.");
    case ChoiceReason::OnlyOne:
        return tr("It is the only certificate for the address.");
    case ChoiceReason::OnlyUsable:
        return tr("It is the only one of %1 that can be used.").arg(choice.candidates);
    case ChoiceReason::EndsLast:
        return tr("Of the %1 that can be used it is the one that ends last.").arg(choice.usable);
    case ChoiceReason::NoneUsable:
        return tr("None of the %1 can be used; this one ends last.").arg(choice.candidates);
    }
    return {};
}

QString standingText(const crypto::CertificateInfo &info, const crypto::CertificateChoice &choice) {
    using crypto::CertificateState;
    const bool goes = info.state == CertificateState::Usable ||
                      info.state == CertificateState::Expiring ||
                      info.state == CertificateState::RevocationUnknown; // policy says then
    return (goes ? tr("Messages are encrypted to this one. %1")
                 : tr("This one counts, but nothing can be encrypted to it as it is. %1"))
        .arg(text(choice));
}

QString placeText(assurance::SourceKind kind, const std::string &place) {
    switch (kind) {
    case assurance::SourceKind::KeyRing:
        return tr("your key ring");
    case assurance::SourceKind::Dns:
        return tr("DNS, proven by DNSSEC");
    case assurance::SourceKind::Directory:
        return tr("the directory %1").arg(QString::fromStdString(place));
    case assurance::SourceKind::Bundle:
        return tr("the collection %1").arg(QString::fromStdString(place));
    case assurance::SourceKind::System:
        return tr("this computer’s own store");
    }
    return {};
}

} // namespace sealpost::wording
