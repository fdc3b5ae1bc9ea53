// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/TextPdf.h"

#include "base/Text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>

namespace sealpost::base {

namespace {

constexpr int kTop = 780; // of A4's 842 points
constexpr int kBottom = 60;
constexpr int kLeft = 56;
constexpr int kValueLeft = 180;
constexpr int kLeading = 14;
constexpr std::size_t kNoteColumns = 88; // of Courier at 9 points
constexpr std::size_t kValueColumns = 64;
constexpr std::string_view kFileMark = "/Type /EmbeddedFile /Length ";
constexpr std::string_view kStreamMark = " >>\nstream\n";

//! The next code point of UTF-8; U+FFFD for a byte that begins none.
char32_t next(std::string_view text, std::size_t &at) {
    constexpr char32_t kReplacement = 0xFFFD;
    const auto first = static_cast<unsigned char>(text[at++]);
    if (first < 0x80) {
        return first;
    }
    const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC2 ? 1 : -1;
    if (more < 0) {
        return kReplacement;
    }
    char32_t point = first & (0x3FU >> more);
    for (int i = 0; i < more; ++i) {
        if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) {
            return kReplacement;
        }
        point = point << 6U | (static_cast<unsigned char>(text[at++]) & 0x3FU);
    }
    return point;
}

//! Into WinAnsiEncoding (ISO 32000-1 Annex D), one byte a character.
std::string encoded(std::string_view text) {
    struct Mapped {
        char32_t point;
        unsigned char byte;
    };
    constexpr std::array kMapped = {Mapped{U'‘', 0x91}, Mapped{U'’', 0x92}, Mapped{U'“', 0x93},
                                    Mapped{U'”', 0x94}, Mapped{U'–', 0x96}, Mapped{U'—', 0x97},
                                    Mapped{U'…', 0x85}, Mapped{U'€', 0x80}};
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto point = next(text, at);
        const auto *mapped = std::find_if(kMapped.begin(), kMapped.end(),
                                          [&](const Mapped &one) { return one.point == point; });
        if ((point >= 0x20 && point < 0x7F) || (point >= 0xA1 && point <= 0xFF && point != 0xAD)) {
            out += static_cast<char>(point);
        } else if (mapped != kMapped.end()) {
            out += static_cast<char>(mapped->byte);
        } else {
            std::array<char, 16> number{};
            std::snprintf(number.data(), number.size(), "<U+%04X>", static_cast<unsigned>(point));
            out += number.data();
        }
    }
    return out;
}

//! In lines of at most `columns`, broken at a space where there is one in the line's second half.
std::vector<std::string> wrapped(std::string text, std::size_t columns) {
    std::vector<std::string> lines;
    while (text.size() > columns) {
        auto end = text.rfind(' ', columns);
        end = end == std::string::npos || end < columns / 2 ? columns : end;
        lines.push_back(text.substr(0, end));
        text.erase(0, text[end] == ' ' ? end + 1 : end);
    }
    lines.push_back(std::move(text));
    return lines;
}

std::string literal(std::string_view text) {
    std::string out = "(";
    for (const char byte : text) {
        if (byte == '(' || byte == ')' || byte == '\\') {
            out += '\\';
        }
        out += byte;
    }
    return out += ')';
}

//! Puts lines on pages from top to bottom.
class Pages {
public:
    void line(const char *font, int size, int left, const std::string &text) {
        m_pages.back() += "BT /" + std::string(font) + ' ' + std::to_string(size) + " Tf " +
                          std::to_string(left) + ' ' + std::to_string(m_y) + " Td " +
                          literal(text) + " Tj ET\n";
    }
    void advance(int by = kLeading) {
        m_y -= by;
        if (m_y < kBottom) {
            m_pages.emplace_back();
            m_y = kTop;
        }
    }
    [[nodiscard]] const std::vector<std::string> &all() const { return m_pages; }

private:
    std::vector<std::string> m_pages{1};
    int m_y = kTop;
};

