// SPDX-License-Identifier: GPL-3.0-or-later
#include "mail/MessageRest.h"

#include "base/Text.h"
#include "mail/HeaderText.h"

#include <algorithm>
#include <array>

namespace sealpost::mail {

namespace {

using namespace std::string_view_literals;

//! Their values are signatures, identifiers of messages and hosts, and verdicts.
constexpr std::array kForMachines = {"arc-"sv,
                                     "authentication-results"sv,
                                     "autocrypt"sv,
                                     "autocrypt-gossip"sv,
                                     "bimi-indicator"sv,
                                     "content-id"sv,
                                     "dkim-"sv,
                                     "domainkey-signature"sv,
                                     "face"sv,
                                     "feedback-id"sv,
                                     "ironport-"sv,
                                     "message-id"sv,
                                     "openpgp"sv,
                                     "received"sv,
                                     "received-spf"sv,
                                     "references"sv,
                                     "thread-index"sv,
                                     "ui-outboundreport"sv,
                                     "x-authority-"sv,
                                     "x-bounce-key"sv,
                                     "x-cmae-"sv,
                                     "x-cse-"sv,
                                     "x-face"sv,
                                     "x-feedback-id"sv,
                                     "x-forefront-"sv,
                                     "x-gm-"sv,
                                     "x-google-"sv,
                                     "x-hashcash"sv,
                                     "x-he-"sv,
                                     "x-ironport-"sv,
                                     "x-mailgun-"sv,
                                     "x-mimecast-"sv,
                                     "x-microsoft-antispam"sv,
                                     "x-microsoft-antispam-"sv,
                                     "x-ms-exchange-"sv,
                                     "x-ms-office365-"sv,
                                     "x-proofpoint-"sv,
                                     "x-provags-"sv,
                                     "x-received"sv,
                                     "x-rspamd-"sv,
                                     "x-session-marker"sv,
                                     "x-sg-"sv,
                                     "x-spam-"sv,
                                     "x-stat-signature"sv,
                                     "x-ymail-"sv};
constexpr std::array kOfAddresses = {
    "bcc"sv,         "cc"sv,         "delivered-to"sv, "from"sv,         "reply-to"sv,
    "return-path"sv, "resent-bcc"sv, "resent-cc"sv,    "resent-from"sv,  "resent-sender"sv,
    "resent-to"sv,   "sender"sv,     "to"sv,           "x-original-to"sv};

//! A name that ends in "-" stands for all that start with it.
bool isForMachines(std::string_view name) {
    return std::any_of(kForMachines.begin(), kForMachines.end(), [&](std::string_view known) {
        return known.ends_with('-') ? name.starts_with(known) : name == known;
    });
}

bool isOfAddresses(std::string_view name) {
    return std::find(kOfAddresses.begin(), kOfAddresses.end(), name) != kOfAddresses.end();
}

std::string withoutAddresses(std::string_view value) {
    constexpr auto kBetween = " \t,;<>"sv;
    std::string left;
    while (!value.empty()) {
        const auto end = std::min(value.find_first_of(kBetween), value.size());
        const auto word = value.substr(0, end);
        left += word.find('@') == std::string_view::npos ? word : ""sv;
        left += end < value.size() && value[end] != '<' && value[end] != '>' ? value.substr(end, 1)
                                                                             : ""sv;
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return left;
}

//! Lines of a header, or of what is none.
class Lines {
public:
    void take(std::string_view text) {
        while (!text.empty()) {
            const auto end = std::min(text.find('\n'), text.size());
            auto line = text.substr(0, end);
            text.remove_prefix(std::min(end + 1, text.size()));
            if (line.ends_with('\r')) {
                line.remove_suffix(1);
            }
            takeLine(line);
        }
        endField();
        m_rest += '\n';
    }
    void takeAsIs(std::string_view text) { (m_rest += text) += '\n'; }
    [[nodiscard]] std::string rest() && { return std::move(m_rest); }

private:
    void takeLine(std::string_view line) {
        const bool goesOn = !m_name.empty() && (line.starts_with(' ') || line.starts_with('\t'));
        if (goesOn) {
            m_value += line;
            return;
        }
        endField();
        m_name = fieldName(line);
        if (m_name.empty()) {
            takeAsIs(line);
        } else {
            m_shown = line.substr(0, m_name.size() + 1);
            m_value = line.substr(m_name.size() + 1);
        }
    }

    void endField() {
        if (!m_name.empty() && !isForMachines(m_name)) {
            const auto text =
                m_value.find("=?") == std::string::npos ? m_value : decodedText(m_value);
            m_rest += m_shown + (isOfAddresses(m_name) ? withoutAddresses(text) : text) + '\n';
        }
        m_name.clear();
    }

    std::string m_rest;
    std::string m_name;  //!< of the field that is being read, lower case; empty where none is
    std::string m_shown; //!< "Subject:"
    std::string m_value;
};

//! From the first line on that is no base64, or the first one behind an end of it: readers differ
//! in what they make of that.
std::string_view noBase64(std::string_view body) {
    constexpr auto kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"sv;
    constexpr auto kSpace = " \t\r\n"sv;
    while (!body.empty()) {
        const auto line = body.substr(0, body.find('\n'));
        const auto end = std::min(line.find_first_not_of(kAllowed), line.size());
        const auto behind = std::min(line.find_first_not_of('=', end), line.size());
        if (line.find_first_not_of(kSpace, behind) != std::string_view::npos) {
            return body;
        }
        body.remove_prefix(std::min(line.size() + 1, body.size()));
        if (behind > end) {
            const auto more = body.find_first_not_of(kSpace);
            return more == std::string_view::npos ? std::string_view() : body.substr(more);
        }
    }
    return {};
}

} // namespace

std::string restOfMessage(std::string_view bytes, std::vector<PartRange> parts) {
    std::sort(parts.begin(), parts.end(),
              [](const PartRange &a, const PartRange &b) { return a.from < b.from; });
    Lines lines;
    std::size_t at = 0;
    for (const auto &part : parts) {
        const auto from = std::clamp(part.from, at, bytes.size());
        const auto to = std::clamp(part.to, from, bytes.size());
        lines.take(bytes.substr(at, from - at));
        if (part.isBase64) {
            lines.takeAsIs(noBase64(bytes.substr(from, to - from)));
        }
        at = to;
    }
    lines.take(bytes.substr(at));
    return std::move(lines).rest();
}

} // namespace sealpost::mail
