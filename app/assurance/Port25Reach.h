// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/DomainReport.h"
#include "assurance/Freshness.h"
#include "base/Clock.h"
#include "base/KeyValueCache.h"

#include <functional>
#include <memory>

namespace sealpost::assurance {

struct Port25Config {
    std::shared_ptr<const Clock> clock;
    std::shared_ptr<base::KeyValueCache> cache; //!< may be empty
    std::function<std::string()> network;       //!< the present network's fingerprint
};

//! Learns from dialogues whether port 25 is out of reach from this network: several unrelated MX
//! hosts could not be connected to, be it by one process or by several, and none could. It is
//! remembered for half an hour for this network; on another one nothing is known. One host that is
//! reached disproves it at once. Any thread.
class Port25Reach {
public:
    explicit Port25Reach(Port25Config config);
    ~Port25Reach();
    Port25Reach(const Port25Reach &) = delete;
    Port25Reach &operator=(const Port25Reach &) = delete;

    //! Whether a dialogue would be for nothing. Fresh: never; FreshOnce: not by what an earlier
    //! process found.
    [[nodiscard]] bool isBlocked(Freshness freshness);
    //! What a dialogue showed that ran its whole time.
    void learn(const MxReport &mx);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::assurance
