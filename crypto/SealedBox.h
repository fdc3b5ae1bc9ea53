// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"

#include <string>
#include <string_view>

namespace sealpost::crypto {

inline constexpr std::size_t kSealedBoxKeySize = 32;

//! Authenticated encryption at rest: AES-256-GCM, a random 96-bit nonce for each box. A box is
//! version (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16). Any thread.
class SealedBox {
public:
    //! `key` has kSealedBoxKeySize bytes.
    explicit SealedBox(SecretBytes key);
    //! Seals with `key`, but derives as the box did whose root() this is: what was found by a
    //! derived key before the sealing key was changed is still found.
    SealedBox(SecretBytes key, SecretBytes root);

    //! `context` binds the box to its place (table, row, column, sequence); it is not stored.
    [[nodiscard]] Result<std::string> seal(std::string_view plain, std::string_view context) const;
    //! AskAdmin "store.damaged" where box, key or context is not the one that it was sealed with.
    [[nodiscard]] Result<std::string> open(std::string_view box, std::string_view context) const;

    //! A key for another purpose out of this one (HKDF-SHA-256, RFC 5869).
    [[nodiscard]] SecretBytes derive(std::string_view purpose) const;
    //! What derive() stands on: HKDF's pseudorandom key, which does not give the key away.
    [[nodiscard]] const SecretBytes &root() const { return m_root; }

private:
    SecretBytes m_key;
    SecretBytes m_root;
};

//! HMAC-SHA-256 (RFC 2104), 32 bytes.
[[nodiscard]] std::string hmacSha256(std::string_view key, std::string_view data);
//! SHA-256, 32 bytes.
[[nodiscard]] std::string sha256(std::string_view data);

//! SHA-256 over many pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256 &) = delete;
    Sha256 &operator=(const Sha256 &) = delete;
    void add(std::string_view data);
    [[nodiscard]] std::string finish(); //!< 32 bytes; once

private:
    void *m_context;
};

} // namespace sealpost::crypto
