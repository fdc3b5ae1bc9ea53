// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/TlsEngine.h"
#include "support/TestCa.h"

#include <stdexcept>
#include <string>
#include <string_view>

namespace sealpost::test {

//! The authority of a test program that starts TLS servers; made once.
[[nodiscard]] inline const TestCa &testCa() {
    static const TestCa kAuthority;
    return kAuthority;
}

//! The fault that a dialogue names in "#: certificate WORD"; throws where there is no such word.
[[nodiscard]] inline ServerFault faultFrom(std::string_view word) {
    if (word == "good") {
        return ServerFault::None;
    }
    if (word == "expired") {
        return ServerFault::Expired;
    }
    if (word == "wrong-name") {
        return ServerFault::WrongName;
    }
    if (word == "self-signed") {
        return ServerFault::SelfSigned;
    }
    if (word == "weak-key") {
        return ServerFault::WeakKey;
    }
    throw std::runtime_error("no certificate " + std::string(word));
}

//! A server of testCa()'s.
[[nodiscard]] inline crypto::TlsServerConfig serverTls(const std::string &host,
                                                       ServerFault fault = ServerFault::None) {
    const auto certificate = testCa().server(host, fault);
    crypto::TlsServerConfig config{certificate.chainPem, certificate.keyPem};
    if (fault == ServerFault::WeakKey) {
        config.strength = crypto::ServerStrength::LegacyForTests; // else OpenSSL will not load it
    }
    return config;
}

} // namespace sealpost::test
