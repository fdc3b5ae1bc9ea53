// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/ContentWalk.h"

#include "mail/HtmlText.h"
#include "mail/MimeReader.h"
#include "scan/ArchiveBehind.h"
#include "scan/Base64Blocks.h"
#include "scan/OfficeDocument.h"
#include "scan/PartNames.h"
#include "scan/PhotoLocation.h"
#include "scan/PictureParts.h"
#include "scan/TextDecoder.h"
#include "scan/UuBlocks.h"

#include <algorithm>
#include <unordered_set>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

//! More at once would hold too much memory; larger files are unpacked in steps.
constexpr ByteCount kGunzipAtOnce = 96 * base::kMiB;
constexpr std::uint64_t kRatioAtOnce = 100;
constexpr ByteCount kDenseAnyway = base::kMiB; //!< small files of one byte are common
constexpr int kBase64Depth = 4;
constexpr int kFilesOfPeople = 1;   //!< how deep they lie: alone, attached, in an archive
constexpr int kInlinePictures = 16; //!< in texts, each a process

bool isBinary(std::string_view bytes) {
    constexpr std::size_t kSample = 4096;
    return bytes.substr(0, kSample).find('\0') != std::string_view::npos;
}

} // namespace

std::string ContentWalk::nameOf(const std::string &part) const {
    return joined(m_source, part);
}

ByteCount ContentWalk::roomAtOnce(std::size_t packed) const {
    const auto &limits = m_budget.limits;
    const auto left = limits.totalBytes - std::min(limits.totalBytes, m_budget.bytes);
    const auto dense = std::max(kDenseAnyway, packed * std::min(kRatioAtOnce, limits.ratio));
    return std::min({kGunzipAtOnce, limits.itemBytes, left, dense});
}

bool ContentWalk::isTooDeep(const std::string &part, int depth) {
    if (depth < m_budget.limits.depth) {
        return false;
    }
    skip(part, "too-deep");
    return true;
}

bool ContentWalk::isTooMany(const std::string &part) {
    if (m_budget.items < m_budget.limits.items) {
        return false;
    }
    skip(part, "too-many-items");
    return true;
}

Result<void> ContentWalk::visit(std::string_view bytes, const std::string &part, int depth) {
    if (auto patient = m_patience.check(); !patient) {
        return patient;
    }
    ++m_budget.items;
    ++m_report.items;
    m_report.bytes += bytes.size();
    const auto name = nameOf(part);
    const auto kind = fileKindOf(bytes, name);
    if (nameLies(name, bytes, kind)) {
        addFile("misleading-name", Category::Hidden, part);
    }
    for (auto &finding : m_matcher.matchPath(name)) {
        finding.location.source = m_source;
        finding.location.part = part;
        m_report.findings.push_back(std::move(finding));
    }
    // What is attached to a message of Outlook is no archive behind it.
    const bool holdsFiles = kind == FileKind::OldOffice || kind == FileKind::Tnef;
    if (kind != FileKind::Archive && (!holdsFiles || endsWithZip(bytes))) {
        if (const auto archive = archiveBehind(bytes); !archive.empty()) {
            if (auto visited = visitArchive(archive, part, depth); !visited) {
                return visited;
            }
        }
    }
    return visitKind(kind, bytes, part, depth);
}

Result<void> ContentWalk::visitKind(FileKind kind, std::string_view bytes, const std::string &part,
                                    int depth) {
    switch (kind) {
    case FileKind::Text:
    case FileKind::Closed:
        return visitOther(kind, bytes, part, depth);
    case FileKind::Program:
        return visitProgram(bytes, part, depth);
    case FileKind::Archive:
        return visitArchive(bytes, part, depth);
    case FileKind::Mail:
        return visitMail(bytes, part, depth);
    case FileKind::Pkcs12:
        addFile("pkcs12-file", Category::PrivateKey, part);
        return {};
    case FileKind::DerPrivateKey:
        addFile("der-private-key", Category::PrivateKey, part);
        return {};
    case FileKind::JavaKeyStore:
        addFile("java-keystore", Category::PrivateKey, part);
        return {};
    case FileKind::KeePass:
        addFile("keepass-database", Category::Credential, part);
        return {};
    case FileKind::PgpPrivateKey:
        addFile("pgp-private-key", Category::PrivateKey, part);
        return {};
    case FileKind::EncryptedFile:
        addFile("encrypted-file", Category::Hidden, part);
        skip(part, "encrypted");
        return visitText(bytes, part, depth); // what may stand before and behind it
    case FileKind::EncryptedDocument:
        addFile("encrypted-document", Category::Hidden, part);
        skip(part, "encrypted");
        return {};
    case FileKind::Pdf:
        return visitByReader(ReaderTask::Pdf, bytes, part, depth);
    case FileKind::Image:
        return visitImage(bytes, part, depth);
    case FileKind::Media:
        skip(part, "not-supported");
        return visitPieces(bytes, part, depth); // titles, comments
    case FileKind::OldOffice:
        return visitOldOffice(bytes, part, depth);
    case FileKind::RichText:
        return visitRichText(bytes, part, depth);
    case FileKind::SignedFile:
        return visitSigned(bytes, part, depth);
    case FileKind::Tnef:
        return visitTnef(bytes, part, depth);
    }
    return {};
}

