// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/ProxyConnect.h"

#include "net/HttpsModule.h"
#include "net/SocketPosix.h"

namespace sealpost::net {

Result<std::unique_ptr<ByteStream>> connectByProxy(const std::string &host, Port port,
                                                   Deadline deadline, const std::stop_token &stop) {
    const auto &module = httpsModule();
    const auto tunnel = module ? (*module)->tunnel(host, port, deadline, stop)
                               : Result<std::optional<int>>(fail(module.error()));
    if (!tunnel) {
        return fail(tunnel.error());
    }
    return *tunnel ? streamOver(Socket(**tunnel)) : nullptr;
}

} // namespace sealpost::net
