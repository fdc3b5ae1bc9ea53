// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/PublishedText.h"

#include "mail/Address.h"
#include "wording/Translate.h"

#include <QStringList>
#include <algorithm>
#include <string>
#include <string_view>

namespace sealpost::wording {

namespace {

using assurance::DaneMatch;
using assurance::DomainReport;
using assurance::EvidenceItem;
using assurance::MtaStsMode;

const EvidenceItem *find(const DomainReport &report, std::string_view what) {
    const auto found = std::find_if(report.evidence.begin(), report.evidence.end(),
                                    [&](const auto &item) { return item.what == what; });
    return found == report.evidence.end() ? nullptr : &*found;
}

//! The details of every item whose name begins so.
QString details(const DomainReport &report, std::string_view start) {
    QStringList parts;
    for (const auto &item : report.evidence) {
        if (item.what.starts_with(start) && !item.detail.empty()) {
            parts.append(toQString(item.what + ": " + item.detail));
        }
    }
    return parts.join(QStringLiteral(" · "));
}

QString mtaStsInForce(const assurance::MtaStsReport &mtaSts) {
    switch (mtaSts.policy ? mtaSts.policy->mode : MtaStsMode::None) {
    case MtaStsMode::Enforce:
        return tr("It publishes that mail to it must be encrypted (MTA-STS). This is in force "
                  "until %1 at least.")
            .arg(timeText(mtaSts.until));
    case MtaStsMode::Testing:
        return tr("It is trying out a policy on encryption (MTA-STS), which does not demand "
                  "anything yet.");
    case MtaStsMode::None:
        break;
    }
    return tr("It has given up its policy on encryption (MTA-STS).");
}

QString mtaStsText(const DomainReport &report) {
    switch (report.mtaSts.status) {
    case Evidence::Proven:
        return mtaStsInForce(report.mtaSts);
    case Evidence::ProvenAbsent: {
        const auto *record = find(report, "mta-sts-record");
        return record != nullptr && record->outcome == Evidence::Proven
                   ? tr("It says that it has a policy on encryption (MTA-STS), but what it offers "
                        "is not a valid one.")
                   : tr("It publishes no policy on encryption (MTA-STS).");
    }
    case Evidence::Bogus:
        return tr("Its policy on encryption (MTA-STS) can't be trusted: what was offered is not "
                  "proven to be its own.");
    case Evidence::TempFailure:
        return tr("It could not be found out whether it has a policy on encryption (MTA-STS).");
    case Evidence::NotChecked:
        break;
    }
    return find(report, "mta-sts") == nullptr
               ? QString()
               : tr("Whether it has a policy on encryption (MTA-STS) was not looked up.");
}

QString daneText(Evidence dane) {
    switch (dane) {
    case Evidence::Proven:
        return tr("It publishes which certificates its servers use (DANE), and that is proven.");
    case Evidence::ProvenAbsent:
        return tr("It does not publish which certificates its servers use (DANE).");
    case Evidence::Bogus:
        return tr("What it publishes about its servers' certificates (DANE) was forged or broken "
                  "on its way.");
    case Evidence::TempFailure:
        return tr("It could not be found out whether it publishes which certificates its servers "
                  "use (DANE).");
    case Evidence::NotChecked:
        break;
    }
    return {};
}

QString reportingText(Evidence reporting) {
    switch (reporting) {
    case Evidence::Proven:
        return tr("It asks to be told where encryption fails (TLS-RPT).");
    case Evidence::ProvenAbsent:
        return tr("It does not ask to be told where encryption fails (TLS-RPT).");
    case Evidence::Bogus:
        return tr("What it says about reports of failures (TLS-RPT) was forged or broken on its "
                  "way.");
    case Evidence::TempFailure:
        return tr("It could not be found out whether it asks to be told where encryption fails "
                  "(TLS-RPT).");
    case Evidence::NotChecked:
        break;
    }
    return {};
}

const char *matchText(DaneMatch match) {
    switch (match) {
    case DaneMatch::EndEntity:
    case DaneMatch::Anchor:
        return "%1 shows the certificate that its domain publishes (DANE).";
    case DaneMatch::Mismatch:
        return "%1 does not show the certificate that its domain publishes (DANE).";
    case DaneMatch::Unusable:
        return "What its domain publishes about the certificate of %1 (DANE) is of no use here: "
               "encryption is demanded, but nothing says by whom.";
    case DaneMatch::NotCompared:
        break;
    }
    return nullptr;
}

} // namespace

std::vector<EvidenceLine> publishedLines(const DomainReport &report) {
    std::vector<EvidenceLine> lines;
    const auto add = [&](const QString &sentence, const QString &technical) {
        if (!sentence.isEmpty()) {
            lines.push_back({sentence, technical});
        }
    };
    add(daneText(report.dane), details(report, "tlsa:"));
    add(mtaStsText(report), details(report, "mta-sts"));
    add(reportingText(report.tlsRpt), details(report, "tls-rpt"));
    return lines;
}

std::vector<EvidenceLine> standingLines(const DomainReport &report, const assurance::MxReport &mx) {
    const auto host = toQString(mail::toULabelDomain(mx.host));
    std::vector<EvidenceLine> lines;
    if (const auto *sentence = matchText(mx.dane.match)) {
        lines.push_back({tr(sentence).arg(host), details(report, "dane:" + mx.host)});
    }
    const auto &policy = report.mtaSts.policy;
    if (policy && policy->mode != MtaStsMode::None && !policy->allows(mx.host)) {
        lines.push_back(
            {tr("%1 is not one of the servers that its domain's policy (MTA-STS) names.").arg(host),
             {}});
    }
    if (const auto *tampering = find(report, "tampering:" + mx.host)) {
        lines.push_back({tr("The domain promises encryption, and %1 offers none here: somebody "
                            "between this computer and the server may be tampering.")
                             .arg(host),
                         toQString(tampering->detail)});
    }
    return lines;
}

bool isAboutPublished(const EvidenceItem &item) {
    constexpr std::string_view kStarts[] = {"mta-sts", "tlsa:", "dane", "tls-rpt", "tampering:"};
    return std::any_of(std::begin(kStarts), std::end(kStarts),
                       [&](std::string_view start) { return item.what.starts_with(start); });
}

} // namespace sealpost::wording