//! What is searched as it lies there.
Result<void> ContentWalk::visitOther(FileKind kind, std::string_view bytes, const std::string &part,
                                     int depth) {
    if (isZlib(bytes)) {
        if (const auto content = inflateZlib(bytes, roomAtOnce(bytes.size()))) {
            m_budget.bytes += content->size;
            const bool hasRoom = !isTooDeep(part, depth) && !isTooMany(part);
            return hasRoom ? visit(content->view(), joined(part, "content"), depth + 1)
                           : Result<void>{};
        }
        skip(part, "damaged");
    }
    const auto name = nameOf(part);
    if (kind == FileKind::Closed || isLaterVolume(name) || name.ends_with(".iwa"sv)) {
        skip(part, "not-supported"); // the last: what Apple's Pages and Numbers keep in a zip
    }
    if (kind == FileKind::Closed) {
        return visitProgram(bytes, part, depth);
    }
    if (OfficeDocument::isInOneFile(bytes)) {
        return visitFlatDocument(bytes, part, depth);
    }
    return depth <= kFilesOfPeople && isBinary(bytes) ? visitUnknown(bytes, part, depth)
                                                      : visitPlainText(bytes, part, depth);
}

Result<void> ContentWalk::visitText(std::string_view bytes, const std::string &part, int depth) {
    const DecodedText text(bytes);
    if (text.isDoubtful()) {
        if (auto matched = matchText(bytes, part, true); !matched) {
            return matched;
        }
    }
    if (auto matched = matchText(text.view(), part, text.hasLines()); !matched) {
        return matched;
    }
    return visitBase64(text.view(), part, depth);
}

Result<void> ContentWalk::visitPlainText(std::string_view bytes, const std::string &part,
                                         int depth) {
    if (auto visited = visitText(bytes, part, depth); !visited) {
        return visited;
    }
    return startsOldEncoding(bytes) ? visitOldEncodings(bytes, part, depth) : Result<void>{};
}

//! A file of no known kind: programs of Windows write UTF-16 in it.
Result<void> ContentWalk::visitUnknown(std::string_view bytes, const std::string &part, int depth) {
    return DecodedText(bytes).hasLines() ? visitText(bytes, part, depth)
                                         : visitPieces(bytes, part, depth);
}

//! A program, or what nothing but its plain parts can be read of. Most of it is no text that
//! anybody reads: the rest of it is searched in a fifth of the time.
Result<void> ContentWalk::visitProgram(std::string_view bytes, const std::string &part, int depth) {
    const auto text = textInProgram(bytes);
    if (auto matched = matchText(text, part, false); !matched) {
        return matched;
    }
    if (!bytes.starts_with("\x7F"sv)) { // outside Unix most texts are in UTF-16
        if (auto matched = matchWide(bytes, part); !matched) {
            return matched;
        }
    }
    return visitBase64(text, part, depth);
}

//! The texts in UTF-16 that stand in other bytes, anywhere.
Result<void> ContentWalk::matchWide(std::string_view bytes, const std::string &part) {
    for (std::size_t parity = 0; parity < 2 && parity < bytes.size(); ++parity) {
        if (auto matched = matchText(wideText(bytes.substr(parity)), part, false); !matched) {
            return matched;
        }
    }
    return {};
}

Result<void> ContentWalk::matchText(std::string_view text, const std::string &part, bool hasLines) {
    auto matched = m_matcher.match(text, nameOf(part), patienceFor(part));
    if (!matched) {
        return tl::unexpected(matched.error());
    }
    if (matched->tooMany) {
        skip(part, "too-many-findings");
    }
    for (auto &rule : matched->gaveUp) {
        m_report.skipped.push_back({nameOf(part), "rule-gave-up", std::move(rule)});
    }
    for (auto &finding : matched->findings) {
        finding.location.source = m_source;
        finding.location.part = part;
        if (!hasLines) {
            finding.location.line = 0;
            finding.location.column = 0;
        }
        m_report.findings.push_back(std::move(finding));
    }
    return {};
}

