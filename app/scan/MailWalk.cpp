// SPDX-License-Identifier: GPL-3.0-or-later
// ContentWalk's part for what mail programs write around texts and files.
#include "mail/MimeReader.h"
#include "scan/CompressedRtf.h"
#include "scan/ContentWalk.h"
#include "scan/PartNames.h"
#include "scan/SignedContent.h"
#include "scan/TextDecoder.h"
#include "scan/TnefFile.h"
#include "scan/UuBlocks.h"
#include "scan/WordBits.h"

#include <algorithm>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

bool isNoText(FileKind kind) {
    return kind != FileKind::Text && kind != FileKind::Mail;
}

//! Where a line ends in one of `before` and goes on behind one of `after`, all of that is left out.
std::string withLinesJoined(std::string_view text, std::string_view before,
                            std::string_view after) {
    std::string joined;
    joined.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        at = std::min(end + 1, text.size());
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        const bool endsSo = before.empty() || (!line.empty() && line.ends_with(before));
        const bool goesOn =
            endsSo && (after.empty() || (at < text.size() && after.find(text[at]) != text.npos));
        joined += line.substr(0, line.size() - (goesOn ? before.size() : 0));
        if (!goesOn) {
            joined += '\n';
        } else if (!after.empty()) {
            ++at;
        }
    }
    return joined;
}

} // namespace

//! A message whose header says more of it than is so: the charset of a file, of a plain text.
Result<void> ContentWalk::visitLeaf(const mail::MessagePart &leaf, const std::string &part,
                                    int depth) {
    const bool isFile = !leaf.undecoded.empty() && isNoText(fileKindOf(leaf.undecoded, {}));
    if (auto visited = visit(isFile ? leaf.undecoded : leaf.content, part, depth); !visited) {
        return visited;
    }
    if (leaf.mediaType == "message/partial") {
        skip(part, "not-supported"); // the rest of it is in other messages
    }
    const auto &said = leaf.mediaType;
    if (said == "text/html" || said == "text/enriched" || said == "application/xhtml+xml") {
        const DecodedText text(leaf.content);
        if (auto shown = visitShown(text.view(), part, depth); !shown) {
            return shown;
        }
    }
    const auto again = [&](std::string_view text) {
        return unlessSaidBelow(part, [&] { return visitText(text, part, depth); });
    };
    if (!isFile && isAscii(leaf.undecoded)) {
        if (auto visited = again(leaf.undecoded); !visited) {
            return visited;
        }
    }
    if (!isFile && said.starts_with("text/") && !startsOldEncoding(leaf.content)) { // else: done
        if (auto visited = visitOldEncodings(leaf.content, part, depth); !visited) {
            return visited;
        }
    }
    //= RFC 3676 §4.1 (DelSp=yes: the space in front of the line end is no part of the text)
    return leaf.joinsLines ? again(withLinesJoined(leaf.content, " ", {})) : Result<void>{};
}

//! Calendars and cards break their lines anywhere (RFC 5545 §3.1, RFC 6350 §3.2); files in old
//! encodings begin at a line of their own.
Result<void> ContentWalk::visitOldEncodings(std::string_view text, const std::string &part,
                                            int depth) {
    if (text.starts_with("BEGIN:VC"sv)) {
        return unlessSaidBelow(
            part, [&] { return matchText(withLinesJoined(text, {}, " \t"), part, false); });
    }
    const auto blocks = uuBlocksIn(text);
    if (blocks.unread) {
        skip(part, "not-supported");
    }
    for (const auto &file : blocks.files) {
        m_budget.bytes += file.content.size();
        if (isTooMany(part) || isTooDeep(part, depth)) {
            return {};
        }
        if (auto visited = visit(file.content, joined(part, file.name), depth + 1); !visited) {
            return visited;
        }
    }
    return {};
}

//! S/MIME whose text is inside the signature (RFC 8551 §3.5.2).
Result<void> ContentWalk::visitSigned(std::string_view bytes, const std::string &part, int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    const auto content = signedContent(bytes);
    if (!content) {
        return visitText(bytes, part, depth);
    }
    m_budget.bytes += content->size();
    const auto inner = joined(part, "content");
    if (const auto leaves = mail::readParts(*content)) {
        for (const auto &leaf : *leaves) {
            if (isTooMany(part)) {
                return {};
            }
            const auto name =
                joined(inner, leaf.fileName.empty() ? leaf.path : leaf.path + ' ' + leaf.fileName);
            if (auto visited = visitLeaf(leaf, name, depth + 1); !visited) {
                return visited;
            }
        }
    }
    return unlessSaidBelow(inner, [&] { return visit(*content, inner, depth + 1); });
}

Result<void> ContentWalk::visitTnef(std::string_view bytes, const std::string &part, int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    const auto file = readTnef(bytes);
    if (!file.whole) {
        skip(part, "damaged");
    }
    for (const auto properties : file.properties) {
        if (auto visited = visitPieces(properties, part, depth); !visited) {
            return visited;
        }
        for (const auto rtf : compressedRtfIn(properties)) {
            const auto body = joined(part, "body.rtf");
            auto visited = unlessSaidBelow(part, [&] { return visitRichBody(rtf, body, depth); });
            if (!visited) {
                return visited;
            }
        }
        if (const auto inside = tnefInside(properties); !inside.empty() && !isTooMany(part)) {
            if (auto visited = visit(inside, joined(part, "message"), depth + 1); !visited) {
                return visited;
            }
        }
    }
    int number = 0;
    for (const auto &attachment : file.attachments) {
        ++number;
        if (attachment.content.empty()) {
            continue;
        }
        if (isTooMany(part)) {
            return {};
        }
        const auto name =
            attachment.name.empty() ? "attachment " + std::to_string(number) : attachment.name;
        if (auto visited = visit(attachment.content, joined(part, name), depth + 1); !visited) {
            return visited;
        }
    }
    return {};
}

} // namespace sealpost::scan
