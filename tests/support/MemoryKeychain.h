// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crypto/Keychain.h"

#include <map>
#include <mutex>
#include <string>

namespace sealpost::test {

//! How every call of a MemoryKeychain ends.
enum class KeychainMood {
    Works,
    Missing,  //!< AskAdmin "keychain.missing"
    Locked,   //!< FixInput "keychain.locked"
    HidesAll, //!< locked, but reads answer "no such entry", as some keyrings do
    Denied,   //!< FixInput "keychain.denied"
    Failed,   //!< Retry "keychain.failed"
};

//! A keychain that forgets all at its end. Any thread.
class MemoryKeychain final : public crypto::Keychain {
public:
    void set(KeychainMood mood) {
        const std::lock_guard guard(m_mutex);
        m_mood = mood;
    }
    [[nodiscard]] std::size_t size() const {
        const std::lock_guard guard(m_mutex);
        return m_entries.size();
    }

    [[nodiscard]] Result<std::optional<SecretBytes>> read(std::string_view key) override {
        const std::lock_guard guard(m_mutex);
        if (m_mood == KeychainMood::HidesAll) {
            return std::nullopt;
        }
        if (auto error = errorOf("keychain.read")) {
            return fail(*std::move(error));
        }
        const auto entry = m_entries.find(std::string(key));
        return entry == m_entries.end() ? std::optional<SecretBytes>() : entry->second.clone();
    }
    [[nodiscard]] Result<void> write(std::string_view key, const SecretBytes &secret) override {
        const std::lock_guard guard(m_mutex);
        if (auto error = errorOf("keychain.write")) {
            return fail(*std::move(error));
        }
        m_entries.insert_or_assign(std::string(key), secret.clone());
        return {};
    }
    [[nodiscard]] Result<void> remove(std::string_view key) override {
        const std::lock_guard guard(m_mutex);
        if (auto error = errorOf("keychain.remove")) {
            return fail(*std::move(error));
        }
        m_entries.erase(std::string(key));
        return {};
    }

private:
    [[nodiscard]] std::optional<Error> errorOf(const char *stage) const {
        switch (m_mood) {
        case KeychainMood::Works:
            return std::nullopt;
        case KeychainMood::Missing:
            return Error{"keychain.missing", stage, Reaction::AskAdmin, {}, {}};
        case KeychainMood::HidesAll:
        case KeychainMood::Locked:
            return Error{"keychain.locked", stage, Reaction::FixInput, {}, {}};
        case KeychainMood::Denied:
            return Error{"keychain.denied", stage, Reaction::FixInput, {}, {}};
        case KeychainMood::Failed:
            return Error{"keychain.failed", stage, Reaction::Retry, {}, {}};
        }
        return std::nullopt;
    }

    mutable std::mutex m_mutex;
    std::map<std::string, SecretBytes> m_entries;
    KeychainMood m_mood = KeychainMood::Works;
};

} // namespace sealpost::test
