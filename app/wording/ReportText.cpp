// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/DomainText.h"
#include "wording/PublishedText.h"
#include "wording/Translate.h"
#include "wording/Wording.h"

#include "assurance/PolicyStanding.h"
#include "mail/Address.h"
#include "mail/Scripts.h"

#include <QDateTime>
#include <QLocale>
#include <QStringList>
#include <QTimeZone>
#include <iterator>
#include <utility>

namespace sealpost::wording {

namespace {

using assurance::MxReport;
using assurance::ProbeOutcome;
using crypto::PeerProblem;

const char *problemText(PeerProblem problem) {
    switch (problem) {
    case PeerProblem::Expired:
        return "its certificate has expired";
    case PeerProblem::NotYetValid:
        return "its certificate is not valid yet";
    case PeerProblem::SelfSigned:
        return "it signed its certificate itself";
    case PeerProblem::UntrustedRoot:
        return "its certificate is from an authority that is not trusted";
    case PeerProblem::IncompleteChain:
        return "it does not show who issued its certificate";
    case PeerProblem::NameMismatch:
        return "its certificate is for another name";
    case PeerProblem::WrongPurpose:
        return "its certificate is not meant for a server";
    case PeerProblem::WeakKey:
        return "its key is too short";
    case PeerProblem::WeakSignature:
        return "its certificate has an outdated signature";
    case PeerProblem::Revoked:
        return "its certificate has been revoked";
    case PeerProblem::OldProtocol:
        return "it uses an outdated version of TLS";
    case PeerProblem::WeakCipher:
        return "its encryption is of an outdated kind";
    case PeerProblem::DaneMismatch:
        return "it is not the certificate that its domain has published";
    case PeerProblem::Other:
        return "its certificate is not valid";
    }
    return "its certificate is not valid";
}

const char *outcomeText(ProbeOutcome outcome) {
    switch (outcome) {
    case ProbeOutcome::NotProbed:
        return "%1 was not asked.";
    case ProbeOutcome::PortBlocked:
        return "%1 was not asked: port 25 is blocked on this network.";
    case ProbeOutcome::Encrypted:
        return "%1 offers encryption with a valid certificate.";
    case ProbeOutcome::NoStartTls:
        return "%1 offers no encryption.";
    case ProbeOutcome::StartTlsRefused:
        return "%1 offers encryption, but refused to begin it.";
    case ProbeOutcome::HandshakeFailed:
        return "%1 offers encryption, but none that works with this program.";
    case ProbeOutcome::TlsAlert:
        return "%1 offers encryption, but broke off when this program began it.";
    case ProbeOutcome::NoAddress:
        return "%1 has no address: no mail can reach it.";
    case ProbeOutcome::PrivateAddress:
        return "%1 has an address that only works inside a private network, so it was not asked.";
    case ProbeOutcome::Unreachable:
        return "%1 could not be reached from this computer.";
    case ProbeOutcome::TempRejected:
        return "%1 asked to come back later.";
    case ProbeOutcome::Rejected:
        return "%1 would not talk to this computer.";
    case ProbeOutcome::Silent:
        return "%1 did not answer in time.";
    case ProbeOutcome::Tarpit:
        return "%1 answered too slowly to finish the check.";
    case ProbeOutcome::HungUp:
        return "%1 broke off the connection without an answer.";
    case ProbeOutcome::Garbage:
        return "%1 gave answers that make no sense.";
    case ProbeOutcome::Endless:
        return "%1 gave an answer that does not end.";
    case ProbeOutcome::Mangled:
        return "Something between here and %1, such as a firewall, alters what it says: whether it "
               "offers encryption can't be seen from here.";
    case ProbeOutcome::Injected:
        return "%1 sent more than it may before encryption began: somebody may be interfering.";
    }
    return "%1 was not asked.";
}

QString technical(const MxReport &mx) {
    QStringList parts;
    if (!mx.addresses.empty()) {
        QStringList addresses;
        for (const auto &address : mx.addresses) {
            addresses.append(toQString(address));
        }
        parts.append(addresses.join(QStringLiteral(", ")));
    }
    if (mx.tls) {
        parts.append(
            QStringLiteral("%1 %2").arg(toQString(mx.tls->version), toQString(mx.tls->cipher)));
        parts.append(QStringLiteral("%1 %2, %3")
                         .arg(toQString(mx.tls->keyType))
                         .arg(mx.tls->keyBits)
                         .arg(toQString(mx.tls->signature)));
        parts.append(
            tr("issued by %1, ends %2").arg(toQString(mx.tls->issuer), timeText(mx.tls->notAfter)));
    }
    if (!mx.detail.empty()) {
        parts.append(toQString(mx.detail));
    }
    return parts.join(QStringLiteral(" · "));
}

EvidenceLine lineOf(const MxReport &mx) {
    const auto host = toQString(mail::toULabelDomain(mx.host));
    auto sentence = tr(outcomeText(mx.outcome)).arg(host);
    if (mx.outcome == ProbeOutcome::Encrypted && mx.tls) {
        QStringList problems;
        for (const auto problem : assurance::problemsThatCount(mx)) {
            problems.append(tr(problemText(problem)));
        }
        if (!problems.isEmpty()) {
            sentence = tr("%1 offers encryption, but %2.").arg(host, listed(problems));
        } else if (!mx.tls->problems.empty()) {
            sentence = tr("%1 offers encryption.").arg(host); // what DANE says comes after it
        }
    }
    const bool isDated = mx.outcome == ProbeOutcome::Encrypted && mx.tls &&
                         mx.tls->problems.empty() && mx.tls->version != "TLSv1.3";
    if (isDated) {
        sentence += QLatin1Char(' ') + tr("It does not offer the latest version of TLS, 1.3.");
    }
    return {sentence, technical(mx)};
}

//! What a fact says that stands in the evidence alone; empty where there is no sentence for it.
QString sentenceOf(const assurance::EvidenceItem &item) {
    const auto host = [&](std::string_view prefix) {
        return toQString(mail::toULabelDomain(item.what.substr(prefix.size())));
    };
    const auto detail = toQString(item.detail);
    if (item.outcome != Evidence::Proven) {
        return {};
    }
    if (item.what == "mx-implicit") {
        return tr("It names no mail server, so mail to it goes to its own address.");
    }
    if (item.what == "mx-null") {
        return item.detail == "alone"
                   ? tr("It says itself that it takes no mail (null MX).")
                   : tr("It names mail servers and says beside that it takes no mail (null MX). "
                        "That is a mistake there, and was passed over.");
    }
    if (item.what == "mx-localhost") {
        return tr("It names “localhost” as its mail server, which is nobody's: that was passed "
                  "over.");
    }
    if (item.what == "mx-alias") {
        return tr("It is another name for %1, whose mail servers count.")
            .arg(toQString(mail::toULabelDomain(item.detail)));
    }
    if (item.what == "mx-wildcard") {
        return tr("Every name in %1 takes mail, so a misspelt one would too.")
            .arg(toQString(mail::toULabelDomain(item.detail.substr(item.detail.find('.') + 1))));
    }
    if (item.what.starts_with("alias:")) {
        return tr("%1 is another name for %2.")
            .arg(host("alias:"), toQString(mail::toULabelDomain(item.detail)));
    }
    if (item.what.starts_with("private:")) {
        return tr("%1 has addresses that only work inside a private network, which were passed "
                  "over: %2.")
            .arg(host("private:"), detail);
    }
    return {};
}

//! A name that mixes scripts, with a warning; empty for any other.
QString scriptsLine(const std::string &domain) {
    QStringList names;
    for (const auto &script : mail::mixedScripts(domain)) {
        names.append(toQString(script));
    }
    return names.isEmpty()
               ? QString()
               : tr("Its name mixes %1 letters, which can make it look like another one: make sure "
                    "that it is the one that you mean (%2).")
                     .arg(listed(names), toQString(domain));
}

const char *dnssecText(Evidence evidence) {
    switch (evidence) {
    case Evidence::Proven:
        return "The names of its mail servers are signed (DNSSEC) and proven.";
    case Evidence::ProvenAbsent:
        return "The names of its mail servers are not signed (DNSSEC).";
    case Evidence::Bogus:
        return "The signatures on the names of its mail servers are wrong: nothing it says can be "
               "relied on.";
    case Evidence::TempFailure:
        return "The names of its mail servers could not be looked up.";
    case Evidence::NotChecked:
        break;
    }
    return nullptr;
}

//! What the verdict stands on where no server was heard, though port 25 is not known to be blocked.
QString unheardLine(Assurance assurance) {
    switch (assurance) {
    case Assurance::Published:
        return tr("None of its servers was heard from here, so we rely on the domain's published "
                  "policy.");
    case Assurance::Registered:
        return tr("None of its servers was heard from here, so we rely on your administrator's "
                  "register.");
    case Assurance::Unknown:
    case Assurance::Enforced:
    case Assurance::Verified:
    case Assurance::Weak:
    case Assurance::None:
    case Assurance::Violated:
    case Assurance::Undeliverable:
        break;
    }
    return {};
}

//! Why the servers themselves say nothing here, and what the verdict stands on instead.
QString port25Line(const assurance::DomainReport &report) {
    if (report.port25 != Evidence::ProvenAbsent) {
        return unheardLine(report.assurance);
    }
    switch (report.assurance) {
    case Assurance::Published:
    case Assurance::Enforced:
        return tr("Port 25 is blocked on this network, so we rely on the domain's published "
                  "policy.");
    case Assurance::Registered:
        return tr("Port 25 is blocked on this network, so we rely on your administrator's "
                  "register.");
    case Assurance::Violated:
        return tr("Port 25 is blocked on this network, so its servers could not be asked.");
    case Assurance::Unknown:
    case Assurance::Verified:
    case Assurance::Weak:
    case Assurance::None:
    case Assurance::Undeliverable:
        break;
    }
    return tr("Port 25 is blocked on this network, so its servers could not be asked, and the "
              "domain publishes nothing to rely on.");
}

} // namespace

QString timeText(Time time) {
    const auto local =
        QDateTime::fromSecsSinceEpoch(time.time_since_epoch().count(), QTimeZone::systemTimeZone());
    return QLocale(QLocale::English, QLocale::UnitedKingdom)
        .toString(local, QStringLiteral("d MMMM yyyy, HH:mm"));
}

QString assuranceWord(Assurance assurance) {
    switch (assurance) {
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Verified:
    case Assurance::Registered:
        return tr("Encrypted in transit");
    case Assurance::Weak:
        return tr("Weak encryption");
    case Assurance::None:
        return tr("No encryption");
    case Assurance::Violated:
        return tr("Tampering suspected");
    case Assurance::Undeliverable:
        return tr("Takes no mail");
    case Assurance::Unknown:
        return tr("Not confirmed");
    }
    return tr("Not confirmed");
}

namespace {
bool hasEvidence(const assurance::DomainReport &report, std::string_view what) {
    return std::ranges::any_of(report.evidence,
                               [&](const auto &item) { return item.what == what; });
}

QString undeliverableText(const assurance::DomainReport &report, const QString &domain) {
    if (hasEvidence(report, "mx-no-domain")) {
        return tr("There is no domain %1. The address may be misspelt.").arg(domain);
    }
    if (hasEvidence(report, "mx-null")) {
        return tr("%1 says itself that it takes no mail. Ask the recipient for another address.")
            .arg(domain);
    }
    return tr("%1 does not take mail. The address may be misspelt.").arg(domain);
}

QString unprotectedText(const assurance::DomainReport &report, const QString &domain) {
    const bool offersNone = std::ranges::any_of(report.mx, [](const auto &mx) {
        return mx.outcome == assurance::ProbeOutcome::NoStartTls;
    });
    return offersNone ? tr("Mail to %1 can't be protected in transit: a server of it offers no "
                           "encryption.")
                            .arg(domain)
                      : tr("Mail to %1 can't be protected in transit: a server of it offers "
                           "encryption, but it does not come about.")
                            .arg(domain);
}
} // namespace

QString summary(const assurance::DomainReport &report) {
    const auto domain = toQString(mail::toULabelDomain(report.domain));
    const bool blocked = report.port25 == Evidence::ProvenAbsent;
    const auto why = blocked ? QLatin1Char(' ') + port25Line(report) : QString();
    const auto sentence = [&]() -> QString {
        switch (report.assurance) {
        case Assurance::Enforced:
            return tr("%1 makes sure that mail to it is encrypted in transit.").arg(domain);
        case Assurance::Published:
            return tr("%1 publishes that mail to it must be encrypted in transit.").arg(domain) +
                   QLatin1Char(' ') +
                   (blocked ? port25Line(report)
                            : tr("Its servers were not heard from here, so we rely on what it "
                                 "publishes."));
        case Assurance::Verified:
            return tr("Mail to %1 can be encrypted in transit: each of its servers that answers "
                      "has a valid certificate.")
                .arg(domain);
        case Assurance::Registered:
            return tr("Your administrator vouches for the encryption of %1.").arg(domain) + why;
        case Assurance::Weak:
            return tr("Mail to %1 can be encrypted in transit, but not so that it can be relied "
                      "on.")
                .arg(domain);
        case Assurance::None:
            return unprotectedText(report, domain);
        case Assurance::Violated:
            return tr("%1 publishes how mail to it must be encrypted, but what is seen from here "
                      "does not keep to that. It may be a fault there, or somebody may be "
                      "tampering here.")
                .arg(domain);
        case Assurance::Undeliverable:
            return undeliverableText(report, domain);
        case Assurance::Unknown:
            return tr("It could not be found out how %1 protects mail.").arg(domain) + why;
        }
        return {};
    }();
    const auto scripts = scriptsLine(report.domain);
    const auto whole = scripts.isEmpty() ? sentence : scripts + QLatin1Char(' ') + sentence;
    return report.checkedAt == Time{}
               ? whole
               : whole + QLatin1Char(' ') +
                     tr("Checked from this computer on %1.").arg(timeText(report.checkedAt));
}

QStringList serverSentences(const assurance::DomainReport &report) {
    QStringList sentences;
    for (const auto &mx : report.mx) {
        sentences.append(lineOf(mx).sentence);
        for (const auto &line : standingLines(report, mx)) {
            sentences.append(line.sentence);
        }
    }
    return sentences;
}

std::vector<EvidenceLine> evidence(const assurance::DomainReport &report) {
    std::vector<EvidenceLine> lines;
    if (const auto scripts = scriptsLine(report.domain); !scripts.isEmpty()) {
        lines.push_back({scripts, {}});
    }
    if (const auto *dnssec = dnssecText(report.dnssec)) {
        lines.push_back({tr(dnssec), {}});
    }
    const auto append = [&](std::vector<EvidenceLine> more) {
        std::move(more.begin(), more.end(), std::back_inserter(lines));
    };
    append(publishedLines(report));
    for (const auto &mx : report.mx) {
        lines.push_back(lineOf(mx));
        append(standingLines(report, mx));
    }
    if (const auto port = port25Line(report); !port.isEmpty()) {
        lines.push_back({port, {}});
    }
    if (const auto cjsm = cjsmText(report); !cjsm.isEmpty()) {
        lines.push_back({cjsm, {}});
    }
    for (const auto &item : report.evidence) {
        if (const auto sentence = sentenceOf(item); !sentence.isEmpty()) {
            lines.push_back({sentence, {}});
            continue;
        }
        const bool told = item.what.starts_with("starttls:") || item.what == "mx-dnssec" ||
                          item.what.starts_with("certificate:") || isAboutPublished(item);
        const bool failed =
            item.outcome == Evidence::TempFailure || item.outcome == Evidence::Bogus;
        if (!told && (failed || lines.empty()) && !item.detail.empty()) {
            lines.push_back({item.outcome == Evidence::Bogus
                                 ? tr("An answer from the domain name system was forged or broken.")
                                 : tr("Looking up %1:").arg(toQString(item.what)),
                             toQString(item.detail)});
        }
    }
    return lines;
}

} // namespace sealpost::wording
