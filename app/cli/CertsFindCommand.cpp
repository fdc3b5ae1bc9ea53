// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/CertsVerbs.h"
#include "cli/Text.h"
#include "runtime/CertificateSearch.h"
#include "wording/ChainText.h"
#include "wording/ChoiceText.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <algorithm>
#include <chrono>
#include <set>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{1};

QString textOf(const std::string &value) {
    return QString::fromStdString(value);
}

class CertsFindCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb(
            "find",
            "Find a certificate for an address: in the key ring, in DNS (SMIMEA), and where policy "
            "says");
        m_verb.option("address", m_address, "Whose certificate").required().typeName("ADDRESS");
        m_verb.flag("--import", m_import,
                    "Import what was found elsewhere and has nothing wrong with it (nothing is "
                    "trusted)");
    }

    ExitCode run(Context &context) override {
        auto &output = context.output;
        const auto address = mail::Address::parse(m_address);
        if (!address) {
            return output.fail(address.error());
        }
        const auto runtime = context.runtime();
        if (!runtime) {
            return output.fail(runtime.error());
        }
        const auto search =
            runtime::searchCertificates(**runtime, *address, Deadline::after(kTime), context.stop);
        if (!search) {
            return output.fail(search.error());
        }
        const auto imported =
            m_import ? import(**runtime, search->candidates) : Result<Fingerprints>();
        if (!imported) {
            return output.fail(imported.error());
        }
        for (const auto &candidate : search->candidates) {
            report(output, *search, candidate, imported->contains(candidate.info().fingerprint));
        }
        reportTroubles(output, search->troubles);
        reportDns(output, search->dns);
        const bool usable =
            std::ranges::any_of(search->candidates, &runtime::FoundCandidate::faultless);
        if (!usable && !output.json()) {
            output.line(QStringLiteral("Nothing usable was found. Ask %1 for a signed message: its "
                                       "certificate comes with it.")
                            .arg(textOf(address->spec())));
        }
        return usable ? ExitCode::Done : ExitCode::Permanent;
    }

private:
    using Fingerprints = std::set<std::string>;

    //! What was found elsewhere and has nothing wrong with it.
    static Result<Fingerprints> import(runtime::Runtime &runtime,
                                       const std::vector<runtime::FoundCandidate> &candidates) {
        const auto store = runtime.certificates();
        Fingerprints imported;
        for (const auto &candidate : candidates) {
            if (candidate.kept() || !candidate.faultless()) {
                continue;
            }
            const auto done =
                store ? (*store)->importCertificates(candidate.bytes, Deadline::after(kTime))
                      : fail(store.error());
            if (!done) {
                return fail(done.error());
            }
            imported.insert(candidate.info().fingerprint);
        }
        return imported;
    }

    static void reportTroubles(Output &output,
                               const std::vector<assurance::SourceTrouble> &troubles) {
        for (const auto &trouble : troubles) {
            const auto text = wording::text(trouble.error);
            if (output.json()) {
                output.object({{QStringLiteral("trouble"),
                                QJsonObject{{QStringLiteral("place"), textOf(trouble.place)},
                                            {QStringLiteral("code"), text.code},
                                            {QStringLiteral("text"), text.what}}}});
            } else {
                output.line(QStringLiteral("%1 %2 (%3)").arg(text.what, text.next, text.code));
            }
        }
    }

    static void report(Output &output, const runtime::CertificateSearch &search,
                       const runtime::FoundCandidate &candidate, bool imported) {
        const auto &info = candidate.info();
        const bool counts = info.fingerprint == search.counts;
        if (output.json()) {
            QJsonArray faults;
            for (const auto &fault : candidate.report.faults) {
                faults.append(textOf(fault.id));
            }
            output.object({{QStringLiteral("source"), toQString(toString(candidate.source))},
                           {QStringLiteral("place"), textOf(candidate.place)},
                           {QStringLiteral("fingerprint"), textOf(info.fingerprint)},
                           {QStringLiteral("not_after"), textOf(base::toIso8601(info.notAfter))},
                           {QStringLiteral("confirmed_by_dns"), candidate.confirmed},
                           {QStringLiteral("counts"), counts},
                           {QStringLiteral("faults"), faults},
                           {QStringLiteral("imported"), imported}});
            return;
        }
        output.line(QStringLiteral("%1 (%2)%3")
                        .arg(textOf(info.subject),
                             wording::placeText(candidate.source, candidate.place),
                             candidate.confirmed ? QStringLiteral(", named in DNS") : QString()));
        output.line(QStringLiteral("  SHA-256 %1").arg(textOf(info.fingerprint)));
        if (counts) {
            output.line(QStringLiteral("  ") + wording::standingText(info, search.why));
        }
        for (const auto &fault : candidate.report.faults) {
            output.line(
                QStringLiteral("  - %1 %2").arg(wording::text(fault), wording::mendText(fault)));
        }
        if (imported) {
            output.line(QStringLiteral("  Imported."));
        }
    }

    static void reportDns(Output &output, const assurance::SmimeaAnswer &dns) {
        if (output.json()) {
            output.object(
                {{QStringLiteral("smimea"),
                  QJsonObject{{QStringLiteral("name"), textOf(dns.name)},
                              {QStringLiteral("outcome"), toQString(base::toString(dns.evidence))},
                              {QStringLiteral("records"), static_cast<int>(dns.records.size())},
                              {QStringLiteral("detail"), textOf(dns.detail)}}}});
            return;
        }
        if (dns.evidence != Evidence::Proven && dns.evidence != Evidence::ProvenAbsent) {
            output.line(QStringLiteral("DNS (SMIMEA) gave no answer that is proven: %1")
                            .arg(textOf(dns.detail)));
        }
    }

    std::string m_address;
    bool m_import = false;
};

} // namespace

std::unique_ptr<Command> makeCertsFindCommand() {
    return std::make_unique<CertsFindCommand>();
}

} // namespace sealpost::cli
