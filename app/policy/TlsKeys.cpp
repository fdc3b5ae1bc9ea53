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

std::vector<std::string> namesOf(const std::vector<FieldShape> &fields) {
    std::vector<std::string> names;
    std::transform(fields.begin(), fields.end(), std::back_inserter(names),
                   [](const FieldShape &field) { return field.name; });
    return names;
}

const std::vector<FieldShape> &exceptionFields() {
    static const std::vector<FieldShape> kFields = {{"domain", ValueKind::Domain, {}},
                                                    {"reason", ValueKind::Text, {}},
                                                    {"authorised-by", ValueKind::Text, {}},
                                                    {"reference", ValueKind::Text, {}},
                                                    {"expires", ValueKind::Moment, {}}};
    return kFields;
}

const std::vector<FieldShape> &registerFields() {
    static const std::vector<FieldShape> kFields = {{"domain", ValueKind::Domain, {}},
                                                    {"reference", ValueKind::Text, {}}};
    return kFields;
}

std::optional<TlsException> readException(const TomlValue &value, const Reading &reading) {
    static const auto kFields = namesOf(exceptionFields());
    const auto fields = readFields(value, kFields, reading);
    if (!fields) {
        return std::nullopt;
    }
    const auto at = [&](std::size_t field) {
        return Reading{reading.key + "." + kFields[field], reading.problems};
    };
    const auto domain = readDomain(*(*fields)[0], at(0));
    const auto reason = readText(*(*fields)[1], at(1));
    const auto authorisedBy = readText(*(*fields)[2], at(2));
    const auto reference = readText(*(*fields)[3], at(3));
    const auto expires = readMoment(*(*fields)[4], at(4));
    if (!domain || !reason || !authorisedBy || !reference || !expires) {
        return std::nullopt;
    }
    return TlsException{*domain, *reason, *authorisedBy, *reference, *expires};
}

std::optional<RegisterEntry> readRegisterEntry(const TomlValue &value, const Reading &reading) {
    static const auto kFields = namesOf(registerFields());
    const auto fields = readFields(value, kFields, reading);
    if (!fields) {
        return std::nullopt;
    }
    const auto domain =
        readDomain(*(*fields)[0], Reading{reading.key + ".domain", reading.problems});
    const auto reference =
        readText(*(*fields)[1], Reading{reading.key + ".reference", reading.problems});
    if (!domain || !reference) {
        return std::nullopt;
    }
    return RegisterEntry{*domain, *reference};
}

std::string exceptionText(const TlsException &entry) {
    return "{ domain = " + tomlText(entry.domain) + ", reason = " + tomlText(entry.reason) +
           ", authorised-by = " + tomlText(entry.authorisedBy) +
           ", reference = " + tomlText(entry.reference) +
           ", expires = " + base::toIso8601(entry.expires) + " }";
}

std::string registerText(const RegisterEntry &entry) {
    return "{ domain = " + tomlText(entry.domain) + ", reference = " + tomlText(entry.reference) +
           " }";
}

} // namespace

void addTlsKeys(std::vector<KeySpec> &keys) {
    keys.push_back(oneWord(
        "tls.minimum-version", kVersions, kVersionWord,
        [](auto &policy) -> auto & { return policy.tlsMinimum.version; },
        stricter::greater<int>()));
    keys.push_back(plainNumber(
        "tls.minimum-rsa-bits", {2048, 16384},
        [](auto &policy) -> auto & { return policy.tlsMinimum.rsaBits; },
        stricter::greater<int>()));
    keys.push_back(plainNumber(
        "tls.minimum-ec-bits", {256, 521},
        [](auto &policy) -> auto & { return policy.tlsMinimum.ecBits; }, stricter::greater<int>()));
    keys.push_back(domainList(
        "tls.required-under", [](auto &policy) -> auto & { return policy.tlsRequiredUnder; },
        stricter::coversMore()));
    keys.push_back(tableList(
        "tls.exceptions", exceptionFields(),
        [](auto &policy) -> auto & { return policy.exceptions; }, stricter::fewerExceptions(),
        readException, exceptionText));
    keys.push_back(tableList(
        "tls.register", registerFields(), [](auto &policy) -> auto & { return policy.tlsRegister; },
        stricter::fewerRegistered(), readRegisterEntry, registerText));
}

} // namespace sealpost::policy
