// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: one file and what it holds, level by level.
#pragma once

#include "scan/FileKind.h"
#include "scan/Matcher.h"
#include "scan/Scanner.h"
#include "scan/Unpacker.h"

#include <string>
#include <string_view>

namespace sealpost::scan {

class ContentWalk {
public:
    ContentWalk(const Matcher &matcher, const ScanLimits &limits, Patience patience,
                std::string source)
        : m_matcher(matcher), m_budget{limits}, m_patience(std::move(patience)),
          m_source(std::move(source)) {}

    [[nodiscard]] Result<void> visit(std::string_view bytes, const std::string &part, int depth);
    [[nodiscard]] ScanReport take();

private:
    Result<void> visitText(std::string_view bytes, const std::string &part);
    Result<void> visitArchive(std::string_view bytes, const std::string &part, int depth);
    Result<void> visitMail(std::string_view bytes, const std::string &part, int depth);
    void addFile(std::string_view kind, Category category, const std::string &part);
    void skip(const std::string &part, std::string_view why);

    const Matcher &m_matcher;
    Budget m_budget;
    Patience m_patience;
    std::string m_source;
    ScanReport m_report;
};

} // namespace sealpost::scan
