// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "store/SealedFacts.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace sealpost::runtime {

//! What this profile remembers of its organisation's bundles, sealed.
struct BundleMemory {
    std::uint64_t version = 0;    //!< the highest that was ever taken
    std::string digest;           //!< SHA-256 of that one's document, hexadecimal
    Time seen{};                  //!< the latest time that this profile has seen
    Time asked{};                 //!< when the server was last asked
    Time fetched{};               //!< when the server last gave a bundle that could be taken
    std::optional<Error> trouble; //!< what kept the last one asked for from being taken
    std::string signedBundle;     //!< as it came; empty: none yet

    //! Database's errors, and "store.damaged".
    [[nodiscard]] static Result<BundleMemory> read(const store::SealedFacts &facts);
    [[nodiscard]] Result<void> writeState(store::SealedFacts &facts) const;
    //! State and bundle, both or neither.
    [[nodiscard]] Result<void> writeAll(store::SealedFacts &facts) const;
};

} // namespace sealpost::runtime
