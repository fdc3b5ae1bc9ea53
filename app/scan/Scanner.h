// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/Units.h"
#include "scan/Finding.h"
#include "scan/LiveText.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

//! Something that could not be looked into; never silently passed over.
struct Skipped {
    std::string path; //!< source, and part inside it
    //! A stable word: "too-large", "too-deep", "too-many-items", "too-many-findings" (of one text),
    //! "rule-gave-up" (a pattern reached its limit), "suspicious-ratio", "encrypted", "damaged",
    //! "not-supported", "engine"; from the process that reads PDFs and pictures "pdf-damaged",
    //! "too-many-pages", "no-text" (pages that are pictures), "image-too-large", "image-damaged",
    //! "took-too-long", "helper-failed", "helper-missing".
    std::string why;
    std::string detail{}; //!< "rule-gave-up": the rule's id; else empty
};

struct ScanReport {
    std::vector<Finding> findings; //!< in order of location
    std::vector<Skipped> skipped;
    std::uint64_t items = 0; //!< texts and files that were read, those inside containers included
    ByteCount bytes = 0;

    void append(ScanReport &&other);
};

//! Bounds on what is unpacked; past one, the rest is Skipped by name.
struct ScanLimits {
    int depth = 8;
    std::uint64_t items = 20'000;
    ByteCount totalBytes = 1024 * base::kMiB;
    ByteCount itemBytes = 256 * base::kMiB;
    std::uint64_t ratio = 250; //!< bytes out of an archive for each byte of it, past 16 MiB
};

struct ScannerOptions {
    ScanLimits limits{};
    std::vector<std::string> ruleFiles{}; //!< an organisation's own, beside the built-in rules
    std::string cacheFolder{}; //!< where compiling such rules is kept for the next start; or none
};

//! How much of a file has been gone through, from 0 to 1, often and from the scanning thread. Not
//! called for kinds of files of which it can't be told.
using ScanProgress = std::function<void(double share)>;

//! Finds what must not leave in the clear. Immutable after construction; any number of threads may
//! scan with one Scanner at once.
class Scanner {
public:
    //! With the built-in rules alone. Bug "scan.rules" where they don't compile; AskAdmin
    //! "scan.cpu" where the CPU lacks SSE4.2.
    [[nodiscard]] static Result<std::shared_ptr<const Scanner>> create(ScanLimits limits = {});
    //! AskAdmin "scan.rules" for a mistake in a rule file: its place, what is wrong or not
    //! supported, and the file as subject.
    [[nodiscard]] static Result<std::shared_ptr<const Scanner>> create(const ScannerOptions &with);
    ~Scanner();
    Scanner(const Scanner &) = delete;
    Scanner &operator=(const Scanner &) = delete;

    //! Text that a person wrote: a subject or a body (UTF-8). `source` names it in locations.
    [[nodiscard]] ScanReport scanText(std::string_view text, std::string_view source) const;
    //! The same result; only what has changed since the last version that `live` saw is looked at.
    [[nodiscard]] ScanReport scanText(std::string_view text, std::string_view source,
                                      LiveText &live) const;
    //! A file's bytes; `name` (UTF-8) names it and helps to tell its type. Containers and mail are
    //! looked into. Retry "scan.deadline" or "scan.stopped".
    [[nodiscard]] Result<ScanReport> scanBytes(std::string_view bytes, std::string_view name,
                                               Deadline deadline, std::stop_token stop,
                                               ScanProgress progress = {}) const;
    //! Names that have this in common mean the same to scanBytes(): the same bytes under them give
    //! the same report, but for the name.
    [[nodiscard]] std::string meaningOf(std::string_view name) const;

private:
    struct Private;
    explicit Scanner(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::scan
