// SPDX-License-Identifier: GPL-3.0-or-later
// ContentWalk's part for compound files (Word, Excel and PowerPoint up to 2003, messages of
// Outlook) and for RTF.
#include "scan/CompressedRtf.h"
#include "scan/ContentWalk.h"
#include "scan/OutlookParts.h"
#include "scan/PackagedFile.h"
#include "scan/PartNames.h"
#include "scan/RichText.h"
#include "scan/TextDecoder.h"
#include "scan/VbaProject.h"
#include "scan/WordText.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr auto kNative = "_Ole10Native"sv; // its first byte is 1

bool isFile(FileKind kind) {
    return kind != FileKind::Text && kind != FileKind::Mail;
}

//! Whether a stream is a file of its own, or holds one.
bool holdsFile(const CompoundFile::Stream &stream, std::string_view content) {
    return isFile(fileKindOf(content, {})) ||
           (lastName(stream.path) == kNative && packagedIn(content));
}

//! What programs write beside an embedded object; none of it is a document's text.
bool isHousekeeping(std::string_view stream) {
    constexpr std::array kNames = {"_Ole"sv, "_CompObj"sv, "_ObjInfo"sv, "_SummaryInformation"sv,
                                   "_DocumentSummaryInformation"sv};
    return isVbaHousekeeping(stream) ||
           std::find(kNames.begin(), kNames.end(), lastName(stream)) != kNames.end();
}

//! What Word has beside its text: sizes, styles, names. Pictures are in "Data".
bool isOfWord(std::string_view path) {
    return path == "WordDocument"sv || path == "0Table"sv || path == "1Table"sv;
}

} // namespace

Result<void> ContentWalk::visitOldOffice(std::string_view bytes, const std::string &part,
                                         int depth) {
    const auto file = CompoundFile::open(bytes);
    if (!file) {
        skip(part, "not-supported");
        return visitPieces(bytes, part, depth);
    }
    if (isTooDeep(part, depth)) {
        return {};
    }
    if (file->isMessage()) {
        return visitOutlook(*file, part, depth);
    }
    bool isWord = false;
    if (auto visited = visitWord(*file, part, depth, isWord); !visited) {
        return visited;
    }
    // A text lies there in pieces; what they show is better than nothing, but it is not all.
    bool understood = true;
    auto visited = eachStream(
        *file, file->streams(), part,
        [&](const CompoundFile::Stream &stream, std::string_view content) {
            const bool known = holdsFile(stream, content) || isHousekeeping(stream.path) ||
                               (isWord && isOfWord(stream.path)) ||
                               (isVbaModule(stream.path) && vbaSource(content));
            understood = understood && known;
            return isWord ? unlessSaidBelow(
                                part, [&] { return visitStream(stream, content, part, depth); })
                          : visitStream(stream, content, part, depth);
        });
    if (!understood) {
        skip(part, "not-supported");
    }
    return visited;
}

//! The text of Word 97 to 2003, whose pieces can stand in any order. `isRead`: all of it was read.
Result<void> ContentWalk::visitWord(const CompoundFile &file, const std::string &part, int depth,
                                    bool &isRead) {
    const auto named = [&](std::string_view name) {
        const auto &all = file.streams();
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const auto &stream) { return stream.path == name; });
        return found == all.end() ? std::string() : file.read(*found);
    };
    const auto document = named("WordDocument"sv);
    const auto table = wordTable(document);
    if (!table) {
        return {};
    }
    const auto word = wordText(document, named(*table == 1 ? "1Table"sv : "0Table"sv));
    if (word.encrypted) {
        addFile("encrypted-document", Category::Hidden, part);
        skip(part, "encrypted");
    } else if (!word.whole) {
        skip(part, "damaged");
    }
    isRead = true; // or told of
    m_budget.bytes += word.text.size();
    return visitText(word.text, part, depth);
}

Result<void> ContentWalk::visitStream(const CompoundFile::Stream &stream, std::string_view content,
                                      const std::string &part, int depth) {
    if (const auto macro = isVbaModule(stream.path) ? vbaSource(content) : std::nullopt) {
        if (!macro->whole) {
            skip(joined(part, stream.path), "damaged");
        }
        ++m_report.items;
        return visitText(macro->text, joined(part, stream.path), depth);
    }
    if (!holdsFile(stream, content)) {
        return visitPieces(content, joined(part, stream.path), depth);
    }
    const auto package = lastName(stream.path) == kNative ? packagedIn(content) : std::nullopt;
    if (!package) {
        return visit(content, joined(part, stream.path), depth + 1);
    }
    const auto &name = package->name.empty() ? stream.path : package->name;
    return visit(package->bytes, joined(part, name), depth + 1);
}

