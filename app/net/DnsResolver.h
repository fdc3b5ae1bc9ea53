// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Deadline.h"
#include "base/Evidence.h"
#include "base/Result.h"
#include "base/Units.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace sealpost::net {

enum class DnsType : std::uint16_t {
    A = 1,
    Cname = 5,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Tlsa = 52,
    Smimea = 53
};

//! How an answer stands to DNSSEC, validated in this process.
enum class DnsSecurity { Insecure, Secure, Bogus };

enum class DnsOutcome {
    Records,     //!< at least one record of the type asked for
    NoData,      //!< the name exists, without such records
    NxDomain,    //!< the name does not exist
    Bogus,       //!< DNSSEC says that the answer is forged or broken
    TempFailure, //!< SERVFAIL, time-out, no server in reach
};

//! One answer. Records are in wire form for types without a helper below.
struct DnsAnswer {
    DnsOutcome outcome = DnsOutcome::TempFailure;
    DnsSecurity security = DnsSecurity::Insecure;
    std::vector<std::string> rdata; //!< wire form, one for each record
    std::string canonicalName;      //!< A-label without a last dot; where CNAMEs led
    std::chrono::seconds ttl{0};
    std::string detail; //!< log-safe: why it is bogus, or how it failed

    //! Whether the fact asked for is there (Proven), is not (ProvenAbsent; the security says how
    //! sure), is forged, or could not be found out.
    [[nodiscard]] Evidence evidence() const;
};

struct MxRecord {
    std::uint16_t preference = 0;
    std::string host; //!< lower case, no last dot; empty: null MX (RFC 7505)
};

//! RFC 2782.
struct SrvRecord {
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
    Port port{0};
    std::string host; //!< lower case, no last dot; empty: there is no such service
};

struct DnsQuestion {
    std::string name; //!< A-label
    DnsType type = DnsType::A;
};

//! A resolver that validates DNSSEC here. Any thread.
class DnsResolver {
public:
    DnsResolver() = default;
    DnsResolver(const DnsResolver &) = delete;
    DnsResolver &operator=(const DnsResolver &) = delete;
    virtual ~DnsResolver() = default;
    //! `name` is an A-label name. Never an error: what failed is in the outcome.
    [[nodiscard]] virtual DnsAnswer query(const std::string &name, DnsType type, Deadline deadline,
                                          std::stop_token stop) = 0;
    //! The answers to several questions, in their order; asked at the same time where the resolver
    //! can.
    [[nodiscard]] virtual std::vector<DnsAnswer> queryAll(const std::vector<DnsQuestion> &questions,
                                                          Deadline deadline,
                                                          const std::stop_token &stop);
    //! Questions that are about to be asked, and a name in whose zone they stand: a resolver that
    //! remembers answers may look for these now, and for the keys from the root to that zone, which
    //! a validating one else fetches one after the other. Never waits.
    virtual void expect(const std::string &zone, const std::vector<DnsQuestion> &questions);
};

//! By rising preference, those of one preference in the answer's order; malformed ones left out.
[[nodiscard]] std::vector<MxRecord> mxRecords(const DnsAnswer &answer);
//! By rising priority, of one priority the heavier first: the client's random choice spreads load,
//! which one account's settings need not. Malformed ones are left out.
[[nodiscard]] std::vector<SrvRecord> srvRecords(const DnsAnswer &answer);
//! "192.0.2.1" or "2001:db8::1" of A and AAAA answers.
[[nodiscard]] std::vector<std::string> addressRecords(const DnsAnswer &answer);

//! The wire forms, for resolvers that make answers: practice mode and tests.
[[nodiscard]] std::string encodeMx(const MxRecord &record);
[[nodiscard]] std::string encodeSrv(const SrvRecord &record);
[[nodiscard]] std::string encodeAddress(const std::string &address);

struct UnboundConfig {
    std::string forwarder;       //!< "address" or "address@port"; empty: the system's resolvers
    std::string trustAnchorFile; //!< empty: the distribution's root anchor
};

//! libunbound. AskAdmin "dns.anchor" or "dns.config".
[[nodiscard]] Result<std::unique_ptr<DnsResolver>> makeUnboundResolver(const UnboundConfig &config);

} // namespace sealpost::net
