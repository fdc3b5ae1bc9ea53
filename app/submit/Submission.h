// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ByteSink.h"
#include "base/Units.h"
#include "policy/Policy.h"
#include "submit/SubmitOutcome.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sealpost::submit {

using policy::RequireTls;

//! What the servers on the way are to tell the sender (RFC 3461).
struct DsnRequest {
    bool success = false;
    bool failure = true;
    bool delay = true;
    bool headersOnly = true; //!< the message itself does not come back with the report
    std::string envelopeId;  //!< printable ASCII, at most 100 octets
};

//! One message for one server.
struct Submission {
    std::string envelopeFrom; //!< addr-spec, A-label domain
    std::vector<std::string> recipients;
    //! Called when its turn comes, before anything of it is said: the message (CRLF), read once.
    //! An error leaves it NotSent.
    std::function<Result<std::unique_ptr<base::ByteSource>>()> open;
    ByteCount size = 0; //!< of the message
    //! Called before the last of it can go out; an error ends it there, and nothing counts as
    //! handed over.
    std::function<Result<void>()> beforeLastDot;
    //! Called as soon as it is known how this one ended, before the others are done.
    std::function<void(const SubmitOutcome &)> finished;

    RequireTls requireTls = RequireTls::No;
    std::optional<DsnRequest> dsn;                     //!< asked for where the server offers it
    std::optional<std::chrono::seconds> deliverWithin; //!< DELIVERBY (RFC 2852), where offered
    //! Domains of servers that it must not go through, each with all under it: by the names in the
    //! server's certificate, whatever name the account knows it by.
    std::set<std::string> notThrough;
};

} // namespace sealpost::submit
