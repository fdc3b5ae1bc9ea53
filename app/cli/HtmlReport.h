// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "base/Result.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

class QTemporaryFile;

namespace sealpost::cli {

//! How many domains have which assurance.
using AssuranceCounts = std::map<Assurance, std::int64_t>;

//! From the one that needs most attention to the best.
inline constexpr std::array kWorstFirst = {
    Assurance::Violated,      Assurance::None,      Assurance::Weak,
    Assurance::Undeliverable, Assurance::Unknown,   Assurance::Registered,
    Assurance::Verified,      Assurance::Published, Assurance::Enforced};

//! What an administrator keeps and sends on: one HTML file with a summary and a table, the worst
//! first, without scripts and without anything from elsewhere. Rows wait in temporary files, one
//! for each assurance, so that memory does not grow with their number. Any thread.
class HtmlReport {
public:
    HtmlReport();
    ~HtmlReport();
    HtmlReport(const HtmlReport &) = delete;
    HtmlReport &operator=(const HtmlReport &) = delete;

    //! `name`: the domain or address that was asked about.
    void add(const std::string &name, const assurance::DomainReport &report);
    //! Puts the whole in place of `file`, or leaves that as it was. AskAdmin "input.unwritable"
    //! with the reason.
    [[nodiscard]] Result<void> write(const std::string &file, const AssuranceCounts &counts,
                                     Time now, bool complete);

private:
    std::mutex m_mutex;
    std::map<Assurance, std::unique_ptr<QTemporaryFile>> m_rows;
    bool m_failed = false;
};

} // namespace sealpost::cli
