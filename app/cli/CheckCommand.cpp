// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/DomainReportJson.h"
#include "cli/CheckList.h"
#include "cli/Command.h"
#include "cli/HtmlReport.h"
#include "cli/Text.h"
#include "mail/Address.h"
#include "wording/DomainText.h"
#include "wording/Wording.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

namespace sealpost::cli {

namespace {

constexpr int kDefaultJobs = 8;
constexpr int kMostJobs = 64;
constexpr std::chrono::minutes kDomainTime{2};

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
        return report.dnssec == Evidence::Bogus || report.dane == Evidence::Bogus
                   ? ExitCode::Refused
                   : ExitCode::Temporary;
    }
    return ExitCode::Internal;
}

class CheckCommand final : public SingleCommand {
public:
    void define(const Verb &parent) override {
        m_verb = parent.addVerb("check", "How recipient domains protect mail");
        m_verb.option("what", m_given, "Domains or addresses").typeName("DOMAIN-OR-ADDRESS");
        m_verb.option("--input", m_input, "Read more of them, one a line; - standard input")
            .typeName("FILE");
        m_verb.option("--report", m_report, "Write an HTML report as well").typeName("FILE");
        m_verb.option("--jobs", m_jobs, "How many at once").between(1, kMostJobs).typeName("N");
        m_verb.flag("--fresh", m_fresh, "Ask again, whatever is remembered");
    }

    ExitCode run(Context &context) override {
        std::vector<CheckItem> named;
        for (const auto &text : m_given) {
            // A malformed argument ends the command; a malformed line of a list does not, so that
            // a long list is not checked for nothing.
            auto item = checkItemFrom(text);
            if (!item) {
                return context.output.fail(item.error());
            }
            named.push_back(std::move(*item));
        }
        if (named.empty() && m_input.empty()) {
            return context.output.usage(
                QStringLiteral("Name at least one domain or address to check."));
        }
        std::ifstream file;
        if (!m_input.empty() && m_input != "-") {
            file.open(toPath(m_input), std::ios::binary);
            if (!file || file.peek() == std::ifstream::traits_type::eof()) {
                std::error_code error;
                const auto size = std::filesystem::file_size(toPath(m_input), error);
                if (error || size != 0) {
                    return context.output.badInput(
                        QStringLiteral("input.unreadable"),
                        QStringLiteral("%1 can't be read.").arg(toQString(m_input)),
                        QStringLiteral("Check that the file exists and that you may read it."));
                }
            }
        }
        auto *list = m_input.empty() ? nullptr : m_input == "-" ? &context.in : &file;
        std::vector<std::string> first;
        first.reserve(named.size());
        for (const auto &item : named) {
            first.push_back(item.domain);
        }
        CheckSource source(std::move(named), list,
                           [&](const BadLine &bad) { tellBadLine(context.output, bad); });
        return checkAll(context, source, first);
    }

private:
    static void tellBadLine(Output &output, const BadLine &bad) {
        output.notice(QStringLiteral("Line %1:").arg(bad.number));
        (void)output.fail(bad.error, bad.number);
    }

    ExitCode checkAll(Context &context, CheckSource &source,
                      const std::vector<std::string> &first) {
        context.options.probesAtOnce =
            std::max(context.options.probesAtOnce, static_cast<std::size_t>(m_jobs));
        const auto runtime = context.runtime();
        if (!runtime) {
            return context.output.fail(runtime.error());
        }
        const auto assessor = (*runtime)->assessor(first);
        if (!assessor) {
            return context.output.fail(assessor.error());
        }
        if (const auto directory = (*runtime)->cjsmDirectory()) {
            m_directory = *directory;
        }
        assessAll(context, source, **assessor);
        context.output.endProgress();
        const bool complete = !context.stop.stop_requested();
        if (!m_input.empty()) {
            summarise(context.output, source, complete);
        }
        if (!m_report.empty()) {
            const auto written =
                m_html.write(m_report, m_counts, (*runtime)->clock()->now(), complete);
            if (!written) {
                return context.output.fail(written.error());
            }
        }
        return source.badLines() > 0 ? ExitCode::Usage : verdict();
    }

