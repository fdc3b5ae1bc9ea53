// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/ReadPdf.h"

#include "scan/reader/PdfObjects.h"
#include "scan/reader/ReadImage.h"

#include <QImage>
#include <algorithm>
#include <climits>
#include <cmath>
#include <memory>
#include <poppler-document.h>
#include <poppler-embedded-file.h>
#include <poppler-global.h>
#include <poppler-page-renderer.h>
#include <poppler-page.h>
#include <vector>

namespace sealpost::scan {

namespace {

using Kind = ReaderRecord::Kind;

constexpr int kMostPages = 5'000;
constexpr int kMostDrawn = 50; //!< a tenth of a second each
constexpr int kMostDrawnBeside = 10;
constexpr std::size_t kMostNamed = 20;
constexpr std::size_t kLargestText = std::size_t{64} * 1024 * 1024;

std::string utf8(const poppler::ustring &text) {
    const auto bytes = text.to_utf8();
    return {bytes.begin(), bytes.end()};
}

std::string properties(const poppler::document &document) {
    std::string text;
    for (const auto &key : document.info_keys()) {
        text += key + ": " + utf8(document.info_key(key)) + '\n';
    }
    return text;
}

//! A page as a picture of at most a few million points; none where poppler makes none.
QImage drawn(const poppler::page &page) {
    constexpr double kInch = 72;
    constexpr double kWanted = 110; // points an inch: enough for a QR code across two centimetres
    constexpr double kMostPoints = 4e6;
    const auto size = page.page_rect();
    const double area = size.width() / kInch * (size.height() / kInch);
    if (!(area > 0)) {
        return {};
    }
    const double fineness = std::min(kWanted, std::sqrt(kMostPoints / area));
    const auto image = poppler::page_renderer().render_page(&page, fineness, fineness);
    if (!image.is_valid() || image.format() != poppler::image::format_argb32) {
        return {};
    }
    return QImage(reinterpret_cast<const uchar *>(image.const_data()), image.width(),
                  image.height(), image.bytes_per_row(), QImage::Format_RGB32)
        .copy();
}

bool isBlank(const QImage &picture) {
    const auto first = picture.isNull() ? 0 : picture.pixel(0, 0);
    for (int y = 0; y < picture.height(); ++y) {
        const auto *line = reinterpret_cast<const QRgb *>(picture.constScanLine(y));
        if (std::any_of(line, line + picture.width(), [&](QRgb p) { return p != first; })) {
            return false;
        }
    }
    return true;
}

class Pages {
public:
    //! The words that are there are added to `told`. Codes in pictures beside text are read on the
    //! first pages alone.
    Pages(const poppler::document &document, PdfTold &told, bool hasPictures,
          const std::function<void(const ReaderRecord &)> &write)
        : m_document(document), m_told(told), m_write(write),
          m_drawnBeside(hasPictures ? kMostDrawnBeside : 0) {}

    void readAll() {
        const int count = std::min(m_document.pages(), kMostPages);
        for (int i = 0; i < count && m_size <= kLargestText; ++i) {
            read(i);
        }
        if (count <= 0) {
            m_write({Kind::Skip, {}, "pdf-damaged"});
        } else if (m_document.pages() > kMostPages) {
            m_write({Kind::Skip, "page " + std::to_string(kMostPages + 1), "too-many-pages"});
        } else if (m_size > kLargestText) {
            m_write({Kind::Skip, {}, "too-large"});
        } else if (m_unreadable < count && (!m_anyText || m_pictures.size() > kMostNamed)) {
            m_write({Kind::Skip, {}, "no-text"}); // scanned paper, most likely
        } else {
            for (const auto &name : m_pictures) {
                m_write({Kind::Skip, name, "no-text"});
            }
        }
    }

private:
    void read(int number) {
        const auto name = "page " + std::to_string(number + 1);
        const std::unique_ptr<poppler::page> page(m_document.create_page(number));
        if (!page) {
            ++m_unreadable;
            m_write({Kind::Skip, name, "pdf-damaged"});
            return;
        }
        const auto text = utf8(page->text());
        m_size += text.size();
        if (text.find_first_not_of(" \n\f") != std::string::npos) {
            m_anyText = true;
            addWords(text);
            m_write({Kind::Text, name, text});
            if (m_drawnBeside > 0) {
                --m_drawnBeside;
                readCodesOf(drawn(*page), name);
            }
        } else {
            readPicture(*page, name);
        }
    }

    //! A page without a text: its codes are read, and it is told of unless it is empty.
    void readPicture(const poppler::page &page, const std::string &name) {
        if (m_drawn == kMostDrawn) {
            m_pictures.push_back(name);
            return;
        }
        ++m_drawn;
        const auto picture = drawn(page);
        if (!picture.isNull() && isBlank(picture)) {
            return;
        }
        m_pictures.push_back(name);
        readCodesOf(picture, name);
    }

    void readCodesOf(const QImage &picture, const std::string &name) {
        readCodes(picture, [&](const ReaderRecord &record) {
            m_write({record.kind, name + ' ' + record.name, record.data});
        });
    }

    void addWords(std::string_view text) {
        constexpr std::string_view kSpace = " \t\r\n\f";
        while (!text.empty()) {
            const auto word = text.substr(0, text.find_first_of(kSpace));
            if (!word.empty()) {
                m_told.words.emplace(word);
            }
            text.remove_prefix(std::min(word.size() + 1, text.size()));
        }
    }

    const poppler::document &m_document;
    PdfTold &m_told;
    const std::function<void(const ReaderRecord &)> &m_write;
    std::size_t m_size = 0;
    int m_unreadable = 0;
    int m_drawn = 0;
    int m_drawnBeside = 0;               //!< how many more pages with a text
    std::vector<std::string> m_pictures; //!< names of pages
    bool m_anyText = false;
};

//! False where there is no document to be read.
bool readDocument(const std::string &bytes, PdfTold &told,
                  const std::function<void(const ReaderRecord &)> &write) {
    const std::unique_ptr<poppler::document> document(
        poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size())));
    if (!document) {
        write({Kind::Skip, {}, "pdf-damaged"});
        return true;
    }
    if (document->is_locked()) {
        write({Kind::Skip, {}, "encrypted"});
        return false;
    }
    write({Kind::Text, "properties", properties(*document)});
    if (document->has_embedded_files()) {
        for (const auto *file : document->embedded_files()) {
            const auto content = file->is_valid() ? file->data() : poppler::byte_array();
            if (file->is_valid()) {
                told.files.emplace(content.begin(), content.end());
                write({Kind::File, file->name(), {content.begin(), content.end()}});
            } else {
                write({Kind::Skip, file->name(), "pdf-damaged"});
            }
        }
    }
    Pages(*document, told, hasPictures(bytes), write).readAll();
    if (document->is_encrypted()) { // under no password: its pages can be read, its objects not
        write({Kind::Skip, "other text", "not-supported"});
        return false;
    }
    return true;
}

} // namespace

void readPdf(const std::string &bytes, const std::function<void(const ReaderRecord &)> &write) {
    poppler::set_debug_error_function([](const std::string &, void *) {}, nullptr);
    if (bytes.size() > INT_MAX) {
        write({Kind::Skip, {}, "too-large"});
        return;
    }
    PdfTold told;
    if (readDocument(bytes, told, write)) {
        readPdfObjects(bytes, told, write);
    }
}

} // namespace sealpost::scan
