// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! A redirect action of a Sieve script (RFC 5228 §4.2).
struct SieveRedirect {
    std::string address; //!< as written; may hold variables
    std::uint32_t line = 0;
    bool computed = false; //!< with a variable (RFC 5229), or not written as a plain string
};

struct SieveReading {
    std::vector<SieveRedirect> redirects;
    std::vector<std::string> includes; //!< scripts that it takes in (RFC 6609): to be read too
    bool understood = true;            //!< false: not Sieve, and may hide more
};

//! Looks for what sends mail on in a script. It does not judge under which conditions: a rule that
//! seldom acts sends mail outside all the same.
[[nodiscard]] SieveReading readSieve(std::string_view script);

} // namespace sealpost::mail
