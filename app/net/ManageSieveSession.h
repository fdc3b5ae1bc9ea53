// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "crypto/TlsEngine.h"
#include "net/ByteStream.h"

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::net {

struct SieveScriptName {
    std::string name;
    bool active = false;
};

//! One ManageSieve dialogue (RFC 5804), reading alone. One thread. Errors: the stream's and
//! TlsStream's; Retry "sieve.garbage" (what came is not ManageSieve, or larger than any honest
//! reply); AskAdmin "sieve.no-tls" (no STARTTLS: nothing is said in the clear), "sieve.injected"
//! (bytes after the reply to STARTTLS, before TLS), "sieve.no-mechanism" (no SASL PLAIN; those that
//! it has as detail), "sieve.refused" (a NO or BYE; its code as detail); FixInput "sieve.auth"
//! (user name or password is wrong).
class ManageSieveSession {
public:
    //! Reads the greeting.
    [[nodiscard]] static Result<std::unique_ptr<ManageSieveSession>>
    open(std::unique_ptr<ByteStream> stream, Deadline deadline, std::stop_token stop);
    ~ManageSieveSession();
    ManageSieveSession(const ManageSieveSession &) = delete;
    ManageSieveSession &operator=(const ManageSieveSession &) = delete;

    [[nodiscard]] Result<void> startTls(const crypto::TlsClientConfig &config);
    //! SASL PLAIN (RFC 4616), under TLS alone.
    [[nodiscard]] Result<void> authenticate(std::string_view userName,
                                            const base::SecretBytes &password);
    [[nodiscard]] Result<std::vector<SieveScriptName>> listScripts();
    [[nodiscard]] Result<std::string> getScript(std::string_view name);
    void logOut();

private:
    struct Private;
    explicit ManageSieveSession(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::net