std::vector<std::string> layOut(const PdfText &document) {
    constexpr int kTitleSize = 16;
    constexpr int kTextSize = 9;
    Pages pages;
    pages.line("F1", kTitleSize, kLeft, encoded(document.title));
    pages.advance(2 * kLeading);
    for (const auto &line : wrapped(encoded(document.note), kNoteColumns)) {
        pages.line("F2", kTextSize, kLeft, line);
        pages.advance();
    }
    pages.advance();
    for (const auto &row : document.rows) {
        pages.line("F1", kTextSize, kLeft, encoded(row.label));
        for (const auto &line : wrapped(encoded(row.value), kValueColumns)) {
            pages.line("F2", kTextSize, kValueLeft, line);
            pages.advance();
        }
    }
    return pages.all();
}

//! Numbers the objects and knows where each begins.
class Writer {
public:
    void object(const std::string &body) {
        m_offsets.push_back(m_out.size());
        m_out += std::to_string(m_offsets.size()) + " 0 obj\n" + body + "\nendobj\n";
    }
    [[nodiscard]] std::string finish() && {
        const auto start = m_out.size();
        const auto count = std::to_string(m_offsets.size() + 1);
        m_out += "xref\n0 " + count + "\n0000000000 65535 f \n";
        for (const auto offset : m_offsets) {
            std::array<char, 24> entry{};
            std::snprintf(entry.data(), entry.size(), "%010zu 00000 n \n", offset);
            m_out += entry.data();
        }
        return std::move(m_out) + "trailer\n<< /Size " + count + " /Root 1 0 R >>\nstartxref\n" +
               std::to_string(start) + "\n%%EOF\n";
    }

private:
    std::string m_out = "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
    std::vector<std::size_t> m_offsets;
};

std::string stream(std::string_view type, std::string_view bytes) {
    return "<< " + std::string(type) + std::to_string(bytes.size()) + std::string(kStreamMark) +
           std::string(bytes) + "\nendstream";
}

} // namespace

std::string toPdf(const PdfText &document) {
    constexpr std::size_t kFirstPage = 7;
    const auto pages = layOut(document);
    std::vector<std::string> kids;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        kids.push_back(std::to_string(kFirstPage + 2 * i) + " 0 R");
    }
    const auto name = literal(document.fileName);
    Writer writer;
    writer.object("<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [" + name +
                  " 5 0 R] >> >> /PageMode /UseAttachments >>");
    writer.object("<< /Type /Pages /Count " + std::to_string(pages.size()) + " /Kids [" +
                  join(kids, " ") + "] >>");
    const auto font = [](const char *base) {
        return "<< /Type /Font /Subtype /Type1 /BaseFont /" + std::string(base) +
               " /Encoding /WinAnsiEncoding >>";
    };
    writer.object(font("Helvetica-Bold"));
    writer.object(font("Courier"));
    writer.object("<< /Type /Filespec /F " + name + " /UF " + name + " /EF << /F 6 0 R >> >>");
    writer.object(stream(kFileMark, document.file));
    for (std::size_t i = 0; i < pages.size(); ++i) {
        writer.object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << "
                      "/F1 3 0 R /F2 4 0 R >> >> /Contents " +
                      std::to_string(kFirstPage + 2 * i + 1) + " 0 R >>");
        writer.object(stream("/Length ", pages[i]));
    }
    return std::move(writer).finish();
}

std::optional<std::string> fileInPdf(std::string_view pdf) {
    const auto mark = pdf.find(kFileMark);
    if (!pdf.starts_with("%PDF-") || mark == std::string_view::npos) {
        return std::nullopt;
    }
    auto rest = pdf.substr(mark + kFileMark.size());
    std::size_t size = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), size);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    if (error != std::errc() || !rest.starts_with(kStreamMark) ||
        size > rest.size() - kStreamMark.size()) {
        return std::nullopt;
    }
    return std::string(rest.substr(kStreamMark.size(), size));
}

} // namespace sealpost::base
