// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ModuleEntry.h"
#include "base/Text.h"
#include "net/HttpsModule.h"
#include "net/curl/DesktopProxy.h"
#include "net/curl/EasyHandle.h"
#include "net/curl/ImapTransfer.h"
#include "net/curl/LdapTransfer.h"
#include "net/curl/ProxyTunnel.h"

#include <utility>

namespace sealpost::net::curl {

namespace {
constexpr std::string_view kStage = "http.get";

//! What the call-backs of one transfer share.
struct Transfer {
    std::string body;
    ByteCount limit = 0;
    bool tooLarge = false;
    std::stop_token stop;
};

std::size_t onBody(const char *bytes, std::size_t one, std::size_t count, void *context) {
    auto &transfer = *static_cast<Transfer *>(context);
    if (transfer.body.size() + count > transfer.limit) {
        transfer.tooLarge = true;
        return 0;
    }
    transfer.body.append(bytes, count);
    return one * count;
}

//! The URL's host; none where it is not an http or https URL.
std::optional<std::string> hostOf(const std::string &url) {
    const auto scheme = urlPart(url, CURLUPART_SCHEME);
    if (scheme != "http" && scheme != "https") {
        return std::nullopt;
    }
    return urlPart(url, CURLUPART_HOST);
}

void configure(CURL *curl, const HttpRequest &request, const std::string &roots, Deadline deadline,
               Transfer &transfer) {
    setLimits(curl, deadline, transfer.stop);
    setRoots(curl, request.caFile, roots);
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
}

Error errorOf(CURLcode code, const Transfer &transfer) {
    const auto error = [](std::string_view name, Reaction reaction, std::string_view detail = {}) {
        return Error{std::string(name), std::string(kStage), reaction, std::string(detail), {}};
    };
    if (transfer.tooLarge) {
        return error("http.too-large", Reaction::FixInput, std::to_string(transfer.limit));
    }
    if (transfer.stop.stop_requested()) {
        return error("http.stopped", Reaction::Retry);
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return error("http.deadline", Reaction::Retry);
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE) {
        return error("http.certificate", Reaction::AskAdmin, curl_easy_strerror(code));
    }
    return error("http.failed", Reaction::Retry, curl_easy_strerror(code));
}
//! "text/plain" of "Text/Plain; charset=utf-8" (RFC 9110 §8.3.1).
std::string mediaTypeOf(CURL *curl) {
    const char *header = nullptr;
    curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &header);
    const std::string_view value(header == nullptr ? "" : header);
    return base::asciiLower(base::trimmed(value.substr(0, value.find(';'))));
}

enum class Scheme { Any, HttpsAlone };

//! One exchange; `prepare` sets what is special about it.
template <class Prepare>
Result<HttpResponse> exchange(const HttpRequest &request, const std::string &roots, Scheme scheme,
                              Deadline deadline, std::stop_token stop, Prepare prepare) {
    const auto host = hostOf(request.url);
    if (!host || (scheme == Scheme::HttpsAlone && !request.url.starts_with("https://"))) {
        return fail("http.url", kStage, Reaction::FixInput, {}, request.url);
    }
    if (stop.stop_requested() || deadline.passed()) {
        return fail(stop.stop_requested() ? "http.stopped" : "http.deadline", kStage,
                    Reaction::Retry, {}, *host);
    }
    const auto curl = newEasy();
    if (!curl) {
        return fail("http.failed", kStage, Reaction::Retry, "libcurl does not start", *host);
    }
    if (!environmentSpeaksOfProxies()) {
        auto proxy = desktopProxy(request.url, deadline, stop);
        if (!proxy) {
            proxy.error().subject = *host;
            return fail(std::move(proxy.error()));
        }
        setProxy(curl.get(), *proxy);
    }
    Transfer transfer;
    transfer.limit = request.limit;
    transfer.stop = std::move(stop);
    configure(curl.get(), request, roots, deadline, transfer);
    prepare(curl.get());
    const auto code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        auto error = errorOf(code, transfer);
        error.subject = *host;
        return fail(std::move(error));
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    return HttpResponse{static_cast<int>(status), std::move(transfer.body),
                        mediaTypeOf(curl.get())};
}

Result<std::string> get(const HttpRequest &request, const std::string &roots, Deadline deadline,
                        std::stop_token stop) {
    constexpr int kOk = 200;
    auto response =
        exchange(request, roots, Scheme::Any, deadline, std::move(stop), [](CURL * /*curl*/) {});
    if (!response) {
        return fail(std::move(response.error()));
    }
    if (response->status != kOk) {
        return fail("http.status", kStage, Reaction::Retry, std::to_string(response->status),
                    hostOf(request.url).value_or(std::string()));
    }
    if (!request.mediaType.empty() && response->mediaType != request.mediaType) {
        return fail("http.media-type", kStage, Reaction::FixInput, response->mediaType,
                    hostOf(request.url).value_or(std::string()));
    }
    return std::move(response->body);
}

Result<HttpResponse> postForm(const HttpRequest &request, const std::string &roots,
                              const base::SecretBytes &form, Deadline deadline,
                              std::stop_token stop) {
    return exchange(request, roots, Scheme::HttpsAlone, deadline, std::move(stop),
                    [&form](CURL *curl) {
                        curl_easy_setopt(curl, CURLOPT_POST, 1L);
                        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                                         static_cast<curl_off_t>(form.size()));
                        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form.view().data());
                    });
}

constexpr HttpsModule kTable{get, postForm, ldapSearch, imapFolders, imapAppend, tunnel};
} // namespace

} // namespace sealpost::net::curl

SEALPOST_MODULE(sealpost::net::curl::kTable)