//! In both ways that old programs write text.
Result<void> ContentWalk::visitPieces(std::string_view bytes, const std::string &part, int depth) {
    if (auto visited = visitText(bytes, part, depth); !visited) {
        return visited;
    }
    return unlessSaidBelow(part, [&] { return matchWide(bytes, part); });
}

Result<void> ContentWalk::visitOutlook(const CompoundFile &file, const std::string &part,
                                       int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    const OutlookParts parts(file);
    auto streams = file.streams();
    std::stable_partition(streams.begin(), streams.end(), [&](const CompoundFile::Stream &stream) {
        return parts.kindOf(stream) != OutlookPart::RichBody; // it repeats the others
    });
    return eachStream(file, streams, part,
                      [&](const CompoundFile::Stream &stream, std::string_view content) {
                          const auto inner = joined(part, parts.nameOf(stream));
                          if (content.size() < stream.size) {
                              skip(inner, "damaged");
                          }
                          return visitOutlookPart(parts.kindOf(stream), content, inner, depth);
                      });
}

//! Outlook writes a body in up to three ways. What the others have said of it is not said again.
Result<void> ContentWalk::visitRichBody(std::string_view bytes, const std::string &part,
                                        int depth) {
    const auto rtf = decompressRtf(bytes);
    if (!rtf.whole) {
        skip(part, "damaged");
    }
    const auto message = part.substr(0, part.size() - lastName(part).size());
    return unlessSaidIn({message + "body", message + "body.html"},
                        [&] { return visitRichText(rtf.text, part, depth); });
}

Result<void> ContentWalk::visitOutlookPart(OutlookPart kind, std::string_view content,
                                           const std::string &part, int depth) {
    switch (kind) {
    case OutlookPart::WideText: {
        ++m_report.items;
        const auto text = fromUtf16(content);
        auto visited = visitText(text, part, depth);
        const bool isShown = visited && lastName(part) == "body.html"sv;
        return isShown ? visitShown(text, part, depth) : visited;
    }
    case OutlookPart::Text:
        ++m_report.items;
        return visitText(content, part, depth);
    case OutlookPart::File:
        if (auto visited = visit(content, part, depth + 1); !visited) {
            return visited;
        }
        return lastName(part) == "body.html"sv ? visitShown(content, part, depth) : Result<void>{};
    case OutlookPart::RichBody:
        return visitRichBody(content, part, depth);
    case OutlookPart::Bytes:
        if (isFile(fileKindOf(content, {}))) {
            return visit(content, part, depth + 1);
        }
        return unlessSaidBelow({}, [&] { return visitPieces(content, part, depth); });
    case OutlookPart::Other:
        return {};
    }
    return {};
}

//! Several streams can say that they are the same bytes: no more is read than some times the file.
Result<void> ContentWalk::eachStream(const CompoundFile &file,
                                     const std::vector<CompoundFile::Stream> &streams,
                                     const std::string &part, const StreamVisitor &take) {
    constexpr std::size_t kTimes = 4;
    std::size_t spent = 0;
    for (const auto &stream : streams) {
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

Result<void> ContentWalk::visitRichText(std::string_view bytes, const std::string &part,
                                        int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    const auto rich = readRichText(bytes);
    for (const auto &[text, name] :
         {std::pair(&rich.text, part), std::pair(&rich.aside, joined(part, "other text"))}) {
        if (auto visited = visitText(*text, name, depth); !visited) {
            return visited;
        }
    }
    if (rich.isHtml) {
        if (auto shown = visitShown(rich.text, part, depth); !shown) {
            return shown;
        }
    }
    if (rich.tooMany) {
        skip(part, "too-many-items");
    }
    int number = 0;
    for (const auto &object : rich.objects) {
        m_budget.bytes += object.size();
        if (m_budget.bytes > m_budget.limits.totalBytes) {
            skip(part, "too-large");
            return {};
        }
        if (isTooMany(part)) {
            return {};
        }
        const auto inner = joined(part, "object " + std::to_string(++number));
        if (auto visited = visit(object, inner, depth + 1); !visited) {
            return visited;
        }
    }
    return {};
}

} // namespace sealpost::scan
