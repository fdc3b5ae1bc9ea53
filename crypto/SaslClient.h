// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/ChannelBinding.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace sealpost::crypto {

//! By what a person signs in.
enum class SaslProof {
    Password,
    AccessToken, //!< of OAuth 2.0
    Certificate, //!< the TLS client certificate: nothing more is said
};

//! The strongest mechanism that the server offers and that fits the proof; empty where there is
//! none. By falling strength: SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS (both only with a channel to
//! bind to), SCRAM-SHA-256, SCRAM-SHA-1, PLAIN, LOGIN; OAUTHBEARER, XOAUTH2; EXTERNAL. `offered`
//! in upper case.
[[nodiscard]] std::string_view strongestMechanism(std::span<const std::string> offered,
                                                  SaslProof proof, bool hasBinding);

struct SaslIdentity {
    std::string userName; //!< UTF-8
    std::string host;     //!< the server's name; for OAUTHBEARER
    int port = 0;
    ChannelBinding binding;
};

//! The client's side of one SASL exchange (RFC 4422). Knows nothing of the protocol around it; to
//! be used only under TLS, which the caller sees to. One thread.
class SaslClient {
public:
    //! `secret`: password or access token. Bug "sasl.mechanism" where it is none of
    //! strongestMechanism()'s; FixInput "sasl.identity" where user name or secret can't be said in
    //! it (a NUL, nothing at all).
    [[nodiscard]] static Result<std::unique_ptr<SaslClient>>
    start(std::string_view mechanism, const SaslIdentity &identity, const SecretBytes &secret);
    virtual ~SaslClient() = default;
    SaslClient(const SaslClient &) = delete;
    SaslClient &operator=(const SaslClient &) = delete;

    [[nodiscard]] virtual std::string_view mechanism() const = 0;
    //! Whether there is an initial response, which step({}) then makes.
    [[nodiscard]] virtual bool speaksFirst() const = 0;
    //! The answer to a challenge. AskAdmin "sasl.server-proof" where the server does not prove that
    //! it knows the password (RFC 5802 §5.1), "sasl.challenge" where it makes no sense.
    [[nodiscard]] virtual Result<SecretBytes> step(std::string_view challenge) = 0;
    //! Whether the server may now say that all went well; with SCRAM, not before it has proved
    //! itself.
    [[nodiscard]] virtual bool complete() const = 0;

protected:
    SaslClient() = default;
};

} // namespace sealpost::crypto
