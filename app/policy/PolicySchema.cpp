// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/PolicySchema.h"

#include "base/Text.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace sealpost::policy {

namespace {

constexpr std::array kRows = {MessageClass::Official, MessageClass::OfficialDomainUnknown,
                              MessageClass::Sensitive, MessageClass::Secrets};

// Weak, None, Violated and Undeliverable are left out: nothing ever goes to them by TLS.
constexpr std::array kSufficient = {Assurance::Enforced, Assurance::Published, Assurance::Verified,
                                    Assurance::Registered, Assurance::Unknown};
constexpr std::array kRoutes = {RouteKind::Smime, RouteKind::Tls, RouteKind::Cjsm, RouteKind::Ome};

constexpr std::array kRevocationWords = {RevocationUnknown::Block, RevocationUnknown::Justify,
                                         RevocationUnknown::Allow};

constexpr std::array kConcernWords = {OnConcern::Block, OnConcern::Justify, OnConcern::Confirm,
                                      OnConcern::Allow};
constexpr std::array kClassifications = {Classification::Official,
                                         Classification::OfficialSensitive};

std::string word(RouteKind kind) {
    return std::string(base::toString(kind));
}

std::string word(Assurance assurance) {
    return std::string(base::toString(assurance));
}

std::string word(RevocationUnknown choice) {
    switch (choice) {
    case RevocationUnknown::Block:
        return "block";
    case RevocationUnknown::Justify:
        return "justify";
    case RevocationUnknown::Allow:
        return "allow";
    }
    return "block";
}

std::string word(OnConcern choice) {
    switch (choice) {
    case OnConcern::Block:
        return "block";
    case OnConcern::Justify:
        return "justify";
    case OnConcern::Confirm:
        return "confirm";
    case OnConcern::Allow:
        return "allow";
    }
    return "block";
}

std::string word(Classification classification) {
    return std::string(base::toString(classification));
}

template <class Values> std::vector<std::string> wordsOf(const Values &values) {
    std::vector<std::string> words;
    std::transform(values.begin(), values.end(), std::back_inserter(words),
                   [](auto value) { return word(value); });
    return words;
}

//! One of `values` by its word, which readWord() has checked.
template <class Values> auto valueOf(const Values &values, const std::string &text) {
    return *std::find_if(values.begin(), values.end(),
                         [&](auto value) { return word(value) == text; });
}

std::string listText(const std::vector<std::string> &items) {
    std::vector<std::string> quoted;
    std::transform(items.begin(), items.end(), std::back_inserter(quoted), tomlText);
    return "[" + base::join(quoted, ", ") + "]";
}

DecisionRow &rowOf(Policy &policy, MessageClass row) {
    return policy.decision[row];
}

const DecisionRow &rowOf(const Policy &policy, MessageClass row) {
    static const DecisionRow kNone;
    const auto found = policy.decision.find(row);
    return found == policy.decision.end() ? kNone : found->second;
}

//! A list of words into a vector or set; `get` gives the place in a policy.
template <class Values, class Get>
KeySpec wordList(std::string key, const Values &values, Get get) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (const auto read = readWords(value, wordsOf(values), reading)) {
                    auto &target = get(policy);
                    target.clear();
                    for (const auto &text : *read) {
                        target.insert(target.end(), valueOf(values, text));
                    }
                }
            },
            [=](const Policy &policy) { return listText(wordsOf(get(policy))); },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

template <class Get> KeySpec domainList(std::string key, Get get) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (auto read = readDomains(value, reading)) {
                    get(policy) = std::move(*read);
                }
            },
            [=](const Policy &policy) {
                const auto &domains = get(policy);
                return listText({domains.begin(), domains.end()});
            },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

template <class Get> KeySpec boolean(std::string key, Get get) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (const auto read = readBoolean(value, reading)) {
                    get(policy) = *read;
                }
            },
            [=](const Policy &policy) { return std::string(get(policy) ? "true" : "false"); },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

//! A number in the file; `toNumber` and `fromNumber` change the policy's type into it and back.
template <class Get, class ToNumber, class FromNumber>
KeySpec number(std::string key, IntegerRange range, Get get, ToNumber toNumber,
               FromNumber fromNumber) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (const auto read = readInteger(value, range, reading)) {
                    get(policy) = fromNumber(*read);
                }
            },
            [=](const Policy &policy) {
                return std::to_string(static_cast<std::int64_t>(toNumber(get(policy))));
            },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

