// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/KeySpecs.h"
#include "policy/PolicyKeys.h"

#include <array>

namespace sealpost::policy {

namespace {

//! A value and its word in the file.
template <class Value> struct Named {
    const char *word;
    Value value;
};

//! One of some words, each for a value.
template <class Value, std::size_t kCount, class Get>
KeySpec choice(std::string key, const std::array<Named<Value>, kCount> &choices, Get get,
               Strictness<Value> order) {
    std::vector<std::string> words;
    words.reserve(kCount);
    for (const auto &one : choices) {
        words.emplace_back(one.word);
    }
    auto spec = baseSpec(std::move(key), {ValueKind::Word, {}, words, {}}, get, std::move(order));
    spec.read = [=](const TomlValue &value, Policy &policy, const Reading &reading) {
        if (const auto read = readWord(value, words, reading)) {
            const auto at = std::find(words.begin(), words.end(), *read) - words.begin();
            get(policy) = choices.at(static_cast<std::size_t>(at)).value;
        }
    };
    spec.text = [=](const Policy &policy) {
        const auto at = std::find_if(choices.begin(), choices.end(),
                                     [&](const auto &one) { return one.value == get(policy); });
        return tomlText(at == choices.end() ? "" : at->word);
    };
    return spec;
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

//! How much of the header each hides.
constexpr int hidden(HeaderHiding hiding) {
    switch (hiding) {
    case HeaderHiding::None:
        return 0;
    case HeaderHiding::Baseline:
        return 1;
    case HeaderHiding::Shy:
        return 2;
    }
    return 0;
}

Strictness<HeaderHiding> hidesMore() {
    return {[](const HeaderHiding &a, const HeaderHiding &b) { return hidden(a) >= hidden(b); },
            [](const HeaderHiding &held, const HeaderHiding &below) {
                return hidden(below) > hidden(held) ? below : held;
            }};
}

void addLabelKeys(std::vector<KeySpec> &keys) {
    keys.push_back(textValue(
        "smime.label-policy", ValueKind::ObjectIdentifier,
        [](auto &policy) -> auto & { return policy.smime.label.policyId; },
        stricter::neither<std::string>(), readObjectIdentifier));
    keys.push_back(plainNumber(
        "smime.label-official", {0, 255},
        [](auto &policy) -> auto & { return policy.smime.label.official; },
        stricter::neither<int>()));
    keys.push_back(plainNumber(
        "smime.label-official-sensitive", {0, 255},
        [](auto &policy) -> auto & { return policy.smime.label.officialSensitive; },
        stricter::neither<int>()));
}

} // namespace

//! What a reader can open matters as much as strength: of most choices neither is stricter.
void addSmimeKeys(std::vector<KeySpec> &keys) {
    keys.push_back(choice(
        "smime.cipher", kCiphers, [](auto &policy) -> auto & { return policy.smime.cipher; },
        stricter::neither<CipherChoice>()));
    keys.push_back(choice(
        "smime.digest", kDigests, [](auto &policy) -> auto & { return policy.smime.digest; },
        stricter::greater<SmimeDigest>()));
    keys.push_back(choice(
        "smime.rsa-signature", kRsaSignatures,
        [](auto &policy) -> auto & { return policy.smime.rsaSignature; },
        stricter::neither<RsaSignature>()));
    keys.push_back(choice(
        "smime.rsa-transport", kRsaTransports,
        [](auto &policy) -> auto & { return policy.smime.rsaTransport; },
        stricter::neither<TransportChoice>()));
    keys.push_back(choice(
        "smime.signed-form", kSignedForms,
        [](auto &policy) -> auto & { return policy.smime.signedForm; },
        stricter::neither<SignedForm>()));
    keys.push_back(choice(
        "smime.hide-headers", kHidings,
        [](auto &policy) -> auto & { return policy.smime.hideHeaders; }, hidesMore()));
    keys.push_back(boolean(
        "smime.legacy-display", [](auto &policy) -> auto & { return policy.smime.legacyDisplay; },
        stricter::neither<bool>()));
    addLabelKeys(keys);
}

} // namespace sealpost::policy
