// SPDX-License-Identifier: GPL-3.0-or-later
#include "wording/Translate.h"
#include "wording/Wording.h"

#include <optional>
#include <string_view>

namespace sealpost::wording {

using crypto::CertificateState;

QString routeWord(RouteKind route) {
    switch (route) {
    case RouteKind::Smime:
        return tr("Protected (S/MIME)");
    case RouteKind::Cjsm:
        return tr("Protected (CJSM)");
    case RouteKind::Ome:
        return tr("Protected (Office 365)");
    case RouteKind::Tls:
        return tr("Encrypted in transit");
    case RouteKind::Blocked:
        return tr("Blocked");
    }
    return tr("Blocked");
}

QString markingText(const mail::Marking &marking, Classification chosen) {
    if (marking == mail::Marking{} && chosen == Classification::Official) {
        return {};
    }
    const auto words = QString::fromStdString(mail::toText(marking));
    return marking.classification > chosen
               ? tr("Marked %1, as what it quotes, forwards or says of itself is.").arg(words)
               : tr("Marked %1.").arg(words);
}

QString routeSentence(RouteKind route) {
    switch (route) {
    case RouteKind::Smime:
        return tr("signed and encrypted end to end (S/MIME)");
    case RouteKind::Cjsm:
        return tr("through Criminal Justice Secure Mail (CJSM)");
    case RouteKind::Ome:
        return tr("through Office 365 Message Encryption");
    case RouteKind::Tls:
        return tr("encrypted on the way (TLS), readable by the mail providers");
    case RouteKind::Blocked:
        return tr("not at all");
    }
    return tr("not at all");
}

namespace {

struct EndingIssuer {
    QString name;
    Time end{};
};

//! "issuer-expires: 2026-…, <issuer>"
std::optional<EndingIssuer> issuerThatEnds(const crypto::CertificateInfo &certificate) {
    constexpr std::string_view kWord = "issuer-expires: ";
    const std::string_view detail = certificate.detail;
    const auto comma = detail.find(", ");
    if (!detail.starts_with(kWord) || comma == std::string_view::npos) {
        return std::nullopt;
    }
    const auto end = detail.substr(kWord.size(), comma - kWord.size());
    return EndingIssuer{QString::fromStdString(std::string(detail.substr(comma + 2))),
                        base::fromIso8601(std::string(end))};
}

} // namespace

QString text(const crypto::CertificateInfo &certificate) {
    switch (certificate.state) {
    case CertificateState::None:
        return tr("There is no certificate.");
    case CertificateState::Usable:
        return tr("It can be used until %1.").arg(timeText(certificate.notAfter));
    case CertificateState::Expiring:
        if (const auto issuer = issuerThatEnds(certificate); issuer) {
            return tr("It can be used, but an authority above it ends soon: %1, on %2.")
                .arg(issuer->name, timeText(issuer->end));
        }
        return tr("It can be used, but ends soon: on %1.").arg(timeText(certificate.notAfter));
    case CertificateState::Expired:
        return tr("It ended on %1.").arg(timeText(certificate.notAfter));
    case CertificateState::NotYetValid:
        return tr("It is not valid before %1.").arg(timeText(certificate.notBefore));
    case CertificateState::Revoked:
        return tr("Its authority has revoked it.");
    case CertificateState::RevocationUnknown:
        return tr("It could not be found out whether it has been revoked.");
    case CertificateState::Untrusted:
        if (certificate.detail.starts_with("chain: ")) {
            return tr("It, or an authority above it, breaks a rule: %1.")
                .arg(toQString(std::string_view(certificate.detail).substr(7)));
        }
        if (certificate.detail.starts_with("issuer-missing: ")) {
            return tr("The certificate of the authority that issued it is missing here.");
        }
        if (certificate.detail == "self-signed") {
            return tr("It was issued by nobody but its owner.");
        }
        return tr("The authority that issued it is not trusted here.");
    case CertificateState::WrongUsage:
        return tr("It is not meant for mail.");
    case CertificateState::WrongAddress:
        return tr("It is for another address.");
    case CertificateState::WeakKey:
        return tr("Its key or signature is too weak.");
    }
    return {};
}

QString text(submit::Delivery delivery) {
    switch (delivery) {
    case submit::Delivery::Accepted:
        return tr("Handed to the mail server");
    case submit::Delivery::Deferred:
        return tr("Not taken for now");
    case submit::Delivery::Refused:
        return tr("Refused by the mail server");
    case submit::Delivery::Uncertain:
        return tr("Uncertain: the mail server did not confirm");
    case submit::Delivery::NotSent:
        return tr("Not sent");
    }
    return tr("Not sent");
}

QString outboxStateWord(store::OutboxState state) {
    switch (state) {
    case store::OutboxState::Writing:
        return tr("Being written");
    case store::OutboxState::Queued:
        return tr("Waiting");
    case store::OutboxState::Submitting:
    case store::OutboxState::Committing:
        return tr("Being sent");
    case store::OutboxState::Accepted:
        return tr("Sent");
    case store::OutboxState::Deferred:
        return tr("Waiting to be tried again");
    case store::OutboxState::Uncertain:
        return tr("Uncertain");
    case store::OutboxState::Failed:
        return tr("Not sent");
    }
    return tr("Waiting");
}

namespace {

//! With the place that it is about; what has no lines (the registry) is named alone.
QString placed(const policy::SourcePosition &position, const QString &what) {
    const auto source = toQString(position.source);
    if (position.line == 0) {
        return QStringLiteral("%1: %2").arg(source, what);
    }
    return QStringLiteral("%1:%2:%3: %4")
        .arg(source)
        .arg(position.line)
        .arg(position.column)
        .arg(what);
}

} // namespace

QString text(const policy::PolicyProblem &problem) {
    const auto key = toQString(problem.key);
    QString what;
    if (problem.code == "policy.unknown-key") {
        what = tr("there is no setting named %1").arg(key);
    } else if (problem.code == "policy.syntax") {
        what = key.isEmpty() ? tr("this is not valid TOML")
                             : tr("this is not valid TOML: %1").arg(key);
    } else if (problem.code == "policy.wrong-type") {
        what = tr("%1 has a value of the wrong kind").arg(key);
    } else if (problem.code == "policy.missing-field") {
        what = tr("%1 is missing").arg(key);
        return placed(problem.position, what + tr(" (needed: %1)").arg(toQString(problem.allowed)));
    } else if (problem.code == "policy.locked") {
        what = tr("%1 is locked by the administrator: a value may only be stricter, and %2 holds")
                   .arg(key, toQString(problem.allowed));
        return placed(problem.position, what);
    } else if (problem.code == "policy.machine-only") {
        what = tr("%1 counts only in this computer's own policy").arg(key);
    } else {
        what = tr("%1 has a value that can't be used").arg(key);
    }
    if (!problem.meant.empty()) {
        what += tr("; did you mean %1?").arg(toQString(problem.meant));
    }
    if (!problem.allowed.empty()) {
        what += tr(" (allowed: %1)").arg(toQString(problem.allowed));
    }
    return placed(problem.position, what);
}

QString signedInPage() {
    return tr("You can close this page and go back to Sealpost.");
}

} // namespace sealpost::wording
