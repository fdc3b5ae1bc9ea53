// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/DoctorChecks.h"

#include "cli/Text.h"
#include "crypto/Renewal.h"
#include "crypto/TlsEngine.h"
#include "wording/Wording.h"

#include <QProcess>
#include <QStandardPaths>
#include <algorithm>
#include <chrono>

namespace sealpost::cli {

namespace {

constexpr int kToolTime = 10'000; // ms
constexpr std::chrono::seconds kDnsTime{15};
constexpr std::chrono::minutes kCertificateTime{1};
constexpr std::chrono::seconds kForwardingTime{30};
// No copy of this program is older: a clock before this day is wrong.
constexpr Time kEarliest{std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}};

HealthLine ok(const char *what, const QString &text) {
    return {QLatin1String(what), Health::Ok, text, {}};
}

//! Without the error's subject, which may name a person.
HealthLine trouble(const char *what, const Error &error, Health state = Health::Fault) {
    auto redacted = error;
    redacted.subject.clear();
    const auto words = wording::text(redacted);
    return {QLatin1String(what), state, QStringLiteral("%1 [%2]").arg(words.what, words.code),
            words.next};
}

HealthLine checkTool(const char *name) {
    const auto path = QStandardPaths::findExecutable(QLatin1String(name));
    if (path.isEmpty()) {
        return {QLatin1String(name), Health::Fault, QStringLiteral("not found"),
                QStringLiteral("Install GnuPG: gpgsm, gpg-agent and dirmngr.")};
    }
    QProcess process;
    process.start(path, {QStringLiteral("--version")}, QIODevice::ReadOnly);
    if (!process.waitForFinished(kToolTime) || process.exitCode() != 0) {
        process.kill();
        process.waitForFinished(kToolTime);
        return {QLatin1String(name), Health::Fault, QStringLiteral("does not run"),
                QStringLiteral("Install GnuPG again.")};
    }
    return ok(name, QString::fromUtf8(process.readLine()).trimmed());
}

HealthLine checkClock(const Clock &clock) {
    if (clock.now() < kEarliest) {
        return {QStringLiteral("clock"), Health::Fault,
                QStringLiteral("this computer's clock is wrong: ") + wording::timeText(clock.now()),
                QStringLiteral("Set date and time: certificates are judged by them.")};
    }
    return ok("clock", wording::timeText(clock.now()));
}

HealthLine checkKeychain(crypto::Keychain &keychain) {
    const auto answer = keychain.read("doctor");
    return answer ? ok("keychain", QStringLiteral("answers")) : trouble("keychain", answer.error());
}

HealthLine checkPolicy(runtime::Runtime &runtime) {
    const auto effective = runtime.effectivePolicy();
    if (!effective) {
        auto line = trouble("policy", effective.error());
        // "file:line:column key" names no person, and is what has to be mended.
        line.text += QLatin1Char(' ') + toQString(effective.error().subject);
        return line;
    }
    if (!effective->refused.empty()) {
        return {QStringLiteral("policy"), Health::Warning,
                QStringLiteral("values that a lock kept out: %1").arg(effective->refused.size()),
                QStringLiteral("See policy show.")};
    }
    const auto ended = policy::endedExceptions(effective->policy, runtime.clock()->now());
    if (!ended.empty()) {
        return {QStringLiteral("policy"), Health::Warning, wording::endedText(ended.front()),
                QStringLiteral("Renew it, or take it out of the policy: see policy show.")};
    }
    return ok("policy", QStringLiteral("valid; values: %1").arg(effective->origins.size()));
}

//! The organisation's bundle of rules, where one is named.
std::optional<HealthLine> checkBundle(runtime::Runtime &runtime) {
    const auto reading = runtime.policyReading(runtime::Asking::WhenDue);
    const auto found =
        std::find_if(reading.sources.begin(), reading.sources.end(), [](const auto &source) {
            return source.layer == policy::LayerKind::Organisation && source.used;
        });
    if (found == reading.sources.end()) {
        return std::nullopt;
    }
    if (!found->bundle) {
        return found->trouble ? std::optional(trouble("policy-bundle", *found->trouble))
                              : std::nullopt;
    }
    if (found->trouble) {
        // With its subject: the place of an organisation's rules names no person.
        const auto words = wording::text(*found->trouble);
        return HealthLine{
            QStringLiteral("policy-bundle"), Health::Warning,
            QStringLiteral("version %1 stays in force; no newer one: %2 [%3]")
                .arg(QString::number(found->bundle->header.version), words.what, words.code),
            words.next};
    }
    if (found->bundle->clockSetBack) {
        return HealthLine{QStringLiteral("policy-bundle"), Health::Warning,
                          QStringLiteral("this computer's clock was set back"),
                          QStringLiteral("Set date and time.")};
    }
    return ok("policy-bundle", QStringLiteral("version %1, until %2")
                                   .arg(QString::number(found->bundle->header.version),
                                        wording::timeText(found->bundle->header.expires)));
}

HealthLine checkDns(runtime::Runtime &runtime, const std::stop_token &stop) {
    const auto resolver = runtime.resolver();
    if (!resolver) {
        return trouble("dns", resolver.error());
    }
    // The root is signed, and asking for it tells nobody anything.
    const auto answer = (*resolver)->query(".", net::DnsType::A, Deadline::after(kDnsTime), stop);
    if (answer.outcome == net::DnsOutcome::TempFailure) {
        return {QStringLiteral("dns"), Health::Fault, QStringLiteral("no name server answers"),
                QStringLiteral("Check the network connection.")};
    }
    if (answer.security != net::DnsSecurity::Secure) {
        return {QStringLiteral("dns"), Health::Warning,
                QStringLiteral("answers, but not with DNSSEC: %1").arg(toQString(answer.detail)),
                QStringLiteral("Ask your network's administrator to let DNSSEC through.")};
    }
    return ok("dns", QStringLiteral("answers, with DNSSEC"));
}

HealthLine checkTlsRoots(const runtime::RuntimeOptions &options) {
    crypto::TlsClientConfig config;
    config.host = "localhost";
    if (!options.caFile.empty()) {
        config.caFile = options.caFile;
    }
    const auto engine = crypto::TlsEngine::client(config);
    if (!engine) {
        return trouble("tls-roots", engine.error());
    }
    return ok("tls-roots", options.caFile.empty() ? QStringLiteral("the system's")
                                                  : QStringLiteral("of SEALPOST_CA_FILE"));
}

HealthLine checkScanner(runtime::Runtime &runtime) {
    const auto scanner = runtime.scanner();
    return scanner ? ok("scanner", QStringLiteral("rules and processor are in order"))
                   : trouble("scanner", scanner.error());
}

HealthLine checkAccounts(const std::vector<mail::Account> &accounts) {
    if (accounts.empty()) {
        return {QStringLiteral("accounts"), Health::Warning, QStringLiteral("none yet"),
                QStringLiteral("Add one: sealpost-cli account add")};
    }
    return ok("accounts", QString::number(accounts.size()));
}

HealthLine judge(const std::vector<crypto::CertificateInfo> &found, Time now,
                 std::chrono::days reminder) {
    if (found.empty()) {
        return {QStringLiteral("own-certificate"), Health::Warning,
                QStringLiteral("an account's address has none"),
                QStringLiteral("Import your PKCS#12 file: sealpost-cli certs import FILE")};
    }
    const auto &best = found.front();
    const auto text = wording::text(best);
    switch (best.state) {
    case crypto::CertificateState::Usable:
        return crypto::renewalsDue(found, now, reminder).empty()
                   ? ok("own-certificate", text)
                   : HealthLine{QStringLiteral("own-certificate"), Health::Warning, text,
                                QStringLiteral("Ask your administrator for a new one in time, and "
                                               "keep the old one for old mail.")};
    case crypto::CertificateState::Expiring:
    case crypto::CertificateState::RevocationUnknown:
        return {QStringLiteral("own-certificate"), Health::Warning, text,
                QStringLiteral("Ask your administrator for a new one in time.")};
    case crypto::CertificateState::None:
    case crypto::CertificateState::Expired:
    case crypto::CertificateState::NotYetValid:
    case crypto::CertificateState::Revoked:
    case crypto::CertificateState::Untrusted:
    case crypto::CertificateState::WrongUsage:
    case crypto::CertificateState::WrongAddress:
    case crypto::CertificateState::WeakKey:
        return {QStringLiteral("own-certificate"), Health::Fault, text,
                QStringLiteral("Import a certificate that is valid, with its authority's root.")};
    }
    return {};
}

void checkOwnCertificates(std::vector<HealthLine> &lines, runtime::Runtime &runtime,
                          const std::vector<mail::Account> &accounts, const std::stop_token &stop) {
    const auto store = runtime.certificates();
    if (!store) {
        lines.push_back(trouble("key-ring", store.error()));
        return;
    }
    lines.push_back(ok("key-ring", QStringLiteral("opens")));
    const auto effective = runtime.effectivePolicy();
    const auto reminder = effective ? effective->policy.certificates.renewalReminder
                                    : policy::CertificatePolicy().renewalReminder;
    for (const auto &account : accounts) {
        const auto found =
            (*store)->findForAddress(account.address.spec(), crypto::CertificatePurpose::Sign,
                                     Deadline::after(kCertificateTime), stop);
        lines.push_back(found ? judge(*found, runtime.clock()->now(), reminder)
                              : trouble("own-certificate", found.error()));
    }
}

//! The mailbox's rules that send mail on, where an account names the server that has them.
void checkForwarding(std::vector<HealthLine> &lines, runtime::Runtime &runtime,
                     const std::vector<mail::Account> &accounts, const std::stop_token &stop) {
    for (const auto &account : accounts) {
        if (account.sieveServer.empty()) {
            continue;
        }
        const auto report =
            runtime.forwardingReport(account, Deadline::after(kForwardingTime), stop);
        if (!report) {
            lines.push_back(trouble("forwarding", report.error(), Health::Warning));
            continue;
        }
        const auto wrong = std::count_if(
            report->rules.begin(), report->rules.end(), [](const runtime::ForwardingRule &rule) {
                return rule.problem != runtime::ForwardingProblem::None;
            });
        if (wrong == 0) {
            lines.push_back(ok("forwarding", QStringLiteral("no rule sends mail outside")));
            continue;
        }
        lines.push_back(
            {QStringLiteral("forwarding"), Health::Fault,
             QStringLiteral("rules of a mailbox that send mail outside, or can't be judged: %1")
                 .arg(wrong),
             QStringLiteral("See which: sealpost-cli account forwarding-check")});
    }
}

} // namespace

