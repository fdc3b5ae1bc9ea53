// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: texts to findings.
#pragma once

#include "base/Deadline.h"
#include "base/Result.h"
#include "scan/Finding.h"
#include "scan/RuleSet.h"

#include <memory>
#include <stop_token>
#include <string_view>
#include <vector>

namespace sealpost::scan {

struct MatchReport {
    std::vector<Finding> findings; //!< in order; their source and part are left empty
    bool limitReached = false;     //!< a pattern gave up, or there were too many findings
};

//! When to give up, asked between blocks of text.
struct Patience {
    Deadline deadline;
    std::stop_token stop;
    //! Retry "scan.stopped" or "scan.deadline".
    [[nodiscard]] Result<void> check() const;
};

//! All rules over one text: one Hyperscan pass for candidates, then for each the exact match,
//! entropy, allow list, validator and nearby words. Any thread.
class Matcher {
public:
    //! `serialisedAnchors` spares compiling them where it is Prefilter::serialised() of these
    //! rules.
    [[nodiscard]] static Result<Matcher> create(const RuleSet &rules,
                                                std::string_view serialisedAnchors = {});
    Matcher(Matcher &&other) noexcept;
    Matcher &operator=(Matcher &&other) noexcept;
    ~Matcher();

    [[nodiscard]] Result<MatchReport> match(std::string_view text, const Patience &patience) const;

private:
    struct Private;
    explicit Matcher(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace sealpost::scan
