// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/curl/EasyHandle.h"

#include "net/curl/DesktopProxy.h"

#include <algorithm>
#include <limits>

namespace sealpost::net::curl {

namespace {

int onProgress(void *context, curl_off_t /*downTotal*/, curl_off_t /*down*/, curl_off_t /*upTotal*/,
               curl_off_t /*up*/) {
    return static_cast<const std::stop_token *>(context)->stop_requested() ? 1 : 0;
}

} // namespace

EasyPtr newEasy() {
    static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
    return EasyPtr(kReady == CURLE_OK ? curl_easy_init() : nullptr);
}

void setLimits(CURL *curl, Deadline deadline, const std::stop_token &stop) {
    const auto milliseconds = static_cast<long>(std::clamp<std::chrono::milliseconds::rep>(
        deadline.remaining().count(), 1, std::numeric_limits<int>::max()));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, milliseconds);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &stop);
}

void setRoots(CURL *curl, const std::optional<std::string> &caFile, const std::string &folder) {
    if (caFile) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, caFile->c_str());
        curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    } else if (!folder.empty()) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, nullptr);
        curl_easy_setopt(curl, CURLOPT_CAPATH, folder.c_str());
    }
}

void setProxy(CURL *curl, const Proxy &proxy) {
    curl_easy_setopt(curl, CURLOPT_PROXY, proxy.url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "");
    curl_easy_setopt(curl, CURLOPT_PROXYAUTH, CURLAUTH_ANY);
    if (!proxy.user.empty()) {
        curl_easy_setopt(curl, CURLOPT_PROXYUSERNAME, proxy.user.c_str());
        curl_easy_setopt(curl, CURLOPT_PROXYPASSWORD, proxy.password.c_str());
    }
}

std::string urlPart(const std::string &url, CURLUPart part, unsigned flags) {
    const std::unique_ptr<CURLU, Deleter> parsed(curl_url());
    char *text = nullptr;
    if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), flags) != CURLUE_OK ||
        curl_url_get(parsed.get(), part, &text, flags) != CURLUE_OK) {
        return {};
    }
    const std::unique_ptr<char, Deleter> owner(text);
    return text;
}

} // namespace sealpost::net::curl