Result<void> ContentWalk::visitBase64(std::string_view text, const std::string &part, int depth) {
    Base64Blocks blocks(text);
    Base64Block block;
    std::size_t counted = 0;
    std::size_t line = 1;
    while (blocks.next(block)) {
        if (depth >= std::min(m_budget.limits.depth, kBase64Depth)) {
            skip(part, "too-deep");
            return {};
        }
        m_budget.bytes += block.decoded.size();
        if (m_budget.bytes > m_budget.limits.totalBytes) {
            skip(part, "too-large");
            return {};
        }
        if (isTooMany(part)) {
            return {};
        }
        if (fileKindOf(block.decoded, {}) == FileKind::Image &&
            ++m_inlinePictures > kInlinePictures) {
            if (m_inlinePictures == kInlinePictures + 1) {
                skip(part, "too-many-items");
            }
            continue;
        }
        line += static_cast<std::size_t>(
            std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                       text.begin() + static_cast<std::ptrdiff_t>(block.from), '\n'));
        counted = block.from;
        const auto inner = joined(part, "base64 in line " + std::to_string(line));
        if (auto visited = visit(block.decoded, inner, depth + 1); !visited) {
            return visited;
        }
    }
    return {};
}

Result<void> ContentWalk::visitMail(std::string_view bytes, const std::string &part, int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    const bool mailbox =
        bytes.starts_with("From "sv) && bytes.find("\nFrom "sv) != std::string_view::npos;
    return mailbox ? visitMailbox(bytes, part, depth) : visitMessage(bytes, part, depth);
}

//! Several messages, each behind a line that starts with "From " (RFC 4155).
Result<void> ContentWalk::visitMailbox(std::string_view bytes, const std::string &part, int depth) {
    for (int number = 1; !bytes.empty(); ++number) {
        if (isTooMany(part)) {
            return {};
        }
        const auto lineBreak = bytes.find("\nFrom "sv);
        const auto end = lineBreak == std::string_view::npos ? bytes.size() : lineBreak + 1;
        const auto name = joined(part, "message " + std::to_string(number));
        ++m_budget.items;
        ++m_report.items;
        if (auto visited = visitMessage(bytes.substr(0, end), name, depth + 1); !visited) {
            return visited;
        }
        bytes.remove_prefix(end);
    }
    return {};
}

Result<void> ContentWalk::visitMessage(std::string_view bytes, const std::string &part, int depth) {
    const auto message = mail::readMessage(bytes);
    if (!message) {
        skip(part, "damaged");
        return visitText(bytes, part, depth);
    }
    if (auto subject = visitText(message->subject, joined(part, "subject"), depth); !subject) {
        return subject;
    }
    for (const auto &inner : message->innerSubjects) {
        const auto name = joined(part, inner.path + " subject");
        if (auto subject = visitText(inner.text, name, depth); !subject) {
            return subject;
        }
    }
    for (const auto &leaf : message->parts) {
        if (isTooMany(part)) {
            return {};
        }
        const auto inner = leaf.fileName.empty() ? leaf.path : leaf.path + ' ' + leaf.fileName;
        if (auto visited = visitLeaf(leaf, joined(part, inner), depth + 1); !visited) {
            return visited;
        }
    }
    auto rest = message->rest;
    for (const auto &leaf : message->parts) {
        rest += "filename: " + leaf.fileName + '\n'; // RFC 2231 undone
    }
    return unlessSaidBelow(part,
                           [&] { return visitText(rest, joined(part, "other text"), depth); });
}

//! Its codes, and what it says beside its points: comments, properties, what stands behind its end.
Result<void> ContentWalk::visitImage(std::string_view bytes, const std::string &part, int depth) {
    if (hasCoordinates(bytes)) {
        addFile("photo-location", Category::PersonalData, part);
    }
    if (auto read = visitByReader(ReaderTask::Image, bytes, part, depth); !read) {
        return read;
    }
    const auto parts = partsOfPicture(bytes);
    const bool said = !m_report.skipped.empty() && m_report.skipped.back().path == nameOf(part);
    if (!parts.whole && !said) {
        skip(part, "image-damaged");
    }
    auto visited = unlessSaidBelow(part, [&] {
        auto beside = matchText(textInProgram(parts.beside), part, false);
        return beside ? matchWide(parts.beside, part) : beside;
    });
    if (!visited || parts.behind.find_first_not_of("\0 \r\n"sv) == std::string_view::npos ||
        isTooMany(part)) {
        return visited;
    }
    return isTooDeep(part, depth)
               ? visited
               : visit(parts.behind, joined(part, "behind the picture"), depth + 1);
}

