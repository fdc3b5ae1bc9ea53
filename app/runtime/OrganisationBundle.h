// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "policy/PolicyBundle.h"
#include "runtime/BundleMemory.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace sealpost::runtime {

//! The bundle in force, and how that stands.
struct BundleReading {
    policy::PolicyLayer layer;
    policy::BundleHeader header;
    std::string signer; //!< SHA-256 of the certificate
    std::optional<Time> signedAt;
    Time fetched{};
    //! Why no newer one was taken; this one, the last good one, stays in force.
    std::optional<Error> trouble;
    bool clockSetBack = false; //!< this computer's clock is behind a time that it showed before
};

enum class Asking { WhenDue, Now };

//! An organisation's bundle of rules: fetched when it is due, verified, and remembered. What was
//! taken once is never followed by an older one; its end is judged by the latest time seen.
class OrganisationBundle {
public:
    //! Bytes of the signed bundle; net::httpGet()'s errors.
    using Fetch = std::function<Result<std::string>(const std::string &url)>;

    OrganisationBundle(Fetch fetch, store::SealedFacts facts, std::shared_ptr<const Clock> clock);

    //! The bundle in force. Where there is none, nothing may be sent: what kept one from being
    //! taken (crypto::openSigned()'s and the fetch's errors, and AskAdmin "bundle.no-signer",
    //! "bundle.document", "bundle.older", "bundle.other-content", "bundle.expired",
    //! "bundle.clock-set-back"), with the URL or "place key" as subject; or the store's errors.
    [[nodiscard]] Result<BundleReading> read(const policy::OrganisationPolicy &config,
                                             Asking asking);

private:
    struct Opened;
    struct Bounds;
    [[nodiscard]] static Result<Opened>
    open(const std::string &bytes, const policy::OrganisationPolicy &config, const Bounds &bounds);
    [[nodiscard]] static bool isDue(const BundleMemory &memory,
                                    const policy::OrganisationPolicy &config, Time now, bool held);
    [[nodiscard]] Result<Opened> ask(const policy::OrganisationPolicy &config, BundleMemory &memory,
                                     Time now);

    Fetch m_fetch;
    store::SealedFacts m_facts;
    std::shared_ptr<const Clock> m_clock;
};

} // namespace sealpost::runtime
