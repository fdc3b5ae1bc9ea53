// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

constexpr std::array kVersions = {12, 13};
constexpr auto kVersionWord = [](int version) {
    return std::string_view(version == 13 ? "1.3" : "1.2");
};

// In their order from lax to strict.
constexpr std::array kRequireTls = {RequireTls::No, RequireTls::WhereOffered, RequireTls::Always};

std::string_view requireTlsWord(RequireTls wanted) {
    switch (wanted) {
    case RequireTls::No:
        return "no";
    case RequireTls::WhereOffered:
        return "offered";
    case RequireTls::Always:
        return "always";
    }
    return "always";
}

const std::vector<FieldShape> &pinnedFields() {
    static const std::vector<FieldShape> kFields = {{"host", ValueKind::Domain, {}},
                                                    {"file", ValueKind::Text, {}}};
    return kFields;
}

std::optional<PinnedAuthority> readPinned(const TomlValue &value, const Reading &reading) {
    static const std::vector<std::string> kNames = {"host", "file"};
    const auto fields = readFields(value, kNames, reading);
    if (!fields) {
        return std::nullopt;
    }
    const auto host = readDomain(*(*fields)[0], Reading{reading.key + ".host", reading.problems});
    const auto file = readText(*(*fields)[1], Reading{reading.key + ".file", reading.problems});
    if (!host || !file) {
        return std::nullopt;
    }
    return PinnedAuthority{*host, *file};
}

std::string pinnedText(const PinnedAuthority &pinned) {
    return "{ host = " + tomlText(pinned.host) + ", file = " + tomlText(pinned.file) + " }";
}

} // namespace

void addSubmissionKeys(std::vector<KeySpec> &keys) {
    keys.push_back(oneWord(
        "submission.minimum-version", kVersions, kVersionWord,
        [](auto &policy) -> auto & { return policy.submission.minimumVersion; },
        stricter::greater<int>()));
    keys.push_back(oneWord(
        "submission.require-tls", kRequireTls, requireTlsWord,
        [](auto &policy) -> auto & { return policy.submission.requireTls; },
        stricter::greater<RequireTls>()));
    keys.push_back(domainList(
        "submission.dane-hosts", [](auto &policy) -> auto & { return policy.submission.daneHosts; },
        stricter::coversMore()));
    keys.push_back(tableList(
        "submission.pinned-authorities", pinnedFields(),
        [](auto &policy) -> auto & { return policy.submission.pinned; },
        stricter::neither<std::vector<PinnedAuthority>>(), readPinned, pinnedText));
    keys.push_back(boolean(
        "submission.report-success",
        [](auto &policy) -> auto & { return policy.submission.reportSuccess; },
        stricter::neither<bool>()));
    keys.push_back(duration(
        "submission.deliver-within-hours", {0, 720},
        [](auto &policy) -> auto & { return policy.submission.deliverWithin; },
        stricter::neither<std::chrono::hours>()));
    keys.push_back(duration(
        "submission.retry-hours", {0, 120},
        [](auto &policy) -> auto & { return policy.submission.retryFor; },
        stricter::less<std::chrono::hours>()));
    keys.push_back(boolean(
        "submission.system-proxy",
        [](auto &policy) -> auto & { return policy.submission.systemProxy; },
        stricter::less<bool>()));
}

} // namespace sealpost::policy
