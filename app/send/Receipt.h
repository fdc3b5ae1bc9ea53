// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/RouteKind.h"
#include "submit/SubmitOutcome.h"

#include <QJsonObject>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sealpost::send {

//! What S/MIME did to a transmission.
struct SmimeFacts {
    std::string signedBy;                 //!< fingerprint; empty: not signed
    std::vector<std::string> encryptedTo; //!< fingerprints, the sender's own among them
    std::string cipher;                   //!< "AES-256-CBC"; empty: not encrypted
    std::string digest;                   //!< "SHA-256"
    //! Of whose certificates it could not be found out whether they were revoked: addr-specs, the
    //! sender's own among them; and what let the message go all the same.
    std::vector<std::string> revocationUnknown;
    enum class Let { Nothing, Policy, Justification };
    Let letBy = Let::Nothing;
};

//! The proof of what happened to one transmission.
struct Receipt {
    std::int64_t outboxId = 0;
    RouteKind route = RouteKind::Blocked;
    std::string messageId;
    std::string account;
    std::string envelopeFrom;
    std::string planDigest;
    SmimeFacts smime;
    submit::SubmitOutcome outcome;
    Time time{};
    bool waits = false;               //!< in the outbox, for those whom it has not reached
    std::optional<Error> notRecorded; //!< why the store could not take the outcome in
};

//! The object of `send --json`'s "receipts" (docs/cli-json.md).
[[nodiscard]] QJsonObject toJson(const Receipt &receipt);

} // namespace sealpost::send
