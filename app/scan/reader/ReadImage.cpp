// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/reader/ReadImage.h"

#include <QBuffer>
#include <QImage>
#include <QImageReader>
#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <vector>
#include <zbar.h>

namespace sealpost::scan {

namespace {

using Kind = ReaderRecord::Kind;

constexpr qint64 kMostPoints = qint64{64} * 1000 * 1000; //!< a camera's best
constexpr int kMostMebibytes = 384;
constexpr int kMostFrames = 32;
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
template <typename Source> std::string properties(const Source &picture) {
    std::string text;
    for (const auto &key : picture.textKeys()) {
        text += key.toStdString() + ": " + picture.text(key).toStdString() + '\n';
    }
    return text;
}

struct Code {
    std::string kind;
    std::string text;
};

std::vector<Code> codesIn(const QImage &grey) {
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
    std::vector<Code> codes;
    for (const auto *symbol = zbar::zbar_image_first_symbol(image.get()); symbol != nullptr;
         symbol = zbar::zbar_symbol_next(symbol)) {
        codes.push_back({zbar::zbar_get_symbol_name(zbar::zbar_symbol_get_type(symbol)),
                         std::string(zbar::zbar_symbol_get_data(symbol),
                                     zbar::zbar_symbol_get_data_length(symbol))});
    }
    return codes;
}

//! In shades of grey, what is transparent being of this colour.
QImage greyOver(const QImage &picture, int background) {
    if (!picture.hasAlphaChannel()) {
        return picture.convertToFormat(QImage::Format_Grayscale8);
    }
    const auto colours = picture.convertToFormat(QImage::Format_ARGB32);
    QImage grey(colours.size(), QImage::Format_Grayscale8);
    for (int y = 0; y < colours.height(); ++y) {
        const auto *from = reinterpret_cast<const QRgb *>(colours.constScanLine(y));
        auto *to = grey.scanLine(y);
        for (int x = 0; x < colours.width(); ++x) {
            const int alpha = qAlpha(from[x]);
            to[x] = static_cast<uchar>((qGray(from[x]) * alpha + background * (255 - alpha)) / 255);
        }
    }
    return grey;
}

//! For the other ways of looking, which shall not cost more than the first.
QImage inverted(const QImage &grey) {
    constexpr double kMost = 1.5e6; // points
    const double points = static_cast<double>(grey.width()) * grey.height();
    const double factor = std::sqrt(kMost / points);
    auto picture = factor >= 1 ? grey
                               : grey.scaled(static_cast<int>(grey.width() * factor) + 1,
                                             static_cast<int>(grey.height() * factor) + 1,
                                             Qt::IgnoreAspectRatio, Qt::SmoothTransformation)
                                     .convertToFormat(QImage::Format_Grayscale8);
    picture.invertPixels();
    return picture;
}

//! None of a picture that is large already.
QImage enlarged(const QImage &grey) {
    constexpr qint64 kSmall = 300'000; // points
    constexpr int kTimes = 3;
    return qint64{grey.width()} * grey.height() > kSmall
               ? QImage()
               : grey.scaled(grey.width() * kTimes, grey.height() * kTimes, Qt::IgnoreAspectRatio,
                             Qt::FastTransformation);
}

//! Light codes on dark ground, and codes whose squares are single points, are none to zbar: where
//! there is no code, the picture is looked at in other ways.
std::vector<Code> codesInAnyWay(const QImage &picture) {
    constexpr int kWhite = 255;
    QImage grey;
    std::vector<Code> codes;
    for (const int background : {kWhite, 0}) {
        if (!codes.empty() || (background == 0 && !picture.hasAlphaChannel())) {
            break;
        }
        grey = greyOver(picture, background);
        codes = codesIn(grey);
        if (codes.empty()) {
            codes = codesIn(inverted(grey));
        }
    }
    if (const auto larger = codes.empty() ? enlarged(grey) : QImage(); !larger.isNull()) {
        codes = codesIn(larger);
    }
    return codes;
}

bool isTooSmallForCodes(const QSize &size) {
    return size.width() < kSmallestCode || size.height() < kSmallestCode;
}

//! What is told of the frames of an animation, or the pages of a file of pictures.
class Frames {
public:
    //! `told`: properties that were told already.
    Frames(std::string told, const std::function<void(const ReaderRecord &)> &write)
        : m_write(write), m_properties(std::move(told)) {}

    void take(const QImage &picture) {
        ++m_number;
        m_points += qint64{picture.width()} * picture.height();
        if (auto text = properties(picture); !text.empty() && text != m_properties) {
            m_properties = std::move(text);
            m_write({Kind::Text, "properties", m_properties});
        }
        if (isTooSmallForCodes(picture.size())) {
            return;
        }
        for (const auto &[kind, text] : codesInAnyWay(picture)) {
            if (m_codes.insert(text).second) {
                m_write({Kind::Text, kind + ' ' + std::to_string(m_codes.size()), text});
            }
        }
    }
    [[nodiscard]] bool isEnough() const {
        return m_number >= kMostFrames || m_points > kMostPoints;
    }
    [[nodiscard]] int number() const { return m_number; }

private:
    const std::function<void(const ReaderRecord &)> &m_write;
    std::string m_properties;
    std::set<std::string> m_codes;
    qint64 m_points = 0;
    int m_number = 0;
};

} // namespace

void readCodes(const QImage &picture, const std::function<void(const ReaderRecord &)> &write) {
    int number = 0;
    for (const auto &[kind, text] : codesInAnyWay(picture)) {
        write({Kind::Text, kind + ' ' + std::to_string(++number), text});
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
    const auto told = properties(reader);
    if (!told.empty()) {
        write({Kind::Text, "properties", told}); // also of a picture that can't be drawn
    }
    if (size.isValid() && qint64{size.width()} * size.height() > kMostPoints) {
        write({Kind::Skip, {}, "image-too-large"});
        return;
    }
    Frames frames(told, write);
    for (auto picture = reader.read(); !picture.isNull(); picture = reader.read()) {
        frames.take(picture);
        if (frames.isEnough() || !reader.canRead()) {
            break;
        }
    }
    if (frames.number() == 0) {
        write({Kind::Skip, {}, "image-damaged"});
    } else if (frames.isEnough() && reader.canRead()) {
        write({Kind::Skip, "frame " + std::to_string(frames.number() + 1), "too-many-pages"});
    } else if (bytes.find("acTL") <
               bytes.find("IDAT")) { // an animation, which Qt takes for one picture
        write({Kind::Skip, "frame 2", "not-supported"});
    }
}

} // namespace sealpost::scan
