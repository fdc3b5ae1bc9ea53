// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <cstddef>
#include <string_view>

namespace sealpost::net {

//! Looks at a message on its way, in pieces cut anywhere, and refuses what a relay may read in
//! another way than we do. Bug "smtp.bare-newline" (CR without LF or the reverse),
//! "smtp.line-too-long" (over 998 octets), "smtp.not-7bit" (NUL or above 127).
class ContentCheck {
public:
    [[nodiscard]] Result<void> add(std::string_view piece);
    //! At the message's end.
    [[nodiscard]] Result<void> finish() const;

private:
    bool m_afterCr = false;
    std::size_t m_column = 0; //!< octets of this line, without its CRLF
};

} // namespace sealpost::net
