// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to net: what libcurl does for it. libcurl and the thirty libraries below it are in the
// module "sealpost-https", which is loaded with the first request (docs/adr/0012).
#pragma once

#include "net/HttpsClient.h"

namespace sealpost::net {

struct HttpsModule {
    //! `roots` is a folder of hashed roots that stands in the place of libcurl's; empty: none does.
    Result<std::string> (*get)(const HttpRequest &request, const std::string &roots,
                               Deadline deadline, std::stop_token stop);
    Result<HttpResponse> (*postForm)(const HttpRequest &request, const std::string &roots,
                                     const base::SecretBytes &form, Deadline deadline,
                                     std::stop_token stop);
};

} // namespace sealpost::net
