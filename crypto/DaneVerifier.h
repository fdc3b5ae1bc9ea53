// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::crypto {

//! One TLSA record (RFC 6698 §2.1) as DNS has it; any values.
struct TlsaRecord {
    std::uint8_t usage = 0;
    std::uint8_t selector = 0;
    std::uint8_t matchingType = 0;
    std::string data; //!< digest or DER

    bool operator==(const TlsaRecord &) const = default;
};

//! "3 1 1 0123456789abcdef…": as in a zone file, the data cut after 32 bytes.
[[nodiscard]] std::string describe(const TlsaRecord &record);

//! Why SMTP can't use a record (RFC 7672 §3.1).
enum class TlsaFault {
    None,
    PkixUsage,           //!< usage 0 or 1
    UnknownUsage,        //!< over 3
    UnknownSelector,     //!< over 1
    UnknownMatchingType, //!< over 2
    WrongLength,         //!< no digest of that type has this size
    Malformed,           //!< neither certificate nor public key
};

[[nodiscard]] constexpr std::string_view toString(TlsaFault fault) {
    switch (fault) {
    case TlsaFault::None:
        return "usable";
    case TlsaFault::PkixUsage:
        return "pkix-usage";
    case TlsaFault::UnknownUsage:
        return "unknown-usage";
    case TlsaFault::UnknownSelector:
        return "unknown-selector";
    case TlsaFault::UnknownMatchingType:
        return "unknown-matching-type";
    case TlsaFault::WrongLength:
        return "wrong-length";
    case TlsaFault::Malformed:
        return "malformed";
    }
    return "malformed";
}

[[nodiscard]] TlsaFault faultOf(const TlsaRecord &record);

enum class DaneOutcome {
    Match,    //!< a usable record vouches for the peer
    Mismatch, //!< there are usable records, and none does
    Unusable, //!< no record is usable: TLS is asked for, and nothing says by whom (RFC 7672 §2.2)
};

struct DaneVerdict {
    DaneOutcome outcome = DaneOutcome::Unusable;
    std::size_t usable = 0;            //!< how many of the records are
    std::optional<TlsaRecord> matched; //!< where the outcome is Match
    std::string detail;                //!< log-safe: why it is a mismatch
};

//! Whether a TLS peer is who the records say (RFC 7671, with the rules of RFC 7672 for SMTP). The
//! records must come from answers that DNSSEC proves. `chain` is what the peer sent in DER, its own
//! certificate first; `names` are those of which a DANE-TA certificate must bear one. Pure: nothing
//! but its arguments counts. Any thread.
[[nodiscard]] DaneVerdict verifyDane(std::span<const TlsaRecord> records,
                                     std::span<const std::string> chain,
                                     std::span<const std::string> names, Time now);

} // namespace sealpost::crypto
