// SPDX-License-Identifier: GPL-3.0-or-later
// Internal to scan: the rules that policy adds, and the compiled anchors kept for the next start.
#pragma once

#include "scan/AccountChecks.h"
#include "scan/RuleSet.h"

#include <string>
#include <vector>

namespace sealpost::scan {

struct OwnRules {
    std::vector<Rule> rules;
    AccountChecks accounts; //!< from tables of Pay.UK's among the files
};

//! All rules of these files (absolute paths). AskAdmin "scan.rules" with the file as subject: not
//! absolute, not readable, larger than 8 MiB, or with a mistake.
[[nodiscard]] Result<OwnRules> readOwnRules(const std::vector<std::string> &files);

//! What keepAnchors() wrote into this folder; empty where there is none. It is only of use for the
//! rules it was made from, which Prefilter::load() sees.
[[nodiscard]] std::string keptAnchors(const std::string &folder);
//! A failure costs time at the next start and nothing else.
void keepAnchors(const std::string &folder, const std::string &serialised);

} // namespace sealpost::scan
