// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/ContentCheck.h"

#include <string>
#include <string_view>

namespace sealpost::net {

//! A message, in pieces cut anywhere, into what stands between DATA and the last dot. Errors are
//! ContentCheck's.
class DotStuffer {
public:
    //! The next piece, stuffed.
    [[nodiscard]] Result<std::string> add(std::string_view piece);
    //! What ends the content, the last dot included.
    [[nodiscard]] Result<std::string> finish() const;

private:
    ContentCheck m_check;
    bool m_atLineStart = true;
};

} // namespace sealpost::net
