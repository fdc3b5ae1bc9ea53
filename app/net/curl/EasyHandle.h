// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to the module: what every transfer sets alike.
#pragma once

#include "base/Deadline.h"

#include <curl/curl.h>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::net::curl {

struct Deleter {
    void operator()(CURL *handle) const { curl_easy_cleanup(handle); }
    void operator()(CURLU *url) const { curl_url_cleanup(url); }
    void operator()(char *text) const { curl_free(text); }
};
using EasyPtr = std::unique_ptr<CURL, Deleter>;
struct Proxy;

//! Null where libcurl does not start.
[[nodiscard]] EasyPtr newEasy();

//! No signals, TLS 1.2 or later, an end at the deadline or when `stop` is requested; it must
//! outlive the transfer.
void setLimits(CURL *curl, Deadline deadline, const std::stop_token &stop);

//! Authorities: a PEM file, or else a folder of hashed roots, or else libcurl's own.
void setRoots(CURL *curl, const std::optional<std::string> &caFile, const std::string &folder);

//! By this proxy alone, or, where it is empty, by none; whatever the environment says.
void setProxy(CURL *curl, const Proxy &proxy);

//! A part of a URL; empty where there is none.
[[nodiscard]] std::string urlPart(const std::string &url, CURLUPart part, unsigned flags = 0);

} // namespace sealpost::net::curl
