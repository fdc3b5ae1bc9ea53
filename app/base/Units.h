// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace sealpost::base {

//! A TCP or UDP port, host byte order.
enum class Port : std::uint16_t {};

//! A number of bytes.
using ByteCount = std::uint64_t;

inline constexpr ByteCount kKiB = 1024;
inline constexpr ByteCount kMiB = 1024 * kKiB;

inline constexpr Port kSmtpPort{25};
inline constexpr Port kSubmissionsPort{465};
inline constexpr Port kSubmissionPort{587};

} // namespace sealpost::base

namespace sealpost {
using base::ByteCount;
using base::Port;
} // namespace sealpost
