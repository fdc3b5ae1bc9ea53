// SPDX-License-Identifier: GPL-3.0-or-later
#include "scan/TextDecoder.h"

#include <QByteArray>
#include <QStringDecoder>
#include <algorithm>
#include <optional>

namespace sealpost::scan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kSample = std::size_t{8} * 1024;

std::optional<QStringConverter::Encoding> utf16Of(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE"sv)) {
        return QStringConverter::Utf16LE;
    }
    if (bytes.starts_with("\xFE\xFF"sv)) {
        return QStringConverter::Utf16BE;
    }
    // Western text without a mark: every other byte is zero.
    const auto sample = bytes.substr(0, kSample);
    if (sample.size() < 8) {
        return std::nullopt;
    }
    std::size_t evenZeros = 0;
    std::size_t oddZeros = 0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
        if (sample[i] == '\0') {
            ++(i % 2 == 0 ? evenZeros : oddZeros);
        }
    }
    const auto most = sample.size() * 2 / 5;
    if (oddZeros > most && evenZeros == 0) {
        return QStringConverter::Utf16LE;
    }
    if (evenZeros > most && oddZeros == 0) {
        return QStringConverter::Utf16BE;
    }
    return std::nullopt;
}

} // namespace

DecodedText::DecodedText(std::string_view bytes) : m_view(bytes) {
    if (const auto encoding = utf16Of(bytes)) {
        QStringDecoder decoder(*encoding);
        const QString wide =
            decoder(QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())));
        m_converted = wide.toStdString();
        m_view = m_converted;
        return;
    }
    if (bytes.starts_with("\xEF\xBB\xBF"sv)) {
        m_view.remove_prefix(3);
    }
    const auto sample = bytes.substr(0, kSample);
    m_hasLines = std::find(sample.begin(), sample.end(), '\0') == sample.end();
}

} // namespace sealpost::scan
