// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::assurance {

struct CsvRow {
    int line = 0;                    //!< where it begins, from 1
    std::vector<std::string> fields; //!< trimmed, unquoted
    std::string problem;             //!< log-safe; empty: none
};

//! Comma-separated values as RFC 4180 and the programs that write them have it: CRLF, LF or CR,
//! quotes with line breaks inside, a byte order mark; commas, semicolons or tabs, whichever the
//! first line has most of. Bytes that are not UTF-8 are read as Windows-1252, UTF-16 by its mark.
class CsvReader {
public:
    explicit CsvReader(std::string_view bytes);
    //! The next row that is not empty; none at the end. A quote that never closes damages its own
    //! line alone: reading goes on with the one after it.
    [[nodiscard]] std::optional<CsvRow> next();

private:
    [[nodiscard]] bool readRow(CsvRow &row);
    [[nodiscard]] bool readQuoted(std::string &field);
    void skipLine();
    void endLine();

    std::string m_text;
    char m_delimiter = ',';
    std::size_t m_at = 0;
    int m_line = 1;
};

} // namespace sealpost::assurance
