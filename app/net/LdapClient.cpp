// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/LdapClient.h"

#include "base/Base64.h"
#include "base/Text.h"

#include <algorithm>
#include <array>
#include <curl/curl.h>
#include <limits>
#include <memory>

namespace sealpost::net {

namespace {

constexpr std::string_view kStage = "ldap.search";
constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;
constexpr std::size_t kMostCertificates = 32;
constexpr std::string_view kSchemes[] = {"ldaps://", "ldap://"};

struct Deleter {
    void operator()(CURL *handle) const { curl_easy_cleanup(handle); }
};

struct Transfer {
    std::string body;
    std::stop_token stop;
};

std::size_t onBody(const char *bytes, std::size_t one, std::size_t count, void *context) {
    auto &body = static_cast<Transfer *>(context)->body;
    if (body.size() + count > kMostBytes) {
        return 0;
    }
    body.append(bytes, count);
    return one * count;
}

int onProgress(void *context, curl_off_t /*downTotal*/, curl_off_t /*down*/, curl_off_t /*upTotal*/,
               curl_off_t /*up*/) {
    return static_cast<const Transfer *>(context)->stop.stop_requested() ? 1 : 0;
}

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

void configure(CURL *curl, const std::string &url, const LdapQuestion &question, Deadline deadline,
               Transfer &transfer) {
    const auto milliseconds = std::clamp<std::chrono::milliseconds::rep>(
        deadline.remaining().count(), 1, std::numeric_limits<int>::max());
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "ldap,ldaps");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(milliseconds));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
    if (question.caFile) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, question.caFile->c_str());
        curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
}

tl::unexpected<Error> failure(CURLcode code, const Transfer &transfer, const std::string &host) {
    if (transfer.stop.stop_requested()) {
        return fail("ldap.stopped", kStage, Reaction::Retry, {}, host);
    }
    switch (static_cast<int>(code)) {
    case CURLE_OPERATION_TIMEDOUT:
        return fail("ldap.deadline", kStage, Reaction::Retry, {}, host);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
        return fail("ldap.certificate", kStage, Reaction::AskAdmin, curl_easy_strerror(code), host);
    default:
        return fail("ldap.failed", kStage, Reaction::Retry, curl_easy_strerror(code), host);
    }
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
    static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
    const auto url = ldapUrl(question);
    const auto host = hostOf(question.directory);
    if (url.empty()) {
        return fail("ldap.url", kStage, Reaction::FixInput, {}, question.directory);
    }
    if (deadline.passed()) {
        return fail("ldap.deadline", kStage, Reaction::Retry, {}, host);
    }
    const std::unique_ptr<CURL, Deleter> curl(kReady == CURLE_OK ? curl_easy_init() : nullptr);
    if (!curl) {
        return fail("ldap.failed", kStage, Reaction::Retry, "libcurl does not start", host);
    }
    Transfer transfer;
    transfer.stop = std::move(stop);
    configure(curl.get(), url, question, deadline, transfer);
    const auto code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        return failure(code, transfer, host);
    }
    return certificatesInLdif(transfer.body);
}

} // namespace sealpost::net
