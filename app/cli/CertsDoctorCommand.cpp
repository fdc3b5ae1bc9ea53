// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "cli/CertsVerbs.h"
#include "cli/GivenFile.h"
#include "cli/Text.h"
#include "mail/Address.h"
#include "wording/ChainText.h"

#include <QJsonArray>
#include <chrono>
#include <filesystem>

namespace sealpost::cli {

namespace {

constexpr ByteCount kFileLimit = 4 * base::kMiB;
constexpr std::chrono::minutes kTime{2};

QString textOf(const std::string &value) {
    return QString::fromStdString(value);
}

QString dateOf(Time time) {
    return textOf(base::toIso8601(time));
}

QJsonObject toJson(const crypto::ChainLink &link) {
    return {
        {QStringLiteral("subject"), textOf(link.info.subject)},
        {QStringLiteral("issuer"), textOf(link.info.issuer)},
        {QStringLiteral("fingerprint"), textOf(link.info.fingerprint)},
        {QStringLiteral("not_before"), dateOf(link.info.notBefore)},
        {QStringLiteral("not_after"), dateOf(link.info.notAfter)},
        {QStringLiteral("key"), QJsonObject{{QStringLiteral("type"), textOf(link.info.keyType)},
                                            {QStringLiteral("bits"), link.info.keyBits},
                                            {QStringLiteral("curve"), textOf(link.info.curve)}}},
        {QStringLiteral("signature"), textOf(link.info.signature)},
        {QStringLiteral("key_usage"), textOf(link.keyUsage)},
        {QStringLiteral("extended_key_usage"), textOf(link.extendedUsage)},
        {QStringLiteral("authority"), link.authority},
        {QStringLiteral("trusted_root"), link.trustedRoot},
        {QStringLiteral("private_key"), link.info.isOwn()},
        {QStringLiteral("revocation"),
         QJsonObject{{QStringLiteral("status"), toQString(toString(link.revocation.status))},
                     {QStringLiteral("kind"), textOf(link.revocation.kind)},
                     {QStringLiteral("source"), textOf(link.revocation.source)},
                     {QStringLiteral("issued"),
                      link.revocation.kind.empty() ? QString() : dateOf(link.revocation.issued)},
                     {QStringLiteral("problem"), textOf(link.revocation.problem)}}}};
}

QJsonObject toJson(const crypto::ChainReport &report) {
    QJsonArray links;
    for (const auto &link : report.links) {
        links.append(toJson(link));
    }
    QJsonArray faults;
    for (const auto &fault : report.faults) {
        faults.append(
            QJsonObject{{QStringLiteral("id"), textOf(fault.id)},
                        {QStringLiteral("certificate"), textOf(fault.certificate)},
                        {QStringLiteral("detail"), textOf(fault.detail)},
                        {QStringLiteral("text"), wording::text(fault)},
                        {QStringLiteral("mend"),
                         QJsonObject{{QStringLiteral("action"), toQString(toString(fault.mend))},
                                     {QStringLiteral("target"), textOf(fault.target)},
                                     {QStringLiteral("text"), wording::mendText(fault)}}}});
    }
    QJsonArray addresses;
    if (!report.links.empty()) {
        for (const auto &address : report.links.front().info.addresses) {
            addresses.append(textOf(address));
        }
    }
    return {{QStringLiteral("addresses"), addresses},
            {QStringLiteral("links"), links},
            {QStringLiteral("missing_issuer"), textOf(report.missingIssuer)},
            {QStringLiteral("faults"), faults}};
}

//! The chain as a tree that grows downwards from the certificate to its root.
void printTree(Output &output, const crypto::ChainReport &report) {
    QString indent;
    for (const auto &link : report.links) {
        const auto kind = link.trustedRoot  ? QStringLiteral("trusted root")
                          : link.selfSigned ? QStringLiteral("root, not trusted")
                          : link.authority  ? QStringLiteral("authority")
                                            : QStringLiteral("certificate");
        output.line(QStringLiteral("%1%2 (%3)").arg(indent, textOf(link.info.subject), kind));
        const auto below = QString(indent.size(), QLatin1Char(' ')) + QStringLiteral("  ");
        auto key = QStringLiteral("%1 %2").arg(textOf(link.info.keyType)).arg(link.info.keyBits);
        if (!link.info.curve.empty()) {
            key += QStringLiteral(" (%1)").arg(textOf(link.info.curve));
        }
        output.line(QStringLiteral("%1%2 to %3; %4; %5")
                        .arg(below, wording::timeText(link.info.notBefore),
                             wording::timeText(link.info.notAfter), key,
                             textOf(link.info.signature)));
        if (!link.info.addresses.empty()) {
            output.line(below + textOf(base::join(link.info.addresses, ", ")));
        }
        auto usages = std::vector{link.keyUsage, link.extendedUsage};
        std::erase(usages, std::string());
        if (!usages.empty()) {
            output.line(QStringLiteral("%1usage: %2").arg(below, textOf(base::join(usages, "; "))));
        }
        output.line(below + wording::text(link.revocation));
        output.line(QStringLiteral("%1SHA-256 %2").arg(below, textOf(link.info.fingerprint)));
        indent = below + QStringLiteral("issued by ");
    }
    if (!report.missingIssuer.empty()) {
        output.line(QStringLiteral("%1%2 (missing)").arg(indent, textOf(report.missingIssuer)));
    }
}

void print(Output &output, const crypto::ChainReport &report) {
    printTree(output, report);
    output.line();
    if (report.faults.empty()) {
        output.line(QStringLiteral("Nothing is wrong with it."));
    }
    int number = 0;
    for (const auto &fault : report.faults) {
        output.line(QStringLiteral("%1. %2").arg(++number).arg(wording::text(fault)));
        output.line(QStringLiteral("   What to do: %1").arg(wording::mendText(fault)));
    }
    output.line();
}

class CertsDoctorCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb(
            "doctor", "What is wrong with a certificate and its chain, and what mends it");
        m_verb
            .option("which", m_which,
                    "An address, a file with certificates, or a fingerprint of one that is "
                    "known")
            .required()
            .typeName("ADDRESS-OR-FILE-OR-FINGERPRINT");
        m_verb
            .option("--address", m_address,
                    "The address that the certificate of a file or fingerprint is for")
            .typeName("ADDRESS");
        m_verb.flag("--mend", m_mend,
                    "Fetch missing issuers from where the chain names (nothing is trusted)");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto store = (*runtime)->certificates();
        if (!store) {
            return output.fail(store.error());
        }
        const auto what = asked();
        if (!what) {
            return output.fail(what.error());
        }
        auto reports = (*store)->examine(*what, Deadline::after(kTime), context.stop);
        if (reports && m_mend && what->file.empty() && mend(**store, *reports, context)) {
            reports = (*store)->examine(*what, Deadline::after(kTime), context.stop);
        }
        if (!reports) {
            auto error = reports.error();
            if (error.subject.empty()) {
                error.subject = m_which;
            }
            return output.fail(error);
        }
        bool faulty = false;
        for (const auto &report : *reports) {
            faulty = faulty || !report.faults.empty();
            if (output.json()) {
                output.object(toJson(report));
            } else {
                print(output, report);
            }
        }
        return faulty ? ExitCode::Permanent : ExitCode::Done;
    }

private:
    [[nodiscard]] Result<crypto::CertificateStore::Examined> asked() const {
        crypto::CertificateStore::Examined what;
        const auto path = toPath(m_which);
        std::error_code error;
        if (std::filesystem::is_regular_file(path, error)) {
            auto file = readGivenFile(path, kFileLimit);
            if (!file) {
                return tl::unexpected(file.error());
            }
            what.file = std::move(*file);
        }
        const auto address =
            what.file.empty() && m_which.find('@') != std::string::npos ? m_which : m_address;
        if (!address.empty()) {
            const auto parsed = mail::Address::parse(address);
            if (!parsed) {
                return tl::unexpected(parsed.error());
            }
            what.address = parsed->spec();
        }
        if (what.file.empty() && address != m_which) {
            what.fingerprint = base::asciiLower(m_which);
        }
        return what;
    }

    static bool mend(crypto::CertificateStore &store,
                     const std::vector<crypto::ChainReport> &reports, Context &context) {
        bool fetched = false;
        for (const auto &report : reports) {
            if (report.missingIssuer.empty() || report.links.empty()) {
                continue;
            }
            const auto count = store.fetchIssuers(report.links.front().info.fingerprint,
                                                  Deadline::after(kTime), context.stop);
            fetched = fetched || (count && *count > 0);
        }
        return fetched;
    }

    std::string m_which;
    std::string m_address;
    bool m_mend = false;
};

} // namespace

std::unique_ptr<Command> makeCertsDoctorCommand() {
    return std::make_unique<CertsDoctorCommand>();
}

} // namespace sealpost::cli
