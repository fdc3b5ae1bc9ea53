// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "Evidence.h"

#include <cstdint>
#include <random>

//! Random messages, recipients, accounts and policies, and restrictions to put on them.
namespace sealpost::routing::testing {

//! The same numbers everywhere for one seed, which the library's distributions don't promise.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : m_engine(seed) {}
    [[nodiscard]] std::size_t below(std::size_t bound) { return m_engine() % bound; }
    [[nodiscard]] bool maybe() { return below(2) == 0; }
    template <class Items> [[nodiscard]] auto oneOf(const Items &items) {
        return *(std::begin(items) + static_cast<std::ptrdiff_t>(below(std::size(items))));
    }

private:
    std::mt19937_64 m_engine;
};

//! All that one decision about one recipient depends on.
struct Case {
    MessageFacts message;
    RecipientEvidence recipient;
    AccountFacts account;
    policy::Policy policy;
};

enum class Rows {
    Any,    //!< the decision's rows have nothing to do with each other
    Nested, //!< what calls for more is never let more ways than what calls for less
};

[[nodiscard]] Case randomCase(Dice &dice, Rows rows);

//! Makes the case stricter in one way; its name, or nothing where that way is not to be had.
//! `Nested` adds those that move a message into a row that calls for more.
[[nodiscard]] const char *restrict(Case &which, Dice &dice, Rows rows);

} // namespace sealpost::routing::testing
