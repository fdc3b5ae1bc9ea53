// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "base/SecretBytes.h"
#include "base/Units.h"

#include <optional>
#include <stop_token>
#include <string>

namespace sealpost::net {

struct HttpRequest {
    std::string url; //!< http only for CRLs, which carry their own signature (RFC 5280 §8)
    ByteCount limit = 16 * base::kMiB;
    std::optional<std::string> caFile;
    std::string mediaType; //!< "text/plain": another one is refused; empty: any
};

//! GET without redirects, through the proxy that the environment names (https_proxy, all_proxy,
//! no_proxy in either case; http_proxy in lower case alone), or, where it names none, the desktop's
//! settings (GNOME, KDE, Windows, macOS). Retry "http.failed", "http.deadline",
//! "http.stopped", "http.status" (the code as detail), AskAdmin "http.certificate", FixInput
//! "http.too-large", "http.media-type", "http.url" (neither http nor https, or malformed); the host
//! is the subject. AskAdmin "app.incomplete".
[[nodiscard]] Result<std::string> httpGet(const HttpRequest &request, Deadline deadline,
                                          std::stop_token stop);

struct HttpResponse {
    int status = 0;
    std::string body;
    std::string mediaType; //!< lower case, without parameters
};

//! POST of a form (application/x-www-form-urlencoded), without redirects; whatever the status.
//! https alone, "http.url" else; other errors as of httpGet(), without "http.status".
[[nodiscard]] Result<HttpResponse> httpPostForm(const HttpRequest &request,
                                                const base::SecretBytes &form, Deadline deadline,
                                                std::stop_token stop);

} // namespace sealpost::net
