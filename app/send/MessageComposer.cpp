// SPDX-License-Identifier: GPL-3.0-or-later
#include "send/MessageComposer.h"

#include "base/Text.h"
#include "mail/Disclaimer.h"

#include <algorithm>
#include <optional>

namespace sealpost::send {

namespace {

using policy::DisclaimerFor;
using policy::MarkingHeader;

DisclaimerFor sideOf(routing::Relation relation) {
    switch (relation) {
    case routing::Relation::Internal:
        return DisclaimerFor::Internal;
    case routing::Relation::GovUk:
        return DisclaimerFor::GovUk;
    case routing::Relation::Partner:
        return DisclaimerFor::Partner;
    case routing::Relation::External:
        return DisclaimerFor::External;
    }
    return DisclaimerFor::External;
}

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

//! A parameter's value: quoted, or RFC 2231 §4 where it is not ASCII.
std::string parameter(std::string_view name, const std::string &value) {
    if (isAscii(value)) {
        std::string quoted;
        for (const char c : value) {
            quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
        }
        return std::string(name) + "=\"" + quoted + '"';
    }
    std::string encoded;
    for (const char c : value) {
        const bool plain =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        encoded += plain ? std::string(1, c)
                         : '%' + base::asciiUpper(base::toHex(std::string_view(&c, 1)));
    }
    return std::string(name) + "*=utf-8''" + encoded;
}

bool has(const std::vector<std::string> &words, const std::string &word) {
    return std::any_of(words.begin(), words.end(),
                       [&](const std::string &one) { return base::equalsIgnoringCase(one, word); });
}

Result<void> check(std::string_view code, const std::string &word,
                   const std::vector<std::string> &offered) {
    if (word.empty() || has(offered, word)) {
        return {};
    }
    return fail(code, "plan", Reaction::FixInput, base::join(offered, ", "), word);
}

} // namespace

Result<void> checkMarkingWords(const mail::Draft &draft, const policy::MarkingPolicy &rules) {
    auto checked = check("draft.unknown-handling", draft.handling, rules.handling);
    return checked ? check("draft.unknown-descriptor", draft.descriptor, rules.descriptors)
                   : checked;
}

MessageComposer::MessageComposer(const mail::Draft &draft, const policy::Policy &policy,
                                 const std::optional<mail::Marking> &ofOriginal)
    : m_from(draft.from), m_subject(draft.subject), m_body(draft.body), m_rules(policy.marking),
      m_disclaimer(policy.disclaimer), m_marking{draft.classification,
                                                 base::asciiUpper(draft.handling),
                                                 base::asciiUpper(draft.descriptor)} {
    for (const auto &there :
         {mail::markingOfSubject(draft.subject), mail::markingOfBody(draft.body),
          mail::markingOfQuoted(draft.body), ofOriginal}) {
        if (there) {
            m_marking = mail::higher(m_marking, sorted(*there));
        }
    }
}

//! Other programs write a descriptor where there is no handling instruction.
mail::Marking MessageComposer::sorted(mail::Marking marking) const {
    const bool isDescriptor =
        has(m_rules.descriptors, marking.handling) && !has(m_rules.handling, marking.handling);
    if (isDescriptor && (marking.descriptor.empty() || has(m_rules.handling, marking.descriptor))) {
        std::swap(marking.handling, marking.descriptor);
    }
    return marking;
}

bool MessageComposer::isWritten() const {
    // What a person says more of is worth writing, whatever the classification.
    return m_rules.written.contains(m_marking.classification) || !m_marking.handling.empty() ||
           !m_marking.descriptor.empty();
}

std::string MessageComposer::subject() const {
    return m_rules.inSubject && isWritten() ? mail::markedSubject(m_subject, m_marking) : m_subject;
}

//! Templates in the policy's order of languages.
std::vector<std::string> MessageComposer::disclaimers(routing::Relation relation) const {
    if (!m_disclaimer.append) {
        return {};
    }
    const auto side = sideOf(relation);
    std::vector<std::string> texts;
    for (const auto &language : m_disclaimer.languages) {
        const auto find = [&](DisclaimerFor wanted) {
            return std::find_if(m_disclaimer.texts.begin(), m_disclaimer.texts.end(),
                                [&](const policy::DisclaimerText &text) {
                                    return text.language == language && text.relation == wanted;
                                });
        };
        auto found = find(side);
        if (found == m_disclaimer.texts.end() && side != DisclaimerFor::Internal) {
            found = find(DisclaimerFor::External);
        }
        if (found != m_disclaimer.texts.end()) {
            texts.push_back(found->text);
        }
    }
    return texts;
}

std::string MessageComposer::body(routing::Relation relation) const {
    const auto &name = m_from.displayName();
    auto text = m_body;
    for (const auto &disclaimer : disclaimers(relation)) {
        const auto filled =
            mail::filledIn(disclaimer, {{"name", name.empty() ? m_from.spec() : name},
                                        {"organisation", m_disclaimer.organisation.empty()
                                                             ? m_from.domainForDisplay()
                                                             : m_disclaimer.organisation},
                                        {"classification", mail::toText(m_marking)}});
        text = mail::withDisclaimer(text, disclaimer, filled);
    }
    return m_rules.inBody && isWritten() ? mail::markedBody(text, m_marking) : text;
}

//! Microsoft Purview's metadata of a label (Microsoft Information Protection SDK, "Metadata"): what
//! was chosen by a person has the method Privileged; of ContentBits 1 says that the content has a
//! header that names it.
std::string MessageComposer::msipLabels(Time now) const {
    const auto &label = m_marking.classification == Classification::Official
                            ? m_rules.msipOfficial
                            : m_rules.msipOfficialSensitive;
    if (label.empty() || m_rules.msipSite.empty()) {
        return {};
    }
    const auto prefix = "MSIP_Label_" + label + "_";
    return "msip_labels: " + prefix + "Enabled=true; " + prefix + "SiteId=" + m_rules.msipSite +
           "; " + prefix + "SetDate=" + base::toIso8601(now) + "; " + prefix +
           "Method=Privileged; " + prefix +
           "Name=" + std::string(base::toString(m_marking.classification)) + "; " + prefix +
           "ContentBits=" + (m_rules.inBody && isWritten() ? "1" : "0");
}

std::vector<std::string> MessageComposer::headerFields(Time now) const {
    auto known = m_marking;
    if (!has(m_rules.handling, known.handling)) {
        known.handling.clear();
    }
    if (!has(m_rules.descriptors, known.descriptor)) {
        known.descriptor.clear();
    }
    const auto text = mail::toText(known);
    std::vector<std::string> fields;
    for (const auto header : m_rules.headers) {
        switch (header) {
        case MarkingHeader::SioLabel:
            //= RFC 7444 §2 (a display marking without a structured label)
            fields.push_back("SIO-Label: " + parameter("marking", text));
            break;
        case MarkingHeader::XProtectiveMarking:
            // Of what is not ASCII the classification alone: a gateway's rule looks for that.
            fields.push_back(
                "X-Protective-Marking: " +
                (isAscii(text) ? text : std::string(base::toString(m_marking.classification))));
            break;
        case MarkingHeader::MsipLabels:
            if (auto labels = msipLabels(now); !labels.empty()) {
                fields.push_back(std::move(labels));
            }
            break;
        }
    }
    return fields;
}

} // namespace sealpost::send
