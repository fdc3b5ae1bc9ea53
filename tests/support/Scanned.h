// SPDX-License-Identifier: GPL-3.0-or-later
// What the scanner says of one file, as lists that tests compare.
#pragma once

#include "scan/Scanner.h"

#include <QStringList>

namespace sealpost::test {

inline scan::ScanReport scanned(const std::string &bytes, const std::string &name,
                                scan::ScanLimits limits = {}) {
    const auto scanner = scan::Scanner::create(limits);
    const auto report =
        (*scanner)->scanBytes(bytes, name, Deadline::after(std::chrono::minutes(5)), {});
    return report ? *report : scan::ScanReport{};
}

//! "KIND@PART", sorted.
inline QStringList found(const scan::ScanReport &report) {
    QStringList all;
    for (const auto &finding : report.findings) {
        all += QString::fromStdString(finding.kind + '@' + finding.location.part);
    }
    all.sort();
    return all;
}

//! "PATH: WHY", in order.
inline QStringList skipped(const scan::ScanReport &report) {
    QStringList all;
    for (const auto &one : report.skipped) {
        all += QString::fromStdString(one.path + ": " + one.why);
    }
    return all;
}

} // namespace sealpost::test
