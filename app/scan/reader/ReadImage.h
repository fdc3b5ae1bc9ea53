// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Reader.h"

#include <functional>
#include <string>

class QImage;

namespace sealpost::scan {

//! What the QR and bar codes in a picture that is decoded say: "QR-Code 1".
void readCodes(const QImage &picture, const std::function<void(const ReaderRecord &)> &write);

//! What the QR and bar codes in a picture say, and its properties.
void readImage(const std::string &bytes, const std::function<void(const ReaderRecord &)> &write);

} // namespace sealpost::scan
