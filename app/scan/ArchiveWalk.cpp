// SPDX-License-Identifier: GPL-3.0-or-later
// ContentWalk's part for archives, container images and the documents that are archives.
#include "scan/AttributeText.h"
#include "scan/ContentWalk.h"
#include "scan/OfficeDocument.h"
#include "scan/PartNames.h"
#include "scan/TextDecoder.h"
#include "scan/WordBits.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr ByteCount kOfficeXml = 64 * base::kMiB; //!< of one document, kept together

constexpr std::array<std::string_view, 8> kSuffixes = {".gz",  ".bz2", ".xz",   ".zst",
                                                       ".lz4", ".Z",   ".lzma", ".lz"};

//! "notes.txt.gz" holds "notes.txt".
std::string withoutSuffix(std::string_view name) {
    for (const auto suffix : kSuffixes) {
        if (name.ends_with(suffix) && name.size() > suffix.size()) {
            return std::string(name.substr(0, name.size() - suffix.size()));
        }
    }
    return "content";
}

//! Zero where there is none.
int numberAt(std::string_view text, std::size_t at) {
    int number = 0;
    std::from_chars(text.data() + std::min(at, text.size()), text.data() + text.size(), number);
    return number;
}

bool isTar(std::string_view bytes) {
    return bytes.size() > 262 && bytes.substr(257, 5) == "ustar"sv;
}

} // namespace

bool namesItsContent(std::string_view name) {
    return std::any_of(kSuffixes.begin(), kSuffixes.end(),
                       [&](std::string_view suffix) { return name.ends_with(suffix); });
}

Result<void> ContentWalk::visitArchive(std::string_view bytes, const std::string &part, int depth) {
    if (isTooDeep(part, depth)) {
        return {};
    }
    if (isOfficeZip(bytes)) {
        return visitOffice(bytes, part, depth);
    }
    if (bytes.starts_with("\x1F\x8B"sv)) {
        const auto text = textInProgram(gzipHeaderText(bytes));
        if (auto matched = matchText(text, joined(part, "notes"), false); !matched) {
            return matched;
        }
        if (auto content = gunzip(bytes, roomAtOnce(bytes.size()), m_spare)) {
            m_budget.bytes += content->size;
            auto visited = visitInflated(content->view(), part, depth);
            m_spare = std::move(*content);
            return visited;
        }
    }
    return visitEntries(bytes, part, depth);
}

Result<void> ContentWalk::visitInflated(std::string_view bytes, const std::string &part,
                                        int depth) {
    if (isTar(bytes)) {
        return visitEntries(bytes, part, depth);
    }
    const auto inner = withoutSuffix(lastName(part.empty() ? m_source : part));
    return isTooMany(part) ? Result<void>{} : visit(bytes, joined(part, inner), depth + 1);
}

Result<void> ContentWalk::visitEntries(std::string_view bytes, const std::string &part, int depth) {
    ContainerImage image;
    if (isTar(bytes) && mayBeContainerImage(bytes)) {
        Budget unspent = m_budget;
        const UnpackVisitor manifests{[&](const std::string &path, std::string_view content) {
                                          image.offer(path, content);
                                          return Result<void>{};
                                      },
                                      [](const std::string &, std::string_view) {}};
        if (auto read = unpack(bytes, unspent, m_quiet, manifests); !read) {
            return read;
        }
    }
    bool encrypted = false;
    bool damaged = false;
    bool taken = false;
    const auto inside = [&](const std::string &path) {
        if (path.empty()) {
            return joined(part, withoutSuffix(lastName(part.empty() ? m_source : part)));
        }
        const auto layer = image.layerName(path);
        return joined(part, layer.empty() ? path : layer);
    };
    UnpackVisitor visitor;
    visitor.take = [&](const std::string &path, std::string_view content) {
        taken = true;
        if (const auto target = whiteoutTarget(path); !target.empty() && content.empty()) {
            m_whiteouts.push_back({part, target});
        }
        return visit(content, inside(path), depth + 1);
    };
    visitor.skip = [&](const std::string &path, std::string_view why) {
        encrypted = encrypted || why == "encrypted";
        damaged = damaged || why == "damaged";
        skip(path.empty() ? part : inside(path), why);
    };
    auto unpacked = unpack(bytes, m_budget, patienceFor(part), visitor);
    if (encrypted) {
        addFile("encrypted-archive", Category::Hidden, part);
    }
    // What stands there uncompressed is better than nothing.
    return unpacked && damaged && !taken ? matchText(textInProgram(bytes), part, false) : unpacked;
}

