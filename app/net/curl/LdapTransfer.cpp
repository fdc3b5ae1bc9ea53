// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/curl/LdapTransfer.h"

#include <algorithm>
#include <curl/curl.h>
#include <limits>
#include <memory>

namespace sealpost::net::curl {

namespace {

constexpr std::string_view kStage = "ldap.search";
constexpr std::size_t kMostBytes = std::size_t{1024} * 1024;

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

void configure(CURL *curl, const LdapSearch &search, Deadline deadline, Transfer &transfer) {
    const auto milliseconds = std::clamp<std::chrono::milliseconds::rep>(
        deadline.remaining().count(), 1, std::numeric_limits<int>::max());
    curl_easy_setopt(curl, CURLOPT_URL, search.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "ldap,ldaps");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(milliseconds));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
    if (search.caFile) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, search.caFile->c_str());
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

Result<std::string> ldapSearch(const LdapSearch &search, Deadline deadline, std::stop_token stop) {
    static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, Deleter> curl(kReady == CURLE_OK ? curl_easy_init() : nullptr);
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
