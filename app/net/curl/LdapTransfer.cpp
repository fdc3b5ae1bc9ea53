// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/curl/LdapTransfer.h"

#include "net/curl/EasyHandle.h"

namespace sealpost::net::curl {

namespace {

constexpr std::string_view kStage = "ldap.search";
constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;

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

void configure(CURL *curl, const LdapSearch &search, Deadline deadline, Transfer &transfer) {
    setLimits(curl, deadline, transfer.stop);
    setRoots(curl, search.caFile, {});
    curl_easy_setopt(curl, CURLOPT_URL, search.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "ldap,ldaps");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
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

Result<std::string> ldapSearch(const LdapSearch &search, Deadline deadline, std::stop_token stop) {
    const auto curl = newEasy();
    if (!curl) {
        return fail("ldap.failed", kStage, Reaction::Retry, "libcurl does not start", search.host);
    }
    Transfer transfer;
    transfer.stop = std::move(stop);
    configure(curl.get(), search, deadline, transfer);
    const auto code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        return failure(code, transfer, search.host);
    }
    return std::move(transfer.body);
}

} // namespace sealpost::net::curl