std::vector<HealthLine> examine(Context &context) {
    std::vector<HealthLine> lines;
    for (const auto *tool : {"gpgsm", "gpg-agent", "dirmngr", "gpgconf"}) {
        lines.push_back(checkTool(tool));
    }
    const auto opened = context.runtime();
    if (!opened) {
        lines.push_back(trouble("profile", opened.error()));
        return lines;
    }
    auto &runtime = **opened;
    lines.push_back(ok("profile", QStringLiteral("can be written")));
    lines.push_back(checkClock(*runtime.clock()));
    lines.push_back(checkKeychain(*runtime.keychain()));
    lines.push_back(checkPolicy(runtime));
    if (auto bundle = checkBundle(runtime)) {
        lines.push_back(std::move(*bundle));
    }
    lines.push_back(checkScanner(runtime));
    lines.push_back(checkDns(runtime, context.stop));
    lines.push_back(checkTlsRoots(context.options));
    std::vector<mail::Account> known;
    const auto accounts = runtime.accounts();
    if (!accounts) {
        lines.push_back(trouble("database", accounts.error()));
    } else {
        lines.push_back(ok("database", QStringLiteral("opens")));
        const auto list = (*accounts)->list();
        known = list.value_or(std::vector<mail::Account>());
        lines.push_back(list ? checkAccounts(known) : trouble("accounts", list.error()));
    }
    checkOwnCertificates(lines, runtime, known, context.stop);
    checkForwarding(lines, runtime, known, context.stop);
    return lines;
}

} // namespace sealpost::cli
