// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: one file and what it holds, level by level.
#pragma once

#include "scan/ContainerImage.h"
#include "scan/FileKind.h"
#include "scan/Gunzip.h"
#include "scan/Matcher.h"
#include "scan/OutlookParts.h"
#include "scan/Reader.h"
#include "scan/Scanner.h"
#include "scan/Unpacker.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {
struct MessagePart;
}

namespace sealpost::scan {

//! Whether what is in a file of this name is named after it: "notes.txt" in "notes.txt.gz".
[[nodiscard]] bool namesItsContent(std::string_view name);

class ContentWalk {
public:
    ContentWalk(const Matcher &matcher, const Reader &reader, const ScanLimits &limits,
                Patience patience, std::string source)
        : m_matcher(matcher), m_reader(reader), m_budget{limits}, m_patience(std::move(patience)),
          m_quiet(m_patience.withoutProgress()), m_source(std::move(source)) {}

    [[nodiscard]] Result<void> visit(std::string_view bytes, const std::string &part, int depth);
    [[nodiscard]] ScanReport take();

private:
    //! A file that an upper layer of a container image deletes.
    struct Whiteout {
        std::string layerPart; //!< "image.tar/layer 3"
        std::string target;    //!< "etc/passwd", "etc/"
    };

    Result<void> visitKind(FileKind kind, std::string_view bytes, const std::string &part,
                           int depth);
    Result<void> visitOther(FileKind kind, std::string_view bytes, const std::string &part,
                            int depth);
    Result<void> visitText(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitUnknown(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitProgram(std::string_view bytes, const std::string &part, int depth);
    Result<void> matchText(std::string_view text, const std::string &part, bool hasLines);
    Result<void> matchWide(std::string_view bytes, const std::string &part);
    Result<void> visitBase64(std::string_view text, const std::string &part, int depth);
    Result<void> visitArchive(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitInflated(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitEntries(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitOffice(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitFlatDocument(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitOfficeFile(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitMail(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitMailbox(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitMessage(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitPlainText(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitOldEncodings(std::string_view text, const std::string &part, int depth);
    Result<void> visitSigned(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitTnef(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitLeaf(const mail::MessagePart &leaf, const std::string &part, int depth);
    Result<void> visitImage(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitShown(std::string_view html, const std::string &part, int depth);
    Result<void> unlessSaidIn(const std::vector<std::string> &parts,
                              const std::function<Result<void>()> &visit);
    Result<void> unlessSaidBelow(const std::string &part,
                                 const std::function<Result<void>()> &visit);
    Result<void> unlessSaidWhere(const std::function<bool(std::string_view)> &isThere,
                                 const std::function<Result<void>()> &visit);
    Result<void> visitOldOffice(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitWord(const CompoundFile &file, const std::string &part, int depth,
                           bool &isRead);
    Result<void> visitPieces(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitStream(const CompoundFile::Stream &stream, std::string_view content,
                             const std::string &part, int depth);
    Result<void> visitRichText(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitRichBody(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitOutlook(const CompoundFile &file, const std::string &part, int depth);
    Result<void> visitOutlookPart(OutlookPart kind, std::string_view content,
                                  const std::string &part, int depth);
    using StreamVisitor =
        std::function<Result<void>(const CompoundFile::Stream &stream, std::string_view content)>;
    Result<void> eachStream(const CompoundFile &file,
                            const std::vector<CompoundFile::Stream> &streams,
                            const std::string &part, const StreamVisitor &take);
    Result<void> visitByReader(ReaderTask task, std::string_view bytes, const std::string &part,
                               int depth);
    //! How much may come out of so much at once.
    [[nodiscard]] ByteCount roomAtOnce(std::size_t packed) const;
    [[nodiscard]] bool isTooDeep(const std::string &part, int depth);
    [[nodiscard]] bool isTooMany(const std::string &part);
    [[nodiscard]] std::string nameOf(const std::string &part) const;
    void addFile(std::string_view kind, Category category, const std::string &part);
    void skip(const std::string &part, std::string_view why);
    void noteWhiteouts();

    const Matcher &m_matcher;
    const Reader &m_reader;
    Budget m_budget;
    //! Progress is that through the file itself; of what is inside nobody is told.
    [[nodiscard]] const Patience &patienceFor(const std::string &part) const {
        return part.empty() ? m_patience : m_quiet;
    }

    Patience m_patience;
    Patience m_quiet;
    std::string m_source;
    std::vector<Whiteout> m_whiteouts;
    ScanReport m_report;
    int m_inlinePictures = 0; //!< that texts have in base64
    Inflated m_spare;         //!< memory of a content that is done with, for the next
};

} // namespace sealpost::scan