template <class Get> KeySpec plainNumber(std::string key, IntegerRange range, Get get) {
    return number(
        std::move(key), range, get, [](int value) { return value; },
        [](std::int64_t read) { return static_cast<int>(read); });
}

template <class Duration, class Get>
KeySpec duration(std::string key, IntegerRange range, Get get) {
    return number(
        std::move(key), range, get, [](Duration value) { return value.count(); },
        [](std::int64_t read) { return Duration(read); });
}

KeySpec tlsVersion() {
    static const std::vector<std::string> kVersions = {"1.2", "1.3"};
    return {
        "tls.minimum-version",
        [](const TomlValue &value, Policy &policy, const Reading &reading) {
            if (const auto read = readWord(value, kVersions, reading)) {
                policy.tlsMinimum.version = *read == "1.3" ? 13 : 12;
            }
        },
        [](const Policy &policy) {
            return tomlText(policy.tlsMinimum.version == 13 ? "1.3" : "1.2");
        },
        [](const Policy &from, Policy &to) { to.tlsMinimum.version = from.tlsMinimum.version; }};
}

KeySpec revocationUnknown() {
    return {"certificates.revocation-unknown",
            [](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (const auto read = readWord(value, wordsOf(kRevocationWords), reading)) {
                    policy.revocationUnknown = valueOf(kRevocationWords, *read);
                }
            },
            [](const Policy &policy) { return tomlText(word(policy.revocationUnknown)); },
            [](const Policy &from, Policy &to) { to.revocationUnknown = from.revocationUnknown; }};
}

template <class Get> KeySpec onConcern(std::string key, Get get) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (const auto read = readWord(value, wordsOf(kConcernWords), reading)) {
                    get(policy) = valueOf(kConcernWords, *read);
                }
            },
            [=](const Policy &policy) { return tomlText(word(get(policy))); },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

//! A text, or none, by `readValue`.
template <class Get, class ReadValue>
KeySpec optionalText(std::string key, Get get, ReadValue readValue) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                const bool none = value.kind == TomlValue::Kind::String && value.text.empty();
                if (auto read = none ? std::optional(std::string()) : readValue(value, reading)) {
                    get(policy) = std::move(*read);
                }
            },
            [=](const Policy &policy) { return tomlText(get(policy)); },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

//! The entries of an array of tables, each by `readEntry`; none where one has problems.
template <class Entry, class ReadEntry>
std::optional<std::vector<Entry>> readEntries(const TomlValue &value, const Reading &reading,
                                              ReadEntry readEntry) {
    if (value.kind != TomlValue::Kind::Array) {
        reading.problem(value.position, "policy.wrong-type",
                        "a list of tables, [[" + reading.key + "]]");
        return std::nullopt;
    }
    std::vector<Entry> entries;
    bool whole = true;
    for (const auto &item : value.items) {
        std::optional<Entry> entry = readEntry(item, reading);
        whole = whole && entry;
        if (entry) {
            entries.push_back(std::move(*entry));
        }
    }
    return whole ? std::optional(std::move(entries)) : std::nullopt;
}

