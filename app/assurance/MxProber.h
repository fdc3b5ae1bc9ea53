// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "assurance/Freshness.h"
#include "assurance/StartTlsProbe.h"

namespace sealpost::assurance {

//! Finds out how one MX host answers: what the assessor needs, and what tests put in its place.
class MxProber {
public:
    MxProber() = default;
    MxProber(const MxProber &) = delete;
    MxProber &operator=(const MxProber &) = delete;
    virtual ~MxProber() = default;
    //! Never an error: what failed is in the result. Any thread; ends promptly with a stop.
    [[nodiscard]] virtual ProbeResult probe(const ProbeTarget &target, Freshness freshness,
                                            Deadline deadline, std::stop_token stop) = 0;
};

} // namespace sealpost::assurance
