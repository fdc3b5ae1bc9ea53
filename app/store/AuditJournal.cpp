// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/AuditJournal.h"

#include "base/Text.h"
#include "store/DatabasePrivate.h"
#include "store/JournalChain.h"

#include <algorithm>
#include <set>

namespace sealpost::store {

namespace {

constexpr std::string_view kStage = "store.journal";

//! A line as it stands in the file.
struct StoredLine {
    std::int64_t position = 0;
    std::string chain;
    std::optional<JournalLine> line; //!< nothing where it can't be opened
};

Result<std::vector<StoredLine>> readLines(const Connection &connection, const JournalChain &chain) {
    auto rows = Rows::of(connection,
                         QStringLiteral("SELECT sequence, sealed, chain FROM journal "
                                        "ORDER BY sequence"),
                         kStage);
    if (!rows) {
        return fail(rows.error());
    }
    std::vector<StoredLine> lines;
    while (true) {
        const auto more = rows->next();
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            return lines;
        }
        StoredLine stored{rows->integer(0), rows->bytes(2), std::nullopt};
        if (auto opened = chain.open(rows->bytes(1))) {
            stored.line = std::move(*opened);
        }
        lines.push_back(std::move(stored));
    }
}

//! Looks through the lines for the first that is not what was appended there.
class Verifier {
public:
    Verifier(const std::vector<StoredLine> &lines, const JournalChain &chain)
        : m_lines(lines), m_chain(chain) {
        for (const auto &stored : lines) {
            if (stored.line) {
                m_present.insert(stored.line->sequence);
            }
        }
    }

    [[nodiscard]] JournalVerdict verdict(const Result<JournalHead> &head) {
        std::int64_t expected = 0;
        for (const auto &stored : m_lines) {
            ++expected;
            if (head && expected > head->lines) {
                return bad(expected, "changed"); // nobody appended it
            }
            if (auto what = faultOf(stored, expected); !what.empty()) {
                return bad(expected, std::move(what));
            }
        }
        if (!head) {
            return bad(expected + 1, "unreadable");
        }
        if (head->lines > expected) {
            return bad(expected + 1, "truncated");
        }
        if (head->chain != m_previous) {
            return bad(expected, "changed");
        }
        return {true, expected, 0, {}};
    }

private:
    [[nodiscard]] std::string faultOf(const StoredLine &stored, std::int64_t expected) {
        if (stored.position == expected && !stored.line) {
            return "changed";
        }
        if (stored.position != expected || stored.line->sequence != expected) {
            return m_present.contains(expected) ? "reordered" : "removed";
        }
        auto chained = m_chain.next(m_previous, *stored.line);
        if (stored.chain != chained) {
            return "changed";
        }
        m_previous = std::move(chained);
        return {};
    }

    [[nodiscard]] JournalVerdict bad(std::int64_t sequence, std::string what) const {
        return {false, static_cast<std::int64_t>(m_lines.size()), sequence, std::move(what)};
    }

    const std::vector<StoredLine> &m_lines;
    const JournalChain &m_chain;
    std::set<std::int64_t> m_present; //!< numbers that some line has sealed in it
    std::string m_previous;
};

} // namespace

AuditJournal::AuditJournal(std::shared_ptr<Database> database, std::shared_ptr<const Clock> clock)
    : m_database(std::move(database)), m_clock(std::move(clock)) {}

Result<void> AuditJournal::append(std::string_view event,
                                  const std::map<std::string, std::string> &facts) {
    const JournalChain chain(m_database->box());
    return m_database->internals().transact(
        Access::Write, kStage, [&](Connection &connection) -> Result<void> {
            const auto head = chain.readHead(connection);
            if (!head) {
                return fail(head.error());
            }
            const JournalLine line{head->lines + 1, m_clock->now(), std::string(event), facts, {}};
            const auto sealed = chain.seal(line);
            if (!sealed) {
                return fail(sealed.error());
            }
            // What comes back from the file is what has to fit the chain: text that is not UTF-8
            // is changed on its way in.
            const auto kept = chain.open(*sealed);
            if (!kept) {
                return fail(kept.error());
            }
            const auto link = chain.next(head->chain, *kept);
            auto inserted = connection.run(
                QStringLiteral("INSERT INTO journal (sequence, sealed, chain) VALUES (?, ?, ?)"),
                kStage, {static_cast<qint64>(line.sequence), blob(*sealed), blob(link)});
            if (!inserted) {
                return inserted;
            }
            return chain.writeHead(connection, {line.sequence, link});
        });
}

Result<std::vector<JournalLine>> AuditJournal::list() const {
    const JournalChain chain(m_database->box());
    auto stored = m_database->internals().transact(
        Access::Read, kStage, [&](Connection &connection) { return readLines(connection, chain); });
    if (!stored) {
        return fail(stored.error());
    }
    std::vector<JournalLine> lines;
    for (auto &one : *stored) {
        if (!one.line) {
            return damaged(kStage, "line " + std::to_string(one.position));
        }
        one.line->chain = base::toHex(one.chain);
        lines.push_back(std::move(*one.line));
    }
    return lines;
}

Result<JournalEnd> AuditJournal::end() const {
    const JournalChain chain(m_database->box());
    return m_database->internals().transact(
        Access::Read, kStage, [&](Connection &connection) -> Result<JournalEnd> {
            const auto head = chain.readHead(connection);
            return head ? Result<JournalEnd>(JournalEnd{head->lines, base::toHex(head->chain)})
                        : fail(head.error());
        });
}

Result<JournalVerdict> AuditJournal::verify() const {
    const JournalChain chain(m_database->box());
    return m_database->internals().transact(
        Access::Read, kStage, [&](Connection &connection) -> Result<JournalVerdict> {
            const auto lines = readLines(connection, chain);
            if (!lines) {
                return fail(lines.error());
            }
            return Verifier(*lines, chain).verdict(chain.readHead(connection));
        });
}

} // namespace sealpost::store
