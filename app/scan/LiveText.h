// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Units.h"

#include <memory>

namespace sealpost::scan {

class LiveMatches;
class Scanner;

//! What is known of a text while a person writes it: its last version, and what was found in it. So
//! Scanner::scanText() looks only at what has changed, and gives what it would give for the whole.
//! Holds the text in memory, and nowhere else. One scan at a time, always of one Scanner.
class LiveText {
public:
    LiveText();
    ~LiveText();
    LiveText(const LiveText &) = delete;
    LiveText &operator=(const LiveText &) = delete;

    //! How much of the text the last scan read; all of it the first time, and where a change
    //! reaches further than its surroundings (docs/scanner.md).
    [[nodiscard]] ByteCount looked() const;

private:
    friend class Scanner;
    std::unique_ptr<LiveMatches> m_matches;
};

} // namespace sealpost::scan
