// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/MtaStsPolicy.h"
#include "base/Assurance.h"
#include "base/Clock.h"
#include "base/Evidence.h"
#include "crypto/TlsPeerInfo.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::assurance {

//! What the dialogue with one MX showed, from this computer.
enum class ProbeOutcome {
    NotProbed,
    Encrypted,       //!< a handshake completed; TlsPeerInfo says how good it is
    NoStartTls,      //!< EHLO answered, and STARTTLS is not offered
    StartTlsRefused, //!< offered, but not answered with 220
    HandshakeFailed, //!< no common version or cipher, or hung up in mid-handshake
    TlsAlert,        //!< the server ended the handshake with an alert, which the detail names
    NoAddress,       //!< its name has no address
    PrivateAddress,  //!< each of its addresses is of a private network or of this computer
    Unreachable,     //!< no address accepted a connection in time
    TempRejected,    //!< a 4xx to the connection, EHLO (greylisting) or STARTTLS
    Rejected,        //!< a 5xx greeting or EHLO reply
    Silent,          //!< connected, and nothing of a reply in time
    Tarpit,          //!< a reply began and did not end in time
    HungUp,          //!< connected, and hung up without a reply
    Garbage,         //!< replies that are not SMTP
    Endless,         //!< a reply of more lines or bytes than any honest one
    Mangled,         //!< something on the way overwrites SMTP: asterisks, "XXXXXXXA"
    PortBlocked,     //!< not asked: port 25 is out of reach from this network
    Injected,        //!< bytes after the reply to STARTTLS, before TLS
};

[[nodiscard]] constexpr std::string_view toString(ProbeOutcome outcome) {
    switch (outcome) {
    case ProbeOutcome::NotProbed:
        return "not-probed";
    case ProbeOutcome::Encrypted:
        return "encrypted";
    case ProbeOutcome::NoStartTls:
        return "no-starttls";
    case ProbeOutcome::StartTlsRefused:
        return "starttls-refused";
    case ProbeOutcome::HandshakeFailed:
        return "handshake-failed";
    case ProbeOutcome::TlsAlert:
        return "tls-alert";
    case ProbeOutcome::NoAddress:
        return "no-address";
    case ProbeOutcome::PrivateAddress:
        return "private-address";
    case ProbeOutcome::Unreachable:
        return "unreachable";
    case ProbeOutcome::TempRejected:
        return "temp-rejected";
    case ProbeOutcome::Rejected:
        return "rejected";
    case ProbeOutcome::Silent:
        return "silent";
    case ProbeOutcome::Tarpit:
        return "tarpit";
    case ProbeOutcome::HungUp:
        return "hung-up";
    case ProbeOutcome::Garbage:
        return "garbage";
    case ProbeOutcome::Endless:
        return "endless";
    case ProbeOutcome::Mangled:
        return "mangled";
    case ProbeOutcome::PortBlocked:
        return "port-blocked";
    case ProbeOutcome::Injected:
        return "injected";
    }
    return "not-probed";
}

//! How a server stood to the TLSA records of its host (RFC 7672 §3.1).
enum class DaneMatch {
    NotCompared, //!< no records, or no handshake
    EndEntity,   //!< a DANE-EE record vouches for it: names and dates don't count
    Anchor,      //!< a DANE-TA record does, by its chain and name
    Mismatch,    //!< none of the usable records does
    Unusable,    //!< no record is usable: TLS is asked for, and nothing says by whom (§2.2)
};

[[nodiscard]] constexpr std::string_view toString(DaneMatch match) {
    switch (match) {
    case DaneMatch::NotCompared:
        return "not-compared";
    case DaneMatch::EndEntity:
        return "dane-ee";
    case DaneMatch::Anchor:
        return "dane-ta";
    case DaneMatch::Mismatch:
        return "mismatch";
    case DaneMatch::Unusable:
        return "unusable";
    }
    return "not-compared";
}

