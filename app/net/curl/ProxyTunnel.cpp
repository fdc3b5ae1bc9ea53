// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/curl/ProxyTunnel.h"

#include "base/IpNetwork.h"
#include "base/Text.h"
#include "net/curl/EasyHandle.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <unistd.h>
#include <utility>

namespace sealpost::net::curl {

namespace {

constexpr std::string_view kStage = "net.proxy";
constexpr std::size_t kMostHeaders = std::size_t{64} * 1024;
constexpr int kUnauthorized = 401; // tinyproxy's answer to a wrong password
constexpr int kProxyAuthentication = 407;
constexpr int kServerErrors = 500;

std::string environment(std::initializer_list<const char *> names) {
    for (const char *name : names) {
        if (const char *value = std::getenv(name); value != nullptr && *value != '\0') {
            return value;
        }
    }
    return {};
}

//! Whether no_proxy names the host: "*", a domain (with or without a dot before it) for what is
//! under it too, an address or a block of addresses.
bool goesDirect(const std::string &host, const std::string &noProxy) {
    auto list = base::asciiLower(noProxy);
    std::replace(list.begin(), list.end(), ' ', ',');
    for (const auto &entry : base::split(list, ',')) {
        const std::string_view name =
            std::string_view(entry).substr(entry.starts_with('.') ? 1 : 0);
        if (name.empty()) {
            continue;
        }
        const auto network = base::IpNetwork::parse(name);
        if (name == "*" ||
            (network ? network->contains(host) : base::isSameOrSubdomain(host, name))) {
            return true;
        }
    }
    return false;
}

//! What stands in front of "://", in lower case; libcurl takes what has no scheme for HTTP's.
std::string schemeOf(const std::string &url) {
    const auto end = url.find("://");
    return end == std::string::npos ? "http" : base::asciiLower(url.substr(0, end));
}

//! The proxy's host and port, without what proves who asks it.
std::string nameOf(const Proxy &proxy) {
    constexpr unsigned kAnyScheme = CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME;
    const auto port = urlPart(proxy.url, CURLUPART_PORT, kAnyScheme);
    return urlPart(proxy.url, CURLUPART_HOST, kAnyScheme) + (port.empty() ? "" : ":" + port);
}

Proxy environmentProxy(const std::string &host) {
    if (goesDirect(host, environment({"no_proxy", "NO_PROXY"}))) {
        return {};
    }
    return {environment({"all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"}), {}, {}};
}

//! SOCKS5 in the form in which the proxy looks the names up; none that can't give a plain stream.
Result<Proxy> usable(Proxy proxy) {
    const auto scheme = schemeOf(proxy.url);
    if (proxy.url.empty() || scheme == "http" || scheme == "socks5h") {
        return proxy;
    }
    if (scheme != "socks5") {
        return fail("proxy.kind", kStage, Reaction::AskAdmin, scheme, nameOf(proxy));
    }
    proxy.url = "socks5h" + proxy.url.substr(scheme.size());
    return proxy;
}

//! Swallows what a proxy says beside its answer, and ends one that does not stop.
std::size_t onHeader(const char * /*bytes*/, std::size_t one, std::size_t count, void *context) {
    auto &seen = *static_cast<std::size_t *>(context);
    seen += one * count;
    return seen > kMostHeaders ? 0 : one * count;
}

std::size_t onBody(const char * /*bytes*/, std::size_t one, std::size_t count, void * /*context*/) {
    return one * count;
}

//! The socket outlives the handle that made it.
int onClose(void *context, curl_socket_t socket) {
    if (*static_cast<const curl_socket_t *>(context) == socket) {
        return 0;
    }
    return ::close(socket);
}

std::pair<std::string_view, Reaction> meaningOf(CURLproxycode code) {
    switch (static_cast<int>(code)) {
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED:
        return {"proxy.sign-in", Reaction::AskAdmin};
    case CURLPX_REPLY_NOT_ALLOWED:
        return {"proxy.refused", Reaction::AskAdmin};
    case CURLPX_REPLY_GENERAL_SERVER_FAILURE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_TTL_EXPIRED:
        return {"proxy.no-way", Reaction::Retry};
    default:
        return {"proxy.garbage", Reaction::Retry};
    }
}

std::pair<std::string_view, Reaction> meaningOf(long status) {
    if (status == kProxyAuthentication || status == kUnauthorized) {
        return {"proxy.sign-in", Reaction::AskAdmin};
    }
    return status >= kServerErrors
               ? std::pair(std::string_view("proxy.no-way"), Reaction::Retry)
               : std::pair(std::string_view("proxy.refused"), Reaction::AskAdmin);
}

Error failure(CURL *curl, CURLcode code, const std::stop_token &stop) {
    const auto error = [](std::pair<std::string_view, Reaction> meaning, std::string detail = {}) {
        return Error{
            std::string(meaning.first), std::string(kStage), meaning.second, std::move(detail), {}};
    };
    if (stop.stop_requested()) {
        return error({"net.stopped", Reaction::Retry});
    }
    long status = 0;
    long socks = CURLPX_OK;
    curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &status);
    curl_easy_getinfo(curl, CURLINFO_PROXY_ERROR, &socks);
    constexpr int kMultipleChoices = 300;
    if (status >= kMultipleChoices) {
        return error(meaningOf(status), std::to_string(status));
    }
    switch (static_cast<int>(code)) {
    case CURLE_OPERATION_TIMEDOUT:
        return error({"proxy.deadline", Reaction::Retry});
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return error({"proxy.unreachable", Reaction::Retry}, curl_easy_strerror(code));
    case CURLE_PROXY:
        return error(meaningOf(static_cast<CURLproxycode>(socks)),
                     "SOCKS " + std::to_string(socks));
    default:
        return error({"proxy.garbage", Reaction::Retry}, curl_easy_strerror(code));
    }
}

} // namespace

