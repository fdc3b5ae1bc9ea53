// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Result.h"
#include "base/SecretBytes.h"
#include "mail/Draft.h"
#include "policy/Policy.h"
#include "scan/Finding.h"

#include <string>
#include <string_view>
#include <vector>

namespace sealpost::send {

//! Gives each finding its mark, and marks as dismissed those that the draft says are wrong, where
//! policy lets it. `file` is the SHA-256 of the attachment that they are in, or empty. Without a
//! key nothing can be dismissed.
void applyDismissals(std::vector<scan::Finding> &findings, std::string_view file,
                     const std::vector<mail::Dismissal> &dismissals, const policy::Policy &policy,
                     const SecretBytes *key);

//! Where a finding is, as people name it: "body:3", "keys.zip:etc/id_rsa:1", "photo.jpg".
[[nodiscard]] std::string placeOf(const scan::Location &location);

//! Whether a reason has in it what was found, which no journal may keep (a marking it may).
[[nodiscard]] bool repeats(std::string_view reason, const scan::Finding &finding);
[[nodiscard]] bool repeatsAny(std::string_view reason, const std::vector<scan::Finding> &findings);

//! "KIND:PLACE=REASON", for all findings of the kind at the place: placeOf() of one, or the front
//! of it ("body", "keys.zip"). FixInput, with KIND:PLACE as subject: "dismissal.no-match",
//! "dismissal.not-allowed" (by policy), "dismissal.no-reason" (fewer than ten characters),
//! "dismissal.repeats" (of what was found).
[[nodiscard]] Result<std::vector<mail::Dismissal>>
dismissalsFor(const std::vector<std::string> &wishes, const std::vector<scan::Finding> &findings);

} // namespace sealpost::send
