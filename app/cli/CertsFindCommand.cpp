// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CertificateSources.h"
#include "assurance/SmimeaLookup.h"
#include "base/Text.h"
#include "cli/CertsVerbs.h"
#include "cli/Text.h"
#include "crypto/SealedBox.h"
#include "wording/ChainText.h"
#include "wording/Wording.h"

#include <QJsonArray>
#include <algorithm>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr std::chrono::minutes kTime{1};

QString textOf(const std::string &value) {
    return QString::fromStdString(value);
}

//! A certificate for the address, and where it was found.
struct Candidate {
    const char *source = "key-ring"; //!< or "smimea", "directory", "bundle"
    crypto::ChainReport report;
    std::string bytes;      //!< of one that is not in the key ring
    std::string place = {}; //!< the directory or bundle that it is from
    bool confirmed = false; //!< an SMIMEA record names it, or an authority above it
    bool imported = false;
    [[nodiscard]] const crypto::CertificateInfo &info() const { return report.links.front().info; }
};

//! Whether a record names this certificate or one above it, by the whole certificate or its
//! SHA-256; a record of a public key alone is not compared.
bool names(const crypto::TlsaRecord &record, const crypto::ChainReport &report) {
    constexpr std::uint8_t kPkixEnd = 1;
    constexpr std::uint8_t kDaneEnd = 3;
    if (record.selector != 0 || record.matchingType > 1) {
        return false;
    }
    const auto digest =
        base::toHex(record.matchingType == 0 ? crypto::sha256(record.data) : record.data);
    const bool end = record.usage == kPkixEnd || record.usage == kDaneEnd;
    const auto first = report.links.begin() + (end ? 0 : 1);
    const auto last = end ? report.links.begin() + 1 : report.links.end();
    return std::any_of(first, last, [&](const crypto::ChainLink &link) {
        return link.info.fingerprint == digest;
    });
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
        const auto store = (*runtime)->certificates();
        if (!store) {
            return output.fail(store.error());
        }
        const auto resolver = (*runtime)->resolver();
        if (!resolver) {
            return output.fail(resolver.error());
        }
        const auto dns =
            assurance::lookupSmimea(**resolver, *address, Deadline::after(kTime), context.stop);
        std::vector<Candidate> candidates;
        const auto sources = (*runtime)->certificateSources();
        if (!sources) {
            return output.fail(sources.error());
        }
        const auto found =
            assurance::findCertificates(*sources, *address, Deadline::after(kTime), context.stop);
        if (auto failed = collect(**store, *address, dns, found, candidates, context)) {
            return output.fail(*failed);
        }
        std::stable_sort(candidates.begin(), candidates.end(),
                         [](const Candidate &a, const Candidate &b) {
                             return a.report.faults.size() < b.report.faults.size();
                         });
        for (const auto &candidate : candidates) {
            report(output, candidate);
        }
        reportTroubles(output, found.troubles);
        reportDns(output, dns);
        const bool usable =
            std::any_of(candidates.begin(), candidates.end(),
                        [](const Candidate &candidate) { return candidate.report.faults.empty(); });
        if (!usable && !output.json()) {
            output.line(QStringLiteral("Nothing usable was found. Ask %1 for a signed message: its "
                                       "certificate comes with it.")
                            .arg(textOf(address->spec())));
        }
        return usable ? ExitCode::Done : ExitCode::Permanent;
    }

private:
    std::optional<Error> collect(crypto::CertificateStore &store, const mail::Address &address,
                                 const assurance::SmimeaAnswer &dns,
                                 const assurance::FoundCertificates &found,
                                 std::vector<Candidate> &candidates, Context &context) const {
        auto known = store.examine({address.spec(), {}, {}}, Deadline::after(kTime), context.stop);
        if (!known && known.error().code != "certificate.not-found") {
            return known.error();
        }
        for (auto &one : known ? *known : std::vector<crypto::ChainReport>()) {
            candidates.push_back({"key-ring", std::move(one), {}});
        }
        for (const auto &der : assurance::certificatesIn(dns.records)) {
            examine(store, address, {"smimea", {}, der}, candidates, context);
        }
        for (const auto &one : found.found) {
            const auto *source =
                one.kind == assurance::SourceKind::Directory ? "directory" : "bundle";
            examine(store, address, {source, {}, one.certificate.pem, one.place}, candidates,
                    context);
        }
        for (auto &candidate : candidates) {
            candidate.confirmed =
                std::any_of(dns.records.begin(), dns.records.end(),
                            [&](const auto &record) { return names(record, candidate.report); });
            if (m_import && !candidate.bytes.empty() && candidate.report.faults.empty()) {
                const auto done = store.importCertificates(candidate.bytes, Deadline::after(kTime));
                if (!done) {
                    return done.error();
                }
                candidate.imported = true;
            }
        }
        return std::nullopt;
    }

    //! Judges what was found outside the key ring; what is there already is not named twice.
    static void examine(crypto::CertificateStore &store, const mail::Address &address,
                        Candidate candidate, std::vector<Candidate> &candidates, Context &context) {
        auto found = store.examine({address.spec(), candidate.bytes, {}}, Deadline::after(kTime),
                                   context.stop);
        if (found && !found->empty() && !found->front().links.empty() &&
            !found->front().links.front().authority && !has(candidates, found->front())) {
            candidate.report = std::move(found->front());
            candidates.push_back(std::move(candidate));
        }
    }

    static bool has(const std::vector<Candidate> &candidates, const crypto::ChainReport &report) {
        return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate &candidate) {
            return candidate.info().fingerprint == report.links.front().info.fingerprint;
        });
    }

    static QString whereText(const Candidate &candidate) {
        if (!candidate.place.empty()) {
            return textOf(candidate.place);
        }
        return candidate.bytes.empty() ? QStringLiteral("key ring")
                                       : QStringLiteral("DNS, proven by DNSSEC");
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

    static void report(Output &output, const Candidate &candidate) {
        if (output.json()) {
            QJsonArray faults;
            for (const auto &fault : candidate.report.faults) {
                faults.append(textOf(fault.id));
            }
            output.object(
                {{QStringLiteral("source"), QLatin1String(candidate.source)},
                 {QStringLiteral("place"), textOf(candidate.place)},
                 {QStringLiteral("fingerprint"), textOf(candidate.info().fingerprint)},
                 {QStringLiteral("not_after"), textOf(base::toIso8601(candidate.info().notAfter))},
                 {QStringLiteral("confirmed_by_dns"), candidate.confirmed},
                 {QStringLiteral("faults"), faults},
                 {QStringLiteral("imported"), candidate.imported}});
            return;
        }
        output.line(QStringLiteral("%1 (%2)%3")
                        .arg(textOf(candidate.info().subject), whereText(candidate),
                             candidate.confirmed ? QStringLiteral(", named in DNS") : QString()));
        output.line(QStringLiteral("  SHA-256 %1").arg(textOf(candidate.info().fingerprint)));
        for (const auto &fault : candidate.report.faults) {
            output.line(
                QStringLiteral("  - %1 %2").arg(wording::text(fault), wording::mendText(fault)));
        }
        if (candidate.imported) {
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
