// SPDX-License-Identifier: GPL-3.0-or-later
#include "submit/MailParameters.h"

#include "base/Text.h"

#include <algorithm>
#include <charconv>

namespace sealpost::submit {

namespace {

bool isAscii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return static_cast<unsigned char>(c) < 128; });
}

bool needsUtf8(const Submission &submission) {
    return !isAscii(submission.envelopeFrom) ||
           !std::all_of(submission.recipients.begin(), submission.recipients.end(),
                        [](const auto &spec) { return isAscii(spec); });
}

//! 0 where it says none, or nothing that is a number.
ByteCount numberOf(std::string_view text) {
    ByteCount number = 0;
    const auto *const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && (read.ptr == end || *read.ptr == ' ') ? number : 0;
}

//= RFC 3461 §4: xtext.
std::string xtext(std::string_view text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (c > ' ' && c < '\x7f' && c != '+' && c != '=') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += '+';
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

std::string notifyWords(const DsnRequest &dsn) {
    std::vector<std::string> words;
    if (dsn.success) {
        words.emplace_back("SUCCESS");
    }
    if (dsn.failure) {
        words.emplace_back("FAILURE");
    }
    if (dsn.delay) {
        words.emplace_back("DELAY");
    }
    return words.empty() ? "NEVER" : base::join(words, ",");
}

//= RFC 2852 §4: at least what the server names as its least, at most nine digits.
std::string deliverBy(std::chrono::seconds within, std::string_view least) {
    constexpr ByteCount kMost = 999'999'999;
    const auto wanted = static_cast<ByteCount>(std::max<long long>(within.count(), 1));
    return " BY=" + std::to_string(std::min(std::max(wanted, numberOf(least)), kMost)) + ";R";
}

} // namespace

Step<void> fits(const Submission &submission, const net::SmtpCapabilities &offered) {
    constexpr std::string_view kStage = "submit.mail";
    if (!net::isPath(submission.envelopeFrom)) {
        return give(refused("smtp.argument", kStage, Reaction::Bug));
    }
    for (const auto &recipient : submission.recipients) {
        if (recipient.empty() || !net::isPath(recipient)) {
            return give(refused("smtp.argument", "submit.rcpt", Reaction::Bug));
        }
    }
    //= RFC 1870 §6.1: a message known to be too big is not sent to be refused.
    if (const auto size = offered.find("SIZE"); size != offered.end()) {
        const auto limit = numberOf(size->second);
        if (limit > 0 && submission.size > limit) {
            return give(refused("submit.too-large", kStage, Reaction::FixInput,
                                "message " + std::to_string(submission.size) + ", limit " +
                                    std::to_string(limit)));
        }
    }
    //= RFC 6531 §3.1: no such address goes to a server without SMTPUTF8.
    if (needsUtf8(submission) && !offered.contains("SMTPUTF8")) {
        return give(refused("submit.smtputf8", kStage, Reaction::FixInput));
    }
    //= RFC 8689 §4.1: not handed to a server that does not offer it.
    if (submission.requireTls == RequireTls::Always && !offered.contains("REQUIRETLS")) {
        return give(refused("submit.requiretls-missing", kStage, Reaction::AskAdmin));
    }
    return {};
}

std::string mailParameters(const Submission &submission, const net::SmtpCapabilities &offered) {
    std::string out;
    if (offered.contains("SIZE")) {
        out += " SIZE=" + std::to_string(submission.size);
    }
    if (submission.dsn && offered.contains("DSN")) {
        out += submission.dsn->headersOnly ? " RET=HDRS" : " RET=FULL";
        if (!submission.dsn->envelopeId.empty()) {
            out += " ENVID=" + xtext(submission.dsn->envelopeId);
        }
    }
    if (submission.requireTls != RequireTls::No && offered.contains("REQUIRETLS")) {
        out += " REQUIRETLS";
    }
    if (const auto by = offered.find("DELIVERBY");
        submission.deliverWithin && by != offered.end()) {
        out += deliverBy(*submission.deliverWithin, by->second);
    }
    if (needsUtf8(submission)) {
        out += " SMTPUTF8";
    }
    return out;
}

std::string rcptParameters(const Submission &submission, const std::string &recipient,
                           const net::SmtpCapabilities &offered) {
    if (!submission.dsn || !offered.contains("DSN")) {
        return {};
    }
    auto out = " NOTIFY=" + notifyWords(*submission.dsn);
    if (isAscii(recipient)) {
        out += " ORCPT=rfc822;" + xtext(recipient);
    }
    return out;
}

} // namespace sealpost::submit
