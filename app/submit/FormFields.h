// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/SecretBytes.h"
#include "submit/OAuthTypes.h"

#include <map>
#include <string>
#include <string_view>

namespace sealpost::submit {

//! Makes application/x-www-form-urlencoded, wiped where it is not taken.
class FormFields {
public:
    FormFields() = default;
    FormFields(const FormFields &) = delete;
    FormFields &operator=(const FormFields &) = delete;
    ~FormFields() { base::wipe(m_text); }

    void add(std::string_view name, std::string_view value);
    //! client_id, and client_secret where there is one (RFC 6749 §2.3.1).
    void addClient(const OAuthClient &client);
    [[nodiscard]] SecretBytes take() { return SecretBytes(std::move(m_text)); }

private:
    std::string m_text;
};

//! The fields of such a text, decoded; the first of several with one name counts.
[[nodiscard]] std::map<std::string, std::string> parseForm(std::string_view text);

} // namespace sealpost::submit
