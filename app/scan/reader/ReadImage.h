// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Reader.h"

#include <functional>
#include <string>

namespace sealpost::scan {

//! What the QR and bar codes in a picture say.
void readImage(const std::string &bytes, const std::function<void(const ReaderRecord &)> &write);

} // namespace sealpost::scan
