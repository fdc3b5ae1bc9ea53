// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "scan/Reader.h"

#include <functional>
#include <string>

namespace sealpost::scan {

//! A PDF's properties, its pages' text and its attachments.
void readPdf(const std::string &bytes, const std::function<void(const ReaderRecord &)> &write);

} // namespace sealpost::scan
