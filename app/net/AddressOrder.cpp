// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/AddressOrder.h"

#include <algorithm>

namespace sealpost::net {

std::vector<std::string> interleaved(const std::vector<std::string> &addresses) {
    std::vector<std::string> six;
    std::vector<std::string> four;
    for (const auto &address : addresses) {
        (address.find(':') != std::string::npos ? six : four).push_back(address);
    }
    std::vector<std::string> order;
    for (std::size_t i = 0; i < std::max(six.size(), four.size()); ++i) {
        for (const auto *family : {&six, &four}) {
            if (i < family->size()) {
                order.push_back((*family)[i]);
            }
        }
    }
    return order;
}

} // namespace sealpost::net
