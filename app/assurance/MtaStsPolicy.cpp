// SPDX-License-Identifier: GPL-3.0-or-later
#include "assurance/MtaStsPolicy.h"

#include "base/Text.h"

#include <algorithm>
#include <cstdint>
#include <map>

namespace sealpost::assurance {

namespace {
constexpr std::string_view kSpace = " \t";
constexpr std::size_t kLongestName = 32;
constexpr std::size_t kLongestHost = 253;
constexpr std::size_t kLongestLabel = 63;

bool isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool isAlphanumericText(std::string_view text) {
    return std::all_of(text.begin(), text.end(), isAlphanumeric);
}

//! The name of a field of records and policies alike (RFC 8461 §3.1 and §3.2, RFC 8460 §3).
bool isFieldName(std::string_view name) {
    return !name.empty() && name.size() <= kLongestName && isAlphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return isAlphanumeric(c) || c == '_' || c == '-' || c == '.';
           });
}

std::string_view withoutSpaces(std::string_view text) {
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

auto broken(std::string_view code, std::string_view why) {
    return fail(code, "mta-sts", Reaction::FixInput, why);
}

//! What tells the two kinds of record apart.
struct RecordKind {
    std::string_view version; //!< with its ";"
    std::string_view field;
    std::string_view absent;
    std::string_view several;
    std::string_view malformed;
};
constexpr RecordKind kMtaSts{"v=STSv1;", "id", "mta-sts.absent", "mta-sts.several",
                             "mta-sts.record"};
constexpr RecordKind kTlsReporting{"v=TLSRPTv1;", "rua", "tls-rpt.absent", "tls-rpt.several",
                                   "tls-rpt.record"};

//! The value of the record's one field that counts. Others are passed over, if well formed.
Result<std::string> fieldOf(std::span<const std::string> texts, const RecordKind &kind) {
    std::vector<std::string_view> records;
    for (const std::string_view text : texts) {
        //= RFC 8461 §3.1, RFC 8460 §3: texts that begin otherwise are somebody else's.
        if (text.starts_with(kind.version)) {
            records.push_back(text.substr(kind.version.size()));
        }
    }
    if (records.empty()) {
        return broken(kind.absent, "no record");
    }
    //= RFC 8461 §3.1, RFC 8460 §3: of several records none counts.
    if (records.size() > 1) {
        return broken(kind.several, std::to_string(records.size()) + " records");
    }
    std::optional<std::string> value;
    auto fields = base::split(records.front(), ';');
    if (withoutSpaces(fields.back()).empty()) {
        fields.pop_back(); // a last ";" may stand
    }
    for (const std::string_view field : fields) {
        const auto text = withoutSpaces(field);
        const auto equals = text.find('=');
        if (equals == std::string_view::npos || !isFieldName(text.substr(0, equals)) ||
            equals + 1 == text.size()) {
            return broken(kind.malformed, "a field that is no name=value");
        }
        if (!value && text.substr(0, equals) == kind.field) {
            value = text.substr(equals + 1);
        }
    }
    if (!value) {
        return broken(kind.malformed, "no " + std::string(kind.field));
    }
    return std::move(*value);
}

//! A host name without a last dot, in lower case already.
bool isHostName(std::string_view name) {
    if (name.empty() || name.size() > kLongestHost) {
        return false;
    }
    const auto labels = base::split(name, '.');
    return std::all_of(labels.begin(), labels.end(), [](const auto &label) {
        return !label.empty() && label.size() <= kLongestLabel &&
               std::all_of(label.begin(), label.end(),
                           [](char c) { return isAlphanumeric(c) || c == '-' || c == '_'; });
    });
}

std::optional<std::string> mxPatternFrom(std::string_view value) {
    auto pattern = base::asciiLower(value);
    const auto host = std::string_view(pattern).substr(pattern.starts_with("*.") ? 2 : 0);
    return isHostName(host) ? std::optional(std::move(pattern)) : std::nullopt;
}

std::optional<MtaStsMode> modeFrom(std::string_view word) {
    for (const auto mode : {MtaStsMode::None, MtaStsMode::Testing, MtaStsMode::Enforce}) {
        if (toString(mode) == word) {
            return mode;
        }
    }
    return std::nullopt;
}

std::optional<std::chrono::seconds> maxAgeFrom(std::string_view digits) {
    constexpr std::size_t kMostDigits = 10;
    constexpr int kTen = 10;
    if (digits.empty() || digits.size() > kMostDigits) {
        return std::nullopt;
    }
    std::int64_t seconds = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        seconds = seconds * kTen + (c - '0');
    }
    return std::chrono::seconds(seconds);
}

