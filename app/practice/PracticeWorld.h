// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "crypto/CertificateStore.h"
#include "crypto/Keychain.h"
#include "mail/Account.h"
#include "net/DnsResolver.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sealpost::practice {

//! All that practice mode puts in the place of the outside: an authority, three people, a loopback
//! submission server, mail servers of the practice domains, and the DNS that leads to them.
//! No account, no network, no OS keychain; nothing in it protects a real secret.
class PracticeWorld {
public:
    //! Makes the world in `folder`, or takes up the one that is there, and starts its servers.
    //! AskAdmin "practice.folder", "net.listen".
    [[nodiscard]] static Result<std::unique_ptr<PracticeWorld>>
    start(const std::filesystem::path &folder, std::shared_ptr<const Clock> clock);
    ~PracticeWorld(); //!< stops the servers
    PracticeWorld(const PracticeWorld &) = delete;
    PracticeWorld &operator=(const PracticeWorld &) = delete;

    //! Practice secrets, in a file of the practice folder: real profiles can't get at this class.
    [[nodiscard]] std::shared_ptr<crypto::Keychain> keychain() const;
    [[nodiscard]] std::shared_ptr<net::DnsResolver> resolver() const;
    //! PEM file with the authority's root, for TLS.
    [[nodiscard]] std::string caFile() const;
    [[nodiscard]] crypto::UrlFetcher crlFetcher() const;
    //! The port at which the practice domains' mail servers answer, in place of 25.
    [[nodiscard]] Port smtpPort() const;
    //! Sam's account on the practice server; its port is of this run.
    [[nodiscard]] mail::Account account() const;
    [[nodiscard]] std::string accountPassword() const;
    //! Brings authority, Sam's key and Jo's certificate into the store; no work where they are.
    [[nodiscard]] Result<void> furnish(crypto::CertificateStore &store, Deadline deadline) const;
    //! Whom Sam has written to before.
    [[nodiscard]] std::vector<mail::Address> acquaintances() const;
    //! Where the server files what it gets, one .eml with its envelope in X- fields each.
    [[nodiscard]] std::filesystem::path inbox() const;

private:
    struct Private;
    explicit PracticeWorld(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::practice
