// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sealpost::base {

//! A secret in memory: moved, never copied, wiped when it goes.
class SecretBytes {
public:
    SecretBytes() = default;
    //! Takes the bytes over and wipes the source.
    explicit SecretBytes(std::string &&bytes);
    //! Copies from memory that the caller owns and wipes.
    explicit SecretBytes(std::string_view bytes);
    SecretBytes(const SecretBytes &) = delete;
    SecretBytes &operator=(const SecretBytes &) = delete;
    SecretBytes(SecretBytes &&other) noexcept;
    SecretBytes &operator=(SecretBytes &&other) noexcept;
    ~SecretBytes();

    //! `size` bytes from the operating system's generator.
    [[nodiscard]] static SecretBytes random(std::size_t size);
    [[nodiscard]] SecretBytes clone() const { return SecretBytes(view()); }

    [[nodiscard]] std::string_view view() const { return m_bytes; }
    [[nodiscard]] bool empty() const { return m_bytes.empty(); }
    [[nodiscard]] std::size_t size() const { return m_bytes.size(); }

private:
    std::string m_bytes;
};

//! Overwrites the whole allocation of `bytes` in a way that is not optimised away, and empties it.
void wipe(std::string &bytes) noexcept;

} // namespace sealpost::base

namespace sealpost {
using base::SecretBytes;
} // namespace sealpost
