// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/ReadImage.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <memory>
#include <zbar.h>

namespace sealpost::scan {

namespace {

using Kind = ReaderRecord::Kind;

constexpr qint64 kMostPoints = qint64{64} * 1000 * 1000; //!< a camera's best
constexpr int kMostMebibytes = 384;
constexpr int kSmallestCode = 21; //!< points across the smallest QR code (ISO/IEC 18004)

struct ScannerDeleter {
    void operator()(zbar::zbar_image_scanner_t *scanner) const {
        zbar::zbar_image_scanner_destroy(scanner);
    }
};
struct ImageDeleter {
    void operator()(zbar::zbar_image_t *image) const { zbar::zbar_image_destroy(image); }
};

//! What PNG keeps compressed, too.
std::string properties(const QImage &picture) {
    std::string text;
    for (const auto &key : picture.textKeys()) {
        text += key.toStdString() + ": " + picture.text(key).toStdString() + '\n';
    }
    return text;
}

} // namespace

void readCodes(const QImage &picture, const std::function<void(const ReaderRecord &)> &write) {
    const auto grey = picture.convertToFormat(QImage::Format_Grayscale8);
    std::string points; // without the padding at the end of QImage's lines
    points.reserve(static_cast<std::size_t>(grey.width()) *
                   static_cast<std::size_t>(grey.height()));
    for (int y = 0; y < grey.height(); ++y) {
        points.append(reinterpret_cast<const char *>(grey.constScanLine(y)),
                      static_cast<std::size_t>(grey.width()));
    }
    const std::unique_ptr<zbar::zbar_image_scanner_t, ScannerDeleter> scanner(
        zbar::zbar_image_scanner_create());
    zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 1);
    const std::unique_ptr<zbar::zbar_image_t, ImageDeleter> image(zbar::zbar_image_create());
    constexpr unsigned long kGrey = 'Y' | '8' << 8U | '0' << 16U | '0' << 24U;
    zbar::zbar_image_set_format(image.get(), kGrey);
    zbar::zbar_image_set_size(image.get(), static_cast<unsigned>(grey.width()),
                              static_cast<unsigned>(grey.height()));
    zbar::zbar_image_set_data(image.get(), points.data(), points.size(), nullptr);
    zbar::zbar_scan_image(scanner.get(), image.get());
    int number = 0;
    for (const auto *symbol = zbar::zbar_image_first_symbol(image.get()); symbol != nullptr;
         symbol = zbar::zbar_symbol_next(symbol)) {
        write({Kind::Text,
               std::string(zbar::zbar_get_symbol_name(zbar::zbar_symbol_get_type(symbol))) + ' ' +
                   std::to_string(++number),
               std::string(zbar::zbar_symbol_get_data(symbol),
                           zbar::zbar_symbol_get_data_length(symbol))});
    }
}

void readImage(const std::string &bytes, const std::function<void(const ReaderRecord &)> &write) {
    QByteArray view = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&view);
    buffer.open(QIODevice::ReadOnly);
    QImageReader::setAllocationLimit(kMostMebibytes);
    QImageReader reader(&buffer);
    if (!reader.canRead()) {
        write({Kind::Skip, {}, "not-supported"});
        return;
    }
    const auto size = reader.size();
    if (size.isValid() && qint64{size.width()} * size.height() > kMostPoints) {
        write({Kind::Skip, {}, "image-too-large"});
        return;
    }
    if (size.isValid() && (size.width() < kSmallestCode || size.height() < kSmallestCode)) {
        return;
    }
    const auto picture = reader.read();
    if (picture.isNull()) {
        write({Kind::Skip, {}, "image-damaged"});
        return;
    }
    if (const auto text = properties(picture); !text.empty()) {
        write({Kind::Text, "properties", text});
    }
    readCodes(picture, write);
}

} // namespace sealpost::scan
