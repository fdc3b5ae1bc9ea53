// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: formats whose libraries are too large to trust, read in a process of their own.
#pragma once

#include "scan/Matcher.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::scan {

enum class ReaderTask { Pdf, Image };

//! One thing that the reader got out of a file.
struct ReaderRecord {
    enum class Kind : char {
        Text = 'T', //!< `name`: "page 3", "QR code"
        File = 'F', //!< an attachment: its name and bytes
        Skip = 'S', //!< `name`: what, or empty; `data`: why, a word of Skipped
        End = 'E',  //!< the last one: nothing was lost
    };
    Kind kind = Kind::End;
    std::string name;
    std::string data;
};

struct ReaderReport {
    std::vector<ReaderRecord> records; //!< what came before the failure, if any
    std::string_view failure; //!< empty, "helper-missing", "helper-failed" or "took-too-long"
};

//! Starts the program sealpost-reader for each file: a crash, a loop or a hunger for memory in a
//! library stays there, and the file is told of as skipped. Any thread.
class Reader {
public:
    //! The program beside our own one.
    Reader();
    explicit Reader(std::string program) : m_program(std::move(program)) {}

    [[nodiscard]] ReaderReport read(ReaderTask task, std::string_view bytes,
                                    const Patience &patience) const;

private:
    std::string m_program;
};

} // namespace sealpost::scan
