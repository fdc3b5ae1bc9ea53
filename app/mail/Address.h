// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::mail {

//! A mailbox (RFC 5322 §3.4, RFC 6531): past the edge an address is never a raw string.
//! Its domain is a lower-case A-label form without a last dot (IDNA 2008); the local part is UTF-8
//! and keeps its case.
class Address {
public:
    Address() = default;
    //! One mailbox, UTF-8: "jo@court.example", "Jo Bloggs <jo@court.example>", with or without
    //! quotes. FixInput "address.…" where it is malformed, has control characters (CR and LF among
    //! them), an IP literal, a domain that is no host name, or more than 254 bytes; Error::subject
    //! is the text as given, made printable.
    [[nodiscard]] static Result<Address> parse(std::string_view text);
    //! A list parted by commas or semicolons outside quotes; empty parts are passed over.
    [[nodiscard]] static Result<std::vector<Address>> parseList(std::string_view text);

    [[nodiscard]] const std::string &displayName() const { return m_displayName; }
    [[nodiscard]] const std::string &localPart() const { return m_localPart; }
    //! A-label form, for the wire.
    [[nodiscard]] const std::string &domain() const { return m_domain; }
    //! U-label form, for the screen.
    [[nodiscard]] std::string domainForDisplay() const;
    //! "local@a-label"
    [[nodiscard]] std::string spec() const;
    //! The name where there is one, else the address with its U-label domain.
    [[nodiscard]] std::string shortName() const;
    //! "Jo Bloggs <jo@court.example>" as a person types it (UTF-8; not a header value).
    [[nodiscard]] std::string forDisplay() const;
    [[nodiscard]] Address withoutName() const;
    [[nodiscard]] bool empty() const { return m_localPart.empty(); }

    //! The same mailbox: equal local parts, equal domains; the display name does not count.
    friend bool operator==(const Address &a, const Address &b) {
        return a.m_localPart == b.m_localPart && a.m_domain == b.m_domain;
    }

private:
    std::string m_displayName;
    std::string m_localPart;
    std::string m_domain;
};

//! A domain as a person writes it (UTF-8, any case, perhaps a last dot) to its A-label form.
//! FixInput "domain.…".
[[nodiscard]] Result<std::string> toALabelDomain(std::string_view domain);
//! The U-label form for the screen; the input where it has none.
[[nodiscard]] std::string toULabelDomain(std::string_view aLabelDomain);

} // namespace sealpost::mail
