// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/OAuthTypes.h"

#include "submit/FormFields.h"

namespace sealpost::submit {

SecretBytes OAuthTokens::toSecret() const {
    FormFields fields;
    fields.add("expires", base::toIso8601(expires));
    fields.add("access", access.view());
    fields.add("refresh", refresh.view());
    return fields.take();
}

Result<OAuthTokens> OAuthTokens::fromSecret(const SecretBytes &secret) {
    auto fields = parseForm(secret.view());
    OAuthTokens tokens;
    tokens.expires = base::fromIso8601(fields["expires"]);
    tokens.access = SecretBytes(std::move(fields["access"]));
    tokens.refresh = SecretBytes(std::move(fields["refresh"]));
    if (tokens.access.empty() && tokens.refresh.empty()) {
        return fail("oauth.no-tokens", "oauth", Reaction::FixInput);
    }
    return tokens;
}

} // namespace sealpost::submit
