// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! How the operating system signs a digest with one of its keys.
struct SystemSignature {
    enum class Digest { Sha256, Sha384, Sha512 };
    enum class Padding {
        Pkcs1, //!< RSA, PKCS#1 v1.5 (RFC 8017 §8.2)
        Pss,   //!< RSA, with MGF1 of the same digest and a salt as long as it (RFC 8017 §8.1)
        None,  //!< ECDSA
    };
    Digest digest = Digest::Sha256;
    Padding padding = Padding::Pkcs1;
};

enum class SystemTransport {
    Pkcs1, //!< RFC 8017 §7.2
    Oaep,  //!< SHA-1 and MGF1 of it, the default of CMS (RFC 3560)
};

//! Certificates and keys that the operating system keeps for this person, smart cards that it knows
//! included (docs/adr/0015). Keys never leave it: it may ask the person itself, for a PIN or a
//! fingerprint. Any thread. A certificate is named by its DER.
//! Errors: FixInput "system-store.no-key" (none for this certificate), "system-store.cancelled"
//! (the person broke off), "system-store.no-card"; AskAdmin "system-store.unsupported" (its key
//! can't do what is asked), "system-store.failed" with the system's code as detail.
class SystemKeyStore {
public:
    SystemKeyStore() = default;
    SystemKeyStore(const SystemKeyStore &) = delete;
    SystemKeyStore &operator=(const SystemKeyStore &) = delete;
    virtual ~SystemKeyStore() = default;

    //! The person's own certificates: those whose private key the system has.
    [[nodiscard]] virtual Result<std::vector<std::string>> own() = 0;
    //! Other people's, and authorities between these and their roots: material that is trusted for
    //! nothing.
    [[nodiscard]] virtual Result<std::vector<std::string>> others() = 0;

    //! RSA: the signature (RFC 8017); ECDSA: r ‖ s, each as long as the curve's order.
    [[nodiscard]] virtual Result<std::string>
    sign(std::string_view certificate, const SystemSignature &how, std::string_view digest) = 0;
    //! RSA: the content of `encrypted`, without its padding.
    [[nodiscard]] virtual Result<SecretBytes> decrypt(std::string_view certificate,
                                                      SystemTransport transport,
                                                      std::string_view encrypted) = 0;
    //! ECDH (RFC 5753): x of the shared point, for the other side's point, 04 ‖ x ‖ y.
    [[nodiscard]] virtual Result<SecretBytes> agree(std::string_view certificate,
                                                    std::string_view point) = 0;
};

//! This system's; none where it has no such store, or none that is known here.
[[nodiscard]] std::unique_ptr<SystemKeyStore> systemKeyStore();

} // namespace sealpost::crypto
