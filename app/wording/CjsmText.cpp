// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include "mail/Address.h"
#include "wording/DomainText.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <algorithm>

namespace sealpost::wording {

namespace {

using assurance::CjsmStatus;

//! What CjsmDirectory wrote down: "active; imported 2026-11-30T01:56:03Z".
struct Listing {
    QString status;
    QString imported; //!< in words
};

Listing listingOf(const assurance::DomainReport &report) {
    const auto found = std::find_if(report.evidence.begin(), report.evidence.end(),
                                    [](const auto &item) { return item.what == "cjsm-directory"; });
    if (found == report.evidence.end()) {
        return {};
    }
    constexpr std::string_view kImported = "; imported ";
    const auto at = found->detail.find(kImported);
    if (at == std::string::npos) {
        return {};
    }
    return {toQString(found->detail.substr(0, at)),
            timeText(base::fromIso8601(found->detail.substr(at + kImported.size())))};
}

QString secureForm(const assurance::DomainReport &report) {
    return report.cjsmAddress.empty()
               ? toQString(mail::toULabelDomain(report.domain)) + QStringLiteral(".cjsm.net")
               : toQString(report.cjsmAddress);
}

} // namespace

QString cjsmText(const assurance::DomainReport &report) {
    const auto secure = secureForm(report);
    const bool isPerson = report.cjsmAddress.find('@') != std::string::npos;
    const auto listing = listingOf(report);
    switch (report.cjsm) {
    case CjsmStatus::Listed:
        return isPerson ? tr("CJSM: the secure address is %1. The directory that was imported on "
                             "%2 lists it as active.")
                              .arg(secure, listing.imported)
                        : tr("CJSM: secure addresses end in %1. The directory that was imported on "
                             "%2 lists active ones.")
                              .arg(secure, listing.imported);
    case CjsmStatus::ListedInactive:
        return tr("CJSM: %1 can't be used. The directory that was imported on %2 lists it as "
                  "%3.")
            .arg(secure, listing.imported, listing.status);
    case CjsmStatus::Dns:
        return isPerson ? tr("CJSM: the secure address may be %1. The domain name system knows "
                             "the domain, but no directory confirms the address.")
                              .arg(secure)
                        : tr("CJSM: secure addresses may end in %1. The domain name system knows "
                             "it, but no directory confirms it.")
                              .arg(secure);
    case CjsmStatus::Address:
        return tr("CJSM: this is a secure address already, for senders in CJSM.");
    case CjsmStatus::NotChecked:
    case CjsmStatus::NotFound:
    case CjsmStatus::Unknown:
        break;
    }
    return {};
}

} // namespace sealpost::wording
