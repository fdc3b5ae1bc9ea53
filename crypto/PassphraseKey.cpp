// SPDX-License-Identifier: GPL-3.0-or-later
#include "crypto/PassphraseKey.h"

#include "crypto/OpenSslTypes.h"
#include "crypto/SealedBox.h"

#include <openssl/evp.h>

namespace sealpost::crypto {

Result<SecretBytes> keyFromPassphrase(const SecretBytes &passphrase, std::string_view salt) {
    constexpr std::uint64_t kCost = std::uint64_t{1} << 17U;
    constexpr std::uint64_t kBlock = 8;
    constexpr std::uint64_t kMemory = std::uint64_t{160} << 20U;
    std::string key(kSealedBoxKeySize, '\0');
    if (EVP_PBE_scrypt(passphrase.view().data(), passphrase.size(),
                       reinterpret_cast<const unsigned char *>(salt.data()), salt.size(), kCost,
                       kBlock, 1, kMemory, reinterpret_cast<unsigned char *>(key.data()),
                       key.size()) != 1) {
        return fail("passphrase.failed", "passphrase", Reaction::AskAdmin, takeOpenSslError());
    }
    return SecretBytes(std::move(key));
}

} // namespace sealpost::crypto