Result<Proxy> proxyFor(const std::string &host, Port port, Deadline deadline,
                       const std::stop_token &stop) {
    if (environmentSpeaksOfProxies()) {
        return usable(environmentProxy(host));
    }
    const auto number = std::to_string(static_cast<std::uint16_t>(port));
    auto found = desktopProxy("https://" + host + ':' + number + '/', deadline, stop);
    return found ? usable(std::move(*found)) : found;
}

Result<std::optional<int>> tunnel(const std::string &host, Port port, Deadline deadline,
                                  const std::stop_token &stop) {
    const auto proxy = proxyFor(host, port, deadline, stop);
    if (!proxy) {
        return fail(proxy.error());
    }
    if (proxy->url.empty()) {
        return std::nullopt;
    }
    std::size_t headers = 0;
    curl_socket_t kept = CURL_SOCKET_BAD;
    const auto curl = newEasy();
    if (!curl) {
        return fail("proxy.garbage", kStage, Reaction::Retry, "libcurl does not start");
    }
    setLimits(curl.get(), deadline, stop);
    setProxy(curl.get(), *proxy);
    const auto url = "http://" + host + ':' + std::to_string(static_cast<std::uint16_t>(port));
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_HTTPPROXYTUNNEL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &headers);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(curl.get(), CURLOPT_CLOSESOCKETFUNCTION, onClose);
    curl_easy_setopt(curl.get(), CURLOPT_CLOSESOCKETDATA, &kept);
    const auto code = curl_easy_perform(curl.get());
    if (code != CURLE_OK) {
        auto error = failure(curl.get(), code, stop);
        error.subject = nameOf(*proxy);
        return fail(std::move(error));
    }
    curl_easy_getinfo(curl.get(), CURLINFO_ACTIVESOCKET, &kept);
    return kept == CURL_SOCKET_BAD
               ? Result<std::optional<int>>(
                     fail("proxy.garbage", kStage, Reaction::Retry, {}, nameOf(*proxy)))
               : std::optional<int>(kept);
}

} // namespace sealpost::net::curl