//! As unlessSaidIn(), for all that is inside a part.
Result<void> ContentWalk::unlessSaidBelow(const std::string &part,
                                          const std::function<Result<void>()> &visit) {
    return unlessSaidWhere(
        [&](std::string_view other) {
            return part.empty() || other == part ||
                   (other.starts_with(part) && other.substr(part.size()).starts_with('/'));
        },
        visit);
}

//! Of what `visit` finds, that which was not found in these parts before: the same text is there in
//! several ways.
Result<void> ContentWalk::unlessSaidIn(const std::vector<std::string> &parts,
                                       const std::function<Result<void>()> &visit) {
    return unlessSaidWhere(
        [&](std::string_view other) {
            return std::find(parts.begin(), parts.end(), other) != parts.end();
        },
        visit);
}

Result<void> ContentWalk::unlessSaidWhere(const std::function<bool(std::string_view)> &isThere,
                                          const std::function<Result<void>()> &visit) {
    auto &findings = m_report.findings;
    const auto before = findings.size();
    auto visited = visit();
    const auto start = findings.begin() + static_cast<std::ptrdiff_t>(before);
    if (start == findings.end()) {
        return visited;
    }
    const auto key = [](const Finding &finding) { return finding.kind + ' ' + finding.digest; };
    std::unordered_set<std::string> said; // thousands may be compared with thousands
    for (auto known = findings.begin(); known != start; ++known) {
        if (!known->digest.empty() && isThere(known->location.part)) {
            said.insert(key(*known));
        }
    }
    const auto isSaid = [&](const Finding &finding) {
        return !finding.digest.empty() && said.contains(key(finding));
    };
    findings.erase(std::remove_if(start, findings.end(), isSaid), findings.end());
    return visited;
}

//! HTML without its tags, which part what people see as one. What it is with them was searched.
Result<void> ContentWalk::visitShown(std::string_view html, const std::string &part, int depth) {
    constexpr std::size_t kLargestShown = std::size_t{4} * 1024 * 1024;
    if (html.size() > kLargestShown) {
        return {};
    }
    return unlessSaidIn({part}, [&] { return visitText(mail::htmlAsText(html), part, depth); });
}

Result<void> ContentWalk::visitByReader(ReaderTask task, std::string_view bytes,
                                        const std::string &part, int depth) {
    if (task == ReaderTask::Pdf && isTooDeep(part, depth)) {
        return {};
    }
    auto report = m_reader.read(task, bytes, m_patience);
    if (auto patient = m_patience.check(); !patient) {
        return patient;
    }
    if (!report.failure.empty()) {
        skip(part, report.failure);
    }
    bool looked = report.failure.empty();
    // What a PDF holds beside its pages is partly what they show.
    const auto toldAgain = [&](const ReaderRecord &record,
                               const std::function<Result<void>()> &take) {
        const bool again = record.name == "other text" || record.name == "earlier version";
        return again ? unlessSaidBelow(part, take) : take();
    };
    for (const auto &record : report.records) {
        const auto inner = joined(part, record.name);
        Result<void> done;
        m_budget.bytes += record.data.size();
        switch (record.kind) {
        case ReaderRecord::Kind::Text:
            done = toldAgain(record, [&] { return visitText(record.data, inner, depth + 1); });
            break;
        case ReaderRecord::Kind::File:
            done = isTooMany(part)
                       ? Result<void>{}
                       : toldAgain(record, [&] { return visit(record.data, inner, depth + 1); });
            break;
        case ReaderRecord::Kind::Skip:
            looked = false;
            if (record.data == "encrypted") {
                addFile("encrypted-document", Category::Hidden, part);
            }
            skip(inner, record.data);
            break;
        case ReaderRecord::Kind::End:
            break;
        }
        if (!done) {
            return done;
        }
    }
    // What stands there uncompressed is better than nothing.
    return looked ? Result<void>{} : matchText(bytes, part, false);
}

void ContentWalk::addFile(std::string_view kind, Category category, const std::string &part) {
    Finding finding;
    finding.kind = kind;
    finding.category = category;
    finding.confidence = category == Category::Hidden ? Confidence::Medium : Confidence::High;
    if (category == Category::Hidden) {
        finding.minimumClassification = Classification::Official; // says nothing of what is inside
    }
    finding.location.source = m_source;
    finding.location.part = part;
    finding.because = {"file"};
    m_report.findings.push_back(std::move(finding));
}

void ContentWalk::skip(const std::string &part, std::string_view why) {
    m_report.skipped.push_back({nameOf(part), std::string(why), {}});
}

ScanReport ContentWalk::take() {
    noteWhiteouts();
    return std::move(m_report);
}

} // namespace sealpost::scan