    void assessAll(Context &context, CheckSource &source, assurance::ReportSource &assessor) {
        const auto freshness =
            m_fresh ? assurance::Freshness::FreshOnce : assurance::Freshness::Cached;
        const auto work = [&] {
            while (!context.stop.stop_requested()) {
                const auto item = source.next();
                if (!item) {
                    return;
                }
                auto report = assessor.assess(item->domain, freshness, Deadline::after(kDomainTime),
                                              context.stop);
                if (context.stop.stop_requested()) {
                    break; // what was cut short says nothing
                }
                settle(context.output, *item, report);
            }
            setWorst(ExitCode::Temporary);
        };
        std::vector<std::jthread> workers;
        // A few names need no more threads than there are names.
        const auto most = m_input.empty() ? m_given.size() : static_cast<std::size_t>(m_jobs);
        for (std::size_t i = 1; i < std::min(most, static_cast<std::size_t>(m_jobs)); ++i) {
            workers.emplace_back(work);
        }
        work();
    }

    void settle(Output &output, const CheckItem &item, assurance::DomainReport &report) {
        if (m_directory && item.address) {
            m_directory->complete(report, *item.address);
        } else if (m_directory) {
            m_directory->complete(report);
        }
        setWorst(exitCodeOf(report));
        const auto name =
            item.address ? item.address->forDisplay() : mail::toULabelDomain(item.domain);
        print(output, name, report);
        if (!m_report.empty()) {
            m_html.add(name, report);
        }
        const std::lock_guard lock(m_mutex);
        ++m_counts[report.assurance];
        ++m_done;
        if (!m_input.empty()) {
            output.progress(QStringLiteral("%1 checked").arg(m_done));
        }
    }

    void summarise(Output &output, const CheckSource &source, bool complete) const {
        std::vector<QStringList> rows;
        for (const auto assurance : kWorstFirst) {
            const auto found = m_counts.find(assurance);
            rows.push_back({toQString(base::toString(assurance)),
                            QString::number(found == m_counts.end() ? 0 : found->second)});
        }
        rows.push_back({QStringLiteral("checked"), QString::number(m_done)});
        rows.push_back({QStringLiteral("duplicates"), QString::number(source.duplicates())});
        rows.push_back({QStringLiteral("bad lines"), QString::number(source.badLines())});
        output.summary(complete ? QStringLiteral("Summary")
                                : QStringLiteral("Broken off. What was known by then"),
                       rows);
    }

    static void print(Output &output, const std::string &name,
                      const assurance::DomainReport &report) {
        if (output.json()) {
            output.object(assurance::toJson(report));
            return;
        }
        const auto summary = wording::summary(report);
        auto text = QStringLiteral("%1  %2\n  %3")
                        .arg(toQString(name), wording::assuranceWord(report.assurance), summary);
        if (const auto cjsm = wording::cjsmText(report); !cjsm.isEmpty() && !output.verbose()) {
            text += QStringLiteral("\n  ") + cjsm;
        }
        if (output.verbose()) {
            for (const auto &line : wording::evidence(report)) {
                if (summary.contains(line.sentence) && line.technical.isEmpty()) {
                    continue; // port 25 out of reach, say
                }
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

    void setWorst(ExitCode code) { m_worst[static_cast<std::size_t>(code)] = true; }

    std::vector<std::string> m_given;
    std::string m_input;
    std::string m_report;
    int m_jobs = kDefaultJobs;
    bool m_fresh = false;
    std::shared_ptr<assurance::CjsmDirectory> m_directory; //!< empty without a store
    HtmlReport m_html;
    std::mutex m_mutex;
    AssuranceCounts m_counts;
    std::int64_t m_done = 0;
    std::array<std::atomic<bool>, 8> m_worst{};
};

} // namespace

std::unique_ptr<Command> makeCheckCommand() {
    return std::make_unique<CheckCommand>();
}

} // namespace sealpost::cli
