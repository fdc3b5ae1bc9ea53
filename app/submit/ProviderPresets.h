// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mail/Account.h"
#include "policy/Policy.h"

#include <optional>
#include <string_view>

//! What accounts at Microsoft and Google have in common.
namespace sealpost::submit {

//! Server, TLS, sign-in, issuer and scope of the provider; of others nothing is changed.
//! Microsoft's issuer is of the organisation's own tenant, so it stays empty.
void applyPreset(mail::Account &account, mail::ProviderKind kind);

//! Whose server that takes mail for a domain it is: "x.mail.protection.outlook.com" is Office 365.
[[nodiscard]] std::optional<mail::ProviderKind> providerOfMx(std::string_view host);

//! Fills what the organisation has registered Sealpost as, where the account has no client id: by
//! its issuer, or, of Office 365 without one, where the policy names just one tenant.
void fillOAuthClient(mail::Account &account, const policy::AccountPolicy &policy);

} // namespace sealpost::submit
