// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "crypto/ReaderCapabilities.h"

#include <optional>
#include <string>
#include <string_view>

namespace sealpost::crypto {

//! What is remembered of people beside their certificates; store implements it. Addresses are
//! addr-specs, whose letters compare without case. Any thread.
class CorrespondentMemory {
public:
    CorrespondentMemory() = default;
    CorrespondentMemory(const CorrespondentMemory &) = delete;
    CorrespondentMemory &operator=(const CorrespondentMemory &) = delete;
    virtual ~CorrespondentMemory() = default;

    //! What somebody's last signed message said that they can read; nothing where none is known, or
    //! where it can't be found out.
    [[nodiscard]] virtual ReaderCapabilities capabilities(std::string_view addressSpec) = 0;
    //! An older message than the last one changes nothing.
    [[nodiscard]] virtual Result<void>
    learn(std::string_view addressSpec, const ReaderCapabilities &capabilities, Time signedAt) = 0;

    //! The fingerprint of the one certificate that a person has chosen for an address.
    [[nodiscard]] virtual Result<std::optional<std::string>>
    pinned(std::string_view addressSpec) = 0;
    //! An empty fingerprint takes the choice back.
    [[nodiscard]] virtual Result<void> pin(std::string_view addressSpec,
                                           std::string_view fingerprint) = 0;
};

} // namespace sealpost::crypto
