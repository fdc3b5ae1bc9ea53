// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace sealpost::assurance {

enum class Freshness {
    Cached,    //!< what is remembered and has not expired will do
    FreshOnce, //!< ask again, but what this process has asked since its start will do: a list
    Fresh,     //!< ask again
};

} // namespace sealpost::assurance
