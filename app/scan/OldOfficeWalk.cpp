// SPDX-License-Identifier: GPL-3.0-or-later
// ContentWalk's part for compound files: Word, Excel and PowerPoint up to 2003, messages of
// Outlook.
#include "scan/ContentWalk.h"
#include "scan/OutlookParts.h"
#include "scan/TextDecoder.h"

#include <cstddef>

namespace sealpost::scan {

namespace {

std::string inside(const std::string &part, const std::string &inner) {
    return part.empty() ? inner : part + '/' + inner;
}

} // namespace

Result<void> ContentWalk::visitOldOffice(std::string_view bytes, const std::string &part,
                                         int depth) {
    const auto file = CompoundFile::open(bytes);
    if (file && file->isMessage()) {
        return visitOutlook(*file, part, depth);
    }
    // Its text lies there in pieces; what they show is better than nothing, but it is not all.
    skip(part, "not-supported");
    if (!file) {
        return visitPieces(bytes, part, depth);
    }
    return eachStream(*file, part,
                      [&](const CompoundFile::Stream &stream, std::string_view content) {
                          return visitPieces(content, inside(part, stream.path), depth);
                      });
}

//! In both ways that old programs write text.
Result<void> ContentWalk::visitPieces(std::string_view bytes, const std::string &part, int depth) {
    if (auto visited = visitText(bytes, part, depth); !visited) {
        return visited;
    }
    for (std::size_t parity = 0; parity < 2 && parity < bytes.size(); ++parity) {
        if (auto matched = matchText(wideText(bytes.substr(parity)), part, false); !matched) {
            return matched;
        }
    }
    return {};
}

Result<void> ContentWalk::visitOutlook(const CompoundFile &file, const std::string &part,
                                       int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    const OutlookParts parts(file);
    return eachStream(file, part,
                      [&](const CompoundFile::Stream &stream, std::string_view content) {
                          const auto kind = parts.kindOf(stream);
                          const auto inner = inside(part, parts.nameOf(stream));
                          if (kind == OutlookPart::RichBody && !parts.hasPlainBody(stream)) {
                              skip(inner, "not-supported");
                          }
                          if (content.size() < stream.size) {
                              skip(inner, "damaged");
                          }
                          return visitOutlookPart(kind, content, inner, depth);
                      });
}

Result<void> ContentWalk::visitOutlookPart(OutlookPart kind, std::string_view content,
                                           const std::string &part, int depth) {
    switch (kind) {
    case OutlookPart::WideText:
        ++m_report.items;
        return visitText(fromUtf16(content), part, depth);
    case OutlookPart::Text:
        ++m_report.items;
        return visitText(content, part, depth);
    case OutlookPart::File:
        return visit(content, part, depth + 1);
    case OutlookPart::RichBody:
    case OutlookPart::Other: // numbers, times, identifiers
        return {};
    }
    return {};
}

//! Several streams can say that they are the same bytes: no more is read than some times the file.
Result<void> ContentWalk::eachStream(const CompoundFile &file, const std::string &part,
                                     const StreamVisitor &take) {
    constexpr std::size_t kTimes = 4;
    std::size_t spent = 0;
    for (const auto &stream : file.streams()) {
        if (isTooMany(part)) {
            return {};
        }
        const auto content = file.read(stream);
        spent += content.size();
        m_budget.bytes += content.size();
        const bool same = spent > kTimes * file.size();
        if (same || m_budget.bytes > m_budget.limits.totalBytes) {
            skip(part, same ? "suspicious-ratio" : "too-large");
            return {};
        }
        if (auto taken = take(stream, content); !taken) {
            return taken;
        }
    }
    return {};
}

} // namespace sealpost::scan
