// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Account.h"
#include "net/DnsResolver.h"

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::submit {

//! Where an account's settings were found.
enum class SettingsSource {
    Provider,   //!< the domain's mail goes to Microsoft or Google
    Autoconfig, //!< the domain's own description, over HTTPS (Thunderbird's format)
    Srv,        //!< SRV records (RFC 6186, RFC 8314 §5.1)
};

[[nodiscard]] constexpr std::string_view toString(SettingsSource source) {
    switch (source) {
    case SettingsSource::Provider:
        return "provider";
    case SettingsSource::Autoconfig:
        return "autoconfig";
    case SettingsSource::Srv:
        return "srv";
    }
    return "srv";
}

struct FoundAccount {
    mail::Account account; //!< without a name; OAuth's client as the organisation registered it
    SettingsSource source = SettingsSource::Srv;
    //! Whether it is certain that the server is the domain's: by DNSSEC, by HTTPS, because the
    //! server is under the domain, or because it is the provider's own. Else a person looks at its
    //! name before a password goes there (RFC 6186 §6).
    bool certain = false;
};

using HttpsGet =
    std::function<Result<std::string>(const std::string &url, Deadline, std::stop_token)>;

//! Finds the submission server of an address, and the server of its mailbox for the Sent folder:
//! none for Microsoft and Google, who file there what they take, and none that is not certainly the
//! domain's. What the network says can only name a server; TLS
//! with it is enforced as ever. Any thread.
class AccountFinder {
public:
    AccountFinder(std::shared_ptr<net::DnsResolver> resolver, HttpsGet get)
        : m_resolver(std::move(resolver)), m_get(std::move(get)) {}
    //! FixInput "account.not-found-for" with the domain as subject.
    [[nodiscard]] Result<FoundAccount> find(const mail::Address &address, Deadline deadline,
                                            const std::stop_token &stop) const;

private:
    [[nodiscard]] std::optional<FoundAccount> byMx(const mail::Address &address, Deadline deadline,
                                                   const std::stop_token &stop) const;
    [[nodiscard]] std::optional<FoundAccount> byAutoconfig(const mail::Address &address,
                                                           Deadline deadline,
                                                           const std::stop_token &stop) const;
    [[nodiscard]] std::optional<FoundAccount> bySrv(const mail::Address &address, Deadline deadline,
                                                    const std::stop_token &stop) const;
    void addMailbox(mail::Account &account, Deadline deadline, const std::stop_token &stop) const;

    std::shared_ptr<net::DnsResolver> m_resolver;
    HttpsGet m_get;
};

} // namespace sealpost::submit
