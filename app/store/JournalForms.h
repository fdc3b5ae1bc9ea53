// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/AuditJournal.h"

#include <QJsonObject>
#include <map>
#include <span>
#include <string>
#include <string_view>

//! The journal's lines for other programs.
namespace sealpost::store {

//! The object of docs/cli-json.md.
[[nodiscard]] QJsonObject toJson(const JournalLine &line);

//! What a person is shown of a line's facts: without a signature's bytes.
[[nodiscard]] std::map<std::string, std::string> shownFacts(const JournalLine &line);

//! RFC 4180, UTF-8, a header and one row for each line, a column for each fact that any of them
//! has ("fact.chain" where it is called as a column of every line). A cell that a spreadsheet would
//! take for a formula has an apostrophe in front.
[[nodiscard]] std::string toCsv(std::span<const JournalLine> lines);

//! One RFC 5424 message: facility 13 (log audit), severity 6, the line as JSON in it. `host` is
//! this computer's name; what the header can't take of it is left out.
[[nodiscard]] std::string toSyslog(const JournalLine &line, std::string_view host);
//! The message as TLS carries it (RFC 5425 §4.3): its length in bytes in front.
[[nodiscard]] std::string framed(std::string_view message);

} // namespace sealpost::store