//! What DANE says of one MX.
struct DaneReport {
    //! Proven: there are TLSA records, and DNSSEC proves them and the names that lead to them.
    //! ProvenAbsent: there are none, or the names are not signed. Bogus and TempFailure are never
    //! read as an absence.
    Evidence status = Evidence::NotChecked;
    std::vector<std::string> records; //!< "3 1 1 0123…" (crypto::describe)
    std::size_t usable = 0;           //!< how many of them are
    DaneMatch match = DaneMatch::NotCompared;
};

//! What MTA-STS says of a domain.
struct MtaStsReport {
    //! Proven: `policy` is in force, in whatever mode. ProvenAbsent: no record, or no valid policy
    //! where the record says that there is one. Bogus: the record's DNSSEC is, or the policy host's
    //! certificate is not to be trusted.
    Evidence status = Evidence::NotChecked;
    std::string id; //!< of the policy in force
    std::optional<MtaStsPolicy> policy;
    Time until{}; //!< how long it stays in force without being heard of again
};

struct MxReport {
    std::string host; //!< A-label
    std::uint16_t preference = 0;
    std::vector<std::string> addresses;
    ProbeOutcome outcome = ProbeOutcome::NotProbed;
    std::optional<crypto::TlsPeerInfo> tls;
    bool requireTls = false; //!< REQUIRETLS (RFC 8689) offered under TLS
    std::string detail;      //!< log-safe: the reply or the error
    //! What EHLO offered under TLS, sorted: "PIPELINING", "REQUIRETLS", "SIZE 10240000"; keywords
    //! in upper case.
    std::vector<std::string> capabilities;
    DaneReport dane;
};

//! One fact that was looked for, how it ended, and what it says.
struct EvidenceItem {
    //! Stable: "mx", "mx-dnssec", "mta-sts", "tls-rpt"; of a host, with its name: "address:mx1…",
    //! "starttls:mx1…", "tlsa:mx1…", "dane:mx1…", "mta-sts:mx1…", "tampering:mx1…".
    std::string what;
    Evidence outcome = Evidence::NotChecked;
    std::string detail;
};

enum class CjsmStatus { NotChecked, Address, Listed, ListedInactive, Dns, NotFound, Unknown };

[[nodiscard]] constexpr std::string_view toString(CjsmStatus status) {
    switch (status) {
    case CjsmStatus::NotChecked:
        return "not-checked";
    case CjsmStatus::Address:
        return "address";
    case CjsmStatus::Listed:
        return "listed";
    case CjsmStatus::ListedInactive:
        return "listed-inactive";
    case CjsmStatus::Dns:
        return "dns";
    case CjsmStatus::NotFound:
        return "not-found";
    case CjsmStatus::Unknown:
        return "unknown";
    }
    return "not-checked";
}

//! How one domain protects mail, as seen from this computer at one time.
struct DomainReport {
    std::string domain; //!< A-label
    Assurance assurance = Assurance::Unknown;
    bool minimumMet = false; //!< every MX that answered meets the policy's minimum
    std::vector<MxReport> mx;
    Evidence dnssec = Evidence::NotChecked; //!< of the MX answer
    MtaStsReport mtaSts;
    //! The most worrying of its MX' states: Bogus, TempFailure; else Proven where one MX has TLSA
    //! records that count.
    Evidence dane = Evidence::NotChecked;
    Evidence tlsRpt = Evidence::NotChecked; //!< whether it asks for reports (RFC 8460)
    //! Whether mail servers can be reached from here: Proven (one of the MX was), ProvenAbsent
    //! (port 25 is out of reach from this network, as several unrelated hosts showed), TempFailure
    //! (none of this domain's was, by its fault or the network's), NotChecked (no probe was made).
    Evidence port25 = Evidence::NotChecked;
    CjsmStatus cjsm = CjsmStatus::NotChecked;
    std::string
        cjsmAddress; //!< the secure address or, of a domain, its secure domain; may be empty
    std::vector<EvidenceItem> evidence;
    Time checkedAt{};
    Time expiresAt{};
    std::chrono::milliseconds duration{0};
    bool fromCache = false;
};

} // namespace sealpost::assurance
