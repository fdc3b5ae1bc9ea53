// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/ContentWalk.h"

#include "mail/MimeReader.h"
#include "scan/TextDecoder.h"

#include <array>

namespace sealpost::scan {

namespace {

std::string joined(const std::string &part, const std::string &inner) {
    return part.empty() || inner.empty() ? part + inner : part + '/' + inner;
}

//! "notes.txt.gz" holds "notes.txt".
std::string withoutSuffix(std::string_view name) {
    constexpr std::array<std::string_view, 7> kSuffixes = {".gz",  ".bz2", ".xz",  ".zst",
                                                           ".lz4", ".Z",   ".lzma"};
    for (const auto suffix : kSuffixes) {
        if (name.ends_with(suffix) && name.size() > suffix.size()) {
            return std::string(name.substr(0, name.size() - suffix.size()));
        }
    }
    return "content";
}

std::string_view lastName(std::string_view path) {
    return path.substr(path.find_last_of('/') + 1);
}

} // namespace

Result<void> ContentWalk::visit(std::string_view bytes, const std::string &part, int depth) {
    if (auto patient = m_patience.check(); !patient) {
        return patient;
    }
    ++m_budget.items;
    ++m_report.items;
    m_report.bytes += bytes.size();
    switch (fileKindOf(bytes)) {
    case FileKind::Text:
        return visitText(bytes, part);
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
    case FileKind::EncryptedDocument:
        skip(part, "encrypted");
        return {};
    case FileKind::Unsupported:
        skip(part, "not-supported");
        return visitText(bytes, part); // what stands there uncompressed is better than nothing
    }
    return {};
}

Result<void> ContentWalk::visitText(std::string_view bytes, const std::string &part) {
    const DecodedText text(bytes);
    auto matched = m_matcher.match(text.view(), joined(m_source, part), m_patience);
    if (!matched) {
        return tl::unexpected(matched.error());
    }
    if (matched->tooMany) {
        skip(part, "too-many-findings");
    }
    for (auto &rule : matched->gaveUp) {
        m_report.skipped.push_back({joined(m_source, part), "rule-gave-up", std::move(rule)});
    }
    for (auto &finding : matched->findings) {
        finding.location.source = m_source;
        finding.location.part = part;
        if (!text.hasLines()) {
            finding.location.line = 0;
            finding.location.column = 0;
        }
        m_report.findings.push_back(std::move(finding));
    }
    return {};
}

Result<void> ContentWalk::visitArchive(std::string_view bytes, const std::string &part, int depth) {
    if (depth >= m_budget.limits.depth) {
        skip(part, "too-deep");
        return {};
    }
    const auto inside = [&](const std::string &path) {
        return path.empty() ? joined(part, withoutSuffix(lastName(part.empty() ? m_source : part)))
                            : joined(part, path);
    };
    UnpackVisitor visitor;
    visitor.take = [&](const std::string &path, const std::string &content) {
        return visit(content, inside(path), depth + 1);
    };
    visitor.skip = [&](const std::string &path, std::string_view why) {
        skip(joined(part, path), why);
    };
    return unpack(bytes, m_budget, m_patience, visitor);
}

Result<void> ContentWalk::visitMail(std::string_view bytes, const std::string &part, int depth) {
    if (depth >= m_budget.limits.depth) {
        skip(part, "too-deep");
        return {};
    }
    const auto message = mail::readMessage(bytes);
    if (!message) {
        skip(part, "damaged");
        return visitText(bytes, part);
    }
    if (auto subject = visitText(message->subject, joined(part, "subject")); !subject) {
        return subject;
    }
    for (const auto &leaf : message->parts) {
        if (m_budget.items >= m_budget.limits.items) {
            skip(part, "too-many-items");
            return {};
        }
        const auto inner = leaf.fileName.empty() ? leaf.path : leaf.path + ' ' + leaf.fileName;
        if (auto visited = visit(leaf.content, joined(part, inner), depth + 1); !visited) {
            return visited;
        }
    }
    return {};
}

void ContentWalk::addFile(std::string_view kind, Category category, const std::string &part) {
    Finding finding;
    finding.kind = kind;
    finding.category = category;
    finding.confidence = Confidence::High;
    finding.location.source = m_source;
    finding.location.part = part;
    m_report.findings.push_back(std::move(finding));
}

void ContentWalk::skip(const std::string &part, std::string_view why) {
    m_report.skipped.push_back({joined(m_source, part), std::string(why)});
}

ScanReport ContentWalk::take() {
    return std::move(m_report);
}

} // namespace sealpost::scan
