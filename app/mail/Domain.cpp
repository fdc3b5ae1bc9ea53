// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Text.h"
#include "mail/Address.h"
#include "mail/Utf8.h"

#include <algorithm>
#include <idn2.h>
#include <memory>

namespace sealpost::mail {

namespace {

constexpr std::string_view kStage = "domain";
constexpr std::size_t kMaxDomain = 253;
constexpr std::size_t kMaxLabel = 63;

using IdnString = std::unique_ptr<char, decltype(&idn2_free)>;

Result<std::string> refuse(std::string_view code, std::string_view domain,
                           std::string_view detail = {}) {
    return fail(code, kStage, Reaction::FixInput, detail, printable(domain));
}

bool isAsciiDigit(char c) {
    return c >= '0' && c <= '9';
}

//= RFC 5321 §2.3.5 (letters, digits and hyphens; none at a label's edge)
bool isHostLabel(std::string_view label) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || isAsciiDigit(c) || c == '-';
    };
    return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
           label.back() != '-' && std::all_of(label.begin(), label.end(), allowed);
}

} // namespace

Result<std::string> toALabelDomain(std::string_view domain) {
    auto text = base::trimmed(domain);
    if (text.empty()) {
        return refuse("domain.empty", domain);
    }
    if (!isUtf8(text) || base::hasControlCharacters(text) || hasFormatCharacters(text)) {
        return refuse("domain.control-character", domain);
    }
    if (text.front() == '[' || text.find(':') != std::string_view::npos) {
        return refuse("domain.ip-literal", domain);
    }
    if (text.ends_with('.')) {
        text.remove_suffix(1);
    }
    if (text.size() > 4 * kMaxDomain) {
        return refuse("domain.too-long", domain);
    }

    char *raw = nullptr;
    //= RFC 5891 §4 (IDNA 2008; the non-transitional mapping keeps ß and the joiners)
    const int status =
        idn2_to_ascii_8z(std::string(text).c_str(), &raw, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
    const IdnString owner(raw, &idn2_free);
    if (status == IDN2_TOO_BIG_DOMAIN || status == IDN2_TOO_BIG_LABEL) {
        return refuse("domain.too-long", domain);
    }
    if (status != IDN2_OK) {
        return refuse("domain.bad-label", domain, idn2_strerror_name(status));
    }
    auto ascii = base::asciiLower(raw);
    if (ascii.size() > kMaxDomain) {
        return refuse("domain.too-long", domain);
    }
    const auto labels = base::split(ascii, '.');
    if (!std::all_of(labels.begin(), labels.end(), isHostLabel)) {
        return refuse("domain.bad-label", domain);
    }
    // A name whose last label is a number is read as an IPv4 address by resolvers.
    if (std::all_of(labels.back().begin(), labels.back().end(), isAsciiDigit)) {
        return refuse("domain.ip-literal", domain);
    }
    return ascii;
}

std::string toULabelDomain(std::string_view aLabelDomain) {
    char *raw = nullptr;
    const int status = idn2_to_unicode_8z8z(std::string(aLabelDomain).c_str(), &raw, 0);
    const IdnString owner(raw, &idn2_free);
    return status == IDN2_OK ? std::string(raw) : std::string(aLabelDomain);
}

} // namespace sealpost::mail
