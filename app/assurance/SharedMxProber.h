// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/MxProber.h"
#include "base/Clock.h"

#include <chrono>
#include <functional>
#include <memory>

namespace sealpost::assurance {

//! One dialogue with one MX, for SharedMxProber.
using ProbeDialogue =
    std::function<ProbeResult(const ProbeTarget &, Freshness, Deadline, std::stop_token)>;

struct SharedProberConfig {
    ProbeDialogue dialogue;
    std::shared_ptr<const Clock> clock;
    std::size_t atOnce = 8;        //!< dialogues at the same time
    std::size_t remembered = 2048; //!< results; the one not used for longest goes first
};

//! Speaks to each host once: whoever asks for a host while a dialogue with it goes on waits for
//! that one, and its result is remembered for a while (lifeOf()), for all domains that name the
//! host. Where SNI is to be another name, that is another host. A dialogue that its asker broke off
//! is nobody's result: the next who waits begins it anew.
class SharedMxProber final : public MxProber {
public:
    explicit SharedMxProber(SharedProberConfig config);
    ~SharedMxProber() override;
    //! Where the time was over before a dialogue could begin: NotProbed.
    [[nodiscard]] ProbeResult probe(const ProbeTarget &target, Freshness freshness,
                                    Deadline deadline, std::stop_token stop) override;

    //! How long a result of this outcome is good for: failures are short-lived.
    [[nodiscard]] static std::chrono::seconds lifeOf(ProbeOutcome outcome);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace sealpost::assurance
