// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace sealpost::net {

//! A message, in pieces cut anywhere, into what stands between DATA and the last dot.
//! It refuses what a relay may read in another way than we do. Bug "smtp.bare-newline" (CR without
//! LF or the reverse), "smtp.line-too-long" (over 998 octets), "smtp.not-7bit" (NUL or above 127).
class DotStuffer {
public:
    //! The next piece, stuffed.
    [[nodiscard]] Result<std::string> add(std::string_view piece);
    //! What ends the content, the last dot included.
    [[nodiscard]] Result<std::string> finish() const;

private:
    bool m_afterCr = false;
    std::size_t m_column = 0; //!< octets of this line, without its CRLF
};

} // namespace sealpost::net