Result<void> ContentWalk::visitOffice(std::string_view bytes, const std::string &part, int depth) {
    OfficeDocument document;
    ByteCount kept = 0;
    bool encrypted = false;
    UnpackVisitor visitor;
    visitor.take = [&](const std::string &path, std::string_view content) -> Result<void> {
        if (!OfficeDocument::reads(path) || kept + content.size() > kOfficeXml) {
            return visitOfficeFile(content, joined(part, path), depth + 1);
        }
        ++m_budget.items;
        kept += content.size();
        document.add(path, std::string(DecodedText(content).view()));
        return {};
    };
    visitor.skip = [&](const std::string &path, std::string_view why) {
        encrypted = encrypted || why == "encrypted";
        skip(joined(part, path), why);
    };
    if (auto unpacked = unpack(bytes, m_budget, patienceFor(part), visitor); !unpacked) {
        return unpacked;
    }
    if (encrypted || document.isEncrypted()) {
        addFile("encrypted-document", Category::Hidden, part);
        skip(part, "encrypted");
        return {};
    }
    Result<void> result;
    document.texts(
        [&](const std::string &inner, const std::string &text, OfficeDocument::Shown shown) {
            if (!result) {
                return;
            }
            ++m_report.items;
            m_report.bytes += text.size();
            const auto path = joined(part, inner);
            result = shown == OfficeDocument::Shown::Yes
                         ? visitText(text, path, depth + 1)
                         : unlessSaidBelow(path, [&] {
                               return matchText(text, joined(path, "other text"), true);
                           });
        });
    return result;
}

//! The XML as it stands, then what it shows and what it says in attributes.
Result<void> ContentWalk::visitFlatDocument(std::string_view bytes, const std::string &part,
                                            int depth) {
    if (auto visited = visitText(bytes, part, depth); !visited) {
        return visited;
    }
    const DecodedText text(bytes);
    return unlessSaidBelow(part, [&] {
        const auto shown = OfficeDocument::flowText(text.view()) + '\n';
        return matchText(shown + attributeText(text.view()), part, false);
    });
}

//! A document's part that is not known as its text: XML of other programs, macros, drawings,
//! sheets in binary.
Result<void> ContentWalk::visitOfficeFile(std::string_view bytes, const std::string &part,
                                          int depth) {
    if (auto visited = visit(bytes, part, depth); !visited) {
        return visited;
    }
    if (fileKindOf(bytes, part) != FileKind::Text) {
        return {};
    }
    const DecodedText text(bytes);
    if (text.view().starts_with("<"sv)) {
        return unlessSaidBelow(
            part, [&] { return matchText(OfficeDocument::flowText(text.view()), part, false); });
    }
    return text.hasLines() ? Result<void>{}
                           : unlessSaidBelow(part, [&] { return matchWide(bytes, part); });
}

//! A file that an upper layer hides is in the image all the same: its findings say so.
void ContentWalk::noteWhiteouts() {
    constexpr auto kLayer = "layer "sv;
    for (const auto &[layerPart, target] : m_whiteouts) {
        const auto at = layerPart.rfind(kLayer);
        if (at == std::string::npos) {
            continue;
        }
        const auto image = layerPart.substr(0, at);
        const int upper = numberAt(layerPart, at + kLayer.size());
        for (auto &finding : m_report.findings) {
            auto &part = finding.location.part;
            if (!part.starts_with(image + std::string(kLayer))) {
                continue;
            }
            const int lower = numberAt(part, image.size() + kLayer.size());
            const auto slash = part.find('/', image.size());
            const auto path = slash == std::string::npos ? "" : part.substr(slash + 1);
            const bool hidden = path == target || path.starts_with(target + '/') ||
                                (target.ends_with('/') && path.starts_with(target));
            if (lower < upper && hidden) {
                part += " (deleted in " + std::string(kLayer) + std::to_string(upper) + ')';
            }
        }
    }
    m_whiteouts.clear();
}

} // namespace sealpost::scan