std::optional<TlsException> readException(const TomlValue &value, const Reading &reading) {
    static const std::vector<std::string> kFields = {"domain", "reason", "authorised-by",
                                                     "reference", "expires"};
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
    static const std::vector<std::string> kFields = {"domain", "reference"};
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

std::string textOf(const TlsException &entry) {
    return "{ domain = " + tomlText(entry.domain) + ", reason = " + tomlText(entry.reason) +
           ", authorised-by = " + tomlText(entry.authorisedBy) +
           ", reference = " + tomlText(entry.reference) +
           ", expires = " + base::toIso8601(entry.expires) + " }";
}

std::string textOf(const RegisterEntry &entry) {
    return "{ domain = " + tomlText(entry.domain) + ", reference = " + tomlText(entry.reference) +
           " }";
}

template <class Entry, class Get, class ReadEntry>
KeySpec tableList(std::string key, Get get, ReadEntry readEntry) {
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (auto read = readEntries<Entry>(value, reading, readEntry)) {
                    get(policy) = std::move(*read);
                }
            },
            [=](const Policy &policy) {
                std::vector<std::string> texts;
                for (const auto &entry : get(policy)) {
                    texts.push_back(textOf(entry));
                }
                return "[" + base::join(texts, ", ") + "]";
            },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

void addRows(std::vector<KeySpec> &keys) {
    for (const auto row : kRows) {
        const auto table = "decision." + std::string(toString(row));
        keys.push_back(wordList(
            table + ".routes",
            kRoutes, [row](auto &policy) -> auto & { return rowOf(policy, row).routes; }));
        keys.push_back(wordList(
            table + ".tls-suffices",
            kSufficient, [row](auto &policy) -> auto & { return rowOf(policy, row).tlsSuffices; }));
        keys.push_back(wordList(
            table + ".justify",
            kRoutes, [row](auto &policy) -> auto & { return rowOf(policy, row).justify; }));
    }
}

void addTls(std::vector<KeySpec> &keys) {
    keys.push_back(tlsVersion());
    keys.push_back(plainNumber(
        "tls.minimum-rsa-bits", {2048, 16384},
        [](auto &policy) -> auto & { return policy.tlsMinimum.rsaBits; }));
    keys.push_back(plainNumber(
        "tls.minimum-ec-bits", {256, 521},
        [](auto &policy) -> auto & { return policy.tlsMinimum.ecBits; }));
    keys.push_back(domainList(
        "tls.required-under", [](auto &policy) -> auto & { return policy.tlsRequiredUnder; }));
    keys.push_back(tableList<TlsException>(
        "tls.exceptions", [](auto &policy) -> auto & { return policy.exceptions; }, readException));
    keys.push_back(tableList<RegisterEntry>(
        "tls.register", [](auto &policy) -> auto & { return policy.tlsRegister; },
        readRegisterEntry));
}

KeySpec scanRules() {
    return {"scan.rules",
            [](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (auto read = readTexts(value, reading)) {
                    policy.scan.rules = std::move(*read);
                }
            },
            [](const Policy &policy) { return listText(policy.scan.rules); },
            [](const Policy &from, Policy &to) { to.scan.rules = from.scan.rules; }};
}

void addScan(std::vector<KeySpec> &keys) {
    const auto toMebibytes = [](ByteCount size) { return size / base::kMiB; };
    const auto fromMebibytes = [](std::int64_t read) {
        return static_cast<ByteCount>(read) * base::kMiB;
    };
    keys.push_back(scanRules());
    keys.push_back(plainNumber(
        "scan.max-depth", {1, 32}, [](auto &policy) -> auto & { return policy.scan.maxDepth; }));
    keys.push_back(plainNumber(
        "scan.max-items", {1, 10'000'000},
        [](auto &policy) -> auto & { return policy.scan.maxItems; }));
    keys.push_back(number(
        "scan.max-total-mib", {1, 100'000},
        [](auto &policy) -> auto & { return policy.scan.maxTotal; }, toMebibytes, fromMebibytes));
    keys.push_back(number(
        "scan.max-item-mib", {1, 2'000}, [](auto &policy) -> auto & { return policy.scan.maxItem; },
        toMebibytes, fromMebibytes));
    keys.push_back(plainNumber(
        "scan.max-ratio", {10, 100'000},
        [](auto &policy) -> auto & { return policy.scan.maxRatio; }));
}

//! A value and its word in the file.
template <class Value> struct Named {
    const char *word;
    Value value;
};

//! One of some words, each for a value.
template <class Value, std::size_t kCount, class Get>
KeySpec choice(std::string key, const std::array<Named<Value>, kCount> &choices, Get get) {
    std::vector<std::string> words;
    for (const auto &one : choices) {
        words.emplace_back(one.word);
    }
    return {std::move(key),
            [=](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (const auto read = readWord(value, words, reading)) {
                    const auto at = std::find(words.begin(), words.end(), *read) - words.begin();
                    get(policy) = choices.at(static_cast<std::size_t>(at)).value;
                }
            },
            [=](const Policy &policy) {
                const auto at = std::find_if(choices.begin(), choices.end(), [&](const auto &one) {
                    return one.value == get(policy);
                });
                return tomlText(at == choices.end() ? "" : at->word);
            },
            [=](const Policy &from, Policy &to) { get(to) = get(from); }};
}

using CipherChoice = std::optional<ContentCipher>;
using TransportChoice = std::optional<RsaTransport>;
constexpr std::array kCiphers = {Named<CipherChoice>{"auto", std::nullopt},
                                 Named<CipherChoice>{"aes-128-cbc", ContentCipher::Aes128Cbc},
                                 Named<CipherChoice>{"aes-256-cbc", ContentCipher::Aes256Cbc},
                                 Named<CipherChoice>{"aes-256-gcm", ContentCipher::Aes256Gcm}};
constexpr std::array kDigests = {Named<SmimeDigest>{"sha-256", SmimeDigest::Sha256},
                                 Named<SmimeDigest>{"sha-384", SmimeDigest::Sha384},
                                 Named<SmimeDigest>{"sha-512", SmimeDigest::Sha512}};
constexpr std::array kRsaSignatures = {Named<RsaSignature>{"pkcs1", RsaSignature::Pkcs1},
                                       Named<RsaSignature>{"pss", RsaSignature::Pss}};
constexpr std::array kRsaTransports = {Named<TransportChoice>{"auto", std::nullopt},
                                       Named<TransportChoice>{"pkcs1", RsaTransport::Pkcs1},
                                       Named<TransportChoice>{"oaep", RsaTransport::Oaep}};
constexpr std::array kSignedForms = {Named<SignedForm>{"detached", SignedForm::Detached},
                                     Named<SignedForm>{"opaque", SignedForm::Opaque}};
constexpr std::array kHidings = {Named<HeaderHiding>{"baseline", HeaderHiding::Baseline},
                                 Named<HeaderHiding>{"shy", HeaderHiding::Shy},
                                 Named<HeaderHiding>{"none", HeaderHiding::None}};

KeySpec labelPolicy() {
    return {"smime.label-policy",
            [](const TomlValue &value, Policy &policy, const Reading &reading) {
                if (auto read = readObjectIdentifier(value, reading)) {
                    policy.smime.label.policyId = std::move(*read);
                }
            },
            [](const Policy &policy) { return tomlText(policy.smime.label.policyId); },
            [](const Policy &from, Policy &to) {
                to.smime.label.policyId = from.smime.label.policyId;
            }};
}

void addSmime(std::vector<KeySpec> &keys) {
    keys.push_back(choice(
        "smime.cipher", kCiphers, [](auto &policy) -> auto & { return policy.smime.cipher; }));
    keys.push_back(choice(
        "smime.digest", kDigests, [](auto &policy) -> auto & { return policy.smime.digest; }));
    keys.push_back(choice(
        "smime.rsa-signature", kRsaSignatures,
        [](auto &policy) -> auto & { return policy.smime.rsaSignature; }));
    keys.push_back(choice(
        "smime.rsa-transport", kRsaTransports,
        [](auto &policy) -> auto & { return policy.smime.rsaTransport; }));
    keys.push_back(choice(
        "smime.signed-form", kSignedForms,
        [](auto &policy) -> auto & { return policy.smime.signedForm; }));
    keys.push_back(choice(
        "smime.hide-headers", kHidings,
        [](auto &policy) -> auto & { return policy.smime.hideHeaders; }));
    keys.push_back(boolean(
        "smime.legacy-display", [](auto &policy) -> auto & { return policy.smime.legacyDisplay; }));
    keys.push_back(labelPolicy());
    keys.push_back(plainNumber(
        "smime.label-official", {0, 255},
        [](auto &policy) -> auto & { return policy.smime.label.official; }));
    keys.push_back(plainNumber(
        "smime.label-official-sensitive", {0, 255},
        [](auto &policy) -> auto & { return policy.smime.label.officialSensitive; }));
}

//! What gives pause, forwarding, and Office 365 Message Encryption.
void addConduct(std::vector<KeySpec> &keys) {
    keys.push_back(onConcern(
        "content.key-with-lock", [](auto &policy) -> auto & { return policy.keyWithLock; }));
    keys.push_back(onConcern(
        "content.below-minimum", [](auto &policy) -> auto & { return policy.belowMinimum; }));
    keys.push_back(onConcern(
        "recipients.look-alike", [](auto &policy) -> auto & { return policy.lookAlike; }));
    keys.push_back(onConcern(
        "recipients.first-time", [](auto &policy) -> auto & { return policy.firstTime; }));
    keys.push_back(wordList(
        "forwarding.classifications", kClassifications,
        [](auto &policy) -> auto & { return policy.forwardable; }));
    keys.push_back(domainList(
        "ome.tenants", [](auto &policy) -> auto & { return policy.ome.tenants; }));
    keys.push_back(domainList(
        "ome.submission-hosts", [](auto &policy) -> auto & { return policy.ome.submissionHosts; }));
    keys.push_back(optionalText(
        "ome.trigger-header", [](auto &policy) -> auto & { return policy.ome.triggerHeader; },
        readHeaderField));
    keys.push_back(optionalText(
        "ome.trigger-subject", [](auto &policy) -> auto & { return policy.ome.triggerSubject; },
        readText));
}

void addRest(std::vector<KeySpec> &keys) {
    keys.push_back(revocationUnknown());
    keys.push_back(duration<std::chrono::days>(
        "certificates.expiry-warning-days", {0, 3650},
        [](auto &policy) -> auto & { return policy.expiryWarning; }));
    keys.push_back(domainList(
        "domains.internal", [](auto &policy) -> auto & { return policy.internalDomains; }));
    keys.push_back(domainList(
        "domains.partner", [](auto &policy) -> auto & { return policy.partnerDomains; }));
    keys.push_back(boolean(
        "cjsm.managed-computer", [](auto &policy) -> auto & { return policy.managedComputer; }));
    keys.push_back(domainList(
        "cjsm.multi-client-relays",
        [](auto &policy) -> auto & { return policy.multiClientRelays; }));
    keys.push_back(boolean(
        "probe.port-25", [](auto &policy) -> auto & { return policy.probePort25; }));
    keys.push_back(duration<std::chrono::hours>(
        "probe.report-lifetime-hours", {0, 168},
        [](auto &policy) -> auto & { return policy.reportLifetime; }));
    keys.push_back(number(
        "message.max-size-mib", {1, 2000},
        [](auto &policy) -> auto & { return policy.maxMessageSize; },
        [](ByteCount size) { return size / base::kMiB; },
        [](std::int64_t read) { return static_cast<ByteCount>(read) * base::kMiB; }));
    keys.push_back(duration<std::chrono::minutes>(
        "message.plan-lifetime-minutes", {1, 1440},
        [](auto &policy) -> auto & { return policy.planLifetime; }));
    addScan(keys);
    addSmime(keys);
    addConduct(keys);
    keys.push_back(boolean(
        "testing.allow-overrides",
        [](auto &policy) -> auto & { return policy.allowTestOverrides; }));
}

} // namespace

const std::vector<KeySpec> &schema() {
    static const auto kKeys = [] {
        std::vector<KeySpec> keys;
        addRows(keys);
        addTls(keys);
        addRest(keys);
        return keys;
    }();
    return kKeys;
}

const KeySpec *findKey(std::string_view key) {
    const auto &keys = schema();
    const auto found = std::find_if(keys.begin(), keys.end(),
                                    [&](const KeySpec &spec) { return spec.key == key; });
    return found == keys.end() ? nullptr : &*found;
}

bool isTable(std::string_view name) {
    const auto prefix = std::string(name) + ".";
    const auto &keys = schema();
    return std::any_of(keys.begin(), keys.end(),
                       [&](const KeySpec &spec) { return spec.key.starts_with(prefix); });
}

const std::vector<std::string> &allNames() {
    static const auto kNames = [] {
        std::set<std::string> names{"lock"};
        for (const auto &spec : schema()) {
            names.insert(spec.key);
            for (auto dot = spec.key.find('.'); dot != std::string::npos;
                 dot = spec.key.find('.', dot + 1)) {
                names.insert(spec.key.substr(0, dot));
            }
        }
        return std::vector<std::string>(names.begin(), names.end());
    }();
    return kNames;
}

} // namespace sealpost::policy
