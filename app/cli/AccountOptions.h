// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"
#include "cli/ExitCode.h"
#include "cli/Output.h"
#include "cli/Verb.h"
#include "mail/Account.h"
#include "policy/Policy.h"
#include "submit/AccountFinder.h"

#include <functional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace sealpost::cli {

//! What fills in that a person did not type.
struct AccountHelp {
    policy::AccountPolicy policy;
    //! Looks for the settings of an address; empty where policy forbids it.
    std::function<Result<submit::FoundAccount>(const mail::Address &)> find;
};

//! The options that describe a submission account, with what is usual at Microsoft and Google.
class AccountOptions {
public:
    void define(const Verb &app);
    //! The account; the exit code where it is none, which has been reported then.
    [[nodiscard]] tl::expected<mail::Account, ExitCode> read(const AccountHelp &help,
                                                             Output &output) const;
    //! The key of --certificate; empty without one.
    [[nodiscard]] tl::expected<SecretBytes, ExitCode> certificateKey(Output &output) const;

    [[nodiscard]] const std::string &name() const { return m_name; }
    [[nodiscard]] const std::string &passwordFile() const { return m_passwordFile; }

private:
    [[nodiscard]] Result<void> applyKnown(mail::Account &account, const AccountHelp &help,
                                          Output &output) const;
    [[nodiscard]] Result<void> applyTyped(mail::Account &account) const;
    [[nodiscard]] tl::expected<void, ExitCode> checkServers(const mail::Account &account,
                                                            Output &output) const;

    std::string m_name;
    std::string m_address;
    std::vector<std::string> m_identities;
    std::string m_host;
    int m_port = 0;
    std::string m_tls;
    std::string m_user;
    VerbOption m_userOption;
    VerbOption m_imapOption;
    std::string m_provider = "other";
    std::string m_signIn;
    mail::OAuthSettings m_oauth;
    std::string m_certificateFile;
    std::string m_certificateKeyFile;
    std::string m_passwordFile;
    bool m_cjsm = false;
    std::string m_sieveServer;
    std::string m_imapServer;
};

} // namespace sealpost::cli
