// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/curl/DesktopProxy.h"

#include <QNetworkProxy>
#include <QNetworkProxyFactory>
#include <QUrl>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <future>
#include <thread>
#include <utility>

namespace sealpost::net::curl {

namespace {
using namespace std::chrono_literals;

constexpr auto kSettingsTime = 5s;
constexpr auto kSlice = 25ms; //!< between two looks at the stop token

Proxy proxyOf(const QNetworkProxy &proxy) {
    const bool socks = proxy.type() == QNetworkProxy::Socks5Proxy;
    if (!socks && proxy.type() != QNetworkProxy::HttpProxy) {
        return {};
    }
    QUrl url;
    url.setScheme(socks ? QStringLiteral("socks5h") : QStringLiteral("http"));
    url.setHost(proxy.hostName());
    url.setPort(proxy.port());
    return {url.toString().toStdString(), proxy.user().toStdString(),
            proxy.password().toStdString()};
}

Proxy askDesktop(const std::string &url) {
    const QNetworkProxyQuery query(QUrl(QString::fromStdString(url)));
    for (const auto &found : QNetworkProxyFactory::systemProxyForQuery(query)) {
        auto proxy = proxyOf(found);
        if (!proxy.url.empty() || found.type() == QNetworkProxy::NoProxy) {
            return proxy;
        }
    }
    return {};
}

} // namespace

bool environmentSpeaksOfProxies() {
    constexpr std::array kNames = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                   "http_proxy",  "no_proxy",    "NO_PROXY"};
    return std::any_of(kNames.begin(), kNames.end(),
                       [](const char *name) { return std::getenv(name) != nullptr; });
}

Result<Proxy> desktopProxy(const std::string &url, Deadline deadline, const std::stop_token &stop) {
    std::promise<Proxy> promise;
    auto answer = promise.get_future();
    std::thread([url, asked = std::move(promise)]() mutable {
        asked.set_value(askDesktop(url));
    }).detach();
    const auto end = deadline.within(kSettingsTime);
    while (answer.wait_for(kSlice) != std::future_status::ready) {
        if (stop.stop_requested()) {
            return fail("http.stopped", "http.get", Reaction::Retry);
        }
        if (end.passed()) {
            return fail("http.failed", "http.get", Reaction::Retry,
                        "the desktop's proxy settings don't answer");
        }
    }
    return answer.get();
}

} // namespace sealpost::net::curl
