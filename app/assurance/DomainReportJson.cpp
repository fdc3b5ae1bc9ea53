// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainReportJson.h"

#include <QJsonArray>
#include <array>
#include <string>
#include <string_view>

namespace sealpost::assurance {

namespace {
using crypto::OcspState;
using crypto::PeerProblem;
using crypto::TlsPeerInfo;

constexpr std::array kAllEvidence = {Evidence::NotChecked, Evidence::Proven, Evidence::ProvenAbsent,
                                     Evidence::Bogus, Evidence::TempFailure};
constexpr std::array kAllOutcomes = {
    ProbeOutcome::NotProbed,       ProbeOutcome::Encrypted,       ProbeOutcome::NoStartTls,
    ProbeOutcome::StartTlsRefused, ProbeOutcome::HandshakeFailed, ProbeOutcome::TlsAlert,
    ProbeOutcome::NoAddress,       ProbeOutcome::PrivateAddress,  ProbeOutcome::Unreachable,
    ProbeOutcome::TempRejected,    ProbeOutcome::Rejected,        ProbeOutcome::Silent,
    ProbeOutcome::Tarpit,          ProbeOutcome::HungUp,          ProbeOutcome::Garbage,
    ProbeOutcome::Endless,         ProbeOutcome::Mangled,         ProbeOutcome::Injected,
    ProbeOutcome::PortBlocked};
constexpr std::array kAllCjsm = {
    CjsmStatus::NotChecked, CjsmStatus::Address,  CjsmStatus::Listed, CjsmStatus::ListedInactive,
    CjsmStatus::Dns,        CjsmStatus::NotFound, CjsmStatus::Unknown};
constexpr std::array kAllMatches = {DaneMatch::NotCompared, DaneMatch::EndEntity, DaneMatch::Anchor,
                                    DaneMatch::Mismatch, DaneMatch::Unusable};
constexpr std::array kAllModes = {MtaStsMode::None, MtaStsMode::Testing, MtaStsMode::Enforce};
constexpr std::array kAllOcsp = {OcspState::Absent, OcspState::Good, OcspState::Revoked,
                                 OcspState::Unknown, OcspState::Invalid};
constexpr std::array kAllProblems = {
    PeerProblem::Expired,       PeerProblem::NotYetValid,     PeerProblem::SelfSigned,
    PeerProblem::UntrustedRoot, PeerProblem::IncompleteChain, PeerProblem::NameMismatch,
    PeerProblem::WrongPurpose,  PeerProblem::WeakKey,         PeerProblem::WeakSignature,
    PeerProblem::Revoked,       PeerProblem::OldProtocol,     PeerProblem::WeakCipher,
    PeerProblem::Other};

QString text(std::string_view utf8) {
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString text(Time time) {
    return text(base::toIso8601(time));
}

QJsonValue textOrNull(const std::string &utf8) {
    return utf8.empty() ? QJsonValue() : QJsonValue(text(utf8));
}

QJsonArray array(const std::vector<std::string> &texts) {
    QJsonArray out;
    for (const auto &one : texts) {
        out.append(text(one));
    }
    return out;
}

std::string string(const QJsonObject &object, const char *key) {
    return object.value(QLatin1String(key)).toString().toStdString();
}

Time time(const QJsonObject &object, const char *key) {
    return base::fromIso8601(string(object, key));
}

std::vector<std::string> strings(const QJsonObject &object, const char *key) {
    std::vector<std::string> out;
    const auto values = object.value(QLatin1String(key)).toArray();
    for (const auto &one : values) {
        out.push_back(one.toString().toStdString());
    }
    return out;
}

//! Which of `all` has this word; `otherwise` where none has.
template <class Enum, std::size_t kSize>
Enum fromWord(const std::array<Enum, kSize> &all, std::string_view word, Enum otherwise) {
    for (const auto one : all) {
        if (toString(one) == word) {
            return one;
        }
    }
    return otherwise;
}

bool offersStartTls(ProbeOutcome outcome) {
    switch (outcome) {
    case ProbeOutcome::Encrypted:
    case ProbeOutcome::StartTlsRefused:
    case ProbeOutcome::HandshakeFailed:
    case ProbeOutcome::TlsAlert:
    case ProbeOutcome::Injected:
        return true;
    case ProbeOutcome::NotProbed:
    case ProbeOutcome::NoAddress:
    case ProbeOutcome::PrivateAddress:
    case ProbeOutcome::PortBlocked:
    case ProbeOutcome::NoStartTls:
    case ProbeOutcome::Unreachable:
    case ProbeOutcome::TempRejected:
    case ProbeOutcome::Rejected:
    case ProbeOutcome::Silent:
    case ProbeOutcome::Tarpit:
    case ProbeOutcome::HungUp:
    case ProbeOutcome::Garbage:
    case ProbeOutcome::Endless:
    case ProbeOutcome::Mangled:
        return false;
    }
    return false;
}

bool isReachable(ProbeOutcome outcome) {
    return outcome != ProbeOutcome::NotProbed && outcome != ProbeOutcome::NoAddress &&
           outcome != ProbeOutcome::PrivateAddress && outcome != ProbeOutcome::Unreachable &&
           outcome != ProbeOutcome::PortBlocked;
}

QJsonValue timeOrNull(Time time) {
    return time == Time{} ? QJsonValue() : QJsonValue(text(time));
}

QJsonObject ocspJson(const crypto::OcspStaple &ocsp) {
    return {{QStringLiteral("status"), text(toString(ocsp.state))},
            {QStringLiteral("this_update"), timeOrNull(ocsp.thisUpdate)},
            {QStringLiteral("next_update"), timeOrNull(ocsp.nextUpdate)},
            {QStringLiteral("revoked_at"), timeOrNull(ocsp.revokedAt)}};
}

crypto::OcspStaple ocspFrom(const QJsonObject &object) {
    return {fromWord(kAllOcsp, string(object, "status"), OcspState::Absent),
            time(object, "this_update"), time(object, "next_update"), time(object, "revoked_at")};
}

QJsonObject certificateJson(const TlsPeerInfo &tls) {
    QJsonArray problems;
    for (const auto problem : tls.problems) {
        problems.append(text(toString(problem)));
    }
    return {{QStringLiteral("valid"), tls.chainValid},
            {QStringLiteral("name_matches"), tls.nameMatches},
            {QStringLiteral("subject"), text(tls.subject)},
            {QStringLiteral("issuer"), text(tls.issuer)},
            {QStringLiteral("names"), array(tls.names)},
            {QStringLiteral("sha256"), text(tls.sha256)},
            {QStringLiteral("not_before"), text(tls.notBefore)},
            {QStringLiteral("not_after"), text(tls.notAfter)},
            {QStringLiteral("key"), text(tls.keyType + " " + std::to_string(tls.keyBits))},
            {QStringLiteral("signature"), text(tls.signature)},
            {QStringLiteral("problems"), problems},
            {QStringLiteral("ocsp"), ocspJson(tls.ocsp)}};
}

TlsPeerInfo peerFrom(const QJsonObject &mx) {
    const auto certificate = mx.value(QLatin1String("certificate")).toObject();
    TlsPeerInfo tls;
    tls.version = string(mx, "tls_version");
    tls.cipher = string(mx, "cipher");
    tls.group = string(mx, "group");
    tls.chainValid = certificate.value(QLatin1String("valid")).toBool();
    tls.nameMatches = certificate.value(QLatin1String("name_matches")).toBool();
    tls.subject = string(certificate, "subject");
    tls.issuer = string(certificate, "issuer");
    tls.names = strings(certificate, "names");
    tls.sha256 = string(certificate, "sha256");
    tls.notBefore = time(certificate, "not_before");
    tls.notAfter = time(certificate, "not_after");
    const auto key = certificate.value(QLatin1String("key")).toString();
    tls.keyType = key.section(QLatin1Char(' '), 0, 0).toStdString();
    tls.keyBits = key.section(QLatin1Char(' '), 1).toInt();
    tls.signature = string(certificate, "signature");
    for (const auto &word : strings(certificate, "problems")) {
        tls.problems.push_back(fromWord(kAllProblems, word, PeerProblem::Other));
    }
    tls.ocsp = ocspFrom(certificate.value(QLatin1String("ocsp")).toObject());
    return tls;
}

Evidence evidenceFrom(std::string_view word) {
    return fromWord(kAllEvidence, word, Evidence::NotChecked);
}

QJsonObject daneJson(const DaneReport &dane) {
    return {{QStringLiteral("status"), text(base::toString(dane.status))},
            {QStringLiteral("usable"), static_cast<qint64>(dane.usable)},
            {QStringLiteral("records"), array(dane.records)},
            {QStringLiteral("match"), text(toString(dane.match))}};
}

DaneReport daneFrom(const QJsonObject &object) {
    return {evidenceFrom(string(object, "status")), strings(object, "records"),
            static_cast<std::size_t>(object.value(QLatin1String("usable")).toInteger()),
            fromWord(kAllMatches, string(object, "match"), DaneMatch::NotCompared)};
}

QJsonObject mxJson(const MxReport &mx) {
    const auto &tls = mx.tls;
    return {{QStringLiteral("host"), text(mx.host)},
            {QStringLiteral("preference"), mx.preference},
            {QStringLiteral("addresses"), array(mx.addresses)},
            {QStringLiteral("outcome"), text(toString(mx.outcome))},
            {QStringLiteral("detail"), text(mx.detail)},
            {QStringLiteral("reachable"), isReachable(mx.outcome)},
            {QStringLiteral("starttls"), offersStartTls(mx.outcome)},
            {QStringLiteral("tls_version"), tls ? textOrNull(tls->version) : QJsonValue()},
            {QStringLiteral("cipher"), tls ? textOrNull(tls->cipher) : QJsonValue()},
            {QStringLiteral("group"), tls ? textOrNull(tls->group) : QJsonValue()},
            {QStringLiteral("certificate"), tls ? QJsonValue(certificateJson(*tls)) : QJsonValue()},
            {QStringLiteral("dane"), daneJson(mx.dane)},
            {QStringLiteral("requiretls"), mx.requireTls},
            {QStringLiteral("capabilities"), array(mx.capabilities)}};
}

MxReport mxFrom(const QJsonObject &object) {
    MxReport mx;
    mx.host = string(object, "host");
    mx.preference = static_cast<std::uint16_t>(object.value(QLatin1String("preference")).toInt());
    mx.addresses = strings(object, "addresses");
    mx.outcome = fromWord(kAllOutcomes, string(object, "outcome"), ProbeOutcome::NotProbed);
    mx.detail = string(object, "detail");
    mx.capabilities = strings(object, "capabilities");
    mx.requireTls = object.value(QLatin1String("requiretls")).toBool();
    mx.dane = daneFrom(object.value(QLatin1String("dane")).toObject());
    if (object.value(QLatin1String("certificate")).isObject()) {
        mx.tls = peerFrom(object);
    }
    return mx;
}

QJsonObject mtaStsJson(const MtaStsReport &mtaSts) {
    const auto &policy = mtaSts.policy;
    return {
        {QStringLiteral("mode"), policy ? QJsonValue(text(toString(policy->mode))) : QJsonValue()},
        {QStringLiteral("status"), text(base::toString(mtaSts.status))},
        {QStringLiteral("max_age"),
         policy ? QJsonValue(static_cast<qint64>(policy->maxAge.count())) : QJsonValue()},
        {QStringLiteral("mx"), policy ? array(policy->mx) : QJsonArray()},
        {QStringLiteral("id"), textOrNull(mtaSts.id)},
        {QStringLiteral("in_force_until"), timeOrNull(mtaSts.until)}};
}

MtaStsReport mtaStsFrom(const QJsonObject &object) {
    MtaStsReport mtaSts;
    mtaSts.status = evidenceFrom(string(object, "status"));
    mtaSts.id = string(object, "id");
    mtaSts.until = time(object, "in_force_until");
    if (object.value(QLatin1String("mode")).isString()) {
        mtaSts.policy =
            MtaStsPolicy{fromWord(kAllModes, string(object, "mode"), MtaStsMode::None),
                         std::chrono::seconds(object.value(QLatin1String("max_age")).toInteger()),
                         strings(object, "mx")};
    }
    return mtaSts;
}
} // namespace

QJsonObject toJson(const DomainReport &report) {
    QJsonArray mx;
    for (const auto &one : report.mx) {
        mx.append(mxJson(one));
    }
    QJsonArray evidence;
    for (const auto &item : report.evidence) {
        evidence.append(QJsonObject{{QStringLiteral("what"), text(item.what)},
                                    {QStringLiteral("outcome"), text(base::toString(item.outcome))},
                                    {QStringLiteral("detail"), text(item.detail)}});
    }
    return {{QStringLiteral("domain"), text(report.domain)},
            {QStringLiteral("assurance"), text(base::toString(report.assurance))},
            {QStringLiteral("minimum_met"), report.minimumMet},
            {QStringLiteral("mx"), mx},
            {QStringLiteral("dnssec"), text(base::toString(report.dnssec))},
            {QStringLiteral("mta_sts"), mtaStsJson(report.mtaSts)},
            {QStringLiteral("dane"), text(base::toString(report.dane))},
            {QStringLiteral("tls_rpt"), text(base::toString(report.tlsRpt))},
            {QStringLiteral("port_25"), text(base::toString(report.port25))},
            {QStringLiteral("cjsm"),
             QJsonObject{{QStringLiteral("status"), text(toString(report.cjsm))},
                         {QStringLiteral("address"), textOrNull(report.cjsmAddress)}}},
            {QStringLiteral("evidence"), evidence},
            {QStringLiteral("checked_at"), text(report.checkedAt)},
            {QStringLiteral("expires_at"), text(report.expiresAt)},
            {QStringLiteral("duration_ms"), static_cast<qint64>(report.duration.count())}};
}

std::optional<DomainReport> reportFromJson(const QJsonObject &object) {
    const auto assurance = base::assuranceFrom(string(object, "assurance"));
    DomainReport report;
    report.domain = string(object, "domain");
    if (!assurance || report.domain.empty() || !object.value(QLatin1String("mx")).isArray()) {
        return std::nullopt;
    }
    report.assurance = *assurance;
    report.minimumMet = object.value(QLatin1String("minimum_met")).toBool();
    const auto mx = object.value(QLatin1String("mx")).toArray();
    for (const auto &one : mx) {
        report.mx.push_back(mxFrom(one.toObject()));
    }
    report.dnssec = evidenceFrom(string(object, "dnssec"));
    report.mtaSts = mtaStsFrom(object.value(QLatin1String("mta_sts")).toObject());
    report.dane = evidenceFrom(string(object, "dane"));
    report.tlsRpt = evidenceFrom(string(object, "tls_rpt"));
    report.port25 = evidenceFrom(string(object, "port_25"));
    const auto cjsm = object.value(QLatin1String("cjsm")).toObject();
    report.cjsm = fromWord(kAllCjsm, string(cjsm, "status"), CjsmStatus::NotChecked);
    report.cjsmAddress = string(cjsm, "address");
    const auto items = object.value(QLatin1String("evidence")).toArray();
    for (const auto &one : items) {
        const auto item = one.toObject();
        report.evidence.push_back(
            {string(item, "what"), evidenceFrom(string(item, "outcome")), string(item, "detail")});
    }
    report.checkedAt = time(object, "checked_at");
    report.expiresAt = time(object, "expires_at");
    report.duration =
        std::chrono::milliseconds(object.value(QLatin1String("duration_ms")).toInteger());
    return report;
}

} // namespace sealpost::assurance
