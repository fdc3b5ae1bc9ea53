// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::base {

//! A block of addresses (RFC 4632, RFC 4291 §2.3). An IPv4 address that is mapped into IPv6
//! (::ffff:10.0.0.1) counts as the IPv4 address that it stands for.
class IpNetwork {
public:
    //! "10.53.0.0/24", "fd00::/8", or one address; none where it is neither, or where an address
    //! has bits behind its prefix, which is a slip of the pen.
    [[nodiscard]] static std::optional<IpNetwork> parse(std::string_view text);
    //! Of an address literal; false where it is none.
    [[nodiscard]] bool contains(std::string_view literal) const;
    //! "10.53.0.0/24"
    [[nodiscard]] std::string text() const;

private:
    IpNetwork(std::string octets, std::size_t bits);
    std::string m_octets;
    std::size_t m_bits;
};

//! Whether mail from the internet can't go to this address: it is of a private network, of this
//! computer or link, shared behind a provider's translation, for many receivers, or reserved (the
//! special-purpose registries of RFC 6890); an IPv6 address that only wraps such an IPv4 address
//! (mapped, 6to4, NAT64) is one too. Documentation's addresses are not. True for what is no
//! literal.
[[nodiscard]] bool isPrivateAddress(std::string_view literal);

//! Those of the texts that are networks.
[[nodiscard]] std::vector<IpNetwork> parseNetworks(const std::set<std::string> &texts);

//! Whether one of the networks contains the address.
[[nodiscard]] bool isWithin(const std::vector<IpNetwork> &networks, std::string_view literal);

} // namespace sealpost::base
