// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/ComposeService.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sealpost::testing {

[[nodiscard]] mail::Address address(std::string_view text);
//! Sam Okoro's.
[[nodiscard]] mail::Account account();
[[nodiscard]] scan::Finding passwordInBody(std::uint32_t line);
[[nodiscard]] scan::Finding keyInAttachment(const std::string &name);
[[nodiscard]] routing::Owed owedConfirmation();
[[nodiscard]] routing::Owed owedJustification();

//! The plan that a planner would make, where each domain's route is known. A domain not in the map
//! is blocked for lack of encryption; one that begins with "unknown" is not confirmed.
[[nodiscard]] std::shared_ptr<send::SendPlan>
makePlan(const mail::Draft &draft, const std::map<std::string, RouteKind> &routes,
         std::vector<scan::Finding> findings = {}, std::vector<routing::Owed> owed = {});

//! A receipt for each transmission, all with this delivery.
//! An uncertain one (7), one that waits (6), one given up (5), one accepted (4).
[[nodiscard]] std::vector<store::OutboxEntry> outboxEntries();

[[nodiscard]] std::vector<send::Receipt> receiptsFor(const send::SendPlan &plan,
                                                     submit::Delivery delivery);
[[nodiscard]] crypto::CertificateInfo certificate(std::string_view addressSpec,
                                                  crypto::CertificateState state);

} // namespace sealpost::testing
