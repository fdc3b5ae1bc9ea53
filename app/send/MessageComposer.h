// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/Clock.h"
#include "base/Result.h"
#include "mail/Draft.h"
#include "mail/Marking.h"
#include "policy/Policy.h"
#include "routing/Route.h"

#include <optional>
#include <string>
#include <vector>

namespace sealpost::send {

//! FixInput "draft.unknown-handling", "draft.unknown-descriptor": policy does not offer the word
//! (Error::subject); Error::detail lists those that it does.
[[nodiscard]] Result<void> checkMarkingWords(const mail::Draft &draft,
                                             const policy::MarkingPolicy &rules);

//! What stands in a message beside the person's own words: the marking in subject, text and header
//! fields, always the same one, and the disclaimer. Pure; keeps copies of what it is made of.
class MessageComposer {
public:
    //! `ofOriginal`: the marking of a message that is forwarded.
    MessageComposer(const mail::Draft &draft, const policy::Policy &policy,
                    const std::optional<mail::Marking> &ofOriginal = std::nullopt);

    //! What the person chose, or what the message carries already (in its subject, on top of its
    //! text, in what it quotes or forwards) where that is higher.
    [[nodiscard]] const mail::Marking &marking() const { return m_marking; }
    [[nodiscard]] std::string subject() const;
    //! With the disclaimer for people of that relation.
    [[nodiscard]] std::string body(routing::Relation relation) const;
    //! Those that policy names, each "Name: value" in ASCII. Everybody on the way can read them, so
    //! they hold words that policy knows and no others.
    [[nodiscard]] std::vector<std::string> headerFields(Time now) const;

private:
    [[nodiscard]] std::vector<std::string> disclaimers(routing::Relation relation) const;
    [[nodiscard]] std::string msipLabels(Time now) const;
    [[nodiscard]] mail::Marking sorted(mail::Marking marking) const;
    [[nodiscard]] bool isWritten() const;

    mail::Address m_from;
    std::string m_subject;
    std::string m_body;
    policy::MarkingPolicy m_rules;
    policy::DisclaimerPolicy m_disclaimer;
    mail::Marking m_marking;
};

} // namespace sealpost::send
