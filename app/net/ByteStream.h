// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"

#include <cstddef>
#include <span>
#include <stop_token>
#include <string_view>

namespace sealpost::net {

//! A connected, ordered stream of bytes. One thread.
//! Errors of reading and writing: Retry "net.deadline", "net.stopped", "net.broken".
class ByteStream {
public:
    ByteStream() = default;
    ByteStream(const ByteStream &) = delete;
    ByteStream &operator=(const ByteStream &) = delete;
    virtual ~ByteStream() = default;
    //! At least one byte, or 0 at the end of the stream.
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> into, Deadline deadline,
                                                   std::stop_token stop) = 0;
    //! All bytes.
    [[nodiscard]] virtual Result<void> write(std::string_view bytes, Deadline deadline,
                                             std::stop_token stop) = 0;
    virtual void close() = 0;
};

} // namespace sealpost::net
