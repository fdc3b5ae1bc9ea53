// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainReportJson.h"
#include "base/Text.h"
#include "cli/Command.h"
#include "cli/Text.h"
#include "mail/Address.h"
#include "wording/Wording.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <set>
#include <thread>

namespace sealpost::cli {

namespace {

constexpr int kDefaultJobs = 8;
constexpr int kMostJobs = 64;
constexpr std::chrono::minutes kDomainTime{2};
constexpr ByteCount kInputLimit = 64 * base::kMiB;

//! A domain as typed, or that of an address, as an A-label.
Result<std::string> domainOf(const std::string &text) {
    if (text.find('@') == std::string::npos) {
        return mail::toALabelDomain(text);
    }
    const auto address = mail::Address::parse(text);
    if (!address) {
        return tl::unexpected(address.error());
    }
    return address->domain();
}

ExitCode exitCodeOf(const assurance::DomainReport &report) {
    switch (report.assurance) {
    case Assurance::Enforced:
    case Assurance::Published:
    case Assurance::Verified:
    case Assurance::Registered:
        return ExitCode::Done;
    case Assurance::Weak:
    case Assurance::None:
    case Assurance::Violated:
    case Assurance::Undeliverable:
        return ExitCode::Refused;
    case Assurance::Unknown:
        // A forged answer does not mend itself; what was out of reach may be there next time.
        return report.dnssec == Evidence::Bogus ? ExitCode::Refused : ExitCode::Temporary;
    }
    return ExitCode::Internal;
}

class CheckCommand final : public SingleCommand {
public:
    void define(CLI::App &parent) override {
        m_app = parent.add_subcommand("check", "How recipient domains protect mail");
        m_app->fallthrough();
        m_app->add_option("what", m_given, "Domains or addresses")->type_name("DOMAIN-OR-ADDRESS");
        m_app->add_option("--input", m_input, "Read more of them, one a line; - standard input")
            ->type_name("FILE");
        m_app->add_option("--jobs", m_jobs, "How many at once")
            ->check(CLI::Range(1, kMostJobs))
            ->type_name("N");
        m_app->add_flag("--fresh", m_fresh, "Ask again, whatever is remembered");
    }

    ExitCode run(Context &context) override {
        if (const auto code = collect(context); code != ExitCode::Done) {
            return code;
        }
        if (m_domains.empty() && !m_badLines) {
            return context.output.usage(
                QStringLiteral("Name at least one domain or address to check."));
        }
        const auto runtime = context.runtime();
        if (!runtime) {
            return context.output.fail(runtime.error());
        }
        const auto assessor = (*runtime)->assessor();
        if (!assessor) {
            return context.output.fail(assessor.error());
        }
        assessAll(context, **assessor);
        if (m_badLines) {
            return ExitCode::Usage;
        }
        return verdict();
    }

private:
    void add(std::string domain) {
        if (m_seen.insert(domain).second) {
            m_domains.push_back(std::move(domain));
        }
    }

    //! A malformed argument ends the command; a malformed line of a list is reported and passed
    //! over, so that a long list is not checked for nothing.
    ExitCode collect(Context &context) {
        for (const auto &text : m_given) {
            auto domain = domainOf(text);
            if (!domain) {
                return context.output.fail(domain.error());
            }
            add(std::move(*domain));
        }
        if (m_input.empty()) {
            return ExitCode::Done;
        }
        std::ifstream file;
        if (m_input != "-") {
            file.open(toPath(m_input), std::ios::binary);
        }
        const auto bytes = m_input == "-" ? readAll(context.in, kInputLimit)
                           : file         ? readAll(file, kInputLimit)
                                          : std::nullopt;
        if (!bytes || (m_input != "-" && !file.eof())) {
            return context.output.badInput(
                QStringLiteral("input.unreadable"),
                QStringLiteral("%1 can't be read.").arg(toQString(m_input)),
                QStringLiteral("Check that the file exists and that you may read it."));
        }
        int number = 0;
        for (const auto &line : base::split(*bytes, '\n')) {
            ++number;
            const auto text = base::trimmed(line);
            if (text.empty() || text.starts_with('#')) {
                continue;
            }
            auto domain = domainOf(std::string(text));
            if (domain) {
                add(std::move(*domain));
                continue;
            }
            context.output.notice(QStringLiteral("Line %1:").arg(number));
            (void)context.output.fail(domain.error());
            m_badLines = true;
        }
        return ExitCode::Done;
    }

    void assessAll(Context &context, assurance::ReportSource &assessor) {
        std::atomic<std::size_t> next = 0;
        const auto freshness =
            m_fresh ? assurance::Freshness::FreshOnce : assurance::Freshness::Cached;
        const auto work = [&] {
            for (auto index = next++; index < m_domains.size(); index = next++) {
                if (context.stop.stop_requested()) {
                    m_worst[static_cast<std::size_t>(ExitCode::Temporary)] = true;
                    return;
                }
                const auto report = assessor.assess(m_domains[index], freshness,
                                                    Deadline::after(kDomainTime), context.stop);
                m_worst[static_cast<std::size_t>(exitCodeOf(report))] = true;
                print(context.output, report);
            }
        };
        std::vector<std::jthread> workers;
        const auto count = std::min(static_cast<std::size_t>(m_jobs), m_domains.size());
        for (std::size_t worker = 1; worker < count; ++worker) {
            workers.emplace_back(work);
        }
        work();
    }

    static void print(Output &output, const assurance::DomainReport &report) {
        if (output.json()) {
            output.object(assurance::toJson(report));
            return;
        }
        auto text = QStringLiteral("%1  %2\n  %3")
                        .arg(toQString(mail::toULabelDomain(report.domain)),
                             wording::assuranceWord(report.assurance), wording::summary(report));
        if (output.verbose()) {
            for (const auto &line : wording::evidence(report)) {
                text += QStringLiteral("\n  - ") + line.sentence;
                if (!line.technical.isEmpty()) {
                    text += QStringLiteral("\n      ") + line.technical;
                }
            }
        }
        output.line(text); // one call, so that reports of several threads don't mix
    }

    //! Insufficient weighs more than unknown: it won't change by asking again.
    [[nodiscard]] ExitCode verdict() const {
        for (const auto code : {ExitCode::Refused, ExitCode::Temporary}) {
            if (m_worst[static_cast<std::size_t>(code)]) {
                return code;
            }
        }
        return ExitCode::Done;
    }

    std::vector<std::string> m_given;
    std::string m_input;
    int m_jobs = kDefaultJobs;
    bool m_fresh = false;
    bool m_badLines = false;
    std::set<std::string> m_seen;
    std::vector<std::string> m_domains;
    std::array<std::atomic<bool>, 8> m_worst{};
};

} // namespace

std::unique_ptr<Command> makeCheckCommand() {
    return std::make_unique<CheckCommand>();
}

} // namespace sealpost::cli
