// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/CsvReader.h"

#include "base/Text.h"

#include <QStringDecoder>
#include <algorithm>
#include <array>

namespace sealpost::assurance {

namespace {

//! No field of a directory is longer; an open quote that runs on is a mistake.
constexpr std::size_t kMostInQuotes = 4096;
constexpr std::size_t kMostFields = 256;

//! Windows-1252 of 0x80 to 0x9f; the five that it leaves open stay control characters.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20ac, 0x81,   0x201a, 0x192,  0x201e, 0x2026, 0x2020, 0x2021, 0x2c6,  0x2030, 0x160,
    0x2039, 0x152,  0x8d,   0x17d,  0x8f,   0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x2dc,  0x2122, 0x161,  0x203a, 0x153,  0x9d,   0x17e,  0x178};

std::string fromWindows1252(std::string_view bytes) {
    QString text = QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size()));
    for (auto &one : text) {
        if (one.unicode() >= 0x80 && one.unicode() < 0xa0) {
            one = QChar(kWindows1252.at(one.unicode() - 0x80U));
        }
    }
    return text.toStdString();
}

std::string decoded(std::string_view bytes) {
    if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
        QStringDecoder decoder(QStringDecoder::Utf16);
        const QString text =
            decoder.decode(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
        return text.toStdString();
    }
    if (bytes.starts_with("\xef\xbb\xbf")) {
        bytes.remove_prefix(3);
    }
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text =
        decoder.decode(QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size())));
    return decoder.hasError() ? fromWindows1252(bytes) : std::string(bytes);
}

char delimiterOf(std::string_view text) {
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    char best = ',';
    for (const char candidate : {';', '\t'}) {
        if (std::count(line.begin(), line.end(), candidate) >
            std::count(line.begin(), line.end(), best)) {
            best = candidate;
        }
    }
    return best;
}
} // namespace

CsvReader::CsvReader(std::string_view bytes)
    : m_text(decoded(bytes)), m_delimiter(delimiterOf(m_text)) {}

std::optional<CsvRow> CsvReader::next() {
    while (m_at < m_text.size()) {
        CsvRow row;
        row.line = m_line;
        const auto begin = m_at;
        if (!readRow(row)) {
            m_at = begin;
            m_line = row.line;
            skipLine();
            return row;
        }
        const bool blank = std::all_of(row.fields.begin(), row.fields.end(),
                                       [](const auto &field) { return field.empty(); });
        if (!blank) {
            return row;
        }
    }
    return std::nullopt;
}

bool CsvReader::readRow(CsvRow &row) {
    while (true) {
        if (row.fields.size() == kMostFields) {
            row.problem = "too many columns";
            return false;
        }
        std::string field;
        if (m_at < m_text.size() && m_text[m_at] == '"') {
            if (!readQuoted(field)) {
                row.problem = "a quotation mark is not closed";
                return false;
            }
        }
        const auto end = std::min(m_text.find_first_of(std::string{m_delimiter, '\r', '\n'}, m_at),
                                  m_text.size());
        field.append(m_text, m_at, end - m_at);
        m_at = end;
        row.fields.emplace_back(base::trimmed(field));
        if (m_at < m_text.size() && m_text[m_at] == m_delimiter) {
            ++m_at;
            continue;
        }
        endLine();
        return true;
    }
}

bool CsvReader::readQuoted(std::string &field) {
    for (++m_at; m_at < m_text.size() && field.size() <= kMostInQuotes; ++m_at) {
        const char one = m_text[m_at];
        const bool doubled = one == '"' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '"';
        if (one == '"' && !doubled) {
            ++m_at;
            return true;
        }
        if (doubled) {
            ++m_at;
        }
        m_line += one == '\n' ? 1 : 0;
        field += one;
    }
    return false;
}

void CsvReader::skipLine() {
    m_at = std::min(m_text.find_first_of("\r\n", m_at), m_text.size());
    endLine();
}

void CsvReader::endLine() {
    if (m_at < m_text.size() && m_text[m_at] == '\r') {
        ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == '\n') {
            ++m_at;
        }
        ++m_line;
    } else if (m_at < m_text.size()) {
        ++m_at;
        ++m_line;
    }
}

} // namespace sealpost::assurance