//! The keys and values of a policy file: the first of each key, and every mx.
struct PolicyFields {
    std::map<std::string, std::string, std::less<>> first;
    std::vector<std::string> mx;
};

Result<PolicyFields> fieldsOf(std::string_view file) {
    PolicyFields fields;
    std::size_t number = 0;
    for (const std::string_view whole : base::split(file, '\n')) {
        ++number;
        auto line = whole;
        if (line.ends_with('\r')) {
            line.remove_suffix(1);
        }
        // Many servers' files end in an empty line or two.
        if (withoutSpaces(line).empty()) {
            continue;
        }
        const auto colon = line.find(':');
        const auto key = line.substr(0, colon);
        const auto value = withoutSpaces(colon < line.size() ? line.substr(colon + 1) : line);
        if (colon == std::string_view::npos || !isFieldName(key) ||
            base::hasControlCharacters(value)) {
            return broken("mta-sts.policy", "line " + std::to_string(number));
        }
        if (key == "mx") {
            fields.mx.emplace_back(value);
        } else {
            //= RFC 8461 §3.2: of a field that is there twice, all but mx, the first counts.
            fields.first.try_emplace(std::string(key), value);
        }
    }
    return fields;
}

std::string_view valueOf(const PolicyFields &fields, std::string_view key) {
    const auto found = fields.first.find(key);
    return found == fields.first.end() ? std::string_view() : found->second;
}
} // namespace

bool MtaStsPolicy::allows(std::string_view host) const {
    return std::any_of(mx.begin(), mx.end(), [&](const std::string_view pattern) {
        if (!pattern.starts_with("*.")) {
            return pattern == host;
        }
        //= RFC 8461 §4.1: the wildcard stands for exactly one label, the left-most.
        const auto dot = host.find('.');
        return dot != std::string_view::npos && dot > 0 && host.substr(dot) == pattern.substr(1);
    });
}

Result<std::string> mtaStsId(std::span<const std::string> texts) {
    auto id = fieldOf(texts, kMtaSts);
    //= RFC 8461 §3.1: an id is 1 to 32 letters and digits.
    if (id && (id->size() > kLongestName || !isAlphanumericText(*id))) {
        return broken("mta-sts.record", "malformed id");
    }
    return id;
}

Result<MtaStsPolicy> parseMtaStsPolicy(std::string_view file) {
    const auto fields = fieldsOf(file);
    if (!fields) {
        return tl::unexpected(fields.error());
    }
    //= RFC 8461 §3.2: version, mode and max_age must be there, and mx unless the mode is none.
    if (valueOf(*fields, "version") != "STSv1") {
        return broken("mta-sts.policy", "version");
    }
    const auto mode = modeFrom(valueOf(*fields, "mode"));
    if (!mode) {
        return broken("mta-sts.policy", "mode");
    }
    const auto maxAge = maxAgeFrom(valueOf(*fields, "max_age"));
    if (!maxAge) {
        return broken("mta-sts.policy", "max_age");
    }
    MtaStsPolicy policy{*mode, *maxAge, {}};
    for (const auto &value : fields->mx) {
        auto pattern = mxPatternFrom(value);
        if (!pattern) {
            return broken("mta-sts.policy", "mx");
        }
        policy.mx.push_back(std::move(*pattern));
    }
    if (policy.mx.empty() && policy.mode != MtaStsMode::None) {
        return broken("mta-sts.policy", "no mx");
    }
    return policy;
}

Result<std::vector<std::string>> tlsReportUris(std::span<const std::string> texts) {
    const auto value = fieldOf(texts, kTlsReporting);
    if (!value) {
        return tl::unexpected(value.error());
    }
    std::vector<std::string> uris;
    for (const std::string_view part : base::split(*value, ',')) {
        const auto uri = withoutSpaces(part);
        const auto scheme = base::asciiLower(uri.substr(0, uri.find(':')));
        //= RFC 8460 §3: reports go by mail or by HTTPS, and by nothing else.
        if ((scheme != "mailto" && scheme != "https") || base::hasControlCharacters(uri) ||
            uri.size() <= scheme.size() + 1) {
            return broken("tls-rpt.record", "rua");
        }
        uris.emplace_back(uri);
    }
    return uris;
}

} // namespace sealpost::assurance
