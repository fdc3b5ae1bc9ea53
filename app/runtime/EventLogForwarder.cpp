// SPDX-License-Identifier: GPL-3.0-or-later
#include "runtime/EventLogForwarder.h"

#include "store/JournalForms.h"

#include <QJsonDocument>
#include <charconv>

namespace sealpost::runtime {

namespace {

constexpr std::string_view kReported = "journal-reported";

std::int64_t numberIn(const std::optional<std::string> &kept) {
    std::int64_t last = 0;
    if (kept) {
        (void)std::from_chars(kept->data(), kept->data() + kept->size(), last);
    }
    return last;
}

} // namespace

EventLogForwarder::EventLogForwarder(std::shared_ptr<store::AuditJournal> journal,
                                     store::SealedFacts facts)
    : m_journal(std::move(journal)), m_facts(std::move(facts)) {}

Result<std::int64_t> EventLogForwarder::forward(SystemEventLog &log) {
    const auto kept = m_facts.read(kReported);
    const auto lines = kept ? m_journal->list() : fail(kept.error());
    if (!lines) {
        return fail(lines.error());
    }
    const auto before = numberIn(*kept);
    auto last = before;
    Result<void> reported;
    for (const auto &line : *lines) {
        if (line.sequence <= before) {
            continue;
        }
        reported = log.report(
            QJsonDocument(store::toJson(line)).toJson(QJsonDocument::Compact).toStdString());
        if (!reported) {
            break;
        }
        last = line.sequence;
    }
    if (last > before) {
        auto noted = m_facts.write({{std::string(kReported), std::to_string(last)}});
        reported = reported ? noted : reported;
    }
    return reported ? Result<std::int64_t>(last - before) : fail(reported.error());
}

} // namespace sealpost::runtime
