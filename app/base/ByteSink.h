// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sealpost::base {

//! Takes a stream of bytes in order; an error ends it.
class ByteSink {
public:
    ByteSink() = default;
    ByteSink(const ByteSink &) = delete;
    ByteSink &operator=(const ByteSink &) = delete;
    virtual ~ByteSink() = default;
    [[nodiscard]] virtual Result<void> write(std::string_view bytes) = 0;
};

//! Gives a stream of bytes in order; 0 read means its end.
class ByteSource {
public:
    ByteSource() = default;
    ByteSource(const ByteSource &) = delete;
    ByteSource &operator=(const ByteSource &) = delete;
    virtual ~ByteSource() = default;
    [[nodiscard]] virtual Result<std::size_t> read(std::span<char> into) = 0;
};

//! Collects in memory.
class StringSink final : public ByteSink {
public:
    [[nodiscard]] Result<void> write(std::string_view bytes) override {
        m_bytes += bytes;
        return {};
    }
    [[nodiscard]] const std::string &bytes() const { return m_bytes; }
    [[nodiscard]] std::string take() { return std::move(m_bytes); }

private:
    std::string m_bytes;
};

//! Reads memory that outlives it.
class ViewSource final : public ByteSource {
public:
    explicit ViewSource(std::string_view bytes) : m_rest(bytes) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> into) override {
        const auto count = m_rest.copy(into.data(), into.size());
        m_rest.remove_prefix(count);
        return count;
    }

private:
    std::string_view m_rest;
};

} // namespace sealpost::base
