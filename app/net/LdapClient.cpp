// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/LdapClient.h"

#include "base/Base64.h"
#include "base/Module.h"
#include "base/Text.h"
#include "net/HttpsModule.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sealpost::net {

namespace {

constexpr std::string_view kStage = "ldap.search";
constexpr std::size_t kMostCertificates = 32;
constexpr std::string_view kSchemes[] = {"ldaps://", "ldap://"};

//! RFC 4515 §3, and then RFC 3986 for its place in a URL: every character but letters and digits.
std::string filterValue(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '@' || c == '.' || c == '-' || c == '_';
        if (plain) {
            out += c;
        } else {
            out += "%5c"; // the backslash of a filter's escape
            out += kHex[byte / 16U];
            out += kHex[byte % 16U];
        }
    }
    return out;
}

std::string hostOf(std::string_view url) {
    const auto start = url.find("://");
    const auto rest = start == std::string_view::npos ? url : url.substr(start + 3);
    return std::string(rest.substr(0, rest.find_first_of("/:?")));
}

} // namespace

std::string ldapUrl(const LdapQuestion &question) {
    const auto &url = question.directory;
    const bool known = std::any_of(std::begin(kSchemes), std::end(kSchemes),
                                   [&](std::string_view one) { return url.starts_with(one); });
    if (!known || hostOf(url).empty() || url.find('?') != std::string::npos) {
        return {};
    }
    const auto afterScheme = url.find("://") + 3;
    const bool hasBase = url.find('/', afterScheme) != std::string::npos;
    return url + (hasBase ? "" : "/") +
           "?userCertificate;binary?sub?(mail=" + filterValue(question.mail) + ")";
}

std::vector<std::string> certificatesInLdif(std::string_view ldif) {
    constexpr std::string_view kAttribute = "usercertificate;binary::";
    std::vector<std::string> found;
    for (const auto &line : base::split(ldif, '\n')) {
        const auto text = base::trimmed(line);
        if (!base::asciiLower(text.substr(0, kAttribute.size())).starts_with(kAttribute)) {
            continue;
        }
        auto der = base::fromBase64(base::trimmed(text.substr(kAttribute.size())));
        if (der && !der->empty() && found.size() < kMostCertificates) {
            found.push_back(std::move(*der));
        }
    }
    return found;
}

Result<std::vector<std::string>> ldapCertificates(const LdapQuestion &question, Deadline deadline,
                                                  std::stop_token stop) {
    const LdapSearch search{ldapUrl(question), hostOf(question.directory), question.caFile};
    if (search.url.empty()) {
        return fail("ldap.url", kStage, Reaction::FixInput, {}, question.directory);
    }
    if (deadline.passed()) {
        return fail("ldap.deadline", kStage, Reaction::Retry, {}, search.host);
    }
    const auto &module = httpsModule();
    if (!module) {
        return fail(module.error());
    }
    return (*module)->ldap(search, deadline, std::move(stop)).map(certificatesInLdif);
}

} // namespace sealpost::net
