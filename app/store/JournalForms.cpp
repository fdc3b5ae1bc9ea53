// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/JournalForms.h"

#include <QJsonDocument>
#include <algorithm>
#include <array>
#include <cstdint>
#include <set>

namespace sealpost::store {

namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

QString text(std::string_view bytes) {
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

//! Whether a spreadsheet may calculate the cell: also with the full-width forms of the signs, which
//! some take for the same.
bool looksLikeFormula(std::string_view cell) {
    constexpr std::array<std::string_view, 11> kStarts = {
        "=", "+", "-", "@", "\t", "\r", "\n", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    return std::any_of(kStarts.begin(), kStarts.end(),
                       [&](std::string_view start) { return cell.starts_with(start); });
}

void addCell(std::string &row, std::string_view cell) {
    row += row.empty() ? "\"" : ",\"";
    if (looksLikeFormula(cell)) {
        row += '\'';
    }
    for (const char byte : cell) {
        row.append(byte == '"' ? 2 : 1, byte);
    }
    row += '"';
}

//! PRINTUSASCII of at most `most` characters, or NILVALUE (RFC 5424 §6).
std::string headerField(std::string_view value, std::size_t most) {
    std::string field;
    std::copy_if(value.begin(), value.end(), std::back_inserter(field),
                 [](char c) { return c > ' ' && c < 0x7F; });
    field.resize(std::min(field.size(), most));
    return field.empty() ? "-" : field;
}

} // namespace

QJsonObject toJson(const JournalLine &line) {
    QJsonObject facts;
    for (const auto &[name, value] : line.facts) {
        facts.insert(text(name), text(value));
    }
    return {{QStringLiteral("sequence"), static_cast<qint64>(line.sequence)},
            {QStringLiteral("time"), text(base::toIso8601(line.time))},
            {QStringLiteral("event"), text(line.event)},
            {QStringLiteral("facts"), facts},
            {QStringLiteral("chain"), text(line.chain)}};
}

std::map<std::string, std::string> shownFacts(const JournalLine &line) {
    auto facts = line.facts;
    facts.erase("signature");
    return facts;
}

namespace {

constexpr std::array<std::string_view, 4> kColumns = {"sequence", "time", "event", "chain"};

//! A fact may be called as one of a line's own columns is: no table has two of one name.
std::string titleOf(const std::string &fact) {
    const bool taken = std::find(kColumns.begin(), kColumns.end(), fact) != kColumns.end();
    return taken ? "fact." + fact : fact;
}

} // namespace

std::string toCsv(std::span<const JournalLine> lines) {
    std::set<std::string> names;
    for (const auto &line : lines) {
        for (const auto &[name, value] : line.facts) {
            names.insert(name);
        }
    }
    std::string row;
    for (const auto *title : {"sequence", "time", "event"}) {
        addCell(row, title);
    }
    for (const auto &name : names) {
        addCell(row, titleOf(name));
    }
    addCell(row, "chain");
    auto out = row.append(kLineEnd);
    for (const auto &line : lines) {
        row.clear();
        addCell(row, std::to_string(line.sequence));
        addCell(row, base::toIso8601(line.time));
        addCell(row, line.event);
        for (const auto &name : names) {
            const auto fact = line.facts.find(name);
            addCell(row, fact == line.facts.end() ? std::string_view() : fact->second);
        }
        addCell(row, line.chain);
        out.append(row).append(kLineEnd);
    }
    return out;
}

std::string toSyslog(const JournalLine &line, std::string_view host) {
    constexpr std::size_t kHostLimit = 255;
    constexpr std::size_t kIdLimit = 32;
    constexpr std::int64_t kMostSequence = 2'147'483'647; // RFC 5424 §7.3.1
    constexpr auto kPriority = "<110>1 ";                 // 13 * 8 + 6
    auto message = kPriority + base::toIso8601(line.time) + ' ' + headerField(host, kHostLimit) +
                   " sealpost - " + headerField(line.event, kIdLimit) + " [meta sequenceId=\"" +
                   std::to_string((line.sequence - 1) % kMostSequence + 1) + "\"] ";
    message += kByteOrderMark;
    return message += QJsonDocument(toJson(line)).toJson(QJsonDocument::Compact).toStdString();
}

std::string framed(std::string_view message) {
    return std::to_string(message.size()) + ' ' + std::string(message);
}

} // namespace sealpost::store
