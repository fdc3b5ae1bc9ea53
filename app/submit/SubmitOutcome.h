// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "crypto/TlsPeerInfo.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::submit {

enum class Delivery {
    Accepted,  //!< the server has taken responsibility (2xx after the last dot)
    Deferred,  //!< 4xx, or the line broke before the last dot: may be tried again
    Refused,   //!< 5xx: trying again will not help
    Uncertain, //!< the line broke after the last dot: never resent silently
    NotSent,   //!< nothing of the message was handed over
};

[[nodiscard]] constexpr std::string_view toString(Delivery delivery) {
    switch (delivery) {
    case Delivery::Accepted:
        return "accepted";
    case Delivery::Deferred:
        return "deferred";
    case Delivery::Refused:
        return "refused";
    case Delivery::Uncertain:
        return "uncertain";
    case Delivery::NotSent:
        return "not-sent";
    }
    return "not-sent";
}

struct RecipientResult {
    std::string addressSpec;
    Delivery delivery = Delivery::NotSent;
    std::string reply; //!< the server's words about this recipient
};

//! How one submission ended, with its proof.
struct SubmitOutcome {
    Delivery delivery = Delivery::NotSent; //!< of the message as a whole
    std::vector<RecipientResult> recipients;
    std::string server; //!< "host:port"
    std::optional<crypto::TlsPeerInfo> tls;
    std::string mechanism;      //!< by which the account signed in; empty: it did not
    std::string reply;          //!< to the last dot ("250 2.0.0 Ok: queued as 4F1"), or the one
                                //!< that ended the dialogue before; may name a recipient
    std::string queueId;        //!< read out of it; empty where it has none
    std::optional<Error> error; //!< why it is not Accepted
};

} // namespace sealpost::submit
