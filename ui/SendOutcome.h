// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "send/Receipt.h"
#include "send/SendPlan.h"
#include "ui/Theme.h"

#include <QString>
#include <optional>
#include <string>
#include <vector>

namespace sealpost::ui {

//! How it ended for one recipient.
struct RecipientOutcome {
    mail::Address address;
    RouteKind route = RouteKind::Blocked;
    submit::Delivery delivery = submit::Delivery::NotSent;
    std::string reply;
    bool waits = false; //!< in the outbox: it is tried again by itself
};

//! In the order of the plan; receipts are of the plan's transmissions, in their order.
[[nodiscard]] std::vector<RecipientOutcome> outcomesOf(const send::SendPlan &plan,
                                                       const std::vector<send::Receipt> &receipts);

//! The draft as far as it has not gone out, so that nothing is lost and nobody gets it twice: the
//! recipients who were refused, or not reached. None where all of it has gone. A recipient for whom
//! it waits in the outbox is not among them, nor one of whom it is not certain: that message is
//! there for a decision.
[[nodiscard]] std::optional<mail::Draft> remainingDraft(const send::SendPlan &plan,
                                                        const std::vector<send::Receipt> &receipts);

[[nodiscard]] QString outcomeTitle(const std::vector<RecipientOutcome> &outcomes);
[[nodiscard]] QString iconOf(submit::Delivery delivery);
[[nodiscard]] Tone toneOf(submit::Delivery delivery);

//! What a helpdesk asks for: TLS, certificate, replies, ids, S/MIME.
[[nodiscard]] QString technicalText(const send::Receipt &receipt);
//! The file of "Save receipt": docs/cli-json.md's "receipts".
[[nodiscard]] std::string receiptsAsJson(const std::vector<send::Receipt> &receipts);

} // namespace sealpost::ui
