// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/HttpsClient.h"

#include "base/Module.h"
#include "crypto/SystemRoots.h"
#include "net/HttpsModule.h"

#include <utility>

namespace sealpost::net {

namespace {

std::string rootsFor(const HttpRequest &request) {
    return request.caFile ? std::string() : crypto::hashedRootsFolder();
}

} // namespace

const Result<const HttpsModule *> &httpsModule() {
    static const auto kModule = base::moduleTable<HttpsModule>("sealpost-https");
    return kModule;
}

Result<std::string> httpGet(const HttpRequest &request, Deadline deadline, std::stop_token stop) {
    const auto &module = httpsModule();
    return module ? (*module)->get(request, rootsFor(request), deadline, std::move(stop))
                  : fail(module.error());
}

Result<HttpResponse> httpPostForm(const HttpRequest &request, const base::SecretBytes &form,
                                  Deadline deadline, std::stop_token stop) {
    const auto &module = httpsModule();
    return module ? (*module)->postForm(request, rootsFor(request), form, deadline, std::move(stop))
                  : fail(module.error());
}

} // namespace sealpost::net
